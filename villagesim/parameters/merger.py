"""The merger itself: posts, offices, what it saves the county, and what it does to trust."""

from villagesim.domains import SOME_RATE
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "surplus_posts", "paid posts of a removed committee that are to go", "posts",
        3, 2, 4, "assumption",
    ),
    Parameter(
        "surplus_exit_rate", "surplus cadres who leave", "per year",
        0.20, 0.10, 2.0,
        "evidence 3.2 (B/D): a city plans to absorb 60% by the end of its plan; in Jiangsu in 2001 all went at once (M07)",
        domain=SOME_RATE,
    ),
    Parameter(
        "cadre_pay", "pay of a village cadre", "yuan per year",
        33_000, 25_000, 45_000, "S3.pay",
    ),
    Parameter(
        "office_saving", "saved on the office of a removed committee (a service point stays)", "yuan per year",
        25_000, 10_000, 50_000, "assumption",
    ),
    Parameter(
        "merger_trust_shock", "jump of trust at the decree in every merged part", "logit points",
        0.0, -0.10, 0.0, "M17, M18 (A): turnout falls in small parts only",
    ),
    Parameter(
        "merger_trust_shock_small", "further jump in a part that is not the host, times one less its share of members",
        "logit points", -0.40, -0.80, -0.20, "assumption; sign: evidence 3.3, M17, M18 (A), small parts",
    ),
    Parameter(
        "unrepresented_trust_shock", "jump of trust in a part with no own member after the first election",
        "logit points", -0.20, -0.40, -0.10, "assumption; sign: evidence 3.3 (A), first election",
    ),
    Parameter(
        "committee_seats", "seats of a committee, each held by a part with the chance of its share of members", "seats",
        5, 3, 7, "evidence 4 (A): 4.9 cadres a village in 2006",
    ),
)  # fmt: skip
