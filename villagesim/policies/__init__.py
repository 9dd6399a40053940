"""What a government can choose: dated, targeted, paid from the county's fund."""

from villagesim.policies.conditions import Condition
from villagesim.policies.five_integrations import FiveIntegrations
from villagesim.policies.land_trust import LandTrust
from villagesim.policies.no_merger import NoMerger
from villagesim.policies.officers import CleanUp, Inspection, MoreMediators
from villagesim.policies.policy import Policy
from villagesim.policies.rules import AccountFreeze, BothPosts, Ranking, ThreeUnchanged
from villagesim.policies.secretaries import ProfessionalSecretaries, Training
from villagesim.policies.targets import Target, poorest, richest, townships, villages

KINDS: dict[str, type[Policy]] = {
    policy.kind: policy
    for policy in (
        AccountFreeze, BothPosts, CleanUp, FiveIntegrations, Inspection, LandTrust, MoreMediators, ProfessionalSecretaries,
        Ranking, ThreeUnchanged, Training,
    )
}  # fmt: skip
"""Policies by the name they have in scenario files."""

__all__ = [
    "KINDS",
    "AccountFreeze",
    "BothPosts",
    "CleanUp",
    "Condition",
    "FiveIntegrations",
    "Inspection",
    "LandTrust",
    "MoreMediators",
    "NoMerger",
    "Policy",
    "ProfessionalSecretaries",
    "Ranking",
    "Target",
    "ThreeUnchanged",
    "Training",
    "poorest",
    "richest",
    "townships",
    "villages",
]
