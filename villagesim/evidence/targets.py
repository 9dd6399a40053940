"""Targets: published numbers, each beside the outcome, measure or parameter that it speaks to."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from re import fullmatch
from types import MappingProxyType
from typing import Any

from villagesim.checks import number
from villagesim.errors import DesignError, nearest, placed
from villagesim.evidence.measures import MEASURES
from villagesim.evidence.outcomes import MEASURED
from villagesim.evidence.places import DATA
from villagesim.outcomes import OUTCOMES, Outcome
from villagesim.outcomes.of_levels import named
from villagesim.parameters import DEFAULTS

KINDS = ("survey", "official-statistics", "official-target", "paper-estimate", "case")
"""Who says it: official-target is what those report who are judged by it."""
CODES = ("S", "A", "B", "C", "D")
USES = ("calibrate", "validate", "context")
OWN: Mapping[str, Outcome] = MappingProxyType({outcome.name: outcome for outcome in MEASURED})
"""Outcomes that only made counties have, by name."""
HOW = ("level", "rise", "ratio", "growth", "gain")
"""What of an outcome is compared: itself at the end of ``at``; its rise since ``since``; that in what it was; a year's growth;
what the programme adds, a village that it helped."""
OF_SHARE: Mapping[str, float] = MappingProxyType(
    {"survey": 0.02, "official-statistics": 0.03, "official-target": 0.05, "paper-estimate": 0.0, "case": 0.10}
)
OF_SIZE: Mapping[str, float] = MappingProxyType(
    {"survey": 0.03, "official-statistics": 0.05, "official-target": 0.10, "paper-estimate": 0.0, "case": 0.20}
)
"""Error of reporting by kind: of a share in points, half of it at most; of anything else in the figure. Source: assumption."""


@dataclass(frozen=True, kw_only=True)
class PublishedTarget:
    """One published number.

    Attributes
    ----------
    id : str
        Key of the source table, as Q29.1, I3.36 or M17; X01 and the like stand in ``docs/sources.md``.
    place : str
        Key of its place.
    outcome : str
        Outcome, measure (:mod:`villagesim.evidence.measures`) or parameter that it speaks to. Of income, what officials
        report under a target is compared with ``reported_``, what surveys found with ``nominal_``: both in yuan of the year.
    how : str
        What of it is compared: ``level``, ``rise``, ``ratio``, ``growth`` or ``gain``.
    value, error : float
        As published, and the error of the figure: half its last digit, or its standard error; in the outcome's unit.
    at, since : str
        Month whose end it tells of, as 2024-12, and the one it is compared with; of a parameter the year.
    kind, code, use : str
        Who says it; confidence; ``calibrate``, ``validate`` or ``context``, by :func:`~villagesim.evidence.sides.sides`.
    sets : str
        What it set a value or a range of, in code or in the text that the code was written from.
    aside : str
        Why it is context in any case: it sets up its place, follows from others, or counts another thing.
    quantity, source, address : str
    """

    id: str
    place: str
    outcome: str
    how: str
    value: float
    error: float
    at: str
    since: str
    kind: str
    code: str
    use: str
    sets: str
    aside: str
    quantity: str
    source: str
    address: str

    def __post_init__(self) -> None:
        lists: dict[str, tuple[str, ...]] = {"how": HOW, "kind": KINDS, "code": CODES, "use": USES}
        for name, those in lists.items():
            if getattr(self, name) not in those:
                raise DesignError(
                    f"{name} = {getattr(self, name)!r} is unknown.", fix=f"Write one of: {', '.join(those)}."
                )
        number(self.value, "value", error=DesignError)
        number(self.error, "error", above=0, fix="Half a unit of the last digit at least.", error=DesignError)
        if not (self.aside or self.is_outcome or self.outcome in DEFAULTS):
            known = [*OUTCOMES, *OWN, *MEASURES, *DEFAULTS]
            raise DesignError(
                f"outcome = {self.outcome!r} is no outcome, measure or parameter.", fix=nearest(self.outcome, known)
            )
        month = r"\d{4}-(0[1-9]|1[0-2])"
        if not fullmatch(month if self.is_outcome else rf"{month}|\d{{4}}", self.at):
            raise DesignError(f"at = {self.at!r} is not a month.", fix="Write it as 2024-12, of a parameter 2024.")
        if (self.how in ("rise", "ratio", "growth")) != bool(fullmatch(month, self.since)):
            raise DesignError(
                f"since = {self.since!r} does not go with how = {self.how!r}.", fix="A change needs its first month."
            )
        if not (self.quantity and self.source):
            raise DesignError("quantity or source is empty.", fix="Say what was published, and where.")

    @property
    def is_outcome(self) -> bool:
        """Whether a run says something of it; else it speaks to a parameter."""
        return any(self.outcome in known for known in (OUTCOMES, OWN, MEASURES)) or named(self.outcome) is not None

    @property
    def is_share(self) -> bool:
        """Whether it is a share, between 0 and 1."""
        return self.how in ("level", "rise") and self.unit.startswith("share of")

    @property
    def unit(self) -> str:
        """Unit of its outcome, measure or parameter; empty of what the library does not have."""
        lists: tuple[Mapping[str, Any], ...] = (OUTCOMES, OWN, MEASURES, DEFAULTS)
        found = next((known[self.outcome] for known in lists if self.outcome in known), named(self.outcome))
        return "" if found is None else str(found.unit)

    @property
    def year(self) -> int:
        """Year of the figure."""
        return int(self.at[:4])

    @property
    def reporting_error(self) -> float:
        """How far what is reported may lie from what was so, by its kind; in the outcome's unit."""
        size = OF_SIZE[self.kind] * abs(self.value)
        return min(OF_SHARE[self.kind], abs(self.value) / 2) if self.is_share else size

    @property
    def total_error(self) -> float:
        """Error of the figure and of its reporting together; in the outcome's unit."""
        return float((self.error**2 + self.reporting_error**2) ** 0.5)


@cache
def read_targets(path: Path = DATA / "targets.csv") -> Mapping[str, PublishedTarget]:
    """Targets by their id.

    Raises
    ------
    DesignError
        With file and row, where one is not as it must be.
    """
    targets: dict[str, PublishedTarget] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number_of_row, row in enumerate(csv.DictReader(file), start=2):
            with placed(path, f"row {number_of_row} ({row.get('id')})"):
                target = _target(row)
                if target.id in targets:
                    raise DesignError("this id stands there already.", fix="Leave one out.")
                targets[target.id] = target
    return MappingProxyType(targets)


def _target(row: Mapping[str, str | None]) -> PublishedTarget:
    known = [field.name for field in fields(PublishedTarget)]
    if list(row) != known or None in row.values():
        raise DesignError("the columns are not those of a target.", fix=f"Give: {', '.join(known)}.")
    content: dict[str, object] = dict(row)
    for name in ("value", "error"):
        try:
            content[name] = float(str(row[name]))
        except ValueError:
            raise DesignError(f"{name} = {row[name]!r} is no number.", fix="Write it as 0.25.") from None
    return PublishedTarget(**content)  # type: ignore[arg-type]
