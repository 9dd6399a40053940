"""Ratings of village organisations, what is done for those that are rated low, and the monthly review."""

from villagesim.domains import FACTOR, WEIGHT
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "rated_one_star", "villages rated weak and lax, counted from the bottom", "share of rated villages",
        0.06, 0.04, 0.10, "evidence 5, 9 (S/B/C): 6.2% in one province, quotas of 5 to 8%",
    ),
    Parameter(
        "rated_two_stars", "villages rated below standard", "share of rated villages",
        0.14, 0.08, 0.20, "evidence 5 (S/D): what S3.stars leaves, branches of all fields",
    ),
    Parameter(
        "rated_four_stars", "villages rated good; the rest has three stars", "share of rated villages",
        0.38, 0.20, 0.50, "assumption; S3.stars gives three and four stars together",
    ),
    Parameter(
        "rated_five_stars", "villages rated advanced, counted from the top", "share of rated villages",
        0.03, 0.01, 0.10, "S3.stars: 123 of 4,167 branches of all fields",
    ),
    Parameter(
        "score_noise", "spread of a score about what the three indicators give", "share of rated villages",
        0.10, 0.05, 0.20, "assumption",
    ),
    Parameter(
        "mark_reported", "weight of integration as reported in a village's mark", "1",
        1, 0.5, 2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "mark_income", "weight of income per member in a village's mark", "1",
        1, 0.5, 2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "mark_calm", "weight of calm, few open disputes, in a village's mark", "1",
        1, 0.5, 2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "villages_per_officer", "villages that one officer of a support team can look after", "villages",
        4, 2, 8, "assumption",
    ),
    Parameter(
        "support_pace", "pace of attempts of a village with a support team and a leader tied to it", "1",
        1.5, 1.0, 2.5, "assumption", domain=FACTOR,
    ),
    Parameter(
        "support_skill", "added to the skill that its secretary tends to meanwhile", "index 0 to 1",
        0.05, 0.0, 0.12, "assumption",
    ),
    Parameter(
        "review_pace", "pace of attempts of a village that the monthly review has given tasks", "1",
        1.2, 1.0, 1.5, "assumption", domain=FACTOR,
    ),
)  # fmt: skip
