"""What does ranking buy without inspection?

DESIGN: ranking of villages by what they report, alone and with inspectors who look on the spot once a village and year, and
inspection alone, in the same replications. What is reported is split into what is there in fact and what is not.
Quick: three townships, 15 replications. Full: Zhangqiu, 40.
"""

from villagesim.plots import Panels
from villagesim.policies import Inspection, Ranking
from villagesim.questions import Contrasts
from villagesim.wording import effect

START = "2022-03-01"
ALONE, WATCHED = "ranking alone", "ranking with inspection"
REPORTED, REAL = "reported_integration", "real_integration"


def strategies(officers):
    ranking, inspection = Ranking(start=START), Inspection(start=START, officers=officers)
    return {ALONE: [ranking], WATCHED: [ranking, inspection], "inspection alone": [inspection]}


class RankingBuys(Contrasts):
    """What ranking adds on paper and in fact."""

    name = "ranking"
    shown = Panels(by=("at",), colours="outcome")
    note = "Less nothing but the merger. Policies from March 2022; integration over merged villages."

    def sentence(self, table):
        rows = table.set_index(["at", "strategy", "outcome"])
        parts = [
            f"by {month} integration as reported {effect(rows.loc[month, ALONE, REPORTED])}, in fact"
            f" {effect(rows.loc[month, ALONE, REAL])}"
            for month in self.at
        ]
        watched = effect(rows.loc[self.at[-1], WATCHED, REAL])
        return f"Ranking without inspection: {'; '.join(parts)}. With inspection, in fact: {watched}."


SCENARIO = "places/three_townships.toml"
QUESTION = RankingBuys(
    strategies=strategies(officers=1), outcomes=(REPORTED, REAL, "integration_gap", "trust"), at=("2023-12", "2026-12"),
    replications=15,
)  # fmt: skip
FULL = {"scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(officers=9), "replications": 40}
