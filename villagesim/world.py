"""One county in one run: clock, calendar, agents, levers, fund, recorder; and what a run leaves behind.

Processes and policies meet here and nowhere else. A column has one process that writes it; the others make deposits
(see :data:`DEPOSITS`), which the owner applies at its own stage.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event, Process

from villagesim.agents.alliances import AllianceOffer, Alliances
from villagesim.agents.committees import Committees
from villagesim.agents.contracts import Contracts
from villagesim.agents.cooperatives import Cooperatives
from villagesim.agents.land_trusts import LandTrusts, TrustOffer
from villagesim.agents.members import Members
from villagesim.agents.projects import Grant, Projects
from villagesim.agents.ratings import Ratings
from villagesim.agents.residents import Residents
from villagesim.agents.secretaries import Secretaries
from villagesim.agents.view import RowView
from villagesim.arrays import Bools, Floats, Ints, sum_by, to_whole
from villagesim.dates import Month, month_key, months_between
from villagesim.engine.calendar import Calendar
from villagesim.engine.events import Environment
from villagesim.engine.fund import Fund, Payment
from villagesim.engine.levers import Capacity, Coverage, Level, Lever, Rate
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.errors import RollError, nearest
from villagesim.outcomes import OUTCOMES, Outcomes, Record
from villagesim.outcomes.record import COLUMNS
from villagesim.parameters import Parameters
from villagesim.places.endowments import SOURCES, Endowment
from villagesim.randomness import Draws

DEPOSITS = (
    "members.trust_shock",
    "cooperatives.trust_income",
    "cooperatives.trust_costs",
    "cooperatives.project_income",
    "cooperatives.project_costs",
    "cooperatives.top_up",
    "cooperatives.recovered",
    "cooperatives.written_off",
    "cooperatives.run_up",
    "cooperatives.office_paid",
    "secretaries.courses",
    "residents.forced",
    "residents.welfare_paid",
    "world.to_pool",
    "world.to_share",
    "world.grants",
    "world.to_convert",
)
"""Columns that several processes add to; their owner takes what is there and sets them back."""


@dataclass(frozen=True)
class Timetable:
    """Dates of a run, all firsts of a month.

    Attributes
    ----------
    start, stop : date
        First day, and the day after the last.
    announcement, decree : date, optional
        None where nothing merges.
    elections : tuple of date
    """

    start: date
    stop: date
    announcement: date | None = None
    decree: date | None = None
    elections: tuple[date, ...] = ()


@dataclass(frozen=True)
class Budget:
    """Money of the county for support.

    Attributes
    ----------
    yearly : float
        Paid in on every 1 January [yuan]; what is not spent is carried over.
    since : int
        First year.
    first : tuple of str
        Labels of policies that are paid before all others, in this order; the others share what is left, pro rata.
    """

    yearly: float = 0.0
    since: int = 0
    first: tuple[str, ...] = ()


class World:
    """State of one county in one run.

    Attributes
    ----------
    village_of, account_of : (n_rows,) int
        Row of the village and of the account of every constituent.
    to_pool, to_share : list of int
        Villages (rows) that pool their accounts, or only their new income; done when the month is closed.
    report : callable
        What a committee does with a lost vote (village, integration, milestone, votes before): nothing, or it reports the
        milestone all the same, and the event is the day that is found out.
    rating_pools, review_pools : dict of str to (n_rows,) bool
        Constituents whose villages are rated every year, or reviewed every month, by the policy that asks for it.
    trust_demand : callable
        Land that households would bring into the trust offered under a label in the coming month [mu].
    grants : list of Grant
        Seed money paid on this first of a month; the projects begin when all policies have acted.
    to_convert : list of int
        Villages (rows) that become urban communities when the month is opened.
    log_price : float, optional
        Log price of crops at the last settlement, relative to the mean; None before the first.
    picked : dict of (n_rows,) bool
        Constituents that each policy picked on the day it started, by label.
    talent_pool, skill_support : Level
        By seat: talent that new holders bring beyond the ordinary; added to the level that skill tends to.
    supervision, integrity_gain : Level
        By seat: share prevented of the integrity that one person at both posts loses; integrity gained a year.
    consent, open_letting, welfare : Level
        By constituent: log-odds points in all votes; share of faulty lettings prevented; old and young who are covered.
    office_pace, handover_loss : Rate
        By village: attempts in operation and deliberation, relative to those in other integrations; what a handover costs,
        relative to one that nobody prepared.
    merging : bool
        The decree will come (a strategy may switch it off).
    decreed : bool
        It is in force.
    """

    def __init__(
        self, timetable: Timetable, endowment: Endowment, p: Parameters, draws: Draws, budget: Budget | None = None
    ) -> None:
        self.timetable, self.endowment, self.place = timetable, endowment, endowment.place
        self.p, self.draws, self.budget = p, draws, budget or Budget()
        self.outcomes: Outcomes = OUTCOMES
        self.env = Environment()
        self.calendar = Calendar(timetable.start, timetable.stop)
        self.fund = Fund(self.env)
        self.keys = self.place.before.keys
        self.n_rows = len(self.keys)
        self.merging = timetable.decree is not None
        self.decreed = False

        self.village_of: Ints = np.arange(self.n_rows)
        self.account_of: Ints = np.arange(self.n_rows)
        self.members = Members.at_start(endowment, p, draws)
        self.committees = Committees.at_start(self.n_rows, p)
        self.cooperatives = Cooperatives.at_start(endowment, p)
        self.secretaries = Secretaries.at_start(endowment, p, draws)
        self.land_trusts = LandTrusts.at_start(endowment, p, draws)
        self.contracts = Contracts.at_start(endowment, p, draws)
        self.residents = Residents.at_start(self.n_rows)
        self.ratings = Ratings.at_start(self.n_rows)
        self.alliances = Alliances.at_start(self.n_rows)
        self.projects = Projects.at_start(self.n_rows)

        n, n_townships = self.n_rows, len(self.place.townships)
        self.programme = Coverage("programme", n)
        self.professional = Coverage("professional", n)
        self.rights_frozen = Coverage("rights_frozen", n)
        self.clean_up = Coverage("clean_up", n)
        self.belt = Coverage("belt", n)
        self.branded = Coverage("branded", n)
        self.zones = Coverage("zones", n)
        self.facilitators = Capacity("facilitators", n_townships)
        self.mediators = Capacity("mediators", n_townships, self._mediators())
        self.audit_teams = Capacity("audit_teams", 1)
        self.service_posts = Capacity("service_posts", n_townships, round(p.service_posts))
        self.pressure = Level("pressure", p.pressure, n)
        self.inspections = Level("inspections", 0.0, n, ceiling=np.inf)
        self.freeze = Level("freeze", 0.0, n)
        self.integrity_loss = Level("integrity_loss", 0.0, n)
        self.skill_support = Level("skill_support", 0.0, n)
        self.consent = Level("consent", 0.0, n, ceiling=np.inf)
        self.relay = Level("relay", 0.0, n)
        self.reach = Level("reach", 0.0, n)
        self.grid = Level("grid", 0.0, n)
        self.project_premium = Level("project_premium", 0.0, n)
        self.dividend_share = Level("dividend_share", 0.0, n)
        self.talent_pool = Level("talent_pool", 0.0, n)
        self.supervision = Level("supervision", 0.0, n)
        self.integrity_gain = Level("integrity_gain", 0.0, n)
        self.open_letting = Level("open_letting", 0.0, n)
        self.welfare = Level("welfare", 0.0, n)
        self.office_pace = Rate("office_pace", 1.0, n)
        self.handover_loss = Rate("handover_loss", 1.0, n)
        self.attempt_rate = Rate("attempt_rate", p.attempt_rate, n)
        self.exit_rate = Rate("exit_rate", p.exit_rate, n)
        self.unsettled_share = Rate("unsettled_share", p.unsettled_share, n)
        self.levers: tuple[Lever, ...] = (
            self.programme, self.professional, self.rights_frozen, self.clean_up,
            self.belt, self.branded, self.zones,
            self.facilitators, self.mediators, self.audit_teams, self.service_posts,
            self.pressure, self.inspections, self.freeze, self.integrity_loss, self.skill_support, self.consent,
            self.relay, self.reach, self.grid,
            self.project_premium, self.dividend_share,
            self.talent_pool, self.supervision, self.integrity_gain, self.open_letting, self.welfare,
            self.office_pace, self.handover_loss,
        )  # fmt: skip
        self.rates = (self.attempt_rate, self.exit_rate, self.unsettled_share)
        self.rating_pools: dict[str, Bools] = {}
        self.review_pools: dict[str, Bools] = {}
        self.trust_offers: dict[str, TrustOffer] = {}
        self.alliance_offers: dict[str, AllianceOffer] = {}
        self.trust_demand: Callable[[str, Month], float] = lambda label, month: 0.0
        self.to_pool: list[int] = []
        self.to_share: list[int] = []
        self.grants: list[Grant] = []
        self.to_convert: list[int] = []
        self.log_price: float | None = None
        self.report: Callable[[int, int, int, int], Event | None] = lambda *vote: None

        self.events: list[tuple[float, str, int, dict[str, Any]]] = []
        self.payments: list[Payment] = []
        self.picked: dict[str, Bools] = {}
        self.settlements: list[Mapping[str, Any]] = []
        self.recorder = Recorder(COLUMNS, self.calendar.months, self.n_rows, len(self.place.townships))
        self._record_history()
        self._readers: dict[str, Callable[[], Any]] = {}
        self._columns: list[tuple[NDArray[Any], Callable[[], Any]]] = []
        self._stories: list[Process] = []

    def run(self) -> None:
        """Let everything happen that processes and policies have declared."""
        self.calendar.declare("policies", "levers", lambda month: self.refresh(*self.levers))
        self.calendar.declare("refresh", "rates", lambda month: self.refresh(*self.rates))
        self.calendar.declare("record", "recorder", lambda month: self._take_record())
        columns = self.recorder.column
        self._columns = [(columns(name), read) for name, read in self._readers.items()]
        self.env.run(until=self.env.process(self.calendar.running(self.env)))

    def tell(self, story: Generator[Event, Any, None]) -> None:
        """Begin the story of one individual."""
        self._stories.append(self.env.process(story))

    def let_go(self) -> None:
        """Forget who was still to act: the run is over, and what the world knows stays.

        World, processes and policies refer to each other, so they would stay in memory until garbage is searched for.
        Cut open here, the ring goes with the run, and the next one gets the same memory.
        """
        self.env.close(self._stories)
        self._stories, self._readers, self._columns = [], {}, []
        self.calendar.let_go()
        for lever in (*self.levers, *self.rates):
            lever.let_go()

    @property
    def now(self) -> float:
        """Days from the start."""
        return float(self.env.now)

    def refresh(self, *levers: Lever) -> None:
        """Fold levers anew: first what policies set, then, when processes have looked at it, the rates."""
        for lever in levers:
            lever.refresh()

    def log(self, kind: str, village: int = -1, **facts: Any) -> None:
        """Note that something happened, to the village in this row (-1: to the county)."""
        self.events.append((self.env.now, kind, village, facts))

    def record(self, **readers: Callable[[], Any]) -> None:
        """Let the owner of a raw column say how its value of the month is read when the month is closed."""
        self._readers |= readers

    def by_village(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each village, at the host's row."""
        return sum_by(self.village_of, values, self.n_rows)

    def highest_by_village(self, values: Floats) -> Floats:
        """Highest value of a column (of at least 0) among the constituents of each village, at the host's row."""
        highest = np.zeros(self.n_rows)
        np.maximum.at(highest, self.village_of, values)
        return highest

    def by_account(self, values: NDArray[Any]) -> Floats:
        """Sum of a column over the constituents of each account, at its holder's row."""
        return sum_by(self.account_of, values, self.n_rows)

    @property
    def is_village(self) -> Bools:
        """Rows that are villages now."""
        return self.village_of == np.arange(self.n_rows)

    def one_account(self) -> Bools:
        """Constituents of merged villages whose accounts are one, shape ``(n_rows,)``."""
        pooled = self.by_village(self.account_of == np.arange(self.n_rows)) == 1
        one: Bools = (pooled & self.committees.merged)[self.village_of]
        return one

    def member_shares(self) -> Floats:
        """Share of each constituent in the members of its village, shape ``(n_rows,)``."""
        members = self.endowment.members
        shares: Floats = members / np.maximum(self.by_village(members), 1.0)[self.village_of]
        return shares

    def debt_by_constituent(self) -> Floats:
        """Debt of every account, shared by members where it is pooled [yuan], shape ``(n_rows,)``."""
        members = self.endowment.members.astype(float)
        share = members / np.maximum(self.by_account(members), 1.0)[self.account_of]
        return self.cooperatives.debt[self.account_of] * share

    def _mediators(self) -> Ints:
        """One a township at least; the rest by residents, by largest remainder."""
        residents = sum_by(self.place.township, self.endowment.residents, len(self.place.townships))
        return np.maximum(to_whole(residents / self.p.residents_per_mediator), 1)

    def observed(self, name: str) -> Floats:
        """Outcome by village as observed at the last closing, shape ``(n_rows,)``, read at the rows of villages."""
        by_village = self.outcomes[name].village
        assert by_village is not None  # a target's check saw to it
        return by_village(self.as_record().latest(self.village_of, self.account_of))[-1]

    def published(self, name: str) -> float:
        """Outcome of the county as published at the last closing; NaN where it is not defined."""
        return float(self.outcomes[name].county(self.as_record().latest(self.village_of, self.account_of))[-1])

    def as_record(self) -> Record:
        """The raw record of all months closed so far."""
        decree = self.timetable.decree
        return Record(
            self.recorder,
            self.endowment,
            self.place.village_of(self.endowment.members),
            decree_month=month_key(decree or self.timetable.stop),
        )

    def row(self, village: str) -> int:
        """Row of a constituent, by its name or its code of 12 digits.

        Raises
        ------
        RollError
            Where there is none, or several.
        """
        roll = self.place.before
        rows = [i for i, (c, n) in enumerate(zip(roll.codes, roll.names, strict=True)) if village in (c, n)]
        rows = rows or [i for i, core in enumerate(roll.cores) if village.removesuffix("村") == core]
        if not rows:
            raise RollError(f"{village!r} is not a village of the roll.", fix=nearest(village, list(roll.names)))
        if len(rows) > 1:
            raise RollError(f"{village!r} is the name of several villages: {[roll.codes[i] for i in rows]}.")
        return rows[0]

    def committee(self, village: str) -> RowView:
        """The committee of a village, to read and to write; before the decree of the constituent itself."""
        return RowView(self.committees, int(self.village_of[self.row(village)]))

    def secretary(self, village: str) -> RowView:
        """The secretary of a village, to read and to write."""
        return RowView(self.secretaries, int(self.village_of[self.row(village)]))

    def cooperative(self, village: str) -> RowView:
        """The account that holds a constituent's money, to read and to write."""
        return RowView(self.cooperatives, int(self.account_of[self.row(village)]))

    def _record_history(self) -> None:
        """Fill the months before the start: income spread evenly over their days, everything else as it is now."""
        first, endowment = self.calendar.months[0].first, self.endowment
        months = months_between(first.replace(year=first.year - 1), first)
        lengths = np.array([month.days for month in months], float)
        shares = (lengths / lengths.sum())[:, None]
        for source, yearly in zip(SOURCES, self.cooperatives.sources.T, strict=True):
            self.recorder.column(f"income_{source}")[:N_HISTORY] = shares * yearly
        one_offs = endowment.income - self.cooperatives.sources.sum(axis=1)
        self.recorder.column("income_one_off")[:N_HISTORY] = shares * one_offs
        states = {
            "opening": self.cooperatives.cash,
            "cash": self.cooperatives.cash,
            "debt": self.cooperatives.debt,
            "village_of": self.village_of,
            "account_of": self.account_of,
            "trust": self.members.trust,
        }
        for name, values in states.items():
            self.recorder.column(name)[:N_HISTORY] = values

    def _take_record(self) -> None:
        recorder = self.recorder
        for column, read in self._columns:
            values = read()
            if np.count_nonzero(values):  # the record starts as zeros, which take no memory until they are written
                column[recorder.n_closed] = values
        recorder.n_closed += 1
