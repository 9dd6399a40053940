"""How much of the rise is arithmetic, trend, one-offs, policy?

DESIGN: no merger, nothing but the merger, and the whole 1226 package in the same replications. Nested, as these cannot be
switched on in any order: the same money over fewer villages (an identity), then the growth of recurrent income without
merger, what the merger adds to it, what the package adds to it, and the change of one-off income. The parts add up. Beside
it the share of villages at or above 500,000 yuan, in the month of the article's target; its one-offs are not told apart.
Quick: three townships, 20 replications. Full: Zhangqiu, 60.
"""

import numpy as np
import pandas as pd

from villagesim.plots import Panels
from villagesim.questions import Study
from villagesim.scenario import BASELINE, NO_MERGER
from villagesim.simulation import simulate
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import mean_interval
from villagesim.wording import effect

INCOME, RECURRENT = "collective_income", "recurrent_income"
SHARE, MECHANICAL = "share_above_500k", "mechanical_share_above_500k"
PACKAGE = "1226"
BEFORE, DECREE = "2021-06", "2021-07"


class Rise(Study):
    """The parts of a rise of collective income, and of the published share."""

    name = "rise"
    shown = Panels(by=("outcome", "at"), along="part")
    note = (
        "Strategy '1226' against nothing but the merger and no merger. Arithmetic: the same money over fewer villages. The"
        " parts of each panel add up."
    )

    def answer(self, runs):
        worlds = {name: name for name in (NO_MERGER, BASELINE, PACKAGE)}
        months, outcomes = (BEFORE, DECREE, *self.at), (INCOME, RECURRENT, SHARE, MECHANICAL)
        found = runs.compare("worlds", worlds, outcomes, self.replications, at=months)
        first = simulate(runs.scenario, NO_MERGER, runs.seed).start
        fewer = len(runs.scenario.place.before) / len(runs.scenario.place.after)
        rows = []
        for name, at, parts in (
            (INCOME, self.at[1], self.income(found, first, fewer)), (SHARE, self.at[0], self.share(found, first)),
        ):  # fmt: skip
            whole, outcome, of = sum(parts.values()), runs.scenario.outcomes[name], {"outcome": name, "at": at}
            for part, x in parts.items():
                known = mean_interval(x) if part == "arithmetic" else difference_interval(x, outcome.bounds)
                rows.append(of | {"part": part} | known.row() | {"share_of_rise": x.mean() / whole.mean()})
            rows.append(
                of | {"part": "all"} | difference_interval(whole, outcome.bounds).row() | {"share_of_rise": 1.0}
            )
        table = pd.DataFrame(rows)
        return self.said(self.sentence(table), {self.name: table})

    def income(self, found, first, fewer):
        """Parts of the rise of income per village, by replication."""
        none, merged, own = (found.of(name, RECURRENT, self.at[1]) for name in (NO_MERGER, BASELINE, PACKAGE))
        one_offs = found.of(PACKAGE, INCOME, self.at[1]) - own
        return {
            "arithmetic": np.full(none.shape, first[INCOME] * (fewer - 1)),
            "trend without merger": (none - first[RECURRENT]) * fewer,
            "the merger itself": merged - none * fewer,
            "policies": paired(own, merged),
            "one-offs": one_offs - (first[INCOME] - first[RECURRENT]) * fewer,
        }

    def share(self, found, first):
        """Parts of the rise of the share of villages at or above 500,000 yuan, by replication."""
        before, after, without = (found.of(NO_MERGER, MECHANICAL, month) for month in (BEFORE, DECREE, self.at[0]))
        merged, own = (found.of(name, SHARE, self.at[0]) for name in (BASELINE, PACKAGE))
        return {
            "arithmetic": after - before,
            "trend and one-offs without merger": without - first[SHARE] - (after - before),
            "the merger itself": paired(merged, without),
            "policies": paired(own, merged),
        }

    def sentence(self, table):
        own = table[table["outcome"] == INCOME].set_index("part")
        shares = ", ".join(f"{part} {share:.1%}" for part, share in own["share_of_rise"].drop("all").items())
        return (
            f"Of the rise of income per village to {self.at[1]}, {effect(own.loc['all'])} yuan a year: {shares}."
            f" The policies add {effect(own.loc['policies'])}."
        )


SCENARIO = "places/three_townships.toml"
QUESTION = Rise(at=("2022-12", "2026-12"), replications=20)
FULL = {"scenario": "../scenarios/zhangqiu.toml", "replications": 60}
