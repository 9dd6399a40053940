"""What parts of one's own are made of: processes, policies and their bases, parameters, columns, levers, outcomes, observers."""

from villagesim.component import Column, Lever
from villagesim.errors import name_nearest
from villagesim.observer import EndedCase, Observer
from villagesim.outcomes import Outcome
from villagesim.parameters import Parameter
from villagesim.policies.officers import Officers, Posts
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy, Policy
from villagesim.process import Process

__all__ = [
    "ActivePolicy",
    "Column",
    "EndedCase",
    "Lever",
    "Observer",
    "Officers",
    "Outcome",
    "Parameter",
    "PerVillage",
    "Policy",
    "Posts",
    "Process",
]

name_nearest(__name__)
