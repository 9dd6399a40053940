"""Disputes (equation E2): how many arise, how many the village settles, what the township's mediators do."""

from villagesim.domains import ABOVE_NOTHING, FACTOR, HALF, SHARE, SOME_YEARS
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "incident_rate", "disputes that arise among residents, settled in the village or not",
        "per 1,000 adults per year", 34, 10, 50, "evidence 5 (A/D): rural residents with a dispute, China about 2005",
    ),
    Parameter(
        "adult_share", "adults among residents", "share",
        0.82, 0.75, 0.90, "assumption",
    ),
    Parameter(
        "incident_trust", "fall of log incidents with trust, from neutral_trust", "per unit of trust",
        1.0, 0.5, 2.0, "assumption",
    ),
    Parameter(
        "incident_faulty", "rise of incidents with the share of faulty contracts, from the start", "1",
        0.4, 0.0, 0.8, "assumption", domain=FACTOR,
    ),
    Parameter(
        "incident_reopened", "rise of incidents with the share of contracts that were re-opened", "1",
        1.0, 0.5, 2.0, "assumption; sign: evidence 8.18 (A)", domain=FACTOR,
    ),
    Parameter(
        "reopened_memory", "mean time until a re-opened title is quiet again", "years",
        0.75, 0.4, 1.5, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "incident_forced", "rise of incidents where accounts were pooled without consent", "1",
        0.3, 0.0, 0.6, "assumption", domain=FACTOR,
    ),
    Parameter(
        "forced_memory", "mean time until a forced pooling is forgotten", "years",
        1.0, 0.5, 2.0, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "incident_unpaid", "rise of incidents with the unpaid share of promised floors in the last twelve months", "1",
        0.8, 0.4, 1.6, "assumption", domain=FACTOR,
    ),
    Parameter(
        "unsettled_share", "disputes the village does not settle: they are registered at the township", "share",
        0.18, 0.10, 0.28, "evidence 5 (A/C): about 5 registered per 1,000 people and year",
    ),
    Parameter(
        "room_unsettled", "factor of unsettled_share where the village has a deliberation room", "1",
        0.8, 0.6, 1.0, "assumption", domain=SHARE,
    ),
    Parameter(
        "relay_registration", "rise of registrations where a relay reaches all: cases the village would have settled", "1",
        0.5, 0.25, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "relay_hearing_days", "time of a mediator for a case that the relay brings, mean", "officer-days",
        1, 0.5, 2, "assumption",
    ),
    Parameter(
        "residents_per_mediator", "residents for whom a township has one mediator", "residents",
        10_000, 6_000, 15_000, "assumption",
    ),
    Parameter(
        "hearing_days", "time of a mediator for one case, mean", "officer-days",
        3, 1, 8, "assumption",
    ),
    Parameter(
        "patience_days", "time after which an unheard case goes higher (petition), mean", "days",
        90, 30, 180, "assumption",
    ),
    Parameter(
        "share_urgent", "registered cases that are heard before all others", "share",
        0.1, 0.05, 0.2, "assumption", domain=HALF,
    ),
    Parameter(
        "share_minor", "registered cases that are heard after all others", "share",
        0.3, 0.15, 0.5, "assumption", domain=HALF,
    ),
    Parameter(
        "settled_share", "cases that a hearing settles", "share",
        0.80, 0.70, 0.95, "evidence 5 (A/B)",
    ),
    Parameter(
        "reopened_share", "settled cases that come back within a year", "share",
        0.10, 0.05, 0.20, "assumption", domain=ABOVE_NOTHING,
    ),
    Parameter(
        "prompt_hearing_days", "longest wait after which a hearing still raises trust", "days",
        60, 30, 90, "assumption",
    ),
    Parameter(
        "heard_trust", "jump of trust by a prompt hearing, in a village of trust_residents", "logit points",
        0.3, 0.15, 0.6, "assumption",
    ),
    Parameter(
        "unheard_trust", "jump of trust by a case that nobody heard, in a village of trust_residents", "logit points",
        -0.6, -1.2, -0.3, "assumption",
    ),
    Parameter(
        "trust_residents", "village in which one case, or one request, moves trust by its full jump; smaller ones count as it",
        "residents",
        20, 20, 20, "definition of heard_trust and unheard_trust",
    ),
)  # fmt: skip
