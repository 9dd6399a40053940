"""What all questions have in common: a value that is asked, runs that can be resumed, an answer that is kept and read again.

A question is a value. Its fields are the keys of its file, and ``ask`` runs what it needs and answers it.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from villagesim.arrays import Floats
from villagesim.checks import as_path
from villagesim.dates import month_of_run
from villagesim.design import Design, from_table
from villagesim.design.files import read_factor
from villagesim.ending import told_of
from villagesim.errors import DesignError, StoreError, nearest, placed
from villagesim.files.packaged import located
from villagesim.files.tables import checked
from villagesim.languages import ENGLISH, in_others, language
from villagesim.plots.style import checked_width
from villagesim.policies import Policy
from villagesim.policies.strategy import Strategy
from villagesim.questions import kinds
from villagesim.questions.answer import Answer, Kind, Stage
from villagesim.questions.as_file import kept
from villagesim.questions.before_and_after import check_code, check_how, left_out
from villagesim.questions.contents import contents
from villagesim.questions.files import Reader, asked, listed, read_code
from villagesim.questions.given import given
from villagesim.questions.labels import weaker, with_parts, words_of
from villagesim.questions.setting import Setting, other_number
from villagesim.questions.told_names import CHOICES, are_names, by_their_names
from villagesim.runs.effort import Announce
from villagesim.runs.exports import USUAL_FORMATS, checked_formats
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.store import Store, code_hash
from villagesim.runs.sweep import Plan, Swept, digest, positions, scratch
from villagesim.runs.table import RunTable
from villagesim.scenario import ALWAYS, Scenario, as_scenario
from villagesim.wording import one_after_another

Strategies = str | Sequence[str] | Mapping[str, Sequence[Policy]]
"""Names of the scenario's strategies, or policies of one's own by a name for them."""
Chosen = str | Mapping[str, Sequence[Policy]]
"""Name of a strategy of the scenario, or policies of one's own under a name for them."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Where the runs of a question come from: the scenario, its luck, and the folder that keeps them."""

    scenario: Scenario
    seed: int
    workers: int | None = None
    store: Store | None = None
    resume: bool = False
    executors: ExecutorFactory | None = None
    progress: Progress | None = None
    time_limit: float | None = None
    announce: Announce | None = None
    stages: dict[str, Stage] = field(default_factory=dict)
    labelled: bool = False
    words: dict[str, str] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """Folder of the answer, where one is kept."""
        return None if self.store is None else self.store.folder

    @property
    def how(self) -> dict[str, Any]:
        """Who does the work, for what carries it out."""
        return {
            "workers": self.workers, "executors": self.executors, "progress": self.progress,
            "time_limit": self.time_limit, "announce": self.announce,
        }  # fmt: skip

    def sweep(self, name: str, design: Design, *, seed: int | None = None, **what: Any) -> Swept:
        """Run a design, kept under this name, or with the answer where it has none.

        ``what`` as for :meth:`villagesim.runs.sweep.Plan.of`, with another scenario or seed where given.
        """
        scenario, asked = what.pop("scenario", self.scenario), what.get("outcomes")
        if self.labelled and asked:
            what["outcomes"] = with_parts(asked, scenario.outcomes)
        plan = Plan.of(scenario, design, self.seed if seed is None else seed, **what)
        with self.opened(name, plan.about) as store:
            found = plan.carry_out(store, **self.how)
            self.words.update(weaker(words_of(found.runs, scenario, asked or ()) if self.labelled else {}, self.words))
            self.stages[name] = stage = Stage(found.runs.frame, found.design.points.reset_index(), found.failures)
            store.outcomes = self.scenario.outcomes
            if name and self.store is not None:
                stage.write(store)
                store.write_manifest()
        return found

    def compare(
        self,
        name: str,
        strategies: Mapping[str, str | Sequence[Policy]],
        outcomes: Sequence[str],
        replications: int,
        **what: Any,
    ) -> RunTable:
        """Run policies or strategies, by a name for them, in the same replications; only those in which no run failed.

        ``what`` as for :meth:`sweep`, as ``at``.
        """
        import pandas as pd

        own = {name: self.scenario.strategy(policies)[1] for name, policies in strategies.items()}
        scenario = replace(self.scenario, strategies=dict(ALWAYS) | own)
        point = from_table(pd.DataFrame({"draw": [0]}))
        what |= {
            "scenario": scenario,
            "strategies": list(strategies),
            "outcomes": outcomes,
            "replications": replications,
        }
        return self.sweep(name, point, **what).runs.whole("replication")

    @contextmanager
    def opened(self, name: str, about: Mapping[str, Any]) -> Iterator[Store]:
        """Open the store of some runs: the answer's own, one below it, or one that is removed in the end."""
        if self.store is None:
            with scratch() as store:
                yield store
        elif not name:
            assert self.store.design.keys() >= about.keys() & {"points"}, "the folder does not know its points"
            yield self.store
        else:
            folder, grows = self.store.folder / "sweeps" / name, ("replications",)
            with Store(folder, about, resume=self.resume, grows=grows, within=self.store) as store:
                yield store


@dataclass(frozen=True)
class Question(Kind):
    """A question as a value: its fields are the keys of its file."""

    lists: ClassVar[Mapping[str, tuple[str, Reader]]] = {"factor": ("factors", read_factor)}
    """Tables that a file repeats, as ``[[factor]]``: the field they fill, and how each of them is read."""
    answers: ClassVar[type[Answer]] = Answer
    labelled: ClassVar[bool] = False
    """Whether its answer says what its figures rest on."""
    read_as: ClassVar[Mapping[str, Any]] = {}
    """What a file may hold of fields that take more in Python."""

    @classmethod
    def read(cls, content: dict[str, Any], scenario: Scenario, folder: Path, seed: int) -> "Question":
        """Make a question of the keys of its file, which is in ``folder``."""
        for key, (name, read) in cls.lists.items():
            if made := listed(content, key, read, scenario):
                content[name] = made
        question: Question = checked(cls, content, DesignError, cls.read_as)
        return question

    def trusting(self, code: bool) -> "Question":
        """The same question, with leave to run code of the user's own in other files that it reads, or without."""
        return self

    def ask(
        self, scenario: Scenario, seed: int = 1, *, workers: int | None = None, out: str | Path | None = None,
        resume: bool = False, executors: ExecutorFactory | None = None, progress: Progress | None = None,
        time_limit: float | None = None, announce: Announce | None = None, figures: str | Sequence[str] = USUAL_FORMATS,
        width: float | None = None, beside: Mapping[str, Any] | None = None,
    ) -> Answer:  # fmt: skip
        """Run what the question needs, and answer it.

        Parameters
        ----------
        workers : int, optional
            Processes; by default one a core, and 1 runs in this one. Of `calibrate` alone particles depend on it.
        out : path, optional
            Folder for tables, figures, runs and manifest; new, empty, or of the same question. Of figures ``figures`` are the
            formats, as ``"png,svg,pdf"`` or ``"none"``, and ``width`` is in mm.
        resume : bool
            Go on with the runs that are in the folder; those of a complete answer to the same are taken in any case.
        executors : callable, optional
            Makes the executor for a number of workers, for instance one of Dask or MPI.
        progress : callable, optional
            Called with the number of replications done and planned.
        time_limit : float, optional
            Of each run [seconds]; one that takes longer has failed, as any other that does.
        announce : callable, optional
            Called with what is to be run, judged by a first run, before each design is begun; what it raises stops it.
        beside : dict, optional
            What a page tells besides: ``asked``, the question in words of one's own, and ``notes``, lists by language.

        Raises
        ------
        VillagesimError
            Where the question does not fit the scenario, or the folder cannot be used.
        """
        as_scenario(scenario, error=DesignError)
        check_how(seed, workers, time_limit)
        formats, width = checked_formats(figures), checked_width(width)
        question, scenario = self.resolved(scenario)
        runs = Runs(
            scenario, seed, workers, None, resume, executors, progress, time_limit, announce, beside=beside or {}
        )
        about = {
            "title": scenario.title, "scenario": scenario.digest, "code": code_hash(), "seed": seed,
            "question": self.name, **question.kept(), **positions(scenario, getattr(question, "villages", False)),
        }  # fmt: skip
        if (design := question.own_design(scenario, seed)) is not None:
            about |= {"kind": design.kind, "points": digest(design)}
        with told_of(type(self), DesignError):
            if out is None:
                return question._answered(runs, about)
            with Store(as_path(out, "out", error=StoreError), about, resume=resume, grows=self.grows) as store:
                check_code(scenario, store.goes_on)
                answer = question._answered(replace(runs, store=store, resume=store.goes_on), about)
                answer.write(store, formats, width)
            return answer

    @abstractmethod
    def answer(self, runs: Runs) -> Answer:
        """Run, and say what came out, by :meth:`said`."""

    def said(self, headline: str | Callable[[], str], tables: Mapping[str, Any], **facts: Any) -> Answer:
        """Answer with tables, the main one first, and what figures need besides: text, numbers, lists.

        A headline, or a fact, that is a function is told in every language; see :meth:`Answer.fact`.
        """
        facts = {name: {ENGLISH: fact(), **in_others(fact)} if callable(fact) else fact for name, fact in facts.items()}
        if isinstance(headline, str):
            return self.answers(type(self), headline, tables, facts)
        return self.answers(type(self), headline(), tables, {**facts, "told": in_others(headline)})

    @property
    def chosen(self) -> str:
        """Name of its strategy, once policies of one's own have become one of the scenario."""
        strategy: str = vars(self)["strategy"]
        return strategy

    def kept(self) -> dict[str, Any]:
        """Fields as the manifest keeps them."""
        return {each.name: kept(getattr(self, each.name)) for each in fields(self)}

    def own_design(self, scenario: Scenario, seed: int) -> Design | None:
        """Design of the runs that are kept with the answer itself, where there is one: its points tell folders apart."""
        return None

    def resolved(self, scenario: Scenario) -> "tuple[Question, Scenario]":
        """Policies of one's own become strategies of a copy of the scenario, and the question names them.

        Strategies and outcomes may be named as they are told, and are known by their names from here on.
        """
        own: dict[str, Strategy] = {}
        named = by_their_names(vars(self), scenario)
        for key in CHOICES:
            given = named.get(key, getattr(self, key, None))
            if isinstance(given, Mapping):
                own |= {name: scenario.strategy(policies)[1] for name, policies in given.items()}
                named[key] = tuple(given)
            elif isinstance(given, str) and key == "strategies":
                named[key] = (given,)
            elif given == "":
                named[key] = scenario.baseline
            elif not (given is None or isinstance(given, str) or are_names(given)):
                raise DesignError(
                    f"{key}: {given!r} is not the name of a strategy.",
                    fix='Give policies of your own under a name of theirs: {"mine": [...]}.',
                )
            if isinstance(given, Mapping) and key != "strategies":
                if len(given) != 1:
                    raise DesignError(f"{key}: {len(given)} strategies are given, and one is needed.")
                named[key] = next(iter(given))
        if taken := [name for name in own if scenario.strategies.get(name, own[name]) != own[name]]:
            raise DesignError(f"{taken[0]!r} is another strategy of the scenario.", fix="Give yours another name.")
        if own:
            scenario = replace(scenario, strategies={**scenario.strategies, **own})
        question = replace(self, **named) if named else self
        for given in filter(None, map(vars(question).get, CHOICES)):
            for name in (given,) if isinstance(given, str) else given:
                scenario.strategy(name)
        return question, scenario

    def _answered(self, runs: Runs, about: Mapping[str, Any]) -> Answer:
        """Answer, with the runs that it rests on, and how many of them failed."""
        with language(ENGLISH):
            answer = self.answer(replace(runs, labelled=self.labelled))
        told = {ENGLISH: answer.headline, **answer.facts.get("told", {})}
        for code in told:
            with language(code):
                elsewhere = runs.store.made_elsewhere if runs.store else ""
                told[code] = one_after_another((told[code], elsewhere, left_out(runs.stages)))
        words = weaker(answer.facts.get("grounds", {}), runs.words)
        facts = {**answer.facts, **runs.beside, **({"grounds": words} if words else {})}
        headline = told.pop(ENGLISH)
        facts |= {"told": told} if told else {}
        tell = partial(contents, runs.scenario)
        with language(ENGLISH):
            held = {ENGLISH: tell()}
        setting = replace(Setting.of(runs.scenario), contents=held | in_others(tell), given=given(runs.scenario))
        return replace(answer, headline=headline, facts=facts, stages=runs.stages, setting=setting, about=dict(about))


def load_question(
    path: str | Path,
    kind: type[Question] | None = None,
    *,
    seed: int = 1,
    full: bool = False,
    allow_code: bool = False,
    scenario: str | Path | None = None,
) -> tuple[str, Scenario, Question]:
    """Read a file, or ``packaged:best_shares``: what it is to answer, the scenario that it names, and the question.

    Parameters
    ----------
    kind : type of Question, optional
        By default what the file says, as ``kind = "sensitivity"``; a file with a ``[design]`` is a sweep.
    seed : int
        Of a design that is drawn.
    full : bool
        With what the file says under ``[full]``, or in Python as ``FULL``.
    scenario : path, optional
        File of the place that it is asked of, instead of the one that it names.

    Raises
    ------
    VillagesimError
        With file, place, value, rule and a way out, where the file cannot be asked as it is.
    """
    path = located(path, error=DesignError)
    if path.suffix == ".py":
        words, place, question, changed = read_code(path, full=full, allow_code=allow_code, elsewhere=scenario)
        with placed(path):
            if not isinstance(question, kind or Question):
                raise DesignError(f"QUESTION = {question!r} is not {'a question' if kind is None else kind.name}.")
            known = [each.name for each in fields(question)]
            for key in changed:
                if key not in known:
                    raise DesignError(f"{key} is not a key of it.", fix=nearest(key, known), at=["FULL"])
            return words, place, replace(question, **changed).trusting(allow_code)
    command = "ask" if kind is None else kind.name
    with asked(path, command, full=full, allow_code=allow_code, elsewhere=scenario) as (words, place, content):
        kind = _kind(content, kind)
        return words, place, kind.read(content, place, path.parent, seed).trusting(allow_code)


def _kind(content: dict[str, Any], kind: type[Question] | None) -> type[Question]:
    """Kind of question that a file holds, and that is asked for."""
    said = content.pop("kind", None)
    if said is None and kind is None:
        if "design" not in content:
            raise DesignError("kind is missing.", fix=f'Write what is asked, as kind = "compare". {kinds.known()}')
        said = "sweep"
    if said == "compare" and "draws" in content:
        said = "uncertainty"
    if kind is not None and said in (None, kind.name):
        return kind
    if kind is not None:
        raise DesignError(f"kind = {said!r} is not {kind.name!r}.", fix="Ask it with villagesim ask.")
    return kinds.kind_of(said)


def values(found: Swept, name: str, at: str | None = None) -> Floats:
    """Values of an outcome, ``(n_strategies, n_points, n_replications)``; NaN where a run failed.

    ``at`` is the month, where more than one was kept.
    """
    return found.runs.at(name, at)


def check_names(scenario: Scenario, strategies: Sequence[str] = (), outcomes: Sequence[str] = ()) -> None:
    """Refuse strategies and outcomes that are not there, or there twice, or cannot be compared."""
    for names in (strategies, outcomes):
        for name in names:
            if names.count(name) > 1:
                raise DesignError(f"{name!r} is named twice.", fix="Leave one out.")
    for strategy in strategies:
        scenario.strategy(strategy)
    other = [s for s in strategies if s in other_number(scenario)] if len(strategies) > 1 else []
    for name in outcomes:
        if scenario.outcomes[name].per_village and 0 < len(other) < len(strategies):
            raise DesignError(
                f"{name} is per village, and {other[0]!r} ends with another number of villages than others: differences would be"
                " arithmetic.",
                fix=f"Leave {other[0]!r} out, or choose an outcome that does not count villages, as income_per_resident.",
            )


def last_month(scenario: Scenario, at: str | None) -> str:
    """Month that is looked at: the one asked for, or the last of the run."""
    return month_of_run(at, scenario.timetable.start, scenario.timetable.stop)
