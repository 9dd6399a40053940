"""Scenarios: a place, a time, strategies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.assembly import Assembly, assemble
from villagesim.ending import is_shipped
from villagesim.errors import PolicyError, ScenarioError, VillagesimError, nearest, placed
from villagesim.frozen import Frozen, Value, read_only
from villagesim.languages import named
from villagesim.notebook import table
from villagesim.outcomes import OUTCOMES, Goal, Observed, Outcomes
from villagesim.outcomes.formulas import Made
from villagesim.parameters import DEFAULTS, Parameters
from villagesim.places.endowments import Endowment, Published, endow
from villagesim.places.geography import Geography
from villagesim.places.map_of_history import Maps
from villagesim.places.place import Place, same_map
from villagesim.policies import Policy, Strategy
from villagesim.policies.administration import Administration
from villagesim.process import Process
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.sources import told_apart
from villagesim.text import line, lines
from villagesim.timetable import Budget, Timetable

NO_MERGER = "no merger"
BASELINES = {True: "nothing but the merger", False: "no policy"}
"""What the baseline, without any policy, is called where a decree will come, and where nothing merges."""
LIKELIEST, DRAWN = "likeliest", "drawn"
"""Names of the map that is inferred, and of those that are drawn instead, one for each replication."""
MOST_WEAK = 0.1
"""Share of members in weak links from which on the likeliest map is no ground to stand on. Source: assumption."""
ALWAYS: Mapping[str, Strategy] = Frozen({NO_MERGER: Strategy(merger=False), BASELINES[True]: Strategy()})
"""Strategies that every scenario has; the baseline gets the name that is right for the scenario."""
RESERVED = (NO_MERGER, *BASELINES.values())
"""Names that no strategy of one's own can have."""


@dataclass(frozen=True, eq=False)
class Scenario(Value):
    """All that a run needs but a strategy and luck.

    Attributes
    ----------
    title : str
    timetable : Timetable
    place : Place
        With the likeliest map of the merger, or the user's.
    published : Published
        Totals and shares that the endowments meet.
    table : dict of (n_rows,) arrays
        A user's own figures, NaN where there are none; empty where there is no table.
    parameters : Parameters
    budget : Budget
    strategies : dict of str to Strategy
        A list of policies is taken as one.
    margins : dict of str to float
        Smallest differences that matter, where they are not the outcome's own.
    goals : tuple of Goal
        What was promised, or found elsewhere; comparisons say how far each strategy comes.
    observed : tuple of Observed
        What really came: points in figures, and a table of how far off the simulated figures are; no run knows of it.
    about : dict of str to str
        What is data, what is calibrated, what is assumed, in the author's words.
    decree_between, mean_income_between : (date, date) and (float, float), optional
        Ends between which the decree may have come, and the published mean of income have been: what ``--draws`` draws from.
    history : Maps, optional
        What the map is the likeliest of, and others are drawn from; none where nothing merges, or the map is one's own.
    maps_of_runs : str
        ``likeliest``: all replications have that map; ``drawn``: each has one of its own, which all strategies share. Empty:
        drawn where more than :data:`MOST_WEAK` of the members of cooperatives sit in weak links.
    maps : dict of str to Maps
        What a factor ``place.map`` may choose, by the name of the user's file: the scenario's own, which is ``likeliest``
        where none is given, and others.
    processes : tuple of classes
        Of the user's own; they act after those of the library.
    outcomes : Outcomes
        All by name: the library's, those of the levels of the place, and the user's own, which are given as a list.
    code : dict of str to str
        Hash of every module of the user's own that is part of it.
    geography : Geography, optional
        Where villages and townships lie, for tables and maps; no part of what decides the results.
    source : str
        File it was read from, for messages.
    notes : tuple of str
        What was noticed while it was read, as rows of a table that were left out.
    """

    title: str
    timetable: Timetable
    place: Place
    published: Published
    table: Mapping[str, Floats] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=lambda: DEFAULTS)
    budget: Budget = field(default_factory=Budget)
    strategies: Mapping[str, Strategy] = field(default_factory=lambda: ALWAYS)
    margins: Mapping[str, float] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    observed: tuple[Observed, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    decree_between: tuple[date, date] | None = None
    mean_income_between: tuple[float, float] | None = None
    history: Maps | None = None
    maps_of_runs: str = ""
    maps: Mapping[str, Maps] = field(default_factory=dict)
    processes: tuple[type[Process], ...] = ()
    outcomes: Outcomes = OUTCOMES
    code: Mapping[str, str] = field(default_factory=dict)
    geography: Geography | None = None
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        line(self.title, "title", error=ScenarioError)
        for name in self.strategies:
            line(name, "name of a strategy", error=ScenarioError)
        for what, said in self.about.items():
            with placed("[about]"):
                lines(said, what, error=ScenarioError)
        self._freeze(
            table=Frozen({name: read_only(np.asarray(values, float)) for name, values in self.table.items()}),
            strategies=Frozen(dict(map(self._named, self.strategies.items()))),
            goals=tuple(self.goals),
            observed=tuple(self.observed),
            processes=tuple(self.processes),
            **{name: Frozen(getattr(self, name)) for name in ("margins", "about", "maps", "code")},
        )
        if self.history is not None and not same_map(self.place, self.history.likeliest):
            fix = "Give history = None beside a place of your own: then its map is kept, and never drawn."
            raise ScenarioError("place is not the one that history makes.", fix=fix)
        own = self.outcomes.own if isinstance(self.outcomes, Outcomes) else self.outcomes
        self._freeze(outcomes=Outcomes(own, self.published.levels))
        self._freeze(parameters=with_own(self.parameters, self.processes))
        if self.geography is not None and len(self.geography.lon) != len(self.place.before):
            self._freeze(geography=None)  # it is of another place
        n_decrees, n_waves = len(self.timetable.decrees), len(self.place.waves)
        if n_decrees and n_decrees != n_waves:
            raise ScenarioError(
                f"the timetable has {n_decrees} decree{'s' * (n_decrees > 1)}, and the place merges in {n_waves}.",
                fix="Give each wave of the place a decree of its own.",
            )
        self.assembly  # noqa: B018 - refused now what cannot stand together, not in the run
        for number, goal in enumerate(self.goals, start=1):
            with placed(f"[[goal]] {number}"):
                goal.check(self.outcomes)
        for figure in self.observed:
            with placed(f"observed {figure.outcome} at {figure.at}"):
                figure.check(self.outcomes)
        if not self.maps_of_runs:
            self._freeze(maps_of_runs=DRAWN if self.weak_share > MOST_WEAK else LIKELIEST)

    @cached_property
    def assembly(self) -> Assembly:
        """What the processes of the library and the user's own declare, checked.

        Raises
        ------
        ScenarioError
            Where they cannot stand together.
        """
        return assemble((*PROCESSES, *self.processes, Administration))

    def __repr__(self) -> str:
        dates, n = self.timetable, len(self.strategies)
        return f"<scenario: {self.title}; {len(self.place.whole.before)} villages, {dates.start} to {dates.stop}, {n} strategies>"

    def _repr_html_(self) -> str:
        rows = (
            ("place", self.place), ("timetable", self.timetable), ("published", self.published), ("budget", self.budget),
            ("parameters", self.parameters), *((name, repr(own)[1:-1]) for name, own in self.strategies.items()),
        )  # fmt: skip
        return table(self.title, (), rows)

    def strategy(self, strategy: str | Strategy | Policy | Sequence[Policy]) -> tuple[str, Strategy]:
        """Name and policies of a strategy, given by either.

        Raises
        ------
        VillagesimError
            Where there is none of this name, or a policy does not fit the scenario.
        """
        if not isinstance(strategy, str):
            own = _strategy(strategy)
            self.check(own, "strategy", "policy")
            return "own", own
        if strategy not in self.strategies:
            fix = f"The strategy without any policy is {named(self.baseline)!r} here."
            if strategy not in RESERVED:
                fix = nearest(strategy, [named(name, "strategy") for name in self.strategies])
            raise ScenarioError(f"{strategy!r} is not a strategy here.", fix=fix)
        self.check(self.strategies[strategy], f"strategy {strategy!r}", "policy")
        return strategy, self.strategies[strategy]

    def with_parameters(self, **values: float | Mapping[str, object]) -> "Scenario":
        """Return a copy with other values of some parameters.

        Raises
        ------
        ParameterError
            Where one is unknown or outside its range.
        """
        return replace(self, parameters=self.parameters.with_values(values))

    def endow(self, seed: int, draw: int = 0, replication: int = 0) -> Endowment:
        """People, income, land and debt of every constituent at the start, with the map of :meth:`place_of`.

        A draw has luck of its own, which all its replications share.
        """
        place, draws = self.place_of(seed, draw, replication), Draws.of_draw(seed, draw)
        with placed(*([self.source, "[place]"] if self.source else []), f"with seed {seed}"):
            return endow(place, self.published, self.parameters, draws, self.table, likeliest=not draw)

    def place_of(self, seed: int, draw: int = 0, replication: int = 0) -> Place:
        """The place with the map of a run.

        Every draw has a plausible one; draw 0 the likeliest, or one for each replication (see ``maps_of_runs``).
        """
        if self.history is None or not (draw or self.has_drawn_maps):
            return self.place
        return self.history.drawn(Draws.of_draw(seed, draw) if draw else Draws.of_replication(seed, replication))

    @property
    def has_drawn_maps(self) -> bool:
        """Whether replications of draw 0 have maps of their own."""
        return self.maps_of_runs == DRAWN and not self.map_is_given

    @cached_property
    def weak_share(self) -> float:
        """Share of the members of all cooperatives whose villages have weak links [0 to 1]."""
        if self.map_is_given:
            return 0.0
        members = self.endow(1).members
        return float(members[self.place.map.weak].sum() / members.sum())

    @property
    def map_is_given(self) -> bool:
        """Whether the map is one's own, and whole: draws leave it alone."""
        return self.history is None or self.history.is_given

    @property
    def merges(self) -> bool:
        """A decree will come, or several."""
        return bool(self.timetable.decrees)

    @property
    def baseline(self) -> str:
        """Name of the strategy without any policy."""
        return BASELINES[self.merges]

    def _named(self, given: tuple[str, Any]) -> tuple[str, Strategy]:
        """Name and policies of a strategy: what the baseline is called depends on whether anything merges."""
        name, strategy = given[0], _strategy(given[1])
        if name not in BASELINES.values():
            return name, strategy
        if strategy != Strategy():
            raise ScenarioError(f"{name!r} is the baseline, which has no policy.", fix="Choose another name.")
        return self.baseline, strategy

    def content(self) -> dict[str, Any]:
        """All that decides the results, but seeds: rolls, map, table, dates, parameters, strategies."""
        return {
            "timetable": repr(self.timetable),
            "place": self.place.content(),
            "history": None if self.history is None or self.history.is_given else self.history.content(),
            "maps of runs": self.maps_of_runs,
            "maps": {
                name: [maps.likeliest.content(), None if maps.is_given else maps.content()]
                for name, maps in self.maps.items()
            },
            "published": repr(self.published),
            **({} if self.merges or not self.place.named else {"townships": sorted(self.place.named.items())}),
            "table": {name: [repr(v) for v in values.tolist()] for name, values in self.table.items()},
            "parameters": {name: repr(self.parameters[name].value) for name in self.parameters},
            "budget": repr(self.budget),
            "margins": {name: repr(value) for name, value in sorted(self.margins.items())},
            "processes": [_source(process) for process in self.processes],
            "outcomes": [[o.name, _source(o.county), _source(o.village)] for o in self.outcomes.own],
            "code": dict(sorted(self.code.items())),
            "strategies": {name: [s.merger, repr(s.map), *map(repr, s)] for name, s in self.strategies.items()},
            "policies": sorted({_source(policy) for policy in self._kinds}),
        }

    @cached_property
    def digest(self) -> str:
        """Hash of its content."""
        text = json.dumps(self.content(), sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=12).hexdigest()

    @property
    def unread(self) -> tuple[str, ...]:
        """Code of the user's own whose text cannot be read, as of a notebook: nobody can tell whether it has changed."""
        outcomes = [code for own in self.outcomes.own for code in (own.county, own.village) if code is not None]
        code = [part for part in (*self.processes, *outcomes, *self._kinds) if not is_shipped(part)]
        return tuple(dict.fromkeys(_name(part) for part in code if told_apart(part) is None))

    @property
    def _kinds(self) -> set[type[Policy]]:
        return {type(policy) for strategy in self.strategies.values() for policy in strategy}

    def check(self, policies: Strategy, *where: str) -> None:
        """Refuse policies and a map that do not fit the scenario; ``where`` they stand, from outside to inside.

        Raises
        ------
        VillagesimError
        """
        first, stop = self.timetable.start, self.timetable.stop
        if policies.map is not None:
            with placed(*where[:-1]):
                policies.map.check(self.place)
        for number, policy in enumerate(policies, start=1):
            place = (*where[:-1], f"{where[-1]} {number} ({policy.label})")
            if not first <= policy.start < stop:
                raise PolicyError(
                    f"start = {policy.start} lies outside the run, {first} to before {stop}.",
                    fix="Choose a first of a month within it, or change start or end of the scenario.",
                    at=place,
                )
            with placed(*place):
                self.assembly.check(policy)
                if (expected := getattr(policy, "expects", None)) and expected[0] not in self.outcomes:
                    rule = f"{type(policy).__name__} expects to move {expected[0]!r}, which is not an outcome."
                    raise PolicyError(rule, fix=nearest(expected[0], self.outcomes))
                policy.target.check(self.place, self.outcomes)
                for condition in filter(None, (policy.when, policy.until)):
                    condition.check(self.outcomes)


def as_scenario(value: Any, *, error: type[VillagesimError] = ScenarioError) -> Scenario:
    """Take a scenario; the path of its file is none.

    Raises
    ------
    VillagesimError
        Of the type ``error``.
    """
    if not isinstance(value, Scenario):
        raise error(f"scenario = {value!r:.60} is not a scenario.", fix="Read its file with load_scenario(path).")
    return value


def _strategy(policies: Any) -> Strategy:
    return policies if isinstance(policies, Strategy) else Strategy(policies)


def with_own(parameters: Parameters, processes: Sequence[type[Process]]) -> Parameters:
    """Parameters with those that processes of the user's own bring along, unless they are there already.

    Raises
    ------
    ScenarioError
        Where one is no process, or brings a parameter of the library's.
    """
    missing = []
    for process in processes:
        if not (isinstance(process, type) and issubclass(process, Process)):
            fix = "Derive the class from villagesim.process.Process, and give the class itself."
            raise ScenarioError(f"processes: {process!r} is not a process.", fix=fix)
        if process.__name__ in {shipped.__name__ for shipped in PROCESSES}:
            raise ScenarioError(
                f"{process.__name__} is the name of a process of the library.", fix="Give yours another name."
            )
        for parameter in process.parameters:
            if parameter.name in DEFAULTS:
                raise ScenarioError(
                    f"{process.__name__}: there is a parameter {parameter.name!r} already.", fix="Give it another name."
                )
            if parameter.name not in parameters:
                missing.append(parameter)
    return Parameters((*parameters.values(), *missing)) if missing else parameters


def _source(code: Any) -> str:
    """What tells one piece of code from another: of a user's own its text, where it can be read; else its name."""
    if code is None or is_shipped(code):
        return repr(code) if isinstance(code, Made) else getattr(code, "__qualname__", "")
    return told_apart(code) or _name(code)


def _name(code: Any) -> str:
    return str(getattr(code, "__qualname__", type(code).__qualname__))
