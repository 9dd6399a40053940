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
from datetime import date
from functools import cache, partial
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from villagesim.agents.land_trusts import TrustOffer
from villagesim.agents.settlement import Season, Settlement, expected_dividend, next_log_price, season, settle
from villagesim.arrays import Bools, Floats, Ints, logistic, sum_by
from villagesim.component import Column
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.frozen import frozen
from villagesim.parameters.land_trust import PARAMETERS
from villagesim.process import Process

SETTLEMENT = (10, 5)
"""Month and day of the yearly settlement. Source: assumption (after the maize harvest)."""
TERMS = ("household_floor", "collective_floor", "split", "households_first", "by_member", "gross")
"""Terms of an offer that become columns of a contract."""


class LandTrusts(Process):
    """All land trusts of the county."""

    parameters = PARAMETERS
    owns = (
        "world.log_price", "world.settlements", "residents.unpaid_floors",
        *(
            f"land_trusts.{column}"
            for column in (
                "fear", "enrolled", "mu_years", "standing", "n_operators", "n_defaults", "reserve", "equity",
                "lead", *TERMS,
            )
        ),
    )  # fmt: skip
    takes = ("world.trust_offers",)
    deposits = (
        "members.trust_shock", "residents.welfare_paid", "cooperatives.trust_income", "cooperatives.trust_costs",
    )  # fmt: skip
    offers = ("trust_demand",)
    columns = (
        Column(
            name="enrolled", meaning="land in trust", unit="mu", per="constituent", kind="level",
            read="world.land_trusts.enrolled", domain=NOT_NEGATIVE,
        ),
        Column(
            name="standing", meaning="an operator farms the land in trust", unit="0 or 1", per="constituent",
            kind="level", whole=True, read=lambda process: process.standing(),
        ),
        Column(
            name="dividend", meaning="dividends of land trusts to households", unit="yuan", per="constituent", kind="flow",
            domain=NOT_NEGATIVE,
        ),
        Column(
            name="n_operators", meaning="operators of land trusts so far", unit="count", per="trust", kind="level",
            read="world.land_trusts.n_operators", whole=True,
        ),
        Column(
            name="n_defaults", meaning="operators that defaulted so far", unit="count", per="trust", kind="level",
            read="world.land_trusts.n_defaults", whole=True,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.dividend = np.zeros(world.n_rows)
        self.own_money = np.zeros(world.n_rows)
        self.defaulted: dict[int, Event] = {}
        self.wanted: dict[str, Floats] = {}
        self.allied: dict[str, Bools] = {}
        self.expected_dividend = cache(partial(expected_dividend, world.p))
        world.calendar.declare("harvest", "land_trust", self.farm)
        world.calendar.declare("births", "land_trust", self.enrol)
        if world.merging and world.timetable.decree is not None:
            world.calendar.declare("decree", "land_trust", lambda month: self.regroup(), (world.timetable.decree,))

    def operating(self, row: int, label: str) -> Generator[Event, None, None]:
        """One trust's story: an operator takes over, farms until it defaults, and another one is sought."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        while not trusts.standing[trust := int(trusts.lead[row])]:
            self.take_over(trust, label)
            self.defaulted[trust] = Event(world.env)
            yield self.defaulted[trust]
            number = int(trusts.n_operators[trusts.lead[row]])
            idle, wait = world.draws.uniform("land_trust.tender", world.keys[row], number, [0, 1]).tolist()
            if idle < p.idle_after_default:
                yield world.env.timeout(p.idle_years * DAYS_A_YEAR)
            yield world.env.timeout(-log(wait) * DAYS_A_YEAR / p.tender_rate)

    def take_over(self, trust: int, label: str) -> None:
        """A new operator signs the terms on offer and puts up its own money."""
        trusts, terms = self.world.land_trusts, self.world.trust_offers[label].terms
        trusts.standing[trust] = True
        trusts.n_operators[trust] += 1
        for name in TERMS:
            getattr(trusts, name)[trust] = getattr(terms, name)
        self.own_money[trust] = self.world.p.operator_equity * float(trusts.enrolled[trusts.lead == trust].sum())
        trusts.equity[trust] = self.own_money[trust]

    def trust_demand(self, label: str, month: Month) -> float:
        """Land that households would bring in in the coming month under this offer [mu]."""
        self.wanted[label] = self._joining(label, month)
        return float(self.wanted[label].sum())

    def standing(self) -> Bools:
        """Constituents whose trust has an operator, ``(n_rows,)``."""
        return self.world.land_trusts.standing[self.world.land_trusts.lead]

    def enrol(self, month: Month) -> None:
        """Let households join, as far as the roll-out is paid for; the operator puts up money for the new land."""
        world, trusts = self.world, self.world.land_trusts
        self.regroup()
        for label in sorted(world.trust_offers):
            share = world.trust_offers[label].paid_share
            if not share:
                continue
            new = self.wanted[label] * share
            trusts.enrolled += new
            by_trust = self.by_trust(new)
            first = np.flatnonzero((by_trust > 0) & (trusts.n_operators == 0))
            money = np.where(trusts.standing, world.p.operator_equity * by_trust, 0.0)
            self.own_money += money
            trusts.equity += money
            for trust in first.tolist():
                world.process(self.operating(trust, label))

    def farm(self, month: Month) -> None:
        """Count the land farmed in the month; settle the year when the month of the settlement is closed."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        self.dividend = np.zeros(world.n_rows)
        trusts.mu_years += trusts.enrolled * trusts.standing[trusts.lead] * month.years
        trusts.fear[:] = p.feared_default + (trusts.fear - p.feared_default) * np.exp(-month.years / p.fear_memory)
        if month.key % 12 + 1 == SETTLEMENT[0]:
            world.log_price = next_log_price(p, world.draws, month.year, world.log_price)
            world.residents.unpaid_floors[:] = 0.0
            if trusts.mu_years.any():
                self.settle_year(month, world.log_price)

    def settle_year(self, month: Month, log_price: float) -> None:
        """Settle all trusts, pay out, and let those operators go that cannot pay."""
        p, trusts = self.world.p, self.world.land_trusts
        area = self.by_trust(trusts.mu_years)
        n = np.flatnonzero(trusts.standing & (area > 0))
        harvest = self.harvest(month.year, log_price, area)
        result = settle(
            p, Season(harvest.revenue[n], harvest.insured[n]), area[n], trusts.household_floor[n],
            trusts.collective_floor[n], trusts.split[n], trusts.reserve[n], trusts.equity[n], self.own_money[n],
            p.reserve_cap * self.by_trust(trusts.enrolled)[n],
        )  # fmt: skip
        trusts.reserve[n], trusts.equity[n] = result.reserve, result.equity
        self.pay_out(n, area, result)
        self.note(month, log_price, n, area[n], result)
        trusts.mu_years[:] = 0.0
        for trust in n[result.defaulted].tolist():
            self.default(trust)

    def harvest(self, year: int, log_price: float, area: Floats) -> Season:
        """Yields are the village's own; an operator of several villages gets their mean, by land."""
        world, trusts = self.world, self.world.land_trusts
        farmed = world.by_village(trusts.mu_years)
        villages = np.flatnonzero(farmed > 0)
        own = season(world.p, world.draws, world.keys[villages], year, log_price)
        mean = [
            sum_by(trusts.lead[villages], values * farmed[villages], world.n_rows) / np.where(area > 0, area, 1.0)
            for values in (own.revenue, own.insured)
        ]
        return Season(*mean)

    def note(self, month: Month, log_price: float, n: Ints, area: Floats, result: Settlement) -> None:
        """Keep the settlement for the tables."""
        world = self.world
        since_start = month.key - world.calendar.months[0].key
        world.settlements.append(
            frozen({"year": month.year, "month": since_start, "villages": n, "area": area, "result": result})
        )
        day = (date(month.year, *SETTLEMENT) - world.timetable.start).days
        world.log("season_settled", day=day, trusts=len(n), log_price=round(log_price, 6))

    def pay_out(self, n: Ints, area: Floats, result: Settlement) -> None:
        """Pay floors and dividends to those who brought land in; members thank, or do not forgive."""
        world, trusts = self.world, self.world.land_trusts
        to_households, to_collective = self.floors_paid(n, area[n], result)
        owed = trusts.household_floor[n] * area[n]
        columns = np.zeros((5, world.n_rows))
        unpaid, dividend, collective, turnover, welfare = columns
        unpaid[n] = 1 - np.where(owed > 0, to_households / np.where(owed > 0, owed, 1.0), 1.0)
        dividend[n], collective[n], welfare[n] = result.household, to_collective + result.collective, result.welfare
        turnover[n] = np.where(trusts.gross[n], result.revenue + result.insured, collective[n])
        lead = trusts.lead
        by_land = trusts.mu_years / np.where(area > 0, area, 1.0)[lead]
        members = world.endowment.members * (trusts.mu_years > 0)
        by_member = members / np.maximum(self.by_trust(members), 1.0)[lead]
        self.dividend = dividend[lead] * np.where(trusts.by_member[lead], by_member, by_land)
        world.residents.welfare_paid += welfare[lead] * by_land
        world.cooperatives.trust_income += turnover[lead] * by_land
        world.cooperatives.trust_costs += (turnover - collective)[lead] * by_land
        enrolled_share = trusts.enrolled / np.maximum(world.endowment.arable, 1e-9)
        world.residents.unpaid_floors[:] = enrolled_share * unpaid[lead]
        paid = (self.dividend > 0) * world.p.dividend_trust
        world.members.trust_shock += enrolled_share * (paid + unpaid[lead] * world.p.shortfall_trust)

    def floors_paid(self, n: Ints, area: Floats, result: Settlement) -> tuple[Floats, Floats]:
        """What households and collectives get of their floors: in proportion, or households first [yuan]."""
        trusts = self.world.land_trusts
        owed = trusts.household_floor[n] * area
        households = np.where(
            trusts.households_first[n], np.minimum(owed, result.floors_paid), owed * result.paid_share
        )
        return households, result.floors_paid - households

    def default(self, trust: int) -> None:
        """The operator leaves, some households take their land back, the villages and their neighbours take fright."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        rows = trusts.lead == trust
        near = world.place.township == world.place.township[trust]
        trusts.standing[trust] = False
        trusts.n_defaults[trust] += 1
        trusts.enrolled[rows] *= 1 - p.leave_after_default
        step = np.where(rows, p.fear_of_own_default, np.where(near, p.fear_of_near_default, 0.0))
        trusts.fear += step * (1 - trusts.fear)
        self.own_money[trust] = 0.0
        world.log("operator_defaulted", trust, number=int(trusts.n_operators[trust]))
        self.defaulted[trust].succeed()

    def regroup(self) -> None:
        """Say which trust every constituent belongs to; where trusts become one, the operator with most land takes over."""
        world, trusts = self.world, self.world.land_trusts
        lead = world.village_of.copy()
        for label, offer in sorted(world.trust_offers.items()):
            if offer.terms.alliance and offer.begun:
                if label not in self.allied:  # who is allied stays so
                    self.allied[label] = self._rows_of(label, offer) & ~np.any([*self.allied.values()], axis=0)
                rows = self.allied[label]
                first = np.full(len(world.place.townships), world.n_rows)
                np.minimum.at(first, world.place.township[rows], world.village_of[rows])
                lead[rows] = first[world.place.township[rows]]
        if (lead == trusts.lead).all():
            return
        trusts.lead[:] = lead
        land = trusts.enrolled * trusts.standing
        for trust in np.flatnonzero(self.by_trust(trusts.n_operators) > 0).tolist():
            self.merge_trusts(trust, np.flatnonzero(lead == trust), land)

    def merge_trusts(self, trust: int, rows: Ints, land: Floats) -> None:
        """Bring the money of several trusts together under the operator with most land."""
        trusts = self.world.land_trusts
        largest = int(rows[np.argmax(land[rows])])
        standing = bool(trusts.standing[largest])
        for column in (trusts.reserve, trusts.equity, self.own_money, trusts.n_operators, trusts.n_defaults):
            total = column[rows].sum()
            column[rows] = 0
            column[trust] = total
        for name in TERMS:
            getattr(trusts, name)[trust] = getattr(trusts, name)[largest]
        trusts.standing[rows] = False
        trusts.standing[trust] = standing
        if standing:
            self.defaulted[trust] = self.defaulted[largest]

    def by_trust(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each trust, at its row."""
        return sum_by(self.world.land_trusts.lead, values, self.world.n_rows)

    def _joining(self, label: str, month: Month) -> Floats:
        """Land by constituent that households would bring in [mu]."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        offer = world.trust_offers[label]
        there = (trusts.n_operators == 0) | trusts.standing
        reached = self._rows_of(label, offer) & there[trusts.lead] & ~world.committees.community
        enrollable = world.endowment.enrollable * world.endowment.arable
        joined = world.by_village(trusts.enrolled) / np.maximum(world.by_village(enrollable), 1e-9)
        worth = offer.terms.household_floor * (1 - trusts.fear) + self.expected_dividend(offer.terms)
        leaning = logistic((worth - trusts.outside_option) / p.enrolment_scale)
        rate = (
            (p.enrolment_rate + p.enrolment_imitation * joined[world.village_of])
            * leaning
            * p.enrolment_trust
            * world.members.trust
        )
        wanting = np.maximum(enrollable - trusts.enrolled, 0.0) * (1 - np.exp(-rate * month.years))
        return wanting * reached

    def _rows_of(self, label: str, offer: TrustOffer) -> Bools:
        """Rows that this offer reaches; where several with money do, the first by label."""
        rows = offer.rows.copy()
        for other, rival in self.world.trust_offers.items():
            if other < label and rival.has_money():
                rows &= ~rival.rows
        return rows
