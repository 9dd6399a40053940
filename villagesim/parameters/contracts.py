"""Contracts and debts, and their clean-up (清化收, equation E8)."""

from villagesim.domains import GAIN, SOME
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "faulty_contracts", "faulty contracts of a constituent at the start, mean", "contracts",
        4, 2, 8, "assumption",
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
        "relet_gain", "rent of a faulty contract after it is let anew, relative to before", "share",
        0.25, 0.05, 0.50, "assumption", domain=GAIN,
    ),
    Parameter(
        "easy_contracts", "faulty contracts that are easy to correct", "share",
        0.80, 0.70, 0.90, "S2.contracts: two thirds within half a year",
    ),
    Parameter(
        "easy_contract_rate", "easy ones that can be corrected, with teams enough", "per year",
        3.5, 2.0, 6.5, "S2.contracts: the window is 3 to 6 months",
    ),
    Parameter(
        "hard_contract_rate", "hard ones (courts)", "per year",
        0.15, 0.05, 0.30, "assumption",
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
        "audit_days", "time of a team for one contract or debt", "team-days",
        6, 3, 10, "assumption",
    ),
    Parameter(
        "cash_recovered", "cash that a corrected contract brings in at once", "yuan",
        338, 338, 1_000, "S2.debt: 17,600 yuan from 52 contracts; up to 1,000 by evidence 1.4 (B)",
    ),
    Parameter(
        "reletting_gain", "rents of accounts that were pooled, on contracts let after it", "share",
        0.05, 0.0, 0.10, "assumption; the literature finds about zero: evidence 3.3 (A)", domain=GAIN,
    ),
)  # fmt: skip
