"""What a scenario says and a run takes, though it does nothing, or not what it says: one rule a kind.

Each rule takes a scenario and yields sentences. What is found here can be foreseen; what only a run can tell is said by its
ledger, and by the verdict "never acted".
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from villagesim.dates import month_key
from villagesim.policies import AccountFreeze, Policy
from villagesim.policies.policy import COST
from villagesim.scenario import ALWAYS, RESERVED, Scenario
from villagesim.simulation import simulate

HARDLY = 100.0
"""How many times the first day's value a condition may wait for, before it is noted. Source: assumption."""


def named(scenario: Scenario) -> Iterator[tuple[str, Policy]]:
    """Every policy, and how it is called in a sentence."""
    for name, policies in scenario.strategies.items():
        for policy in policies:
            yield f"{policy.label} of {name!r}", policy


def costs(policy: Policy) -> bool:
    """Whether it asks for money at all: a rule does not, nor does what has a unit cost of nothing."""
    free = policy.unit_cost == 0 and any(name.startswith(COST) for name in vars(policy))
    return type(policy).claim is not Policy.claim and not free


def funds(scenario: Scenario) -> Iterator[str]:
    """A fund that is never filled, and policies that end before it is or that may spend nothing."""
    first, dates, budget = first_payment(scenario), scenario.timetable, scenario.budget
    if budget.yearly and first is None:
        yield (
            f"[fund] since = {budget.since}: no 1 January from then on lies in the run, {dates.start} to"
            f" {last_day(scenario)}: the fund stays empty"
        )
    for year in sorted(budget.also.keys() - {*dates.januaries}):
        yield f"[fund] also: 1 January {year} does not lie in the run, {dates.start} to {last_day(scenario)}: it is never paid in"
    for said, policy in named(scenario):
        if not costs(policy):
            continue
        if policy.budget is not None and policy.budget <= 0:
            yield f"{said} costs money, and its own budget is 0: it never acts"
        elif first is None:
            yield f"{said} costs money, and the fund is empty: it never acts"
        elif policy.end is not None and policy.end <= first:
            yield f"{said} costs money and ends on {policy.end}, before the fund is first filled, on {first}: it never acts"


def phases(scenario: Scenario) -> Iterator[str]:
    """Villages that are to be reached only when the policy is over."""
    n_villages = len(scenario.place.whole.before)
    for said, policy in named(scenario):
        stop = min(policy.end or scenario.timetable.stop, scenario.timetable.stop)
        months = month_key(stop) - month_key(policy.start)
        if policy.phase_in > months:
            reached = f"{months / policy.phase_in:.0%} of its villages at most"
            nobody = n_villages * months < policy.phase_in
            yield (
                f"{said}: phase_in = {policy.phase_in} is longer than the {months} months that it runs: it reaches"
                f" {'nobody' if nobody else reached}"
            )


def targets(scenario: Scenario) -> Iterator[str]:
    """Targets of more villages than there are."""
    place, decrees = scenario.place, scenario.timetable.decree_days
    rolls = place.rolls
    for said, policy in named(scenario):
        n = len(rolls[bisect_right(decrees, policy.start)])
        if policy.target.n > n:
            yield f"{said}: target n = {policy.target.n}, and there are {n} villages: it picks all"


def conditions(scenario: Scenario) -> Iterator[str]:
    """Conditions that hold on the first day, or hardly ever."""
    waiting = [
        (said, key, condition)
        for said, policy in named(scenario)
        for key in ("when", "until")
        if (condition := getattr(policy, key)) is not None
    ]
    if not waiting:
        return
    start = first_day(scenario)
    for said, key, condition in waiting:
        now, level = start[condition.outcome], condition.at_least
        if key == "until" and condition.met_by(now):
            yield (
                f"{said}: until {condition.outcome} is {condition.level} holds already on the first day of the run"
                f" ({now:,.4g}): it may end as soon as it begins"
            )
        elif level is not None and now > 0 and level > HARDLY * now:
            what = "it waits in vain" if key == "when" else "it never ends by that"
            yield f"{said}: {key} {condition.outcome} is {condition.level} is {level / now:,.0f} times the first day's: {what}"


def twice(scenario: Scenario) -> Iterator[str]:
    """Goals, elections and strategies that are there twice."""
    for goal in repeated((goal.outcome, goal.at, goal.at_least, goal.below) for goal in scenario.goals):
        yield f"the goal for {goal[0]} at {goal[1]} is there twice"
    for day in repeated(scenario.timetable.elections):
        yield f"the election of {day} is there twice"
    for (one, first), (other, second) in combinations(scenario.strategies.items(), 2):
        if first == second and not {one, other} <= set(RESERVED):
            yield f"strategies {one!r} and {other!r} are the same under two names"


def names(scenario: Scenario) -> Iterator[str]:
    """Names that can hardly be told apart."""
    labels = ([policy.label for policy in policies] for policies in scenario.strategies.values())
    for given in (list(scenario.strategies), *labels):
        for one, other in combinations(given, 2):
            if seen(one) == seen(other):
                yield f"the names {one!a} and {other!a} look alike: they differ by case, spaces or what cannot be seen"


def late_freezes(scenario: Scenario) -> Iterator[str]:
    """Freezes of accounts that come after what they should prevent."""
    announcement = max(scenario.timetable.announcements, default=None)
    for said, policy in named(scenario):
        if isinstance(policy, AccountFreeze) and (announcement is None or policy.start > announcement):
            yield f"{said} starts on {policy.start}, after the announcement on {announcement}: it does nothing"


WITHOUT_EFFECT = (funds, phases, targets, conditions, twice, names, late_freezes)


def first_payment(scenario: Scenario) -> date | None:
    """Day on which the fund is first filled; None where it never is."""
    paid = (date(year, 1, 1) for year in scenario.timetable.januaries if scenario.budget.paid_in(year) > 0)
    return next(paid, None)


def last_day(scenario: Scenario) -> date:
    """Last day of the run."""
    return scenario.timetable.stop - timedelta(days=1)


def first_day(scenario: Scenario) -> Any:
    """Outcomes on the first day, from a run of one month."""
    dates = scenario.timetable
    stop = date(dates.start.year + dates.start.month // 12, dates.start.month % 12 + 1, 1)
    own = tuple(day for day in dates.elections if day < stop)
    merging = dates.decree is not None and dates.decree < stop
    cut = replace(dates, stop=stop, elections=own, decrees=dates.decrees if merging else ())
    return simulate(replace(scenario, timetable=cut, goals=(), strategies=ALWAYS)).start


def repeated(values: Iterable[Any]) -> list[Any]:
    """What is there more than once."""
    values = list(values)
    return [value for value in dict.fromkeys(values) if values.count(value) > 1]


def seen(name: str) -> str:
    """A name as it is seen: without case, forms of width, spaces, and characters that show nothing."""
    shown = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in shown if unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Zs"))
