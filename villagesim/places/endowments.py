"""People, income, land and debt of every constituent village at the start.

What a user's table gives is kept exactly. Where it gives several years, they say what of a village's income lasts, how fast its
own grows and how noisy it is: what the last year had beyond that fades in the run, and totals stay as they were published. The
rest is drawn from distributions fitted to published totals and shares:
income is lognormal, correlated within a township, higher where more people live and lower where the village vanishes in
the merger; one rank-preserving map then makes the published share above the threshold and the published mean exact.
Where all or no villages lie above it, incomes keep the spread that was drawn, or as much of it as the mean allows. Where a
share without any income was published, these are the lowest by rank, and the others meet mean and share. All this
is what was reported: of the villages nearest above the threshold some may have earned less.

Left out: that rich villages lie together for reasons (roads, the city), and all that happened before the start.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, Keys, sum_by, to_whole
from villagesim.errors import RollError
from villagesim.frozen import Value
from villagesim.languages import marked
from villagesim.parameters import Parameters
from villagesim.places.incomes import fitted, pulled
from villagesim.places.place import Place
from villagesim.places.totals import check_totals
from villagesim.randomness import Draws

SOURCES = ("operating", "rent", "subsidy", "other")
"""Sources of recurrent collective income, in the order of :attr:`Endowment.source_shares`."""
COLUMNS = {
    "residents": marked("number of residents"), "members": marked("number of members"), "income": marked("collective income"),
    "arable": marked("arable land"), "debt": marked("debt"),
}  # fmt: skip
"""What a user's table may give, in words: persons, persons, yuan per year, mu, yuan."""
LASTING = ("lasting", "lasting_error", "growth", "growth_error", "together", "noise", "noise_error")
"""What several years say of a village's income: its lasting level [yuan] with the error of its logarithm, growth beyond that of
all [per year] with its error, the correlation of both errors, and noise beside that of all [ratio], root of its expected square,
with the error of its logarithm."""
SHARES = tuple(f"share_{source}" for source in SOURCES)
"""Parts of a village's income that the table tells by source."""
FADED = 0.05
"""Least income of the last year, in what lasts, from which a deviation is reckoned."""
TOTALS: Mapping[str, dict[str, float]] = {
    "residents": {"most": 2e9}, "mean_income": {"least": 1, "most": 1e12}, "threshold": {"least": 1, "most": 1e12},
    "share_above": {"least": 0, "most": 1}, "arable": {"least": 0, "most": 1e10},
}  # fmt: skip
"""Ends of what is published of a place: no country has more."""


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
    without_income : float
        Villages without any collective income in the year before the start, the lowest of them all [share of villages].
    """

    residents: int
    mean_income: float
    threshold: float
    share_above: float
    arable: float
    counted_after: bool = False
    thresholds: tuple[float, ...] = ()
    without_income: float = 0.0

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
        Residents, and members of the cooperative, who outnumber them [persons].
    income : float
        Collective income of the year before the start, as earned [yuan].
    source_shares : (len(SOURCES), n_rows)
        Its composition by source [share].
    arable, enrollable : float
        Arable land [mu], and how much of it a land trust could farm [share].
    debt : float
        Debt of its account [yuan].
    entitlement, booked : float
        Benefits per member [yuan per year]; reported for that year beyond what was earned [yuan].
    growth, noise : float
        Growth of its income beyond that of all [per year], and its noise beside that of all [ratio].
    lasting : float
        Income that lasts [yuan per year]; by default that of the year before.
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
    growth: Floats | float = 0.0
    noise: Floats | float = 1.0
    lasting: Floats = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self._freeze(lasting=self.income if self.lasting is None else self.lasting)

    @property
    def deviation(self) -> Floats:
        """How far the income of the year before the start lay above what lasts [log points]."""
        some = np.where(self.lasting > 0, self.lasting, 1.0)
        return np.asarray(np.where(self.lasting > 0, np.log(np.maximum(self.income, FADED * some) / some), 0.0))

    def __repr__(self) -> str:
        residents, income = int(self.residents.sum()), float(self.income.sum())
        return (
            f"<endowment of {len(self.income)} villages: {residents:,} residents, {income:,.0f} yuan of income a year>"
        )


def endow(
    place: Place, published: Published, p: Parameters, draws: Draws, table: Mapping[str, Floats] | None = None, *,
    likeliest: bool = True,
) -> Endowment:  # fmt: skip
    """Give every constituent its people, income, land and debt.

    Parameters
    ----------
    table : dict of (n_rows,) arrays, optional
        A user's own figures by column, NaN where there is none: of :data:`COLUMNS`, :data:`LASTING` and :data:`SHARES`.
    likeliest : bool
        What lasts is as expected; else it is drawn, as uncertain as it is.

    Raises
    ------
    RollError
        Where the user's figures and the published totals cannot both be true.
    """
    if place.shares is not None:
        return _parted(endow(place.whole, published, p, draws, table, likeliest=likeliest), place, place.shares)
    keys, n = place.before.keys, len(place.before)
    given = {name: np.full(n, np.nan) for name in (*COLUMNS, *LASTING, *SHARES)} | dict(table or {})
    check_totals(
        given, residents=published.residents, arable=published.arable, mean_income=published.mean_income,
        threshold=published.threshold, share_above=published.share_above, counted_after=published.counted_after,
    )  # fmt: skip
    weights = np.exp(p.residents_sd * draws.normal("residents", keys))
    residents = to_whole(_shared_out(weights, given["residents"], published.residents))
    members = np.where(
        np.isnan(given["members"]), np.round(p.members_per_resident * residents), given["members"]
    ).astype(np.int64)
    reported = _incomes(place, published, p, draws, residents, given)
    income = _earned(reported, published.threshold, p, draws, keys)
    arable_weights = np.maximum(residents, 1) * np.exp(p.arable_sd * draws.normal("arable", keys))
    arable = _shared_out(arable_weights, given["arable"], published.arable)
    flatness = draws.uniform("terrain", np.array([int(code) for code in place.townships]))[place.township]
    has_debt = draws.uniform("debt.some", keys) >= p.share_without_debt
    size = np.exp(p.debt_sd * draws.normal("debt.size", keys) - p.debt_sd**2 / 2)
    debt = np.where(has_debt, p.debt_mean / (1 - p.share_without_debt) * size, 0.0)
    return Endowment(
        place=place,
        residents=residents,
        members=members,
        income=income,
        source_shares=_source_shares(p, draws, keys, [given[name] for name in SHARES]),
        arable=arable,
        enrollable=p.enrollable_low + (p.enrollable_high - p.enrollable_low) * flatness,
        debt=np.where(np.isnan(given["debt"]), debt, given["debt"]),
        entitlement=_entitlements(p, draws, keys, income, members),
        booked=reported - income,
        **_lasting(given, reported, income, draws, keys, likeliest),
    )


def _parted(whole: Endowment, place: Place, shares: Floats) -> Endowment:
    """Share out among its parts what a village has that will be split; persons are whole, the first part has the rest."""
    row, first = np.unique(place.committee, return_inverse=True)[1].ravel(), place.committee == np.arange(len(shares))
    n = len(shares)

    def persons(of: Ints) -> Ints:
        later = np.where(first, 0, np.floor(of[row] * shares)).astype(np.int64)
        return np.where(first, of[row] - sum_by(place.committee, later, n).astype(np.int64), later)

    parts = {name: getattr(whole, name)[row] * shares for name in ("income", "arable", "debt", "booked", "lasting")}
    same = {name: getattr(whole, name)[row] for name in ("enrollable", "entitlement")}
    of_income = {name: np.broadcast_to(getattr(whole, name), (len(whole.income),))[row] for name in ("growth", "noise")}
    return Endowment(
        place=place, residents=persons(whole.residents), members=persons(whole.members),
        source_shares=whole.source_shares[:, row], **parts, **same, **of_income,
    )  # fmt: skip


def _shared_out(weights: Floats, given: Floats, total: float) -> Floats:
    """Keep what is given and share the remainder of the total out by weights."""
    free = np.isnan(given)
    result = given.copy()
    if free.any():
        remainder = total - given[~free].sum()
        result[free] = weights[free] * (max(remainder, 0.0) / weights[free].sum())
    return result


def _incomes(
    place: Place, published: Published, p: Parameters, draws: Draws, residents: Ints, table: Mapping[str, Floats]
) -> Floats:
    keys, given = place.before.keys, table["income"]
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
        told = np.isfinite(table["lasting"]).any()
        drawn, variance = _near_other_years(table, latent, p, own) if told else (latent, latent)
        none = _without_income(published, drawn, given)
        income[none] = 0.0
        left = free & ~none
        if told:
            with _told_by_other_years(np.where(left, np.exp(drawn), income), published.threshold):
                income[left] = pulled(drawn[left], variance[left], n_above, published.threshold, total)
        else:
            income[left] = fitted(latent[left], n_above, published.threshold, total)
    if published.counted_after and free.any():
        income[free] *= _scale_counted_after(place, published, income, free)
    return income


def _without_income(published: Published, drawn: Floats, given: Floats) -> Bools:
    """Villages that have none: of those that no figure is given for the lowest, as many as are missing."""
    free = np.flatnonzero(np.isnan(given))
    n = max(round(published.without_income * len(drawn)) - int((given == 0).sum()), 0)
    if n >= len(free):
        raise RollError(
            f"{n} villages should be without income, and {len(free)} have no figure of their own.",
            fix="Correct without_income, or the table.",
            at=["income"],
        )
    none = np.zeros(len(drawn), bool)
    none[free[np.argsort(drawn[free], kind="stable")[:n]]] = True
    return none


def _near_other_years(
    table: Mapping[str, Floats], latent: Floats, p: Parameters, luck: Floats
) -> tuple[Floats, Floats]:
    """Log incomes near those of other years, with the error that these leave, and its variance; others spread around them."""
    told = np.nan_to_num(table["lasting"]) > 0
    logs = np.log(np.where(told, table["lasting"], 1.0))
    error = np.where(told, table["lasting_error"], p.income_sd)
    around = logs[told].mean() if told.any() else 0.0
    return np.where(told, logs + error * luck, around + latent), np.maximum(error, 0.01) ** 2


@contextmanager
def _told_by_other_years(incomes: Floats, threshold: float) -> Iterator[None]:
    """Say in a refusal what figures of other years would make of the totals."""
    try:
        yield
    except RollError as problem:
        mean, share = incomes.mean(), (incomes >= threshold).mean()
        told = f" Other years tell of a mean_income of about {mean:,.0f} and a share_above of {share:.3f}."
        raise RollError(problem.rule, fix=problem.fix + told, at=problem.at) from None


def _lasting(
    table: Mapping[str, Floats], reported: Floats, income: Floats, draws: Draws, keys: Keys, likeliest: bool
) -> dict[str, Floats]:
    """What lasts of each village's income, its own growth and noise; nothing where no village has several years."""
    if not np.isfinite(table["growth"]).any():
        return {}
    known = np.isfinite(table["income"]) & np.isfinite(table["lasting"])
    level, growth = np.where(known, table["lasting"], reported), np.nan_to_num(table["growth"])
    noise = np.where(np.isfinite(table["noise"]), table["noise"], 1.0)
    if not likeliest:
        luck, other = draws.normal("lasting", keys), draws.normal("growth", keys)
        rho = np.nan_to_num(table["together"])
        level = level * np.exp(np.where(known, table["lasting_error"], 0.0) * luck)
        growth = growth + np.nan_to_num(table["growth_error"]) * (rho * luck + np.sqrt(1 - rho**2) * other)
        error = np.nan_to_num(table["noise_error"])
        noise = noise * np.exp(error * draws.normal("noise", keys) - error**2)
    earned = np.divide(income, reported, out=np.ones(len(income)), where=reported > 0)
    return {"lasting": level * earned, "growth": growth, "noise": noise}


def _earned(reported: Floats, threshold: float, p: Parameters, draws: Draws, keys: Keys) -> Floats:
    """What was earned of reported incomes: of villages at or above the threshold some, the nearest, booked their way there."""
    above = np.flatnonzero(reported >= threshold)
    nearest = above[np.lexsort((keys[above], reported[above]))][: round(p.booked_start * len(above))]
    earned = reported.copy()
    earned[nearest] /= 1 + p.booked_start_most * draws.uniform("booked_start", keys[nearest])
    return earned


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


def _source_shares(p: Parameters, draws: Draws, keys: Keys, given: Sequence[Floats]) -> Floats:
    """Shares by source, ``(len(SOURCES), n_rows)``: Dirichlet; what is given is kept, and the others share the rest."""
    from scipy.special import gammaincinv

    means = np.array([p.share_operating, p.share_rent, p.share_subsidy, p.share_other])
    means /= means.sum()
    u = np.array([draws.uniform(f"income.{source}", keys) for source in SOURCES])
    gammas: Floats = gammaincinv(p.source_concentration * means[:, None], u)
    told = np.array(given)
    free = np.isnan(told)
    if free.all():
        return gammas / gammas.sum(axis=0)
    drawn, known = np.where(free, gammas, 0.0), np.where(free, 0.0, told)
    rest = np.where(free.any(axis=0), np.maximum(1 - known.sum(axis=0), 0.0), 0.0)
    shares: Floats = known + drawn * (rest / np.where(free.any(axis=0), drawn.sum(axis=0), 1.0))
    return shares / shares.sum(axis=0)


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
