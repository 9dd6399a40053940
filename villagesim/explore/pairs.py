"""Pairs of runs as they come in, and what they say so far: by the library's own statistic, to the same bits as ``compare``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import DesignError, VillagesimError, nearest
from villagesim.explore.controls import Control, checked_values
from villagesim.languages import SIZES, _, named, spoken
from villagesim.questions.answer import Stage
from villagesim.questions.comparison import Comparison, chosen, settled
from villagesim.questions.comparison_answer import ComparisonAnswer
from villagesim.questions.setting import Setting
from villagesim.questions.side_by_side import with_ledgers
from villagesim.refusals import retell
from villagesim.runs.parts import Chunk, PartWriter, Task
from villagesim.runs.sweep import with_all_outcomes
from villagesim.runs.table import FAILED, IDLE, RunTable
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.wording import month

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Pair:
    """Runs of all strategies in one replication."""

    rows: "pa.Table"
    failures: list[dict[str, object]]
    idle: list[dict[str, object]]


@dataclass(frozen=True)
class Asked:
    """What a page asks for.

    Attributes
    ----------
    values : dict
        Of what was moved, by path.
    strategies : tuple of str
        Those that run, as ``compare`` would run them.
    outcome, against : str
        What is drawn, and the strategy that all others are held against.
    """

    values: Mapping[str, Any]
    strategies: tuple[str, ...]
    outcome: str
    against: str

    @classmethod
    def of(cls, scenario: Scenario, known: Mapping[str, Control], said: Any) -> "Asked":
        """Check what came from a page.

        Raises
        ------
        VillagesimError
            Where anything of it is not what the page offers.
        """
        if not isinstance(said, dict):
            raise DesignError("the page must ask with a table.")
        wanted = said.get("strategies")
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            raise DesignError("strategies must be a list of names.")
        strategies = chosen(scenario, wanted)
        against = said.get("against") or scenario.baseline
        if against not in strategies or against in Setting.of(scenario).other_number:
            raise DesignError(f"nothing can be held against {against!r:.60}.", fix=nearest(str(against), strategies))
        outcome = scenario.outcomes[str(said.get("outcome"))].name
        return cls(checked_values(known, said.get("values", {})), strategies, outcome, against)

    @property
    def runs(self) -> tuple[Any, ...]:
        """What tells its runs from others."""
        return self.strategies, tuple(sorted(self.values.items()))


@dataclass(frozen=True, eq=False)
class HeldAgainst(Setting):
    """A setting with another strategy in the baseline's place."""

    against: str = ""

    @property
    def baseline(self) -> str:
        """What all others are held against."""
        return self.against


def make_pair(task: Task, chunk: Chunk, wanted: Path) -> Pair | None:
    """Run all strategies of one replication, in a worker; nothing as soon as the file ``wanted`` is gone."""
    made = PartWriter(task, wanted=wanted.exists)
    made.run((chunk,))
    return Pair(made.table(), made.failures, made.idle) if wanted.exists() else None


def answer_of(scenario: Scenario, task: Task, pairs: Mapping[int, Pair], against: str) -> ComparisonAnswer:
    """The comparison that pairs make, by replication.

    Raises
    ------
    VillagesimError
        Where every run failed.
    """
    import pandas as pd
    import pyarrow as pa

    found = [pairs[replication] for replication in sorted(pairs)]
    failures = [row for pair in found for row in pair.failures]
    frame = pa.concat_tables(pair.rows for pair in found).to_pandas()
    if frame.empty:
        message = failures[0]["message"] if failures else "no row"
        raise DesignError(f"every run failed; the first: {message}")
    idle = pd.DataFrame([row for pair in found for row in pair.idle], columns=list(IDLE))
    runs = RunTable(frame, task.strategies, pd.DataFrame(failures, columns=list(FAILED)), [0], idle)
    whole = with_all_outcomes(task, runs).whole("replication")
    setting = HeldAgainst(**vars(Setting.of(scenario)), against=against)
    facts = {"strategies": list(task.strategies), "seed": task.seed}
    answer = ComparisonAnswer(Comparison, "", {}, facts, {"": Stage(whole.frame, None, runs.failures)}, setting)
    return with_ledgers(answer, scenario, whole)


def drawn(answer: ComparisonAnswer, name: str, wanted: int) -> dict[str, Any]:
    """What the page draws: each strategy's difference by month with its interval, and a row for the last month."""
    outcome = answer.outcome(name)
    changes = answer.changes_over_time(name)
    rows = {row["strategy"]: row for row in answer.table(name).to_dict("records")}
    shown = [s for s in answer.strategies if s in changes and s != NO_MERGER]
    return {
        "months": answer.months, "pairs": answer.n_replications, "wanted": wanted, "unit": named(outcome.unit),
        "scales": SIZES[spoken()] if "yuan" in outcome.unit else [], "last": month(answer.months[-1]),
        "title": named(outcome.title), "margin": _number(answer.margin(name)), "against": named(answer.baseline),
        "settled": _settled(answer, name),
        "strategies": [
            {
                "name": strategy, "told": named(strategy, "strategy"),
                "mean": _numbers(each.mean for each in changes[strategy]["intervals"]),
                "low": _numbers(each.low for each in changes[strategy]["intervals"]),
                "high": _numbers(each.high for each in changes[strategy]["intervals"]),
                "end": [_number(rows[strategy][key]) for key in ("difference", "difference_low", "difference_high")],
                "verdict": named(rows[strategy]["verdict"]),
            }
            for strategy in shown
        ],
    }  # fmt: skip


def _settled(answer: ComparisonAnswer, name: str) -> str:
    """Whether half the width of the intervals at the end is within half the margin, in words."""
    try:
        found = settled(answer, name)
    except VillagesimError as problem:
        return retell(problem.rule)
    if found.enough:
        said = _("Narrow enough with {n:,} pairs", n=found.enough)
    else:
        said = _("About {n:,} pairs more until bands are narrow enough", n=found.n_more)
    sparse = _("; differences too sparse so far: {n}", n=found.n_sparse)
    return said + (sparse if found.n_sparse else "")


def _numbers(values: Any) -> Sequence[float | None]:
    return [_number(value) for value in values]


def _number(value: float) -> float | None:
    """As JSON has it, where what is not known is none."""
    return float(value) if isfinite(value) else None
