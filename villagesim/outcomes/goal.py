"""Goals: what was publicly promised, or found elsewhere, for an outcome at the end of a month."""

from dataclasses import dataclass

from villagesim.outcomes.criterion import Criterion


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

    def __str__(self) -> str:
        return f"{self.outcome} {self.level} by {self.at}"
