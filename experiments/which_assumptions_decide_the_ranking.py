"""Which assumptions decide the ranking of strategies?

DESIGN: points of a Latin hypercube over all assumptions and the map; at each point the strategies run with the same luck,
which is the point's own, and are ranked by an outcome. An assumption decides the ranking if the points at which the usual
first is beaten lie at other values of it than the rest. For each: the difference of its mean place (0 to 1 of its range)
between the two kinds of points. With over a hundred assumptions some differ by luck: the line that luck alone passes in 5% of all cases, for the
largest of them, comes from dealing the rankings to other points again and again.
Quick: three townships, 60 points, one replication. Full: Zhangqiu, 400 points, two replications.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from common import PLACE, ZHANGQIU, Panel, draw_panels, title_and_unit
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Bools, Floats
from villagesim.design import in_words, latin_hypercube, uncertain
from villagesim.plots.whiskers import Series
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs, values
from villagesim.questions.robustness import MAPS
from villagesim.statistics.regret import share_on_target
from villagesim.wording import number, percentage

SHUFFLES, SHOWN = 500, 8


@dataclass(frozen=True, kw_only=True)
class Ranking(Question):
    """What turns the ranking of strategies round."""

    name: ClassVar[str] = "ranking"
    strategies: tuple[str, ...] = (
        "nothing but the merger", "five integrations", "land trust", "professional secretaries", "clean-up",
    )  # fmt: skip
    outcomes: tuple[str, ...] = ("income_per_resident", "real_integration", "petitions")
    n: int = 60
    replications: int = 1
    at: str = "2024-12"

    def answer(self, runs: Runs) -> Answer:
        design = latin_hypercube((*uncertain(runs.scenario, self.strategies), MAPS), self.n, runs.seed)
        found = runs.sweep(
            "points", design, strategies=self.strategies, outcomes=self.outcomes, replications=self.replications,
            independent_points=True, at=self.at,
        )  # fmt: skip
        assert design.unit is not None
        factors = [in_words(path) for path in design.paths]
        tables, first = [], []
        for name in self.outcomes:
            x = vs.outcomes.OUTCOMES[name].direction * values(found, name).mean(axis=2)
            whole = np.isfinite(x).all(axis=0)
            usual, beaten, wins = self.beaten(x[:, whole])
            share = share_on_target(beaten)
            differs, line = self.differs(design.unit[whole], beaten, runs.seed)
            first.append(
                {"outcome": name, "usual_first": found.strategies[usual], "share_beaten": share.value, "low": share.low,
                 "high": share.high, "points": int(whole.sum())}
                | {f"first: {s}": float(w) for s, w in zip(found.strategies, wins, strict=True)}
            )  # fmt: skip
            table = pd.DataFrame({"outcome": name, "factor": factors, "difference": differs, "luck": line})
            table["decides"] = np.abs(differs) > line
            tables.append(table.sort_values("difference", key=np.abs, ascending=False))
        title = " ".join(self.words(table, one) for table, one in zip(tables, first, strict=True))
        return self.said(title, {self.name: pd.concat(tables, ignore_index=True), "first": pd.DataFrame(first)})

    def beaten(self, x: Floats) -> tuple[int, Bools, Floats]:
        """Which strategy is usually first, where it is beaten, and how often each is first; ties are no defeat."""
        at_top = np.isclose(x, x.max(axis=0), rtol=1e-9, atol=0)
        usual = int(at_top.mean(axis=1).argmax())
        return usual, ~at_top[usual], at_top.mean(axis=1)

    def differs(self, unit: Floats, beaten: Bools, seed: int) -> tuple[Floats, float]:
        """Difference of mean places, and the largest that luck alone gives in all but 5% of the shuffles."""
        if beaten.sum() < 3 or (~beaten).sum() < 3:
            return np.full(unit.shape[1], np.nan), np.nan
        apart = lambda mask: unit[mask].mean(axis=0) - unit[~mask].mean(axis=0)  # noqa: E731
        rng = np.random.default_rng(seed)
        luck = [np.abs(apart(rng.permutation(beaten))).max() for _ in range(SHUFFLES)]
        return apart(beaten), float(np.quantile(luck, 0.95))

    def words(self, table: pd.DataFrame, one: dict[str, Any]) -> str:
        what = "no assumption decides it beyond luck"
        if deciding := list(table.loc[table["decides"], "factor"]):
            what = f"decided by {', '.join(deciding)}"
        elif table["difference"].isna().all():
            what = "too seldom to say why"
        beaten = percentage(one, "share_beaten")
        return f"{title_and_unit(one['outcome'])[0]}: {one['usual_first']} is beaten at {beaten} of the points, {what}."

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked, panels = answer.asked, []
        for one in answer.tables["first"].to_dict("records"):
            own = answer.tables["ranking"].query("outcome == @one['outcome']").head(SHOWN)
            axis = f"where it is beaten, less where not [share of the range]; luck: {number(own['luck'].iloc[0])}"
            rows = own["factor"].tolist()
            parts = [
                (label, own["difference"].where(own["decides"] == beyond).to_numpy(float))
                for label, beyond in (("within luck", False), ("beyond it", True))
            ]
            if own["difference"].isna().all():
                axis = "points at which it is first, ties counted [%] (beaten too seldom to ask by what)"
                rows = list(asked.strategies)
                parts = [("", np.array([100 * one[f"first: {strategy}"] for strategy in rows]))]
            shown = [Series(label, x, *np.full((2, len(x)), np.nan)) for label, x in parts]
            panels.append(Panel(f"{title_and_unit(one['outcome'])[0]}\nfirst: {one['usual_first']}", axis, rows, shown))
        n = len(answer.tables["ranking"]) // len(panels)
        caption = (
            f"{answer.known.title}, end of {asked.at}; {asked.n} points over {n} assumptions, {asked.replications} replication(s)"
            f" each with luck of its own, the same for all strategies, seed {asked.seed}. The {SHOWN} largest differences. Luck:"
            " what luck alone passes in one of twenty cases, for the largest of all. Strategies that are equal are not beaten."
        )
        return draw_panels(answer, panels, caption, (4.4 * len(panels), 4.8))


SCENARIO, QUESTION = PLACE, Ranking()
FULL = {"scenario": ZHANGQIU, "n": 400, "replications": 2}
TINY = {"n": 5, "strategies": ("nothing but the merger", "land trust"), "outcomes": ("income_per_resident",)}
