"""Projects in the four organisational forms, their lead firms, and what comes on top of their returns (equation E4)."""

from villagesim.domains import ELASTICITY, FACTOR, SHARE, SOME_YEARS
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "union_return", "mean return of a project of a township's union of cooperatives (联社)", "of capital per year",
        0.050, 0.03, 0.08, "evidence 6.2 and 9 (B/D); by form: assumption",
    ),
    Parameter(
        "union_sd", "spread of the return of such projects", "of capital per year",
        0.04, 0.02, 0.08, "assumption", domain=SHARE,
    ),
    Parameter(
        "union_gestation", "time until such a project earns", "months",
        15, 6, 24, "assumption",
    ),
    Parameter(
        "union_death_rate", "such projects that die, under a secretary of mean skill", "per year",
        0.025, 0.01, 0.06, "assumption; range: evidence 9 (D), 10 to 30% dead after five years",
    ),
    Parameter(
        "chain_return", "fixed rate that a lead firm pays on a project in its chain", "of capital per year",
        0.055, 0.03, 0.08, "evidence 6.2 (B): 5 to 6% promised; by form: assumption",
    ),
    Parameter(
        "chain_sd", "spread of the return of such projects", "of capital per year",
        0.01, 0.0, 0.03, "assumption", domain=SHARE,
    ),
    Parameter(
        "chain_gestation", "time until such a project earns", "months",
        6, 3, 12, "assumption",
    ),
    Parameter(
        "chain_death_rate", "such projects that die while their lead firm stands", "per year",
        0.01, 0.0, 0.03, "assumption",
    ),
    Parameter(
        "cooperative_return", "mean return of a project of branch and cooperative", "of capital per year",
        0.060, 0.03, 0.08, "evidence 6.2 and 9 (B/D); by form: assumption",
    ),
    Parameter(
        "cooperative_sd", "spread of the return of such projects", "of capital per year",
        0.12, 0.06, 0.20, "assumption", domain=SHARE,
    ),
    Parameter(
        "cooperative_gestation", "time until such a project earns", "months",
        12, 6, 24, "assumption",
    ),
    Parameter(
        "cooperative_death_rate", "such projects that die, under a secretary of mean skill", "per year",
        0.040, 0.02, 0.07, "assumption; range: evidence 9 (D), 10 to 30% dead after five years",
    ),
    Parameter(
        "company_return", "mean return of a project of branch, company and households", "of capital per year",
        0.050, 0.03, 0.08, "evidence 6.2 and 9 (B/D); by form: assumption",
    ),
    Parameter(
        "company_sd", "spread of the return of such projects", "of capital per year",
        0.08, 0.04, 0.16, "assumption", domain=SHARE,
    ),
    Parameter(
        "company_gestation", "time until such a project earns", "months",
        12, 6, 24, "assumption",
    ),
    Parameter(
        "company_death_rate", "such projects that die, under a secretary of mean skill", "per year",
        0.035, 0.02, 0.07, "assumption; range: evidence 9 (D), 10 to 30% dead after five years",
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
        "side_selling", "return lost as households sell elsewhere, a year, where crops cost twice their mean",
        "of capital", 0.1, 0.0, 0.3, "assumption",
    ),
    Parameter(
        "project_skill", "return per point of the secretary's skill above reference_skill", "of capital per year",
        0.03, 0.0, 0.06, "assumption; sign: evidence 8.15 (A)",
    ),
    Parameter(
        "alliance_premium", "return of a project in an alliance or a belt, more", "of capital per year",
        0.01, 0.0, 0.02, "assumption", domain=SHARE,
    ),
    Parameter(
        "alliance_skill", "part of the distance to a more skilled leader, added to where a member's skill tends", "share",
        0.2, 0.0, 0.5, "assumption",
    ),
    Parameter(
        "brand_premium", "return of a project under the umbrella brand, more", "of capital per year",
        0.01, 0.0, 0.02, "assumption", domain=SHARE,
    ),
    Parameter(
        "brand_spill_over", "of the premium of the brand, for projects of others where all their neighbours have it", "share",
        0.3, 0.0, 0.6, "assumption",
    ),
    Parameter(
        "zone_skill", "what visits in a demonstration zone add to where skill tends", "points",
        0.02, 0.0, 0.05, "assumption",
    ),
    Parameter(
        "pooled_premium", "return of a project in a merged village with one account, more", "of capital per year",
        0.005, 0.0, 0.015, "assumption; the literature finds about zero: evidence 3.3 (A)", domain=SHARE,
    ),
    Parameter(
        "project_year_noise", "spread of a project's return from year to year, relative to that between projects", "1",
        0.5, 0.25, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "project_death_skill", "fall of the log death rate per point of the secretary's skill above reference_skill",
        "log points",
        1.5, 0.0, 3.0, "assumption; sign: evidence 8.15 (A)",
    ),
    Parameter(
        "loss_years_factor", "death rate of a project after years of loss in a row, relative", "1",
        2, 1, 4, "assumption", domain=FACTOR,
    ),
    Parameter(
        "years_of_loss", "years of loss in a row after which it rises", "years",
        2, 1, 3, "assumption",
    ),
    Parameter(
        "project_ramp", "time in which a project that earns comes to 63% of its full return", "years",
        1, 0.5, 2, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "dead_project_loss", "capital lost with a project that dies by itself", "share",
        1.0, 0.5, 1.0, "assumption; what is not lost lies idle",
    ),
    Parameter(
        "lead_firms", "lead firms of a county that villages join, one in the place of another that failed", "firms",
        5, 2, 10, "assumption",
    ),
    Parameter(
        "lead_firm_failure", "lead firms that fail, all their projects with them", "per year",
        0.03, 0.01, 0.06, "assumption",
    ),
    Parameter(
        "lead_firm_loss", "capital lost with a project whose lead firm fails", "share",
        0.6, 0.3, 0.9, "assumption; what is not lost lies idle",
    ),
    Parameter(
        "project_drift", "elasticity to collective income of the chance of a grant that is not targeted", "1",
        0.5, 0.0, 1.0, "assumption; sign: evidence 6.2 and 8.14 (A)", domain=ELASTICITY,
    ),
)  # fmt: skip
