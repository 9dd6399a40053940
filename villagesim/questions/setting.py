"""What results need to know of a scenario, as plain data: so that they can be read again without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from villagesim.arrays import Floats
from villagesim.dates import month_key, month_label
from villagesim.errors import OutcomeError
from villagesim.files.packaged import called
from villagesim.languages import marked
from villagesim.outcomes import Goal, Observed, Outcome, Outcomes, Record
from villagesim.outcomes.of_levels import COUNTED, MECHANICAL, NOMINAL, REPORTED, level_name
from villagesim.policies import WeakVillageList
from villagesim.scenario import BASELINES, NO_MERGER, Scenario
from villagesim.wording import maps_in_words

COMPUTED = ("county", "village")
"""Fields of an outcome that are functions."""


@dataclass(frozen=True, eq=False)
class Setting:
    """A scenario as its results see it.

    Attributes
    ----------
    title : str
    strategies : tuple of str
        All of the scenario, in its order, which gives each the same look in every figure.
    outcomes : Outcomes
    margins : dict of str to float
        Smallest differences that matter, where they are not the outcome's own.
    goals : tuple of Goal
    merges : bool
    decree : str, optional
        Month of the first decree, as 2021-07.
    threshold : float
        Income level of the published share [yuan per year].
    residents : float
    n_before, n_after, n_merged : int
        Villages before and after the decree, and those of two or more constituents.
    starts : dict of str to str
        Month in which the first policy of each strategy begins.
    dates : dict of str to str
        Months worth a line in a figure, by name.
    observed : tuple of Observed
        What really came, of the county.
    drawn_maps : bool
        Each replication has a map of the merger of its own: bands are of luck and map.
    lists : bool
        Some strategy has a list of weak villages, so that what is reported is not what is earned.
    later_decrees : tuple of str
        Months of those that follow.
    other_number : tuple of str
        Strategies that end with another number of villages than the baseline: no merger, and maps of their own that leave
        more or fewer.
    own_maps : tuple of str
        Strategies whose map of the merger is chosen, neither the scenario's nor drawn.
    ends : dict of str to tuple of str
        Months from whose first day on policies of a strategy act no more, where any end before the run.
    about : dict of str to str, optional
        What is data, calibrated and assumed, in the words of its author; None of results that do not know.
    source : str
        Name of its file, or ``packaged:zhangqiu``; empty where it was made in Python.
    contents : dict
        By language, and then by strategy: what it contains, in words.
    given : dict of str to str
        All that decides results but decrees, by its path; empty of results that do not know.
    """

    title: str
    strategies: tuple[str, ...]
    outcomes: Outcomes
    margins: Mapping[str, float]
    goals: tuple[Goal, ...]
    merges: bool
    decree: str | None
    threshold: float
    residents: float
    n_before: int
    n_after: int
    n_merged: int
    starts: Mapping[str, str]
    dates: Mapping[str, str]
    observed: tuple[Observed, ...] = ()
    drawn_maps: bool = False
    lists: bool = False
    later_decrees: tuple[str, ...] = ()
    other_number: tuple[str, ...] = ()
    own_maps: tuple[str, ...] = ()
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    about: Mapping[str, str] | None = None
    source: str = ""
    contents: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> "Setting":
        """What the results of a scenario need to know of it."""
        time, place = scenario.timetable, scenario.place
        dates: dict[str, str] = {}
        if time.announcement and time.decree:
            dates |= {marked("announcement"): _month(time.announcement), marked("decree"): _month(time.decree)}
        dates |= {f"decree {number}": _month(day) for number, day in enumerate(time.decree_days[1:], start=2)}
        starts = {
            name: _month(min(begun))
            for name, policies in scenario.strategies.items()
            if (begun := [policy.start for policy in policies])
        }
        return cls(
            title=scenario.title, strategies=tuple(scenario.strategies), outcomes=scenario.outcomes,
            margins=dict(scenario.margins), goals=tuple(scenario.goals), merges=scenario.merges,
            decree=_month(time.decree) if time.decree else None,
            threshold=float(scenario.published.threshold),
            residents=float(scenario.published.residents), n_before=len(place.whole.before), n_after=len(place.after),
            n_merged=place.n_merged, starts=starts,
            dates=dates | {f"election {day.year}": _month(day) for day in time.elections},
            observed=tuple(replace(figure, villages={}) for figure in scenario.observed),
            drawn_maps=scenario.has_drawn_maps,
            lists=any(isinstance(policy, WeakVillageList) for policies in scenario.strategies.values() for policy in policies),
            later_decrees=tuple(map(_month, time.decree_days[1:])), other_number=other_number(scenario), ends=ends(scenario),
            own_maps=tuple(name for name, strategy in scenario.strategies.items() if strategy.map is not None),
            about=dict(scenario.about), source=called(scenario.source) if scenario.source else "",
        )  # fmt: skip

    def maps(self, n: int) -> str:
        """The maps that ``n`` replications rest on, in words."""
        return maps_in_words(self.drawn_maps, n, self.merges)

    def order(self, strategy: str) -> int:
        """Place of a strategy among all of the scenario."""
        return self.strategies.index(strategy)

    def counts_others(self, strategy: str, outcome: str) -> bool:
        """Whether an outcome is counted per village, and a strategy leaves another number of them than the baseline."""
        return self.outcomes[outcome].per_village and strategy in self.other_number

    def others(self, strategies: Iterable[str]) -> list[str]:
        """Those of these strategies that do something: neither the baseline nor the world without merger."""
        return [name for name in strategies if name not in (self.baseline, NO_MERGER)]

    def leaving_others(self, strategies: Iterable[str]) -> list[str]:
        """Those of these strategies that merge, and leave another number of villages than the baseline."""
        return [name for name in strategies if name in self.other_number and name != NO_MERGER]

    @property
    def decrees(self) -> tuple[str, ...]:
        """Months of all decrees."""
        return () if self.decree is None else (self.decree, *self.later_decrees)

    @property
    def baseline(self) -> str:
        """Name of the strategy without any policy."""
        return BASELINES[self.merges]

    @property
    def published_share(self) -> str:
        """Outcome that belongs to the published threshold."""
        return f"{COUNTED}{level_name(self.threshold)}"

    @property
    def nominal_share(self) -> str:
        """The same outcome at current prices."""
        return f"{NOMINAL}{self.published_share}"

    @property
    def mechanical_share(self) -> str:
        """Outcome that says what summing alone makes of it."""
        return f"{MECHANICAL}{level_name(self.threshold)}"

    @property
    def headline_outcomes(self) -> tuple[str, ...]:
        """Outcomes that are shown first, and all of the user's own."""
        merged = ("real_integration", "share_accounts_pooled") if self.merges else ("debt", "trust")
        own = (outcome.name for outcome in self.outcomes.own)
        shown = ("collective_income", *merged, self.published_share)
        beside = [f"{REPORTED}{name}" for name in shown if self.lists and f"{REPORTED}{name}" in self.outcomes]
        return (*shown, *(beside or [self.nominal_share]), *own)

    def plain(self) -> dict[str, Any]:
        """All of it as text, numbers, lists and tables."""
        content = {each.name: getattr(self, each.name) for each in fields(self)}
        named = [each.name for each in fields(Outcome) if each.name not in COMPUTED]
        content["outcomes"] = [{name: getattr(outcome, name) for name in named} for outcome in self.outcomes.own]
        content["levels"] = list(self.outcomes.levels)
        observed = [{each.name: getattr(figure, each.name) for each in fields(Observed)} for figure in self.observed]
        observed = [{name: value for name, value in figure.items() if name != "villages"} for figure in observed]
        return content | {"goals": [asdict(goal) for goal in self.goals], "observed": observed}

    @classmethod
    def of_plain(cls, content: Mapping[str, Any]) -> "Setting":
        """Make a setting of what :meth:`plain` gave."""
        content = dict(content)
        own = (Outcome(**each, county=_computed) for each in content["outcomes"])
        outcomes = Outcomes(own, content.pop("levels"))
        for name in ("later_decrees", "other_number", "own_maps"):
            content[name] = tuple(content.get(name, ()))
        content["ends"] = {name: tuple(months) for name, months in content.get("ends", {}).items()}
        goals = tuple(Goal(**goal) for goal in content["goals"])
        observed = tuple(Observed(**figure) for figure in content.get("observed", ()))
        made = {"strategies": tuple(content["strategies"]), "outcomes": outcomes, "goals": goals, "observed": observed}
        return cls(**{**content, **made})


def ends(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Months in which policies of each strategy end by their settings, before the run does."""
    stop = scenario.timetable.stop
    days = {
        name: sorted({policy.end for policy in policies if policy.end is not None and policy.end < stop})
        for name, policies in scenario.strategies.items()
    }
    return {name: tuple(map(_month, own)) for name, own in days.items() if own}


def other_number(scenario: Scenario) -> tuple[str, ...]:
    """Strategies that end with another number of villages than the baseline: means per village are not comparable."""
    if not scenario.merges:
        return ()
    return tuple(
        name
        for name, strategy in scenario.strategies.items()
        if not strategy.merger
        or (strategy.map is not None and len(strategy.map.place(scenario.endow(1)).after) != len(scenario.place.after))
    )


def _computed(record: Record) -> Floats:
    raise OutcomeError("results that were read again compute no outcome. Load the scenario, and run it.")


def _month(day: Any) -> str:
    return month_label(month_key(day))
