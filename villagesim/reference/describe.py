"""Describe a scenario: what was found, what would run, what is data and what is assumed."""

from collections import Counter
from datetime import timedelta

from villagesim.languages import _, named
from villagesim.places.endowments import COLUMNS
from villagesim.places.rolls import Roll
from villagesim.places.units.link import UNCHECKED, WEAK, as_sum
from villagesim.policies import Policy
from villagesim.reference.notes import notes
from villagesim.scenario import Scenario
from villagesim.wording import criterion_in_words, one_after_another


def describe(scenario: Scenario) -> str:
    """Say in some lines what a scenario holds."""
    place, dates = scenario.place, scenario.timetable
    last = dates.stop - timedelta(days=1)
    when = _("  {start} to {end}, {n} months", start=dates.start, end=last, n=_months(scenario))
    there = {
        "villages": _count(len(place.whole.before), "village"),
        "townships": _count(len(place.townships), "township"),
    }
    lines = [named(scenario.title), when, _("  {villages} in {townships}", **there)]
    if scenario.merges:
        lines += _merger(scenario)
    published = scenario.published
    lines.append(
        _(
            "  {residents:,} residents; mean collective income {income:,.0f} yuan, {share:.1%} at or above {threshold:,.0f}",
            residents=published.residents, income=published.mean_income, share=published.share_above,
            threshold=published.threshold,
        )
    )  # fmt: skip
    if scenario.table:
        given = {name: int((values == values).sum()) for name, values in scenario.table.items() if name in COLUMNS}
        figures = _(", ").join(
            _("{name} of {villages}", name=name, villages=_count(n, "village")) for name, n in given.items() if n
        )
        figures = figures or _("none, as all cells of the table are empty")
        lines.append(_("  own figures: {figures}", figures=figures))
    n_assumed = sum(p.is_assumption for p in scenario.parameters.values())
    counts = {"n": len(scenario.parameters), "m": n_assumed}
    lines.append(_("  {n} parameters, {m} of them assumptions (villagesim explain --all)", **counts))
    if (budget := scenario.budget).yearly:
        lines.append(
            _("  fund: {money:,.0f} yuan on each 1 January from {year}", money=budget.yearly, year=budget.since)
        )
    for year, money in budget.also.items():
        lines.append(_("  fund: {money:,.0f} yuan more on 1 January {year}", money=money, year=year))
    lines += [_("  {what}: {text}", what=named(what), text=named(text)) for what, text in scenario.about.items()]
    lines += [
        _("  goal: {goal} ({source})", goal=criterion_in_words(goal, scenario.outcomes), source=named(goal.source))
        for goal in scenario.goals
    ]
    lines += [_("  note: {note}", note=named(note)) for note in notes(scenario)]
    lines.append(_("  strategies:"))
    for name, policies in scenario.strategies.items():
        words = _("; ").join(policy_in_words(policy, scenario) for policy in policies)
        lines.append(
            "    "
            + (_("{what}: {text}", what=named(name, "strategy"), text=words) if words else named(name, "strategy"))
        )
    return "\n".join(lines)


def _count(n: int, what: str) -> str:
    several = "communities" if what == "community" else f"{what}s"
    return named(f"{n} {what if n == 1 else several}")


def _months(scenario: Scenario) -> int:
    dates = scenario.timetable
    return 12 * (dates.stop.year - dates.start.year) + dates.stop.month - dates.start.month


def _merger(scenario: Scenario) -> list[str]:
    place, dates = scenario.place, scenario.timetable
    if not place.n_merged:
        return [_("  nothing merges on {day}: every village keeps to itself", day=dates.decree)]
    lines = [
        _(
            "  merged into {n}{kinds} by decree on {day}, announced on {announced}; {merged} of them have two or more"
            " constituents",
            n=len(wave.after), kinds=_of_kinds(wave.after), day=decree.day, announced=decree.announcement,
            merged=(wave.map.n_constituents >= 2).sum(),
        )
        for wave, decree in zip(place.waves, dates.decrees, strict=True)
    ]  # fmt: skip
    told = scenario.history.fates if scenario.history else ()
    for k, fates in enumerate(told, start=1):
        said = {"villages": _count(sum(fates.values()), "village"), "fates": as_sum(fates, named)}
        lines.append(
            _("  {villages} before step {k} = {fates}", k=k, **said)
            if len(told) > 1
            else _("  {villages} before = {fates}", **said)
        )
    return [*lines, _("  the map is your own")] if scenario.map_is_given else lines + _sureness(scenario)


def _of_kinds(after: Roll) -> str:
    """Kinds of units, where there are several: `` (75 villages, 1 other)``."""
    kinds = Counter(after.kinds)
    told = _(", ").join(_count(n, kind) for kind, n in kinds.most_common())
    return _(" ({kinds})", kinds=told) if len(kinds) > 1 else ""


def _sureness(scenario: Scenario) -> list[str]:
    """How far an inferred map can be trusted, and what runs make of that."""
    merger, n = scenario.place.map, len(scenario.place.before)
    inferred, likelihood = merger.inferred, merger.likelihood
    unchecked = sum(way in UNCHECKED for way in merger.way)
    ways = Counter(way for way, is_inferred in zip(merger.way, inferred.tolist(), strict=True) if is_inferred)
    by = _(", ").join(_("{n:,} by {way}", n=n, way=named(way)) for way, n in ways.most_common())
    sure = {"right": likelihood.sum(), "sure": likelihood[inferred].sum(), "inferred": inferred.sum()}
    lines = [
        _("    {n:,} links are inferred: {ways}", n=inferred.sum(), ways=by),
        _(
            "    by their own likelihood {right:,.0f} of {n:,} links are right, and {sure:,.0f} of the {inferred:,} that are"
            " inferred; {unchecked:,} rest on nothing that a name can check",
            n=n, unchecked=unchecked, **sure,
        ),
        _(
            "    {share:.0%} of the members of cooperatives sit in links with a likelihood below {weak:g}",
            share=scenario.weak_share, weak=WEAK,
        ),
    ]  # fmt: skip
    if scenario.has_drawn_maps:
        return [
            *lines,
            _("    so each replication has a drawn map of its own, which all its strategies share (maps_of_runs)"),
        ]
    return [*lines, _("    all replications have the likeliest map, an uncertainty, not a datum (maps_of_runs)")]


def policy_in_words(policy: Policy, scenario: Scenario) -> str:
    """Name of a policy, from when to when and for whom it acts."""
    words = [_("{policy} from {day}", policy=named(policy.label), day=policy.start)]
    words += (
        [_("when {condition}", condition=criterion_in_words(policy.when, scenario.outcomes))] if policy.when else []
    )
    words += (
        [_("until {condition}", condition=criterion_in_words(policy.until, scenario.outcomes))] if policy.until else []
    )
    words += [_("to before {day}", day=policy.end)] if policy.end else []
    words += [_("over {months}", months=_count(policy.phase_in, "month"))] if policy.phase_in > 1 else []
    target = policy.target
    if target.rule != "all":
        whom = target.n or ", ".join(target.names) or f"{target.level:,g}"
        words.append(_("for {rule} {whom}", rule=named(target.rule.replace("_", " ")), whom=whom))
    return one_after_another(words)
