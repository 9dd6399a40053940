"""Scenarios: a place, a time, strategies; read from TOML files, which are data and run no code."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from villagesim.arrays import Floats
from villagesim.dates import first_of_month, last_of_month, next_first
from villagesim.errors import ParameterError, RollError, ScenarioError, VillagesimError, nearest
from villagesim.outcomes import OUTCOMES
from villagesim.parameters import DEFAULTS, Parameters
from villagesim.places.endowments import Endowment, Published, endow, read_table
from villagesim.places.merger_map import drawn_map, likeliest_map, read_map
from villagesim.places.place import Place, within
from villagesim.places.rolls import read_roll
from villagesim.policies import KINDS, NoMerger, Policy
from villagesim.randomness import Draws
from villagesim.tables import checked, shown, strict
from villagesim.world import Budget, Timetable

NO_MERGER = "no merger"
BASELINE = "nothing but the merger"
ALWAYS: dict[str, tuple[Policy | NoMerger, ...]] = {NO_MERGER: (NoMerger(),), BASELINE: ()}
"""Strategies that every scenario has."""

Strategy = tuple[Policy | NoMerger, ...]


@dataclass(frozen=True, eq=False)
class Scenario:
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
    strategies : dict of str to tuple of policies
    smallest : dict of str to float
        Smallest differences that matter, where they are not the outcome's own.
    map_is_given : bool
        The map is the user's: draws of the uncertain set leave it alone.
    source : str
        File it was read from, for messages.
    """

    title: str
    timetable: Timetable
    place: Place
    published: Published
    table: Mapping[str, Floats] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=lambda: DEFAULTS)
    budget: Budget = field(default_factory=Budget)
    strategies: Mapping[str, Strategy] = field(default_factory=lambda: dict(ALWAYS))
    smallest: Mapping[str, float] = field(default_factory=dict)
    map_is_given: bool = False
    source: str = ""

    def strategy(self, strategy: str | Sequence[Policy | NoMerger]) -> tuple[str, Strategy]:
        """Name and policies of a strategy, given by either.

        Raises
        ------
        ScenarioError
            Where there is none of this name, or a policy does not fit the scenario.
        """
        if not isinstance(strategy, str):
            if isinstance(strategy, Policy | NoMerger):
                raise ScenarioError("a strategy is a list of policies: put square brackets around the one.")
            policies = tuple(strategy)
            for policy in policies:
                if not isinstance(policy, Policy | NoMerger):
                    raise ScenarioError(
                        f"{policy!r} is not a policy. Give a strategy by its name alone, or a list of policies, as"
                        " [vs.LandTrust(start='2022-03-01')]."
                    )
            self._check(policies, "strategy, policy")
            return "own", policies
        if strategy not in self.strategies:
            raise ScenarioError(f"{strategy!r} is not a strategy here. {nearest(strategy, list(self.strategies))}")
        return strategy, self.strategies[strategy]

    def with_parameters(self, **values: float | Mapping[str, object]) -> "Scenario":
        """Return a copy with other values of some parameters.

        Raises
        ------
        ParameterError
            Where one is unknown or outside its range.
        """
        return replace(self, parameters=self.parameters.with_values(values))

    def endow(self, seed: int, draw: int = 0) -> Endowment:
        """People, income, land and debt of every constituent at the start.

        Draw 0 has the likeliest map; other draws have other plausible ones, and their own luck.
        """
        draws = Draws.of_draw(seed, draw)
        place = self.place
        if draw and self.merges and not self.map_is_given:
            place = Place(place.before, place.after, drawn_map(place.before, place.after, draws))
        try:
            return endow(place, self.published, self.parameters, draws, self.table)
        except RollError as problem:
            where = f"{self.source}, [place]: " if self.source else ""
            raise RollError(f"{where}with seed {seed}, {problem}") from None

    @property
    def merges(self) -> bool:
        """A decree will come."""
        return self.timetable.decree is not None

    @cached_property
    def digest(self) -> str:
        """Hash of all that decides the results, but seeds: rolls, map, table, dates, parameters, strategies."""
        content = {
            "timetable": repr(self.timetable),
            "before": [self.place.before.codes, self.place.before.names],
            "after": [self.place.after.codes, self.place.after.names],
            "map": self.place.map.village.tolist(),
            "published": repr(self.published),
            "table": {name: [repr(v) for v in values.tolist()] for name, values in self.table.items()},
            "parameters": {name: repr(self.parameters[name].value) for name in self.parameters},
            "budget": repr(self.budget),
            "smallest": {name: repr(value) for name, value in sorted(self.smallest.items())},
            "strategies": {name: [repr(p) for p in policies] for name, policies in self.strategies.items()},
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=12).hexdigest()

    def _check(self, policies: Strategy, where: str) -> None:
        first, stop = self.timetable.start, self.timetable.stop
        for number, policy in enumerate(policies, start=1):
            if not isinstance(policy, Policy):
                continue
            place = f"{where} {number} ({policy.label})"
            if not first <= policy.start < stop:
                raise ScenarioError(
                    f"{place}: start = {policy.start} lies outside the run, {first} to before {stop}.\n"
                    "  Choose a first of a month within it, or change start or end of the scenario."
                )
            try:
                policy.target.check(self.place)
            except ScenarioError as problem:
                raise ScenarioError(f"{place}: {problem}") from None


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    VillagesimError
        With file, place, value, rule and a way out, where the file cannot be run as it is.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise ScenarioError(f"{path}: cannot be read ({problem.strerror}). Give the path of a scenario file.") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(
            f"{path}: is not TOML: {problem}.\n  Look there for a quotation mark, a bracket or a value that is missing."
        ) from None
    try:
        return _Reader(path, content).scenario()
    except VillagesimError as problem:
        message = str(problem)
        raise type(problem)(message if message.startswith(str(path)) else f"{path}, {message}") from None


class _Reader:
    """Turns the content of one file into a scenario."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self.path = path
        self.file = checked(_file_type(), content)

    def scenario(self) -> Scenario:
        file = self.file
        place, is_given = self.place()
        published = Published(**{f.name: getattr(file.place, f.name) for f in fields(Published)})
        table = read_table(self.path.parent / file.place.table, place) if file.place.table else {}
        scenario = Scenario(
            title=file.title,
            timetable=self.timetable(),
            place=place,
            published=published,
            table=table,
            parameters=self.parameters(),
            budget=Budget(file.fund.yearly, file.fund.since) if file.fund else Budget(),
            strategies=self.strategies(),
            smallest=self.smallest(),
            map_is_given=is_given,
            source=str(self.path),
        )
        for number, (name, policies) in enumerate(scenario.strategies.items(), start=1 - len(ALWAYS)):
            scenario._check(policies, f"[[strategy]] {number} ({name}), [[strategy.policy]]")
        scenario.endow(seed=1)  # totals and table that cannot both be true are refused now, not in the run
        return scenario

    def timetable(self) -> Timetable:
        file = self.file
        start = first_of_month(file.start, "start")
        end = last_of_month(file.end, "end")
        stop = next_first(end)
        if stop <= start:
            raise ScenarioError(f"end = {end} is not after start = {start}. Choose a later end, or an earlier start.")
        announcement = decree = None
        if file.merger is not None:
            announcement = first_of_month(file.merger.announcement, "[merger] announcement")
            decree = first_of_month(file.merger.decree, "[merger] decree")
            if not start <= announcement <= decree < stop:
                raise ScenarioError(
                    f"[merger] announcement = {announcement} and decree = {decree} are not in order within {start} to {end}.\n"
                    "  The announcement comes first, and both lie within the run."
                )
        elections = tuple(sorted(first_of_month(day, "elections") for day in file.elections))
        for day in elections:
            if not start <= day < stop:
                raise ScenarioError(f"elections: {day} lies outside the run, {start} to {end}. Leave it out.")
        return Timetable(start, stop, announcement, decree, elections)

    def place(self) -> tuple[Place, bool]:
        wanted, folder = self.file.place, self.path.parent
        before = read_roll(wanted.before, county=wanted.county, base=folder, kinds=wanted.kinds)
        after = before
        if self.file.merger is not None:
            if not wanted.after:
                raise ScenarioError('[place]: a [merger] needs the roll after it. Add after = "...".')
            after = read_roll(wanted.after, county=wanted.county, base=folder, kinds=wanted.kinds)
        elif wanted.after or wanted.map:
            raise ScenarioError("[place]: after and map need a [merger] with announcement and decree.")
        if wanted.townships:
            before, after = within(before, wanted.townships), within(after, wanted.townships)
        if wanted.map:
            return Place(before, after, read_map(folder / wanted.map, before, after)), True
        return Place(before, after, likeliest_map(before, after)), False

    def parameters(self) -> Parameters:
        try:
            return DEFAULTS.with_values(self.file.parameters)
        except ParameterError as problem:
            where = "" if str(problem).startswith("[parameters.") else "[parameters] "
            raise ParameterError(f"{where}{problem}") from None

    def strategies(self) -> dict[str, Strategy]:
        strategies: dict[str, Strategy] = dict(ALWAYS)
        for number, strategy in enumerate(self.file.strategy, start=1):
            where = f"[[strategy]] {number} ({strategy.name})"
            if strategy.name in strategies:
                rule = "is always there" if strategy.name in ALWAYS else "is there already"
                raise ScenarioError(f"{where}: a strategy of this name {rule}. Give it another name.")
            strategies[strategy.name] = tuple(
                self.policy(table, f"{where}, [[strategy.policy]] {k}")
                for k, table in enumerate(strategy.policy, start=1)
            )
            labels = [policy.label for policy in strategies[strategy.name]]
            twice = {label for label in labels if labels.count(label) > 1}
            if twice:
                raise ScenarioError(f'{where}: two policies are called {twice.pop()!r}. Give each a label = "...".')
        return strategies

    def policy(self, table: dict[str, Any], where: str) -> Policy:
        if "kind" not in table:
            raise ScenarioError(f"{where}: kind is missing. Add which policy it is: {' or '.join(sorted(KINDS))}.")
        kind = table["kind"]
        if kind not in KINDS:
            raise ScenarioError(f"{where}: kind = {shown(kind)} is not a policy. {nearest(str(kind), list(KINDS))}")
        rest = {name: value for name, value in table.items() if name != "kind"}
        try:
            policy: Policy = checked(KINDS[kind], rest)
        except ScenarioError as problem:
            raise ScenarioError(f"{where} ({kind}): {str(problem).removeprefix(f'{kind}: ')}") from None
        return policy

    def smallest(self) -> dict[str, float]:
        for name, value in self.file.smallest_difference.items():
            if name not in OUTCOMES:
                raise ScenarioError(f"[smallest_difference]: {name} is not an outcome. {nearest(name, list(OUTCOMES))}")
            if not value > 0:
                raise ScenarioError(
                    f"[smallest_difference] {name} = {value} must be above 0. Correct it, or leave it out."
                )
        return dict(self.file.smallest_difference)


def _file_type() -> type:
    """Shape of a scenario file; pydantic is loaded here, since only files need it."""
    from pydantic import BaseModel, Field

    class Table(BaseModel):
        model_config = strict()

    class PlaceTable(Table):
        before: str
        after: str | None = None
        county: str | None = None
        kinds: tuple[str, ...] = ("village",)
        townships: tuple[str, ...] = ()
        map: str | None = None
        table: str | None = None
        residents: int = Field(ge=0)
        mean_income: float = Field(gt=0)
        threshold: float = Field(gt=0)
        share_above: float = Field(gt=0, lt=1)
        arable: float = Field(ge=0)
        counted_after: bool = False

    class MergerTable(Table):
        announcement: date
        decree: date

    class FundTable(Table):
        yearly: float = Field(ge=0)
        since: int

    class StrategyTable(Table):
        name: str = Field(min_length=1)
        policy: tuple[dict[str, Any], ...] = ()

    class ScenarioFile(Table):
        title: str
        start: date
        end: date
        elections: tuple[date, ...] = ()
        place: PlaceTable
        merger: MergerTable | None = None
        fund: FundTable | None = None
        parameters: dict[str, Any] = Field(default_factory=dict)
        smallest_difference: dict[str, float] = Field(default_factory=dict)
        strategy: tuple[StrategyTable, ...] = ()

    return ScenarioFile
