"""Roads by which collective income rises: what switches each of them off, how it is read, and what no figure can tell apart.

A road is switched off by setting its parameters to the value at which it leads nowhere. An end is a world in which what no
published figure can tell apart stands at one end of its range: everything that is said of a rise is said there too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import DesignError, nearest
from villagesim.frozen import Frozen
from villagesim.outcomes.of_levels import COUNTED, MECHANICAL, NOMINAL, REPORTED
from villagesim.parameters import Parameters
from villagesim.policies.strategy import Strategy
from villagesim.scenario import Scenario
from villagesim.statistics.intervals import ROUNDING

Values = Mapping[str, object]
"""Values by the paths of a design."""
ROADS: Mapping[str, Mapping[str, float]] = Frozen(
    {
        "outside trend": Frozen({"income_growth": 0.0}),
        "own investment less wear": Frozen({"reinvested_share": 0.0, "asset_wear": 0.0}),
        "rents lost and found": Frozen({"not_handed_over": 0.0}),
        "offices freed": Frozen({"office_yield": 0.0}),
        "prices": Frozen({"prices": 0.0}),
    }
)
"""Roads without policy: the parameters that each of them hangs on, and where it leads nowhere (equations E13 to E16b)."""
OF_MERGERS = ("rents lost and found", "offices freed")
"""Roads that only a merger opens."""
OF_THE_YEAR = ("prices",)
"""Roads that only lead to what is in yuan of the year."""
SUMS = (
    "collective_income", "recurrent_income", "operating_income", "nominal_collective_income", "reported_collective_income",
)  # fmt: skip
"""Outcomes per village that are a sum over villages divided by their number."""
PER_HEAD = tuple(
    f"{reading}{income}"
    for income in ("income_per_resident", "income_per_member")
    for reading in ("", NOMINAL, REPORTED)
)
"""Incomes by people, who are as many after a merger as before."""


@dataclass(frozen=True, kw_only=True)
class Switch:
    """What no published figure can tell apart.

    Attributes
    ----------
    meaning : str
        What it is.
    parameters : tuple of str
        Those that move together, from the low ends of their ranges to the high ones.
    setting : (str, value, value), optional
        Instead of parameters: setting of a kind of policy, ``kinds.<kind>.<setting>``, and what it is at either end.
    only_with : str
        Kind of policy without which it changes nothing.
    """

    meaning: str
    parameters: tuple[str, ...] = ()
    setting: tuple[str, object, object] | None = None
    only_with: str = ""

    def ends(self, known: Parameters) -> tuple[dict[str, object], dict[str, object]]:
        """What it sets at its low and at its high end."""
        if self.setting is not None:
            path, low, high = self.setting
            return {path: low}, {path: high}
        low, high = ({f"parameters.{p}": getattr(known[p], end) for p in self.parameters} for end in ("low", "high"))
        return low, high


SWITCHES: Mapping[str, Switch] = Frozen(
    {
        "growth": Switch(meaning="growth from outside, a value of the place", parameters=("income_growth",)),
        "booking": Switch(
            meaning="how much is booked for a list and not there",
            parameters=("book_base", "book_pressure", "book_cap", "list_overshoot"), only_with="weak_village_list",
        ),
        "lost rents": Switch(meaning="rents that a merger loses from the books", parameters=("not_handed_over",)),
        "principal": Switch(
            meaning="what becomes of money lent when its term ends", parameters=("principal_back", "principal_reused")
        ),
        "false reports": Switch(meaning="milestones reported as deadlines come", parameters=("deadline_rate",)),
        "gross books": Switch(
            meaning="own farming booked net or gross", setting=("kinds.land_trust.gross", False, True), only_with="land_trust"
        ),
        "stakes": Switch(
            meaning="stakes for the nearest to a line or the weakest first", setting=("kinds.stakes.first", "nearest", "weakest"),
            only_with="stakes",
        ),
        "survey": Switch(
            meaning="all townships surveyed first, or one by one", only_with="clean_up",
            setting=("kinds.clean_up.survey", "first", "by_township"),
        ),
    }
)  # fmt: skip
"""What no published figure can tell apart, by name."""
AS_IT_IS = "as it is"
USUAL = ("growth", "booking")
"""Switches that decide how large a rise of income is, real and reported."""


def is_income(outcome: str) -> bool:
    """Whether the roads of income lead to an outcome."""
    return outcome in (*SUMS, *PER_HEAD) or mechanical_part(outcome) is not None


def mechanical_part(outcome: str) -> str | None:
    """Outcome that says what summing alone makes of a share of villages above a level; None for all other outcomes."""
    share = outcome.removeprefix(REPORTED).removeprefix(NOMINAL)
    return f"{MECHANICAL}{share.removeprefix(COUNTED)}" if share.startswith(COUNTED) else None


def readings(outcome: str) -> tuple[tuple[str, str], ...]:
    """What an outcome is read as, one on top of the other: the word for each, and the outcome that holds all up to it.

    Examples
    --------
    >>> readings("reported_share_above_500k")
    (('real', 'share_above_500k'), ('prices', 'nominal_share_above_500k'), ('booked', 'reported_share_above_500k'))
    """
    if outcome == "collective_income":
        return ("recurrent", "recurrent_income"), ("one-off", outcome)
    if outcome.startswith(REPORTED) and is_income(outcome):
        return *readings(outcome.replace(REPORTED, NOMINAL, 1)), ("booked", outcome)
    if outcome.startswith(NOMINAL) and is_income(outcome):
        real = outcome.removeprefix(NOMINAL)
        return *(readings(real) if real == "collective_income" else (("real", real),)), ("prices", outcome)
    return (("all", outcome),)


def layers(levels: Floats, size: float) -> Floats:
    """What each reading adds to the one below it, without what rounding alone leaves of figures of this size.

    ``levels`` has the readings on its last axis.
    """
    added = levels.copy()
    added[..., 1:] -= levels[..., :-1]
    return np.where(np.abs(added) <= ROUNDING * size, 0.0, added)


def roads_of(scenario: Scenario, outcome: str) -> tuple[str, ...]:
    """Roads that lead to an outcome in a scenario; none to what is no income."""
    closed = (() if scenario.merges else OF_MERGERS) + (() if outcome.startswith((NOMINAL, REPORTED)) else OF_THE_YEAR)
    return tuple(road for road in ROADS if road not in closed) if is_income(outcome) else ()


def with_roads_that_close(scenario: Scenario) -> Scenario:
    """Return a scenario in which the ranges of parameters reach as far as where their roads lead nowhere."""
    ranges = {}
    for name, off in ((name, off) for values in ROADS.values() for name, off in values.items()):
        p = scenario.parameters[name]
        ends = {"value": p.value, "low": min(p.low, off), "high": max(p.high, off), "source": p.source}
        ranges[name] = ends
    return scenario.with_parameters(**ranges)


def worlds(
    scenario: Scenario, roads: Sequence[str], ends: Mapping[str, Values]
) -> tuple[list[Values], dict[str, list[int]]]:
    """Worlds without policy in which some of these roads are open.

    Returns
    -------
    points, places
        Values of each world, and for each end the numbers of its worlds: one for every set of open roads, in the order of
        the numbers of the sets; the first has none, the last all. Ends that change nothing without policy share theirs.
    """
    known = scenario.parameters
    off = {road: {f"parameters.{name}": value for name, value in ROADS[road].items()} for road in roads}
    paths = {path for values in (*off.values(), *ends.values()) for path in values if path.startswith("parameters.")}
    inert = {f"parameters.{name}" for switch in SWITCHES.values() if switch.only_with for name in switch.parameters}
    base: dict[str, object] = {path: known[path.removeprefix("parameters.")].value for path in sorted(paths - inert)}
    points: dict[tuple[object, ...], int] = {}
    places: dict[str, list[int]] = {}
    for name, end in ends.items():
        here = base | {path: value for path, value in end.items() if path in base}
        for opened in range(1 << len(roads)):
            closed = [off[road] for place, road in enumerate(roads) if not opened >> place & 1]
            world = tuple((here | {path: value for values in closed for path, value in values.items()}).values())
            places.setdefault(name, []).append(points.setdefault(world, len(points)))
    return [dict(zip(base, world, strict=True)) for world in points], places


def ends_of(scenario: Scenario, strategy: Strategy, outcome: str, over: Sequence[str] | None) -> dict[str, Values]:
    """Ends at which the parts are told too, by their names; the first is the scenario as it is.

    Raises
    ------
    DesignError
        Where a switch is unknown.
    """
    asked = (USUAL if is_income(outcome) else ()) if over is None else over
    kinds = {policy.kind for policy in strategy}
    found: dict[str, Values] = {AS_IT_IS: {}}
    for name in asked:
        if name not in SWITCHES:
            raise DesignError(f"over: {name!r} is no switch.", fix=nearest(name, list(SWITCHES)))
        if not SWITCHES[name].only_with or SWITCHES[name].only_with in kinds:
            found |= dict(zip((f"{name}, low", f"{name}, high"), SWITCHES[name].ends(scenario.parameters), strict=True))
    return found
