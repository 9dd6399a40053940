"""Secretaries: age, skill, turnover (equation E7)."""

from villagesim.domains import AGE, FACTOR, INSIDE, INTEREST, SOME_RATE, SOME_SPREAD_INSIDE, SOME_YEARS
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "skill_mean", "skill of a new secretary, mean", "index 0 to 1",
        0.50, 0.40, 0.60, "assumption", domain=INSIDE,
    ),
    Parameter(
        "skill_sd", "skill of a new secretary, spread", "index 0 to 1",
        0.15, 0.10, 0.20, "assumption", domain=SOME_SPREAD_INSIDE,
    ),
    Parameter(
        "skill_gain", "what experience adds in the end", "index 0 to 1",
        0.10, 0.05, 0.20, "assumption",
    ),
    Parameter(
        "skill_pull", "speed of learning", "per year",
        0.30, 0.15, 0.60, "assumption",
    ),
    Parameter(
        "turnover", "secretaries replaced in the long run, elections included (for tenures at the start)", "per year",
        0.09, 0.07, 0.12, "evidence 4 (D): assumption", domain=SOME_RATE,
    ),
    Parameter(
        "exit_rate", "secretaries who leave between elections", "per year",
        0.04, 0.02, 0.07, "evidence 4 (D): assumption",
    ),
    Parameter(
        "retirement_age", "an election replaces holders of this age and above", "years",
        60, 58, 65, "evidence 4 (B)", domain=AGE,
    ),
    Parameter(
        "p_replaced", "chance that an election replaces a younger holder", "share",
        0.15, 0.05, 0.30, "evidence 4 (D): assumption",
    ),
    Parameter(
        "age_mean", "age of secretaries at the start, mean", "years",
        45.4, 43, 50, "evidence 4 (A): after the election of 2020-21", domain=AGE,
    ),
    Parameter(
        "age_sd", "age of secretaries at the start, spread", "years",
        8, 6, 10, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "age_least", "age of the youngest secretaries at the start", "years",
        28, 24, 32, "assumption", domain=AGE,
    ),
    Parameter(
        "new_age_mean", "age of a new secretary, mean", "years",
        39, 35, 45, "evidence 4 (D): assumption", domain=AGE,
    ),
    Parameter(
        "new_age_sd", "age of a new secretary, spread", "years",
        7, 5, 10, "assumption", domain=SOME_YEARS,
    ),
    Parameter(
        "new_age_least", "age of the youngest new secretaries", "years",
        25, 22, 30, "assumption", domain=AGE,
    ),
    Parameter(
        "years_to_serve", "time to the retirement age that a new secretary has at least", "years",
        5, 2, 8, "assumption",
    ),
    Parameter(
        "handover_days", "time a new secretary needs to take over", "days",
        180, 90, 365, "assumption",
    ),
    Parameter(
        "handover_pace", "pace of attempts while a new secretary takes over", "1",
        0.5, 0.25, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "professional_skill", "added to the skill that professional secretaries tend to", "index 0 to 1",
        0.08, 0.0, 0.20, "assumption",
    ),
    Parameter(
        "professional_exit", "turnover of professional secretaries between elections, relative", "1",
        0.75, 0.5, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "professional_supervision", "integrity lost by one person at both posts that management one level up prevents",
        "share", 0.5, 0.0, 1.0, "assumption",
    ),
    Parameter(
        "course_skill", "skill that a course adds; it fades as skill returns to its curve", "index 0 to 1",
        0.04, 0.0, 0.08, "assumption",
    ),
    Parameter(
        "visit_worth", "what a visit to a model village gives", "courses",
        0.25, 0.0, 1.0, "assumption",
    ),
    Parameter(
        "first_secretary_skill", "added to the skill that a secretary tends to while a first secretary is there",
        "index 0 to 1", 0.15, 0.0, 0.30, "assumption; sign: evidence 4 (A)",
    ),
    Parameter(
        "guaranteed_pay_talent", "talent that new secretaries bring beyond the ordinary where pay is guaranteed",
        "index 0 to 1", 0.04, 0.0, 0.10, "assumption",
    ),
    Parameter(
        "reserve_talent", "talent that new secretaries bring beyond the ordinary where reserve cadres were prepared",
        "index 0 to 1", 0.03, 0.0, 0.08, "assumption",
    ),
    Parameter(
        "reserve_handover", "pace and milestones lost at a handover where reserve cadres were prepared, relative", "1",
        0.5, 0.0, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "clerk_handover", "pace and milestones lost at a handover where a clerk keeps the files, relative", "1",
        0.5, 0.0, 1.0, "assumption", domain=FACTOR,
    ),
    Parameter(
        "clerk_pace", "pace of attempts in operation and deliberation where there is a clerk", "1",
        1.2, 1.0, 1.5, "assumption", domain=FACTOR,
    ),
    Parameter(
        "office_fund_pace", "pace of attempts in operation and deliberation where the office fund is guaranteed", "1",
        1.1, 1.0, 1.25, "assumption", domain=FACTOR,
    ),
    Parameter(
        "both_posts_pace", "pace of attempts where one person heads branch and committee", "1",
        1.10, 1.0, 1.25, "assumption; sign: evidence 4 (A)", domain=FACTOR,
    ),
    Parameter(
        "both_posts_integrity", "integrity that one person at both posts loses, unless supervised", "per year",
        0.02, 0.0, 0.04, "assumption", domain=INTEREST,
    ),
)  # fmt: skip
