"""Land trusts with two guarantees and one dividend (两保底一分红, equation E3).

Households bring land in when the floor and the expected dividend, less their fear of a default, beat what their own land
gives, and the more of their neighbours have done so. An operator farms it, owes both floors in any case, shares a surplus
and bears a loss: first from the trust's reserve, then from its own money, then by default. Prices and weather are common,
so defaults come in clusters. Two harvests, wheat and maize, are settled together every year on 5 October and booked
when the month is closed.

The reading of the term (a floor to households, a floor to the collective) and all terms are assumptions. Left out:
operators' skill, and side-selling.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from simpy import Event

from villagesim.agents.land_trusts import Terms
from villagesim.arrays import Bools, Floats, Ints
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.parameters import Parameters
from villagesim.randomness import Draws
from villagesim.world import TrustOffer, World

SETTLEMENT = (10, 5)
"""Month and day of the yearly settlement. Source: assumption (after the maize harvest)."""
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
    household, collective, welfare : shares in the surplus of households, of the collective, of old and young
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
    reserve: Floats
    reserve_change: Floats
    equity: Floats
    operator_result: Floats
    defaulted: Bools

    @property
    def dividends(self) -> Floats:
        """All that is shared out above the floors, the operator's share left out."""
        return self.household + self.collective + self.welfare


def season(p: Parameters, draws: Draws, keys: Ints, year: int, log_price: float) -> Season:
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


def expected_dividend(p: Parameters, terms: Terms) -> float:
    """Household dividend that can be expected from the terms [yuan per mu and year], the surplus taken as normal."""
    from scipy.special import ndtr

    sales = [p[kg].value * (1 + p.trust_yield_gain) * p[price].value for kg, price, _ in CROPS.values()]
    mean = sum(sales) - cost_per_mu(p) - p.insurance_premium - terms.floors
    yield_variance = p.county_yield_sd**2 + p.village_yield_sd**2
    sd = (sum(sales) ** 2 * p.price_sd**2 + sum(sale**2 for sale in sales) * yield_variance) ** 0.5
    density = float(np.exp(-((mean / sd) ** 2) / 2) / (2 * np.pi) ** 0.5)
    surplus = mean * float(ndtr(mean / sd)) + sd * density
    return terms.split[0] * (1 - p.reserve_share) * surplus


def settle(
    p: Parameters, harvest: Season, area: Floats, household_floor: Floats, collective_floor: Floats, split: Floats,
    reserve: Floats, equity: Floats, own_money: Floats, reserve_cap: Floats,
) -> Settlement:  # fmt: skip
    """Settle one year of every trust.

    Parameters
    ----------
    area : (n,) [mu x years]
    household_floor, collective_floor : (n,) [yuan per mu]
    split : (n, 4)
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
    household, collective, operator, welfare = (rest * part for part in split.T)
    kept = np.minimum(p.equity_refill_share * operator, np.maximum(2 * own_money - equity, 0.0))
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
        reserve=reserve + into_reserve - from_reserve,
        reserve_change=into_reserve - from_reserve,
        equity=np.where(defaulted, 0.0, equity + kept - from_equity),
        operator_result=operator - from_equity - uncovered,
        defaulted=defaulted,
    )  # fmt: skip


class LandTrust:
    """All land trusts of the county."""

    writes = (
        "world.trust_demand",
        *(
            f"land_trusts.{column}"
            for column in (
                "fear", "enrolled", "mu_years", "standing", "n_operators", "n_defaults", "reserve", "equity",
                "household_floor", "collective_floor", "split",
            )
        ),
    )  # fmt: skip

    def __init__(self, world: World) -> None:
        self.world = world
        self.log_price: float | None = None
        self.dividend = np.zeros(world.n_rows)
        self.own_money = np.zeros(world.n_rows)
        self.defaulted: dict[int, Event] = {}
        self.wanted: dict[str, Floats] = {}
        world.trust_demand = self.demand
        t = world.land_trusts
        world.record(
            enrolled=lambda: t.enrolled, standing=lambda: t.standing, dividend=lambda: self.dividend,
            n_operators=lambda: t.n_operators, n_defaults=lambda: t.n_defaults,
        )  # fmt: skip
        world.calendar.declare("harvest", "land_trust", self.farm)
        world.calendar.declare("births", "land_trust", self.enrol)
        if world.merging and world.timetable.decree is not None:
            world.calendar.declare("decree", "land_trust", self.join_trusts, (world.timetable.decree,))

    def operating(self, row: int, label: str) -> Generator[Event, None, None]:
        """One village's trust: an operator takes over, farms until it defaults, and another one is sought."""
        world, p = self.world, self.world.p
        while not world.land_trusts.standing[village := int(world.village_of[row])]:
            self.take_over(village, label)
            self.defaulted[village] = Event(world.env)
            yield self.defaulted[village]
            number = int(world.land_trusts.n_operators[world.village_of[row]])
            idle, wait = world.draws.uniform("land_trust.tender", world.keys[row], number, [0, 1]).tolist()
            if idle < p.idle_after_default:
                yield world.env.timeout(DAYS_A_YEAR)
            yield world.env.timeout(-log(wait) * DAYS_A_YEAR / p.tender_rate)

    def take_over(self, village: int, label: str) -> None:
        """A new operator signs the terms on offer and puts up its own money."""
        trusts, terms = self.world.land_trusts, self.world.trust_offers[label].terms
        self.world.land_trusts.standing[village] = True
        self.world.land_trusts.n_operators[village] += 1
        self.world.land_trusts.household_floor[village] = terms.household_floor
        self.world.land_trusts.collective_floor[village] = terms.collective_floor
        self.world.land_trusts.split[village] = terms.split
        area = float(trusts.enrolled[self.world.village_of == village].sum())
        self.own_money[village] = self.world.p.operator_equity * area
        self.world.land_trusts.equity[village] = self.own_money[village]

    def demand(self, label: str, month: Month) -> float:
        """Land that households would bring in in the coming month under this offer [mu]."""
        self.wanted[label] = self._joining(label, month)
        return float(self.wanted[label].sum())

    def enrol(self, month: Month) -> None:
        """Let households join, as far as the roll-out is paid for; the operator puts up money for the new land."""
        world, trusts = self.world, self.world.land_trusts
        for label in sorted(world.trust_offers):
            share = world.trust_offers[label].paid_share
            if not share:
                continue
            new = self.wanted[label] * share
            self.world.land_trusts.enrolled[:] += new
            by_village = world.by_village(new)
            first = np.flatnonzero((by_village > 0) & (trusts.n_operators == 0))
            money = np.where(trusts.standing, world.p.operator_equity * by_village, 0.0)
            self.own_money += money
            self.world.land_trusts.equity[:] += money
            for village in first.tolist():
                world.env.process(self.operating(village, label))

    def farm(self, month: Month) -> None:
        """Count the land farmed in the month; settle the year when the month of the settlement is closed."""
        world, p = self.world, self.world.p
        trusts = world.land_trusts
        self.dividend = np.zeros(world.n_rows)
        self.world.land_trusts.mu_years[:] += trusts.enrolled * trusts.standing[world.village_of] * month.years
        self.world.land_trusts.fear[:] = p.feared_default + (trusts.fear - p.feared_default) * np.exp(
            -month.years / p.fear_memory
        )
        if month.key % 12 + 1 == SETTLEMENT[0]:
            self.log_price = next_log_price(p, world.draws, month.year, self.log_price)
            if trusts.mu_years.any():
                self.settle_year(month)

    def settle_year(self, month: Month) -> None:
        """Settle all trusts, pay out, and let those operators go that cannot pay."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        area = world.by_village(trusts.mu_years)
        villages = np.flatnonzero(trusts.standing & (area > 0))
        assert self.log_price is not None
        harvest = season(p, world.draws, world.keys[villages], month.year, self.log_price)
        enrolled = world.by_village(trusts.enrolled)
        result = settle(
            p, harvest, area[villages], trusts.household_floor[villages], trusts.collective_floor[villages],
            trusts.split[villages], trusts.reserve[villages], trusts.equity[villages], self.own_money[villages],
            p.reserve_cap * enrolled[villages],
        )  # fmt: skip
        self.world.land_trusts.reserve[villages] = result.reserve
        self.world.land_trusts.equity[villages] = result.equity
        self.pay_out(villages, area, result)
        world.settlements.append(
            {
                "year": month.year,
                "month": month.key - world.calendar.months[0].key,
                "villages": villages,
                "area": area[villages],
                "result": result,
            }
        )
        day = (date(month.year, *SETTLEMENT) - world.timetable.start).days
        world.events.append(
            (day, "season_settled", -1, {"trusts": len(villages), "log_price": round(self.log_price, 6)})
        )
        self.world.land_trusts.mu_years[:] = 0.0
        for village in villages[result.defaulted].tolist():
            self.default(village)

    def pay_out(self, villages: Ints, area: Floats, result: Settlement) -> None:
        """Pay floors and dividends by land brought in; members thank, or do not forgive."""
        world, trusts = self.world, self.world.land_trusts
        collective, household, unpaid = np.zeros((3, world.n_rows))
        collective[villages] = (
            trusts.collective_floor[villages] * area[villages] * result.paid_share + result.collective
        )
        household[villages] = result.household
        unpaid[villages] = 1 - result.paid_share
        part = trusts.mu_years / np.where(area > 0, area, 1.0)[world.village_of]
        self.dividend = household[world.village_of] * part
        world.cooperatives.trust_income += collective[world.village_of] * part
        enrolled_share = trusts.enrolled / np.maximum(world.endowment.arable, 1e-9)
        paid = (self.dividend > 0) * world.p.dividend_trust
        world.members.trust_shock += enrolled_share * (paid + unpaid[world.village_of] * world.p.shortfall_trust)

    def default(self, village: int) -> None:
        """The operator leaves, some households take their land back, the village and its neighbours take fright."""
        world, p = self.world, self.world.p
        rows = world.village_of == village
        near = world.place.township == world.place.township[village]
        self.world.land_trusts.standing[village] = False
        self.world.land_trusts.n_defaults[village] += 1
        self.world.land_trusts.enrolled[rows] *= 1 - p.leave_after_default
        fear = world.land_trusts.fear
        step = np.where(rows, p.fear_of_own_default, np.where(near, p.fear_of_near_default, 0.0))
        self.world.land_trusts.fear[:] = fear + step * (1 - fear)
        self.own_money[village] = 0.0
        world.log("operator_defaulted", village, number=int(world.land_trusts.n_operators[village]))
        self.defaulted[village].succeed()

    def join_trusts(self, month: Month) -> None:
        """Under the decree the operator with most land takes over the trusts of the village's other parts."""
        world, trusts = self.world, self.world.land_trusts
        land = trusts.enrolled * trusts.standing
        for village in np.flatnonzero(world.by_village(trusts.n_operators) > 0).tolist():
            rows = np.flatnonzero(world.village_of == village)
            lead = int(rows[np.argmax(land[rows])])
            for column in (trusts.reserve, trusts.equity, self.own_money, trusts.n_operators, trusts.n_defaults):
                total = column[rows].sum()
                column[rows] = 0
                column[village] = total
            for terms in (trusts.household_floor, trusts.collective_floor, trusts.split):
                terms[village] = terms[lead]
            standing = bool(trusts.standing[lead])
            trusts.standing[rows] = False
            trusts.standing[village] = standing
            if standing:
                self.defaulted[village] = self.defaulted[lead]

    def _joining(self, label: str, month: Month) -> Floats:
        """Land by constituent that households would bring in [mu]."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        offer = world.trust_offers[label]
        there = (trusts.n_operators == 0) | trusts.standing
        reached = self._rows_of(label, offer) & there[world.village_of]
        enrollable = world.endowment.enrollable * world.endowment.arable
        joined = world.by_village(trusts.enrolled) / np.maximum(world.by_village(enrollable), 1e-9)
        worth = offer.terms.household_floor * (1 - trusts.fear) + expected_dividend(p, offer.terms)
        leaning = 1 / (1 + np.exp(-(worth - trusts.outside_option) / p.enrolment_scale))
        rate = (p.enrolment_rate + p.enrolment_imitation * joined[world.village_of]) * leaning * 2 * world.members.trust
        wanting = np.maximum(enrollable - trusts.enrolled, 0.0) * (1 - np.exp(-rate * month.years))
        return wanting * reached

    def _rows_of(self, label: str, offer: TrustOffer) -> Bools:
        """Rows that this offer reaches; where several open ones do, the first by label."""
        rows = offer.rows.copy()
        for other, rival in self.world.trust_offers.items():
            if other < label and rival.open:
                rows &= ~rival.rows
        return rows
