"""Income, assets, spending and debt of an account (equations E11, E13, E14), and what integration does to them (E9, E12)."""

from villagesim.domains import FACTOR, GAIN, GROWTH, HALF, INTEREST, PERSISTENCE, SOME_MONEY, SOME_RATE, SPREAD
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "income_growth", "real growth of recurrent income without policy", "per year",
        0.03, 0.0, 0.06,
        "assumption; a value of the place: 4 to 6% nominal in Shaanxi and Changzhou (I1.07, I1.08, I1.10, I1.11), some 6.4%"
        " with all programmes in the nation (I1.43), 12% nominal in Ningbo (Q29)", domain=GROWTH,
    ),
    Parameter(
        "prices", "rise of prices: lines, targets and published figures are in yuan of their year, all other money in those of"
        " the start", "per year",
        0.02, 0.0, 0.03, "assumption; a value of the place", domain=GROWTH,
    ),
    Parameter(
        "income_persistence", "what remains of one year's deviation of income in the next", "1",
        0.5, 0.2, 0.8, "assumption", domain=PERSISTENCE,
    ),
    Parameter(
        "income_county_sd", "innovation of log income common to the county", "log points per year",
        0.03, 0.01, 0.06, "assumption",
    ),
    Parameter(
        "income_own_sd", "innovation of log income of each village", "log points per year",
        0.10, 0.05, 0.20, "assumption",
    ),
    Parameter(
        "one_off_rate", "one-off incomes (land, compensation, arrears) of a village", "per year",
        0.1, 0.05, 0.2, "assumption",
    ),
    Parameter(
        "one_off_size", "a one-off income, in a year's income, mean", "share",
        0.2, 0.1, 0.4, "assumption", domain=GAIN,
    ),
    Parameter(
        "one_off_sd", "spread of log one-off income", "log points",
        1.2, 0.5, 1.8, "assumption; sign: I2.37 (B)", domain=SPREAD,
    ),
    Parameter(
        "asset_return", "what assets of own business earn, mean over villages", "of capital per year",
        0.12, 0.08, 0.24, "evidence 1.2 (D), Q30", domain=SOME_RATE,
    ),
    Parameter(
        "asset_return_sd", "spread of log asset_return between villages", "log points",
        0.35, 0.2, 0.6, "assumption", domain=SPREAD,
    ),
    Parameter(
        "asset_wear", "assets of own business that wear out", "per year",
        0.03, 0.015, 0.06, "assumption", domain=INTEREST,
    ),
    Parameter(
        "reinvested_share", "part of a surplus that is set aside for assets, under a secretary of reference_skill", "share",
        0.15, 0.03, 0.40, "assumption; Q47: .40 of profit", domain=HALF,
    ),
    Parameter(
        "reinvested_skill", "what a point of skill adds to reinvested_share, relative", "ratio",
        2.0, 0.0, 4.0, "assumption", domain=GAIN,
    ),
    Parameter(
        "principal_reused", "capital back from projects that is set aside for assets; the rest goes into works", "share",
        0.5, 0.0, 1.0, "assumption",
    ),
    Parameter(
        "own_spending", "most of recurrent income that office and services take; the budget pays the rest", "share",
        0.6, 0.4, 0.8, "assumption",
    ),
    Parameter(
        "office_cost", "office of a committee", "yuan per year",
        50_000, 20_000, 100_000, "S3.pay; evidence 6.1 (A/B)",
    ),
    Parameter(
        "service_cost", "services to residents", "yuan per resident per year",
        60, 30, 120, "assumption",
    ),
    Parameter(
        "interest_rate", "interest on the debt of an account", "per year",
        0.05, 0.04, 0.06, "assumption", domain=INTEREST,
    ),
    Parameter(
        "repaid_share", "part of a surplus that repays debt", "share",
        0.02, 0.0, 0.10, "assumption", domain=HALF,
    ),
    Parameter(
        "saved_share", "part of a surplus that stays as cash", "share",
        0.05, 0.02, 0.10, "assumption", domain=HALF,
    ),
    Parameter(
        "opening_cash", "cash at the start, in spending", "years",
        0.5, 0.25, 1.0, "assumption",
    ),
    Parameter(
        "separate_office_factor", "office cost of a merged village that keeps several accounts, relative", "1",
        1.05, 1.0, 1.05, "assumption; sign: evidence 3.3 (A), separate offices", domain=FACTOR,
    ),
    Parameter(
        "operation_office_saving", "saved on the office by full integration of operation", "share",
        0.05, 0.0, 0.10, "assumption; range: evidence 9 (A)",
    ),
    Parameter(
        "share_dividend_trust", "trust gained by a year's full dividend to members under a share reform", "logit points",
        0.30, 0.0, 0.60, "assumption; as a year's dividend of a land trust",
    ),
    Parameter(
        "full_dividend", "full dividend to a member: half of it gains half of share_dividend_trust", "yuan per member per year",
        476, 200, 1_000, "I4.09: 350, I4.10: 650 (B); their geometric mean is 477", domain=SOME_MONEY,
    ),
    Parameter(
        "share_reform_consent", "readiness to consent to a milestone where a share reform says who owns what", "log odds",
        0.2, 0.0, 0.5, "assumption",
    ),
    Parameter(
        "community_office_cost", "office of an urban community", "yuan per year",
        100_000, 60_000, 150_000, "S3.pay: 60,000 rural, 100,000 urban",
    ),
    Parameter(
        "community_service_cost", "services of an urban community, on top of a village's", "yuan per resident per year",
        33, 0, 60, "assumption; S3.grid, S3.pay: one worker per 1,000 residents, 33,000 yuan a year",
    ),
    Parameter(
        "community_rent_gain", "rents of an urban community, more than a village's", "share",
        0.3, 0.0, 1.0, "assumption", domain=GAIN,
    ),
)  # fmt: skip
