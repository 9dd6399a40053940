"""How many facilitators and mediators until the next one adds nothing?

DESIGN: facilitators from none to eight with the five integrations, mediators on top of those that are there from none to
six, all in the same replications; each line ends where the fund pays every post. A further post adds nothing where all that
come after it together bring less than is worth having: 0.02 of integration in fact, half a day of waiting (both assumed).
Two numbers say where that is: from the first on it may be so, from the second on it is sure (95%).
Quick: three townships, 12 replications. Full: Zhangqiu, 40, with posts scaled by villages.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from villagesim.outcomes import OUTCOMES
from villagesim.plots import Panels
from villagesim.policies import FiveIntegrations, MoreMediators
from villagesim.questions import Study
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import mean_interval
from villagesim.wording import estimate, in_unit

DESKS = {
    "facilitators": ("real_integration", "facilitator_utilisation", 0.02),
    "mediators": ("mean_dispute_wait", "mediator_utilisation", 0.5),
}
"""What posts are for, how busy they are, and the margin, the smallest gain worth having, in the outcome's unit."""

FURTHER = "gain by all further ones"
NOTHING = {"low": np.nan, "high": np.nan, "differs": "-"}
"""After the last there are no further ones: zero, and no estimate."""


def policy(kind, number):
    if kind == "facilitators":
        return FiveIntegrations(start="2022-03-01", facilitators=number)
    return MoreMediators(start="2022-03-01", officers=number)


@dataclass(frozen=True, kw_only=True)
class Posts(Study):
    """Where one more post stops to help."""

    name = "posts"
    shown = Panels(by=("outcome", "what"), along="number")
    note = "Full posts from March 2022, mediators on top of those that are there."
    posts: Mapping[str, tuple[int, ...]]

    def answer(self, runs):
        rows = []
        for kind, (name, busy, _) in DESKS.items():
            numbers = {n: f"{n} {kind}" for n in self.posts[kind]}
            strategies = {label: [policy(kind, n)] for n, label in numbers.items()}
            found = runs.compare(kind, strategies, (name, busy), self.replications, at=self.at)
            best = found.of(numbers[max(numbers)], name)
            for n, label in numbers.items():
                own = found.of(label, name)
                gain = OUTCOMES[name].direction * paired(best, own)
                for what, outcome, known in (
                    (f"with so many {kind}", name, mean_interval(own)),
                    (FURTHER, name, difference_interval(gain, OUTCOMES[name].bounds)),
                    (f"with so many {kind}", busy, mean_interval(found.of(label, busy))),
                ):
                    row = {"posts": kind, "outcome": outcome, "what": what, "number": n} | known.row()
                    rows.append(row | (NOTHING if what == FURTHER and n == max(numbers) else {}))
        table = pd.DataFrame(rows)
        return self.said(self.sentence(table), {self.name: table})

    def sentence(self, table):
        further = table[table["what"] == FURTHER]
        words = [self.enough(kind, own.set_index("number")) for kind, own in further.groupby("posts")]
        return f"Further posts add nothing that matters: {'; '.join(words)}."

    def enough(self, kind, further):
        """From how many posts on all further ones together add less than is worth having."""
        name, _, worth = DESKS[kind]
        most = further.index.max()
        may, sure = (further.index[(further[end] <= worth) | (further.index == most)].min() for end in ("low", "high"))
        gain = in_unit(estimate(further.loc[may]), OUTCOMES[name].unit)
        rest = f"(all further ones up to {most} improve {OUTCOMES[name].title.lower()} by {gain})"
        if may == sure:
            return f"{kind} from {may} on {rest}"
        return f"{kind} perhaps from {may} on, {'not sure' if sure == most else f'surely from {sure}'} {rest}"


SCENARIO = "places/three_townships.toml"
POSTS = {"facilitators": (0, 1, 2, 3, 4, 6, 8), "mediators": (0, 1, 2, 3, 4, 6)}
QUESTION = Posts(posts=POSTS, at=("2024-12",), replications=12)
FULL = {
    "scenario": "../scenarios/zhangqiu.toml", "replications": 40,
    "posts": {kind: tuple(7 * n for n in numbers) for kind, numbers in POSTS.items()},
}  # fmt: skip
