"""Welfare for the old and the young (一老一小), and help in hardship (equation E5)."""

from villagesim.domains import HALF
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "share_old", "residents of 60 years and above", "share",
        0.24, 0.18, 0.32, "assumption; all China 18.7% (census of 2020, A), villages are older", domain=HALF,
    ),
    Parameter(
        "share_young", "residents below 15 years", "share",
        0.18, 0.12, 0.22, "assumption; all China 17.95% (census of 2020, A)", domain=HALF,
    ),
    Parameter(
        "welfare_trust", "trust won in a year where all old and young are covered", "logit points per year",
        0.10, 0.05, 0.20, "assumption",
    ),
    Parameter(
        "hardship_trust", "trust won in a year if all residents lived in households that are helped",
        "logit points per year", 0.5, 0.0, 1.0, "assumption",
    ),
    Parameter(
        "household_size", "residents of a household in hardship", "persons",
        2.6, 1.5, 3.5, "assumption",
    ),
)  # fmt: skip
