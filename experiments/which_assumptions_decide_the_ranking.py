"""Which assumptions decide the ranking of strategies?

DESIGN: points of a Latin hypercube over all assumptions and the map; at each point the strategies run with the same luck,
which is the point's own, and are ranked by an outcome. An assumption decides the ranking if the points at which the usual
first is beaten lie at other values of it than the rest. For each: the difference of its mean place (0 to 1 of its range)
between the two kinds of points. With over a hundred assumptions some differ by luck: the line that luck alone passes in 5% of all cases, for the
largest of them, comes from dealing the rankings to other points again and again.
Quick: three townships, 60 points, one replication. Full: Zhangqiu, 400 points, two replications.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from villagesim.design import in_words, latin_hypercube, uncertain
from villagesim.outcomes import OUTCOMES
from villagesim.plots import Panels, draw_panels
from villagesim.questions import Question
from villagesim.questions.question import values
from villagesim.questions.robustness import MAPS
from villagesim.statistics.regret import share_on_target
from villagesim.wording import percentage

SHUFFLES, SHOWN = 500, 8


@dataclass(frozen=True, kw_only=True)
class Ranking(Question):
    """What turns the ranking of strategies round."""

    name = "ranking"
    labelled = True
    strategies: tuple[str, ...]
    outcomes: tuple[str, ...]
    n: int
    replications: int
    at: str

    def answer(self, runs):
        design = latin_hypercube((*uncertain(runs.scenario, self.strategies), MAPS), self.n, runs.seed)
        found = runs.sweep(
            "points", design, strategies=self.strategies, outcomes=self.outcomes, replications=self.replications,
            independent_points=True, at=self.at,
        )  # fmt: skip
        tables, first, said = [], [], []
        for name in self.outcomes:
            x = OUTCOMES[name].direction * values(found, name).mean(axis=2)
            whole = np.isfinite(x).all(axis=0)
            at_top = np.isclose(x[:, whole], x[:, whole].max(axis=0), rtol=1e-9, atol=0)  # ties are no defeat
            usual = int(at_top.mean(axis=1).argmax())
            differs, luck = self.differs(design.unit[whole], ~at_top[usual], runs.seed)
            factors = [in_words(path) for path in design.paths]
            table = pd.DataFrame({"outcome": name, "factor": factors, "difference": differs, "luck": luck})
            table = table.assign(low=differs - luck, high=differs + luck, decides=np.abs(differs) > luck)
            tables.append(table.sort_values("difference", key=np.abs, ascending=False))
            first += [
                {"outcome": name, "strategy": strategy, "points": int(whole.sum())} | vars(share_on_target(own))
                for strategy, own in zip(found.strategies, at_top, strict=True)
            ]
            said.append(self.words(name, found.strategies[usual], vars(share_on_target(~at_top[usual])), tables[-1]))
        return self.said(" ".join(said), {self.name: pd.concat(tables), "first": pd.DataFrame(first)})

    def differs(self, unit, beaten, seed):
        """Difference of mean places, and the largest that luck alone gives in all but 5% of the shuffles."""
        if beaten.sum() < 3 or (~beaten).sum() < 3:
            return np.full(unit.shape[1], np.nan), np.nan

        def apart(mask):
            return unit[mask].mean(axis=0) - unit[~mask].mean(axis=0)

        rng = np.random.default_rng(seed)
        luck = [np.abs(apart(rng.permutation(beaten))).max() for _ in range(SHUFFLES)]
        return apart(beaten), float(np.quantile(luck, 0.95))

    def words(self, name, usual, beaten, table):
        deciding = table.loc[table["decides"], "factor"]
        what = f"decided by {', '.join(deciding)}" if len(deciding) else "no assumption decides it beyond luck"
        if table["difference"].isna().all():
            what = "too seldom to say why"
        return f"{OUTCOMES[name].title}: {usual} is beaten at {percentage(beaten)} of the points, {what}."

    @staticmethod
    def draw(answer, name):
        asked = answer.asked
        first = answer.tables["first"].rename(columns={"strategy": "row"})
        first = first.assign(what="who is first", unit="share of points")
        largest = answer.tables["ranking"].dropna().groupby("outcome", sort=False).head(SHOWN)
        largest = largest.rename(columns={"factor": "row", "difference": "value"}).assign(
            what="what decides it", unit="share of its range"
        )
        caption = (
            f"{answer.known.title}, end of {asked.at}; {asked.n} points over all assumptions and the map, {asked.replications}"
            f" replication(s) each with luck of its own, the same for all strategies, seed {asked.seed}. Who is first: ties count"
            f" for all; lines: 95%. What decides it: mean place of an assumption where the usual first is beaten, less where it"
            f" is not, the {SHOWN} largest; a line that does not hold zero is more than luck alone gives to the largest of all in"
            " one of twenty cases."
        )
        shown = pd.concat([first, largest])
        by = Panels(by=("outcome", "what"), along="row")
        return draw_panels(shown, by, answer.known.outcomes, **answer.worded(caption))


SCENARIO = "places/three_townships.toml"
QUESTION = Ranking(
    strategies=(
        "nothing but the merger", "five integrations", "land trust", "professional secretaries", "clean-up",
    ),
    outcomes=("income_per_resident", "real_integration", "petitions"), n=60, replications=1, at="2024-12",
)  # fmt: skip
FULL = {"scenario": "../scenarios/zhangqiu.toml", "n": 400, "replications": 2}
