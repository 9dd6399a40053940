"""Shape of a scenario file: its tables and their keys. It is loaded where a file is read, since it needs pydantic."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, Field

from villagesim.errors import placed
from villagesim.files.tables import strict
from villagesim.places.incomes import check_mean


def _mean_income(value: float) -> float:
    with placed("[place]"):
        return check_mean(value)


class Table(BaseModel):
    """A table of a file: no key that is not listed, nothing converted."""

    model_config = strict()


class PlaceTable(Table):
    """The villages, and the published totals that they must meet at the start.

    Attributes
    ----------
    before
        Roll before the merger: a packaged one, or a CSV file.
    after
        Roll after it; required with ``[merger]``, refused without.
    county
        Code of a county (6 digits), prefecture (4) or township (9), or its name: only its villages are kept.
    county_after
        The same in the roll after, where the county got another code.
    kinds
        Committees that count: ``"village"``, ``"community"``, ``"other"``.
    townships
        Only these townships, by name or code of 9 digits; empty: all.
    map
        CSV file of what you know of the merger, ``old_code,new_code``, and if wanted ``confidence``: all villages, or some of
        them. What it says is kept, the rest is inferred. Refused without ``[merger]``.
    maps
        Files of other maps of the merger, for the factor ``place.map`` of a sweep. Refused without ``[merger]``.
    unknown
        ``"likeliest"``: villages of which nothing tells where they went get the likeliest place, too; else they are refused
        with the row of ``map`` that mends it.
    maps_of_runs
        ``"likeliest"``: all replications have the likeliest map. ``"drawn"``: each replication has a map of its own, which all
        its strategies share, so that bands are of luck and map. Left out: drawn where more than a tenth of the members of
        cooperatives sit in links with a likelihood below .5.
    table
        File of your villages: ``code`` and any of ``name``, ``residents``, ``members``, ``income``, its sources, ``arable`` and
        ``debt``; with a column ``year`` of several years; with ``lon`` and ``lat`` where they lie, for tables and maps alone.
    outlines
        GeoJSON file of townships, for maps alone: polygons in degrees, each with a property that is its code (9 digits) or name.
    residents
        In all villages together [persons].
    mean_income
        Mean collective income of the villages before the merger, in the year before the start [yuan per village and year].
    mean_income_between
        Least and most that it may have been; ``compare --draws`` draws from them.
    threshold
        The income that ``share_above`` refers to, and figures and headlines are drawn at [yuan per village and year].
    thresholds
        Further incomes that villages are counted at. Each level, this one and ``threshold``, has three outcomes, as
        ``share_above_250k``, ``mechanical_share_above_250k`` and ``share_near_250k`` [yuan per village and year].
    share_above
        Villages at or above ``threshold`` in the year before the start, all and none included [share of villages].
    arable
        Arable land of all villages together [mu].
    counted_after
        False: ``share_above`` was counted on the villages before the merger. True: on those after it; incomes are then
        scaled until it fits, and the mean is what comes out.
    without_income
        Villages without any collective income in the year before the start [share of villages].
    """

    before: str
    after: str | None = None
    county: str | None = None
    county_after: str | None = None
    kinds: tuple[str, ...] = ("village",)
    townships: tuple[str, ...] = ()
    map: str | None = None
    maps: tuple[str, ...] = ()
    maps_of_runs: Literal["likeliest", "drawn"] | None = None
    unknown: Literal["refused", "likeliest"] = "refused"
    table: str | None = None
    outlines: str | None = None
    residents: int = Field(ge=1, le=2_000_000_000)
    mean_income: Annotated[float, AfterValidator(_mean_income), Field(ge=1)]
    mean_income_between: tuple[float, float] | None = None
    threshold: float = Field(ge=1)
    thresholds: tuple[Annotated[float, Field(ge=1)], ...] = ()
    share_above: float = Field(ge=0, le=1)
    arable: float = Field(ge=0, le=10_000_000_000)
    counted_after: bool = False
    without_income: float = Field(default=0.0, ge=0, lt=1)


class MergerTable(Table):
    """When the villages are merged; several decrees are several ``[[merger]]`` in the order of their dates.

    Attributes
    ----------
    announcement
        First of a month, not after the decree. From this day to the decree debts are run up (equation E6); an account
        freeze must start by it.
    decree
        First of a month within the run: on this day the committees become one.
    decree_between
        First and last date on which the decree may have come, both firsts of a month; ``compare --draws`` draws from them.
        Of several decrees only the first can have them.
    townships
        Of several decrees: these merge by it, by name or code of 9 digits. One decree may name none: it is for all who are
        left.
    villages
        Of several decrees: these merge by it, by their codes before.
    after
        Roll after it, where several editions follow each other: then each decree has one, and ``[place]`` none.
    map
        CSV file of your map from the roll before it to ``after``; else it is inferred.
    """

    announcement: date
    decree: date
    decree_between: tuple[date, date] | None = None
    townships: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    after: str | None = None
    map: str | None = None


class FundTable(Table):
    """The county's fund, from which policies are paid.

    Attributes
    ----------
    yearly
        Paid in on every 1 January within the run; what is left is carried over [yuan per year].
    since
        First year of payment [calendar year].
    first
        Labels of policies that are paid before all others, one after the other; where money is short, the others share
        the rest in proportion to what they ask.
    also
        Paid in besides on 1 January of these years, as ``{ 2021 = 100_000_000 }`` [yuan by calendar year].
    """

    yearly: float = Field(ge=0)
    since: int
    first: tuple[str, ...] = ()
    also: dict[Annotated[str, Field(pattern=r"^[12]\d{3}$")], Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict
    )


class AboutTable(Table):
    """What a reader must know of the scenario's figures.

    Attributes
    ----------
    data
        What is data.
    calibrated
        What was fitted, and to what: reaching that again says nothing.
    assumed
        What is assumed.
    """

    data: str = ""
    calibrated: str = ""
    assumed: str = ""


class CodeTable(Table):
    """Code of the user's own.

    Attributes
    ----------
    processes
        Processes, each as ``"my_file:MyProcess"``; they act after those of the library.
    outcomes
        Outcomes, each as ``"my_file:NAME"``; all that takes an outcome takes them.
    """

    processes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


class StrategyTable(Table):
    """A set of policies.

    Attributes
    ----------
    name
        Not empty, each once.
    includes
        Strategies further up in the file whose policies it holds too; of several with the same label the first counts, its
        own before those of others.
    without
        Labels of policies that it does not take over from them.
    map
        Which villages merge: ``"as published"``, ``"neighbours"`` in the order of codes, ``"strong with weak"``, or a CSV file
        of your own, ``old_code,new_code``, both of the roll before. Refused without ``[merger]``.
    size
        Villages that go into one at most, with ``neighbours`` or ``strong with weak``; else each township is left with as many
        villages as published.
    policy
        Written as ``[[strategy.policy]]`` blocks, which belong to the strategy above them.
    """

    name: str = Field(min_length=1)
    includes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    map: str = "as published"
    size: int = Field(default=0, ge=0, le=1_000)
    policy: tuple[dict[str, Any], ...] = ()


class ScenarioFile(Table):
    """The whole file.

    Attributes
    ----------
    title
        Heads tables and figures.
    start
        First day of the run: the first of a month.
    end
        Last day of the run, included: the last of a month.
    elections
        Elections of committees: firsts of months within the run.
    """

    title: str
    start: date
    end: date
    elections: tuple[date, ...] = ()
    place: PlaceTable
    merger: MergerTable | None = None
    fund: FundTable | None = None
    about: AboutTable | None = None
    goal: tuple[dict[str, Any], ...] = ()
    observed: tuple[dict[str, Any], ...] = ()
    code: CodeTable | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    margin: dict[str, float] = Field(
        default_factory=dict, validation_alias=AliasChoices("margin", "smallest_difference")
    )
    strategy: tuple[StrategyTable, ...] = ()
