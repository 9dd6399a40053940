"""What is the best use of 50 million yuan?

DESIGN: that sum, over the whole run, as caps on five uses: facilitators, land trusts, professional secretaries, clean-up,
and seed money. All allocations in steps of a fifth or quarter; the best again with other luck and other endowments, as the
best of many looks better than it is. The score weighs income per resident, integration in fact and equality, each in the
smallest differences that matter: other weights, other answer. What a use cannot spend is left over.
Quick: three townships and their part of the sum by villages (73 of 532), steps of a quarter. Full: Zhangqiu, fifths.
"""

from villagesim.policies import CleanUp, FiveIntegrations, LandTrust, ProfessionalSecretaries, SeedMoney
from villagesim.questions import Allocation

START = "2022-03-01"


def five_uses(facilitators, officers, projects):
    """Each large enough to use up a good part of the sum."""
    uses = [
        FiveIntegrations(start=START, facilitators=facilitators, label="facilitators"),
        LandTrust(start=START, label="land trusts"),
        ProfessionalSecretaries(start=START, label="secretaries"),
        CleanUp(start=START, officers=officers, label="clean-up"),
        SeedMoney(start=START, form="cooperative", projects=projects, label="seed money"),
    ]
    return {"five uses": uses}


SCENARIO = "places/three_townships.toml"
QUESTION = Allocation(
    strategy=five_uses(facilitators=8, officers=3, projects=3), total=50e6 * 73 / 532, at="2026-12", steps=4,
    replications=1, keep=5, confirm=10,
)  # fmt: skip
FULL = {
    "scenario": "../scenarios/zhangqiu.toml", "strategy": five_uses(facilitators=60, officers=20, projects=20),
    "total": 50e6, "steps": 5, "replications": 3, "keep": 8, "confirm": 30,
}  # fmt: skip
