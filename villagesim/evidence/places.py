"""Places elsewhere that numbers were published of, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from villagesim.errors import ScenarioError, nearest, placed
from villagesim.files.tables import checked
from villagesim.foreign.toml import read_toml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class PublishedPlace:
    """A place elsewhere; one with a ``start`` can be made into a county.

    Attributes
    ----------
    name : str
    villages : int
        As published, or so many as its figures rest on.
    of : str
        Place that it lies in, where that has targets too: both are on one side.
    wide : bool
        A country, or a sample over several provinces or countries: too unlike one county to judge a run.
    seen : bool
        Its figures were set beside a prototype or the library before the rule was written: it is not blind.
    made : int
        Villages of the county that is made for it; 0: all of them.
    start, stop : date, optional
        First day of its run, and the day after the last; both firsts of a month.
    decree : date, optional
        Day on which its ``parts`` merge; left out: nothing merges.
    parts : int
        Constituents of a village; without a decree they stay apart in the run, and measures a village count all of them.
    mean_income : float
        Of a village in the year before the start [yuan]; 0: follows from the published share and the spread.
    threshold, share_above : float
        Published share of villages at or above an income [yuan per year]; 0: follows from the mean and the spread.
    thresholds : tuple of float
        Further incomes that villages are counted at [yuan per year].
    without_income : float
        Villages without any income at the start [share of villages].
    spread : float
        Of log income between villages that have some; 0: the parameter ``income_sd`` [log points].
    growth : float, optional
        Real growth of recurrent income without its programme [per year]; left out: the parameter ``income_growth``.
    residents, arable : int, float
        Of a village [persons; mu].
    helped : int
        Villages of the made county that the programme has helped when its gain is told.
    sets_up : tuple of str
        Ids of targets that went into all this: they are no targets any more.
    assumed : str
        What is not published, and taken to be so.
    policy : tuple of tables
        The programme, as ``[[strategy.policy]]`` of a scenario file; ``start`` may be left out.
    """

    name: str
    villages: int
    of: str = ""
    wide: bool = False
    seen: bool = False
    made: int = 0
    start: date | None = None
    stop: date | None = None
    decree: date | None = None
    parts: int = 1
    mean_income: float = 0.0
    threshold: float = 0.0
    share_above: float = 0.0
    thresholds: tuple[float, ...] = ()
    without_income: float = 0.0
    spread: float = 0.0
    growth: float | None = None
    residents: int = 500
    arable: float = 1_100.0
    helped: int = 0
    sets_up: tuple[str, ...] = ()
    assumed: str = ""
    policy: tuple[dict[str, Any], ...] = field(default=())

    def __post_init__(self) -> None:
        if (self.start is None) != (self.stop is None):
            raise ScenarioError("start and stop go together.", fix="Give both, or neither.")
        if self.start and not (self.mean_income or self.threshold):
            raise ScenarioError("a county needs its mean_income, or a threshold with its share_above.", fix="Give one.")
        if self.policy and self.start and (self.start.month, self.start.day) != (1, 1):
            raise ScenarioError(
                f"start = {self.start} is not a 1 January, on which its programme gets its money.",
                fix="Begin the run there, and give the policy a start of its own.",
            )
        if bool(self.threshold) != bool(self.share_above):
            raise ScenarioError("threshold and share_above go together.", fix="Give both, or neither.")

    @property
    def n_villages(self) -> int:
        """Villages of the county that is made for it."""
        return self.made or self.villages


@cache
def read_places(path: Path = DATA / "places.toml") -> Mapping[str, PublishedPlace]:
    """Places by their key.

    Raises
    ------
    VillagesimError
        With file and place, where one is not as it must be.
    """
    places = {}
    content = read_toml(path, "a file of places", error=ScenarioError)
    for key, table in content.items():
        with placed(path, f"[{key}]"):
            places[key] = checked(PublishedPlace, table)
            if places[key].of and places[key].of not in content:
                raise ScenarioError(
                    f"of = {places[key].of!r} is not a place here.", fix=nearest(places[key].of, list(content))
                )
    return MappingProxyType(places)
