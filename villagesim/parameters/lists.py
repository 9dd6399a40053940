"""Lists of weak villages (equation E17): what villages book to reach a line, who is found out, what stays."""

from villagesim.domains import FACTOR, GAIN, RATIO
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "book_base", "chance that a village under a list books what is missing, without pressure", "logit",
        -1.5, -2.5, -0.5, "assumption; that it happens: evidence 2, A 19 (B)",
    ),
    Parameter(
        "book_pressure", "what pressure adds to book_base", "logit per unit",
        3.0, 1.5, 5.0, "assumption; sign: evidence 2, B 6 (A)",
    ),
    Parameter(
        "book_inspection", "what inspection adds to book_base", "logit per unit",
        -0.5, -2.1, -0.1, "assumption; size by the range: P04 (A)",
    ),
    Parameter(
        "book_integrity", "what integrity, from neutral_integrity, adds to book_base", "logit per unit",
        -2.0, -4.0, -1.0, "assumption",
    ),
    Parameter(
        "book_gap", "what the missing part of the line adds to book_base", "logit per unit",
        -2.0, -4.0, 0.0, "assumption",
    ),
    Parameter(
        "book_again", "chance that who booked last year books again, without inspection", "share",
        0.9, 0.7, 1.0, "assumption",
    ),
    Parameter(
        "book_habit", "chance that who booked books the same again when the list has ended", "share",
        0.4, 0.1, 0.8, "assumption",
    ),
    Parameter(
        "book_excess", "what is booked at most beyond what is missing", "share of it",
        0.15, 0.0, 0.3, "assumption", domain=GAIN,
    ),
    Parameter(
        "book_cap", "most that is booked", "times real income",
        1.0, 0.3, 2.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "book_least", "real income that book_cap is reckoned from, at least", "yuan per village and year",
        20_000.0, 10_000.0, 40_000.0, "assumption",
    ),
    Parameter(
        "book_found", "booked sums that full inspection strikes out", "share",
        0.3, 0.1, 0.6, "assumption",
    ),
    Parameter(
        "list_overshoot", "villages put under pressure, as a multiple of those that are missing", "ratio",
        1.3, 1.0, 2.0, "assumption", domain=RATIO,
    ),
)  # fmt: skip
