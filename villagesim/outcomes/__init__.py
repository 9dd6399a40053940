"""What a run is judged by: outcomes as pure functions of its raw record."""

from villagesim.outcomes.definitions import OUTCOMES, outcome
from villagesim.outcomes.goal import Goal
from villagesim.outcomes.outcome import Outcome
from villagesim.outcomes.record import Record

__all__ = ["OUTCOMES", "Goal", "Outcome", "Record", "outcome"]
