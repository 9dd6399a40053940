"""Requests of residents: how many are brought, who handles them, how long that takes."""

from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "request_rate", "requests that are brought where all residents are reached", "per 1,000 residents per year",
        4, 2, 8, "assumption; S1.relay gives a number of settled difficulties, but not the years",
    ),
    Parameter(
        "request_days", "time of a service post for one request, mean", "officer-days",
        1, 0.5, 3, "assumption",
    ),
    Parameter(
        "request_patience_days", "time after which a resident gives an unheard request up, mean", "days",
        60, 30, 120, "assumption",
    ),
    Parameter(
        "service_posts", "posts of a township's service desk without any policy", "posts per township",
        1, 0, 3, "assumption",
    ),
    Parameter(
        "residents_per_messenger", "residents whose requests one messenger of the relay can bring", "residents",
        800, 300, 3_000, "assumption; S1.relay: 3 to 5 messengers a community",
    ),
    Parameter(
        "order_reach", "residents who place orders over the internet where members take them", "share",
        0.3, 0.1, 0.6, "assumption",
    ),
    Parameter(
        "order_days", "time a member gives to orders", "officer-days per year",
        2, 1, 6, "assumption",
    ),
    Parameter(
        "residents_per_post", "residents whom one post of a service centre serves", "residents",
        1_000, 500, 3_000, "S3.grid: about one full-time community worker per 1,000 residents",
    ),
    Parameter(
        "centre_reach", "residents served by a centre who bring their requests there by themselves", "share",
        0.2, 0.1, 0.4, "assumption",
    ),
)  # fmt: skip
