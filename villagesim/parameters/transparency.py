"""Transparency: what published lists of powers and open meetings do (equations E1, E7, E8)."""

from villagesim.domains import INTEREST
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "transparency_supervision", "integrity lost by one person at both posts that open matters prevent", "share",
        0.5, 0.0, 1.0, "assumption; sign: evidence 5 (A), supervision of village power",
    ),
    Parameter(
        "transparency_integrity", "integrity of a secretary gained where matters are open", "per year",
        0.02, 0.0, 0.04, "assumption", domain=INTEREST,
    ),
    Parameter(
        "transparency_letting", "faulty lettings that open tenders prevent", "share",
        0.3, 0.0, 0.6, "assumption",
    ),
    Parameter(
        "transparency_consent", "added in all votes where matters are open", "logit points",
        0.2, 0.0, 0.4, "assumption; sign: evidence 8.9 (B), accounts that are seen to be fair",
    ),
)  # fmt: skip
