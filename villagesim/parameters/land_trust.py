"""Land trusteeship with two guarantees and one dividend (两保底一分红, equation E3), adoption and own farming (E18)."""

from villagesim.domains import (
    FACTOR,
    GAIN,
    LEANING,
    PERSISTENCE,
    RATIO,
    SHARE,
    SOME,
    SOME_MONEY,
    SOME_RATE,
    SOME_YEARS,
    SPREAD,
)
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "wheat_yield", "mean wheat yield before the trust", "kg per mu",
        430, 390, 450, "evidence 2.3 (A/C)",
    ),
    Parameter(
        "maize_yield", "mean maize yield before the trust", "kg per mu",
        440, 420, 460, "evidence 2.3 (A/C)",
    ),
    Parameter(
        "trust_yield_gain", "yield gained by trusteeship", "share",
        0.04, 0.0, 0.10, "evidence 9 (A, shrunk)", domain=GAIN,
    ),
    Parameter(
        "county_yield_sd", "yield shock of a crop common to the county", "log points",
        0.05, 0.03, 0.08, "assumption; city means vary by 1-4%: evidence 2.3 (D)", domain=SPREAD,
    ),
    Parameter(
        "village_yield_sd", "yield shock of a crop in one village", "log points",
        0.09, 0.06, 0.14, "evidence 2.3 (D): assumption", domain=SPREAD,
    ),
    Parameter(
        "wheat_price", "mean wheat price", "yuan per kg",
        2.65, 2.45, 2.8, "evidence 2.3 (C): assumption",
    ),
    Parameter(
        "maize_price", "mean maize price", "yuan per kg",
        2.35, 2.1, 2.5, "evidence 2.3 (C): assumption",
    ),
    Parameter(
        "price_sd", "spread of log prices, one deviation a year common to both crops", "log points",
        0.07, 0.05, 0.10, "assumption", domain=SPREAD,
    ),
    Parameter(
        "price_persistence", "what remains of one year's deviation of prices in the next", "1",
        0.6, 0.3, 0.8, "assumption", domain=PERSISTENCE,
    ),
    Parameter(
        "farming_cost", "cost of two crops without land", "yuan per mu per year",
        1_230, 1_100, 1_400, "evidence 2.3 (C/D): assumption",
    ),
    Parameter(
        "purchased_share", "materials and machines, in the cost", "share",
        0.6, 0.5, 0.7, "evidence 2.3 (C): assumption",
    ),
    Parameter(
        "purchase_saving", "saved on materials and machines by trusteeship", "share",
        0.08, 0.03, 0.15, "evidence 9 (B, shrunk)",
    ),
    Parameter(
        "insurance", "full-cost insurance is taken out (1) or not (0)", "1",
        1, 0, 1, "evidence 2.3 (A)", domain=SHARE,
    ),
    Parameter(
        "wheat_cover", "sum insured of wheat", "yuan per mu",
        950, 900, 1_000, "evidence 2.3 (A/C)",
    ),
    Parameter(
        "maize_cover", "sum insured of maize", "yuan per mu",
        850, 800, 950, "evidence 2.3 (A/C)",
    ),
    Parameter(
        "insured_yield", "yield below which the insurance pays, in the mean yield", "share",
        0.8, 0.7, 0.9, "assumption", domain=SOME,
    ),
    Parameter(
        "insurance_premium", "own part of the premiums", "yuan per mu per year",
        12, 8, 16, "evidence 2.3 (A)",
    ),
    Parameter(
        "reserve_share", "part of a surplus put into the reserve", "share",
        0.10, 0.05, 0.20, "evidence 2.1 (B): 5-10% before sharing",
    ),
    Parameter(
        "reserve_cap", "the reserve is full at", "yuan per mu",
        300, 200, 400, "assumption",
    ),
    Parameter(
        "operator_equity", "own money of an operator for land when it is new to it", "yuan per mu",
        250, 100, 400, "assumption",
    ),
    Parameter(
        "equity_refill_share", "part of its share that an operator keeps as equity, up to equity_cap", "share",
        0.5, 0.25, 0.75, "assumption",
    ),
    Parameter(
        "equity_cap", "own money up to which an operator keeps equity, relative to the start", "1",
        2, 1, 3, "assumption", domain=RATIO,
    ),
    Parameter(
        "enrollable_low", "part of arable land that can be enrolled in the hilliest township", "share",
        0.3, 0.2, 0.4, "assumption; terrain: evidence 7.1 (B)",
    ),
    Parameter(
        "enrollable_high", "part of arable land that can be enrolled in the flattest township", "share",
        0.8, 0.6, 0.9, "assumption; terrain: evidence 7.1 (B)",
    ),
    Parameter(
        "adopt_rate", "villages that begin a land trust by themselves, at a pace of 1", "per sowing",
        0.015, 0.0, 0.05, "assumption", domain=SHARE,
    ),
    Parameter(
        "first_land", "land that joins at a village's first sowing, in what can be enrolled", "share",
        0.35, 0.2, 0.6, "Q13: 218 mu a village in its first season (B)",
    ),
    Parameter(
        "later_land", "land that joins at every later sowing, in what is left", "share",
        0.25, 0.1, 0.4, "assumption; sign: Q13, Q14 (B)",
    ),
    Parameter(
        "usual_leaning", "households that lean to the trust at usual terms, trust and fear; there first_land and later_land hold",
        "share", 0.875, 0.875, 0.875, "definition of first_land and later_land", domain=SOME,
    ),
    Parameter(
        "enrolment_most", "land that joins at most, relative to first_land and later_land", "1",
        1.5, 1.2, 2.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "own_share", "villages that farm themselves, at the secretary's skill that leaves it so (see own_scale)",
        "share", 0.3, 0.0, 0.6, "assumption",
    ),
    Parameter(
        "own_scale", "what own_share is multiplied by at most, as the secretary's skill rises", "1",
        1.6, 1.0, 2.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "own_steepness", "how steeply the share of villages that farm themselves rises with the secretary's skill",
        "logit per unit of skill", 8.0, 4.0, 12.0, "assumption", domain=LEANING,
    ),
    Parameter(
        "own_middle", "skill at which own_share is multiplied by half of own_scale", "index 0 to 1",
        0.6, 0.5, 0.7, "assumption",
    ),
    Parameter(
        "own_rent", "rent to households where the village farms itself", "yuan per mu per year",
        850, 700, 1_000, "Q16, Q17, Q18 (B): 800 to 1,000",
    ),
    Parameter(
        "own_cost", "cost where the village farms itself, relative to that of a firm", "1",
        0.95, 0.88, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "own_land_gain", "land won where the village farms in one piece", "share",
        0.05, 0.02, 0.10, "assumption", domain=GAIN,
    ),
    Parameter(
        "own_skill", "what own farming yields per unit of the secretary's skill, from reference_skill", "yuan per mu per year",
        150, 50, 300, "assumption",
    ),
    Parameter(
        "own_collective_share", "part of a gain of own farming that the collective keeps", "share",
        0.70, 0.6, 1.0, "Q15, Q17 (B)",
    ),
    Parameter(
        "enrolment_scale", "difference of income that sways a household", "yuan per mu per year",
        100, 50, 200, "assumption", domain=SOME_MONEY,
    ),
    Parameter(
        "enrolment_trust", "land that joins, per unit of trust; 2 leaves it as it is at a trust of .5", "1",
        2, 1, 3, "assumption", domain=FACTOR,
    ),
    Parameter(
        "outside_option", "income of a household from its own land, net of its labour", "yuan per mu per year",
        650, 550, 850, "evidence 2.3 (C/D): assumption",
    ),
    Parameter(
        "outside_option_sd", "spread of outside_option between constituents", "yuan per mu per year",
        150, 75, 250, "assumption",
    ),
    Parameter(
        "feared_default", "chance of a default that households reckon with when nothing has happened", "share",
        0.05, 0.02, 0.10, "assumption",
    ),
    Parameter(
        "fear_of_own_default", "part of the way to certainty that a default in the village adds", "share",
        0.5, 0.2, 0.8, "assumption",
    ),
    Parameter(
        "fear_of_near_default", "part of the way to certainty that a default elsewhere in the township adds", "share",
        0.1, 0.0, 0.3, "assumption",
    ),
    Parameter(
        "fear_memory", "mean time until it is forgotten", "years",
        1.4, 0.7, 3.0, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "leave_after_default", "households that leave after a default", "share",
        0.5, 0.2, 0.8, "assumption",
    ),
    Parameter(
        "idle_after_default", "chance that the land lies idle after a default", "share",
        0.3, 0.1, 0.5, "assumption; sign: evidence 8.17 (B)",
    ),
    Parameter(
        "idle_years", "time that land lies idle after a default", "years",
        1, 0.5, 2, "assumption",
    ),
    Parameter(
        "tender_rate", "new operators found after a default", "per year",
        0.5, 0.25, 1.0, "assumption", domain=SOME_RATE,
    ),
)  # fmt: skip
