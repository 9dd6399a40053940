"""Trust of members in their village (equation E5)."""

from villagesim.domains import INSIDE, SPREAD_INSIDE
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "trust_base", "trust in an ordinary village, mean", "index 0 to 1",
        0.50, 0.40, 0.60, "assumption", domain=INSIDE,
    ),
    Parameter(
        "trust_base_sd", "spread of trust_base between constituents", "index 0 to 1",
        0.10, 0.05, 0.15, "assumption", domain=SPREAD_INSIDE,
    ),
    Parameter(
        "neutral_trust", "trust that speaks neither for nor against, in votes and in the number of disputes", "index 0 to 1",
        0.5, 0.5, 0.5, "definition: the middle of the index",
    ),
    Parameter(
        "trust_pull", "speed at which trust returns to its base", "per year",
        0.35, 0.17, 0.69, "assumption; half-life 2 years (1 to 4)",
    ),
    Parameter(
        "vote_won_trust", "jump of trust when a vote is won", "logit points",
        0.05, 0.025, 0.10, "assumption",
    ),
    Parameter(
        "vote_lost_trust", "jump of trust when a vote is lost", "logit points",
        -0.10, -0.20, -0.05, "assumption",
    ),
    Parameter(
        "room_trust", "rise of trust by a year with a deliberation room", "logit points per year",
        0.05, 0.0, 0.1, "assumption",
    ),
    Parameter(
        "dividend_trust", "jump of trust by a year's dividend, times the enrolled share of land", "logit points",
        0.30, 0.15, 0.60, "assumption",
    ),
    Parameter(
        "shortfall_trust", "jump of trust by unpaid floors, times unpaid share and enrolled share", "logit points",
        -0.80, -1.60, -0.40, "assumption; sign: evidence 8.17 (B)",
    ),
)  # fmt: skip
