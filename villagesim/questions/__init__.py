"""What can be asked: every question is a frozen value with ``ask``, which gives an answer."""

from villagesim.errors import name_nearest
from villagesim.questions.allocation import Allocation
from villagesim.questions.answer import Answer
from villagesim.questions.attribution import Attribution
from villagesim.questions.calibration import Calibration
from villagesim.questions.cohort import Cohort
from villagesim.questions.cohort_answer import CohortAnswer
from villagesim.questions.comparison import Comparison
from villagesim.questions.comparison_answer import ComparisonAnswer
from villagesim.questions.discovery import Discovery
from villagesim.questions.drawn_contrasts import DrawnContrasts
from villagesim.questions.forecast import Forecast
from villagesim.questions.published import PublishedFigure
from villagesim.questions.question import Question, load_question
from villagesim.questions.robustness import Robustness
from villagesim.questions.rollout import Rollout
from villagesim.questions.sensitivity import Sensitivity
from villagesim.questions.study import Contrasts, Study
from villagesim.questions.sweep import Sweep, SweepAnswer
from villagesim.questions.trial import Trial
from villagesim.questions.uncertainty import Uncertainty, UncertaintyAnswer
from villagesim.questions.validation import Validation
from villagesim.questions.worth import Worth

__all__ = [
    "Allocation",
    "Answer",
    "Attribution",
    "Calibration",
    "Cohort",
    "CohortAnswer",
    "Comparison",
    "ComparisonAnswer",
    "Contrasts",
    "Discovery",
    "DrawnContrasts",
    "Forecast",
    "PublishedFigure",
    "Question",
    "Robustness",
    "Rollout",
    "Sensitivity",
    "Study",
    "Sweep",
    "SweepAnswer",
    "Trial",
    "Uncertainty",
    "UncertaintyAnswer",
    "Validation",
    "Worth",
    "load_question",
]

name_nearest(__name__)
