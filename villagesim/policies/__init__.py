"""What a government can choose: dated, targeted, paid from the county's fund."""

from villagesim.policies.five_integrations import FiveIntegrations
from villagesim.policies.land_trust import LandTrust
from villagesim.policies.no_merger import NoMerger
from villagesim.policies.officers import CleanUp, Inspection, MoreMediators
from villagesim.policies.policy import Policy
from villagesim.policies.ratings import StarRating, ThreeYearPlan
from villagesim.policies.rules import AccountFreeze, BothPosts, MonthlyReview, Ranking, ThreeUnchanged
from villagesim.policies.secretaries import ProfessionalSecretaries, Training
from villagesim.policies.targets import Target, poorest, richest, townships, villages

KINDS: dict[str, type[Policy]] = {
    policy.kind: policy
    for policy in (
        AccountFreeze, BothPosts, CleanUp, FiveIntegrations, Inspection, LandTrust, MonthlyReview, MoreMediators,
        ProfessionalSecretaries, Ranking, StarRating, ThreeUnchanged, ThreeYearPlan, Training,
    )
}  # fmt: skip
"""Policies by the name they have in scenario files."""

__all__ = [
    "KINDS",
    "AccountFreeze",
    "BothPosts",
    "CleanUp",
    "FiveIntegrations",
    "Inspection",
    "LandTrust",
    "MonthlyReview",
    "MoreMediators",
    "NoMerger",
    "Policy",
    "ProfessionalSecretaries",
    "Ranking",
    "StarRating",
    "Target",
    "ThreeUnchanged",
    "ThreeYearPlan",
    "Training",
    "poorest",
    "richest",
    "townships",
    "villages",
]
