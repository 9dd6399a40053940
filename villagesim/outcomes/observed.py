"""Observed figures: what really came, beside what is simulated; no run knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import fullmatch

from villagesim.errors import OutcomeError
from villagesim.frozen import Frozen
from villagesim.outcomes.criterion import check_level
from villagesim.outcomes.outcomes import Outcomes
from villagesim.text import line


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What an outcome came to at the end of a month.

    Attributes
    ----------
    outcome : str
        Any outcome; figures in yuan of their year are of ``nominal_`` or ``reported_`` outcomes.
    at : str
        Month of the run, or the one before it, at whose end it counts, as ``"2022-12"``.
    value : float
        Of the county [that of the outcome].
    error : float, at least 0
        Its standard error [that of the outcome].
    source : str
        Where it stands.
    villages : table
        Of single villages, by their codes [that of the outcome].
    """

    outcome: str
    at: str
    value: float | None = None
    error: float = 0.0
    source: str
    villages: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        line(self.source, "source", error=OutcomeError)
        if not fullmatch(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", str(self.at)):
            raise OutcomeError(f"at = {self.at!r} is not a month.", fix="Write it as 2022-12.")
        if not self.error >= 0:
            raise OutcomeError(f"error = {self.error} must be at least 0.", fix="Correct it, or leave it out.")
        object.__setattr__(self, "villages", Frozen(self.villages))

    def check(self, outcomes: Outcomes) -> None:
        """Refuse an outcome that the scenario does not have, a value that it cannot have, and nothing at all.

        Raises
        ------
        OutcomeError
        """
        if self.value is None and not self.villages:
            raise OutcomeError(f"nothing is observed of {self.outcome}.", fix="Give value = ..., or leave it out.")
        if self.value is not None:
            check_level(self.outcome, self.value, outcomes)
        if self.villages and outcomes[self.outcome].village is None:
            raise OutcomeError(f"{self.outcome} is not known by village.", fix="Give value = ... of the county.")
