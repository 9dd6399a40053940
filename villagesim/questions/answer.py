"""What came out of a question: runs, tables, headline and figures; written to a folder, and read from it again."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from inspect import signature
from pathlib import Path
from textwrap import shorten
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from villagesim.checks import as_path
from villagesim.errors import DesignError, StoreError, nearest
from villagesim.frozen import Copied, Copies, Frozen
from villagesim.languages import ENGLISH, _, language, marked, spoken
from villagesim.questions.setting import Setting
from villagesim.runs.exports import USUAL_FORMATS, checked_formats
from villagesim.runs.store import Store, read_whole
from villagesim.runs.table import FAILED
from villagesim.wording import grounds_in_words, one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LOG = logging.getLogger("villagesim")
MOST_SAID = 420
"""Characters of a headline that the caption of a figure still begins with."""
FILE = "answer.json"
"""What an answer is made of besides its tables, in its folder."""


class Kind(ABC):
    """What an answer needs of its question: a name, and figures from nothing but what the answer holds."""

    name: ClassVar[str]
    """Of its command, its figure and its main table."""
    figures: ClassVar[tuple[str, ...]] = ()
    """Names of the figures that are written with it, the main one first; its own where there is but one."""
    more_figures: ClassVar[tuple[str, ...]] = ()
    """Names of those that are drawn where they are asked for."""
    grows: ClassVar[tuple[str, ...]] = ("replications",)
    """Fields that say how many runs there are, not what each is: a folder goes on with more of them."""
    answers: "ClassVar[type[Answer]]"

    @classmethod
    def what_it_asks(cls) -> str:
        """What it asks, in words: the title of its figures."""
        return (cls.__doc__ or cls.name).strip().splitlines()[0].rstrip(".")

    @staticmethod
    @abstractmethod
    def draw(answer: "Answer", name: str) -> "Figure":
        """Draw a figure from nothing but the tables, the facts and the setting of an answer."""


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables by name, each made when it is first looked at, and handed out as a copy."""

    def __init__(self, makers: "Mapping[str, Callable[[], pd.DataFrame]]") -> None:
        self._makers = dict(makers)
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> "pd.DataFrame":
        if name not in self._made:
            if name not in self._makers:
                raise KeyError(f"there is no table {name!r}. {nearest(name, self._makers)}")
            with language(ENGLISH):
                self._made[name] = self._makers[name]()
        return self._made[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"<tables: {', '.join(self)}>"


@dataclass(frozen=True, eq=False, repr=False)
class Stage:
    """Runs that a question was answered from.

    Attributes
    ----------
    runs : DataFrame
        ``place, point, draw, strategy, replication, month``, and a column an outcome.
    points : DataFrame, optional
        What each point of the design set.
    failures : DataFrame
        ``point, replication, strategy, message``.
    """

    runs: "pd.DataFrame"
    points: "pd.DataFrame | None"
    failures: "pd.DataFrame"

    def __repr__(self) -> str:
        return f"<stage: {len(self.runs)} rows of runs, {len(self.failures)} runs failed>"

    def write(self, store: Store) -> None:
        """Write all of it."""
        for name in ("points", "runs", "failures"):
            if (table := getattr(self, name)) is not None:
                store.write_table(name, table)

    @classmethod
    def read(cls, folder: Path) -> "Stage":
        """Read all of it."""
        import pandas as pd

        points = folder / "tables" / "points.parquet"
        return cls(
            _table(folder, "runs"), _table(folder, "points") if points.exists() else None,
            _table(folder, "failures").reindex(columns=pd.Index(FAILED)),
        )  # fmt: skip


Stage.runs, Stage.points, Stage.failures = (Copied(name) for name in ("runs", "points", "failures"))  # type: ignore[assignment]


@dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """What came out.

    Attributes
    ----------
    kind : type of Question
    headline : str
        The answer in words; of a comparison a sentence a line.
    tables : dict of str to DataFrame
        The main one first.
    facts : dict
        What figures need besides tables, as plain data.
    stages : dict of str to Stage
        The runs that it rests on, by the name of their design; empty where there is but one.
    setting : Setting, optional
        What results need to know of the scenario; None before the question is answered.
    about : dict
        What all of it follows from: kind and fields of the question, scenario, seed.
    """

    kind: "type[Kind]"
    headline: str
    tables: "Mapping[str, pd.DataFrame]"
    facts: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    setting: Setting | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables = self.tables
        if not isinstance(tables, Tables):
            tables = Tables({name: partial(tables.__getitem__, name) for name in tables})
        kept = {
            "facts": Copies(self.facts),
            "about": Copies(self.about),
            "stages": Frozen(self.stages),
            "tables": tables,
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)

    @property
    def known(self) -> Setting:
        """What is known of the scenario."""
        assert self.setting is not None, "not answered yet"
        return self.setting

    @property
    def grounds(self) -> str:
        """What its figures rest on, outcome by outcome, in a sentence; empty where the question says nothing of it."""
        return grounds_in_words(self.facts.get("grounds", {}))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The lines of the headline, in the language that is spoken."""
        return tuple(self.facts.get("told", {}).get(spoken(), self.headline).splitlines())

    @property
    def asked(self) -> SimpleNamespace:
        """Fields of the question, and the seed, as plain data."""
        return SimpleNamespace(**self.about)

    @property
    def runs(self) -> "pd.DataFrame":
        """All runs: a row a run and month, labelled; where there are several designs, with the name of theirs first."""
        import pandas as pd

        frames = {name: stage.runs for name, stage in self.stages.items()}
        if len(frames) == 1:
            return next(iter(frames.values()))
        named = [frame.assign(design=name)[["design", *frame.columns]] for name, frame in frames.items()]
        return pd.concat(named, ignore_index=True)

    @property
    def failures(self) -> "pd.DataFrame":
        """Runs that failed, and are left out."""
        import pandas as pd

        found = [stage.failures for stage in self.stages.values() if len(stage.failures)]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(FAILED))

    def fact(self, name: str) -> str:
        """A text that figures need besides tables, in the language that is spoken; in English where that is all there is."""
        told = self.facts[name]
        return str(told.get(spoken(), told[ENGLISH]) if isinstance(told, Mapping) else told)

    def worded(self, caption: str) -> dict[str, str]:
        """``title`` of its figures, in words, and their ``caption``: what came out, with its numbers, and what it rests on."""
        said = self.fact("title") if "title" in self.facts else one_after_another(self.sentences)
        if len(said) <= MOST_SAID:
            caption = _("{said}. {caption}", said=said.rstrip(".。"), caption=caption)
        return {"title": self.kind.what_it_asks(), "caption": caption}

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures, the main one first."""
        return self.kind.figures or (self.kind.name,)

    @property
    def more_figures(self) -> tuple[str, ...]:
        """Names of figures that can be drawn besides."""
        return self.kind.more_figures

    def figure(
        self, name: str | None = None, *what: Any, width: float | None = None, lang: str | None = None, **how: Any
    ) -> "Figure":
        """Draw a figure, by default the main one.

        Parameters
        ----------
        width : float, optional
            In mm; by default 180, a page of a journal.
        lang : str, optional
            Language of its words, ``en`` or ``zh``; by default the one that is spoken.
        *what, **how
            What this figure takes besides, as an outcome, ``title``, ``strategies`` or axes of one's own, ``ax``.

        Raises
        ------
        VillagesimError
            Where there is none of this name, or it takes no such thing.
        """
        from villagesim.plots.style import drawn

        name = name or self.figures[0]
        known = [*self.figures, *self.more_figures]
        if name not in known:
            raise DesignError(f"{name!r} is not a figure of this answer.", fix=nearest(name, known))
        with language(lang or spoken()), drawn(width, self.setting.strategies if self.setting else ()):
            if not what and not how:
                return self.kind.draw(self, name)
            way = self.drawing(name)
            try:
                signature(way).bind(*what, **how)
            except TypeError as error:
                takes = ", ".join(signature(way).parameters) or "nothing"
                given = ", ".join([*map(repr, what), *how])
                raise DesignError(f"the figure {name!r} does not take {given}.", fix=f"It takes {takes}.") from error
            return way(*what, **how)

    def drawing(self, name: str) -> "Callable[..., Figure]":
        """What draws a figure."""
        return partial(self.kind.draw, self, name)

    def save(
        self, folder: str | Path, *, figures: str | Sequence[str] = USUAL_FORMATS, width: float | None = None
    ) -> Path:
        """Write all of it to a folder, new, empty or of the same question; :func:`open_results` reads it again.

        Parameters
        ----------
        figures : str or sequence of str
            Formats, as ``"png,svg,pdf"``; ``"none"`` for no figures.
        width : float, optional
            Of figures, in mm; by default 180.
        """
        folder = as_path(folder, "folder", error=StoreError)
        with Store(folder, self.about) as store:
            for name, stage in self.stages.items():
                if name:
                    with Store(store.folder / "sweeps" / name, self.about, within=store) as below:
                        below.outcomes = self.known.outcomes
                        stage.write(below)
                        below.write_manifest()
            self.write(store, figures, width)
        return folder

    def write(self, store: Store, figures: str | Sequence[str] = USUAL_FORMATS, width: float | None = None) -> None:
        """Write headline, tables and figures to an open store, then its manifest."""
        store.outcomes = self.known.outcomes
        if "" in self.stages:
            self.stages[""].write(store)
        LOG.info(marked("writing %s tables to %s"), len(self.tables), store.folder)
        for name, table in self.tables.items():
            store.write_table(name, table)
        self.write_figures(store, figures, width)
        store.write_text("answer", self.headline)
        content = {
            "question": self.kind.name, "tables": list(self.tables), "designs": list(self.stages), "facts": dict(self.facts),
            "setting": self.known.plain(),
        }  # fmt: skip
        store.write_json(FILE, content)
        store.write_manifest()

    def write_figures(
        self,
        store: Store,
        figures: str | Sequence[str],
        width: float | None = None,
        names: Sequence[str] = (),
        **shown: Any,
    ) -> None:
        """Write its figures to an open store, or those named, each drawn but once, as :meth:`figure` takes it."""
        if not (formats := checked_formats(figures)):
            return
        from matplotlib import pyplot as plt

        for name in names or self.figures:
            LOG.info(marked("drawing %s"), name)
            figure = self.figure(name, width=width, **shown)
            store.write_figure(name, figure, formats)
            plt.close(figure)

    def __repr__(self) -> str:
        """Say what it answers and what it holds."""
        return (
            f"<answer of {self.kind.name}: {shorten(self.headline, 120, placeholder=' ...')}\n"
            f"  tables: {', '.join(self.tables)}; figures: {', '.join(self.figures)}>"
        )

    def _repr_html_(self) -> str:
        """The headline and the main table, for notebooks."""
        main = next(iter(self.tables.values()), None)
        table = "" if main is None else main.head(40).to_html(index=False, float_format="{:,.4g}".format)
        return f"<p>{escape(self.headline)}</p>{table}"


def open_results(folder: str | Path, kind: "type[Kind] | None" = None) -> Answer:
    """Read the answer that a command or :meth:`Answer.save` wrote; nothing is run.

    Parameters
    ----------
    kind : type of Question, optional
        Of a question of one's own; those of the library are known by their names.

    Raises
    ------
    StoreError
        Where the folder is not whole: broken off, a file missing or changed, or of another kind.
    """
    from villagesim.questions.kinds import KINDS, kind_of

    folder = as_path(folder, "folder", error=StoreError)
    if not folder.is_dir():
        raise StoreError(f"there is no folder {folder}.", fix="Give the folder that compare, sweep or ask wrote.")
    about = read_whole(folder)
    if not (folder / FILE).exists() and "replication" in about:
        names = sorted(path.stem for path in (folder / "tables").glob("*.parquet"))
        first = next((name for name in ("county", "story") if name in names), names[-1])
        path, there = f"{folder}/tables/{first}.parquet", ", ".join(names)
        raise StoreError(
            f"{folder} holds {'a story' if 'village' in about else 'one run'}, and no answer to a question.",
            fix=f'Read its tables, as pandas.read_parquet("{path}"). There are: {there}.',
        )
    if not (folder / FILE).exists():
        raise StoreError(
            f"{folder} holds no answer to a question.", fix="Give the folder that compare, sweep or ask wrote."
        )
    content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    name = content["question"]
    if kind is None and name not in KINDS:
        rule = f"{folder} holds the answer to a question of your own, {name!r}."
        raise StoreError(rule, fix="Give its class too: open_results(folder, MyQuestion).")
    if kind is not None and kind.name != name:
        raise StoreError(f"{folder} holds the answer to {name!r}, not to {kind.name!r}.", fix="Give another folder.")
    kind = kind or kind_of(name)
    stages = {name: Stage.read(folder / "sweeps" / name if name else folder) for name in content["designs"]}
    return kind.answers(
        kind, (folder / "answer.txt").read_text(encoding="utf-8").rstrip("\n"),
        Tables({name: partial(_table, folder, name) for name in content["tables"]}), content["facts"], stages,
        Setting.of_plain(content["setting"]), about,
    )  # fmt: skip


def _table(folder: Path, name: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_parquet(folder / "tables" / f"{name}.parquet")
