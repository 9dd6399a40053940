"""A made county: villages whose level, growth and noise are planted, and what an office would have written down of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import villagesim as vs
from villagesim.places.place import Place
from villagesim.randomness import Draws

SCENARIOS = Path(__file__).parents[3] / "scenarios"
PERSISTENCE, NOISE, LEVELS, TRENDS, GROWTH = 0.5, 0.15, 0.6, 0.03, 0.06
"""Planted: of deviations, their spread, spread of log levels and of trends, nominal growth of all."""


@dataclass
class Made:
    """Incomes ``(n_villages, n_years)`` [yuan of the year], and what lies behind them."""

    years: tuple[int, ...]
    income: np.ndarray
    lasting: np.ndarray
    growth: np.ndarray


def made_county(codes, years=(2016, 2017, 2018, 2019, 2020), *, ahead=0, seed=1, mean=500_000.0, noise=NOISE) -> Made:
    """Incomes of these villages; ``lasting`` is in the last year, from which ``ahead`` years more follow."""
    draws, keys = Draws(seed, "made_county"), np.array([int(code) for code in codes])
    n = len(years) + ahead
    level, trend = LEVELS * draws.normal("level", keys), TRENDS * draws.normal("trend", keys)
    deviation = np.zeros((len(keys), n))
    for k in range(n):
        shock = noise * draws.normal("shock", keys, k)
        deviation[:, k] = shock if k == 0 else PERSISTENCE * deviation[:, k - 1] + (1 - PERSISTENCE**2) ** 0.5 * shock
    times = np.arange(n) - (len(years) - 1)
    lasts = level[:, None] + (GROWTH + trend[:, None]) * times
    last = np.exp(lasts[:, len(years) - 1])
    scale = mean / np.exp((lasts + deviation)[:, len(years) - 1]).mean()
    return Made(tuple(range(years[0], years[0] + n)), scale * np.exp(lasts + deviation), scale * last, trend)


def written(folder: Path, codes, county: Made, gaps: float = 0.0, *, years=None, more: str = "", cells=None) -> Path:
    """The county as a table with a row a village and year; a share of the incomes is missing by lot."""
    lots = Draws(1, "gaps").uniform("gap", np.array([int(c) for c in codes])[:, None], np.arange(len(county.years)))
    rows = [
        f"{code},{year},{'' if lots[i, k] < gaps else f'{county.income[i, k]:.2f}'}{cells(i, k) if cells else ''}"
        for i, code in enumerate(codes)
        for k, year in enumerate(county.years)
        if years is None or year in years
    ]
    path = folder / "mine.csv"
    path.write_text("\n".join([f"code,year,income{more}", *rows]) + "\n", encoding="utf-8")
    return path


def after_the_decree(folder: Path, place: Place, county: Made, *, gaps: float = 0.0) -> dict[int, np.ndarray]:
    """Add the incomes of the villages after the decree to the table, sums of their parts, in the years that follow 2020."""
    path, codes, sums = folder / "mine.csv", place.after.codes, {}
    rows = []
    for k, year in enumerate(county.years):
        if year > 2020:
            sums[year] = np.bincount(place.map.village, weights=county.income[:, k], minlength=len(codes))
            lots = Draws(2, "gaps").uniform("gap", np.array([int(code) for code in codes]), year)
            rows += [
                f"{c},{year},{'' if lot < gaps else f'{x:.2f}'}"
                for c, x, lot in zip(codes, sums[year], lots, strict=True)
            ]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    return sums


def with_table(folder: Path, county: Made, *, at: int = 4, more: str = "", town: str = "") -> vs.Scenario:
    """The small place, or two years of one township of it, with this table, and the mean and the share of its year ``at``."""
    text = (SCENARIOS / "one_town.toml").read_text(encoding="utf-8")
    if town:
        text = text.replace('["白云湖街道", "相公庄街道", "宁家埠街道"]', f'["{town}"]').replace(
            "2023-12-31", "2022-12-31"
        )
    last = county.income[:, at]
    text = text.replace("share_above = 0.344", f"share_above = {(last >= 500_000).mean():.10f}")
    text = text.replace("mean_income = 500_000", f"mean_income = {last.mean():.4f}")
    text = text.replace("[merger]", f'table = "mine.csv"\n\n{more}[merger]', 1)
    (folder / "town.toml").write_text(text, encoding="utf-8")
    return vs.load_scenario(folder / "town.toml")
