"""What a new study rests on: what is data, inferred, drawn, assumed or doubtful, and which figures would help most."""

from dataclasses import dataclass

from villagesim.languages import _, named
from villagesim.places.units.link import as_sum, fates_of
from villagesim.scenario import Scenario
from villagesim.study.county import OwnCounty
from villagesim.study.days import Days

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Standing:
    """Two lists, each line with a word in front.

    Attributes
    ----------
    lines : tuple of (word, text)
        What is data, inferred, drawn, assumed, doubtful.
    figures : tuple of (word, text)
        The three that help most.
    """

    lines: Lines
    figures: Lines

    @classmethod
    def of(cls, county: OwnCounty, days: Days, scenario: Scenario, table: str) -> "Standing":
        """Of a study that can be run."""
        return cls(
            (
                *_data(county),
                *_inferred(county, scenario),
                _drawn(county, table),
                _assumed(days, scenario),
                *_doubtful(county, scenario),
            ),
            _figures(scenario),
        )


def _data(county: OwnCounty) -> Lines:
    sizes, *later = (f"{n:,}" for n in county.sizes)
    if later:
        sizes = _("{first} before, {later} after", first=sizes, later=_(" and then ").join(later))
    kinds = named(county.kinds)
    if county.found:
        return ((_("Data"), _("the rolls ({kinds}: {sizes})", kinds=kinds, sizes=sizes)),)
    return ((_("Data"), _("the roll ({kinds}: {sizes})", kinds=kinds, sizes=sizes)),)


def _inferred(county: OwnCounty, scenario: Scenario) -> Lines:
    """What became of them, as sums; in the scenario's own count a community that villages went into is one of them."""
    found, kinds = [], named(county.kinds)
    for fates, n in zip(county.fates, county.sizes, strict=False):
        found.append(_("what became of {n:,} {kinds}: {n:,} = {fates}", n=n, kinds=kinds, fates=as_sum(fates, named)))
    if county.found and not county.merges:
        found.append(
            _("no {kinds} went into others, so the scenario has no decree, and keeps the roll before", kinds=kinds)
        )
    if county.merges:
        there, n = scenario.place.after.kinds, county.sizes[-1]
        own = there.count(county.kind)
        sum_ = _("what the scenario counts after: {n:,} = {m:,} of the roll", n=len(there), m=n)
        if n > own:
            sum_ += _(" - {n:,} that nothing leads to", n=n - own)
        if len(there) > own:
            sum_ += _(" + {n:,} of other kinds that {kinds} went into", n=len(there) - own, kinds=kinds)
        found.append(sum_)
    return tuple((_("Inferred"), text) for text in found)


def _drawn(county: OwnCounty, table: str) -> tuple[str, str]:
    return _("Drawn"), _("people, income, land and debt of single villages, until {table} says them", table=table)


def _assumed(days: Days, scenario: Scenario) -> tuple[str, str]:
    n = sum(parameter.is_assumption for parameter in scenario.parameters.values())
    decree = ""
    if days.decrees and not days.are_known:
        decree = _("the day of each decree, ") if days.decrees[1:] else _("the day of the decree, ")
    return (
        _("Assumed"),
        _(
            "the totals of the county in [place], {decree}elections, the fund, size and start of every policy, and {n} of"
            " {m} parameters (villagesim explain --all)",
            decree=decree, n=n, m=len(scenario.parameters),
        ),
    )  # fmt: skip


def _doubtful(county: OwnCounty, scenario: Scenario) -> Lines:
    found = []
    if gone := county.vanished:
        right = sum(link.likelihood for link in gone)
        found.append(
            _(
                "where {n:,} went of which neither code nor name stands after ({fates}): of these links about"
                " {right:,.0f} are expected to be right; {weak:,} have a likelihood below one half each (map/weak_links.csv"
                " tells what to ask first)",
                n=len(gone), fates=as_sum(fates_of(gone), named), right=right, weak=len(county.weak),
            )
        )  # fmt: skip
    if n := county.count("unknown"):
        found.append(_("{n:,} that are in no roll after, and of which nothing tells what became of them", n=n))
    return (
        *((_("Doubtful"), named(text)) for text in dict.fromkeys((*found, *scenario.notes))),
        *((_("Read"), named(text)) for text in county.notes if text not in scenario.notes),
    )


def _figures(scenario: Scenario) -> Lines:
    year = scenario.timetable.start.year - 1
    return (
        (
            _("Mean income"),
            _(
                "collective income of a village in {year} (mean_income): all income is in proportion to it, and what a policy"
                " brings counts for half as much where it is twice as high",
                year=year,
            ),
        ),
        (
            _("Share above a line"),
            _(
                "how many villages were at or above which income in {year} (threshold, share_above): with the mean it sets how"
                " unequal villages are, and every share above a line that is shown",
                year=year,
            ),
        ),
        (_("Arable land"), _("of all villages (arable): what a land trust brings is nearly in proportion to it")),
    )  # fmt: skip
