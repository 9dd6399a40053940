"""What of the published rise is booked, and what happens when the list ends?

DESIGN: three years of support from January 2021 (that of `earlier_or_later`) in five worlds, in the same draws of all that is
not known: without a list of weak villages, with one that asks four in five for 500,000 yuan and goes on, with one that is
inspected, with one that ends in 2024, and no merger at all. The published rise since the start is split into what sums over
fewer villages show by themselves (no merger), what is earned beyond that, what higher prices add, and what is booked: they add up. The figure holds
each list against the same support without one: shares earned and reported; incomes and the Gini are in the table.
Quick: three townships, 20 draws. Full: Zhangqiu, 40.
"""

import pandas as pd
from earlier_or_later import support

from villagesim.policies import Inspection, WeakVillageList
from villagesim.questions import DrawnContrasts
from villagesim.scenario import NO_MERGER
from villagesim.wording import percent

WITHOUT, LISTED, INSPECTED, ENDED = "no list", "list", "list, inspected", "list that ends in 2024"
REAL, NOMINAL, REPORTED = (f"{reading}share_above_500k" for reading in ("", "nominal_", "reported_"))
MECHANICAL = "mechanical_share_above_500k"
PARTS = ("sums and growth without merger", "earned beyond that", "prices", "booked")


def strategies(times):
    money = support(2021, times)[1:]
    terms = {"start": "2021-01-01", "lines": (500_000.0,), "quota": 0.8}
    going, ended = WeakVillageList(**terms), WeakVillageList(**terms, end="2024-01-01")
    inspection = Inspection(start="2021-01-01", officers=round(1.3 * times))
    return {
        WITHOUT: money,
        LISTED: [going, *money],
        INSPECTED: [going, inspection, *money],
        ENDED: [ended, *money],
        NO_MERGER: NO_MERGER,
    }


class Booked(DrawnContrasts):
    """What a list adds to what is earned and to what is reported, and what is left of it."""

    name = "booked"
    in_figure = (NOMINAL, REPORTED)
    note = "Three years of support from 2021 in every world; each list less no list. Parts of the rise: table `parts`."

    def answer(self, runs):
        found, start = self.found(runs), runs.scenario.published.share_above
        table = pd.DataFrame(
            row for row in self.rows(found, runs) if row["strategy"] != NO_MERGER and row["outcome"] != MECHANICAL
        )
        listed, bare = (found.strategies.index(name) for name in (LISTED, NO_MERGER))
        rows = []
        for month in self.at:
            sums = found.at(MECHANICAL, month)[bare]
            real, nominal, reported = (found.at(name, month)[listed] for name in (REAL, NOMINAL, REPORTED))
            steps = (sums - start, real - sums, nominal - real, reported - nominal)
            for part, x in zip(PARTS, steps, strict=True):
                row = self.row(runs, REPORTED, x, 0 * x, at=month, part=part)
                rows.append(row | {"share_of_rise": x.mean() / (reported - start).mean()})
        parts = pd.DataFrame(rows)
        sentence = self.sentence(table, parts)
        return self.said(sentence, {self.name: table, "parts": parts}, title=sentence.partition(" In ")[0])

    def sentence(self, table, parts):
        first, last = self.at[0], self.at[-1]
        rows = {(row["at"], row["strategy"], row["outcome"]): row for row in table.to_dict("records")}
        own = parts[parts["at"] == first].set_index("part")
        booked, shares = own.loc["booked"], own["share_of_rise"]
        return (
            f"Of the published rise to {first}, {percent(shares['booked'])} is booked: {self.words(booked, bands=True)};"
            f" {percent(shares[PARTS[0]])} is sums and growth, {percent(shares[PARTS[1]])} earned beyond them,"
            f" {percent(shares['prices'])} higher prices. In {last} a list"
            f" adds {self.words(rows[last, LISTED, REPORTED])} reported, {self.words(rows[last, INSPECTED, REPORTED])} if"
            f" inspected, {self.words(rows[last, ENDED, REPORTED])} if it ended in 2024."
        )


SCENARIO = "places/three_townships.toml"
QUESTION = Booked(
    strategies=strategies(1), against=WITHOUT, at=("2022-12", "2024-12", "2026-12"),
    outcomes=(
        REAL, NOMINAL, REPORTED, "collective_income", "reported_collective_income", "gini_income", "reported_gini_income",
        "share_that_booked", MECHANICAL,
    ),
    draws=20,
)  # fmt: skip
FULL = {"scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(7), "draws": 40}
