"""The reduced model twice: the way of this library, and the way of a SimPy textbook.

QUESTION: at the same means, what do columns, keyed births and callback desks gain over an object and a monthly process for
every village?
DESIGN: 532 villages in 18 townships over ten years: ledger, disputes, township mediators, trust, progress of fusion. Both
versions follow the same equations at the same instants of the same calendar, with the right hazards, so that their means
agree; each has its own random numbers. Seven alternating pairs of runs after one that is not counted, each run with a seed
of its own; time is from nothing to the yearly means, the setup (who lives where) left out.
OUTPUT: printed. Run with ``python benchmarks/reduced_model.py``; less than a minute.

The textbook version is written as one would after reading SimPy's documentation: `random.Random` and plain Python numbers
(faster for single numbers than numpy), a process for every case that comes to the township, `PriorityResource`, patience by
`turn | timeout`, arrivals by exponential gaps. It is not slowed down by anything it does not need: incidents that the
village settles itself are counted, not simulated, and rates are worked out once a month.

In the columns version only what meets others is an event: a case's arrival, the end of its hearing or patience, its return.
A milestone waits for nobody, so its hazard adds up month by month, and what falls due is put to the vote in arrays, at its
exact instant. Every month's row is kept by both.
"""

import gc
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from random import Random
from statistics import median
from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy
from replication import timeout_seconds
from simpy.events import Timeout

from villagesim.dates import DAYS_A_YEAR, Month, months_between
from villagesim.engine.calendar import Calendar
from villagesim.engine.desk import Desk
from villagesim.engine.levers import Rate
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.parameters import DEFAULTS
from villagesim.randomness import Draws, births

START = date(2021, 1, 1)
MILESTONES = (2, 2, 2, 1, 1)
PROGRAMME = (2023, 4.0)
"""Year from which attempts are more frequent, and by how much: a rate that changes during the run."""
URGENT, ORDINARY = 0.1, 0.7
"""Cumulative shares of urgent and ordinary cases; the rest are minor."""
SOURCE_SHARES = (0.31, 0.15, 0.04, 0.27, 0.23)
ROWS = (
    *(f"income_{n}" for n in range(len(SOURCE_SHARES))), "one_off", "spending", "cash", "debt", "trust", "waited",
)  # fmt: skip
COUNTS = ("incidents", "registered", "petitions", "heard", "passed")
COLUMNS = ROWS + COUNTS
PRIORITIES = np.array([URGENT, ORDINARY, 1.0])
SIX = np.arange(6)[:, None]
PAIRS = 7
GOAL = 8.0


@dataclass(frozen=True, eq=False)
class Setup:
    """Who lives where, and all numbers of both versions; the same in every run."""

    p: SimpleNamespace
    years: int
    township: np.ndarray
    residents: np.ndarray
    income: np.ndarray
    debt: np.ndarray
    mediators: np.ndarray

    @property
    def months(self) -> tuple[Month, ...]:
        """Real months of the run."""
        return months_between(START, START.replace(year=START.year + self.years))


def county(n_villages: int = 532, n_townships: int = 18, years: int = 10, **changes: float) -> Setup:
    """Make a county of the size of Zhangqiu, or a smaller one of the same density; ``changes`` are parameters."""
    rng = np.random.default_rng(2021)
    values = DEFAULTS.with_values(changes)
    p = SimpleNamespace(**{name: values[name].value for name in values})  # plain numbers, quick to read for both
    township = np.sort(np.arange(n_villages) % n_townships)
    residents = np.round(410_491 / 532 * rng.lognormal(-0.125, 0.5, n_villages)).astype(int) + 20
    income = 836_000 * rng.lognormal(-0.32, 0.8, n_villages)
    debt = 1_300_000 * rng.lognormal(-0.98, 1.4, n_villages)
    by_township = np.bincount(township, weights=residents)
    mediators = np.maximum(np.round(by_township / p.residents_per_mediator), 1).astype(int)
    return Setup(p, years, township, residents, income, debt, mediators)


class Columns:
    """Columns by village, births with all their luck, desks by callbacks, one calendar process."""

    def __init__(self, setup: Setup, seed: int) -> None:
        self.setup, self.p, self.draws = setup, setup.p, Draws(seed, "reduced")
        self.env = simpy.Environment()
        self.calendar = Calendar(START, START.replace(year=START.year + setup.years))
        n = len(setup.township)
        self.keys = np.arange(n)
        self.cash, self.debt = np.zeros(n), setup.debt.copy()
        self.sources = np.outer(SOURCE_SHARES, setup.income)
        self.costs = self.p.office_cost + self.p.service_cost * setup.residents
        steps, years = (np.array([[getattr(month, name)] for month in setup.months]) for name in ("key", "years"))
        self.strikes = self.draws.uniform("one_off", steps, self.keys) > np.exp(-self.p.one_off_rate * years)
        self.deviation, self.variance = np.zeros(n), 0.0
        self.log_odds, self.trust, self.shock = np.zeros(n), np.full(n, 0.5), np.zeros(n)
        self.incident_rate = self.p.incident_rate / 1000 * self.p.adult_share * setup.residents
        self.desks = [Desk(self.env, int(officers), self.heard, self.left) for officers in setup.mediators]
        self.desk_of = [self.desks[i] for i in setup.township.tolist()]
        self.start_counting()
        self.leaning = self.p.vote_village_sd * self.draws.normal("leaning", self.keys)
        self.passed, self.targets = np.zeros(n * len(MILESTONES), int), np.tile(MILESTONES, n)
        self.open_from, self.n_attempts = np.zeros(len(self.passed)), np.zeros(len(self.passed), int)
        self.awaited, self.vote = self.next_attempts(np.arange(len(self.passed)))
        self.attempt_rate = Rate("attempt_rate", self.p.attempt_rate, n)
        self.attempt_rate.set("programme", lambda: PROGRAMME[1] if self.year >= PROGRAMME[0] else 1.0)
        names = {"rows": ROWS, "counts": COUNTS, "townships": (), "county": ()}
        self.recorder = Recorder(names, self.calendar.months, n, 0)
        self.calendar.declare("ledger", "ledger", self.close)
        self.calendar.declare("ledger", "disputes", self.count)
        self.calendar.declare("trust", "trust", self.settle_trust)
        self.calendar.declare("record", "recorder", self.record)
        self.calendar.declare("refresh", "rates", self.refresh)
        self.calendar.declare("births", "disputes", self.bear_cases)
        self.calendar.declare("births", "fusion", self.try_milestones)

    def run(self) -> dict[str, float]:
        """Run to the end; yearly means."""
        self.env.run(until=self.env.process(self.calendar.running(self.env)))
        return yearly_means(self.setup, {name: self.recorder.column(name)[N_HISTORY:] for name in COLUMNS})

    def refresh(self, month: Month) -> None:
        """Fold the rates of the coming month; a new year has a new deviation of income."""
        p = self.p
        self.year = month.year
        self.attempt_rate.refresh()
        if month.key % 12 == 0:
            common = p.income_county_sd * self.draws.normal("county", month.year)
            own = p.income_own_sd * self.draws.normal("own", self.keys, month.year)
            self.deviation = p.income_persistence * self.deviation + common + own
            self.variance = p.income_persistence**2 * self.variance + p.income_county_sd**2 + p.income_own_sd**2
            self.noise = np.exp(self.deviation - self.variance / 2)

    def close(self, month: Month) -> None:
        """Book the month that has ended."""
        p, k = self.p, month.key - self.calendar.months[0].key
        trend = (1 + p.income_growth) ** (k / 12)
        by_source = self.sources * (trend * month.years * self.noise)
        one_off = self.strikes[k] * (p.one_off_size * trend * self.setup.income)
        owed = (self.costs + p.interest_rate * self.debt) * month.years
        net = by_source.sum(axis=0) + one_off - owed
        surplus, shortfall = np.maximum(net, 0.0), np.maximum(-net, 0.0)
        repayment = np.minimum(p.repaid_share * surplus, self.debt)
        from_cash = np.minimum(shortfall, self.cash)
        self.cash += p.saved_share * surplus - from_cash
        self.debt += shortfall - from_cash - repayment
        self.ledger = (*by_source, one_off, owed + (1 - p.saved_share) * surplus - repayment)

    def settle_trust(self, month: Month) -> None:
        """Let trust return part of the way, then apply the month's jumps."""
        self.log_odds *= np.exp(-self.p.trust_pull * month.years)
        self.log_odds += self.shock
        self.trust = 1 / (1 + np.exp(-self.log_odds))
        self.shock = np.zeros(len(self.keys))

    def record(self, month: Month) -> None:
        """Keep the month."""
        recorder, passed = self.recorder, self.passed.reshape(-1, len(MILESTONES)).sum(axis=1)
        rows = (*self.ledger, self.cash, self.debt, self.trust, self.waited)
        for table, columns in ((recorder.rows, rows), (recorder.counts, (*self.counts, passed))):
            for place, values in zip(table[:, recorder.n_closed], columns, strict=True):
                place[:] = values
        recorder.n_closed += 1

    def bear_cases(self, month: Month) -> None:
        """Let the coming month's incidents be born; those that the village settles end here."""
        p, draws = self.p, self.draws
        rate = self.incident_rate * np.exp(-p.incident_trust * (self.trust - 0.5))
        self.incidents, rows, ordinal = births(draws, "dispute", self.keys, month.key, month.days, rate)
        kept = draws.uniform("unsettled", month.key, rows, ordinal) < p.unsettled_share
        rows, ordinal = rows[kept], ordinal[kept]
        self.registered = np.bincount(rows, minlength=len(self.keys))
        lot, when, patience, hearing, settled, again = draws.uniform("case", month.key, rows, ordinal, SIX)
        priority = np.searchsorted(PRIORITIES, lot)
        patience = -p.patience_days * np.log(patience)
        hearing = -p.hearing_days * DAYS_A_YEAR / p.working_days * np.log(hearing)
        returns = (settled < p.settled_share) & (again < p.reopened_share)
        comes_back = np.where(returns, DAYS_A_YEAR * again / p.reopened_share, 0.0)
        columns = (rows, priority, patience, hearing, comes_back, month.days * when)
        env, join = self.env, self._join
        for case in zip(*(column.tolist() for column in columns), strict=True):
            Timeout(env, case[-1], Case(*case)).callbacks.append(join)

    def _join(self, event: simpy.Event) -> None:
        case = event._value
        case.joined = self.env._now
        self.desk_of[case.village].join(case)

    def heard(self, case: "Case") -> None:
        """End a hearing; a settled case may come back once."""
        self.n_heard.append(case.village)
        self.waits.append(self.env._now - case.duration - case.joined)
        if case.comes_back:
            Timeout(self.env, case.comes_back, case).callbacks.append(self._join)
            case.comes_back = 0.0

    def left(self, case: "Case") -> None:
        """Let an unheard case go higher."""
        self.petitions.append(case.village)

    def start_counting(self) -> None:
        """Begin a month: events note their villages, which are counted when the month is closed."""
        self.n_heard: list[int] = []
        self.waits: list[float] = []
        self.petitions: list[int] = []

    def count(self, month: Month) -> None:
        """Count the month's cases, and let trust feel them."""
        p, n = self.p, len(self.keys)
        heard, waits, petitions = np.array(self.n_heard, int), np.array(self.waits), np.array(self.petitions, int)
        petitions = np.bincount(petitions, minlength=n)
        prompt = np.bincount(heard[waits <= p.prompt_hearing_days], minlength=n)
        self.shock += (p.heard_trust * prompt + p.unheard_trust * petitions) * (20 / self.setup.residents)
        self.waited = np.bincount(heard, waits, n)
        self.counts = (self.incidents, self.registered, petitions, np.bincount(heard, minlength=n))
        self.start_counting()

    def next_attempts(self, rows: np.ndarray) -> np.ndarray:
        """Luck of the next attempts: the hazard that adds up before each, and its vote."""
        luck = self.draws.uniform("attempt", rows, self.n_attempts[rows], np.arange(2)[:, None])
        np.log(luck[0], out=luck[0])
        luck[0] *= -1
        return luck

    def try_milestones(self, month: Month) -> None:
        """Let the hazards of the coming month's attempts add up, and put to the vote what falls due.

        Nobody else is needed for it and trust stands still within a month, so it takes arrays, not events.
        """
        p, end = self.p, month.start + month.days
        rate = self.attempt_rate.now / DAYS_A_YEAR
        mood = p.vote_base_assembly + p.vote_trust * (self.trust - 0.5) + self.leaning
        rows = np.flatnonzero(self.open_from < end)
        opens = np.maximum(self.open_from[rows], month.start)
        while len(rows):
            villages = rows // len(MILESTONES)
            self.awaited[rows] = left = self.awaited[rows] - rate[villages] * (end - opens)
            due = np.flatnonzero(left < 0)
            if not len(due):
                break
            rows, villages = rows[due], villages[due]
            when = end + left[due] / rate[villages]
            opinion = mood[villages] - p.vote_lateness * np.maximum(when / DAYS_A_YEAR - 2, 0.0)
            won = self.vote[rows] < 1 / (1 + np.exp(-opinion))
            self.shock += np.bincount(villages, np.where(won, p.vote_won_trust, p.vote_lost_trust), len(self.keys))
            self.passed[rows] += won
            opens = np.where(won, when, when + p.lost_vote_wait)
            opens[self.passed[rows] == self.targets[rows]] = np.inf
            self.open_from[rows] = opens
            self.n_attempts[rows] += 1
            self.awaited[rows], self.vote[rows] = self.next_attempts(rows)
            again = np.flatnonzero(opens < end)
            rows, opens = rows[again], opens[again]


@dataclass(eq=False, slots=True)
class Case:
    """One registered dispute, born with all its luck."""

    village: int
    priority: float
    patience: float
    duration: float
    comes_back: float
    joined: float


class Textbook:
    """The SimPy textbook's way: an object and a monthly process for every village, a process for every case."""

    def __init__(self, setup: Setup, seed: int) -> None:
        self.setup, self.p, self.rng = setup, setup.p, Random(seed)
        self.env = simpy.Environment()
        self.months = setup.months
        self.rows: list[tuple[float, ...]] = []
        self.county_deviation = self.variance = 0.0
        self.desks = [simpy.PriorityResource(self.env, capacity=int(officers)) for officers in setup.mediators]
        self.env.process(self.year_after_year())
        self.villages = [
            Village(self, self.desks[township], residents, income, debt)
            for township, residents, income, debt in zip(
                *(column.tolist() for column in (setup.township, setup.residents, setup.income, setup.debt)),
                strict=True,
            )
        ]

    def year_after_year(self) -> Generator[simpy.Event, Any, None]:
        """Draw what all villages have in common in a year; started first, so it is there when they look."""
        p = self.p
        for month in self.months:
            if month.key % 12 == 0:
                self.county_deviation = p.income_persistence * self.county_deviation + self.rng.gauss(
                    0, p.income_county_sd
                )
                own = p.income_own_sd**2 + p.income_county_sd**2
                self.variance = p.income_persistence**2 * self.variance + own
            yield self.env.timeout(month.days)

    def run(self) -> dict[str, float]:
        """Run to the end; yearly means."""
        end = self.months[-1].start + self.months[-1].days
        self.env.run(until=end + 1e-6)  # the last closings fall on the end
        table = np.array(self.rows).reshape(len(self.months), len(self.villages), len(COLUMNS))
        return yearly_means(self.setup, {name: table[:, :, number] for number, name in enumerate(COLUMNS)})


class Village:
    """One village: its ledger, its disputes, its way to fusion."""

    def __init__(
        self, county: Textbook, desk: simpy.PriorityResource, residents: int, income: float, debt: float
    ) -> None:
        self.county, self.env, self.p, self.rng, self.desk = county, county.env, county.p, county.rng, desk
        self.residents, self.income = residents, income
        self.sources = [share * income for share in SOURCE_SHARES]
        self.cash, self.debt = 0.0, debt
        self.deviation, self.noise = 0.0, 1.0
        self.log_odds, self.shock = 0.0, 0.0
        self.leaning = self.rng.gauss(0, self.p.vote_village_sd)
        self.passed = [0] * len(MILESTONES)
        self.closed_until = [0.0] * len(MILESTONES)
        self.incidents = self.registered = self.petitions = self.heard = 0
        self.waited = 0.0
        self.env.process(self.living())

    def living(self) -> Generator[simpy.Event, Any, None]:
        """Month after month: what will happen in it, then its closing."""
        for month in self.county.months:
            if month.key % 12 == 0:
                self.deviation = self.p.income_persistence * self.deviation + self.rng.gauss(0, self.p.income_own_sd)
                self.noise = exp(self.deviation + self.county.county_deviation - self.county.variance / 2)
            trust = 1 / (1 + exp(-self.log_odds))
            self.have_disputes(month, trust)
            self.try_milestones(month, trust)
            yield self.env.timeout(month.days)
            self.close(month)

    def have_disputes(self, month: Month, trust: float) -> None:
        """Draw the month's incidents; a process for each that the village does not settle."""
        p = self.p
        rate = p.incident_rate / 1000 * p.adult_share * self.residents * exp(-p.incident_trust * (trust - 0.5))
        rate /= DAYS_A_YEAR
        when = self.rng.expovariate(rate)
        while when < month.days:
            self.incidents += 1
            if self.rng.random() < p.unsettled_share:
                self.env.process(self.case(when))
            when += self.rng.expovariate(rate)

    def case(self, delay: float) -> Generator[simpy.Event, Any, None]:
        """One dispute that comes to the township."""
        p, rng, env = self.p, self.rng, self.env
        yield env.timeout(delay)
        self.registered += 1
        lot = rng.random()
        priority = 0 if lot <= URGENT else 1 if lot <= ORDINARY else 2
        patience = rng.expovariate(1 / p.patience_days)
        hearing = rng.expovariate(p.working_days / DAYS_A_YEAR / p.hearing_days)
        comes_back = rng.random() < p.settled_share * p.reopened_share
        while True:
            joined = env.now
            with self.desk.request(priority=priority) as turn:
                yield turn | env.timeout(patience)
                if not turn.triggered:
                    self.petitions += 1
                    self.shock += p.unheard_trust * 20 / self.residents
                    return
                waited = env.now - joined
                yield env.timeout(hearing)
            self.heard += 1
            self.waited += waited
            if waited <= p.prompt_hearing_days:
                self.shock += p.heard_trust * 20 / self.residents
            if not comes_back:
                return
            comes_back = False
            yield env.timeout(rng.uniform(0, DAYS_A_YEAR))

    def try_milestones(self, month: Month, trust: float) -> None:
        """Draw the month's attempts; a process for each."""
        rate = self.p.attempt_rate * (PROGRAMME[1] if month.year >= PROGRAMME[0] else 1.0) / DAYS_A_YEAR
        for integration, milestones in enumerate(MILESTONES):
            if self.passed[integration] < milestones:
                when = self.rng.expovariate(rate)
                while when < month.days:
                    self.env.process(self.attempt(integration, when, trust))
                    when += self.rng.expovariate(rate)

    def attempt(self, integration: int, delay: float, trust: float) -> Generator[simpy.Event, Any, None]:
        """One attempt at a milestone: nothing, if it is closed after a lost vote; else a vote."""
        p = self.p
        yield self.env.timeout(delay)
        if self.passed[integration] == MILESTONES[integration] or self.env.now < self.closed_until[integration]:
            return
        late = max(self.env.now / DAYS_A_YEAR - 2, 0.0)
        opinion = p.vote_base_assembly + p.vote_trust * (trust - 0.5) + self.leaning - p.vote_lateness * late
        if self.rng.random() < 1 / (1 + exp(-opinion)):
            self.passed[integration] += 1
            self.shock += p.vote_won_trust
        else:
            self.shock += p.vote_lost_trust
            self.closed_until[integration] = self.env.now + p.lost_vote_wait

    def close(self, month: Month) -> None:
        """Close the month: ledger, trust, one row of the record."""
        p = self.p
        trend = (1 + p.income_growth) ** ((month.key - self.county.months[0].key) / 12)
        level = trend * month.years * self.noise
        by_source = [source * level for source in self.sources]
        strikes = self.rng.random() < 1 - exp(-p.one_off_rate * month.years)
        one_off = p.one_off_size * trend * self.income if strikes else 0.0
        owed = (p.office_cost + p.service_cost * self.residents + p.interest_rate * self.debt) * month.years
        net = sum(by_source) + one_off - owed
        if net >= 0:
            repayment = min(p.repaid_share * net, self.debt)
            self.cash += p.saved_share * net
            self.debt -= repayment
            spending = owed + (1 - p.saved_share) * net - repayment
        else:
            from_cash = min(-net, self.cash)
            self.cash -= from_cash
            self.debt += -net - from_cash
            spending = owed
        self.log_odds = self.log_odds * exp(-p.trust_pull * month.years) + self.shock
        self.county.rows.append(
            (
                *by_source, one_off, spending, self.cash, self.debt, 1 / (1 + exp(-self.log_odds)), self.waited,
                self.incidents, self.registered, self.petitions, self.heard, sum(self.passed),
            )
        )  # fmt: skip
        self.shock = self.waited = 0.0
        self.incidents = self.registered = self.petitions = self.heard = 0


def yearly_means(setup: Setup, table: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Outcomes of one run, from its columns of shape (n_months, n_villages)."""
    sums = {name: float(values.sum()) for name, values in table.items()}
    income = sum(sums[name] for name in (*ROWS[: len(SOURCE_SHARES)], "one_off"))
    last = {name: table[name][-1] for name in ("cash", "debt", "trust", "passed")}
    half_time, all_passed = table["passed"][len(table["passed"]) // 2], sum(MILESTONES)
    return {
        "incidents a year": sums["incidents"] / setup.years,
        "registered cases a year": sums["registered"] / setup.years,
        "hearings a year": sums["heard"] / setup.years,
        "petitions a year": sums["petitions"] / setup.years,
        "mean wait [days]": sums["waited"] / max(sums["heard"], 1.0),
        "income [yuan a village and year]": income / setup.years / len(setup.township),
        "cash at the end [yuan a village]": float(last["cash"].mean()),
        "debt at the end [yuan a village]": float(last["debt"].mean()),
        "trust at the end": float(last["trust"].mean()),
        "trust at the end, standard deviation": float(last["trust"].std()),
        "fusion, share of milestones at half time": float(half_time.mean()) / all_passed,
        "fusion, share of milestones at the end": float(last["passed"].mean()) / all_passed,
        "fusion, share of villages with all of them": float((last["passed"] == all_passed).mean()),
    }


@dataclass(frozen=True)
class Agreement:
    """One outcome of both versions over several seeds."""

    name: str
    ours: float
    textbook: float
    standard_errors: float


def agreement(ours: list[dict[str, float]], textbook: list[dict[str, float]]) -> list[Agreement]:
    """Compare the means of two sets of independent runs, in standard errors of their difference."""
    rows = []
    for name in ours[0]:
        a, b = (np.array([run[name] for run in runs]) for runs in (ours, textbook))
        error = sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        difference = float(a.mean() - b.mean())
        off = difference / error if error > 0 else (0.0 if difference == 0 else float("inf"))
        rows.append(Agreement(name, float(a.mean()), float(b.mean()), off))
    return rows


def timed(version: Callable[[Setup, int], Any], setup: Setup, seed: int) -> tuple[float, dict[str, float]]:
    """Processor seconds of one run, and its means."""
    gc.collect()  # each version pays for its own rubbish only
    begun = time.process_time()
    means = version(setup, seed).run()
    return time.process_time() - begun, means


def ratio(pairs: int = 3) -> float:
    """Processor seconds of the textbook version over those of the columns, median of pairs after one that is not counted."""
    setup = county()
    versions = ((Columns, 0), (Textbook, 1000))
    seconds = [[timed(version, setup, first + pair)[0] for version, first in versions] for pair in range(pairs + 1)]
    return median(slow / fast for fast, slow in seconds[1:])


def main() -> None:
    setup = county()
    seconds: dict[str, list[float]] = {"ours": [], "textbook": []}
    means: dict[str, list[dict[str, float]]] = {"ours": [], "textbook": []}
    timeouts = []
    for pair in range(PAIRS + 1):
        timeouts.append(timeout_seconds())
        for name, version, seed in (("ours", Columns, pair), ("textbook", Textbook, 1000 + pair)):
            took, found = timed(version, setup, seed)
            means[name].append(found)
            if pair:
                seconds[name].append(took)
    one = median(timeouts)
    print(f"B, a bare SimPy timeout: {one * 1e6:.2f} microseconds (median of {len(timeouts)})\n")
    print(f"{'':<28}{'seconds':>10}{'B':>14}")
    for name, label in (("ours", "columns, keyed births"), ("textbook", "textbook SimPy")):
        print(f"{label:<28}{median(seconds[name]):>10.3f}{median(seconds[name]) / one:>14,.0f}")
    ratios = [slow / fast for slow, fast in zip(seconds["textbook"], seconds["ours"], strict=True)]
    verdict = "met" if median(ratios) >= GOAL else "missed"
    print(
        f"\nTextbook over columns, median of {PAIRS} pairs: {median(ratios):.1f}"
        f" (from {min(ratios):.1f} to {max(ratios):.1f}); goal at least {GOAL:g}: {verdict}\n"
    )
    print(f"{'means of ' + str(PAIRS + 1) + ' seeds each':<42}{'columns':>14}{'textbook':>14}{'apart, SE':>12}")
    rows = agreement(means["ours"], means["textbook"])
    for row in rows:
        print(f"{row.name:<42}{row.ours:>14,.3f}{row.textbook:>14,.3f}{row.standard_errors:>+12.2f}")
    apart = [row.name for row in rows if abs(row.standard_errors) > 4]
    print(f"\n{'All means agree within four standard errors.' if not apart else f'NOT THE SAME MODEL: {apart}'}")


if __name__ == "__main__":
    main()
