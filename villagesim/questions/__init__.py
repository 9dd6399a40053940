"""What can be asked: every question is a frozen value with ``ask``, which gives an answer."""

from villagesim.questions.allocation import Allocation
from villagesim.questions.attribution import Attribution
from villagesim.questions.calibration import Calibration
from villagesim.questions.comparison import Comparison
from villagesim.questions.discovery import Discovery
from villagesim.questions.published import PublishedFigure
from villagesim.questions.question import Answer, Question, load_question
from villagesim.questions.robustness import Robustness
from villagesim.questions.sensitivity import Sensitivity
from villagesim.questions.uncertain import compare_draws
from villagesim.questions.uncertainty import NotKnowing

__all__ = [
    "Allocation",
    "Answer",
    "Attribution",
    "Calibration",
    "Comparison",
    "Discovery",
    "NotKnowing",
    "PublishedFigure",
    "Question",
    "Robustness",
    "Sensitivity",
    "compare_draws",
    "load_question",
]
