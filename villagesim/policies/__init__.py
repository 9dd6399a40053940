"""What a government can choose: dated, targeted, paid from the county's fund."""

from villagesim.policies.conditions import Condition
from villagesim.policies.five_integrations import FiveIntegrations
from villagesim.policies.land_trust import LandTrust
from villagesim.policies.no_merger import NoMerger
from villagesim.policies.officers import CleanUp, Inspection, MoreMediators
from villagesim.policies.offices import Clerks, PayGuarantee
from villagesim.policies.policy import Policy
from villagesim.policies.rules import AccountFreeze, BothPosts, Ranking, ThreeUnchanged
from villagesim.policies.secretaries import FirstSecretary, ProfessionalSecretaries, ReserveCadres, Training, Visits
from villagesim.policies.targets import Target, poorest, richest, townships, villages
from villagesim.policies.transparency import Transparency
from villagesim.policies.welfare import HardshipFallback, Welfare

KINDS: dict[str, type[Policy]] = {
    policy.kind: policy
    for policy in (
        AccountFreeze, BothPosts, CleanUp, Clerks, FirstSecretary, FiveIntegrations, HardshipFallback,
        Inspection, LandTrust, MoreMediators, PayGuarantee, ProfessionalSecretaries, Ranking, ReserveCadres,
        ThreeUnchanged, Training, Transparency, Visits, Welfare,
    )
}  # fmt: skip
"""Policies by the name they have in scenario files."""

__all__ = [
    "KINDS",
    "AccountFreeze",
    "BothPosts",
    "CleanUp",
    "Clerks",
    "Condition",
    "FirstSecretary",
    "FiveIntegrations",
    "HardshipFallback",
    "Inspection",
    "LandTrust",
    "MoreMediators",
    "NoMerger",
    "PayGuarantee",
    "Policy",
    "ProfessionalSecretaries",
    "Ranking",
    "ReserveCadres",
    "Target",
    "ThreeUnchanged",
    "Training",
    "Transparency",
    "Visits",
    "Welfare",
    "poorest",
    "richest",
    "townships",
    "villages",
]
