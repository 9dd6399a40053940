"""Ask a question from the command line: say what it takes, show how far it is, keep its answer and print it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import RunError
from villagesim.terminal import caution, print_answer, progress_bar, say
from villagesim.wording import duration, number

if TYPE_CHECKING:
    from villagesim.questions.answer import Answer
    from villagesim.questions.question import Question
    from villagesim.runs.effort import Effort
    from villagesim.scenario import Scenario

CAUTIONS = {"forecast": "As good as the model and its ranges, which are assumptions."}
"""What is said last of some kinds of question, in place of what figures are not."""
LONGEST = 3600.0
"""What takes longer is begun with --yes only [seconds]."""


def asked(
    words: str, scenario: "Scenario", question: "Question", stem: str, seed: int, workers: int | None,
    out_folder: Path | None, resume: bool, dask: str | None, time_limit: float | None, yes: bool,
) -> "Answer":  # fmt: skip
    """Ask a question, keep its answer, and print it."""
    folder = out_folder or Path("out") / stem
    begun = time.perf_counter()
    with progress_bar("replications") as progress, _crew(dask, workers) as crew:
        answer = question.ask(
            scenario,
            seed,
            out=folder,
            resume=resume,
            progress=progress,
            time_limit=time_limit,
            announce=partial(_announced, yes),
            **crew,
        )
    say(f"\n{words}", style="bold")
    print_answer(answer)
    say(f"Figures: {folder}/figures/{', '.join(f'{name}.png' for name in answer.figures)}; as SVG too")
    say(f"Tables:  {folder}/tables/ ({', '.join(answer.tables)}; Parquet and CSV)")
    careful = CAUTIONS.get(question.name) or caution(scenario, question.name in ("compare", "trial"))
    say(f"Answered in {time.perf_counter() - begun:.1f} s. {careful}")
    return answer


def _announced(yes: bool, plan: "Effort") -> None:
    """Say what is to be run, and refuse what is too much, unless it is wanted all the same."""
    from villagesim.runs.effort import memory_of_machine

    said = f"{plan.runs:,} run{'s' if plan.runs > 1 else ''}"
    if isfinite(plan.seconds):
        said += f", about {duration(plan.seconds)} on {plan.processes} process{'es' if plan.processes > 1 else ''}"
    if isfinite(plan.memory):
        said += f", about {number(plan.memory / 1e9)} GB of memory"
    say(f"Plan: {said}; tables and figures are made afterwards, and come on top.")
    too_long, too_large = plan.seconds > LONGEST, plan.memory > memory_of_machine()
    if (too_long or too_large) and not yes:
        rule = "takes more than an hour" if too_long else "takes more than the memory of this machine"
        fix = "Ask for less, as fewer replications or points, or begin it with --yes."
        raise RunError(f"{said}: {rule}.", fix=fix)


@contextmanager
def _crew(dask: str | None, workers: int | None) -> Iterator[dict[str, Any]]:
    """Who does the work: processes here, or a cluster."""
    if dask is None:
        yield {"workers": workers}
        return
    from villagesim.runs.cluster import Dask as Cluster

    with Cluster(dask) as cluster:
        yield {"workers": workers or cluster.workers, "executors": cluster}
