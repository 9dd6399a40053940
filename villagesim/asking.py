"""Ask a question from the command line: say what it takes, show how far it is, keep its answer and print it."""

import json as plain
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from math import isfinite
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Any

from villagesim.errors import RunError
from villagesim.languages import _, as_now, named, spoken
from villagesim.options import Ways
from villagesim.printing import print_answer
from villagesim.questions.kinds import ELSEWHERE
from villagesim.runs.before import Before
from villagesim.terminal import aside, beside, caution, progress_bar, say, say_figures
from villagesim.wording import duration, number

if TYPE_CHECKING:
    from villagesim.questions.answer import Answer
    from villagesim.questions.question import Question
    from villagesim.runs.effort import Effort
    from villagesim.scenario import Scenario

LOG = logging.getLogger("villagesim")
LONGEST = 3600.0
"""What takes longer is begun with --yes only [seconds]."""


def asked(words: str, scenario: "Scenario", question: "Question", stem: str, ways: Ways) -> "Answer":
    """Ask a question, keep its answer, and print it."""
    from villagesim.reference.notes import by_language

    folder, begun, to_do = ways.folder(stem), time.perf_counter(), set[bool]()
    before = Before.of(folder)
    notes = by_language(scenario) if question.name not in ELSEWHERE else {}
    noted = notes.get(spoken(), [])
    for note in () if ways.quiet or ways.json else noted:
        say(_("Note: {note}.", note=note))
    beside = {"asked": words if words != scenario.title else "", "notes": notes}
    with _logged(ways), progress_bar(_("replications"), ways.quiet) as progress, _crew(ways.dask, ways.workers) as crew:

        def told(done: int, planned: int) -> None:
            to_do.add(done < planned)
            progress(done, planned)

        answer = question.ask(
            scenario, ways.seed, out=folder, resume=ways.resume, progress=told, time_limit=ways.time_limit,
            announce=as_now(partial(_announced, ways, count())), figures=ways.formats, width=ways.width,
            beside=beside, **crew,
        )  # fmt: skip
    if to_do == {False} and not ways.quiet:
        aside(_("The runs were there, in {folder}: none was made. To make them anew, remove it.", folder=folder))
    if ways.report:
        from villagesim.reporting import write_report

        write_report(folder, command=join(["villagesim", *sys.argv[1:]]), width=ways.width)
    for line in before.said() if not ways.quiet else ():
        aside(line)
    seconds = time.perf_counter() - begun
    caveat = caution(scenario, question.name in ("compare", "trial"))
    if question.name == "forecast":
        caveat = _("As good as the model and its ranges, which are assumptions.")
    if ways.json:
        from villagesim.questions.plain import as_plain

        said = {"title": named(words), "folder": str(folder), **as_plain(answer), "caution": caveat, "notes": noted}
        say(plain.dumps(said | {"files": _files(folder)}, ensure_ascii=False, allow_nan=False))
        return answer
    if not ways.quiet:
        say(f"\n{named(words)}", style="bold")
    print_answer(answer, quiet=ways.quiet, verbose=ways.verbose)
    if not ways.quiet:
        say_figures(folder / "figures", answer.figures, ways.formats)
        tables = _(", ").join(answer.tables)
        say(_("Tables:  {folder}/tables/ ({names}; Parquet and CSV)", folder=folder, names=tables))
        if ways.report:
            say(_("Report:  {folder}/report.html", folder=folder))
        say(_("Answered in {seconds:.1f} s. {caution}", seconds=seconds, caution=caveat))
    return answer


def _files(folder: Path) -> list[str]:
    """Figures, tables and texts in a folder, below it."""
    found = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path) for path in found if path.parts[0] in ("figures", "tables") or len(path.parts) == 1]


class _Told(logging.Formatter):
    """Tells what parts of the library report in the language of now, whatever is spoken while they do."""

    def __init__(self, line: str, time: str) -> None:
        super().__init__(line, time)
        self.told = as_now(named)

    def format(self, record: logging.LogRecord) -> str:
        return super().format(logging.makeLogRecord({**vars(record), "msg": self.told(str(record.msg))}))


@contextmanager
def _logged(ways: Ways) -> Iterator[None]:
    """Show on stderr what is being done, where that is asked for."""
    if not ways.verbose:
        yield
        return
    shown = logging.StreamHandler(beside.file)
    shown.setFormatter(_Told("%(asctime)s %(message)s", "%H:%M:%S"))
    before = LOG.level
    LOG.addHandler(shown)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.removeHandler(shown)
        LOG.setLevel(before)


def _announced(ways: Ways, before: Iterator[int], plan: "Effort") -> None:
    """Say what is to be run, beside what was told before, and refuse what is too much, unless it is wanted all the same."""
    from villagesim.runs.effort import memory_of_machine

    said = _("{n:,} runs", n=plan.runs) if plan.runs > 1 else _("1 run")
    if isfinite(plan.seconds):
        about = duration(plan.seconds)
        said += (
            _(", about {time} on {n} processes", time=about, n=plan.processes)
            if plan.processes > 1
            else _(", about {time} on 1 process", time=about)
        )
    if isfinite(plan.memory):
        said += _(", about {size} GB of memory", size=number(plan.memory / 1e9))
    if not ways.quiet:
        aside(
            _("Plan of further runs: {said}.", said=said)
            if next(before)
            else _("Plan: {said}; tables and figures are made afterwards, and come on top.", said=said)
        )
    too_long, too_large = plan.seconds > LONGEST, plan.memory > memory_of_machine()
    if (too_long or too_large) and not ways.yes:
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
