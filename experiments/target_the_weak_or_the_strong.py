"""Target the weak or the strong?

DESIGN: the same money three ways, in the same replications: to the weaker half of villages by income per member, to the
stronger half, and to all (where the strong apply better). Two kinds of support, each alone: seed money for cooperatives,
and professional secretaries, who are paid in a quarter of the villages. All against nothing but the merger.
Quick: three townships, 12 replications. Full: Zhangqiu, 40.
"""

from functools import partial

from villagesim.outcomes import OUTCOMES
from villagesim.plots import Panels
from villagesim.policies import ProfessionalSecretaries, SeedMoney
from villagesim.questions import Contrasts
from villagesim.targets import Target
from villagesim.wording import effect, in_unit

START = "2022-03-01"
WEAK, STRONG, APART = "seed money to the weak", "seed money to the strong", "seed money: weak less strong"


def strategies(projects, half, quarter):
    seed = partial(SeedMoney, start=START, form="cooperative", projects=projects)
    posts = partial(ProfessionalSecretaries, start=START)
    return {
        WEAK: [seed(target=Target(rule="lowest", n=half))],
        STRONG: [seed(target=Target(rule="highest", n=half))],
        "seed money open to all": [seed()],
        "secretaries for the weak": [posts(target=Target(rule="lowest", n=quarter))],
        "secretaries for the strong": [posts(target=Target(rule="highest", n=quarter))],
    }


class WeakOrStrong(Contrasts):
    """What the same support brings where it goes to the weak, and where to the strong."""

    name = "weak_or_strong"
    shown = Panels(abreast=2)
    note = (
        "Less nothing but the merger. Weak, strong: the half (seed money) or quarter (secretaries) of villages lowest or"
        " highest by income per member when the policy starts; poor: third of constituents on the first day."
    )

    def sentence(self, table):
        parts = [
            f"{OUTCOMES[row['outcome']].title} {in_unit(effect(row), row['unit'])}"
            + ("" if row["low"] > 0 or row["high"] < 0 else " (no clear difference)")
            for row in table[table["strategy"] == APART].to_dict("records")[:3]
        ]
        return f"Seed money to the weak rather than the strong: {'; '.join(parts)}."


SCENARIO = "places/three_townships.toml"
QUESTION = WeakOrStrong(
    strategies=strategies(projects=8, half=36, quarter=18), pairs={APART: (WEAK, STRONG)}, at=("2026-12",),
    outcomes=("income_per_resident", "income_per_member_poor", "gini_income", "share_above_500k"), replications=12,
)  # fmt: skip
FULL = {
    "scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(projects=60, half=266, quarter=133),
    "replications": 40,
}  # fmt: skip
