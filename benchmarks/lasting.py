"""How often stated errors of what lasts hold what was planted, in made counties.

QUESTION: of 90% intervals of levels, of trends and of missing figures, how many hold the truth, and how wide are they?
DESIGN: made counties of 60 and of 300 villages with figures of 3, 4, 5 and 8 years, a fifth of them missing; spread of levels
.6, of trends .03, deviations of .15 that persist by .5, effects of years of .05. Standard deviations of deviations differ
between villages by a lognormal of spread 0, .3 or .6. 60 counties a cell; what is held differs between
counties, so its error is by counties.
OUTPUT: the table of docs/own_figures.md. Run with `python benchmarks/lasting.py`; some minutes.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from villagesim.statistics.lasting import LEAST_FOR_TREND, lasting

PAGE = Path(__file__).parents[1] / "docs" / "own_figures.md"
BEGIN, END = "<!-- lasting -->", "<!-- end of lasting -->"
YEARS, VILLAGES, APART, COUNTIES = (3, 4, 5, 8), (60, 300), (0.0, 0.3, 0.6), 60
LEVELS, TRENDS, NOISE, PERSISTENCE, OF_YEARS, MISSING = 0.6, 0.03, 0.15, 0.5, 0.05, 0.2
SURE = 1.6449
"""Standard deviations on each side that hold 90%."""


def made(luck: np.random.Generator, n: int, n_years: int, apart: float) -> tuple[np.ndarray, ...]:
    """Log incomes with gaps, without, levels of the last year, trends."""
    times = np.arange(n_years) - (n_years - 1) / 2
    level, trend = LEVELS * luck.standard_normal(n), TRENDS * luck.standard_normal(n)
    noise = NOISE * np.exp(apart * luck.standard_normal(n))
    deviation = noise[:, None] * luck.standard_normal((n, n_years))
    for k in range(1, n_years):
        deviation[:, k] = PERSISTENCE * deviation[:, k - 1] + np.sqrt(1 - PERSISTENCE**2) * deviation[:, k]
    effects = 12 + 0.05 * times + OF_YEARS * luck.standard_normal(n_years)
    lasts = effects + level[:, None] + trend[:, None] * times
    z = np.where(luck.random((n, n_years)) < MISSING, np.nan, lasts + deviation)
    return z, lasts + deviation, lasts[:, -1], trend


def held(n: int, n_years: int, apart: float) -> np.ndarray:
    """Share held of levels, trends and missing figures, and the mean error that is stated of each, by county: ``(.., 6)``."""
    luck, rows = np.random.default_rng([n_years, n, round(10 * apart)]), []
    for _ in range(COUNTIES):
        z, whole, level, trend = made(luck, n, n_years, apart)
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


if __name__ == "__main__":
    found = "\n".join(table())
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{found}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
