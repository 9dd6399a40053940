"""How often stated errors of what lasts hold what was planted, in made counties.

QUESTION: of 90% intervals of levels, of trends and of missing figures, how many hold the truth, and how wide are they?
DESIGN: made counties of 60 and of 300 villages with figures of 3, 4, 5 and 8 years, a fifth of them missing; spread of levels
.6, of trends .03, deviations of .15 that persist by .5, effects of years of .05. Standard deviations of deviations differ
between villages by a lognormal of spread 0, .3 or .6. 60 counties a cell; what is held differs between
counties, so its error is by counties.
The library assumes that deviations persist by .5, so a second table plants 0 and .5 under that assumption: 117 villages, trends
of .02 as on the page, noise of all the same, 25 counties.
OUTPUT: both tables of docs/own_figures.md. Run with `python benchmarks/lasting.py`; some minutes. `python benchmarks/lasting.py
persistence` makes the second alone, within two.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from villagesim.statistics.lasting import LEAST_FOR_TREND, lasting

PAGE = Path(__file__).parents[1] / "docs" / "own_figures.md"
YEARS, VILLAGES, APART, COUNTIES = (3, 4, 5, 8), (60, 300), (0.0, 0.3, 0.6), 60
LEVELS, TRENDS, NOISE, PERSISTENCE, OF_YEARS, MISSING = 0.6, 0.03, 0.15, 0.5, 0.05, 0.2
PLANTED, OF_PAGE, FEW = (0.0, 0.5), {"n": 117, "trends": 0.02}, 25
SURE = 1.6449
"""Standard deviations on each side that hold 90%."""


def made(
    luck: np.random.Generator, n: int, n_years: int, apart: float, *, persistence: float, trends: float
) -> tuple[np.ndarray, ...]:
    """Log incomes with gaps, without, levels of the last year, trends."""
    times = np.arange(n_years) - (n_years - 1) / 2
    level, trend = LEVELS * luck.standard_normal(n), trends * luck.standard_normal(n)
    noise = NOISE * np.exp(apart * luck.standard_normal(n))
    deviation = noise[:, None] * luck.standard_normal((n, n_years))
    for k in range(1, n_years):
        deviation[:, k] = persistence * deviation[:, k - 1] + np.sqrt(1 - persistence**2) * deviation[:, k]
    effects = 12 + 0.05 * times + OF_YEARS * luck.standard_normal(n_years)
    lasts = effects + level[:, None] + trend[:, None] * times
    z = np.where(luck.random((n, n_years)) < MISSING, np.nan, lasts + deviation)
    return z, lasts + deviation, lasts[:, -1], trend


def held(
    n: int,
    n_years: int,
    apart: float,
    counties: int = COUNTIES,
    *,
    persistence: float = PERSISTENCE,
    trends: float = TRENDS,
) -> np.ndarray:
    """Share held of levels, trends and missing figures, and the mean error that is stated of each, by county: ``(.., 6)``."""
    luck, rows = np.random.default_rng([n_years, n, round(10 * apart)]), []
    for _ in range(counties):
        z, whole, level, trend = made(luck, n, n_years, apart, persistence=persistence, trends=trends)
        found, gaps = lasting(z, PERSISTENCE), np.isnan(z)
        off = found.level - level, found.trend - trend, (found.cells - whole)[gaps]
        errors = found.level_error, found.trend_error, found.cells_error[gaps]
        holds = [(abs(one) < SURE * error).mean() for one, error in zip(off, errors, strict=True)]
        rows.append([*holds, *(error.mean() for error in errors)])
    return np.array(rows)


def table() -> Iterator[str]:
    """Rows of the page, one a number of years and of villages."""
    columns = [f"{name}, {apart:g}" for name in ("level", "trend", "missing") for apart in APART]
    yield "| years | villages | " + " | ".join(columns) + " | error of a level | of a trend |"
    yield "| --- " * (len(columns) + 4) + "|"
    most = 0.0
    for n_years in YEARS:
        for n in VILLAGES:
            cells = np.array([held(n, n_years, apart) for apart in APART])
            share, error = cells.mean(axis=1)[:, :3].T, cells.mean(axis=1)[:, 3:5]
            most = max(most, float(cells[:, :, :3].std(axis=1).max() / np.sqrt(cells.shape[1])))
            has = [True, n_years >= LEAST_FOR_TREND, True]
            shown = [f"{x:.3f}" if has[k] else "-" for k, row in enumerate(share) for x in row]
            widths = [" to ".join(f"{x:.3f}" for x in error[[0, -1], k]) if has[k] else "-" for k in (0, 1)]
            row = "| " + " | ".join([str(n_years), str(n), *shown, *widths]) + " |"
            print(row, flush=True)
            yield row.replace(" 0.", " .")
    yield ""
    yield f"What holds has a standard error of at most {most:.3f}."


def by_persistence() -> Iterator[str]:
    """Rows of the page, one a persistence that is planted and a number of years; .5 is assumed in all."""
    yield "| persistence | years | level | trend | missing | trend, worst county |"
    yield "| --- " * 6 + "|"
    most = 0.0
    for persistence in PLANTED:
        for n_years in YEARS[2:]:
            own = held(n_years=n_years, apart=0.0, counties=FEW, persistence=persistence, **OF_PAGE)[:, :3]
            most = max(most, float(own.std(axis=0).max() / np.sqrt(FEW)))
            shown = [f"{x:.3f}" for x in (*own.mean(axis=0), own[:, 1].min())]
            row = "| " + " | ".join([f"{persistence:g}", str(n_years), *shown]) + " |"
            print(row, flush=True)
            yield row.replace(" 0.", " .")
    yield ""
    yield f"What holds has a standard error of at most {most:.3f}."


TABLES = {"lasting": table, "persistence": by_persistence}
"""By the name of their place on the page."""

if __name__ == "__main__":
    for name in sys.argv[1:] or TABLES:
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        found = "\n".join(TABLES[name]())
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
        PAGE.write_text(f"{head}{begin}\n{found}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
