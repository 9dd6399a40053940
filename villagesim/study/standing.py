"""What a new study rests on: what is data, inferred, drawn, assumed or doubtful, and which figures would help most."""

from dataclasses import dataclass

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
    first, *later = (f"{n:,}" for n in county.sizes)
    sizes = f"{first} before, {' and then '.join(later)} after" if later else first
    return (("Data", f"the roll{'s' if county.found else ''} ({county.kinds}: {sizes})"),)


def _inferred(county: OwnCounty, scenario: Scenario) -> Lines:
    """What became of them, as sums; in the scenario's own count a community that villages went into is one of them."""
    found = []
    for fates, n in zip(county.fates, county.sizes, strict=False):
        found.append(f"what became of {n:,} {county.kinds}: {n:,} = {as_sum(fates)}")
    if county.found and not county.merges:
        found.append(f"no {county.kinds} went into others, so the scenario has no decree, and keeps the roll before")
    if county.merges:
        there, n = scenario.place.after.kinds, county.sizes[-1]
        own = there.count(county.kind)
        lost = f" - {n - own:,} that nothing leads to" if n > own else ""
        more = f" + {len(there) - own:,} of other kinds that {county.kinds} went into" if len(there) > own else ""
        found.append(f"what the scenario counts after: {len(there):,} = {n:,} of the roll{lost}{more}")
    return tuple(("Inferred", text) for text in found)


def _drawn(county: OwnCounty, table: str) -> tuple[str, str]:
    people = f"people, income, land and debt of single villages, until {table} says them"
    return "Drawn", people


def _assumed(days: Days, scenario: Scenario) -> tuple[str, str]:
    n = sum(parameter.is_assumption for parameter in scenario.parameters.values())
    decree = (
        "" if days.are_known or not days.decrees else f"the day of {'each' if days.decrees[1:] else 'the'} decree, "
    )
    return (
        "Assumed",
        f"the totals of the county in [place], {decree}elections, the fund, size and start of every policy, and {n} of"
        f" {len(scenario.parameters)} parameters (villagesim explain --all)",
    )


def _doubtful(county: OwnCounty, scenario: Scenario) -> Lines:
    found = []
    if gone := county.vanished:
        right = sum(link.likelihood for link in gone)
        found.append(
            f"where {len(gone):,} went of which neither code nor name stands after ({as_sum(fates_of(gone))}): about"
            f" {right:,.0f} of these links are right, and {len(county.weak):,} are rather wrong than right (map/weak_links.csv"
            " tells what to ask first)"
        )
    if n := county.count("unknown"):
        found.append(f"{n:,} that are in no roll after, and of which nothing tells what became of them")
    return (
        *(("Doubtful", text) for text in dict.fromkeys((*found, *scenario.notes))),
        *(("Read", text) for text in county.notes if text not in scenario.notes),
    )


def _figures(scenario: Scenario) -> Lines:
    year = scenario.timetable.start.year - 1
    return (
        (
            "Mean income",
            f"collective income of a village in {year} (mean_income): all income is in proportion to it, and what a policy brings"
            " counts for half as much where it is twice as high",
        ),
        (
            "Share above a line",
            f"how many villages were at or above which income in {year} (threshold, share_above): with the mean it sets how"
            " unequal villages are, and every share above a line that is shown",
        ),
        ("Arable land", "of all villages (arable): what a land trust brings is nearly in proportion to it"),
    )  # fmt: skip
