"""What a user's own figures say of villages before the start: levels, what lasts of their income, growth and noise.

People, land and debt are the last that is known. Income is that of the last year, kept as it is; with several years a model
of all villages together tells what of it lasts, how fast each village's grows beside that of all, and how noisy it is
(:mod:`villagesim.statistics.lasting`). Growth of all and noise become parameters, with a range, unless the scenario says them.

Left out: why a village grew, what policies of these years did to it, and that figures that are reported need not be earned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite, log, sqrt
from typing import Any

import numpy as np

from villagesim.arrays import Bools, Floats
from villagesim.errors import DesignError, joined
from villagesim.parameters import Parameter, Parameters
from villagesim.places.endowments import COLUMNS, SOURCES
from villagesim.places.figures import Figures, FirstDays
from villagesim.statistics.lasting import Lasting, lasting

BEYOND_ZERO = 0.05
"""Where some incomes are zero, this part of the middle one is added to all before logarithms are taken. Source: assumption."""
SURE = 1.645
"""Standard deviations on each side that hold 90%."""
LEAST_DOUBT = 0.06
"""Standard error of a noise variance, in itself, at the least. Source: assumption."""
MOST_APART = 5.0
"""How many times the middle income of one year may be that of the next that is known. Source: assumption."""
UNITS_APART = 10_000 / MOST_APART
"""Times its least income from which on the highest one of a village is taken for one in another unit, 10,000 times as large."""
MOSTLY_NOTHING = 0.9
"""Share of villages without any income from which on a year tells nothing, where another year has fewer. Source: assumption."""
MOST_NAMED = 8
"""Villages that a note lists."""
OF_SOURCE = {"operating": ("operating", "investment"), **{source: (source,) for source in SOURCES[1:]}}
"""Columns of a table that make up each source of the model."""


@dataclass(frozen=True, eq=False)
class OwnFigures:
    """What a scenario takes from them.

    Attributes
    ----------
    table : dict of (n_rows,) arrays
        As :func:`villagesim.places.endowments.endow` takes it.
    parameters : dict
        What they say of the place: value, range and source by the name of the parameter.
    notes : tuple of str
        What must be known of it.
    """

    table: Mapping[str, Floats]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether any figure of the start is known."""
        return any(np.isfinite(values).any() for values in self.table.values())


def own_figures(figures: Figures, days: FirstDays, p: Parameters, codes: Sequence[str]) -> OwnFigures:
    """Take from figures of villages with these codes what they say of the time before the start."""
    past = [year for year in figures.years if days.is_past(year)]
    if not past:
        return OwnFigures({}, notes=(f"{figures.name}: no year ends before the start; all is drawn",))
    notes = list(_jumps(figures))
    if past[-1] != days.start.year - 1:
        notes.append(f"{figures.name}: figures end with {past[-1]}; they are taken for {days.start.year - 1}")
    table = {}
    for name, words in COLUMNS.items():
        values = figures.of(name, past)
        table[name] = values[:, -1] if name == "income" else _last(values)
        if older := int((np.isfinite(table[name]) & np.isnan(values[:, -1])).sum()):
            notes.append(
                f"{figures.name}: {words} of {older} villages is of a year before {past[-1]}, the last that is known"
            )
    shares = {f"share_{source}": _share(figures, past, source) for source in SOURCES}
    table |= {name: values for name, values in shares.items() if np.isfinite(values).any()}
    told, of_told, doubts = _trusted(figures, past, codes)
    notes += doubts
    if len(told) < 2:
        return OwnFigures(table, notes=tuple(notes))
    try:
        found = _Income.of(of_told, p.income_persistence, told)
    except DesignError:
        notes.append(f"{figures.name}: too few villages have incomes of several years to tell what lasts")
        return OwnFigures(table, notes=tuple(notes))
    table |= found.table(table["income"])
    said = f"own figures of {told[0]} to {told[-1]}, {int(found.known.any(axis=1).sum())} villages"
    changed = found.parameters(p, said)
    notes += _told(f"{figures.name}: ", f"{told[0]} to {told[-1]}", changed, found.told.sd_noise, sqrt(_of_one_offs(p)))
    return OwnFigures(table, changed, tuple(notes))


def _told(
    file: str, years: str, changed: Mapping[str, Mapping[str, Any]], noise: float, of_one_offs: float
) -> list[str]:
    """What incomes of several years tell, and that noise is not told where one-offs may be all of it."""
    own = changed.get("income_own_sd", {"low": noise})
    sets = [
        f"{name} = {each['value']:.3g} ({each['low']:.3g} to {each['high']:.3g})"
        for name, each in changed.items()
        if each is not own or own["low"]
    ]
    what = ", its growth and its noise" if own["low"] else " and its growth"
    notes = [
        f"{file}incomes of {years} tell what lasts of each village's{what}; where the scenario says nothing they set"
        f" {joined(sets) or 'no parameter'}"
    ]
    if not own["low"]:
        notes.append(
            f"{file}noise of incomes, {noise:.3g} in logarithms, is not clearly more than the {of_one_offs:.3g} that"
            f" one-offs (one_off_rate, one_off_size, one_off_sd) make; where the scenario says nothing income_own_sd is"
            f" {own['high']:.3g} at most, and {own['value']:.3g} where it is not drawn"
        )
    return notes


def _jumps(figures: Figures) -> Iterator[str]:
    """Years between which the middle income jumps, as where one is in another unit."""
    middle = {}
    for year, income in zip(figures.years, figures.values["income"], strict=True):
        if (some := income[np.isfinite(income) & (income > 0)]).size:
            middle[year] = float(np.median(some))
    for (one, before), (other, after) in pairwise(middle.items()):
        if not 1 / MOST_APART < after / before < MOST_APART:
            yield (
                f"{figures.name}: the middle income is {before:,.0f} yuan in {one} and {after:,.0f} in {other}: see that both"
                " are in the same unit"
            )


def _trusted(figures: Figures, past: list[int], codes: Sequence[str]) -> tuple[list[int], Floats, list[str]]:
    """Years and incomes of them that tell of growth and noise, ``(n, n_years)``, and notes on what tells nothing of them."""
    years = [year for year in past if np.isfinite(figures.of("income", [year])).any()]
    income, notes = figures.of("income", years) if years else np.zeros((len(codes), 0)), []
    n_known = np.isfinite(income).sum(axis=0)
    nothing = np.asarray((income == 0).sum(axis=0) >= MOSTLY_NOTHING * np.maximum(n_known, 1))
    if nothing.any() and not nothing.all():
        empty = ", ".join(str(year) for year, none in zip(years, nothing, strict=True) if none)
        notes.append(
            f"{figures.name}: nearly all incomes of {empty} are 0: these years tell nothing of what lasts, growth and noise;"
            " leave cells empty where 0 means that nothing is known"
        )
        years = [year for year, none in zip(years, nothing, strict=True) if not none]
        income = income[:, ~nothing]
    some = np.where(income > 0, income, np.nan)
    apart = np.fmax.reduce(some, axis=1, initial=0.0) >= UNITS_APART * np.fmin.reduce(some, axis=1, initial=np.inf)
    if apart.any():
        named = [codes[row] for row in np.flatnonzero(apart)[:MOST_NAMED]]
        notes.append(
            f"{figures.name}: incomes of one year are thousands of times those of another in {int(apart.sum())} of the"
            f" villages ({', '.join(named)}{' ...' * (int(apart.sum()) > MOST_NAMED)}): they tell nothing of what lasts,"
            " growth and noise; see that all their years are in the same unit"
        )
    income = np.where(apart[:, None], np.nan, income)
    known: Bools = np.asarray(np.isfinite(income).any(axis=0))
    return [year for year, there in zip(years, known, strict=True) if there], income[:, known], notes


def _last(values: Floats) -> Floats:
    """The last of each row that is known, ``(n,)``."""
    found = np.full(len(values), np.nan)
    for year in values.T:
        found = np.where(np.isnan(year), found, year)
    return found


def _share(figures: Figures, past: list[int], source: str) -> Floats:
    """Part of a source in the income of the years in which both are known, NaN where there are none."""
    income = figures.of("income", past)
    parts = [figures.of(column, past) for column in OF_SOURCE[source]]
    amount = np.where(np.isnan(parts[0]), np.nan, sum(np.nan_to_num(part) for part in parts))
    both = np.isfinite(amount) & np.isfinite(income)
    of, whole = (np.where(both, values, 0.0).sum(axis=1) for values in (amount, income))
    share = np.divide(of, whole, out=np.full(len(of), np.nan), where=whole > 0)
    return np.minimum(share, 1.0)


def started(income: Floats) -> tuple[Floats, float]:
    """Logarithms of incomes, NaN where none is known, and what was added to all of them, so that there is one of zero."""
    known = np.isfinite(income)
    some = income[known & (income > 0)]
    beyond = BEYOND_ZERO * float(np.median(some)) if len(some) and (income[known] == 0).any() else 0.0
    with np.errstate(divide="ignore"):
        return np.where(known, np.log(income + beyond), np.nan), beyond


@dataclass(frozen=True, eq=False)
class _Income:
    """Incomes of several years, and what their logarithms say; ``beyond`` is added to each before they are taken."""

    income: Floats
    known: Bools
    beyond: float
    told: Lasting

    @classmethod
    def of(cls, income: Floats, persistence: float, years: list[int]) -> "_Income":
        logs, beyond = started(income)
        return cls(income, np.isfinite(income), beyond, lasting(logs, persistence, years))

    def table(self, last: Floats) -> dict[str, Floats]:
        """Columns of what lasts; ``last`` are the incomes of the last year, NaN where they are not known.

        The sum over the villages with a known income stays: what all of them together earned is taken to last.
        """
        told, seen = self.told, self.known.any(axis=1)
        known = seen & np.isfinite(last)
        always_nothing = seen & (np.nan_to_num(self.income) == 0).all(axis=1)
        level = np.where(always_nothing, 0.0, np.maximum(np.exp(told.level) - self.beyond, 0.0))
        sure = known & (level > 0)
        if sure.any():
            level *= last[sure].sum() / level[sure].sum()
        stretch = np.minimum((level + self.beyond) / np.maximum(level, 1e-9), 2.0)
        error = np.where(np.isfinite(last), told.level_error, told.cells_error[:, -1])
        noise = told.noise / told.sd_noise * np.exp(told.noise_error**2)
        return {
            "lasting": np.where(seen, level, np.nan), "lasting_error": stretch * error, "growth": stretch * told.trend,
            "growth_error": stretch * told.trend_error, "together": told.together, "noise": noise,
            "noise_error": told.noise_error,
        }  # fmt: skip

    def parameters(self, p: Parameters, source: str) -> dict[str, dict[str, Any]]:
        """What the figures say of growth of all and of noise, as parameters of the place."""
        changed = {}
        told, growth = self.told, p["income_growth"]
        if isfinite(told.common_error):
            low, high = told.common_interval(0.9)
            found, error = told.common - log(1 + p.prices), max((high - low) / 2 / SURE, 1e-4)
            before = (growth.high - growth.low) / 2 / SURE
            weight = before**2 / (before**2 + error**2)
            value, left = growth.value + weight * (found - growth.value), sqrt(weight) * error
            ends = value - SURE * left, value + SURE * left
            changed["income_growth"] = _within(growth, value, *ends, f"{source}, and assumption")
        freedom = self.known.sum() - 2 * self.known.any(axis=1).sum() - self.known.shape[1]
        if freedom > 0:
            value, low, high = self.own_sd(p, freedom)
            changed["income_own_sd"] = _within(
                p["income_own_sd"], value, low, high, source if low else f"{source}, and assumption"
            )
        return changed

    def own_sd(self, p: Parameters, freedom: int) -> tuple[float, float, float]:
        """Innovation of each village besides one-offs as they are assumed: likeliest value and range.

        Where that range begins at none the two are not told apart, and it ends with what there may be without one-offs.
        """
        lasts = 1 - p.income_persistence**2
        whole = lasts * self.told.sd_noise**2
        beside, doubt = whole - lasts * _of_one_offs(p), SURE * whole * max(sqrt(2 / freedom), LEAST_DOUBT)
        most = beside if beside > doubt else whole
        value, low, high = (sqrt(max(variance, 0.0)) for variance in (beside, beside - doubt, most + doubt))
        return value, low, high


def _within(parameter: Parameter, value: float, low: float, high: float, source: str) -> dict[str, Any]:
    """Value and range of a parameter, within what it can be."""
    ends = parameter.domain.low, parameter.domain.high
    low, high = (round(float(np.clip(end, *ends)), 6) for end in (low, high))
    return {
        "value": round(value, 6),
        "low": min(low, round(value, 6)),
        "high": max(high, round(value, 6)),
        "source": source,
    }


def _of_one_offs(p: Parameters) -> float:
    """Variance of log income that one-offs make in a year: at most one of them."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    size = np.log1p(p.one_off_size * np.exp(p.one_off_sd * nodes - p.one_off_sd**2 / 2))
    mean, square = (float(weights @ size**k) / sqrt(2 * np.pi) for k in (1, 2))
    return p.one_off_rate * square - (p.one_off_rate * mean) ** 2
