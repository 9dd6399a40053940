"""Questions of one's own: a table of numbers with intervals, a sentence that answers it, and a figure of the table.

Runs, folder, manifest and figure are the library's; what is left to say is which strategies are run, and the sentence.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from villagesim.checks import names, size
from villagesim.errors import DesignError
from villagesim.languages import _, named
from villagesim.plots.panels import Panels, draw_panels
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs, Strategies
from villagesim.statistics.differences import difference_interval, paired
from villagesim.wording import month

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Study(Question):
    """A question whose main table holds numbers with intervals, and whose figure shows that table.

    A subclass answers by a table with ``outcome, value, low, high`` and what tells rows apart, and says with ``shown`` what the
    figure makes of it.

    Attributes
    ----------
    at : tuple of str
        Months, as ``"2023-12"``.
    replications : int
    """

    lists: ClassVar[Mapping[str, Any]] = {}
    labelled: ClassVar[bool] = True
    shown: ClassVar[Panels] = Panels()
    """What the figure makes of the table."""
    note: ClassVar[str] = ""
    """What it says below itself besides place, months and replications."""
    at: tuple[str, ...]
    replications: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", names(self.at, "at", error=DesignError))
        size(self.replications, "replications", least=1, error=DesignError)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the table."""
        asked, kind = answer.asked, answer.kind
        assert issubclass(kind, Study)
        caption = _(
            "{place}, end of {months}. {note} {n} paired replications, seed {seed}; lines: 95% simulation error of the mean;"
            " dotted where so few replications differ that it only says how much a rare event may add, none where nothing can"
            " be said. Of the merger {maps}; one draw of endowments, central parameters: not a forecast.",
            place=named(answer.known.title), months=_(", ").join(map(month, asked.at)), note=named(kind.note),
            n=asked.replications, seed=asked.seed, maps=answer.known.maps(asked.replications),
        )  # fmt: skip
        return draw_panels(answer.tables[kind.name], kind.shown, answer.known.outcomes, **answer.worded(caption))


@dataclass(frozen=True, kw_only=True)
class Contrasts(Study):
    """What strategies add to another one, in the same replications.

    Attributes
    ----------
    strategies : names, or mapping of names to policies
    outcomes : tuple of str
    against : str
        Strategy that all others are held against; left out: the baseline.
    pairs : dict of str to pair of str
        Further differences by a name for them, the first of the pair less the second.
    """

    shown: ClassVar[Panels] = Panels(by=("outcome", "at"))
    strategies: Strategies
    outcomes: tuple[str, ...]
    against: str = ""
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "outcomes", names(self.outcomes, "outcomes", error=DesignError))

    @abstractmethod
    def sentence(self, table: "pd.DataFrame") -> str:
        """Answer the question in words, with intervals, from ``at, strategy, outcome, unit, value, low, high, differs``.

        Too few replications with any difference, see ``differs``, give no interval: ``low, high`` are NaN.
        """

    def answer(self, runs: Runs) -> Answer:
        """Run all strategies, and take differences in the same replications."""
        import pandas as pd

        worlds = {name: name for name in (self.against, *self.strategies)}
        found = runs.compare(self.name, worlds, self.outcomes, self.replications, at=self.at)
        others = {name: (name, self.against) for name in worlds if name != self.against}
        rows = []
        for at in self.at:
            for label, (one, other) in (others | dict(self.pairs)).items():
                for name in self.outcomes:
                    outcome = runs.scenario.outcomes[name]
                    x = paired(found.of(one, name, at), found.of(other, name, at))
                    difference = difference_interval(x, outcome.bounds)
                    row = {"at": at, "strategy": label, "outcome": name, "unit": outcome.unit}
                    rows.append(row | difference.row())
        table = pd.DataFrame(rows)
        return self.said(self.sentence(table), {self.name: table})
