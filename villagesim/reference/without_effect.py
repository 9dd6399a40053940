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
from villagesim.languages import _
from villagesim.languages import named as told
from villagesim.policies import AccountFreeze, Policy
from villagesim.policies.policy import COST
from villagesim.scenario import ALWAYS, RESERVED, Scenario
from villagesim.simulation import simulate
from villagesim.wording import criterion_in_words, quoted

HARDLY = 100.0
"""How many times the first day's value a condition may wait for, before it is noted. Source: assumption."""


def named(scenario: Scenario) -> Iterator[tuple[str, Policy]]:
    """Every policy, and how it is called in a sentence."""
    for name, policies in scenario.strategies.items():
        for policy in policies:
            yield called(policy, name), policy


def called(policy: Policy, strategy: str) -> str:
    """A policy of a strategy, in a sentence."""
    return _("{policy} of {strategy}", policy=told(policy.label), strategy=quoted(strategy))


def costs(policy: Policy) -> bool:
    """Whether it asks for money at all: a rule does not, nor does what has a unit cost of nothing."""
    free = policy.unit_cost == 0 and any(name.startswith(COST) for name in vars(policy))
    return type(policy).claim is not Policy.claim and not free


def funds(scenario: Scenario) -> Iterator[str]:
    """A fund that is never filled, and policies that end before it is or that may spend nothing."""
    first, dates, budget = first_payment(scenario), scenario.timetable, scenario.budget
    if budget.yearly and first is None:
        yield _(
            "[fund] since = {year}: no 1 January from then on lies in the run, {start} to {end}: the fund stays empty",
            year=budget.since, start=dates.start, end=last_day(scenario),
        )  # fmt: skip
    for year in sorted(budget.also.keys() - {*dates.januaries}):
        yield _(
            "[fund] also: 1 January {year} does not lie in the run, {start} to {end}: it is never paid in",
            year=year, start=dates.start, end=last_day(scenario),
        )  # fmt: skip
    for said, policy in named(scenario):
        if not costs(policy):
            continue
        if policy.budget is not None and policy.budget <= 0:
            yield _("{policy} costs money, and its own budget is 0: it never acts", policy=said)
        elif first is None:
            yield _("{policy} costs money, and the fund is empty: it never acts", policy=said)
        elif policy.end is not None and policy.end <= first:
            yield _(
                "{policy} costs money and ends on {end}, before the fund is first filled, on {first}: it never acts",
                policy=said, end=policy.end, first=first,
            )  # fmt: skip


def phases(scenario: Scenario) -> Iterator[str]:
    """Villages that are to be reached only when the policy is over."""
    n_villages = len(scenario.place.whole.before)
    for said, policy in named(scenario):
        stop = min(policy.end or scenario.timetable.stop, scenario.timetable.stop)
        months = month_key(stop) - month_key(policy.start)
        if policy.phase_in > months:
            reached = _("{share:.0%} of its villages at most", share=months / policy.phase_in)
            yield _(
                "{policy}: phase_in = {phase_in} is longer than the {months} months that it runs: it reaches {whom}",
                policy=said, phase_in=policy.phase_in, months=months,
                whom=_("nobody") if n_villages * months < policy.phase_in else reached,
            )  # fmt: skip


def targets(scenario: Scenario) -> Iterator[str]:
    """Targets of more villages than there are."""
    place, decrees = scenario.place, scenario.timetable.decree_days
    rolls = place.rolls
    for said, policy in named(scenario):
        n = len(rolls[bisect_right(decrees, policy.start)])
        if policy.target.n > n:
            yield _(
                "{policy}: target n = {asked}, and there are {n} villages: it picks all",
                policy=said, asked=policy.target.n, n=n,
            )  # fmt: skip


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
            yield _(
                "{policy}: until {condition} holds already on the first day of the run ({now:,.4g}): it may end as soon as it"
                " begins",
                policy=said, condition=criterion_in_words(condition, scenario.outcomes), now=now,
            )  # fmt: skip
        elif level is not None and now > 0 and level > HARDLY * now:
            yield _(
                "{policy}: {key} {condition} is {n:,.0f} times the first day's: {what}",
                policy=said, key=key, condition=criterion_in_words(condition, scenario.outcomes), n=level / now,
                what=_("it waits in vain") if key == "when" else _("it never ends by that"),
            )  # fmt: skip


def twice(scenario: Scenario) -> Iterator[str]:
    """Goals, elections and strategies that are there twice."""
    for goal in repeated((goal.outcome, goal.at, goal.at_least, goal.below) for goal in scenario.goals):
        yield _("the goal for {outcome} at {month} is there twice", outcome=goal[0], month=goal[1])
    for day in repeated(scenario.timetable.elections):
        yield _("the election of {day} is there twice", day=day)
    for (one, first), (other, second) in combinations(scenario.strategies.items(), 2):
        if first == second and not {one, other} <= set(RESERVED):
            yield _("strategies {one} and {other} are the same under two names", one=quoted(one), other=quoted(other))


def names(scenario: Scenario) -> Iterator[str]:
    """Names that can hardly be told apart."""
    labels = ([policy.label for policy in policies] for policies in scenario.strategies.values())
    for given in (list(scenario.strategies), *labels):
        for one, other in combinations(given, 2):
            if seen(one) == seen(other):
                yield _(
                    "the names {one} and {other} look alike: they differ by case, spaces, letters of another script, or what"
                    " cannot be seen",
                    one=ascii(one), other=ascii(other),
                )  # fmt: skip


def late_freezes(scenario: Scenario) -> Iterator[str]:
    """Freezes of accounts that come after what they should prevent."""
    announcement = max(scenario.timetable.announcements, default=None)
    for said, policy in named(scenario):
        if isinstance(policy, AccountFreeze) and (announcement is None or policy.start > announcement):
            yield _(
                "{policy} starts on {start}, after the announcement on {announcement}: it does nothing",
                policy=said, start=policy.start, announcement=announcement,
            )  # fmt: skip


ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХавеѕіјкмнорстухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESIJKMHOPCTYXabesijkmhopctyxhdqwABEZHIKMNOPTYXaikvoptux",
)
"""Letters of Cyrillic and Greek that look like Latin ones."""
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
    """A name as it is seen: without case, forms of width, letters of what script, spaces, and what shows nothing."""
    shown = unicodedata.normalize("NFKC", name).translate(ALIKE).casefold()
    return "".join(letter for letter in shown if unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Zs"))
