"""What a run is judged by: outcomes as pure functions of its raw record."""

from villagesim.outcomes.definitions import OUTCOMES, WITHOUT_HISTORY, outcome
from villagesim.outcomes.goal import Goal
from villagesim.outcomes.outcome import Outcome
from villagesim.outcomes.record import Record

__all__ = ["OUTCOMES", "WITHOUT_HISTORY", "Goal", "Outcome", "Record", "outcome"]
