"""Goals: what was publicly promised, or found elsewhere, for an outcome at the end of a month."""

from dataclasses import dataclass

from villagesim.errors import OutcomeError
from villagesim.outcomes.criterion import Criterion
from villagesim.text import line


@dataclass(frozen=True, kw_only=True)
class Goal(Criterion):
    """An outcome of the county at the end of a month, held against a level.

    Attributes
    ----------
    at : str
        Month within the run at whose end it counts, as ``"2022-12"``.
    source : str
        Who set it, or where it was found.
    """

    at: str
    source: str

    def __post_init__(self) -> None:
        super().__post_init__()
        line(self.source, "source", error=OutcomeError)

    def __str__(self) -> str:
        return f"{self.outcome} {self.level} by {self.at}"
