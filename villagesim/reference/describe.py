"""Describe a scenario: what was found, what would run, what is data and what is assumed."""

from collections import Counter
from datetime import timedelta

from villagesim.places.endowments import COLUMNS
from villagesim.places.rolls import Roll
from villagesim.places.units.link import UNCHECKED, WEAK, as_sum
from villagesim.policies import Policy
from villagesim.reference.notes import notes
from villagesim.scenario import Scenario


def describe(scenario: Scenario) -> str:
    """Say in some lines what a scenario holds."""
    place, dates = scenario.place, scenario.timetable
    lines = [scenario.title, f"  {dates.start} to {dates.stop - timedelta(days=1)}, {_months(scenario)} months"]
    lines.append(f"  {_count(len(place.whole.before), 'village')} in {_count(len(place.townships), 'township')}")
    if scenario.merges:
        lines += _merger(scenario)
    lines.append(
        f"  {scenario.published.residents:,} residents; mean collective income {scenario.published.mean_income:,.0f} yuan,"
        f" {scenario.published.share_above:.1%} at or above {scenario.published.threshold:,.0f}"
    )
    if scenario.table:
        given = {name: int((values == values).sum()) for name, values in scenario.table.items() if name in COLUMNS}
        figures = ", ".join(f"{name} of {_count(n, 'village')}" for name, n in given.items() if n)
        lines.append("  own figures: " + (figures or "none, as all cells of the table are empty"))
    n_assumed = sum(p.is_assumption for p in scenario.parameters.values())
    lines.append(f"  {len(scenario.parameters)} parameters, {n_assumed} of them assumptions (villagesim explain --all)")
    if scenario.budget.yearly:
        lines.append(f"  fund: {scenario.budget.yearly:,.0f} yuan on each 1 January from {scenario.budget.since}")
    lines += [f"  fund: {money:,.0f} yuan more on 1 January {year}" for year, money in scenario.budget.also.items()]
    lines += [f"  {what}: {text}" for what, text in scenario.about.items()]
    lines += [f"  goal: {goal} ({goal.source})" for goal in scenario.goals]
    lines += [f"  note: {note}" for note in notes(scenario)]
    lines.append("  strategies:")
    for name, policies in scenario.strategies.items():
        words = [policy_in_words(policy) for policy in policies]
        lines.append(f"    {name}" + (f": {'; '.join(words)}" if words else ""))
    return "\n".join(lines)


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _months(scenario: Scenario) -> int:
    dates = scenario.timetable
    return 12 * (dates.stop.year - dates.start.year) + dates.stop.month - dates.start.month


def _merger(scenario: Scenario) -> list[str]:
    place, dates = scenario.place, scenario.timetable
    if not place.n_merged:
        return [f"  nothing merges on {dates.decree}: every village keeps to itself"]
    lines = [
        f"  merged into {len(wave.after)}{_of_kinds(wave.after)} by decree on {decree.day}, announced on {decree.announcement};"
        f" {(wave.map.n_constituents >= 2).sum()} of them have two or more constituents"
        for wave, decree in zip(place.waves, dates.decrees, strict=True)
    ]
    lines += [
        f"  {_count(sum(fates.values()), 'village')} before{f' step {k}' if len(told) > 1 else ''} = {as_sum(fates)}"
        for told in [scenario.history.fates if scenario.history else ()]
        for k, fates in enumerate(told, start=1)
    ]
    return [*lines, "  the map is your own"] if scenario.map_is_given else lines + _sureness(scenario)


def _of_kinds(after: Roll) -> str:
    """Kinds of units, where there are several: `` (75 villages, 1 other)``."""
    kinds = Counter(after.kinds)
    return f" ({', '.join(f'{n} {kind}' for kind, n in kinds.most_common())})" if len(kinds) > 1 else ""


def _sureness(scenario: Scenario) -> list[str]:
    """How far an inferred map can be trusted, and what runs make of that."""
    merger, n = scenario.place.map, len(scenario.place.before)
    inferred, likelihood = merger.inferred, merger.likelihood
    unchecked = sum(way in UNCHECKED for way in merger.way)
    ways = Counter(way for way, is_inferred in zip(merger.way, inferred.tolist(), strict=True) if is_inferred)
    lines = [
        f"    {inferred.sum():,} links are inferred: {', '.join(f'{n:,} by {way}' for way, n in ways.most_common())}",
        f"    by their own likelihood {likelihood.sum():,.0f} of {n:,} links are right, and"
        f" {likelihood[inferred].sum():,.0f} of the {inferred.sum():,} that are inferred;"
        f" {unchecked:,} rest on nothing that a name can check",
        f"    {scenario.weak_share:.0%} of the members of cooperatives sit in links with a likelihood below {WEAK:g}",
    ]
    if scenario.has_drawn_maps:
        return [
            *lines,
            "    so each replication has a drawn map of its own, which all its strategies share (maps_of_runs)",
        ]
    return [*lines, "    all replications have the likeliest map, an uncertainty, not a datum (maps_of_runs)"]


def policy_in_words(policy: Policy) -> str:
    """Name of a policy, from when to when and for whom it acts."""
    words = [f"{policy.label} from {policy.start}"]
    words += [f"when {policy.when}"] if policy.when else []
    words += [f"until {policy.until}"] if policy.until else []
    words += [f"to before {policy.end}"] if policy.end else []
    words += [f"over {_count(policy.phase_in, 'month')}"] if policy.phase_in > 1 else []
    target = policy.target
    if target.rule != "all":
        whom = target.n or ", ".join(target.names) or f"{target.level:,g}"
        words.append(f"for {target.rule.replace('_', ' ')} {whom}")
    return " ".join(words)
