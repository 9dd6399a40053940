"""People, income, land and debt of every constituent village at the start.

What a user's table gives is kept exactly. The rest is drawn from distributions fitted to published totals and shares:
income is lognormal, correlated within a township, higher where more people live and lower where the village vanishes in
the merger; one rank-preserving map then makes the published share above the threshold and the published mean exact.
Where all or no villages lie above it, incomes keep the spread that was drawn, or as much of it as the mean allows. All this
is what was reported: of the villages nearest above the threshold some may have earned less.

Left out: that rich villages lie together for reasons (roads, the city), and all that happened before the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, Keys, sum_by, to_whole
from villagesim.errors import RollError
from villagesim.foreign.headings import CODE, FIGURES, INCOME, MEMBERS, NAME, ForeignColumn, year_of
from villagesim.foreign.table import open_table
from villagesim.frozen import Value
from villagesim.parameters import Parameters
from villagesim.places.place import Place
from villagesim.places.rolls import check_names
from villagesim.randomness import Draws

SOURCES = ("operating", "rent", "subsidy", "other")
"""Sources of recurrent collective income, in the order of :attr:`Endowment.source_shares`."""
COLUMNS = tuple(column.name for column in FIGURES)
"""What a user's table may give: persons, persons, yuan per year, mu, yuan."""
MOST = {"persons": 10**7, "yuan": 10**12, "mu": 10**7}
"""No village has more, by unit."""
TOTALS: Mapping[str, dict[str, float]] = {
    "residents": {"most": 2e9}, "mean_income": {"above": 0, "most": 1e12}, "threshold": {"above": 0, "most": 1e12},
    "share_above": {"least": 0, "most": 1}, "arable": {"least": 0, "most": 1e10},
}  # fmt: skip
"""Ends of what is published of a place: no country has more."""
EMPTY = "Leave the cell empty to have it drawn."


@dataclass(frozen=True)
class Published:
    """Totals and shares that the drawn endowments must meet.

    Attributes
    ----------
    residents : int
        In all villages [persons].
    mean_income : float
        Collective income per village in the year before the start [yuan].
    threshold : float
        Income level of the published share [yuan per year].
    share_above : float
        Villages at or above it, as a share of the villages before the merger (or after it, see ``counted_after``).
    arable : float
        In all villages [mu].
    counted_after : bool
        The share was counted on the villages after the merger: then incomes are scaled until it fits, and the mean
        is what comes out.
    thresholds : tuple of float
        Further levels that villages are counted at [yuan per year]; they decide no income.
    """

    residents: int
    mean_income: float
    threshold: float
    share_above: float
    arable: float
    counted_after: bool = False
    thresholds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "thresholds", tuple(map(float, self.thresholds)))

    @property
    def levels(self) -> tuple[float, ...]:
        """All levels that villages are counted at, the published one first."""
        return tuple(dict.fromkeys((float(self.threshold), *self.thresholds)))


@dataclass(frozen=True, eq=False)
class Endowment(Value):
    """State of every constituent at the start; all arrays have the shape ``(n_rows,)``.

    Attributes
    ----------
    residents, members : int
        Persons. Members of the cooperative outnumber residents.
    income : float
        Collective income of the year before the start, as earned [yuan].
    source_shares : (len(SOURCES), n_rows)
        Its composition.
    arable, enrollable : float
        Arable land [mu], and the share of it that a land trust could farm.
    debt : float
        Yuan.
    entitlement, booked : float
        Benefits per member [yuan per year]; reported for that year beyond what was earned [yuan].
    """

    place: Place
    residents: Ints
    members: Ints
    income: Floats
    source_shares: Floats
    arable: Floats
    enrollable: Floats
    debt: Floats
    entitlement: Floats
    booked: Floats

    def __post_init__(self) -> None:
        self._freeze()

    def __repr__(self) -> str:
        residents, income = int(self.residents.sum()), float(self.income.sum())
        return (
            f"<endowment of {len(self.income)} villages: {residents:,} residents, {income:,.0f} yuan of income a year>"
        )


def endow(
    place: Place, published: Published, p: Parameters, draws: Draws, table: Mapping[str, Floats] | None = None
) -> Endowment:
    """Give every constituent its people, income, land and debt.

    Parameters
    ----------
    table : dict of (n_rows,) arrays, optional
        A user's own figures by column, NaN where there is none.

    Raises
    ------
    RollError
        Where the user's figures and the published totals cannot both be true.
    """
    keys, n = place.before.keys, len(place.before)
    if published.residents < n:
        raise RollError(
            f"residents = {published.residents:,} is less than one a village ({n:,} villages).", fix="Correct it."
        )
    given = {name: np.full(n, np.nan) for name in COLUMNS} | dict(table or {})
    weights = np.exp(p.residents_sd * draws.normal("residents", keys))
    residents = to_whole(_shared_out(weights, given["residents"], published.residents, "residents"))
    members = np.where(
        np.isnan(given["members"]), np.round(p.members_per_resident * residents), given["members"]
    ).astype(np.int64)
    reported = _incomes(place, published, p, draws, residents, members, given["income"])
    income = _earned(reported, published.threshold, p, draws, keys)
    arable_weights = np.maximum(residents, 1) * np.exp(p.arable_sd * draws.normal("arable", keys))
    arable = _shared_out(arable_weights, given["arable"], published.arable, "arable")
    flatness = draws.uniform("terrain", np.array([int(code) for code in place.townships]))[place.township]
    has_debt = draws.uniform("debt.some", keys) >= p.share_without_debt
    size = np.exp(p.debt_sd * draws.normal("debt.size", keys) - p.debt_sd**2 / 2)
    debt = np.where(has_debt, p.debt_mean / (1 - p.share_without_debt) * size, 0.0)
    return Endowment(
        place=place,
        residents=residents,
        members=members,
        income=income,
        source_shares=_source_shares(p, draws, keys),
        arable=arable,
        enrollable=p.enrollable_low + (p.enrollable_high - p.enrollable_low) * flatness,
        debt=np.where(np.isnan(given["debt"]), debt, given["debt"]),
        entitlement=_entitlements(p, draws, keys, income, members),
        booked=reported - income,
    )


def read_table(path: Path, place: Place, notes: list[str] | None = None, year: int | None = None) -> dict[str, Floats]:
    """Read a user's own figures, a CSV file with ``code`` and any of :data:`COLUMNS`; empty cells are drawn.

    What must be known of the file is added to ``notes``, as rows that were left out, or a heading of another year than
    ``year``, the one before the start.

    Raises
    ------
    RollError
        Where a code is unknown or stands twice, most names are not the roll's, or a figure is not a number of at least 0.
    """
    row_of = {code: i for i, code in enumerate(place.before.codes)}
    table = {name: np.full(len(row_of), np.nan) for name in COLUMNS}
    seen: dict[str, int] = {}
    names: list[tuple[str, str]] = []
    notes = [] if notes is None else notes
    found = open_table(path, (CODE,), (*FIGURES, NAME), no_others=True)
    if year is not None:
        notes += [
            f"{path.name}: {heading} is of {said}; it is taken for {year}, the year before the start"
            for heading in found.header
            if (said := year_of(heading)) not in (None, year)
        ]
    for row, (code, *cells, name) in found.rows(notes):
        if code not in row_of:
            raise RollError(
                f"code = {code!r} is not in the roll before the merger.",
                fix="Leave the row out, or correct the code (12 digits, of the edition of that roll).",
                at=[path.name, f"row {row}"],
            )
        if code in seen:
            raise RollError(
                f"code = {code} stands in row {seen[code]} already.", fix="Keep one.", at=[path.name, f"row {row}"]
            )
        seen[code] = row
        names.append((code, name))
        for number, (column, cell) in enumerate(zip(FIGURES, cells, strict=True), start=1):
            if cell:
                value = found.figure(number, cell, row, EMPTY)
                _check_figure(value, column, (path.name, f"row {row} ({code})"))
                table[column.name][row_of[code]] = value
    check_names(path.name, names, place.before, notes)
    return table


def _check_figure(value: float, column: ForeignColumn, at: tuple[str, ...]) -> None:
    """Refuse what no village has."""
    least = 1 if column is MEMBERS else 0
    whole = "a whole number of " if column.unit == "persons" else ""
    if least <= value <= MOST[column.unit] and not (whole and value != round(value)):
        return
    rule = f"{whole}at least {least} and at most {MOST[column.unit]:,} {column.unit}"
    loss = " A loss cannot be given." if column is INCOME and value < 0 else ""
    raise RollError(f"{column.name} = {value:,.10g} is not {rule}.", fix=f"{EMPTY}{loss}", at=at)


def _shared_out(weights: Floats, given: Floats, total: float, name: str) -> Floats:
    """Keep what is given and share the remainder of the total out by weights."""
    free = np.isnan(given)
    remainder = total - given[~free].sum()
    if remainder < 0 or (not free.any() and abs(remainder) > 0.5):
        raise RollError(
            f"the table gives {total - remainder:,.0f}, the scenario says {total:,.0f} in all.",
            fix=f"Correct the table, or [place] {name} in the scenario.",
            at=[name],
        )
    result = given.copy()
    if free.any():
        result[free] = weights[free] * (remainder / weights[free].sum())
    return result


def _incomes(
    place: Place, published: Published, p: Parameters, draws: Draws, residents: Ints, members: Ints, given: Floats
) -> Floats:
    keys = place.before.keys
    townships = np.array([int(code) for code in place.townships])
    near, own = draws.normal("income.township", townships)[place.township], draws.normal("income", keys)
    people = p.income_population_elasticity * np.log(np.maximum(residents, 1) / max(residents.mean(), 1))
    gap = p.vanished_income_gap * place.vanishes
    rest = max(p.income_sd**2 - float((people + gap).var()), 0.0) ** 0.5
    rho = p.income_township_correlation
    latent = people + gap + rest * (rho**0.5 * near + (1 - rho) ** 0.5 * own)
    free = np.isnan(given)
    income = given.copy()
    if free.any():
        n_above = round(published.share_above * len(latent)) - int((given[~free] >= published.threshold).sum())
        total = published.mean_income * len(latent) - float(given[~free].sum())
        income[free] = _fitted(latent[free], n_above, published.threshold, total)
    elif not published.counted_after:
        _check_complete(income, published)
    if published.counted_after and free.any():
        income[free] *= _scale_counted_after(place, published, income, free)
    return income


def _earned(reported: Floats, threshold: float, p: Parameters, draws: Draws, keys: Keys) -> Floats:
    """What was earned of reported incomes: of villages at or above the threshold some, the nearest, booked their way there."""
    above = np.flatnonzero(reported >= threshold)
    nearest = above[np.lexsort((keys[above], reported[above]))][: round(p.booked_start * len(above))]
    earned = reported.copy()
    earned[nearest] /= 1 + p.booked_start_most * draws.uniform("booked_start", keys[nearest])
    return earned


def _check_complete(income: Floats, published: Published) -> None:
    """Refuse a table of all incomes that is not what the scenario says was published."""
    mean, share = float(income.mean()), float((income >= published.threshold).mean())
    if abs(mean - published.mean_income) > 0.5 or abs(share - published.share_above) > 0.5 / len(income):
        raise RollError(
            f"the table gives all incomes, with a mean of {mean:,.2f} yuan and {share:.4f} of the villages at or"
            f" above {published.threshold:,.0f}.",
            fix="Say so in the scenario: mean_income and share_above must be these.",
            at=["income"],
        )


def _scale_counted_after(place: Place, published: Published, income: Floats, free: Bools) -> float:
    """Factor of the drawn incomes with which the published share holds after the merger."""
    from scipy.optimize import brentq

    n_after = len(place.after)
    drawn = sum_by(place.map.village, np.where(free, income, 0.0), n_after)
    given = sum_by(place.map.village, np.where(free, 0.0, income), n_after)
    n_above = round(published.share_above * n_after)
    if published.share_above > 0:
        n_above = max(n_above, 1)

    def last_above(log_factor: float) -> float:
        """The village with which the share is reached; where none shall, the highest of all."""
        return float(np.sort(given + exp(log_factor) * drawn)[-max(n_above, 1)]) - published.threshold

    if last_above(-20.0) > 0 or last_above(20.0) < 0:
        raise RollError(
            f"with the table's figures, no level of the others brings {published.share_above:.1%} of the villages"
            f" after the merger to {published.threshold:,.0f} yuan.",
            fix="Correct share_above, or the table.",
            at=["income"],
        )
    return exp(brentq(last_above, -20.0, 20.0, xtol=1e-13)) * (1 + (1e-9 if n_above else -1e-9))


def _fitted(latent: Floats, n_above: int, threshold: float, total: float) -> Floats:
    """Turn log incomes into incomes so that exactly ``n_above`` reach the threshold and the total is right.

    The map is ``log income = a + b latent`` with b > 0, so ranks stay as they were.
    """
    from scipy.optimize import brentq, minimize_scalar

    n = len(latent)
    if not 0 <= n_above <= n or total <= 0:
        raise RollError(
            f"{n_above} of {n} villages should stand at or above {threshold:,.0f} yuan, with {total:,.0f} in all.",
            fix="The user's figures are taken off. Correct share_above, mean_income, or the table.",
            at=["income"],
        )
    if n_above in (0, n):
        return _on_one_side(latent, n_above, threshold, total)
    ranked = np.sort(latent)
    from_threshold = latent - (ranked[n - n_above] + ranked[n - n_above - 1]) / 2
    wanted = log(total / n / threshold)

    def excess(b: float) -> float:
        scaled = b * from_threshold
        return float(np.log(np.exp(scaled - scaled.max()).mean()) + scaled.max() - wanted)

    low = float(minimize_scalar(excess, bounds=(0.0, 20.0), method="bounded").x)
    if excess(low) > 0 or excess(20.0) < 0:
        raise RollError(
            f"{n_above} of {n} villages at or above {threshold:,.0f} yuan do not go with a mean of"
            f" {total / n:,.0f} yuan.",
            fix="In this draw the lowest mean that goes with this share is"
            f" {threshold * exp(excess(low) + wanted):,.0f} yuan. Correct share_above or mean_income.",
            at=["income"],
        )
    b = brentq(excess, low, 20.0, xtol=1e-13)
    result: Floats = threshold * np.exp(b * from_threshold)
    return result


def _on_one_side(latent: Floats, n_above: int, threshold: float, total: float) -> Floats:
    """Incomes that all reach the threshold, or none, with the right total; spread as drawn, or less where they must be."""
    from scipy.optimize import brentq

    n, above = len(latent), n_above > 0
    mean = total / n
    if mean < threshold if above else mean >= threshold:
        word = "all" if above else "none"
        raise RollError(
            f"{n_above} of {n} villages, {word} of them, at or above {threshold:,.0f} yuan do not go with a mean"
            f" of {mean:,.0f} yuan.",
            fix="Correct share_above or mean_income.",
            at=["income"],
        )
    nearest_one = float(latent.min() if above else latent.max())

    def room(b: float) -> float:
        """How far, in log incomes, the nearest village is on the right side."""
        level = log(mean / float(np.exp(b * (latent - nearest_one)).mean()) / threshold)
        return level if above else -level - 1e-9

    b = 1.0 if room(1.0) >= 0 else brentq(room, 0.0, 1.0, xtol=1e-13) * (1 - 1e-9) if room(0.0) > 0 else 0.0
    scaled = np.exp(b * (latent - nearest_one))
    result: Floats = mean * scaled / scaled.mean()
    return np.maximum(result, threshold) if above else result


def _source_shares(p: Parameters, draws: Draws, keys: Keys) -> Floats:
    """Dirichlet shares by source, shape ``(len(SOURCES), n_rows)``."""
    from scipy.special import gammaincinv

    means = np.array([p.share_operating, p.share_rent, p.share_subsidy, p.share_other])
    means /= means.sum()
    u = np.array([draws.uniform(f"income.{source}", keys) for source in SOURCES])
    gammas: Floats = gammaincinv(p.source_concentration * means[:, None], u)
    return gammas / gammas.sum(axis=0)


def _entitlements(p: Parameters, draws: Draws, keys: Keys, income: Floats, members: Ints) -> Floats:
    """Benefits per member [yuan per year], lognormal and correlated with income per member."""
    per_member = np.log(np.maximum(income, 1.0) / np.maximum(members, 1))
    spread = per_member.std()
    z_income = (per_member - per_member.mean()) / (spread if spread > 0 else 1.0)
    rho = p.entitlement_income_correlation
    z = rho * z_income + (1 - rho**2) ** 0.5 * draws.normal("entitlement", keys)
    level = p.entitlement_share * income.sum() / max(int(members.sum()), 1)
    result: Floats = level * np.exp(p.entitlement_sd * z) * exp(-(p.entitlement_sd**2) / 2)
    return result
