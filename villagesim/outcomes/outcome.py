"""What an outcome is: its name, unit and direction, and how it follows from the raw record."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan

from villagesim.arrays import Floats
from villagesim.checks import number
from villagesim.errors import OutcomeError
from villagesim.notebook import table
from villagesim.outcomes.record import Record
from villagesim.text import line

UNBOUNDED, FROM_ZERO, ZERO_TO_ONE = (-inf, inf), (0.0, inf), (0.0, 1.0)
"""Least and most that an outcome can be."""
TRUST_MOVES = ("vote_won_trust", "vote_lost_trust", "dividend_trust", "heard_trust", "merger_trust_shock")
"""Parameters that say how far events move trust."""
UNIT_COST = "unit_cost"
"""All settings ``..._per_...`` of the policies of a strategy: what a post, a village or a head costs."""


@dataclass(frozen=True)
class Outcome:
    """One figure that is followed month by month.

    Attributes
    ----------
    name, title, unit, meaning : str
    direction : int
        +1 where more is better, -1 where less is better, 0 where neither can be said.
    county : Record -> (n_months,)
        For the whole county; NaN where it is not defined.
    village : Record -> (n_months, n_rows), optional
        By village, read at the rows that are villages.
    margin : float
        Smallest difference that matters, unless the scenario says otherwise.
    bounds : (float, float)
        Least and most it can be, in its own unit; infinite where nothing is known.
    relative : bool
        ``margin`` is a share of the baseline's mean, else in the outcome's own unit.
    per_village : bool
        The number of villages is in the denominator: not comparable with a world of another number of villages.
    of_no_merger : bool
        Of two worlds: results take it from the world without merger of the same replication, where that was run.
    history : bool
        It is known on the first day, from the twelve months before.
    parts : tuple of str
        Outcomes, all in one unit, through which alone a strategy can move it.
    rests_on : tuple of str
        Parameters that set how it goes on without any policy; at zero it stands still.
    moved_by : tuple of str
        Parameters that set the size of what a strategy does to it, at zero it does nothing; and settings of policies that do,
        as ``land_trust.villages``, or ``unit_cost`` for all that say what one costs. ``arithmetic`` where none does, as money
        that is paid simply counts.
    """

    name: str
    title: str
    unit: str
    meaning: str
    direction: int
    county: Callable[[Record], Floats]
    village: Callable[[Record], Floats] | None = None
    margin: float = 0.01
    bounds: tuple[float, float] = UNBOUNDED
    relative: bool = True
    per_village: bool = False
    of_no_merger: bool = False
    history: bool = True
    parts: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    moved_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name.isidentifier()):
            raise OutcomeError(
                f"outcome {self.name!r} has no usable name.", fix="Write letters, digits and _, as fairs_held."
            )
        if self.direction not in (-1, 0, 1):
            raise OutcomeError(
                f"outcome {self.name}: direction = {self.direction!r} is not one of +1, -1, 0.",
                fix="Write +1 where more is better, -1 where less is, 0 where neither can be said.",
            )
        number(
            self.margin,
            f"outcome {self.name}: margin",
            above=0,
            unit="in its unit or as a share",
            error=OutcomeError,
        )
        for name in ("title", "unit"):
            line(getattr(self, name), f"outcome {self.name}: {name}", error=OutcomeError)
        for name in ("parts", "rests_on", "moved_by"):
            if isinstance(getattr(self, name), str):
                raise OutcomeError(f"outcome {self.name}: {name} must be several names.", fix='Write ("one", "other").')
        self._check_bounds()
        if not callable(self.county):
            raise OutcomeError(f"outcome {self.name}: county = {self.county!r} is not a function of a record.")

    def _check_bounds(self) -> None:
        """Refuse bounds that are no two numbers in order: how wide an interval is follows from them."""
        try:
            low, high = map(float, self.bounds)
        except (TypeError, ValueError):
            low = high = nan
        if not low < high:
            raise OutcomeError(
                f"outcome {self.name}: bounds = {self.bounds!r} are not the least and the most that it can be.",
                fix="Write two numbers, as (0, 1); where nothing is known leave them out.",
            )

    def __repr__(self) -> str:
        return f"<{self.name} [{self.unit}]: {self.title}>"

    def _repr_html_(self) -> str:
        better = {1: "more is better", -1: "less is better"}.get(self.direction, "neither more nor less is better")
        margin = f"{self.margin:.0%} of the baseline" if self.relative else f"{self.margin:g} {self.unit}"
        rows = (
            ("meaning", self.meaning), ("unit", self.unit), ("direction", better),
            ("smallest difference that matters", margin), ("by village", "no" if self.village is None else "yes"),
        )  # fmt: skip
        return table(f"{self.name}: {self.title}", (), rows)
