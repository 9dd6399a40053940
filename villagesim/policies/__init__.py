"""What a government can choose: dated, targeted, paid from the county's fund."""

from collections.abc import Mapping
from types import MappingProxyType

from villagesim.errors import name_nearest
from villagesim.policies.conditions import Condition
from villagesim.policies.coverage import Alliances, Belt, DemonstrationZones, UmbrellaBrand
from villagesim.policies.deliberation import DeliberationRooms
from villagesim.policies.economy import CommunityConversion, ShareReform, TopUp
from villagesim.policies.five_integrations import FiveIntegrations
from villagesim.policies.land_trust import LandTrust
from villagesim.policies.officers import CleanUp, Inspection, MoreMediators
from villagesim.policies.offices import Clerks, PayGuarantee
from villagesim.policies.policy import Policy
from villagesim.policies.ratings import StarRating, ThreeYearPlan
from villagesim.policies.requests import FeedbackRelay, OrderAndTake, ServiceCentres
from villagesim.policies.rules import (
    AccountFreeze,
    AccountsByOrder,
    BothPosts,
    BurdenList,
    MonthlyReview,
    Ranking,
    ThreeUnchanged,
    WeakVillageList,
)
from villagesim.policies.secretaries import FirstSecretary, ProfessionalSecretaries, ReserveCadres, Training, Visits
from villagesim.policies.seed_money import SeedMoney, Stakes
from villagesim.policies.strategy import Strategy
from villagesim.policies.transparency import Transparency
from villagesim.policies.welfare import HardshipFallback, Welfare

KINDS: Mapping[str, type[Policy]] = MappingProxyType(
    {
        policy.kind: policy
        for _, policy in sorted(globals().items())
        if isinstance(policy, type) and issubclass(policy, Policy) and policy is not Policy
    }
)
"""Policies by the name they have in scenario files: all that this module offers."""

__all__ = [
    "KINDS",
    "AccountFreeze",
    "AccountsByOrder",
    "Alliances",
    "Belt",
    "BothPosts",
    "BurdenList",
    "CleanUp",
    "Clerks",
    "CommunityConversion",
    "Condition",
    "DeliberationRooms",
    "DemonstrationZones",
    "FeedbackRelay",
    "FirstSecretary",
    "FiveIntegrations",
    "HardshipFallback",
    "Inspection",
    "LandTrust",
    "MonthlyReview",
    "MoreMediators",
    "OrderAndTake",
    "PayGuarantee",
    "Policy",
    "ProfessionalSecretaries",
    "Ranking",
    "ReserveCadres",
    "SeedMoney",
    "ServiceCentres",
    "ShareReform",
    "Stakes",
    "StarRating",
    "Strategy",
    "ThreeUnchanged",
    "ThreeYearPlan",
    "TopUp",
    "Training",
    "Transparency",
    "UmbrellaBrand",
    "Visits",
    "WeakVillageList",
    "Welfare",
]

name_nearest(__name__)
