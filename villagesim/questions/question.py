"""What all experiments have in common: a question, runs that can be resumed, an answer with tables, figure and manifest.

A question is a value. Its fields are the keys of its file, and ``ask`` runs what it needs and answers it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import whole
from villagesim.dates import month_of_run
from villagesim.design import Design
from villagesim.errors import DesignError
from villagesim.files.tables import checked
from villagesim.outcomes import outcome
from villagesim.questions.files import Reader, asked, listed, read_factor
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.store import Store, code_hash
from villagesim.runs.sweep import Sweep, sweep
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(eq=False)
class Answer:
    """What came out.

    Attributes
    ----------
    headline : str
        The answer in words, with its intervals.
    tables : dict of str to DataFrame
        The main one first.
    draw : callable
        Makes the figure.
    """

    headline: str
    tables: "dict[str, pd.DataFrame]"
    draw: "Callable[[], Figure]" = field(repr=False)


@dataclass(frozen=True, eq=False)
class Runs:
    """Where the runs of a question come from: the scenario, its luck, and the folder that keeps them."""

    scenario: Scenario
    seed: int
    workers: int | None = None
    folder: Path | None = None
    resume: bool = False
    executors: ExecutorFactory | None = None
    progress: Progress | None = None

    failed: list[str] = field(default_factory=list)

    def sweep(self, name: str, design: Design, *, seed: int | None = None, **what: Any) -> Sweep:
        """Run a design, kept under this name; ``what`` as for `sweep`, with another scenario or seed where given."""
        found = sweep(
            what.pop("scenario", self.scenario), design, seed=self.seed if seed is None else seed, workers=self.workers,
            out=None if self.folder is None else self.folder / "sweeps" / name, resume=self.resume,
            executors=self.executors, progress=self.progress, **what,
        )  # fmt: skip
        if len(found.failures):
            self.failed.append(f"{len(found.failures)} in {name}, the first: {found.failures['message'].iloc[0]}")
        return found

    def answer(self, question: "Question") -> Answer:
        """Answer a question, and say how many runs failed on the way."""
        answer = question.answer(self)
        if self.failed:
            answer.headline += f" Runs that failed are left out: {'; '.join(self.failed)}."
        return answer


class Question(ABC):
    """An experiment as a value: its fields are the keys of its file."""

    name: ClassVar[str]
    """Of its command, its figure and its main table."""
    lists: ClassVar[Mapping[str, tuple[str, Reader]]] = {"factor": ("factors", read_factor)}
    """Tables that a file repeats, as ``[[factor]]``: the field they fill, and how each of them is read."""

    def ask(
        self,
        scenario: Scenario,
        seed: int = 1,
        *,
        workers: int | None = None,
        out: str | Path | None = None,
        resume: bool = False,
        executors: ExecutorFactory | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """Run what the question needs, and answer it.

        Parameters
        ----------
        workers : int, optional
            Processes; by default one a core. 1 runs in this process. The answer is the same, but
            for `calibrate`: with more than one its particles depend on which run is done first.
        out : path, optional
            Folder for tables, figure, runs and manifest; new, empty, or of the same question.
        resume : bool
            Go on with the runs that are in the folder.

        Raises
        ------
        VillagesimError
            Where the question does not fit the scenario, or the folder cannot be used.
        """
        whole(seed, "seed", least=0, error=DesignError)
        if workers is not None:
            whole(workers, "workers", least=1, error=DesignError)
        runs = Runs(scenario, seed, workers, None if out is None else Path(out), resume, executors, progress)
        if runs.folder is None:
            return runs.answer(self)
        about = {
            "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "seed": seed,
            "question": repr(self),
        }  # fmt: skip
        with Store(runs.folder, about, resume=resume) as store:
            answer = runs.answer(self)
            for name, table in answer.tables.items():
                store.write_table(name, table)
            from matplotlib import pyplot as plt

            figure = answer.draw()
            store.write_figure(self.name, figure)
            store.write_text("answer", answer.headline)
            plt.close(figure)
            store.write_manifest()
        return answer

    @abstractmethod
    def answer(self, runs: Runs) -> Answer:
        """Run, and say what came out."""


def load_question(
    path: str | Path, kind: type[Question], *, allow_code: bool = False
) -> tuple[str, Scenario, Question]:
    """Read the file of a question: what it is to answer, the scenario that it names, and the question.

    Raises
    ------
    VillagesimError
        With file, place, value, rule and a way out, where the file cannot be asked as it is.
    """
    with asked(Path(path), f"the file of villagesim {kind.name}", allow_code=allow_code) as (words, scenario, content):
        for key, (name, read) in kind.lists.items():
            if made := listed(content, key, read, scenario):
                content[name] = made
        question: Question = checked(kind, content)
    return words, scenario, question


def values(found: Sweep, name: str, at: str | None = None) -> Floats:
    """Values of an outcome, ``(n_strategies, n_points, n_replications)``; NaN where a run failed.

    ``at`` is the month, where more than one was kept.
    """
    table = found.table if at is None else found.table[found.table["month"] == at]
    points = {number: place for place, number in enumerate(found.design.points.index)}
    result = np.full((len(found.strategies), len(points), found.replications), np.nan)
    strategy = table["strategy"].map({s: place for place, s in enumerate(found.strategies)})
    replication = table["replication"] % found.replications
    result[strategy, table["point"].map(points), replication] = table[name]
    return result


def check_names(scenario: Scenario, strategies: Sequence[str] = (), outcomes: Sequence[str] = ()) -> None:
    """Refuse strategies and outcomes that are not there, or there twice, or cannot be compared."""
    for names in (strategies, outcomes):
        for name in names:
            if names.count(name) > 1:
                raise DesignError(f"{name!r} is named twice.", fix="Leave one out.")
    for strategy in strategies:
        scenario.strategy(strategy)
    without = [s for s in strategies if not scenario.strategies[s].merger]
    for name in outcomes:
        if outcome(name).per_village and scenario.merges and 0 < len(without) < len(strategies):
            raise DesignError(
                f"{name} is per village, and {without[0]!r} has more villages than the others: differences would be"
                " arithmetic.",
                fix=f"Leave {without[0]!r} out, or choose an outcome that does not count villages, as income_per_resident.",
            )


def last_month(scenario: Scenario, at: str | None) -> str:
    """Month that is looked at: the one asked for, or the last of the run."""
    return month_of_run(at, scenario.timetable.start, scenario.timetable.stop)
