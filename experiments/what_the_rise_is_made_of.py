"""How much of the rise is arithmetic, trend, investment, the merger, one-offs, policy, and how much of it is booked?

DESIGN: the reported income per village, and the reported share of villages at or above 500,000 yuan in the month of the
article's target, taken apart as by `attribute`, with both steps of support and lists of weak villages as one part: the same
money over fewer villages (an identity), what is left where all roads of income are closed, those roads by Shapley values,
the package. One-offs, what higher prices add and what is booked only are parts of their own. The parts add up. Everything is told again at both
ends of the ranges of growth and of booking, which no published figure can tell apart. Quick: three townships, 5
replications. Full: Zhangqiu, 20.
"""

from dataclasses import dataclass

import pandas as pd

from villagesim.plots import Panels
from villagesim.questions import Attribution, Study
from villagesim.wording import effect, percent, signed

PACKAGE = "both steps, lists"
INCOME, SHARE = "reported_collective_income", "reported_share_above_500k"


@dataclass(frozen=True, kw_only=True)
class Rise(Study):
    """The parts of a rise of reported income, and of the reported share."""

    name = "rise"
    shown = Panels(by=("outcome", "at"), along="part")
    note = (
        "All support from the first day on, under lists of weak villages. The parts of each panel add up; roads and policies: Shapley values. In the"
        " table: over what range each part goes as growth and booking go over theirs."
    )
    over: tuple[str, ...] | None = None

    def answer(self, runs):
        tables = [self.parts(runs, outcome, at) for outcome, at in zip((INCOME, SHARE), self.at, strict=False)]
        table = pd.concat(tables, ignore_index=True)
        return self.said(self.sentence(table), {self.name: table}, title=self.heading(table))

    def parts(self, runs, outcome, at):
        """Steps in what is recurrent or real, then what is not, layer by layer: prices are one of them."""
        question = Attribution(
            strategy=PACKAGE, outcome=outcome, at=at, replications=self.replications, apart=False, over=self.over
        )
        layers = question.answer(runs).tables["readings"]
        top, levels = layers["reading"].iloc[0], layers["kind"] == "level"
        steps = layers[(layers["reading"] == top) & ~levels & ~layers["step"].isin(["change", "prices"])]
        others = layers[(layers["reading"] != top) & (layers["kind"] == "change")]
        found = pd.concat([steps.assign(part=steps["step"]), others.assign(part=others["reading"])])
        found["part"] = found["part"].replace({PACKAGE: "policies"})
        share = found["value"] / found["value"].sum()
        return found.assign(outcome=outcome, at=at, share_of_rise=share).drop(columns=["step", "reading", "kind"])

    def heading(self, table):
        """The largest parts, in one line."""
        own = table[table["outcome"] == INCOME].nlargest(4, "share_of_rise")
        parts = ", ".join(f"{percent(row['share_of_rise'])} {row['part']}" for row in own.to_dict("records"))
        return f"Of the rise of reported income to {self.at[0]}: {parts}"

    def sentence(self, table):
        own = table[table["outcome"] == INCOME]
        parts = ", ".join(
            f"{row['part']} {round(row['share_of_rise'], 3) + 0.0:.1%}{over(row)}" for row in own.to_dict("records")
        )
        policies = own.set_index("part").loc["policies"]
        return (
            f"Of the rise of reported income per village to {self.at[0]}, {signed(own['value'].sum())} yuan a year: {parts}."
            " In square brackets: yuan, over the whole ranges of growth and booking, where they change it."
            f" The policies add {effect(policies)} that recurs."
        )


def over(row):
    """Between which values a part lies over what is not known, where that changes it."""
    low, high = signed(row["over_low"]), signed(row["over_high"])
    return f" [{low} to {high}]" if low != high else ""


SCENARIO = "places/three_townships.toml"
QUESTION = Rise(at=("2026-12", "2022-12"), replications=5)
FULL = {"scenario": "../scenarios/zhangqiu.toml", "replications": 20}
