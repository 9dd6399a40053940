"""The first figure: income, integration in fact, and what the merger's arithmetic does to the published share.

Where nothing merges: income, trust and debt, and the published share.
"""

from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from villagesim.outcomes import Outcome
from villagesim.plots.style import settings
from villagesim.plots.trajectories import draw_trajectories, marks_in_words, number_marks, years

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


MIDDLE = {
    True: (
        ("real_integration", 1.0, "share of milestones", "B  Integration in fact"),
        ("accounts_per_village", 1.0, "accounts per village", "B  ... and accounts kept apart"),
    ),
    False: (("trust", 1.0, "index, 0 to 1", "B  Trust"), ("debt", 1e6, "million yuan, all accounts", "B  Debt")),
}
"""Outcomes of the panels in the middle, where villages merge and where they do not."""


def draw_overview(
    tables: "Mapping[str, pd.DataFrame]",
    outcomes: Mapping[str, Outcome],
    marks: Mapping[str, str],
    caption: str,
    share: str,
    mechanical: str | None = None,
) -> "Figure":
    """Draw three panels: income per village and per resident; integration and accounts; published and mechanical share.

    Parameters
    ----------
    tables : dict
        Trajectories by outcome, see :meth:`villagesim.questions.comparison.Comparison.trajectories`.
    outcomes : dict
        The outcomes themselves.
    share : str
        Outcome with the published share.
    mechanical : str, optional
        Outcome with what summing alone makes of it, at the same level; where villages merge.
    """
    import matplotlib.pyplot as plt

    with plt.rc_context(settings()):
        figure = plt.figure(figsize=(12.5, 6.6), layout="constrained")
        grid = figure.add_gridspec(2, 3)
        income, resident = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        upper, lower = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        right = figure.add_subplot(grid[:, 2])
        merges = mechanical is not None
        panels = (
            (income, "collective_income", 1000.0, "thousand yuan per village", "A  Collective income per village"),
            (resident, "income_per_resident", 1.0, "yuan per resident", "A  ... and per resident"),
            (upper, *MIDDLE[merges][0]),
            (lower, *MIDDLE[merges][1]),
            (right, share, 0.01, "% of villages", f"C  {outcomes[share].title}"),
        )
        for ax, name, per, label, title in panels:
            draw_trajectories(ax, tables[name], outcomes[name], marks, per=per, label=label)
            ax.set_title(title, pad=14)
            number_marks(ax, marks)
        explain_step(income, tables["collective_income"], marks)
        if mechanical is not None:
            draw_mechanical(right, tables[mechanical])
        handles, names = right.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=min(len(names), 6), frameon=False)
        lines = f" Dotted lines: {marks_in_words(marks)}." if marks else ""
        figure.suptitle("\n".join(wrap(caption + lines, 175)), fontsize=9, x=0.01, ha="left")
    return figure


def explain_step(ax: "Axes", table: "pd.DataFrame", marks: Mapping[str, str]) -> None:
    """Point at the step that comes from dividing the same money by fewer villages."""
    if marks.get("decree") not in set(table["month"]):
        return
    own = table[table["strategy"] == table["strategy"].iloc[-1]]
    before, after = float(own["median"].iloc[0]), float(own.loc[own["month"] == marks["decree"], "median"].iloc[0])
    x, middle = years([marks["decree"]])[0], (before + after) / 2000
    ax.annotate("same money,\nfewer villages", (x, middle), (8, 0), textcoords="offset points", fontsize=8, va="center")


def draw_mechanical(ax: "Axes", table: "pd.DataFrame") -> None:
    """Draw the mechanical share as points over the published one: once, and for strategies with a map of their own."""
    drawn: list[bytes] = []
    for strategy, rows in table.groupby("strategy", sort=False):
        shares = 100 * rows["median"].to_numpy()
        if shares.tobytes() in drawn:
            continue
        own = f", map of {strategy}" if drawn else ""
        drawn.append(shares.tobytes())
        ax.plot(
            years(list(rows["month"]))[::3], shares[::3], "os^vD"[min(len(drawn), 5) - 1], ms=4, mfc="white", mec="#444444",
            mew=0.9, label=f"mechanical: summing the parts only{own}", zorder=3,
        )  # fmt: skip
