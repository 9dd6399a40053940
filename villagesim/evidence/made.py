"""A county made from what was published of a place elsewhere."""

from math import exp
from statistics import NormalDist

import numpy as np

from villagesim.dates import month_key
from villagesim.errors import PolicyError, ScenarioError, nearest, placed
from villagesim.evidence.outcomes import MEASURED
from villagesim.evidence.places import PublishedPlace, read_places
from villagesim.files.tables import checked
from villagesim.outcomes import Outcomes
from villagesim.parameters import DEFAULTS, Parameters
from villagesim.places.endowments import Published
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.policies import KINDS, Policy, Strategy
from villagesim.scenario import ALWAYS, Scenario
from villagesim.timetable import Budget, Decree, Timetable

AS_THERE = "as there"
"""The programme of a place."""
ENOUGH = 1e10
"""Money of its county, for all that its programme asks for [yuan a year]."""
NO_LEVEL = 1_000.0
"""An income that every village with some reaches, where no share was published [yuan a year]."""
NORMAL = NormalDist()


def scenario_of(place: str | PublishedPlace, parameters: Parameters = DEFAULTS) -> Scenario:
    """Make the county of a place: its villages, incomes, land and dates, and its programme as the strategy ``as there``.

    Where only a mean or only a share was published, the other follows from the spread: that of the place, or ``income_sd``.

    Raises
    ------
    VillagesimError
        Where there is no such place, or too little is known of it to make a county.
    """
    if isinstance(place, str):
        known = read_places()
        if place not in known:
            raise ScenarioError(f"{place!r} is not a place with targets.", fix=nearest(place, list(known)))
        place = known[place]
    if place.start is None or place.stop is None:
        raise ScenarioError(
            f"too little is known of {place.name} to make a county.", fix="Its figures speak to parameters only."
        )
    if (growth := place.growth) is not None:
        own = {"value": growth, "low": growth, "high": growth, "source": "a published figure of the place"}
        parameters = parameters.with_values({"income_growth": own})
    policies = Strategy(tuple(_policy(table, place) for table in place.policy))
    return Scenario(
        title=place.name,
        timetable=Timetable(place.start, place.stop, _decrees(place)),
        place=_villages(place),
        published=_published(place, parameters.income_sd),
        parameters=parameters,
        budget=Budget(ENOUGH, place.start.year),
        strategies={**ALWAYS, AS_THERE: policies},
        about={"assumed": place.assumed},
        outcomes=Outcomes(MEASURED),
    )


def _decrees(place: PublishedPlace) -> tuple[Decree, ...]:
    """Its decree, announced three months before, as in the scenarios of the library."""
    if place.decree is None:
        return ()
    key = month_key(place.decree) - 3
    return (Decree(place.decree.replace(year=key // 12, month=key % 12 + 1), place.decree),)


def _villages(place: PublishedPlace) -> Place:
    """Villages of ``parts`` constituents, one after the other, a hundred constituents or fewer a township."""
    parts, n = place.parts, place.n_villages * place.parts
    size = 100 - 100 % parts
    before = Roll.of((f"379999{101 + i // size}{200 + i % size}", f"village {i}") for i in range(n))
    if place.decree is None:
        after, village = before, np.arange(n)
    else:
        after = Roll(before.codes[::parts], before.names[::parts])
        village = np.arange(n) // parts
    hosts = np.arange(len(after)) * (1 if place.decree is None else parts)
    return Place(before, after, MergerMap(village, ("user",) * n, np.ones(n), hosts))


def _published(place: PublishedPlace, usual_spread: float) -> Published:
    """Totals of the county.

    Of a mean alone incomes are drawn with the parameter ``income_sd``. Where a spread or a share goes with it, mean and
    median of that lognormal stand for them.
    """
    earning, spread = 1 - place.without_income, place.spread or usual_spread
    mean, level, share = place.mean_income / place.parts / earning, place.threshold, place.share_above / earning
    if not mean:
        mean = level * exp(spread**2 / 2 - spread * NORMAL.inv_cdf(1 - share))
    if is_spread_by_parameter(place):
        level, share = min(NO_LEVEL, mean / 2), 1.0
    elif not (place.mean_income and level):
        level, share = mean * exp(-(spread**2) / 2), 0.5
    return Published(
        residents=place.residents * place.n_villages,
        mean_income=mean * earning,
        threshold=level,
        share_above=share * earning,
        arable=place.arable * place.n_villages,
        thresholds=(*([place.threshold] if place.threshold else []), *place.thresholds),
        without_income=place.without_income,
    )


def is_spread_by_parameter(place: PublishedPlace) -> bool:
    """Whether incomes spread as ``income_sd`` says: nothing of the place does."""
    return not (place.spread or place.threshold)


def _policy(table: dict[str, object], place: PublishedPlace) -> Policy:
    kind = str(table["kind"])
    with placed(place.name, kind):
        if kind not in KINDS:
            raise PolicyError(f"kind = {kind!r} is not a policy.", fix=nearest(kind, list(KINDS)))
        settings = {"start": place.start} | {name: value for name, value in table.items() if name != "kind"}
        policy: Policy = checked(KINDS[kind], settings, PolicyError)
    return policy
