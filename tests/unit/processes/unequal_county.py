"""A county of eight unequal constituents, made by hand, and luck that a test may set.

    village  rows     host  members            township
    A        0 1 2    1     100, 300, 600      first
    B        3 4      4     250, 750           first
    C        5        5     400                first
    D        6 7      6     350, 50            second

Everything differs between the parts of a village, and residents are not in proportion to members, so that a term that
takes the wrong share gives another number. Here stand the facts of the county alone; what the equations make of them is
worked out in the tests.
"""

from dataclasses import replace
from datetime import date

import numpy as np
from scipy.special import ndtr

from villagesim.parameters import DEFAULTS
from villagesim.places.endowments import Endowment
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.timetable import Decree, Timetable
from villagesim.world import World

START, STOP = date(2021, 1, 1), date(2026, 1, 1)
MEMBERS = np.array([100, 300, 600, 250, 750, 400, 350, 50])
RESIDENTS = np.array([90, 110, 400, 200, 300, 260, 10, 230])
INCOME = np.array([200_000.0, 150_000.0, 900_000.0, 300_000.0, 150_000.0, 500_000.0, 70_000.0, 90_000.0])
DEBT = np.array([400_000.0, 0.0, 300_000.0, 50_000.0, 900_000.0, 80_000.0, 20_000.0, 600_000.0])
BENEFITS = np.array([80.0, 20.0, 50.0, 30.0, 45.0, 60.0, 10.0, 90.0])
ARABLE = np.array([1_000.0, 400.0, 2_000.0, 1_500.0, 500.0, 900.0, 700.0, 300.0])
ENROLLABLE = np.array([0.5, 0.8, 0.3, 0.4, 0.7, 0.6, 0.5, 0.2])
VILLAGE_OF = np.array([1, 1, 1, 4, 4, 5, 6, 6])
A, B, C, D = 1, 4, 5, 6
SHARE = np.array([0.1, 0.3, 0.6, 0.25, 0.75, 1.0, 0.875, 0.125])
N = len(MEMBERS)


def unequal_endowment(**changes):
    """The county's endowment; of income, a quarter comes from each source."""
    codes = [370_114_001_201 + i for i in range(6)] + [370_114_002_201, 370_114_002_202]
    before = Roll.of((str(code), f"village {i}") for i, code in enumerate(codes))
    hosts = np.array([A, B, C, D])
    after = Roll.of((before.codes[i], before.names[i]) for i in hosts)
    links = MergerMap(np.searchsorted(hosts, VILLAGE_OF), ("user",) * N, np.ones(N), hosts)
    endowment = Endowment(
        place=Place(before, after, links),
        residents=RESIDENTS.copy(),
        members=MEMBERS.copy(),
        income=INCOME.copy(),
        source_shares=np.full((4, N), 0.25),
        arable=ARABLE.copy(),
        enrollable=ENROLLABLE.copy(),
        debt=DEBT.copy(),
        entitlement=BENEFITS.copy(),
        booked=np.zeros(N),
    )
    return replace(endowment, **changes)


class Lots(Draws):
    """Luck as ever, but for decisions that a test has set: a number, or an array that fits the ids asked for."""

    def __init__(self, uniform=None, normal=None):
        super().__init__(1, 0)
        self.uniforms, self.normals = dict(uniform or {}), dict(normal or {})

    def uniform(self, decision, *who):
        """The number set for this decision, or a keyed draw."""
        if decision not in self.uniforms:
            return super().uniform(decision, *who)
        return as_asked(self.uniforms[decision], who)

    def uniform_by_decision(self, decisions, *who):
        """As one by one; what is set as normal, as its place among all."""
        return np.array([
            ndtr(self.normal(decision, *who)) if decision in self.normals else self.uniform(decision, *who)
            for decision in decisions
        ])  # fmt: skip

    def normal(self, decision, *who):
        """The number set for this decision, or a keyed draw."""
        if decision not in self.normals:
            return super().normal(decision, *who)
        return as_asked(self.normals[decision], who)


def as_asked(value, who):
    """A number for every id asked for; functions get the ids."""
    if callable(value):
        value = value(*who)
    shape = np.broadcast_shapes((1,), *(np.shape(part) for part in who))
    return np.broadcast_to(np.asarray(value, float), shape).copy()


def world_by_hand(
    uniform=None, normal=None, *, start=START, decree=None, announcement=None, elections=(), parameters=None, **changes
):
    """The county before anything has happened, with no process yet; ``changes`` are of its endowment.

    Nobody reports a lost vote all the same.
    """
    decrees = (Decree(announcement or decree, decree),) if decree else ()
    timetable = Timetable(start, STOP, decrees, elections)
    p = DEFAULTS.with_values(parameters or {})
    world = World(timetable, unequal_endowment(**changes), p, Lots(uniform, normal), processes=PROCESSES)
    world.offers.report = world.offers.made_real = world.offers.withdraw = lambda *vote: None
    world.members.trust[:] = world.members.trust_base[:] = 0.5
    return world


def merge(world):
    """Make A, B, C and D of the constituents, by hand."""
    world.village_of = VILLAGE_OF.copy()
    world.committees.merged[[A, B, D]] = True
    world.decreed = 1
    world.changed[:] = world.committees.merged[VILLAGE_OF]
    world.removed[:] = ~world.is_village


def pool(world, *villages):
    """Make one account of those of each village, by hand; debts and cash go to its host."""
    for village in villages:
        rows = np.flatnonzero(np.equal(VILLAGE_OF, village))
        for column in (world.cooperatives.cash, world.cooperatives.debt):
            total = column[rows].sum()
            column[rows], column[village] = 0.0, total
        world.account_of[rows] = village


def month_of(world, year, month):
    """A month of the run."""
    (found,) = (m for m in world.calendar.months if m.key == 12 * year + month - 1)
    return found


def until(world, day):
    """Let the clock run to a day [days from the start], and all that was scheduled happen."""
    world.env.run(until=day)
