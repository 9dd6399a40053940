"""Controlled trials: a policy for villages chosen by lot, its effect on those it reaches and on those it does not.

The same replications are run without the policy, so both effects are paired differences: *direct*, on the villages that
the lot picked, and *spill-over*, on all others (queues they share, money, disputes). A trial in the world sees neither,
only the difference between the two groups; it stands beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import whole
from villagesim.errors import DesignError, OutcomeError, PolicyError, RunError, nearest
from villagesim.policies import Policy
from villagesim.questions.answer import Answer, Stage
from villagesim.questions.question import Question, Runs, Strategies, last_month
from villagesim.runs.parts import Chunk, Task
from villagesim.runs.sweep import about, carry_out, village_rows
from villagesim.scenario import Scenario
from villagesim.statistics.intervals import mean_interval
from villagesim.wording import effect

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

EFFECTS = ("direct", "spill-over", "as a trial would measure it")
CELL = ["replication", "village"]


@dataclass(frozen=True, kw_only=True)
class Trial(Question):
    """What a policy for villages chosen by lot does, directly and by spill-over.

    Attributes
    ----------
    strategy : name, or mapping of a name to policies
        One that holds a policy with the target rule ``random``.
    outcome : str
        One that is known by village.
    policy : str, optional
        Label of the policy, where several have a random target.
    at : str, optional
        Month, as 2025-12; by default the last.
    replications : int
        Runs with and without the policy, at least 2.
    """

    name: ClassVar[str] = "trial"
    lists: ClassVar[Mapping[str, Any]] = {}
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str}
    strategy: Strategies
    outcome: str = "income_per_member"
    policy: str | None = None
    at: str | None = None
    replications: int = 30

    def __post_init__(self) -> None:
        whole(self.replications, "replications", least=2, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run the strategy with and without the policy, and compare villages by the lot."""
        import pandas as pd

        scenario, strategy = runs.scenario, str(self.strategy)
        policy = self._policy(scenario)
        found = scenario.outcomes[self.outcome]
        if found.village is None:
            fix = nearest(self.outcome, scenario.outcomes.by_village())
            raise OutcomeError(f"{self.outcome} is not known by village.", fix=fix)
        month = last_month(scenario, self.at)
        whole = scenario.strategies[strategy]
        rest = replace(whole, policies=tuple(other for other in whole if other is not policy))
        without = f"{strategy} without {policy.label}"
        both = replace(scenario, strategies={**scenario.strategies, without: rest})
        task = Task(
            both, (strategy, without), runs.seed, (self.outcome,), (month,), villages=True, lot=policy.label
        )  # fmt: skip
        with runs.opened("", about(task)) as store:
            chunks = [Chunk(0, replication) for replication in range(self.replications)]
            table = carry_out(store, task, chunks, **runs.how)
            villages = village_rows(store, chunks)
        assert table.failures is not None
        runs.stages[""] = Stage(table.frame, None, table.failures)
        villages = villages[~villages["replication"].isin(table.failures["replication"])]
        treated, untreated = (villages[villages["strategy"] == name] for name in task.strategies)
        effects = _effects(treated, untreated, self.outcome)
        if len(effects) < 2:
            raise RunError(f"{len(effects)} replications are whole, and two at least are needed.")
        rows = []
        for which in EFFECTS:
            interval = mean_interval(effects[which])
            rows.append({"effect": which, "mean": interval.mean, "low": interval.low, "high": interval.high})
        main = pd.DataFrame(rows)
        return self.said(
            _headline(main, f"{found.title} of {strategy!r}, end of {month} [{found.unit}]"),
            {"trial": main, "by_replication": effects}, title=f"{found.title}: {policy.label} by lot, end of {month}",
            unit=found.unit, replications=len(effects),
        )  # fmt: skip

    def _policy(self, scenario: Scenario) -> Policy:
        policies = scenario.strategy(str(self.strategy))[1]
        by_lot = [p for p in policies if p.target.rule == "random"]
        found = [policy for policy in by_lot if self.policy in (None, policy.label)]
        if len(found) != 1:
            labels = ", ".join(policy.label for policy in found) or "none"
            raise PolicyError(
                f"{self.strategy!r} has {len(found)} policies with the target rule 'random' to look at ({labels}).",
                fix='Give one the target {rule = "random", n = ...}, or name it by its label where there are several.',
            )
        return found[0]

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the three effects with their intervals."""
        from villagesim.plots.trial import draw_trial

        return draw_trial(answer.tables["trial"], **answer.facts)


def _effects(treated: "pd.DataFrame", untreated: "pd.DataFrame", name: str) -> "pd.DataFrame":
    """Direct effect, spill-over and the difference between the groups, a row a replication; NaN where a group is empty."""
    import pandas as pd

    both = treated[[*CELL, "picked", name]].merge(untreated[[*CELL, name]], on=CELL, suffixes=("", "_without"))
    both = both[np.isfinite(both[name]) & np.isfinite(both[f"{name}_without"])]
    both = both.assign(change=both[name] - both[f"{name}_without"])
    means = both.pivot_table(index="replication", columns="picked", values=["change", name], aggfunc="mean")

    def of(column: str, picked: bool) -> Floats:
        empty = np.full(len(means), np.nan)
        return means[column, picked].to_numpy() if (column, picked) in means else empty

    columns = (of("change", True), of("change", False), of(name, True) - of(name, False))
    return pd.DataFrame({"replication": means.index, **dict(zip(EFFECTS, columns, strict=True))})


def _headline(main: "pd.DataFrame", what: str) -> str:
    said = [f"{row['effect']} {effect(row, 'mean')}" for row in main.to_dict("records")]
    return f"{what}: {'; '.join(said)}."
