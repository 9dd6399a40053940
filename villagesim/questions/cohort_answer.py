"""What strategies add in many counties: tables, one figure of all counties and one of provinces, and a file for Stata."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from villagesim.errors import DesignError, StoreError, nearest
from villagesim.languages import _, named
from villagesim.questions.answer import Answer
from villagesim.runs.exports import USUAL_FORMATS, short_names
from villagesim.runs.store import Store
from villagesim.runs.writing import write_whole
from villagesim.wording import month, one_after_another, quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class CohortAnswer(Answer):
    """What strategies add in many counties."""

    @property
    def runs(self) -> "pd.DataFrame":
        """Never all at once: see :func:`villagesim.runs.cohort.dataset`.

        Raises
        ------
        StoreError
        """
        raise StoreError(
            "the runs of a cohort are too many for one table.",
            fix="Read what you need from its folder: villagesim.runs.cohort.dataset(folder).to_table(...).",
        )

    def drawing(self, name: str) -> Any:
        """What draws a figure, which may take a strategy and an outcome of its own."""
        return partial(drawn_cohort, self, name)

    def write(self, store: Store, figures: Any = USUAL_FORMATS, width: float | None = None) -> None:
        """Write all of it, and the table of the roll-out for Stata too."""
        if "panel" in self.tables:
            table = self.tables["panel"]
            table.columns = [name.replace(".", "_") for name in short_names(map(str, table.columns))]
            stamp = datetime(2000, 1, 1)  # so that the same table gives the same bytes
            write_whole(
                store.writing / "tables" / "panel.dta",
                lambda file: table.to_stata(file, write_index=False, version=118, time_stamp=stamp),
            )
        super().write(store, figures, width)


def drawn_cohort(answer: Answer, name: str, strategy: str | None = None, outcome: str | None = None) -> "Figure":
    """Draw a figure, of one strategy, and of one outcome where that is asked for."""
    from villagesim.plots.cohort import draw_forest, draw_provinces

    known, strategies = answer.known, answer.facts["strategies"]
    strategy = strategy or strategies[0]
    if strategy not in strategies:
        raise DesignError(f"the cohort has no strategy {strategy!r}.", fix=nearest(strategy, strategies))
    outcomes = list(dict.fromkeys(answer.tables["effects"]["outcome"]))
    if outcome is not None and outcome not in outcomes:
        raise DesignError(f"the cohort has no outcome {outcome!r}.", fix=nearest(outcome, outcomes))
    tables = {key: table[table["strategy"] == strategy] for key in ("cohort", "effects", "provinces")
              for table in (answer.tables[key],)}  # fmt: skip
    about = answer.asked
    caption = _(
        "What '{strategy}' adds to '{against}', counties: {n} ({refused} refused), replications of each: {replications}, seed"
        " {seed}, at {at}.",
        strategy=named(strategy, "strategy"), against=named(answer.facts["against"], "strategy"),
        n=tables["effects"]["county"].nunique(),
        refused=len(answer.tables["refused"]), replications=about.replications, seed=about.seed,
        at=_("the end of {month}", month=month(about.at)) if about.at else _("the end of each run"),
    )  # fmt: skip
    if others := [other for other in strategies if other != strategy]:
        also = _("Not drawn here: {strategies}.", strategies=_(", ").join(map(quoted, others)))
        caption = one_after_another((caption, also))
    if name == "cohort":
        titles = {each: named(known.outcomes[each].title) for each in ([outcome] if outcome else outcomes)}
        title = _("What {strategy} adds, county by county", strategy=quoted(strategy))
        return draw_forest(tables["effects"], tables["cohort"], titles, title, caption)
    outcome = outcome or outcomes[0]
    own, title = tables["provinces"], _("What {strategy} adds, by province", strategy=quoted(strategy))
    return draw_provinces(own[own["outcome"] == outcome], named(known.outcomes[outcome].title), title, caption)
