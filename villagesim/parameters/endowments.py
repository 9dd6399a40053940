"""How people, income, land and debt are spread over the villages at the start."""

from villagesim.domains import CONCENTRATION, ELASTICITY, GAIN, NOT_ALL, RATIO, SOME, SOME_MONEY, SPREAD, WITHIN
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "income_sd", "spread of log collective income between villages of one county", "log points",
        0.8, 0.6, 1.0, "evidence 9 (D): one rich county", domain=SPREAD,
    ),
    Parameter(
        "income_township_correlation", "correlation of log income between villages of one township", "1",
        0.2, 0.0, 0.5, "assumption", domain=WITHIN,
    ),
    Parameter(
        "vanished_income_gap", "log income of villages that vanish in the merger, less that of the kept",
        "log points",
        -0.25, -0.5, 0.0, "assumption",
    ),
    Parameter(
        "income_population_elasticity", "elasticity of collective income to population", "1",
        0.5, 0.0, 1.0, "assumption", domain=ELASTICITY,
    ),
    Parameter(
        "booked_start", "villages that are at or above the published level by a booked amount, the nearest above it",
        "share of those at or above it",
        0.0, 0.0, 0.3, "assumption",
    ),
    Parameter(
        "booked_start_most", "what a village that is at the published level by a booked amount has booked, at most",
        "share of what it earned", 0.5, 0.2, 0.8, "assumption", domain=GAIN,
    ),
    Parameter(
        "residents_sd", "spread of log population between villages", "log points",
        0.5, 0.3, 0.8, "assumption", domain=SPREAD,
    ),
    Parameter(
        "members_per_resident", "members of the cooperative per resident (many members live elsewhere)", "1",
        1.6, 1.2, 2.4, "assumption", domain=RATIO,
    ),
    Parameter(
        "arable_sd", "spread of log arable land per resident", "log points",
        0.3, 0.1, 0.6, "assumption", domain=SPREAD,
    ),
    Parameter(
        "debt_mean", "mean debt of a village", "yuan",
        1_300_000, 1_100_000, 2_400_000,
        "evidence 1.3 (B): 2019 sample survey quoted in the press; range: assumption, 2.4 M in I5.14 for those in debt (B)",
        domain=SOME_MONEY,
    ),
    Parameter(
        "debt_sd", "spread of log debt among villages that have some", "log points",
        1.4, 1.2, 1.6, "evidence 1.3 (D): assumption", domain=SPREAD,
    ),
    Parameter(
        "share_without_debt", "villages without debt", "share",
        0.20, 0.15, 0.25, "evidence 1.3 (D): assumption", domain=NOT_ALL,
    ),
    Parameter(
        "source_concentration", "concentration of the Dirichlet draw of income shares by source", "1",
        20.0, 5.0, 80.0, "assumption", domain=CONCENTRATION,
    ),
    Parameter(
        "share_operating", "income from own business and investments in collective income", "share",
        0.35, 0.27, 0.43, "evidence 1.1 (C): .31 and .04", domain=SOME,
    ),
    Parameter(
        "share_rent", "contracting and rents in collective income", "share",
        0.15, 0.10, 0.20, "evidence 1.1 (C): assumption", domain=SOME,
    ),
    Parameter(
        "share_subsidy", "subsidies in collective income", "share",
        0.27, 0.20, 0.32, "evidence 1.1 (C): assumption", domain=SOME,
    ),
    Parameter(
        "share_other", "other income, one-offs among it, in collective income", "share",
        0.23, 0.15, 0.30, "evidence 1.1 (C): assumption", domain=SOME,
    ),
)  # fmt: skip
