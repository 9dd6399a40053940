"""The figure of who gains and who loses by strategies, by group of constituents."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from villagesim.languages import _
from villagesim.plots.style import note_on_names
from villagesim.questions.fan import Spread
from villagesim.questions.shown import shown
from villagesim.wording import month, one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Grouped(Spread, Protocol):
    """What is needed of an answer besides."""

    @property
    def tables(self) -> "Mapping[str, pd.DataFrame]":
        """Those of the answer, ``distribution`` among them."""


def draw_gains_of(answer: Grouped, strategies: Sequence[str] | None = None) -> "Figure":
    """Draw who gains and who loses, at the end of the run, by the last eight strategies or those that are asked for."""
    from villagesim.plots.distribution import draw_distribution

    table, last = answer.tables["distribution"], answer.months[-1]
    chosen, lost = shown("distribution", strategies, list(table["strategy"].unique()), answer.known)
    when = _("At the end of {month}, {sample}.", month=month(last), sample=answer.sample)
    groups = _(
        "Constituents of merged villages in groups of the first day: thirds by members, thirds by income per member, hosts and"
        " joined parts. Points: differences of means over the members of a group; lines: 95% simulation error, for all groups and"
        " strategies together, on beyond an arrow; a point without a line: too few of the runs differ to say,"
        " at zero none."
    )
    caption = one_after_another((when, groups, answer.rests_on, lost, note_on_names(answer.strategies)))
    return draw_distribution(table[(table["at"] == last) & table["strategy"].isin(chosen)], caption)
