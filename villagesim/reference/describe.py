"""Describe a scenario: what was found, what would run, what is data and what is assumed."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from villagesim.errors import ScenarioError
from villagesim.languages import _, named, whole_sum
from villagesim.places.endowments import COLUMNS, LASTING, SHARES
from villagesim.places.rolls import Roll
from villagesim.places.units.link import UNCHECKED, WEAK, as_sum
from villagesim.questions.contents import policy_in_words
from villagesim.reference.notes import notes
from villagesim.scenario import Scenario
from villagesim.wording import amount, criterion_in_words

if TYPE_CHECKING:
    import pandas as pd


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
            "  {residents:,} residents; mean collective income {income}, {share:.1%} at or above {threshold}",
            residents=published.residents, income=amount(published.mean_income, "yuan"), share=published.share_above,
            threshold=whole_sum(published.threshold),
        )
    )  # fmt: skip
    if scenario.table:
        given = {name: int((values == values).sum()) for name, values in scenario.table.items() if name in COLUMNS}
        figures = _(", ").join(
            _("{name} of {villages}", name=named(COLUMNS[name]), villages=_count(n, "village"))
            for name, n in given.items()
            if n
        )
        figures = figures or (
            _("none, but where villages lie")
            if scenario.geography is not None and scenario.geography.known.any()
            else _("none, as all cells of the table are empty")
        )
        lines.append(_("  own figures: {figures}", figures=figures))
    n_assumed = sum(p.is_assumption for p in scenario.parameters.values())
    counts = {"n": len(scenario.parameters), "m": n_assumed}
    lines.append(_("  {n} parameters, {m} of them assumptions (villagesim explain --all)", **counts))
    if (budget := scenario.budget).yearly:
        lines.append(
            _("  fund: {money} on each 1 January from {year}", money=whole_sum(budget.yearly), year=budget.since)
        )
    for year, money in budget.also.items():
        lines.append(_("  fund: {money} more on 1 January {year}", money=whole_sum(money), year=year))
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


def own_figures(scenario: Scenario) -> "pd.DataFrame":
    """What the table of a scenario says of each village: a row a village before the merger.

    Columns: ``code, name, township_name``, and of the table those that any village has: the last known figures; shares of income
    by source; and of incomes of several years ``lasting`` (the level that lasts [yuan]), ``growth`` (beyond that of all [per
    year]) and ``noise`` (beside that of all [ratio]), each with its error, of levels and noise that of the logarithm.

    Raises
    ------
    ScenarioError
        Where the scenario has no table.
    """
    import pandas as pd

    if not scenario.table:
        raise ScenarioError(
            "the scenario has no table of its villages.", fix='Give one, as [place] table = "mine.csv".'
        )
    place = scenario.place.whole
    township = [place.township_names[row] for row in place.township]
    labels = {"code": place.before.codes, "name": place.before.names, "township_name": township}
    given = {
        name: scenario.table[name] for name in (*COLUMNS, *SHARES, *LASTING)
        if name != "together" and np.isfinite(scenario.table.get(name, np.nan)).any()
    }  # fmt: skip
    return pd.DataFrame(labels | given)


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
