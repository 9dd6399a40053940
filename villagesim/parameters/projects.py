"""Projects by kind and form, firms that borrow, own investment, and what comes on top of returns (equations E4, E14, E15).

Returns, death rates and idle shares of the kinds have ranges of no width: they are drawn together, by a shift and two factors.
"""

from villagesim.domains import ELASTICITY, FACTOR, SHARE, SPREAD, WEIGHT
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "bought_return", "return of an asset that is bought and let (购置)", "of capital per year",
        0.06, 0.06, 0.06,
        "definition of the kind, drawn by return_shift: "
        "assumption; Q27: solar power .173 gross, x .315 (I2.22) is .054",
    ),
    Parameter(
        "bought_sd", "spread of the return of an asset that is bought and let, for life", "of capital per year",
        0.02, 0.01, 0.04, "assumption", domain=SHARE,
    ),
    Parameter(
        "bought_gestation", "time until an asset that is bought and let earns", "months",
        2, 1, 3, "assumption",
    ),
    Parameter(
        "bought_death_rate", "assets that are bought and let that die, under a secretary of mean skill", "per year",
        0.02, 0.02, 0.02, "definition of the kind, drawn by death_factor: assumption",
    ),
    Parameter(
        "bought_idle", "assets that are bought and let that never earn", "share",
        0.05, 0.05, 0.05, "definition of the kind, drawn by idle_factor: assumption",
    ),
    Parameter(
        "bought_least", "least that an asset that is bought and let costs an account that invests", "yuan",
        100_000, 50_000, 200_000, "assumption",
    ),
    Parameter(
        "built_return", "return of an asset that is built and let (新建)", "of capital per year",
        0.08, 0.08, 0.08,
        "definition of the kind, drawn by return_shift: "
        "I2.19 .06, I2.23 and I2.24 .081, I2.52 .061, I2.53 .133 (B)",
    ),
    Parameter(
        "built_sd", "spread of the return of an asset that is built and let, for life", "of capital per year",
        0.04, 0.02, 0.08, "assumption", domain=SHARE,
    ),
    Parameter(
        "built_gestation", "time until an asset that is built and let earns", "months",
        12, 6, 18, "assumption",
    ),
    Parameter(
        "built_death_rate", "assets that are built and let that die, under a secretary of mean skill", "per year",
        0.03, 0.03, 0.03, "definition of the kind, drawn by death_factor: assumption",
    ),
    Parameter(
        "built_idle", "assets that are built and let that never earn", "share",
        0.12, 0.12, 0.12, "definition of the kind, drawn by idle_factor: assumption",
    ),
    Parameter(
        "built_least", "least that an asset that is built and let costs an account that invests", "yuan",
        300_000, 150_000, 600_000, "assumption",
    ),
    Parameter(
        "lent_return", "return of money that is lent to a firm (保底分红)", "of capital per year",
        0.06, 0.06, 0.06,
        "definition of the kind, drawn by return_shift: "
        "I2.11 .08, I2.18 .03, I2.20 .06, I2.39 .05, I2.51 .06 (B)",
    ),
    Parameter(
        "lent_sd", "spread of the return of money that is lent to a firm, for life", "of capital per year",
        0.01, 0.005, 0.02, "assumption", domain=SHARE,
    ),
    Parameter(
        "lent_gestation", "time until money that is lent to a firm earns", "months",
        1, 0.5, 1.5, "assumption",
    ),
    Parameter(
        "lent_idle", "loans to firms that never earn", "share",
        0.04, 0.04, 0.04, "definition of the kind, drawn by idle_factor: assumption",
    ),
    Parameter(
        "lent_least", "least that money that is lent to a firm costs an account that invests", "yuan",
        50_000, 25_000, 100_000, "assumption",
    ),
    Parameter(
        "joint_return", "return of a part in another's business (入股)", "of capital per year",
        0.075, 0.075, 0.075,
        "definition of the kind, drawn by return_shift: "
        "I2.07 .09, I2.08 .081, I2.10 .083, I2.17 .066 (B)",
    ),
    Parameter(
        "joint_sd", "spread of the return of a part in another's business, for life", "of capital per year",
        0.02, 0.01, 0.04, "assumption", domain=SHARE,
    ),
    Parameter(
        "joint_gestation", "time until a part in another's business earns", "months",
        15, 7.5, 22.5, "assumption",
    ),
    Parameter(
        "joint_death_rate", "parts in others' businesses that die, under a secretary of mean skill", "per year",
        0.015, 0.015, 0.015, "definition of the kind, drawn by death_factor: assumption",
    ),
    Parameter(
        "joint_idle", "parts in others' businesses that never earn", "share",
        0.08, 0.08, 0.08, "definition of the kind, drawn by idle_factor: assumption",
    ),
    Parameter(
        "joint_least", "least that a part in another's business costs an account that invests", "yuan",
        50_000, 25_000, 100_000, "assumption",
    ),
    Parameter(
        "own_return", "return of an own business (自营)", "of capital per year",
        0.09, 0.09, 0.09,
        "definition of the kind, drawn by return_shift: "
        "assumption; losses: I2.30, I2.57, I2.58 (B)",
    ),
    Parameter(
        "own_sd", "spread of the return of an own business, for life", "of capital per year",
        0.12, 0.06, 0.24, "assumption", domain=SHARE,
    ),
    Parameter(
        "own_gestation", "time until an own business earns", "months",
        6, 3, 9, "assumption",
    ),
    Parameter(
        "own_death_rate", "own businesses that die, under a secretary of mean skill", "per year",
        0.06, 0.06, 0.06, "definition of the kind, drawn by death_factor: assumption; I2.58: 58% dead",
    ),
    Parameter(
        "own_idle", "own businesses that never earn", "share",
        0.16, 0.16, 0.16, "definition of the kind, drawn by idle_factor: I2.56 (B)",
    ),
    Parameter(
        "own_least", "least that an own business costs an account that invests", "yuan",
        200_000, 100_000, 400_000, "assumption",
    ),
    Parameter(
        "return_shift", "added to the returns of all kinds", "of capital per year",
        0.0, -0.02, 0.02, "assumption",
    ),
    Parameter(
        "death_factor", "multiple of the death rates of all kinds", "ratio",
        1.0, 0.5, 2.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "idle_factor", "multiple of the idle shares of all kinds", "ratio",
        1.0, 0.5, 1.8, "Q37 .06 to .17 of money, I2.63 .11, I2.56 .156 (B)", domain=FACTOR,
    ),
    Parameter(
        "term_least", "shortest term for which money is lent", "months",
        48, 36, 60, "I2.11, I2.39, I2.54 (B)",
    ),
    Parameter(
        "term_most", "longest term for which money is lent", "months",
        72, 60, 96, "I2.11, I2.39, I2.54 (B)",
    ),
    Parameter(
        "term_renewed", "chance that a term is renewed when it ends", "share",
        0.5, 0.2, 0.8, "assumption",
    ),
    Parameter(
        "principal_back", "chance that money lent comes back when the term is not renewed, all of it", "share",
        0.8, 0.4, 0.95, "assumption; 0 in I2.55",
    ),
    Parameter(
        "match_share", "money of the village beside a grant for what is built or its own business", "share of the grant",
        0.15, 0.0, 0.25, "assumption; I5.13 .195 (B)", domain=SHARE,
    ),
    Parameter(
        "investment_rate", "chances of an account with enough in its pot to invest", "per year",
        0.6, 0.2, 1.5, "assumption",
    ),
    Parameter(
        "investment_pot", "pot from which on an account invests", "yuan",
        50_000, 30_000, 100_000, "assumption",
    ),
    Parameter(
        "investment_share", "part of the pot that goes into one investment", "share",
        0.9, 0.7, 0.95, "assumption",
    ),
    Parameter(
        "investment_most", "most that goes into one investment", "yuan",
        3_000_000, 1_000_000, 5_000_000, "assumption",
    ),
    Parameter(
        "invest_bought", "weight of assets that are bought and let among what accounts invest in", "weight",
        0.25, 0.125, 0.5, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "invest_built", "weight of assets that are built and let among what accounts invest in", "weight",
        0.2, 0.1, 0.4, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "invest_lent", "weight of loans to firms among what accounts invest in", "weight",
        0.25, 0.125, 0.5, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "invest_joint", "weight of parts in others' businesses among what accounts invest in", "weight",
        0.2, 0.1, 0.4, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "invest_own", "weight of own businesses among what accounts invest in", "weight",
        0.1, 0.05, 0.2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "investment_helped", "what a helper from outside multiplies investment_rate by", "ratio",
        1.5, 1.0, 2.5, "assumption", domain=FACTOR,
    ),
    Parameter(
        "helper_money", "what a first secretary brings into a project of the village, once, on average", "yuan",
        300_000, 60_000, 500_000, "Q10 (B)",
    ),
    Parameter(
        "helper_money_sd", "spread of log helper_money", "log points",
        0.7, 0.4, 1.0, "assumption", domain=SPREAD,
    ),
    Parameter(
        "helper_yearly", "what a first secretary brings besides, as income of the village", "yuan per year",
        15_000, 0, 30_000, "assumption",
    ),
    Parameter(
        "helper_bought", "weight of assets that are bought and let among what first secretaries bring money for", "weight",
        0.35, 0.175, 0.7, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "helper_built", "weight of assets that are built and let among what first secretaries bring money for", "weight",
        0.1, 0.05, 0.2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "helper_lent", "weight of loans to firms among what first secretaries bring money for", "weight",
        0.35, 0.175, 0.7, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "helper_joint", "weight of parts in others' businesses among what first secretaries bring money for", "weight",
        0.1, 0.05, 0.2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "helper_own", "weight of own businesses among what first secretaries bring money for", "weight",
        0.1, 0.05, 0.2, "assumption", domain=WEIGHT,
    ),
    Parameter(
        "union_villages_least", "fewest villages in one project of a union", "villages",
        3, 2, 5, "assumption",
    ),
    Parameter(
        "union_villages_most", "most villages in one project of a union", "villages",
        15, 10, 20, "assumption",
    ),
    Parameter(
        "members_money", "money of members in a project of branch and cooperative", "yuan per yuan of the grant",
        0.2, 0.0, 1.0, "assumption",
    ),
    Parameter(
        "members_part_kept", "return on the members' money that the collective keeps", "share",
        0.20, 0.10, 0.30, "assumption; evidence 2.1 (B + D): 10% in one case",
    ),
    Parameter(
        "households_money", "money of company and households in a project with both", "yuan per yuan of the grant",
        1.3, 0.0, 3.0, "assumption",
    ),
    Parameter(
        "households_part_kept", "return on the money of company and households that the collective keeps", "share",
        0.2, 0.0, 0.4, "assumption",
    ),
    Parameter(
        "side_selling",
        "return that a project loses in a year in which crops cost twice their mean, as households sell elsewhere",
        "of capital", 0.1, 0.0, 0.3, "assumption",
    ),
    Parameter(
        "project_skill", "return per point of the secretary's skill above reference_skill", "of capital per year",
        0.03, 0.0, 0.06, "assumption; sign: evidence 8.15 (A)",
    ),
    Parameter(
        "alliance_premium", "return that a project has more in an alliance or a belt", "of capital per year",
        0.01, 0.0, 0.02, "assumption", domain=SHARE,
    ),
    Parameter(
        "alliance_skill", "part of a leader's lead in skill by which the skill rises that a member's secretary tends to",
        "share", 0.2, 0.0, 0.5, "assumption",
    ),
    Parameter(
        "brand_premium", "return that a project has more under the umbrella brand", "of capital per year",
        0.01, 0.0, 0.02, "assumption", domain=SHARE,
    ),
    Parameter(
        "brand_spill_over", "part of brand_premium that projects without the brand get where all their neighbours have it",
        "share", 0.3, 0.0, 0.6, "assumption",
    ),
    Parameter(
        "zone_skill", "what visits in a demonstration zone add to the skill that secretaries tend to", "points",
        0.02, 0.0, 0.05, "assumption",
    ),
    Parameter(
        "pooled_premium", "return of a project in a merged village with one account, more", "of capital per year",
        0.005, 0.0, 0.015, "assumption; the literature finds about zero: evidence 3.3 (A)", domain=SHARE,
    ),
    Parameter(
        "project_death_skill", "fall of the log death rate per point of the secretary's skill above reference_skill",
        "log points",
        1.5, 0.0, 3.0, "assumption; sign: evidence 8.15 (A)",
    ),
    Parameter(
        "lead_firms", "firms of a county that villages lend to, one in the place of another that failed", "firms",
        5, 2, 10, "assumption",
    ),
    Parameter(
        "lead_firm_failure", "firms that fail, all that was lent to them with them", "per year",
        0.03, 0.01, 0.06, "assumption",
    ),
    Parameter(
        "project_drift", "elasticity to collective income of the chance of a grant that is not targeted", "1",
        0.5, 0.0, 1.0, "assumption; sign: evidence 6.2 and 8.14 (A)", domain=ELASTICITY,
    ),
)  # fmt: skip
