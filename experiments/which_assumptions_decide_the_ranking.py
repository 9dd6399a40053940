"""Which assumptions decide the ranking of strategies?

DESIGN: points of a Latin hypercube over all assumptions and the map; at each point the strategies run with the same luck,
which is the point's own, and are ranked by an outcome. An assumption decides the ranking if the points at which the usual
first is beaten lie at other values of it than the rest. For each: the difference of its mean place (0 to 1 of its range)
between the two kinds of points. With over a hundred assumptions some differ by luck: the line that luck alone passes in 5% of all cases, for the
largest of them, comes from dealing the rankings to other points again and again.
Quick: three townships, 60 points, one replication. Full: Zhangqiu, 400 points, two replications.
OUTPUT: out/which_assumptions_decide_the_ranking (tables, figure, manifest).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from asking import SMALL, ZHANGQIU, Version, main
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Bools, Floats
from villagesim.design import in_words, latin_hypercube, uncertain
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import COLOURS, settings
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs, values
from villagesim.questions.robustness import MAPS
from villagesim.statistics.regret import share_on_target

SHUFFLES = 500


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
    shown: int = 8

    def answer(self, runs: Runs) -> Answer:
        design = latin_hypercube((*uncertain(runs.scenario), MAPS), self.n, runs.seed)
        found = runs.sweep(
            "points",
            design,
            strategies=self.strategies,
            outcomes=self.outcomes,
            replications=self.replications,
            independent_points=True,
            at=self.at,
        )
        assert design.unit is not None
        factors = [in_words(path) for path in design.paths]
        deciding, first = [], []
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
            deciding.append(
                pd.DataFrame({"outcome": name, "factor": factors, "difference": differs, "luck": line})
                .assign(decides=np.abs(differs) > line).sort_values("difference", key=np.abs, ascending=False)
            )  # fmt: skip
        table, firsts = pd.concat(deciding, ignore_index=True), pd.DataFrame(first)
        title = " ".join(self.words(table, one) for one in firsts.to_dict("records"))
        return self.said(title, {self.name: table, "first": firsts})

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

    def words(self, table: pd.DataFrame, one: dict[str, object]) -> str:
        own = table[table["outcome"] == one["outcome"]]
        deciding = list(own.loc[own["decides"], "factor"])
        what = (
            f"decided by {', '.join(deciding)}" if deciding
            else "too seldom to say why" if own["difference"].isna().all() else "no assumption decides it beyond luck"
        )  # fmt: skip
        return (
            f"{vs.outcomes.OUTCOMES[str(one['outcome'])].title}: {one['usual_first']} is beaten at {one['share_beaten']:.0%}"
            f" ({one['low']:.0%} to {one['high']:.0%}) of the points, {what}."
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        asked = answer.asked
        table, firsts = answer.tables[answer.kind.name], answer.tables["first"]
        with plt.rc_context(settings()):
            n = len(asked.outcomes)
            figure, axes = plt.subplots(1, n, figsize=(4.4 * n, 4.8), layout="constrained", squeeze=False)
            for ax, one in zip(axes.flat, firsts.to_dict("records"), strict=True):
                own = table[table["outcome"] == one["outcome"]].head(asked.shown)
                ax.set_title(f"{vs.outcomes.OUTCOMES[str(one['outcome'])].title}\nfirst: {one['usual_first']}")
                if own["difference"].isna().all():
                    shares = [100 * float(one[f"first: {strategy}"]) for strategy in asked.strategies]
                    ax.barh(range(len(shares)), shares, color=COLOURS[2])
                    ax.set_yticks(range(len(shares)), list(asked.strategies), fontsize=8)
                    ax.invert_yaxis()
                    ax.set_xlim(0, 100)
                    ax.set_xlabel("points at which it is first, ties counted [%]\n(beaten too seldom to ask by what)")
                    continue
                colours = [COLOURS[3] if decides else COLOURS[0] for decides in own["decides"]]
                ax.barh(range(len(own)), own["difference"], color=colours)
                ax.set_yticks(range(len(own)), list(own["factor"]), fontsize=8)
                ax.invert_yaxis()
                for side in (-1, 1):
                    ax.axvline(side * own["luck"].iloc[0], color="#333333", lw=0.9, ls=":")
                ax.axvline(0, color="#333333", lw=0.8)
                ax.set_xlim(-0.65, 0.65)
                ax.set_xlabel("where it is beaten, less where not\n[share of the assumption's range]")
            caption = (
                f"{answer.known.title}, end of {asked.at}; {asked.n} points over {len(table) // n} assumptions,"
                f" {asked.replications} replication(s) each with luck of its own, the same for all strategies, seed {asked.seed}."
                f" The {asked.shown} largest differences; dotted: what luck alone passes in one of twenty cases, for the largest of"
                " all; coloured: beyond it. Strategies that are equal are not beaten."
            )
            title_and_caption(figure, answer.headline, caption)
        return figure


QUICK = Version(SMALL, Ranking(), "one minute")
FULL = Version(ZHANGQIU, Ranking(n=400, replications=2), "a quarter of an hour")
TINY = Ranking(n=5, strategies=("nothing but the merger", "land trust"), outcomes=("income_per_resident",))

if __name__ == "__main__":
    main(__file__, QUICK, FULL)
