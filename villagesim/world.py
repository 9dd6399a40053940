"""One county in one run: clock, calendar, levers, fund, recorder, put together from what processes declare.

Processes and policies meet here and nowhere else. State has one process that writes it; the others make deposits, which
the owner takes at its own stage.
"""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from villagesim.agents.county import County
from villagesim.arrays import Bools, Floats, Ints
from villagesim.assembly import assemble, levers_of
from villagesim.checks import real_numbers
from villagesim.component import Column, Component
from villagesim.dates import month_key
from villagesim.ending import is_shipped
from villagesim.engine.calendar import Calendar
from villagesim.engine.desk import Desk
from villagesim.engine.events import Environment
from villagesim.engine.fund import Fund, Payment
from villagesim.engine.log import Event, Log
from villagesim.engine.monthly_desk import Ended, MonthlyDesk
from villagesim.engine.recorder import N_HISTORY, Recorder
from villagesim.errors import RunError
from villagesim.frozen import frozen_inside
from villagesim.guard import seen_by
from villagesim.observer import Observer, Observers
from villagesim.outcomes import OUTCOMES, Outcomes, Record
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws
from villagesim.timetable import Budget, Timetable


class Offers:
    """What processes do for others, each under its name: ``world.offers.trust_demand(label, month)``."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"no process of this world offers {name!r}")


FEW = 512
"""Rows whose month of a column fits into a page of memory, so that looking whether there is anything saves none."""


class World(County):
    """A county with its clock, and whatever the processes it is made with declare.

    Attributes
    ----------
    assembly : Assembly
        What the processes declare.
    levers : Levers
        Quantities that policies and processes change together.
    offers : Offers
        What processes do for others.
    merging : bool
        The decrees will come (a strategy may switch them off).
    villages_decreed : tuple of (n_rows,) int
        Row of the village of every constituent before any decree, and after each.
    by_county : (n_rows,) int, optional
        The same after the last decree by the county's map, where the strategy has chosen another.
    picked : dict of (n_rows,) bool
        Constituents that each policy picked on the day it started, by label.
    idle : dict of str to str
        Policies that have not acted so far, by their labels, with why they may not have begun.
    """

    def __init__(
        self, timetable: Timetable, endowment: Endowment, p: Parameters, draws: Draws, budget: Budget | None = None,
        *, processes: tuple[type[Component], ...], observers: tuple[Observer, ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(endowment, p, draws)
        self.timetable, self.budget = timetable, budget or Budget()
        self.assembly = assemble(processes)
        self.outcomes: Outcomes = OUTCOMES
        self.env, self.observers = Environment(), Observers(observers)
        self.calendar = Calendar(timetable.start, timetable.stop)
        self.fund = Fund(self.env)
        self.merging = bool(timetable.decrees)
        self.villages_decreed = self.place.villages(endowment.members)
        self.by_county: Ints | None = None
        self.levers = levers_of(
            self.assembly, self.n_rows, len(self.place.townships),
            lambda lever: lever.base_in(seen_by(self.assembly.levers[lever.name], self)),
        )  # fmt: skip
        self.offers = Offers()
        self._logged: list[Event] = []
        self.payments: list[Payment] = []
        self.picked: dict[str, Bools] = {}
        self.idle: dict[str, str] = {}
        self.settlements: list[Mapping[str, Any]] = []
        self.recorder = Recorder(self.assembly.groups, self.calendar.months, self.n_rows, len(self.place.townships))
        self._record_history()
        self._readers: list[tuple[str, NDArray[Any], Callable[[], Any]]] = []
        self._stories: list[simpy.Process] = []

    def join(self, process: Component) -> None:
        """Take a process in: others can call what it offers, and its columns are read from it when a month is closed."""
        for name in process.offers:
            setattr(self.offers, name, getattr(process, name))
        for column in process.columns:
            values, read = self.recorder.column(column.name), column.reader(process)
            if not is_shipped(type(process)):
                read = partial(self._plain, column, read, (values.shape[1:],))
            self._readers.append((column.name, values, read))

    def declare_last(self) -> None:
        """Declare what the world itself does, after all that processes and policies do at the same stage."""
        self.calendar.declare("policies", "levers", lambda month: self.levers.refresh("policies"))
        self.calendar.declare("refresh", "levers", lambda month: self.levers.refresh("refresh"))
        self.calendar.declare("record", "recorder", lambda month: self._take_record())
        if self.observers.watching:
            self.calendar.declare("record", "observers", lambda m: self.observers.month_closed(m, self.as_record()))

    def run(self) -> None:
        """Let everything happen that processes and policies have declared."""
        self.declare_last()
        self.env.run(until=self.env.process(self.calendar.running(self.env)))

    def process(self, story: Generator[simpy.Event, Any, None]) -> None:
        """Begin the story of one individual."""
        self._stories.append(self.env.process(story))

    def close(self) -> None:
        """Forget who was still to act: the run is over, and what the world knows stays.

        World, processes and policies refer to each other, so they would stay in memory until garbage is searched for.
        Cut open here, the ring goes with the run, and the next one gets the same memory.
        """
        self.env.close(self._stories)
        self._stories, self._readers, self.offers = [], [], Offers()
        self.calendar.close()
        for lever in self.levers:
            lever.close()

    @property
    def events(self) -> Log:
        """What was logged so far, to look at only."""
        return Log(self._logged)

    @property
    def now(self) -> float:
        """Days from the start."""
        return float(self.env.now)

    def log(self, kind: str, village: int = -1, *, day: float | None = None, **facts: Any) -> None:
        """Note that something happened, today or on another day, to the village in this row (-1: to the county)."""
        self._logged.append((self.env.now if day is None else day, kind, village, frozen_inside(facts)))
        if self.observers.watching:
            self.observers.happened(*self.events[-1])

    def desk(self, name: str, heard: Callable[[Any], None], left: Callable[[Any], None], township: int = 0) -> Desk:
        """A desk that has no officers yet; observers are told what becomes of its cases."""
        return self.observers.desk(self.env, name, township, heard, left)

    def monthly_desks(self, name: str, heard: Ended, left: Ended) -> list[MonthlyDesk]:
        """A desk that nobody waits for, by township; observers are told what becomes of its cases."""
        return [
            MonthlyDesk(
                *(self.observers.told(name, k, call, was_heard) for call, was_heard in ((heard, True), (left, False)))
            )
            for k in range(len(self.place.townships))
        ]

    def observed(self, name: str) -> Floats:
        """Outcome by village as observed at the last closing, shape ``(n_rows,)``, read at the rows of villages."""
        by_village = self.outcomes[name].village
        assert by_village is not None  # a target's check saw to it
        return by_village(self.as_record().latest(self.village_of, self.account_of))[-1]

    def published(self, name: str) -> float:
        """Outcome of the county as published at the last closing; NaN where it is not defined."""
        return float(self.outcomes[name].county(self.as_record().latest(self.village_of, self.account_of))[-1])

    def as_record(self) -> Record:
        """The raw record of all months closed so far, to look at only."""
        days = self.timetable.decree_days or (self.timetable.stop,) * len(self.place.waves)
        decrees = tuple(zip(map(month_key, days), self.villages_decreed[1:], strict=True))
        return Record(self.recorder.read_only(), self.endowment, decrees, by_county=self.by_county)

    def _record_history(self) -> None:
        """Fill the months before the start."""
        for column in self.assembly.all_columns:
            if column.before is not None:
                component = self.assembly.columns[column.name]
                months = self.recorder.column(column.name)[:N_HISTORY]
                read = partial(column.before, seen_by(component, self))
                try:
                    months[:] = read() if is_shipped(component) else self._plain(column, read, ((), months.shape))
                except Exception as problem:
                    raise self._unreadable(column.name, problem, "before the start", "before") from problem

    def _take_record(self) -> None:
        month, name, few = self.recorder.n_closed, "", self.n_rows <= FEW
        try:
            for name, column, read in self._readers:  # noqa: B007 - whoever fails is named below
                values = read()
                if values is None:
                    raise TypeError("it gives None")
                if few or np.count_nonzero(values):  # the record starts as zeros, which take no memory until written
                    column[month] = values
        except Exception as problem:
            when = f"at the end of {self.recorder.months[month - N_HISTORY].label}"
            raise self._unreadable(name, problem, when, "read") from problem
        self.recorder.n_closed += 1

    def _plain(self, column: Column, read: Callable[[], Any], shapes: tuple[tuple[int, ...], ...]) -> NDArray[Any]:
        """What a column of a user's own is read as, if it is what the record can hold."""
        values = real_numbers(read())
        if values.shape not in shapes:
            raise ValueError(f"it gives the shape {values.shape}, where {shapes[-1]} is asked")
        if column.whole and (wrong := values[(values != np.rint(values)) | (abs(values) >= 2.0**31)]).size:
            raise ValueError(f"it gives {wrong.flat[0]}, and whole = True keeps whole numbers below 2**31 only")
        return values

    def _unreadable(self, name: str, problem: Exception, when: str, how: str) -> RunError:
        fix, owner = f"Correct its `{how}`, or what it reads.", self.assembly.columns[name].__name__
        return RunError(f"the column {name!r} cannot be read: {problem}.", fix=fix, at=[when, owner])
