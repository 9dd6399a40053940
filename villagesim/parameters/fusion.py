"""Fusion in five integrations (equation E1): how often a milestone is tried, who votes for it, what cohesion does."""

from villagesim.domains import CORRELATION, FACTOR, GAIN, SOME_RATE, SPREAD
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "attempt_rate", "attempts of a merged village at the next milestone of one integration, without programme",
        "per year", 0.2, 0.1, 0.4,
        "calibrated: with it 3-6% of merged villages join their accounts a year, evidence 3.2 (D from B)",
        domain=SOME_RATE,
    ),
    Parameter(
        "programme_attempt_rate",
        "attempts of a merged village at the next milestone of one integration, reached by programme and facilitators",
        "per year", 0.8, 0.5, 1.5, "assumption",
    ),
    Parameter(
        "attempt_skill_intercept", "pace of attempts of a secretary with no skill; skill is added to it", "1",
        0.42, 0.2, 0.6, "assumption; the mean skill .58 gives a pace of 1", domain=FACTOR,
    ),
    Parameter(
        "burden_pace", "pace of attempts of a committee that is freed of side jobs", "1",
        1.1, 1.0, 1.25, "assumption", domain=FACTOR,
    ),
    Parameter(
        "facilitation_days", "time of a facilitator for one attempt", "officer-days",
        10, 5, 20, "assumption",
    ),
    Parameter(
        "lost_vote_wait", "a milestone is closed after a lost vote", "days",
        180, 90, 365, "assumption",
    ),
    Parameter(
        "vote_base_account", "leaning of a part's members in economy and livelihood", "logit points",
        0.9, 0.4, 1.4, "assumption",
    ),
    Parameter(
        "vote_base_assembly", "leaning of the joint assembly in leadership, operation, deliberation", "logit points",
        1.2, 0.7, 1.7, "assumption",
    ),
    Parameter(
        "vote_loss", "weight of an own relative loss", "logit points",
        3.0, 1.0, 5.0, "assumption; sign: evidence 8.1 (B)",
    ),
    Parameter(
        "vote_gain", "weight of an own relative gain", "logit points",
        1.0, 0.0, 2.0, "assumption",
    ),
    Parameter(
        "vote_trust", "weight of trust, from neutral_trust", "logit points",
        2.5, 1.0, 4.0, "assumption",
    ),
    Parameter(
        "vote_cohesion", "weight of cohesion, from neutral_cohesion", "logit points",
        1.5, 0.0, 3.0, "assumption",
    ),
    Parameter(
        "vote_skill", "weight of the secretary's skill, from reference_skill", "logit points",
        1.0, 0.0, 2.0, "assumption",
    ),
    Parameter(
        "neutral_cohesion", "cohesion that speaks neither for nor against in a vote", "index 0 to 1",
        0.5, 0.5, 0.5, "definition: the middle of the index",
    ),
    Parameter(
        "vote_own_secretary", "added in the part the secretary comes from", "logit points",
        0.4, 0.0, 0.8, "assumption",
    ),
    Parameter(
        "vote_facilitator", "added where a facilitator is present", "logit points",
        0.6, 0.0, 1.2, "assumption",
    ),
    Parameter(
        "room_consent", "added where matters are talked over in a deliberation room", "logit points",
        0.2, 0.0, 0.5, "assumption; sign: evidence 8.9",
    ),
    Parameter(
        "vote_lateness", "taken off for every year past vote_grace after the decree", "logit points per year",
        0.08, 0.0, 0.16, "assumption; sign: evidence 3.2 (B), later mergers stay split",
    ),
    Parameter(
        "vote_grace", "time after the decree before a vote counts as late", "years",
        2, 0, 4, "assumption",
    ),
    Parameter(
        "vote_village_sd", "spread of the leaning between villages, for ever", "logit points",
        0.7, 0.3, 1.0, "assumption", domain=SPREAD,
    ),
    Parameter(
        "vote_debt_service", "yearly service of a debt, as weighed against income", "share of debt per year",
        0.06, 0.03, 0.12, "assumption",
    ),
    Parameter(
        "vote_debt_cap", "most that the service of debts can count for or against, in a year's income", "share",
        0.5, 0.25, 1.0, "assumption", domain=GAIN,
    ),
    Parameter(
        "frozen_stake", "what is left of gains and losses in a vote where rights are frozen", "share",
        0.1, 0.0, 0.3, "assumption",
    ),
    Parameter(
        "entitlement_share", "benefits to members, in collective income", "share",
        0.15, 0.05, 0.30, "assumption",
    ),
    Parameter(
        "entitlement_sd", "spread of log benefits per member between constituents", "log points",
        0.4, 0.2, 0.6, "assumption", domain=SPREAD,
    ),
    Parameter(
        "entitlement_income_correlation", "correlation of log benefits with log income per member", "1",
        0.5, 0.0, 0.9, "assumption", domain=CORRELATION,
    ),
    Parameter(
        "cohesion_unmerged", "cohesion of a committee that was not merged", "index 0 to 1",
        0.6, 0.5, 0.8, "assumption",
    ),
    Parameter(
        "cohesion_at_decree", "cohesion of a merged committee on the day of the decree", "index 0 to 1",
        0.4, 0.2, 0.5, "assumption",
    ),
    Parameter(
        "cohesion_base", "where the cohesion of a merged committee tends to with no integration of leadership",
        "index 0 to 1", 0.4, 0.2, 0.5, "assumption",
    ),
    Parameter(
        "cohesion_of_leadership", "what full integration of leadership adds to cohesion_base", "index 0 to 1",
        0.3, 0.1, 0.4, "assumption",
    ),
    Parameter(
        "cohesion_pull", "speed at which cohesion tends there", "per year",
        0.5, 0.25, 1.0, "assumption",
    ),
)  # fmt: skip
