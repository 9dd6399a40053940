"""Peers side by side: the same work in each, with the same means, timed by turns in one process.

QUESTION: how much faster or slower is this library's way than that of others, and how far is it from what a compiler reaches?
DESIGN: 532 villages in 18 townships over ten years. Every month each village closes its account; cases come to the two mediators
of its township by a Poisson process and are heard in the order in which they came, as long as an exponential time. All versions
are written as the documentation of their library teaches. Who has no event engine works a desk through once a month, exactly.
Ciw has queues alone, so it is timed for less. Rounds in which all take turns, each with a seed of its own; processor seconds,
nothing is kept but means. What is not installed is left out by name.
OUTPUT: printed: versions, seconds, ratios (the median of the rounds, and the least and largest), and whether means agree with
those of 200 runs of the compiled version within four standard errors. Run with `make bench-peers`; docs/yardstick.md
shows one run.
"""

import gc
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from heapq import heapreplace
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from random import Random
from statistics import mean, median, stdev
from typing import Any

import numpy as np
import simpy

from villagesim.dates import Month
from villagesim.engine.calendar import Calendar
from villagesim.engine.monthly_desk import MonthlyDesk
from villagesim.randomness import Draws, births

START, STOP = date(2021, 1, 1), date(2031, 1, 1)
VILLAGES, TOWNSHIPS, MONTHS, MEDIATORS = 532, 18, 120, 2
DAYS = (STOP - START).days / MONTHS
A_YEAR = 2.03
"""Cases of a village in a year."""
RATE = A_YEAR / 365.25
HEARING = 0.8 * MEDIATORS / (RATE * VILLAGES / TOWNSHIPS)
"""Days of a hearing: mediators are busy four fifths of the time."""
NET, SPREAD, DEBT = 3_000.0, 20_000.0, 200_000.0
"""What an account has left in a month [yuan], its standard deviation, and the debt that it begins with."""
Means = dict[str, float]


def told(waits: float, n: int, cash: Any = None, debt: Any = None) -> Means:
    """What every version gives."""
    found = {"wait": waits / max(n, 1), "heard": float(n)}
    return found if cash is None else found | {"cash": float(np.mean(cash)), "debt": float(np.mean(debt))}


def villagesim(seed: int) -> Means:
    """The way of this library: columns, keyed births, a calendar, desks that are worked through once a month."""
    draws, calendar, env = Draws(seed, "peers"), Calendar(START, STOP), simpy.Environment()
    keys, township = np.arange(VILLAGES), np.arange(VILLAGES) % TOWNSHIPS
    cash, debt = np.zeros(VILLAGES), np.full(VILLAGES, DEBT)
    waits: list[float] = []
    desks = [MonthlyDesk(lambda case, day, waited: waits.append(waited), lambda *_: None) for _ in range(TOWNSHIPS)]
    for desk in desks:
        desk.staff(MEDIATORS, 0.0)

    def close(month: Month) -> None:
        for desk in desks:
            desk.work(month.start + month.days)
        net = NET + SPREAD * draws.normal("net", keys, month.key)
        repaid = np.minimum(np.maximum(net, 0.0), debt)
        drawn = np.minimum(np.maximum(-net, 0.0), cash)
        cash[:] += np.maximum(net, 0.0) - repaid - drawn
        debt[:] += np.maximum(-net, 0.0) - drawn - repaid

    def bear(month: Month) -> None:
        _, rows, ordinal = births(draws, "case", keys, month.key, month.days, A_YEAR)
        when, luck = draws.uniform_by_decision(("when", "hearing"), rows, month.key, ordinal)
        days, lengths = month.start + month.days * when, -HEARING * np.log(luck)
        for k, day, length in zip(township[rows].tolist(), days.tolist(), lengths.tolist(), strict=True):
            desks[k].expect(day, (0.0, 1e9, length))

    calendar.declare("ledger", "accounts", close)
    calendar.declare("births", "cases", bear)
    env.run(until=env.process(calendar.running(env)))
    return told(sum(waits), len(waits), cash, debt)


class Account:
    """What a village has and owes, in plain numbers."""

    def __init__(self) -> None:
        self.cash, self.debt = 0.0, DEBT

    def close(self, rng: Random) -> None:
        """Close a month."""
        net = rng.gauss(NET, SPREAD)
        if net >= 0:
            repaid = min(net, self.debt)
            self.debt -= repaid
            self.cash += net - repaid
        else:
            drawn = min(-net, self.cash)
            self.cash -= drawn
            self.debt += -net - drawn


def textbook(seed: int) -> Means:
    """SimPy by its textbook: a process for every village and for every case."""
    rng, env, waits = Random(seed), simpy.Environment(), []
    desks = [simpy.Resource(env, MEDIATORS) for _ in range(TOWNSHIPS)]
    accounts = [Account() for _ in range(VILLAGES)]

    def living(account: Account) -> Any:
        for _ in range(MONTHS):
            yield env.timeout(DAYS)
            account.close(rng)

    def arriving(desk: simpy.Resource) -> Any:
        while True:
            yield env.timeout(rng.expovariate(RATE))
            env.process(hearing(desk))

    def hearing(desk: simpy.Resource) -> Any:
        came = env.now
        with desk.request() as turn:
            yield turn
            waited = env.now - came
            yield env.timeout(rng.expovariate(1 / HEARING))
            waits.append(waited)

    for k, account in enumerate(accounts):
        env.process(living(account))
        env.process(arriving(desks[k % TOWNSHIPS]))
    env.run(until=MONTHS * DAYS + 1e-6)
    return told(sum(waits), len(waits), [a.cash for a in accounts], [a.debt for a in accounts])


class Desk:
    """A township's desk of a library without events: its month is worked through at the end of it, in the order of arrivals."""

    def __init__(self) -> None:
        self.free, self.inbox, self.waits, self.n = [0.0] * MEDIATORS, [], 0.0, 0

    def work(self) -> None:
        """Hear who came in the month."""
        for came, length in sorted(self.inbox):
            begun = max(came, self.free[0])
            heapreplace(self.free, begun + length)
            if begun + length < MONTHS * DAYS:
                self.waits, self.n = self.waits + begun - came, self.n + 1
        self.inbox.clear()


def _month_of_a_village(village: Any, rng: Random, end: float) -> None:
    """What a village does in a step: cases come to its desk, and it closes its account."""
    while village.next_case < end:
        village.desk.inbox.append((village.next_case, rng.expovariate(1 / HEARING)))
        village.next_case += rng.expovariate(RATE)
    village.account.close(rng)


def _of_desks(desks: Any, villages: Any) -> Means:
    accounts = [village.account for village in villages]
    waits, n = sum(desk.waits for desk in desks), sum(desk.n for desk in desks)
    return told(waits, n, [a.cash for a in accounts], [a.debt for a in accounts])


def mesa(seed: int) -> Means:
    """Mesa: an agent for every village, a step a month."""
    from mesa import Agent, Model

    class Village(Agent):
        def __init__(self, model: Any, desk: Desk) -> None:
            super().__init__(model)
            self.desk, self.account = desk, Account()
            self.next_case = model.random.expovariate(RATE)

        def step(self) -> None:
            _month_of_a_village(self, self.model.random, self.model.until)

    class County(Model):
        def __init__(self) -> None:
            super().__init__(seed=seed)
            self.until, self.desks = 0.0, [Desk() for _ in range(TOWNSHIPS)]
            for k in range(VILLAGES):
                Village(self, self.desks[k % TOWNSHIPS])

        def step(self) -> None:
            self.until += DAYS
            self.agents.do("step")
            for desk in self.desks:
                desk.work()

    county = County()
    for _ in range(MONTHS):
        county.step()
    return _of_desks(county.desks, county.agents)


def agentpy(seed: int) -> Means:
    """AgentPy: an agent list of villages, a step a month."""
    import agentpy as ap

    class Village(ap.Agent):  # type: ignore[misc]
        def setup(self) -> None:
            self.account = Account()
            self.next_case = self.model.random.expovariate(RATE)

        def step(self) -> None:
            _month_of_a_village(self, self.model.random, self.model.until)

    class County(ap.Model):  # type: ignore[misc]
        def setup(self) -> None:
            self.until, self.desks = 0.0, [Desk() for _ in range(TOWNSHIPS)]
            self.villages = ap.AgentList(self, VILLAGES, Village)
            for k, village in enumerate(self.villages):
                village.desk = self.desks[k % TOWNSHIPS]

        def step(self) -> None:
            self.until += DAYS
            self.villages.step()
            for desk in self.desks:
                desk.work()

    county = County({"steps": MONTHS, "seed": seed})
    county.run(display=False)
    return _of_desks(county.desks, county.villages)


def ciw(seed: int) -> Means:
    """Ciw: the eighteen queues, without the accounts."""
    import ciw as library

    library.seed(seed)
    network = library.create_network(
        arrival_distributions=[library.dists.Exponential(RATE * _of_township(k)) for k in range(TOWNSHIPS)],
        service_distributions=[library.dists.Exponential(1 / HEARING)] * TOWNSHIPS,
        number_of_servers=[MEDIATORS] * TOWNSHIPS,
        routing=[[0.0] * TOWNSHIPS] * TOWNSHIPS,
    )
    simulation = library.Simulation(network)
    simulation.simulate_until_max_time(MONTHS * DAYS)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return told(sum(waits), len(waits))


def _of_township(k: int) -> int:
    """Villages of a township."""
    return len(range(k, VILLAGES, TOWNSHIPS))


def salabim(seed: int) -> Means:
    """Salabim: a component for every village and every case; monitors off."""
    import salabim as sim

    sim.yieldless(False)
    rng, env, waits = Random(seed), sim.Environment(trace=False, random_seed=seed), []
    desks = [sim.Resource(f"desk{k}", MEDIATORS, monitor=False, env=env) for k in range(TOWNSHIPS)]
    accounts = [Account() for _ in range(VILLAGES)]

    class Village(sim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            for _ in range(MONTHS):
                yield self.hold(DAYS)
                accounts[self.row].close(rng)

    class Arrivals(sim.Component):  # type: ignore[misc]
        def process(self) -> Any:
            while True:
                yield self.hold(rng.expovariate(RATE))
                Case(desk=desks[self.row % TOWNSHIPS], env=env)

    class Case(sim.Component):  # type: ignore[misc]
        def setup(self, desk: Any) -> None:
            self.desk = desk

        def process(self) -> Any:
            came = env.now()
            yield self.request(self.desk)
            waited = env.now() - came
            yield self.hold(rng.expovariate(1 / HEARING))
            self.release()
            waits.append(waited)

    for row in range(VILLAGES):
        for kind in (Village, Arrivals):
            kind(env=env).row = row
    env.run(till=MONTHS * DAYS + 1e-6)
    return told(sum(waits), len(waits), [a.cash for a in accounts], [a.debt for a in accounts])


def simulsi(seed: int) -> Means:
    """SimulSI: a process for every village and every case; what it records of them is off."""
    from simulsi import Simulation

    sim = Simulation(seed=seed, keep_entity_history=False, keep_values=False, record_series=False)
    rng, waits = Random(seed), []
    desks = [sim.resource(f"desk{k}", capacity=MEDIATORS) for k in range(TOWNSHIPS)]
    accounts = [Account() for _ in range(VILLAGES)]

    def living(account: Account) -> Any:
        for _ in range(MONTHS):
            yield DAYS
            account.close(rng)

    def arriving(desk: Any) -> Any:
        while True:
            yield rng.expovariate(RATE)
            sim.process(hearing(desk))

    def hearing(desk: Any) -> Any:
        came = sim.now
        yield sim.request(desk)
        waited = sim.now - came
        yield rng.expovariate(1 / HEARING)
        sim.release(desk)
        waits.append(waited)

    for k, account in enumerate(accounts):
        sim.process(living(account))
        sim.process(arriving(desks[k % TOWNSHIPS]))
    sim.run(until=MONTHS * DAYS + 1e-6)
    return told(sum(waits), len(waits), [a.cash for a in accounts], [a.debt for a in accounts])


def _compiled() -> Callable[[int], tuple[float, int, float, float]]:
    """The whole model as loops over numbers, compiled by numba."""
    from numba import njit

    @njit(cache=False)
    def whole(seed: int) -> tuple[float, int, float, float]:
        np.random.seed(seed)  # noqa: NPY002 - numba has no other generator that it seeds within
        cash, debt, waits, n, end = 0.0, 0.0, 0.0, 0, MONTHS * DAYS
        for k in range(TOWNSHIPS):
            rate, now, one, other = RATE * ((VILLAGES - k - 1) // TOWNSHIPS + 1), 0.0, 0.0, 0.0
            while True:
                now += np.random.exponential(1 / rate)  # noqa: NPY002
                if now >= end:
                    break
                begun = max(now, min(one, other))
                ends = begun + np.random.exponential(HEARING)  # noqa: NPY002
                if one <= other:
                    one = ends
                else:
                    other = ends
                if ends < end:
                    waits += begun - now
                    n += 1
        for _ in range(VILLAGES):
            own, owed = 0.0, DEBT
            for _ in range(MONTHS):
                net = NET + SPREAD * np.random.normal()  # noqa: NPY002
                if net >= 0:
                    repaid = min(net, owed)
                    owed -= repaid
                    own += net - repaid
                else:
                    drawn = min(-net, own)
                    own -= drawn
                    owed += -net - drawn
            cash += own
            debt += owed
        return waits, n, cash / VILLAGES, debt / VILLAGES

    return whole  # type: ignore[no-any-return]


def compiled(whole: Callable[[int], tuple[float, int, float, float]], seed: int) -> Means:
    """Numba: one loop over numbers, two mediators written out; the limit of what any way could reach."""
    waits, n, cash, debt = whole(seed)
    return told(waits, n, cash, debt)


@dataclass(frozen=True)
class Peer:
    """One way of doing the work."""

    label: str
    package: str
    run: Callable[[int], Means]


def peers() -> tuple[list[Peer], list[str]]:
    """Those that are installed, this library first, and names of those that are not."""
    known = [
        Peer("villagesim", "villagesim", villagesim), Peer("SimPy, textbook", "simpy", textbook), Peer("Mesa", "mesa", mesa),
        Peer("AgentPy", "agentpy", agentpy), Peer("Ciw, queues alone", "ciw", ciw), Peer("salabim", "salabim", salabim),
        Peer("SimulSI", "simulsi", simulsi),
    ]  # fmt: skip
    there = [peer for peer in known if _version(peer.package)]
    if _version("numba"):
        there.append(Peer("numba, the limit", "numba", partial(compiled, _compiled())))
    missing = {peer.package for peer in known} | {"numba"}
    return there, sorted(missing - {peer.package for peer in there})


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def timed(peer: Peer, seed: int) -> tuple[float, Means]:
    """Processor seconds and means of one run."""
    gc.collect()
    begun = time.process_time()
    found = peer.run(seed)
    return time.process_time() - begun, found


def main(rounds: int) -> None:
    there, missing = peers()
    seeds = count(1)
    for peer in there:
        peer.run(next(seeds))  # what is loaded and compiled once is not timed
    truth = [there[-1].run(next(seeds)) for _ in range(200 if there[-1].package == "numba" else 20)]
    seconds: dict[str, list[float]] = {peer.label: [] for peer in there}
    means: dict[str, list[Means]] = {peer.label: [] for peer in there}
    for _ in range(rounds):
        for peer in there:
            took, found = timed(peer, next(seeds))
            seconds[peer.label].append(took)
            means[peer.label].append(found)
    keys = list(truth[0])
    print(
        f"{'':<20}{'version':>10}{'seconds':>10}{'ratio':>8}{'least..most':>16}"
        + "".join(f"{key:>12}" for key in keys)
        + "  same means"
    )
    for peer in there:
        own = seconds[peer.label]
        ratios = [a / b for a, b in zip(own, seconds["villagesim"], strict=True)]
        got = {key: mean(run[key] for run in means[peer.label]) for key in means[peer.label][0]}
        same = all(
            abs(value - mean(run[key] for run in truth))
            <= 4 * stdev(run[key] for run in truth) * math.sqrt(1 / rounds + 1 / len(truth))
            for key, value in got.items()
        )
        shown = "".join(f"{got[key]:>12,.1f}" if key in got else f"{'-':>12}" for key in keys)
        print(
            f"{peer.label:<20}{_version(peer.package):>10}{median(own):>10.3f}{median(ratios):>8.2f}"
            f"{f'{min(ratios):.2f}..{max(ratios):.2f}':>16}{shown}  {'yes' if same else 'NO'}"
        )
    print(
        f"Python {sys.version.split()[0]}, numpy {np.__version__}, {rounds} rounds."
        f" Not installed: {', '.join(missing) or 'none'}."
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
