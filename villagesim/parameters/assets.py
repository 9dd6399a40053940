"""What lies idle or unbilled: contracts, land, buildings, debts, and their clean-up (清化收, equations E8, E16, E16b)."""

from villagesim.domains import COUNT, ELASTICITY, FACTOR, GAIN, RATIO, SOME, SOME_MONEY, SPREAD
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "faulty_contracts", "faulty contracts of a constituent at the start, mean", "contracts",
        4, 2, 8, "I3.35 (A): 4.8 a village of a prefecture",
    ),
    Parameter(
        "faulty_share", "faulty contracts among all", "share",
        0.17, 0.10, 0.22, "S2.contracts; evidence 1.4 (S, B)", domain=SOME,
    ),
    Parameter(
        "contract_expiry_rate", "contracts that expire and are let again, as often faulty as before", "per year",
        0.1, 0.05, 0.2, "assumption",
    ),
    Parameter(
        "contract_yield", "what a contract brings more once it is corrected, mean", "yuan per contract and year",
        5_000, 2_000, 10_000, "I3.12: 4,354; I3.37: 7,440; Q22: 9,990 (A, B)",
    ),
    Parameter(
        "contract_yield_sd", "spread of the log of what a contract brings more once it is corrected", "log points",
        0.8, 0.5, 1.1, "assumption", domain=SPREAD,
    ),
    Parameter(
        "contract_yield_income", "elasticity of contract_yield to the constituent's income over the mean; up to 2.5 times",
        "1", 0.5, 0.0, 1.0, "assumption", domain=ELASTICITY,
    ),
    Parameter(
        "contract_days", "time of a team for a contract", "team-days",
        2, 1, 4, "assumption",
    ),
    Parameter(
        "arrears", "rent in arrears that a corrected contract brings in at once", "yuan per contract",
        3_000, 500, 7_000, "I3.09: 6,825, high; evidence 1.4 (B)",
    ),
    Parameter(
        "arrears_netted", "part of the rent in arrears that cancels debt of the collective instead", "share",
        0.4, 0.2, 0.6, "assumption; sign: Q22 (B)",
    ),
    Parameter(
        "unbilled_land", "collective land of a constituent for which nobody pays, mean", "mu",
        40, 15, 75, "Q20: 73; I3.32: 91 a village; checked by I3.15: 62 (B)",
    ),
    Parameter(
        "unbilled_land_sd", "spread of log unbilled land between constituents", "log points",
        0.8, 0.5, 1.1, "assumption", domain=SPREAD,
    ),
    Parameter(
        "parcel_size", "largest parcel that is taken up at once", "mu",
        20, 10, 40, "assumption", domain=SOME_MONEY,
    ),
    Parameter(
        "unbilled_rent", "rent of unbilled land once it is billed, where .55 of the land can be enrolled", "yuan per mu and year",
        430, 250, 700, "Q21: 476; I3.18: 375; I3.20: 772 (B)",
    ),
    Parameter(
        "parcel_days", "time of a team for a parcel", "team-days",
        3, 1.5, 6, "assumption",
    ),
    Parameter(
        "idle_buildings", "idle buildings and works of a constituent, mean", "buildings",
        0.8, 0.3, 2.0, "assumption", domain=COUNT,
    ),
    Parameter(
        "building_yield", "rent of an idle building or works once let, mean", "yuan per building and year",
        25_000, 12_000, 40_000, "Q34: 38,000; I3.26: 20,000; I3.29: 240,000 (B)",
    ),
    Parameter(
        "building_yield_sd", "spread of the log of rents of idle buildings and works", "log points",
        1.0, 0.6, 1.4, "assumption", domain=SPREAD,
    ),
    Parameter(
        "building_days", "time of a team for a building", "team-days",
        8, 4, 15, "assumption",
    ),
    Parameter(
        "office_yield", "what the office of a vanished constituent brings when it is let, mean", "yuan per office and year",
        8_000, 3_000, 12_000, "I3.04, I3.25 (B)",
    ),
    Parameter(
        "office_yield_sd", "spread of the log of rents of offices of vanished constituents", "log points",
        0.5, 0.3, 0.8, "assumption", domain=SPREAD,
    ),
    Parameter(
        "office_days", "time of a team for an office", "team-days",
        4, 2, 8, "assumption",
    ),
    Parameter(
        "hard_items", "items that are hard (courts)", "share",
        0.25, 0.15, 0.5, "assumption; sign: I3.24 (B)",
    ),
    Parameter(
        "hard_days", "time for a hard item, relative to another", "ratio",
        3, 2, 5, "assumption", domain=RATIO,
    ),
    Parameter(
        "hard_later", "time until a hard item can be settled, relative to another", "ratio",
        6, 3, 12, "assumption", domain=RATIO,
    ),
    Parameter(
        "ripening_rate", "items that can be settled, once their township is surveyed", "per year",
        1.5, 0.5, 3.5, "assumption; the top: S2.contracts, two thirds within half a year",
    ),
    Parameter(
        "survey_days", "time of a team to survey a contract, parcel or building", "team-days",
        0.1, 0.07, 0.2, "Q23 (B)",
    ),
    Parameter(
        "relapse_rate", "settled items that are lost again", "per year",
        0.04, 0.0, 0.1, "assumption",
    ),
    Parameter(
        "own_letting_rate", "idle buildings and offices that are let without any campaign", "per year",
        0.03, 0.0, 0.1, "assumption",
    ),
    Parameter(
        "opportunity_base", "pace of a collective whose secretary has no skill", "ratio",
        0.42, 0.2, 0.6, "assumption; the mean skill .58 gives a pace of 1", domain=FACTOR,
    ),
    Parameter(
        "share_reform_letting", "what a share reform multiplies own_letting_rate by",
        "ratio", 1.5, 1.0, 2.5, "assumption; sign: Q45 (B)", domain=FACTOR,
    ),
    Parameter(
        "listed_first", "weight of villages on a list of weak ones in the order of work", "ratio",
        3, 1, 5, "assumption", domain=FACTOR,
    ),
    Parameter(
        "easy_debt", "part of a debt that can be written off or netted", "share",
        0.20, 0.10, 0.30, "S2.debt: 16.6% within half a year",
    ),
    Parameter(
        "easy_debt_rate", "easy parts of debts that can be resolved, with teams enough", "per year",
        3.0, 2.0, 6.0, "S2.debt",
    ),
    Parameter(
        "hard_debt_rate", "hard parts of debts", "per year",
        0.04, 0.01, 0.10, "assumption",
    ),
    Parameter(
        "audit_days", "time of a team for one part of a debt", "team-days",
        6, 3, 10, "assumption",
    ),
    Parameter(
        "reletting_gain", "rents of accounts that were pooled, on contracts let after it", "share",
        0.05, 0.0, 0.10, "assumption; the literature finds about zero: evidence 3.3 (A)", domain=GAIN,
    ),
    Parameter(
        "not_handed_over", "rents of joined parts that a merger loses from the books (theta)", "share",
        0.10, 0.0, 0.25, "assumption; I3.23 (B), one case",
    ),
    Parameter(
        "ledger_days", "time of a team to hand over what brings `ledger_unit` a year", "team-days",
        3, 1.5, 6, "assumption",
    ),
    Parameter(
        "ledger_unit", "of lost rent", "yuan per year",
        8_600, 4_300, 17_200, "arithmetic (D) on unbilled_rent: 430 yuan a mu on twenty mu, an assumption", domain=SOME_MONEY,
    ),
)  # fmt: skip
