"""A year of a land trust in money: harvests, prices, insurance, floors, reserve, own money (equations E3 and E18).

Pure functions of parameters and keyed draws; who farms what is the process's affair.
"""

from dataclasses import dataclass, fields

import numpy as np

from villagesim.agents.land_trusts import LandTrustColumns
from villagesim.agents.secretaries import reference_skill
from villagesim.arrays import Bools, Floats, Ints, Keys, rows_where
from villagesim.parameters import Parameters
from villagesim.randomness import Draws

CROPS = {
    "wheat": ("wheat_yield", "wheat_price", "wheat_cover"),
    "maize": ("maize_yield", "maize_price", "maize_cover"),
}
"""Names of the mean yield, the mean price and the sum insured of each crop."""


@dataclass(frozen=True, eq=False)
class Season:
    """Yields and prices of one year in every village, before and after trusteeship.

    Attributes
    ----------
    revenue, insured : (n,) sold, and paid by the insurance [yuan per mu]
    """

    revenue: Floats
    insured: Floats


@dataclass(frozen=True, eq=False)
class Settlement:
    """One year's account of every trust, arrays of shape ``(n,)`` [yuan].

    ``revenue + insured = cost + premium + floors_paid + dividends + reserve_change + operator_result`` holds to the cent.

    Attributes
    ----------
    surplus : left after cost, premium and floors; a loss where negative
    paid_share : part of the floors that was paid, 0 to 1
    household, collective, welfare, station : shares in the surplus of households, of the collective, of old and young, of the
        service station; the collective bears a loss of own farming
    reserve, equity : after the settlement
    operator_result : what the operator gains or loses, its equity included
    defaulted : the operator could not pay the floors
    """

    revenue: Floats
    insured: Floats
    cost: Floats
    premium: Floats
    surplus: Floats
    floors_paid: Floats
    paid_share: Floats
    household: Floats
    collective: Floats
    welfare: Floats
    station: Floats
    reserve: Floats
    reserve_change: Floats
    equity: Floats
    operator_result: Floats
    defaulted: Bools

    @property
    def dividends(self) -> Floats:
        """All that is shared out above the floors, the operator's share left out."""
        return self.household + self.collective + self.welfare + self.station


def season(p: Parameters, draws: Draws, keys: Keys, year: int, log_price: float) -> Season:
    """Draw the harvests of one year: a shock of the county and one of the village for each crop, one price deviation.

    Yield = mean (1 + gain) e^(county + village - variances / 2); price = mean e^x. The insurance pays below a share of
    the mean yield, in proportion to what is missing.
    """
    revenue, insured = np.zeros(len(keys)), np.zeros(len(keys))
    for crop, (mean_yield, mean_price, cover) in CROPS.items():
        county = p.county_yield_sd * draws.normal(f"yield.{crop}.county", year)
        village = p.village_yield_sd * draws.normal(f"yield.{crop}", keys, year)
        relative = np.exp(county + village - (p.county_yield_sd**2 + p.village_yield_sd**2) / 2)
        kilograms = p[mean_yield].value * (1 + p.trust_yield_gain) * relative
        revenue += kilograms * p[mean_price].value * np.exp(log_price)
        missing = np.maximum(p.insured_yield - relative, 0.0) / p.insured_yield
        insured += p.insurance * p[cover].value * missing
    return Season(revenue, insured)


def next_log_price(p: Parameters, draws: Draws, year: int, before: float | None) -> float:
    """Deviation of log prices: an AR(1) with the stationary spread ``price_sd``; the first year is stationary."""
    shock = float(draws.normal("price", year)[0])
    if before is None:
        return p.price_sd * shock
    return p.price_persistence * before + (1 - p.price_persistence**2) ** 0.5 * p.price_sd * shock


def cost_per_mu(p: Parameters) -> float:
    """Cost of two crops under trusteeship, without land and premium [yuan per mu]."""
    return p.farming_cost * (1 - p.purchased_share * p.purchase_saving)


def own_cost_per_mu(p: Parameters, skill: Floats | float) -> Floats | float:
    """Cost of two crops where the village farms itself, less what a skilled secretary makes of it [yuan per mu]."""
    return (1 + p.own_land_gain) * p.own_cost * cost_per_mu(p) - p.own_skill * (skill - reference_skill(p))


def expected_dividend(
    p: Parameters, floors: Floats | float, share: Floats | float, own: Bools | bool = False, skill: Floats | float = 0.0
) -> Floats:
    """Household dividend that can be expected [yuan per mu and year], the surplus taken as normal.

    Parameters
    ----------
    floors : both guarantees, or the rent [yuan per mu and year]
    share : of the households in the surplus
    own : the village farms itself
    skill : of its secretary
    """
    from scipy.special import ndtr

    sales = [p[kg].value * (1 + p.trust_yield_gain) * p[price].value for kg, price, _ in CROPS.values()]
    land = np.where(own, 1 + p.own_land_gain, 1.0)
    cost = np.where(own, own_cost_per_mu(p, skill), cost_per_mu(p))
    mean = land * sum(sales) - cost - p.insurance_premium - floors
    yield_variance = p.county_yield_sd**2 + p.village_yield_sd**2
    sd = land * (sum(sales) ** 2 * p.price_sd**2 + sum(sale**2 for sale in sales) * yield_variance) ** 0.5
    surplus = mean * ndtr(mean / sd) + sd * np.exp(-((mean / sd) ** 2) / 2) / (2 * np.pi) ** 0.5
    shared: Floats = share * np.where(own, 1.0, 1 - p.reserve_share) * surplus
    return shared


def settle(
    p: Parameters, harvest: Season, area: Floats, household_floor: Floats, collective_floor: Floats, split: Floats,
    reserve: Floats, equity: Floats, own_money: Floats, reserve_cap: Floats,
) -> Settlement:  # fmt: skip
    """Settle one year of every trust that a firm farms.

    Parameters
    ----------
    area : (n,) sown [mu]
    household_floor, collective_floor : (n,) [yuan per mu]
    split : (n, 5)
    reserve, equity, own_money, reserve_cap : (n,)
        In the trust and with its operator now; what the operator started with; where the reserve is full [yuan].
    """
    revenue, insured = harvest.revenue * area, harvest.insured * area
    cost, premium = cost_per_mu(p) * area, p.insurance_premium * area
    floors = (household_floor + collective_floor) * area
    surplus = revenue + insured - cost - premium - floors
    gain, loss = np.maximum(surplus, 0.0), np.maximum(-surplus, 0.0)
    into_reserve = np.minimum(p.reserve_share * gain, np.maximum(reserve_cap - reserve, 0.0))
    rest = gain - into_reserve
    household, collective, operator, welfare, station = (rest * part for part in split.T)
    kept = np.minimum(p.equity_refill_share * operator, np.maximum(p.equity_cap * own_money - equity, 0.0))
    from_reserve = np.minimum(loss, reserve)
    from_equity = np.minimum(loss - from_reserve, equity)
    unpaid = loss - from_reserve - from_equity
    defaulted = unpaid > 0
    floors_paid = np.maximum(floors - unpaid, 0.0)
    uncovered = np.maximum(unpaid - floors, 0.0)  # costs that even unpaid floors do not cover stay with the operator
    with np.errstate(invalid="ignore", divide="ignore"):
        paid_share = np.where(floors > 0, floors_paid / floors, 1.0)
    return Settlement(
        revenue, insured, cost, premium, surplus, floors_paid, paid_share, household, collective, welfare,
        station,
        reserve=reserve + into_reserve - from_reserve,
        reserve_change=into_reserve - from_reserve,
        equity=np.where(defaulted, 0.0, equity + kept - from_equity),
        operator_result=operator - from_equity - uncovered,
        defaulted=defaulted,
    )  # fmt: skip


def settle_own(
    p: Parameters, harvest: Season, area: Floats, rent: Floats, split: Floats, reserve: Floats, equity: Floats, skill: Floats
) -> Settlement:  # fmt: skip
    """Settle one year where the village farms itself: households have their rent in any case, the collective bears a loss.

    A little land is won, as one field needs no ridges. A reserve that a firm has left pays a loss first.

    Parameters
    ----------
    area, rent, split, reserve, equity : as for :func:`settle`
    skill : (n,) of the secretary, 0 to 1
    """
    won = (1 + p.own_land_gain) * area
    revenue, insured = harvest.revenue * won, harvest.insured * won
    cost, premium, floors = own_cost_per_mu(p, skill) * area, p.insurance_premium * area, rent * area
    result = revenue + insured - cost - premium - floors
    gain, loss = np.maximum(result, 0.0), np.maximum(-result, 0.0)
    from_reserve = np.minimum(loss, reserve)
    household, collective, *_ = (gain * part for part in split.T)
    nothing = np.zeros(len(area))
    return Settlement(
        revenue, insured, cost, premium, result, floors, nothing + 1.0, household, collective - (loss - from_reserve),
        welfare=nothing, station=nothing, reserve=reserve - from_reserve, reserve_change=-from_reserve, equity=equity,
        operator_result=nothing, defaulted=np.zeros(len(area), bool),
    )  # fmt: skip


def settle_all(
    p: Parameters, trusts: LandTrustColumns, harvest: Season, area: Floats, own_money: Floats, enrolled: Floats, skill: Floats
) -> tuple[Ints, Settlement]:  # fmt: skip
    """Settle one year of all trusts: rows of those that were sown, firms first, and their settlements.

    Parameters
    ----------
    harvest, area, own_money, enrolled, skill : (n_rows,) by trust
    """
    firms, own = rows_where((area > 0) & ~trusts.own), rows_where((area > 0) & trusts.own)
    of_firms, of_own = (Season(harvest.revenue[n], harvest.insured[n]) for n in (firms, own))
    parts = (
        settle(
            p, of_firms, area[firms], trusts.household_floor[firms], trusts.collective_floor[firms], trusts.split[firms],
            trusts.reserve[firms], trusts.equity[firms], own_money[firms], p.reserve_cap * enrolled[firms],
        ),
        settle_own(
            p, of_own, area[own], trusts.household_floor[own], trusts.split[own], trusts.reserve[own], trusts.equity[own],
            skill[own],
        ),
    )  # fmt: skip
    names = [field.name for field in fields(Settlement)]
    return np.r_[firms, own], Settlement(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
