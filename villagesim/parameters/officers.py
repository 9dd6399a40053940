"""Officers of township and county: what a full post gives in a year."""

from villagesim.domains import SOME_DAYS_A_YEAR
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "working_days", "days of work that one full post gives", "officer-days per year",
        220, 200, 240, "assumption; 250 working days less leave and meetings", domain=SOME_DAYS_A_YEAR,
    ),
)  # fmt: skip
