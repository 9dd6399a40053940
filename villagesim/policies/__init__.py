"""What a government can choose: dated, targeted, paid from the county's fund."""

from villagesim.policies.five_integrations import FiveIntegrations
from villagesim.policies.land_trust import LandTrust
from villagesim.policies.no_merger import NoMerger
from villagesim.policies.policy import Policy
from villagesim.policies.targets import Target, poorest, richest, townships, villages

KINDS: dict[str, type[Policy]] = {policy.kind: policy for policy in (FiveIntegrations, LandTrust)}
"""Policies by the name they have in scenario files."""

__all__ = [
    "KINDS",
    "FiveIntegrations",
    "LandTrust",
    "NoMerger",
    "Policy",
    "Target",
    "poorest",
    "richest",
    "townships",
    "villages",
]
