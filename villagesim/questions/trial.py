"""Controlled trials: a policy for villages chosen by lot, its effect on those it reaches and on those it does not.

The same replications are run without the policy, so both effects are paired differences: *direct*, on the villages that
the lot picked, and *spill-over*, on all others (queues they share, money, disputes). A trial in the world sees neither,
only the difference between the two groups; it stands beside them, raw and adjusted for the same figure of each village in the
month before the policy starts. How sure one trial of so many villages could be, and how many it takes, stands in a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size
from villagesim.dates import month_key, month_label
from villagesim.errors import DesignError, OutcomeError, PolicyError, RunError, joined, nearest
from villagesim.languages import _, marked, named
from villagesim.outcomes import Outcome
from villagesim.policies import Policy
from villagesim.questions.answer import Answer, Stage
from villagesim.questions.margin import margin
from villagesim.questions.question import Chosen, Question, Runs, last_month
from villagesim.runs.parts import Chunk, Task
from villagesim.runs.sweep import about, carry_out, village_rows
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.trials import Groups, groups, needed, power
from villagesim.wording import amount, as_said, effect, label_in_words, month, one_after_another, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MEASURED, ADJUSTED = marked("as a trial would measure it"), marked("adjusted for the figure before")
EFFECTS = (marked("direct"), marked("spill-over"), MEASURED, ADJUSTED)
ESTIMATORS = {MEASURED: marked("raw"), ADJUSTED: marked("adjusted")}
POWER = 0.8
"""Chance of being found that villages are counted for, as is usual."""
CELL = ["replication", "village"]


@dataclass(frozen=True, kw_only=True)
class Trial(Question):
    """What a policy for villages chosen by lot does, directly and by spill-over.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
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
    strategy: Chosen
    outcome: str = "income_per_member"
    policy: str | None = None
    at: str | None = None
    replications: int = 30

    def __post_init__(self) -> None:
        size(self.replications, "replications", least=2, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run the strategy with and without the policy, and compare villages by the lot."""
        import pandas as pd

        scenario, strategy = runs.scenario, self.chosen
        policy = self._policy(scenario)
        found = scenario.outcomes[self.outcome]
        if found.village is None:
            fix = nearest(self.outcome, scenario.outcomes.by_village())
            raise OutcomeError(f"{self.outcome} is not known by village.", fix=fix)
        at = last_month(scenario, self.at)
        whole = scenario.strategies[strategy]
        rest = replace(whole, policies=tuple(other for other in whole if other is not policy))
        without = f"{strategy} without {policy.label}"
        both = replace(scenario, strategies={**scenario.strategies, without: rest})
        before = month_label(month_key(policy.start) - 1)
        months = (before, at) if month_label(month_key(scenario.timetable.start)) <= before < at else (at,)
        task = Task(both, (strategy, without), runs.seed, (self.outcome,), months, villages=True, lot=policy.label)
        with runs.opened("", about(task)) as store:
            chunks = [Chunk(0, replication) for replication in range(self.replications)]
            table = carry_out(store, task, chunks, **runs.how)
            villages = village_rows(store, chunks)
        assert table.failures is not None
        runs.stages[""] = Stage(table.frame, None, table.failures)
        villages = villages[~villages["replication"].isin(table.failures["replication"])]
        earlier = villages[(villages["strategy"] == strategy) & (villages["month"] == before)]
        villages = villages[villages["month"] == at]
        treated, untreated = (villages[villages["strategy"] == name] for name in task.strategies)
        measured = _measured(treated, earlier, self.outcome)
        effects = _effects(treated, untreated, self.outcome, measured)
        if len(effects) < 2:
            raise RunError(f"{len(effects)} replications are whole, and two at least are needed.")
        sizes = {which: difference_interval(effects[which], found.bounds) for which in EFFECTS}
        main = pd.DataFrame(
            [{"effect": which, "mean": x.mean, "low": x.low, "high": x.high, "differs": x.differs} for which, x in sizes.items()]
        )  # fmt: skip
        matters = margin(scenario, self.outcome, [[untreated[self.outcome].mean()]], reference=0)
        in_county = int(treated.groupby("replication").size().max())
        sure = _power(measured, matters).assign(in_county=in_county)
        idle = _idle(table.whole("replication"), strategy, policy.label)

        def headline() -> str:
            said = [_headline(main, found, strategy, at, len(effects)), _needs(sure, found.unit)]
            if idle["share"].sum() > 1 - 1e-9:
                never = _(
                    "{policy} never acted: this says nothing about what it would do.",
                    policy=label_in_words(policy.label),
                )
                said.append(never)
            return one_after_another(said)

        def title() -> str:
            names = {"title": named(found.title), "policy": label_in_words(policy.label)}
            return _("{title}: {policy} by lot, end of {month}", month=month(at), **names)

        tables = {"trial": main, "power": sure, "by_replication": effects, "never_acted": idle}
        return self.said(headline, tables, unit=found.unit, replications=len(effects), title=title)

    def _policy(self, scenario: Scenario) -> Policy:
        policies = scenario.strategy(self.chosen)[1]
        by_lot = [p for p in policies if p.target.rule == "random"]
        if not by_lot:
            raise PolicyError(
                f"{self.strategy!r} has no policy with the target rule 'random'.",
                fix='Give one the target {rule = "random", n = ...}.',
            )
        found = [policy for policy in by_lot if self.policy in (None, policy.label)]
        if len(found) != 1:
            labels = joined(policy.label for policy in by_lot)
            raise PolicyError(
                f"{self.strategy!r} has {len(by_lot)} policies with the target rule 'random': {labels}.",
                fix="Name one of them by its label.",
            )
        return found[0]

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the three effects with their intervals."""
        from villagesim.plots.trial import draw_trial

        n, maps = answer.facts["replications"], answer.known.maps(answer.facts["replications"])
        caption = _("{n} replications, each with and without the policy.", n=n)
        rests_on = _(
            "{maps}, one draw of endowments, central parameters: not a forecast.", maps=f"{maps[0].upper()}{maps[1:]}"
        )
        return draw_trial(
            answer.tables["trial"], answer.facts["unit"], **answer.worded(one_after_another((caption, rests_on)))
        )


def _idle(runs: RunTable, strategy: str, label: str) -> "pd.DataFrame":
    """In which share of the runs the policy never acted, and why."""
    assert runs.idle is not None
    own = runs.idle[(runs.idle["strategy"] == strategy) & (runs.idle["policy"] == label)]
    table = own.groupby(["strategy", "policy", "why"], sort=False).size().rename("runs").reset_index()
    return table.assign(share=table["runs"] / runs.n_replications)


def _measured(treated: "pd.DataFrame", earlier: "pd.DataFrame", name: str) -> "Mapping[str, Mapping[int, Groups]]":
    """What a trial would measure in the world with the policy, by estimator and replication.

    Villages without the figure before, as those that a merger has made since, are left out of the adjusted one.
    """
    rows = treated[np.isfinite(treated[name])].merge(
        earlier[[*CELL, name]], on=CELL, how="left", suffixes=("", "_before")
    )
    found: dict[str, dict[int, Groups]] = {MEASURED: {}, ADJUSTED: {}}
    for replication, own in rows.groupby("replication"):
        known = own[np.isfinite(own[f"{name}_before"])]
        found[MEASURED][replication] = groups(own[name], own["picked"])
        found[ADJUSTED][replication] = groups(known[name], known["picked"], known[f"{name}_before"])
    return found


def _power(measured: "Mapping[str, Mapping[int, Groups]]", matters: float) -> "pd.DataFrame":
    """How sure one trial would be, a row an estimator; medians over replications.

    Columns: ``estimator``; ``villages`` of both groups, ``share_picked`` of them; ``spread`` within the groups, ``half_width``
    of the 95% interval; ``margin``, the smallest difference that matters, ``power`` to find it, and ``villages_needed``, both
    groups together and picked at the same share, to find it in four of five trials.
    """
    import pandas as pd

    rows = []
    for name, by_replication in measured.items():
        n, share, spread, half = (
            float(np.median(values)) if values else np.nan
            for values in zip(
                *((g.difference.n, g.share, g.spread, g.difference.half_width) for g in by_replication.values()), strict=True
            )
        )  # fmt: skip
        rows.append(
            {
                "estimator": ESTIMATORS[name], "villages": n, "share_picked": share, "spread": spread, "half_width": half,
                "margin": matters, "power": power(spread, int(n), share, matters),
                "villages_needed": needed(spread, share, matters, POWER),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _needs(sure: "pd.DataFrame", unit: str) -> str:
    """How many villages one trial needs, in words; more than the county has is no number."""
    said = [
        _(
            "{needed} ({estimator})",
            needed=_in_county(row["villages_needed"], row["in_county"]), estimator=named(row["estimator"]),
        )
        for row in sure.to_dict("records")
        if np.isfinite(row["villages_needed"])
    ]  # fmt: skip
    if not said:
        return _(
            "How many villages one trial needs cannot be told: a group has fewer than two, or its villages are alike."
        )
    return _(
        "To find a difference of {margin} in {share} of trials takes {needed}; there were {n:,.0f}.",
        margin=amount(sure["margin"].iloc[0], unit), share=percent(POWER), needed=_(", ").join(said),
        n=sure["villages"].iloc[0],
    )  # fmt: skip


def _in_county(needed: float, n_villages: int) -> str:
    """A number of villages in words, where the county has so many."""
    return _("{n:,.0f} villages", n=needed) if needed <= n_villages else _("more villages than the county has")


def _effects(
    treated: "pd.DataFrame", untreated: "pd.DataFrame", name: str, measured: "Mapping[str, Mapping[int, Groups]]"
) -> "pd.DataFrame":
    """All effects, a row a replication; NaN where a group is empty."""
    import pandas as pd

    both = treated[[*CELL, "picked", name]].merge(untreated[[*CELL, name]], on=CELL, suffixes=("", "_without"))
    both = both[np.isfinite(both[name]) & np.isfinite(both[f"{name}_without"])]
    both = both.assign(change=paired(both[name], both[f"{name}_without"]))
    means = both.pivot_table(index="replication", columns="picked", values=["change", name], aggfunc="mean")

    def of(column: str, picked: bool) -> Floats:
        empty = np.full(len(means), np.nan)
        return means[column, picked].to_numpy() if (column, picked) in means else empty

    adjusted = np.array([measured[ADJUSTED][replication].difference.mean for replication in means.index], float)
    columns = (of("change", True), of("change", False), of(name, True) - of(name, False), adjusted)
    return pd.DataFrame({"replication": means.index, **dict(zip(EFFECTS, columns, strict=True))})


def _headline(main: "pd.DataFrame", found: Outcome, strategy: str, at: str, n: int) -> str:
    table, unit = as_said(main, found.unit, "mean", "low", "high")
    effects = [
        _("{what} {size}", what=named(row["effect"]), size=effect(row, "mean")) for row in table.to_dict("records")
    ]
    return _(
        "{title} of '{strategy}', end of {month} [{unit}; means over {n} replications, 95%]: {effects}.",
        title=named(found.title), strategy=named(strategy, "strategy"), month=month(at), unit=unit, n=n,
        effects=_("; ").join(effects),
    )  # fmt: skip
