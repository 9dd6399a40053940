"""Scenario files: TOML, which is data and runs no code, unless the user allows code of their own that it names."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from villagesim.arrays import Floats
from villagesim.dates import first_of_month, last_of_month, month_of_run, next_first
from villagesim.ending import told_of
from villagesim.errors import PolicyError, ScenarioError, VillagesimError, nearest, placed
from villagesim.files.note import Note
from villagesim.files.own_code import OwnCode
from villagesim.files.packaged import located
from villagesim.files.tables import checked, shown
from villagesim.foreign.toml import read_toml
from villagesim.languages import alike
from villagesim.outcomes import Goal, Observed, Outcomes
from villagesim.parameters import DEFAULTS, Parameters
from villagesim.places.chosen_maps import ChosenMap, read_chosen
from villagesim.places.divisions import names_beside
from villagesim.places.endowments import Published
from villagesim.places.figures import FirstDays, read_figures
from villagesim.places.geography import Geography, geography
from villagesim.places.map_of_history import Maps
from villagesim.places.place import Place, within
from villagesim.places.rolls import PACKAGED, path_of, read_roll
from villagesim.policies import KINDS, Policy, Strategy
from villagesim.scenario import ALWAYS, DRAWN, RESERVED, Scenario, with_own
from villagesim.timetable import Budget, Timetable


def load_scenario(path: str | Path, *, allow_code: bool = False) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path : str or Path
        A file, or a scenario of the library by its name, as ``packaged:zhangqiu``.
    allow_code : bool
        Load the modules of one's own policies and processes that the file names. They run as any program does: allow it
        for files that you trust.

    Raises
    ------
    VillagesimError
        With file, place, value, rule and a way out, where the file cannot be run as it is.
    """
    path = located(path)
    content = read_toml(path, "a scenario file", error=ScenarioError)
    if "kind" in content and "place" not in content:
        raise ScenarioError("this is a question, and no scenario.", fix=f"Ask it: villagesim ask {path}.", at=[path])
    with placed(path):
        return _Reader(path, content, allow_code).scenario()


class _Reader:
    """Turns the content of one file into a scenario."""

    def __init__(self, path: Path, content: dict[str, Any], allow_code: bool) -> None:
        from villagesim.files.mergers import Mergers
        from villagesim.files.shape import ScenarioFile

        self.path = path
        self.code = OwnCode(path.parent, allow_code)
        self.mergers = Mergers(content)
        self.file = checked(ScenarioFile, self.mergers.with_one(content))
        self.mergers.add(self.file.merger)
        self.notes: list[str] = []
        with placed("[code]"):
            self.processes = self.load("processes")
            self.known = with_own(DEFAULTS, self.processes)
            self.outcomes = Outcomes(self.load("outcomes"), (self.file.place.threshold, *self.file.place.thresholds))

    def scenario(self) -> Scenario:
        file = self.file
        maps = self.maps()
        own = next(iter(maps.values()), None)
        place = self.unmerged() if own is None else own.likeliest
        self.notes += own.notes if own is not None else ()
        for name, other in maps.items():
            if other.likeliest.before.codes != place.before.codes:
                fix = "All maps must let the same villages leave, and split the same ones."
                raise ScenarioError(
                    f"{name} has other villages than the scenario's own map.", fix=fix, at=["[place] maps"]
                )
        if file.place.maps_of_runs == DRAWN and (own is None or own.is_given):
            why = "nothing merges" if own is None else "map says of all villages where they went"
            raise ScenarioError(f'maps_of_runs = "drawn", but {why}.', fix="Leave it out.", at=["[place]"])
        published = Published(**{f.name: getattr(file.place, f.name) for f in fields(Published)})
        timetable = self.timetable()
        self.notes += [
            f"the decree of {decree.day} merges nobody"
            for decree, changed in zip(timetable.decrees, place.changed, strict=False)
            if not changed.any()
        ]
        left_out = frozenset() if own is None else own.left_out
        table, told, observed = self.own_figures(place, timetable, published, left_out)
        scenario = Scenario(
            title=file.title,
            timetable=timetable,
            place=place,
            published=published,
            table=table,
            parameters=self.parameters(told),
            budget=self.budget(),
            strategies=self.strategies(),
            processes=self.processes,
            outcomes=self.outcomes,
            code=self.code.hashes,
            margins=self.margins(),
            goals=self.goals(),
            observed=(*observed, *self.observed()),
            about=self.about(),
            decree_between=self.decree_between(),
            mean_income_between=self.mean_income_between(),
            history=own,
            maps_of_runs=file.place.maps_of_runs or "",
            maps=maps,
            geography=self.geography(place),
            source=str(self.path),
            notes=tuple(map(Note, dict.fromkeys(self.notes))),
        )
        for number, (name, policies) in enumerate(scenario.strategies.items(), start=1 - len(ALWAYS)):
            scenario.check(policies, f"[[strategy]] {number} ({name})", "[[strategy.policy]]")
        self.check_order_of_payment(scenario)
        for mean in (published.mean_income, *(scenario.mean_income_between or ())):
            # totals and table that cannot both be true are refused now, not in the run
            replace(scenario, published=replace(published, mean_income=mean)).endow(seed=1)
        return scenario

    def timetable(self) -> Timetable:
        file = self.file
        start = first_of_month(file.start, "start")
        end = last_of_month(file.end, "end")
        stop = next_first(end)
        if stop <= start:
            raise ScenarioError(
                f"end = {end} is not after start = {start}.", fix="Choose a later end, or an earlier start."
            )
        elections = tuple(sorted(first_of_month(day, "elections") for day in file.elections))
        for day in elections:
            if not start <= day < stop:
                raise ScenarioError(
                    f"{day} lies outside the run, {start} to {end}.", fix="Leave it out.", at=["elections"]
                )
        return Timetable(start, stop, self.mergers.decrees(start, end), elections)

    def decree_between(self) -> tuple[date, date] | None:
        if not self.mergers:
            return None
        where, merger = self.mergers.tables[0]
        if merger.decree_between is None:
            return None
        with placed(where):
            first, last = (first_of_month(day, "decree_between") for day in merger.decree_between)
        if not self.file.start <= first <= merger.decree <= last <= self.file.end or first == last:
            raise ScenarioError(
                f"decree_between = {first} to {last} must hold the decree, {merger.decree}, and lie within the run.",
                fix="Give the first and the last date on which it may have come.",
                at=[where],
            )
        later = [other.decree for _, other in self.mergers.tables if other.decree > merger.decree]
        if later and last >= later[0]:
            raise ScenarioError(
                f"decree_between = {first} to {last} reaches the next decree, {later[0]}.",
                fix="It moves the first decree alone, which comes before the others: give an earlier last date.",
                at=[where],
            )
        return first, last

    def mean_income_between(self) -> tuple[float, float] | None:
        place = self.file.place
        if place.mean_income_between is None:
            return None
        low, high = place.mean_income_between
        if not 1 <= low <= place.mean_income <= high or low == high:
            raise ScenarioError(
                f"mean_income_between = {low:,.0f} to {high:,.0f} must hold the mean, {place.mean_income:,.0f}, and begin at"
                " 1 or above.",
                fix="Give the least and the most that it may have been.",
                at=["[place]"],
            )
        return low, high

    def unmerged(self) -> Place:
        """The place where nothing merges."""
        wanted = self.file.place
        folder, named = self.path.parent, dict[str, str]()
        roll = read_roll(
            wanted.before, county=wanted.county, base=folder, kinds=wanted.kinds, notes=self.notes, above=named
        )
        named |= names_beside(path_of(wanted.before, folder))
        roll = within(roll, wanted.townships, named) if wanted.townships else roll
        return Place.unmerged(roll, {code: named[code] for code in roll.townships if code in named})

    def maps(self) -> dict[str, Maps]:
        """Maps of the merger, the scenario's own first; none where nothing merges."""
        wanted, folder = self.file.place, self.path.parent
        empty = [key for key in ("after", "map", "table", "outlines") if getattr(wanted, key) == ""]
        self.notes += [f'[place] {key} = "" is empty: it is as if it were left out' for key in empty]
        if not self.mergers:
            if wanted.after or wanted.map or wanted.maps:
                raise ScenarioError("after, map and maps need a [merger] with announcement and decree.", at=["[place]"])
            return {}
        return self.mergers.maps(wanted, folder, self.notes)

    def parameters(self, told: Mapping[str, Any] = MappingProxyType({})) -> Parameters:
        """Those of the file, and before them those that figures have told."""
        with placed("[parameters]"):
            return self.known.with_values({**told, **self.file.parameters})

    def own_figures(
        self, place: Place, timetable: Timetable, published: Published, left_out: frozenset[str]
    ) -> tuple[Mapping[str, Floats], Mapping[str, Any], tuple[Observed, ...]]:
        """What the table of villages says, if there is one: columns of the start, parameters, and what was observed."""
        if not self.file.place.table:
            return {}, {}, ()
        from villagesim.files.observations import observations
        from villagesim.files.own_figures import own_figures

        days = FirstDays(timetable.start, timetable.stop, timetable.decree_days)
        figures = read_figures(self.path.parent / self.file.place.table, place, days, self.notes, left_out)
        own = own_figures(figures, days, self.parameters(), place.codes)
        observed, notes = observations(figures, days, place, published, self.parameters(own.parameters))
        self.notes += [*own.notes, *notes]
        name, data = Path(self.file.place.table).name, self.file.about.data if self.file.about else ""
        if data and own.is_known and name not in data:
            self.notes.append(
                f"[about] data does not name {name}, whose figures are used: say there where they come from"
            )
        return own.table, own.parameters, observed

    def geography(self, place: Place) -> Geography:
        """Where villages and townships lie, as files of the user's own tell."""
        wanted, folder = self.file.place, self.path.parent
        tables = [] if wanted.before.startswith(PACKAGED) else [folder / wanted.before]
        tables += [folder / wanted.table] if wanted.table else []
        return geography(place, tables, folder / wanted.outlines if wanted.outlines else None, self.notes)

    def strategies(self) -> dict[str, Strategy]:
        strategies: dict[str, Strategy] = dict(ALWAYS)
        for number, strategy in enumerate(self.file.strategy, start=1):
            where = f"[[strategy]] {number} ({strategy.name})"
            if strategy.name in (*strategies, *RESERVED):
                rule = "is always there" if strategy.name in RESERVED else "is there already"
                raise ScenarioError(f"a strategy of this name {rule}.", fix="Give it another name.", at=[where])
            with placed(where):
                policies = [self.policy(table, k) for k, table in enumerate(strategy.policy, start=1)]
            labels = [policy.label for policy in policies]
            twice = {label for label in labels if labels.count(label) > 1}
            if twice:
                raise ScenarioError(
                    f"two policies are called {twice.pop()!r}.", fix='Give each a label = "...".', at=[where]
                )
            with placed(where):
                own = (*policies, *taken_over(strategy, labels, strategies))
                strategies[strategy.name] = Strategy(own, map=self.chosen_map(strategy))
        if same := alike(strategies):
            raise ScenarioError(
                f"the strategies {same[0]!r} and {same[1]!r} are both told as {same[2]!r} in Chinese.",
                fix="Give one of them another name.",
            )
        return strategies

    def chosen_map(self, strategy: Any) -> ChosenMap | None:
        """Which villages a strategy lets merge; None where it is as published."""
        if strategy.map == "as published" and not strategy.size:
            return None
        if not self.mergers:
            raise ScenarioError("map and size need a [merger].", fix="Leave them out.")
        if strategy.map == "as published":
            fix = f"Give map = {' or '.join(map(repr, ChosenMap.RULES))}, or leave size out."
            raise ScenarioError("size does not go with the published map.", fix=fix)
        if strategy.map in ChosenMap.RULES:
            return ChosenMap(strategy.map, strategy.size)
        if not Path(strategy.map).suffix:
            fix = nearest(strategy.map, ["as published", *ChosenMap.RULES])
            raise ScenarioError(f"map = {strategy.map!r} is no rule, and no file.", fix=fix)
        if strategy.size:
            raise ScenarioError("size does not go with a map of one's own.", fix="Leave it out.")
        return read_chosen(self.path.parent / strategy.map, self.notes)

    def budget(self) -> Budget:
        fund = self.file.fund
        if fund is None:
            return Budget()
        return Budget(fund.yearly, fund.since, fund.first, {int(year): money for year, money in fund.also.items()})

    def policy(self, table: dict[str, Any], k: int) -> Policy:
        if "kind" not in table:
            raise PolicyError(
                "kind is missing.",
                fix=f"Add which policy it is: {' or '.join(sorted(KINDS))}.",
                at=[f"[[strategy.policy]] {k}"],
            )
        kind = table["kind"]
        rest = {name: value for name, value in table.items() if name != "kind"}
        try:
            if empty := [name for name, value in rest.items() if value in ("", {})]:
                raise PolicyError(f"{empty[0]} is given, and empty.", fix="Leave it out, or give something.")
            found = self.policy_class(kind)
            with told_of(found, PolicyError, otherwise=(found.__qualname__,)):
                policy: Policy = checked(found, rest, PolicyError)
        except VillagesimError as problem:
            own = [place for place in problem.at if place != kind]
            at = [f"[[strategy.policy]] {k} ({kind})", *own]
            raise type(problem)(problem.rule, fix=problem.fix, at=at, others=problem.others) from problem.__cause__
        return policy

    def policy_class(self, kind: Any) -> type[Policy]:
        """Kind of the library, or a class of the user's own, as ``module:Class``."""
        if isinstance(kind, str) and kind in KINDS:
            return KINDS[kind]
        if not (isinstance(kind, str) and ":" in kind):
            raise PolicyError(f"kind = {shown(kind)} is not a policy.", fix=nearest(str(kind), list(KINDS)))
        found = self.code.load(kind)
        if not (isinstance(found, type) and issubclass(found, Policy)):
            raise PolicyError(f"{kind} is not a policy.", fix="Derive the class from villagesim.Policy.")
        return found

    def load(self, key: str) -> tuple[Any, ...]:
        """What a key of [code] names."""
        return tuple(self.code.load(name) for name in getattr(self.file.code, key, ()))

    def check_order_of_payment(self, scenario: Scenario) -> None:
        """Refuse labels that no strategy has."""
        labels = {p.label for policies in scenario.strategies.values() for p in policies}
        for label in scenario.budget.first:
            if scenario.budget.first.count(label) > 1:
                raise ScenarioError(f"{label!r} is named twice.", fix="Leave one out.", at=["[fund]", "first"])
            if label not in labels:
                raise ScenarioError(
                    f"{label!r} is the label of no policy here.",
                    fix=nearest(label, sorted(labels)),
                    at=["[fund]", "first"],
                )

    def goals(self) -> tuple[Goal, ...]:
        goals = []
        for number, table in enumerate(self.file.goal, start=1):
            with placed(f"[[goal]] {number}"):
                goals.append(checked(Goal, table))
                month_of_run(goals[-1].at, self.file.start, next_first(self.file.end), "at")
        return tuple(goals)

    def observed(self) -> tuple[Observed, ...]:
        found = []
        start = self.file.start.replace(year=self.file.start.year - (self.file.start.month == 1))
        before = start.replace(month=(self.file.start.month - 2) % 12 + 1)
        for number, table in enumerate(self.file.observed, start=1):
            with placed(f"[[observed]] {number}"):
                found.append(checked(Observed, table))
                month_of_run(found[-1].at, before, next_first(self.file.end), "at")
        return tuple(found)

    def about(self) -> dict[str, str]:
        about = self.file.about
        return {} if about is None else {k: v for k, v in about.model_dump().items() if v}

    def margins(self) -> dict[str, float]:
        for name, value in self.file.margin.items():
            with placed("[margin]"):
                self.outcomes[name]
            if not value > 0:
                raise ScenarioError(
                    f"{name} = {value} must be above 0.",
                    fix="Correct it, or leave it out.",
                    at=["[margin]"],
                )
        return dict(self.file.margin)


def taken_over(strategy: Any, own: Collection[str], known: Mapping[str, Strategy]) -> list[Policy]:
    """Policies of the strategies that one includes, but those that it is without or has itself.

    Raises
    ------
    ScenarioError
        Where it names a strategy that does not stand above it, or a label that none of them holds.
    """
    for name in strategy.includes:
        if name not in known:
            fix = f"It must stand further up. {nearest(name, list(known))}"
            raise ScenarioError(f"{name!r} is not a strategy above this one.", fix=fix, at=["includes"])
    offered = [policy for name in strategy.includes for policy in known[name]]
    for label in strategy.without:
        if label not in (labels := {policy.label for policy in offered}):
            rule = f"{label!r} is the label of no policy that it would take over."
            raise ScenarioError(rule, fix=nearest(label, sorted(labels)), at=["without"])
    first: dict[str, Policy] = {}
    for policy in offered:
        if policy.label not in {*own, *strategy.without}:
            first.setdefault(policy.label, policy)
    return list(first.values())
