"""What can be moved on the page, within which ends, and the refusal of all else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from math import ceil, floor, isclose, log10
from typing import Any

from villagesim.checks import is_number
from villagesim.dates import first_of_month, month_key
from villagesim.design.factors import applied
from villagesim.docstrings import attributes, unit_of
from villagesim.errors import DesignError, nearest
from villagesim.languages import _, named
from villagesim.policies import Policy
from villagesim.scenario import Scenario
from villagesim.targets import Target
from villagesim.wording import setting_in_words

RULES = ("all", "lowest", "highest", "random")
"""Targets that can be chosen; those but the first with a number of villages."""
STEPS = 100
"""Places of a slider, about."""
SHARES = 0.0, 1.0, 0.01
"""Ends and step of a share."""


@dataclass(frozen=True)
class Control:
    """Something that can be moved.

    Attributes
    ----------
    path : str
        As that of a factor.
    group : str
        Label of the policy; empty for what is the county's.
    kind : str
        ``number``, ``whole``, ``date``, ``share`` of a split, or ``target``.
    name, unit, about : str
    value : number or str
        As the scenario has it; a date as 2022-03-01, a target in words.
    low, high : number or str
        Ends, both included; of a target the fewest and most villages.
    step : float
    """

    path: str
    group: str
    kind: str
    name: str
    unit: str
    about: str
    value: Any
    low: Any
    high: Any
    step: float = 1

    def checked(self, value: Any) -> Any:
        """Take a value from the page.

        Raises
        ------
        DesignError
            Where it is of another kind, or lies beyond the ends.
        """
        if self.kind == "target":
            return self._target(value)
        if self.kind == "date":
            value = first_of_month(value, self.path, DesignError).isoformat()
        elif not is_number(value) or (self.kind == "whole" and value != int(value)):
            raise DesignError(f"{value!r:.60} is not a {'whole ' * (self.kind == 'whole')}number.", at=[self.path])
        if not self.low <= value <= self.high:
            raise DesignError(f"{value} lies beyond the slider, {self.low} to {self.high}.", at=[self.path])
        return value

    def _target(self, value: Any) -> str:
        if not isinstance(value, str):
            raise DesignError(f"{value!r:.60} is not a target in words.", at=[self.path])
        target = Target.of(value)
        if target.words != self.value and (target.rule not in RULES or not target.n <= self.high):
            raise DesignError(f"{target.words} is none of {', '.join(RULES)} with up to {self.high}.", at=[self.path])
        return target.words


def controls(scenario: Scenario) -> dict[str, Control]:
    """All that can be moved, by path: the county's money and decree, then settings of policies by their label."""
    policies: dict[str, list[Policy]] = {}
    for policy in (policy for strategy in scenario.strategies.values() for policy in strategy):
        policies.setdefault(policy.label, []).append(policy)
    found = [*_of_county(scenario)]
    for same in policies.values():
        if len({policy.kind for policy in same}) == 1:
            found += _of_policies(scenario, same)
    return {control.path: control for control in found}


def checked_values(known: Mapping[str, Control], values: Any) -> dict[str, Any]:
    """Values of what was moved, by path.

    Raises
    ------
    DesignError
        Where a path is no slider's, or a value none that it can take.
    """
    if not isinstance(values, dict):
        raise DesignError("values must be a table of paths.")
    for path in values:
        if path not in known:
            raise DesignError(f"{path!r:.80} cannot be moved.", fix=nearest(path, known))
    return {path: known[path].checked(value) for path, value in values.items()}


def moved(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """The scenario with these values; as it is where nothing was moved."""
    return applied(scenario, values) if values else scenario


def parts_of(about: str) -> list[str]:
    """Names of the parts of a split, as they are told."""
    return about.partition(": ")[2].partition(".")[0].split(", ")


def _of_county(scenario: Scenario) -> Iterator[Control]:
    dates, yearly = scenario.timetable, scenario.budget.yearly
    if yearly > 0:
        low, high, step = _around(yearly)
        about = _("Paid in on every 1 January; what is left is carried over.")
        yield Control("fund.yearly", "", "number", _("fund"), _("yuan a year"), about, yearly, low, high, step)
    if dates.decree is not None:
        last = dates.decree_days[1] if dates.decree_days[1:] else dates.stop
        between = scenario.decree_between or (dates.start, _month_before(last))
        about = _("The announcement moves along.")
        yield _date("merger.decree", "", _("date of the decree"), about, dates.decree, *between)


def _of_policies(scenario: Scenario, same: list[Policy]) -> Iterator[Control]:
    """Settings of the policies of one label, but those in which strategies differ: that is what they compare."""
    policy, told = same[0], attributes(type(same[0]))
    for name in (setting.name for setting in fields(policy)):
        value = getattr(policy, name)
        if any(getattr(other, name) != value for other in same):
            continue
        domain, about = told.get(name, ("", ""))
        unit, about, parts = named(unit_of(about)), named(about), parts_of(about)
        path, group, words = f"policies.{policy.label}.{name}", policy.label, setting_in_words(name)
        if isinstance(value, date):
            last = _month_before(scenario.timetable.stop)
            yield _date(path, group, words, about, value, scenario.timetable.start, last)
        elif isinstance(value, Target):
            most = len(scenario.place.before)
            yield Control(path, group, "target", words, "", about, value.words, 1, most)
        elif isinstance(value, tuple) and value and all(isinstance(each, float) for each in value):
            split = isclose(sum(value), 1.0, abs_tol=1e-9)
            for place, each in enumerate(value):
                part = named(parts[place]) if len(parts) == len(value) else place + 1
                own = _("{what}: {text}", what=words, text=part)
                kind, ends = ("share", SHARES) if split else ("number", _around(each))
                yield Control(f"{path}.{place}", group, kind, own, "" if split else unit, about, each, *ends)
        elif is_number(value) and not isinstance(value, bool) and (around := _ends(policy, name, value, domain)):
            kind = "whole" if isinstance(value, int) else "number"
            yield Control(path, group, kind, words, unit, about, value, *around)


def _ends(policy: Policy, name: str, value: float, domain: str) -> tuple[float, float, float] | None:
    """Ends and step of a setting: as its policy documents them, else around its value; none around 0."""
    if name in policy.ranges:
        low, high, *_unit = policy.ranges[name]
        low, high = min(low, value), max(high, value)
        step = _nice((high - low) / STEPS)
        return low, high, max(step, 1) if isinstance(value, int) else step
    if "0 to 1" in domain:
        return SHARES
    if isinstance(value, int):
        return 0, max(2 * value, 12), max(2 * value // STEPS, 1)
    return _around(value) if value > 0 else None


def _date(path: str, group: str, name: str, about: str, value: date, low: date, high: date) -> Control:
    low, high = min(low, value), max(high, value)
    return Control(path, group, "date", name, "", about, value.isoformat(), low.isoformat(), high.isoformat())


def _month_before(day: date) -> date:
    key = month_key(day) - 1
    return date(key // 12, key % 12 + 1, 1)


def _around(value: float) -> tuple[float, float, float]:
    """From nothing to about twice as much, in round steps."""
    step = _nice(2 * value / STEPS)
    return 0.0, float(f"{step * ceil(2 * value / step):.12g}"), step


def _nice(step: float) -> float:
    """The next 1, 2 or 5 of a power of ten, not above a step."""
    power = 10.0 ** floor(log10(step))
    return power * max(n for n in (1, 2, 5) if n * power <= step * (1 + 1e-9))
