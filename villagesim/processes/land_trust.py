"""Land trusts with two guarantees and one dividend (两保底一分红, equation E3), and land that the village farms itself (E18).

Once a year, at the opening of November, villages sow. A few begin by themselves, more where a roll-out is paid for; some,
rather under a skilled secretary, farm themselves, else a firm does. At a village's first sowing a part of the land joins, and a
part of the rest every year: more where the floor and the expected dividend, less the fear of a default, beat what households
get from their own land. What is sown stays until the harvest: two crops, settled on 5 October and booked when the month is
closed. So the first income comes a year after a sowing.

A firm owes both floors in any case, shares a surplus and bears a loss: first from the trust's reserve, then from its own
money, then by default. A village that farms itself pays its households a rent and takes gain and loss. Prices and weather are
common, so defaults come in clusters, and in a bad year all villages that farm themselves lose together.

Left out: firms' skill, side-selling, and villages that give up farming.
"""

from collections.abc import Generator
from datetime import date
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from villagesim.agents.adoption import chance_to_begin, contracts, first_land, joining, without_a_trust
from villagesim.agents.land_trusts import Terms, TrustOffer
from villagesim.agents.settlement import Season, Settlement, next_log_price, season, settle_all
from villagesim.arrays import Bools, Floats, Ints, apart, rows_where, some, sum_by
from villagesim.component import Column
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import ANY, NOT_NEGATIVE
from villagesim.frozen import frozen
from villagesim.parameters.land_trust import PARAMETERS
from villagesim.process import Process

SETTLEMENT = (10, 5)
"""Month and day of the yearly settlement. Source: assumption (after the maize harvest)."""
SOWING = 10
"""Month of the sowing, at whose opening it is done: November, counted from 0. Source: S0's two crops a year."""
TERMS = (
    "household_floor", "collective_floor", "split", "households_first", "by_member", "gross", "equity_for_new_land", "own",
)  # fmt: skip
"""Terms of an offer that become columns of a contract."""


class LandTrusts(Process):
    """All land trusts of the county."""

    parameters = PARAMETERS
    owns = (
        "world.log_price", "world.settlements", "residents.unpaid_floors",
        *(
            f"land_trusts.{column}"
            for column in (
                "fear", "begun", "enrolled", "sown", "turnover", "standing", "n_operators", "n_defaults", "reserve",
                "equity", "lead", *TERMS,
            )
        ),
    )  # fmt: skip
    takes = ("world.trust_offers",)
    deposits = ("members.trust_shock", "residents.welfare_paid", "cooperatives.trust_income")
    offers = ("trust_demand",)
    columns = (
        Column(
            name="enrolled", meaning="land in trust", unit="mu", per="constituent", kind="level",
            read="world.land_trusts.enrolled", domain=NOT_NEGATIVE,
        ),
        Column(
            name="sown", meaning="land in trust that is farmed, from November to November", unit="mu", per="constituent",
            kind="level", read="world.land_trusts.sown", domain=NOT_NEGATIVE,
        ),
        Column(
            name="farms_itself", meaning="the village farms its land in trust itself", unit="0 or 1", per="trust",
            kind="level", whole=True, read="world.land_trusts.own",
        ),
        Column(
            name="own_result", meaning="gain or loss of the collective by own farming", unit="yuan", per="constituent",
            kind="flow", domain=ANY,
        ),
        Column(
            name="turnover", meaning="sold by own farming beyond its result, last harvest, where what is reported is gross",
            unit="yuan", per="constituent", kind="level", read="world.land_trusts.turnover", domain=ANY,
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
        self.own_result = np.zeros(world.n_rows)
        self.own_money = np.zeros(world.n_rows)
        self.defaulted: dict[int, Event] = {}
        self.allied: dict[str, Bools] = {}
        self.asked: dict[str, tuple[Ints, Floats]] = {}
        world.calendar.declare("harvest", "land_trust", self.farm)
        world.calendar.declare("births", "land_trust", self.sow)
        if world.merging:
            world.calendar.declare("decree", "land_trust", lambda month: self.merge(), world.timetable.decree_days)

    # one trust

    def operating(self, row: int, terms: Terms) -> Generator[Event, None, None]:
        """One trust's story: a firm farms until it defaults, and another one is sought."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        while True:
            trust = int(trusts.lead[row])
            self.defaulted[trust] = Event(world.env)
            yield self.defaulted[trust]
            number = int(trusts.n_operators[trusts.lead[row]])
            idle, wait = world.draws.uniform("land_trust.tender", world.keys[row], number, [0, 1]).tolist()
            if idle < p.idle_after_default:
                yield world.env.timeout(p.idle_years * DAYS_A_YEAR)
            yield world.env.timeout(-log(wait) * DAYS_A_YEAR / p.tender_rate)
            if trusts.standing[trust := int(trusts.lead[row])]:
                return
            self.take_over(trust, terms)

    def take_over(self, trust: int, terms: Terms) -> None:
        """A firm signs the terms on offer and puts up its own money; or the village farms from now on."""
        trusts = self.world.land_trusts
        trusts.standing[trust] = True
        self.sign(trust, terms)
        if not terms.own:
            trusts.n_operators[trust] += 1
            self.own_money[trust] = self.world.p.operator_equity * float(trusts.enrolled[trusts.lead == trust].sum())
            trusts.equity[trust] = self.own_money[trust]

    def sign(self, trust: int, terms: Terms) -> None:
        """Write the terms of an offer into the contract."""
        for name in TERMS:
            getattr(self.world.land_trusts, name)[trust] = getattr(terms, name)

    # sowing

    def sow(self, month: Month) -> None:
        """Let villages begin and land join; who farms puts up money for what is new, and sows all that it has."""
        if month.key % 12 != SOWING:
            return
        trusts = self.world.land_trusts
        signed: dict[int, Terms] = {}
        self.regroup()
        for village, terms in self.beginning(month):
            trusts.begun[self.world.village_of == village] = True
            trust = int(trusts.lead[village])
            if not (trusts.n_operators[trust] or trusts.standing[trust]):
                signed.setdefault(trust, terms)
        standing = trusts.standing & ~trusts.own
        for trust, terms in signed.items():
            self.sign(trust, terms)
        new = joining(self.world)
        trusts.enrolled += new
        money = np.where(standing & trusts.equity_for_new_land, self.world.p.operator_equity * self.by_trust(new), 0.0)
        self.own_money += money
        trusts.equity += money
        for trust, terms in signed.items():
            self.take_over(trust, terms)
            if not terms.own:
                self.world.process(self.operating(trust, terms))
        trusts.sown[:] = trusts.enrolled * trusts.standing[trusts.lead]

    def beginning(self, month: Month) -> list[tuple[int, Terms]]:
        """Villages that begin now, and on which terms: by themselves, and as far as a roll-out is paid for."""
        world = self.world
        by_themselves = rows_where(without_a_trust(world) & (self.luck(month) < chance_to_begin(world)))
        begin = contracts(world, by_themselves, Terms(), world.p.own_share)
        for label, offer in sorted(world.trust_offers.items()):
            if label in self.asked:
                villages, land = self.asked.pop(label)
                paid = np.cumsum(land) <= offer.paid_share * land.sum() * (1 + 1e-12)
                begin += contracts(world, villages[paid], offer.terms, offer.own_share)
        return sorted(begin, key=lambda contract: contract[0])

    def trust_demand(self, label: str, month: Month) -> float:
        """First land of the villages that this offer would bring in at the opening of this month [mu]; 0 but in November."""
        if month.key % 12 != SOWING:
            return 0.0
        world, offer = self.world, self.world.trust_offers[label]
        luck, least = self.luck(month), chance_to_begin(world)
        most = least + offer.villages / max(int((offer.rows & world.is_village).sum()), 1)
        found = without_a_trust(world) & self._rows_of(label, offer) & (luck >= least) & (luck < most)
        villages = rows_where(found)[np.argsort(luck[found], kind="stable")]
        self.asked[label] = (villages, first_land(world, offer.terms, offer.own_share)[villages])
        return float(self.asked[label][1].sum())

    def luck(self, month: Month) -> Floats:
        """Lot of every village at this sowing."""
        return self.world.draws.uniform("land_trust.begin", self.world.keys, month.year)

    # harvest

    def farm(self, month: Month) -> None:
        """Forget fear month by month; settle the year when the month of the settlement is closed."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        self.dividend, self.own_result = np.zeros(world.n_rows), np.zeros(world.n_rows)
        trusts.fear[:] = p.feared_default + (trusts.fear - p.feared_default) * np.exp(-month.years / p.fear_memory)
        if month.key % 12 + 1 == SETTLEMENT[0]:
            world.log_price = next_log_price(p, world.draws, month.year, world.log_price)
            world.residents.unpaid_floors[:] = 0.0
            trusts.turnover[:] = 0.0
            if some(trusts.sown):
                self.settle_year(month, world.log_price)

    def settle_year(self, month: Month, log_price: float) -> None:
        """Settle all trusts, pay out, and let those firms go that cannot pay."""
        trusts = self.world.land_trusts
        area = self.by_trust(trusts.sown)
        n, result = settle_all(
            self.world.p, trusts, self.harvest(month.year, log_price, area), area, self.own_money,
            self.by_trust(trusts.enrolled), self.world.secretaries.skill,
        )  # fmt: skip
        trusts.reserve[n], trusts.equity[n] = result.reserve, result.equity
        self.pay_out(n, area, result)
        self.note(month, log_price, n, area[n], result)
        for trust in n[result.defaulted].tolist():
            self.default(trust)

    def harvest(self, year: int, log_price: float, area: Floats) -> Season:
        """Yields are the village's own; an operator of several villages gets their mean, by land."""
        world, trusts = self.world, self.world.land_trusts
        sown = world.by_village(trusts.sown)
        villages = rows_where(sown > 0)
        of_village = season(world.p, world.draws, world.keys[villages], year, log_price)
        mean = [
            sum_by(trusts.lead[villages], values * sown[villages], world.n_rows) / np.where(area > 0, area, 1.0)
            for values in (of_village.revenue, of_village.insured)
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
        turnover[n] = result.revenue + result.insured - result.collective
        lead = trusts.lead
        by_land = trusts.sown / np.where(area > 0, area, 1.0)[lead]
        members = world.endowment.members * (trusts.sown > 0)
        by_member = members / np.maximum(self.by_trust(members), 1.0)[lead]
        self.dividend = dividend[lead] * np.where(trusts.by_member[lead], by_member, by_land)
        self.own_result = np.where(trusts.own, collective, 0.0)[lead] * by_land
        trusts.turnover[:] = np.where(trusts.own & trusts.gross, turnover, 0.0)[lead] * by_land
        world.residents.welfare_paid += welfare[lead] * by_land
        world.cooperatives.trust_income += collective[lead] * by_land
        share_sown = trusts.sown / np.maximum(world.endowment.arable, 1e-9)
        world.residents.unpaid_floors[:] = share_sown * unpaid[lead]
        paid = (self.dividend > 0) * world.p.dividend_trust
        world.members.trust_shock += share_sown * (paid + unpaid[lead] * world.p.shortfall_trust)

    def floors_paid(self, n: Ints, area: Floats, result: Settlement) -> tuple[Floats, Floats]:
        """What households and collectives get of their floors: in proportion, or households first [yuan]."""
        trusts = self.world.land_trusts
        owed = trusts.household_floor[n] * area
        households = np.where(
            trusts.households_first[n], np.minimum(owed, result.floors_paid), owed * result.paid_share
        )
        return households, result.floors_paid - households

    def default(self, trust: int) -> None:
        """The firm leaves, some households take their land back, the villages and their neighbours take fright."""
        world, p, trusts = self.world, self.world.p, self.world.land_trusts
        rows = trusts.lead == trust
        near = world.place.township == world.place.township[trust]
        trusts.standing[trust] = False
        trusts.n_defaults[trust] += 1
        trusts.enrolled[rows] *= 1 - p.leave_after_default
        trusts.sown[rows] = 0.0
        step = np.where(rows, p.fear_of_own_default, np.where(near, p.fear_of_near_default, 0.0))
        trusts.fear += step * (1 - trusts.fear)
        self.own_money[trust] = 0.0
        world.log("operator_defaulted", trust, number=int(trusts.n_operators[trust]))
        self.defaulted[trust].succeed()

    # who belongs together

    def merge(self) -> None:
        """At a decree a village has begun if one of its parts has, and its trusts become one."""
        world, trusts = self.world, self.world.land_trusts
        self.part()
        trusts.begun[:] = (world.by_village(trusts.begun) > 0)[world.village_of]
        self.regroup(sum_by(world.villages_decreed[world.decreed - 1], trusts.enrolled, world.n_rows))

    def part(self) -> None:
        """Where a decree splits a village, who farms goes on with the land of each part, and its money goes by that land."""
        world, trusts = self.world, self.world.land_trusts
        allied = np.any([np.zeros(world.n_rows, bool), *self.allied.values()], axis=0)
        lead = np.where(allied, trusts.lead, apart(trusts.lead, world.village_of))
        for new in np.unique(lead[lead != trusts.lead]).tolist():
            rows, old = lead == new, int(trusts.lead[new])
            if trusts.standing[old]:
                self.go_on(new, old, float(trusts.enrolled[rows].sum() / self.by_trust(trusts.enrolled)[old]))
            else:
                trusts.begun[rows], trusts.enrolled[rows] = False, 0.0
            trusts.lead[rows] = new

    def go_on(self, new: int, old: int, share: float) -> None:
        """Let who farms for a trust sign the same terms with a part of it, which takes this share of the money along."""
        trusts = self.world.land_trusts
        for column in (trusts.reserve, trusts.equity, self.own_money):
            column[new], column[old] = share * column[old], (1 - share) * column[old]
        terms = Terms(**{name: getattr(trusts, name)[old] for name in TERMS})
        self.sign(new, terms)
        trusts.standing[new] = True
        if not terms.own:
            trusts.n_operators[new] += 1
            self.defaulted[new] = Event(self.world.env)
            self.world.process(self.operating(new, terms))

    def regroup(self, land: Floats | None = None) -> None:
        """Say which trust every constituent belongs to; where trusts become one, the operator with most land takes over."""
        world, trusts = self.world, self.world.land_trusts
        land = trusts.enrolled if land is None else land
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
        larger = np.unique(lead[lead != trusts.lead])
        trusts.lead[:] = lead
        land = np.where(trusts.standing, land, 0.0)
        for trust in larger[self.by_trust(trusts.begun)[larger] > 0].tolist():
            self.merge_trusts(trust, rows_where(lead == trust), land)

    def merge_trusts(self, trust: int, rows: Ints, land: Floats) -> None:
        """Bring the money of several trusts together under who farms most land."""
        trusts = self.world.land_trusts
        largest = int(rows[np.argmax(land[rows])])
        standing = bool(trusts.standing[largest])
        for column in (trusts.reserve, trusts.equity, self.own_money, trusts.n_operators, trusts.n_defaults):
            total = column[rows].sum()
            column[rows] = 0
            column[trust] = total
        for name in TERMS:
            getattr(trusts, name)[trust] = getattr(trusts, name)[largest]
        trusts.own[rows[rows != trust]] = trusts.standing[rows] = False
        trusts.standing[trust] = standing
        if trusts.own[trust]:  # firms leave with what is theirs
            trusts.equity[trust] = self.own_money[trust] = 0.0
        elif standing:
            self.defaulted[trust] = self.defaulted[largest]

    def by_trust(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each trust, at its row."""
        return sum_by(self.world.land_trusts.lead, values, self.world.n_rows)

    def _rows_of(self, label: str, offer: TrustOffer) -> Bools:
        """Rows that this offer reaches; where several with money do, the first by label."""
        rows = offer.rows.copy()
        for other, rival in self.world.trust_offers.items():
            if other < label and rival.has_money():
                rows &= ~rival.rows
        return rows
