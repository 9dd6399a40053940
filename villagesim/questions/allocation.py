"""How a fixed sum is best shared among the policies of a strategy: found with one luck, confirmed with another.

The best of many allocations looks better than it is, as luck has helped to choose it. So a few of the best are run again,
with other luck and other endowments, and only those runs say how good they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Bools, Floats
from villagesim.checks import number as checked_number
from villagesim.checks import size, whole
from villagesim.design import Design, from_table
from villagesim.errors import DesignError, OutcomeError
from villagesim.languages import _
from villagesim.outcomes import Outcomes
from villagesim.plots.allocations import EQUAL, draw_allocations
from villagesim.questions.answer import Answer
from villagesim.questions.margin import margin
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.questions.spent import COST, months_of_cost, spent
from villagesim.questions.verdicts import listed
from villagesim.runs.sweep import Swept
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_interval
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.pareto import efficient, lattice
from villagesim.statistics.ratios import ratio_of_means
from villagesim.statistics.simultaneous import simultaneous_quantile, to_the_best
from villagesim.wording import (
    amount,
    at_end,
    effect,
    month,
    number,
    one_after_another,
    percent,
    quoted,
    signed,
    sums,
    sums_in_words,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST = 1_000
MOST_NAMED = 4
"""Allocations that the headline names of those that may be the best."""


@dataclass(frozen=True, kw_only=True)
class Allocation(Question):
    """The best way to share a sum among policies.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
        With at least two policies that cost money; the sum is shared as caps on them.
    total : float
        Over the whole run [yuan].
    weights : dict of str to float
        How much each outcome counts, per smallest difference that matters; income per resident, integration in fact and
        Gini by default, 1 each.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    steps : int
        The sum is shared in so many parts.
    replications : int
        Of every allocation when looking.
    keep : int
        Allocations that are run again.
    confirm : int
        Replications of these, with other luck and other endowments.
    """

    name: ClassVar[str] = "budget"
    labelled: ClassVar[bool] = True
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str}
    grows: ClassVar[tuple[str, ...]] = ()
    lists: ClassVar[Mapping[str, Any]] = {}
    strategy: Chosen
    total: float
    weights: Mapping[str, float] = field(
        default_factory=lambda: {"income_per_resident": 1.0, "real_integration": 1.0, "gini_income": 1.0}
    )
    at: str | None = None
    steps: int = 5
    replications: int = 3
    keep: int = 8
    confirm: int = 20

    def __post_init__(self) -> None:
        size(self.steps, "steps", least=2, error=DesignError)
        size(self.replications, "replications", least=1, error=DesignError)
        whole(self.keep, "keep", least=1, error=DesignError)
        size(self.confirm, "confirm", least=2, error=DesignError)
        checked_number(self.total, "total", above=0, unit="yuan", error=DesignError)
        if not self.weights or not all(weight > 0 for weight in self.weights.values()):
            raise DesignError("needs at least one outcome, each with a weight above 0.", at=["[weights]"])

    def answer(self, runs: Runs) -> Answer:
        """Look for good allocations with one luck, and judge the best of them with another."""
        self._check(runs.scenario)
        labels = [policy.label for policy in runs.scenario.strategies[self.chosen]]
        shares = lattice(len(labels), self.steps)
        search = self._run(runs, "search", labels, shares, self.replications, runs.seed)
        looked, scores, *_ = self._scored(search, at_least=1)
        order = [0, *(1 + np.argsort(-scores[1:].mean(axis=1), kind="stable")[: self.keep])]
        again = self._run(runs, "confirm", labels, shares[order], self.confirm, runs.seed + 1)
        without = None
        if COST in again.runs.outcomes:
            without = self._swept(runs, "baseline", {"draw": [0]}, runs.scenario.baseline, self.confirm, runs.seed + 1)
        main, by_outcome = self._judged(again, without, labels, shares[order], scores.mean(axis=1)[order])
        tried = self._tried(labels, shares, looked, scores)
        tables = {"budget": main, "outcomes": by_outcome, "search": tried}
        return self.said(
            lambda: self._headline(main, labels, runs.scenario), tables, labels=labels,
            caption=lambda: self._caption(runs.scenario.outcomes, len(shares), month(last_month(runs.scenario, self.at))),
            judged_by=lambda: self._judged_by(runs.scenario.outcomes),
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the score of each allocation that was run again, and what it is made of."""
        tables = answer.tables
        return draw_allocations(
            tables["budget"],
            tables["outcomes"],
            answer.known.outcomes,
            labels=answer.facts["labels"],
            **answer.worded(answer.fact("caption")),
        )

    def _check(self, scenario: Scenario) -> None:
        check_names(scenario, [self.chosen], tuple(self.weights))
        for name in self.weights:
            if scenario.outcomes[name].direction == 0:
                raise OutcomeError(
                    "neither more nor less of it is better.", fix="Choose another outcome.", at=["[weights]", name]
                )
        policies = scenario.strategies[self.chosen]
        if len(policies) < 2:
            raise DesignError(f"strategy = {self.chosen!r} has no two policies to share a sum among.")
        if (n := comb(self.steps + len(policies) - 1, len(policies) - 1)) > MOST:
            raise DesignError(
                f"steps = {self.steps} gives {n:,} allocations, more than {MOST:,}.", fix="Take fewer steps."
            )
        paid_in = sum(map(scenario.budget.paid_in, scenario.timetable.januaries))
        if self.total > paid_in:
            raise DesignError(
                f"total = {self.total:,.0f} yuan is more than the county's fund pays in over the run, {paid_in:,.0f} yuan.",
                fix="Take less, or raise [fund] yearly in the scenario.",
            )

    def _run(self, runs: Runs, name: str, labels: Sequence[str], shares: Floats, replications: int, seed: int) -> Swept:
        caps = {f"policies.{label}.budget": own * self.total for label, own in zip(labels, shares.T, strict=True)}
        return self._swept(runs, name, caps, self.chosen, replications, seed)

    def _swept(
        self, runs: Runs, name: str, points: Mapping[str, Any], strategy: str, replications: int, seed: int
    ) -> Swept:
        import pandas as pd

        design: Design = from_table(pd.DataFrame(points))
        return runs.sweep(
            name, design, strategies=[strategy], replications=replications,
            outcomes=tuple(dict.fromkeys((*self.weights, COST))),
            at=months_of_cost(runs.scenario, last_month(runs.scenario, self.at)), seed=seed,
        )  # fmt: skip

    def _scored(self, found: Swept, at_least: int) -> tuple[dict[str, Floats], Floats, dict[str, float], Bools]:
        """Gain of every allocation over equal shares by outcome, and weighted together: (n_allocations, n_replications).

        Only replications in which all outcomes of all allocations are defined. Also the margins, by which gains were divided,
        and which replications these are.
        """
        worth = {name: values(found, name)[0] for name in self.weights}
        whole = np.isfinite(np.stack(list(worth.values()))).all(axis=(0, 1))
        if whole.sum() < at_least:
            name = max(worth, key=lambda name: int(np.isnan(worth[name]).sum()))
            raise DesignError(
                f"at the end of {last_month(found.scenario, self.at)} it is defined for all allocations in"
                f" {whole.sum()} of {len(whole)} replications, and {at_least} are needed ({len(found.failures)} runs"
                " failed).",
                fix="Leave it out of [weights], or choose another month.",
                at=["[weights]", name],
            )
        gains, margins = {}, {}
        for name, x in worth.items():
            x = x[:, whole]
            margins[name] = margin(found.scenario, name, x, reference=0)
            gains[name] = found.scenario.outcomes[name].direction * (x - x[0]) / margins[name] + 0.0
        scores = np.sum([weight * gains[name] for name, weight in self.weights.items()], axis=0)
        return gains, scores, margins, np.asarray(whole)

    def _judged(
        self, again: Swept, without: Swept | None, labels: Sequence[str], shares: Floats, looked: Floats
    ) -> "tuple[pd.DataFrame, pd.DataFrame]":
        import pandas as pd

        gains, scores, margins, whole = self._scored(again, at_least=2)
        cost, outcomes = spent(again, last_month(again.scenario, self.at)), again.scenario.outcomes
        paid = None if cost is None else cost[0][:, whole]
        front = ["-"] * len(shares) if paid is None else _on_frontier(paid, scores)
        quantile = simultaneous_quantile(scores[1:], 0.95, again.seed)
        below, above = to_the_best(scores, 1)
        may_be_best = (below == 0) | (above > 0)
        rows, by_outcome = [], []
        for k, share in enumerate(shares):
            known = difference_interval if k else mean_interval  # equal shares do not differ from themselves
            interval = known(scores[k], quantile=quantile)
            row: dict[str, Any] = {"allocation": EQUAL if k == 0 else _in_words(share)}
            row |= dict(zip(labels, share * self.total, strict=True))
            rows.append(
                row | {"score": interval.mean, "low": interval.low, "high": interval.high,
                       "differs": interval.differs if k else "-", "score_when_found": looked[k],
                       "may_be_best": bool(may_be_best[k]), "replications": interval.n,
                       **({} if paid is None else {**self._paid(paid[k]), "on_frontier": front[k]})}
            )  # fmt: skip
            for name, gain in gains.items():
                one = known(gain[k], quantile=quantile)
                ends = sorted(outcomes[name].direction * margins[name] * end for end in (one.low, one.high))
                by_outcome.append(
                    {"allocation": rows[-1]["allocation"], "outcome": name, "margins": one.mean, "low": one.low,
                     "high": one.high, "differs": one.differs if k else "-", "unit": outcomes[name].unit,
                     "difference": outcomes[name].direction * margins[name] * one.mean, "difference_low": ends[0],
                     "difference_high": ends[1],
                     **({} if paid is None or without is None else _for_a_million(again, without, name, k, paid, whole))}
                )  # fmt: skip
        return pd.DataFrame(rows), pd.DataFrame(by_outcome)

    def _paid(self, paid: Floats) -> dict[str, float]:
        """What was paid in fact, of what was given."""
        found = mean_interval(paid)
        return {"cost": found.mean, "cost_low": found.low, "cost_high": found.high}

    def _tried(self, labels: Sequence[str], shares: Floats, gains: Mapping[str, Floats], scores: Floats) -> Any:
        import pandas as pd

        table = pd.DataFrame(shares * self.total, columns=list(labels))
        means = {name: gain.mean(axis=1) for name, gain in gains.items()}
        table = table.assign(**means, score=scores.mean(axis=1))
        return table.assign(efficient=efficient(np.stack(list(means.values()), axis=1)))

    def _judged_by(self, outcomes: Outcomes) -> str:
        """What allocations are the best by, in words: outcomes, which way, and their weights where these differ."""
        told = {name: within(outcomes[name].title) for name in self.weights}
        told = {
            name: title if outcomes[name].direction > 0 else _("low {title}", title=title)
            for name, title in told.items()
        }
        if len({*self.weights.values()}) > 1:
            told = {
                name: _("{what} (weight {weight})", what=what, weight=f"{self.weights[name]:g}")
                for name, what in told.items()
            }
        return listed(told.values())

    def _caption(self, outcomes: Outcomes, n_shares: int, month: str) -> str:
        return _(
            "{strategy}, at most {total} in all, end of {month}. Best is meant by {judged}. Score: sum of differences to equal"
            " shares in these, each in smallest differences that matter, by weight. Found among {n} allocations with"
            " {replications} replications each; confirmed with {confirm} of other luck and endowments. Intervals hold together.",
            strategy=quoted(self.chosen), total=amount(self.total, "yuan"), month=month, judged=self._judged_by(outcomes),
            n=n_shares,
            replications=self.replications, confirm=self.confirm,
        )  # fmt: skip

    def _headline(self, main: "pd.DataFrame", labels: Sequence[str], scenario: Scenario) -> str:
        """All that may be the best, not one of them; and what the first of them is, with other luck."""
        found = main.iloc[1]
        near = main[main["may_be_best"]]
        left_out = self.confirm - found["replications"]
        best = near.loc[near["score"].idxmax()] if len(near) else found
        places = {"allocations": self._caps(near, labels), "score": effect(best, "score")}
        places |= {"seemed": signed(best["score_when_found"]), "judged": self._judged_by(scenario.outcomes)}
        if main["differs"].iloc[1:].str.startswith("0 of").all():
            said = _(
                "No best one by {judged}: none of the best that were found differs from equal shares in any of {n} replications"
                " with other luck and endowments.", n=found["replications"], judged=places["judged"],
            )  # fmt: skip
        elif len(near) > 1:
            said = _(
                "Of those found these may be the best by {judged}: {allocations}. With other luck and endowments the first is"
                " {score} smallest differences from equal shares; when it was found it seemed {seemed}.", **places,
            )  # fmt: skip
        else:
            said = _(
                "Of those found this alone may be the best by {judged}: {allocations}. With other luck and endowments it is"
                " {score} smallest differences from equal shares; when it was found it seemed {seemed}.", **places,
            )  # fmt: skip
        words = [
            said,
            self._spent(best, main) if "cost" in main else "",
            _("{n} of the {m} allocations that were run again may be the best.", n=len(near), m=len(main)),
            _(
                "Shared in {asked}; intervals: 95%, all of them together.",
                asked=at_end(quoted(self.chosen), last_month(scenario, self.at)),
            ),
        ]
        if left_out:
            words.append(
                _("Left out: {n} replications in which an outcome is not defined, or a run failed.", n=left_out)
            )
        return one_after_another(words)

    def _spent(self, best: "pd.Series", main: "pd.DataFrame") -> str:
        """That shares are the most that may be paid, and what is paid of them."""
        per, unit = sums((self.total, best["cost"], main["cost"].iloc[0]))
        sizes = {"total": self.total, "paid": best["cost"], "equal": main["cost"].iloc[0]}
        return _(
            "Shares are what policies may cost at most: of {total} {unit} the first pays {paid}, equal shares {equal}.",
            unit=unit, **{name: number(size / per) for name, size in sizes.items()},
        )  # fmt: skip

    def _caps(self, near: "pd.DataFrame", labels: Sequence[str]) -> str:
        """What each of these gives to whom, the best mean first."""
        rows = near.sort_values("score", ascending=False, kind="stable").head(MOST_NAMED).to_dict("records")
        each = [sums_in_words({label: row[label] for label in labels}) for row in rows]
        if len(near) > MOST_NAMED:
            each.append(_("{n} more", n=len(near) - MOST_NAMED))
        return _("; or ").join(each)


def _on_frontier(paid: Floats, scores: Floats) -> list[str]:
    """Whether no other allocation has a better mean score for no more that was paid."""
    gains = np.stack([-paid.mean(axis=1), scores.mean(axis=1)], axis=1)
    return ["yes" if each else "no" for each in efficient(gains)]


def _for_a_million(again: Swept, without: Swept, name: str, k: int, paid: Floats, whole: Bools) -> dict[str, float]:
    """What an allocation adds to the baseline for each million yuan that was paid."""
    added = (values(again, name)[0, k] - values(without, name)[0, 0])[whole]
    columns = ("per_million", "per_million_low", "per_million_high")
    return dict(zip(columns, ratio_of_means(added, paid[k] / 1e6), strict=True))


def _in_words(share: Floats) -> str:
    return " / ".join(f"{percent(part)}" for part in share)
