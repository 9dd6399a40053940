"""Which assumptions decide an outcome, and how much of it is chance: Morris screening, then Sobol' indices.

The replication is a factor of its own: its total-order index is the share of chance. All other runs of a point share
the luck of the point they are compared with, as usual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size, whole
from villagesim.design import Design, Factor, held, in_words, morris, sobol, uncertain
from villagesim.design.factor import WHOLE
from villagesim.errors import DesignError
from villagesim.languages import _, marked, named
from villagesim.plots.indices import draw_indices
from villagesim.questions.answer import Answer
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.refusals import retell
from villagesim.runs.sweep import Swept
from villagesim.statistics.indices import (
    BASE,
    NOTHING,
    TOO_WIDE,
    as_shares,
    elementary_effects,
    known_samples,
    sobol_indices,
)
from villagesim.wording import at_end, one_after_another, percentage, quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TOTAL = ("total_order", "total_low", "total_high")
"""Columns of a total-order index and its interval."""
MOST = 4
"""Indices of an outcome that are told in the headline."""
CHANCE = Factor("replication", 0, 999_999)


@dataclass(frozen=True, kw_only=True)
class Sensitivity(Question):
    """Which factors decide these outcomes of a strategy.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
        Its name in the scenario.
    outcomes : tuple of str
        Explained one by one, from the same runs.
    against : name or mapping of a name to policies
        Explain the paired difference to this strategy instead.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    factors : tuple of Factor
        What is varied; all that is not well known, over its range, where none are given.
    trajectories : int
        Of the screening, each with a run more than there are factors.
    keep : int
        Factors that go on to the indices; with no more than these there is no screening.
    n : int, a power of two
        Base sample; the indices take n x (factors kept + 3) runs.
    """

    name: ClassVar[str] = "sensitivity"
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str, "against": str | None}
    strategy: Chosen
    outcomes: tuple[str, ...] = ("collective_income",)
    against: Chosen | None = None
    at: str | None = None
    factors: tuple[Factor, ...] = ()
    trajectories: int = 10
    keep: int = 10
    n: int = 128

    def __post_init__(self) -> None:
        whole(self.trajectories, "trajectories", least=2, error=DesignError)
        whole(self.keep, "keep", least=1, error=DesignError)
        size(self.n, "n", least=2, error=DesignError)
        if not self.outcomes:
            raise DesignError("outcomes names none.", fix="Name at least one.")
        if any(factor.path == CHANCE.path for factor in self.factors):
            raise DesignError("chance is added by itself.", fix="Leave it out.", at=[f"factor {CHANCE.path}"])

    def answer(self, runs: Runs) -> Answer:
        """Screen where there are too many factors, then split the variance."""
        import pandas as pd

        strategies = [self.chosen, *([str(self.against)] if self.against else [])]
        check_names(runs.scenario, strategies, self.outcomes)
        factors = self.factors or tuple(uncertain(runs.scenario, strategies))
        tables: dict[str, Any] = {"held": held(runs.scenario, factors, strategies)}
        if len(factors) > self.keep:
            screening = self._screened(runs, factors)
            kept = set(screening.loc[screening["kept"], "factor"])
            factors = tuple(factor for factor in factors if factor.path in kept)
            tables["screening"] = screening
        found = self._sweep(runs, "indices", sobol((*factors, CHANCE), self.n, runs.seed))
        rows = []
        explained, left_out = self._explained(found)
        for name, y in explained.items():
            table = sobol_indices(found.design.paths, y, runs.seed)
            table.insert(0, "outcome", name)
            rows.append(table)
        main = pd.concat(rows, ignore_index=True)
        titles = {name: runs.scenario.outcomes[name].title for name in explained}

        def headline() -> str:
            told = [self._said(named(title), main[main["outcome"] == name], what()) for name, title in titles.items()]
            return one_after_another(
                [*told, _("Intervals: 95%."), *(self._left_out(name, why) for name, why in left_out.items())]
            )

        def what() -> str:
            return at_end(self._what(), last_month(runs.scenario, self.at))

        return self.said(headline, {"sensitivity": main, **tables}, titles=titles, what=what)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw both indices of every factor."""
        return draw_indices(answer.tables["sensitivity"], answer.facts["titles"], answer.fact("what"))

    def _screened(self, runs: Runs, factors: Sequence[Factor]) -> "pd.DataFrame":
        """Elementary effects by outcome and factor; the largest over all outcomes are kept."""
        import pandas as pd

        found = self._sweep(runs, "screening", morris((*factors, CHANCE), self.trajectories, runs.seed))
        rows, largest = [], np.zeros(len(factors))
        for name, y in self._explained(found)[0].items():
            assert found.design.unit is not None
            table = elementary_effects(found.design.paths, found.design.unit, y, runs.seed, counts=WHOLE)
            table.insert(0, "outcome", name)
            largest = np.maximum(largest, table["effect"].to_numpy()[:-1] / np.nanstd(y))
            rows.append(table)
        screening = pd.concat(rows, ignore_index=True)
        kept = {factors[k].path for k in np.argsort(-largest, kind="stable")[: self.keep]}
        return screening.assign(kept=screening["factor"].isin(kept))

    def _sweep(self, runs: Runs, name: str, design: Design) -> Swept:
        strategies = [self.chosen] + ([str(self.against)] if self.against else [])
        return runs.sweep(name, design, strategies=strategies, outcomes=self.outcomes, at=self.at)

    def _explained(self, found: Swept) -> tuple[dict[str, Floats], dict[str, str]]:
        """What is explained, a number a point, by outcome, and of some why there is nothing to explain.

        Raises
        ------
        DesignError
            Where there is nothing to explain of any.
        """
        explained, left_out = {}, {}
        n, (between, told_by) = len(found.design.paths), (2, BASE) if found.design.kind == "sobol" else (1, None)
        for name in self.outcomes:
            own = values(found, name)[..., 0]
            y = own[found.strategies.index(self.chosen)]
            if self.against:
                y = y - own[found.strategies.index(str(self.against))]
            seen = y[np.isfinite(y)]
            if not len(seen):
                left_out[name] = marked("is not defined at any point: there is nothing to explain.")
            elif len(seen) < 2 or np.ptp(seen) <= 1e-12 * np.abs(seen).max():
                left_out[name] = marked("is the same at all points: there is nothing to explain.")
            else:
                try:
                    known_samples(y, n + between, told_by)
                    explained[name] = y
                except DesignError as problem:
                    left_out[name] = problem.rule
        if not explained:
            raise DesignError(
                self._left_out(*next(iter(left_out.items()))),
                fix="Choose another outcome, strategy or later month, or vary other factors.",
            )
        return explained, left_out

    def _what(self) -> str:
        names = {"strategy": quoted(self.chosen), "other": quoted(str(self.against))}
        return _("{strategy} less {other}", **names) if self.against else names["strategy"]

    def _left_out(self, name: str, why: str) -> str:
        if why.startswith("is "):
            return _("{outcome} of {what} {why}", outcome=name, what=self._what(), why=retell(why))
        return _("{outcome} of {what}: {why}", outcome=name, what=self._what(), why=retell(why))

    def _said(self, title: str, main: "pd.DataFrame", what: str) -> str:
        """Which factors decide an outcome, by their total-order indices, and how much is chance."""
        table = as_shares(main).set_index("factor")
        others = table.drop(CHANCE.path).sort_values("total_order", ascending=False)
        wide = others["verdict"] == TOO_WIDE
        matter = [
            f"{in_words(str(path))} {percentage(row, *TOTAL)}"
            for path, row in others[~wide].iterrows()
            if row["total_low"] > 0 and row["total_order"] >= 0.01
        ]
        parts = [
            _(
                "chance, alone and with the others, is {share} of the variance",
                share=percentage(table.loc[CHANCE.path], *TOTAL),
            )
        ]
        if table.loc[CHANCE.path, "verdict"] == TOO_WIDE:
            parts[0] = _("{share}, {verdict}", share=parts[0], verdict=named(TOO_WIDE))
        if not wide.all():
            told = [*matter[:MOST], *([_("{n} more", n=len(matter) - MOST)] if len(matter) > MOST else [])]
            parts.append(_("total-order indices {indices}", indices=_(", ").join(told) or named(NOTHING)))
        if wide.any():
            names = _(", ").join(in_words(str(path)) for path in others.index[wide])
            parts.append(_("{verdict} with n = {n}: {names}", verdict=named(TOO_WIDE), n=self.n, names=names))
        return _("{title} of {what}: {said}.", title=title, what=what, said=_("; ").join(parts))
