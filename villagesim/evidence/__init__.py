"""Published numbers as data: targets of places elsewhere, which side each is on, and a county made for each place.

A target is one published number beside the outcome or parameter that it speaks to. A place is made into a county by what was
published of it (:func:`scenario_of`); what its run gives for a target is :func:`figure_of`. Which numbers may set values and
which may only judge is decided by a rule alone (:func:`sides`), before anything is fitted.
"""

from villagesim.evidence.figures import figure_of
from villagesim.evidence.forecasts import recorded
from villagesim.evidence.made import scenario_of
from villagesim.evidence.places import PublishedPlace, read_places
from villagesim.evidence.posterior import JointPosterior, read_posterior
from villagesim.evidence.sides import sides
from villagesim.evidence.targets import PublishedTarget, read_targets

__all__ = [
    "JointPosterior",
    "PublishedPlace",
    "PublishedTarget",
    "figure_of",
    "read_places",
    "read_posterior",
    "read_targets",
    "recorded",
    "scenario_of",
    "sides",
]
