"""Compare strategies: every strategy in the same replications, under common random numbers, on all cores."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.checks import number, size
from villagesim.errors import DesignError, OutcomeError
from villagesim.questions.answer import Answer, Stage, Tables
from villagesim.questions.comparison_answer import ComparisonAnswer
from villagesim.questions.gains_by_village import gains_by_village, plain_outlines
from villagesim.questions.hindcast import by_village, kept_in
from villagesim.questions.labels import carried_by
from villagesim.questions.money import costs
from villagesim.questions.over_time import barred
from villagesim.questions.question import Question, Runs, Strategies
from villagesim.questions.setting import Setting
from villagesim.questions.side_by_side import at_ends, shared_tables, undefined, with_ledgers
from villagesim.questions.verdicts import answered, on_frontier
from villagesim.runs.effort import Effort
from villagesim.runs.parts import Chunk, Task
from villagesim.runs.runner import ExecutorFactory, Progress, cores
from villagesim.runs.sweep import about, carry_out
from villagesim.runs.table import RunTable
from villagesim.scenario import BASELINES, NO_MERGER, Scenario
from villagesim.statistics.differences import paired
from villagesim.statistics.ratios import ratio_of_means
from villagesim.statistics.selection import Selection, select
from villagesim.statistics.simultaneous import to_the_best
from villagesim.statistics.stopping import LOOK_AHEAD, START, Stopping, stopping

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

USUAL = 30
"""Replications, where a question does not say how many."""
MOST_UNTIL_SETTLED = 500
"""Replications at most, where they are run until an outcome is settled."""


@dataclass(frozen=True, kw_only=True)
class Comparison(Question):
    """How strategies differ from the baseline, in the same replications.

    Attributes
    ----------
    strategies : names, or mapping of names to policies, optional
        All of the scenario by default; `no merger` and the baseline always run.
    replications : int, optional
        How often each strategy is run, each time with other luck; by default 30. At most so often, by default 500, where
        ``until_settled`` or ``until_best`` is given.
    until_settled : str, optional
        An outcome: run until its differences to the baseline at the end are known to within half the margin, and stay so
        for some replications more.
    until_best : str, optional
        An outcome: run until it is known which strategy is best by it, see :func:`race`.
    villages : bool
        Keep the rows of all villages too (large); needs a folder.
    discount : float
        What a yuan of next year is worth less, in the tables of money [share per year]; 0 unless it is given. Source:
        assumption; 0.08 is what China prescribes for public projects (NDRC and Ministry of Construction 2006).
    """

    name: ClassVar[str] = "compare"
    lists: ClassVar[Mapping[str, Any]] = {}
    figures: ClassVar[tuple[str, ...]] = ("differences", "distribution")
    grows: ClassVar[tuple[str, ...]] = ("replications", "until_settled", "until_best", "discount")
    answers: ClassVar[type[Answer]] = ComparisonAnswer
    read_as: ClassVar[Mapping[str, Any]] = {"strategies": tuple[str, ...]}
    strategies: Strategies | None = None
    replications: int | None = None
    until_settled: str | None = None
    until_best: str | None = None
    villages: bool = False
    discount: float = 0.0

    def __post_init__(self) -> None:
        number(self.discount, "discount", least=0, most=1, unit="per year", error=DesignError)
        if self.replications is not None:
            size(self.replications, "replications", least=1, error=DesignError)
        if self.until_settled is not None and self.until_best is not None:
            raise DesignError("until_settled and until_best do not go together.", fix="Leave one out.")
        if self.replications is None:
            until = self.until_settled or self.until_best
            object.__setattr__(self, "replications", MOST_UNTIL_SETTLED if until else USUAL)

    def answer(self, runs: Runs) -> ComparisonAnswer:
        """Run all strategies, until enough is known where that is asked for, and compare them."""
        scenario = runs.scenario
        names = chosen(scenario, self.strategies)
        until = self.until_settled or self.until_best
        most = self.replications
        assert most is not None
        kept = kept_in(runs.store) if self.villages else None
        if until is not None:
            _comparable(Setting.of(scenario), names, until)
        if self.until_best is not None and scenario.outcomes[self.until_best].direction == 0:
            rule = f"nothing is best by {self.until_best}: neither more nor less of it is better."
            raise OutcomeError(rule, fix="Choose another outcome.")
        scenario.endow(runs.seed)  # totals and table that cannot both be true are refused before anything is written
        task = Task(scenario, names, runs.seed, tuple(scenario.outcomes), villages=self.villages, constituents=True)
        with runs.opened("", about(task)) as store:

            def compared_after(n: int, chunks_a_part: int | None = None) -> ComparisonAnswer:
                chunks = [Chunk(0, replication) for replication in range(n)]
                found = carry_out(store, task, chunks, chunks_a_part=chunks_a_part, **runs.how)
                return compared(scenario, found, runs.seed)

            if until is None:
                found = compared_after(most)
            else:
                n, begun = min(START + LOOK_AHEAD, most), time.perf_counter()
                found = compared_after(n, chunks_a_part=1)
                self._announce(runs, found, most - n, (time.perf_counter() - begun) / n)
                while n < most and (more := self._missing(found)):
                    n = min(n + min(max(more, LOOK_AHEAD), n), most)  # at most twice as many at a time
                    found = compared_after(n, chunks_a_part=1)
        found = by_village(found, scenario.observed, kept)
        runs.stages.update(found.stages)
        found = replace(found, facts={**found.facts, "discount": self.discount})
        own = {name: partial(found.tables.get, name) for name in found.tables}
        return answered(found, {**tables(found), **self._stopped(found), **own}, scenario.parameters)

    def _announce(self, runs: Runs, found: ComparisonAnswer, most: int, seconds: float) -> None:
        """Say what knowing enough will cost, from the first batch: so many seconds a replication, and ``most`` of them."""
        if runs.announce is not None and (more := min(self._missing(found), most)):
            processes = cores() if runs.workers is None else runs.workers
            runs.announce(Effort(more * len(found.strategies), processes, more * seconds, math.nan))

    def _missing(self, found: ComparisonAnswer) -> int:
        """About how many more replications it takes."""
        if self.until_settled is not None:
            return settled(found, self.until_settled).n_more
        return race(found, str(self.until_best))[1].at_most

    def _stopped(self, found: ComparisonAnswer) -> "dict[str, Any]":
        """Tables of how far an outcome is known that was asked for."""
        if self.until_settled is not None:
            return {"settled": partial(settled_table, found, self.until_settled)}
        return {"race": partial(race_table, found, self.until_best)} if self.until_best is not None else {}

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw what strategies change, who gains and who loses, or where they lie."""
        return answer.drawing(name)()


def compare(
    scenario: Scenario,
    replications: int | None = None,
    seed: int = 1,
    *,
    strategies: Strategies | None = None,
    until_settled: str | None = None,
    until_best: str | None = None,
    villages: bool = False,
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
) -> ComparisonAnswer:
    """Run every strategy in the same replications and compare it with the baseline.

    Short for :class:`Comparison` and its ``ask``, which say what the arguments mean.

    Raises
    ------
    VillagesimError
        Where a strategy is unknown, a number makes no sense, or the folder cannot be used.
    """
    question = Comparison(
        strategies=strategies, replications=replications, until_settled=until_settled, until_best=until_best,
        villages=villages,
    )  # fmt: skip
    answer = question.ask(
        scenario, seed, workers=workers, out=out, resume=resume, executors=executors, progress=progress
    )
    assert isinstance(answer, ComparisonAnswer)
    return answer


def compared(scenario: Scenario, runs: RunTable, seed: int = 1) -> ComparisonAnswer:
    """Compare runs that were made before; replications in which one failed are left out whole."""
    assert runs.failures is not None
    whole = runs.whole("replication")
    facts = {
        "strategies": list(runs.strategies), "seed": seed, "outlines": plain_outlines(scenario),
        "labels": carried_by(scenario, runs.strategies),
    }  # fmt: skip
    if scenario.has_drawn_maps:
        replications = sorted(set(whole.frame["replication"]))
        facts["n_merged"] = [scenario.place_of(seed, 0, each).n_merged for each in replications]
    answer = ComparisonAnswer(
        Comparison, "", {}, facts, {"": Stage(whole.frame, None, runs.failures)}, Setting.of(scenario)
    )
    if whole.constituents is not None:
        answer = replace(answer, tables=Tables({"map": partial(gains_by_village, answer, scenario, whole)}))
    return with_ledgers(answer, scenario, whole)


def tables(answer: ComparisonAnswer) -> dict[str, Any]:
    """All tables of a comparison, at the ends of all years and of the run; each is made when it is looked at."""
    compared_at = partial(at_ends, answer, lambda month: answer.several(at=month))
    return {"comparison": compared_at, **shared_tables(answer)}


def settled(answer: ComparisonAnswer, name: str) -> Stopping:
    """Say whether the differences of an outcome are known well enough, or about how many more replications it takes.

    Strategies for which the outcome is not defined in every replication are left out, see :func:`undefined`.
    """
    rows, values = _judged(answer, name), answer.at(name)
    if rows[0] != answer.strategies.index(answer.baseline):
        raise _not_defined(answer, name)
    differences, bounds = paired(values[rows[1:]], values[rows[0]]), answer.known.outcomes[name].bounds
    return stopping(differences, answer.margin(name) / 2, bounds)


def settled_table(answer: ComparisonAnswer, name: str) -> "pd.DataFrame":
    """One row: ``outcome, replications, enough`` (NaN while it is not), ``n_more, half_width, wanted, said``.

    ``half_width`` is NaN while a difference is too sparse for an interval.
    """
    import pandas as pd

    found = settled(answer, name)
    row = {
        "outcome": name, "replications": answer.n_replications, "enough": found.enough or np.nan, "n_more": found.n_more,
        "half_width": found.half_width, "wanted": answer.margin(name) / 2, "said": str(found),
    }  # fmt: skip
    return pd.DataFrame([row])


def race(answer: ComparisonAnswer, name: str) -> tuple[tuple[str, ...], Selection]:
    """Strategies for which an outcome is defined, the baseline first, and which of them is best at the end.

    The best is selected with a probability of 95% at least, if it is better than all others by the margin; all run on in
    the same replications, those that have fallen behind too.
    """
    rows = _judged(answer, name)
    selection = select(answer.at(name)[rows], answer.margin(name), answer.known.outcomes[name].direction)
    return tuple(answer.strategies[row] for row in rows), selection


def race_table(answer: ComparisonAnswer, name: str) -> "pd.DataFrame":
    """A row a strategy in the race.

    Columns: ``outcome, strategy``; ``lead_low, lead_high`` over the best of the others, 95%, infinite where it is not known;
    ``best``; ``same`` as the best in every replication; ``too_sparse``: its difference to the best, to be known;
    ``dropped_after`` so many replications, NaN where it is still in the race; ``replications`` so far, ``margin``; ``cost``
    beyond the baseline since the start [yuan], ``per_million``: what a million of it brings, and ``on_frontier``, as in
    :func:`verdicts`.
    """
    import pandas as pd

    runners, selection = race(answer, name)
    values = answer.at(name)[[answer.strategies.index(runner) for runner in runners]]
    found = answer.known.outcomes[name]
    low, high = to_the_best(values, found.direction, found.bounds)
    best = np.arange(len(runners)) == selection.best
    same = (values == values[selection.best]).all(axis=1) if selection.best is not None else best
    paid = np.array([costs(answer, runner) for runner in runners])
    extra, spent = paired(values, values[0]), paid.mean(axis=1)
    ratios = [ratio_of_means(x, own / 1e6)[0] if own.mean() > 0 else np.nan for x, own in zip(extra, paid, strict=True)]
    frontier = ["-", *on_frontier(spent[1:].tolist(), extra[1:].mean(axis=1).tolist(), found.direction)]
    return pd.DataFrame(
        {"outcome": name, "strategy": runners, "lead_low": low, "lead_high": high, "best": best, "same": same,
         "too_sparse": [row in selection.too_sparse for row in range(len(runners))],
         "dropped_after": [after or np.nan for after in selection.dropped_after],
         "replications": answer.n_replications, "margin": answer.margin(name), "cost": spent, "per_million": ratios,
         "on_frontier": frontier}
    )  # fmt: skip


def chosen(scenario: Scenario, names: Strategies | None) -> tuple[str, ...]:
    """Strategies to run: no merger and the baseline always, then those asked for, or all.

    Raises
    ------
    ScenarioError
        Where one is unknown.
    """
    for name in names or ():
        scenario.strategy(name)
    return tuple(
        name for name in scenario.strategies if names is None or name in names or name in (NO_MERGER, scenario.baseline)
    )


def _judged(answer: ComparisonAnswer, name: str) -> list[int]:
    """Rows of the strategies for which an outcome is defined in every replication, the baseline first."""
    without = undefined(answer, name)
    rows = [answer.strategies.index(answer.baseline), *_comparable(answer.known, answer.strategies, name)]
    rows = [row for row in rows if answer.strategies[row] not in without]
    if len(rows) < 2:
        raise _not_defined(answer, name)
    return rows


def _not_defined(answer: ComparisonAnswer, name: str) -> OutcomeError:
    where = ", ".join(f"{strategy!r} in {n}" for strategy, n in undefined(answer, name).items())
    return OutcomeError(
        f"{name} at the end cannot be compared: it is not defined for {where} of {answer.n_replications} replications.",
        fix="Choose another outcome, or strategies for which it is.",
    )


def _comparable(known: Setting, names: Sequence[str], name: str) -> list[int]:
    """Rows of the strategies whose difference to the baseline means something."""
    found = [k for k, own in enumerate(names) if own not in BASELINES.values() and not barred(known, own, name)]
    if not found:
        rule = f"no strategy can be compared by {name}, so nothing settles."
        raise DesignError(rule, fix="Name at least one strategy.")
    return found
