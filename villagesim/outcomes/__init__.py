"""What a run is judged by: outcomes as pure functions of its raw record."""

from villagesim.errors import name_nearest
from villagesim.outcomes.goal import Goal
from villagesim.outcomes.observed import Observed
from villagesim.outcomes.outcome import Outcome
from villagesim.outcomes.outcomes import OUTCOMES, Outcomes
from villagesim.outcomes.record import Record

__all__ = ["OUTCOMES", "Goal", "Observed", "Outcome", "Outcomes", "Record"]

name_nearest(__name__)
