"""What a table of villages says of the years of the run: observed figures, in the readings in which they are simulated.

An office's income is what was reported, in yuan of its year. So it is observed of ``reported_`` and ``nominal_`` outcomes as it
stands, and of the others in yuan of the start, by `prices`. Where some villages are missing, the county's figure holds what is
expected of them by the other years, and has an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from villagesim.arrays import Floats, sum_by
from villagesim.errors import DesignError
from villagesim.files.own_figures import started
from villagesim.outcomes.observed import Observed
from villagesim.outcomes.of_levels import COUNTED, NOMINAL, REPORTED, level_name
from villagesim.parameters import Parameters
from villagesim.places.endowments import Published
from villagesim.places.figures import Figures, FirstDays
from villagesim.places.place import Place
from villagesim.statistics.lasting import lasting

LEAST_KNOWN = 0.5
"""Part of the villages that must be known for a figure of the county."""


def observations(
    figures: Figures, days: FirstDays, place: Place, published: Published, p: Parameters
) -> tuple[tuple[Observed, ...], tuple[str, ...]]:
    """Observed figures of a table, and what must be known of them."""
    found: list[Observed] = []
    notes = []
    for year in figures.years:
        if days.is_past(year) and year != days.start.year - 1:
            continue
        seen = _Year.of(figures, days, place, year, p)
        if seen.missing and not days.is_past(year):
            how = "expected by their other years" if seen.income is not None else "too many for a figure of the county"
            notes.append(f"{figures.name}: incomes of {seen.missing} of {seen.n} villages are missing in {year}: {how}")
        found += seen.observed(published, p, figures.name)
    run = [str(year) for year in figures.years if not days.is_past(year)]
    if not run:
        return (), ()
    notes.append(
        f"{figures.name}: figures of {', '.join(run)} are observed: points in figures and the table hindcast, unknown to any run"
    )
    return tuple(found), tuple(notes)


@dataclass(frozen=True, eq=False)
class _Year:
    """One year: what is known, and what is expected of the rest."""

    label: str
    months: float
    codes: tuple[str, ...]
    known: Floats
    debt: Floats
    income: Floats | None
    chance_error: Floats | None

    @classmethod
    def of(cls, figures: Figures, days: FirstDays, place: Place, year: int, p: Parameters) -> "_Year":
        roll = place.rolls[days.decreed(year)]
        known, debt = (figures.of(name, [year])[:, 0] for name in ("income", "debt"))
        income: Floats | None = known
        error: Floats | None = np.zeros(len(known))
        if np.isnan(known).any():
            income, error = _expected(figures, days, place, year, p.income_persistence)
        months = 12 * (year + 1 - days.start.year) - (days.start.month - 1)
        return cls(f"{year}-12", months, roll.codes, known, debt, income, error)

    @property
    def n(self) -> int:
        """Villages in force."""
        return len(self.codes)

    @property
    def missing(self) -> int:
        """Villages without an income."""
        return int(np.isnan(self.known).sum())

    def observed(self, published: Published, p: Parameters, source: str) -> Iterator[Observed]:
        """All outcomes that the year tells of."""
        prices = (1 + p.prices) ** (self.months / 12)
        start = f"{source}, in yuan of the start by prices of {100 * p.prices:.3g}% a year"
        for prefix, level, said in ((REPORTED, 1.0, source), (NOMINAL, 1.0, source), ("", prices, start)):
            yield from self._incomes(prefix, level, published, said)
        if np.isfinite(self.debt).any():
            total = None if np.isnan(self.debt).any() else float(self.debt.sum() / prices)
            yield Observed(
                outcome="debt", at=self.label, value=total, source=start, villages=self._by_code(self.debt / prices)
            )

    def _incomes(self, prefix: str, prices: float, published: Published, source: str) -> Iterator[Observed]:
        villages = self._by_code(self.known / prices)
        if self.income is None or self.chance_error is None:
            if villages:
                yield Observed(outcome=f"{prefix}collective_income", at=self.label, source=source, villages=villages)
            return
        sure, spread = np.isfinite(self.known), self.chance_error
        income = np.where(sure, self.known, self.income * np.exp(spread**2 / 2)) / prices
        variance = np.where(sure, 0.0, income**2 * np.expm1(spread**2)).sum()
        total, error = float(income.sum()), float(variance**0.5)
        yield Observed(
            outcome=f"{prefix}collective_income", at=self.label, value=total / self.n, error=error / self.n, source=source,
            villages=villages,
        )  # fmt: skip
        heads = published.residents
        yield Observed(
            outcome=f"{prefix}income_per_resident",
            at=self.label,
            value=total / heads,
            error=error / heads,
            source=source,
        )
        for level in published.levels:
            with np.errstate(divide="ignore"):
                beyond = np.log(self.income) - np.log(level * prices)
            chance = np.where(sure, self.known >= level * prices, ndtr(beyond / np.maximum(spread, 1e-9)))
            share, doubt = float(chance.mean()), float((chance * (1 - chance)).sum() ** 0.5 / self.n)
            outcome = f"{prefix}{COUNTED}{level_name(level)}"
            yield Observed(outcome=outcome, at=self.label, value=share, error=doubt, source=source)

    def _by_code(self, values: Floats) -> dict[str, float]:
        return {code: float(value) for code, value in zip(self.codes, values, strict=True) if np.isfinite(value)}


def _expected(
    figures: Figures, days: FirstDays, place: Place, year: int, persistence: float
) -> tuple[Floats | None, Floats | None]:
    """Incomes of a year, those that are missing in the middle of what other years tell, and errors of their logarithms."""
    years, rows, decreed = [], [], days.decreed(year)
    village = (np.arange(len(place.before)), *(wave.map.village for wave in place.waves))
    for other in figures.years:
        if (before := days.decreed(other)) > decreed or (before < decreed and place.shares is not None):
            continue  # of villages that were split since, nobody knows how much each part earned
        values = figures.of("income", [other])[:, 0]
        if before < decreed:
            now = np.zeros(len(values), np.int64)
            now[village[before]] = village[decreed]
            values = sum_by(now, values, len(place.waves[decreed - 1].after))  # NaN where a part is not known
        if np.isfinite(values).any():
            years.append(other)
            rows.append(values)
    if year not in years:
        return None, None
    income = np.stack(rows, axis=1)
    if np.isfinite(income[:, years.index(year)]).mean() < LEAST_KNOWN:
        return None, None
    logs, beyond = started(income)
    try:
        found = lasting(logs, persistence, years)
    except DesignError:
        return None, None
    cells, error = (values[:, years.index(year)] for values in (found.cells, found.cells_error))
    middle = np.maximum(np.exp(cells) - beyond, 0.0)
    return middle, np.minimum(error * (middle + beyond) / np.maximum(middle, 1e-9), 2.0)
