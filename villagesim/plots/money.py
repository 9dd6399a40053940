"""Money: what each pocket has gained and paid so far, and the cost of every strategy beside its effect, with its cloud."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from villagesim.languages import _, marked, named
from villagesim.plots.captions import heading, legend_below, title_and_caption, wrapped
from villagesim.plots.months import draw_ends, months_below, years
from villagesim.plots.style import COLOURS, LEAST, MM, TEXT, abreast, drawn, inches, look, strategy_name
from villagesim.plots.whiskers import tick_text
from villagesim.wording import back_by, real, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POCKETS = {
    "cost": (marked("paid by the county's fund"), COLOURS[3], (0, (4, 1.5)), "P"),
    "saving": (marked("saved by the county"), COLOURS[7], (0, (1, 1)), "s"),
    "collectives": (marked("income of collectives"), COLOURS[2], "-", "o"),
    "households": (marked("paid to households (apart)"), COLOURS[4], (0, (6, 1.5, 1, 1.5)), "D"),
}
"""Columns, and how they are called and drawn."""
PAID_BACK, COST = (
    marked("What each pocket has paid and gained so far, strategy by strategy"),
    marked("What each strategy costs, and what it brings"),
)


def draw_pockets(table: "pd.DataFrame", caption: str = "", ends: Mapping[str, Sequence[str]] | None = None) -> "Figure":
    """Draw sums since the start by pocket, a panel a strategy; a triangle where all together is no longer below nothing.

    Parameters
    ----------
    table : DataFrame
        ``strategy, order, month``, a column of `POCKETS` each and ``balance`` [yuan since the start, beyond the baseline];
        ``pays_back``, the month of the triangle, ``-`` where there is none; ``pays``, the verdict on the balance, and of draws
        ``share_paid_back``.
    ends : dict, optional
        Months in which policies of a strategy end, by its name.
    """
    import matplotlib.pyplot as plt

    strategies = list(dict.fromkeys(table["strategy"]))
    columns = abreast(len(strategies), 58.0)
    rows = -(-len(strategies) // columns)
    with drawn():
        per, unit = sums(table[[*POCKETS, "balance"]].to_numpy(float).flat)
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(inches(), (45 if rows <= 4 else 38) * rows / MM),
            layout="constrained",
            squeeze=False,
            sharex=True,
            sharey=True,
        )
        for k, (ax, strategy) in enumerate(zip(axes.flat, strategies, strict=False)):
            own = table[table["strategy"] == strategy]
            draw_balance(ax, own, per)
            draw_ends(ax, (ends or {}).get(strategy, ()))
            name = strategy_name(strategy, int(own["order"].iloc[0]))
            ax.set_title(heading(name, inches() / columns - 0.4), pad=5 + 1.3 * LEAST)
            said = back_by(last := own.iloc[-1], until=last["month"])
            ax.annotate(said, (0, 1), (0, 4), xycoords="axes fraction", textcoords="offset points", fontsize=LEAST)
            ax.tick_params(labelbottom=k + columns >= len(strategies))
        for ax in axes.flat[len(strategies) :]:
            ax.set_axis_off()
        for ax in axes[:, 0]:
            ax.set_ylabel(_("{unit} so far", unit=real("yuan", unit)))
        legend_below(figure, *axes.flat[0].get_legend_handles_labels())
        title_and_caption(figure, PAID_BACK, caption)
    return figure


def draw_balance(ax: "Axes", rows: "pd.DataFrame", per: float) -> "Axes":
    """Draw the pockets of one strategy, and all together; sums are divided by ``per``."""
    x = years(list(rows["month"]))
    for column, (label, colour, dash, marker) in POCKETS.items():
        sign = -1.0 if column == "cost" else 1.0
        ax.plot(
            x, sign * rows[column] / per, color=colour, ls=dash, lw=1.1, marker=marker, ms=3, mfc="white",
            markevery=(6, 18), label=named(label),
        )  # fmt: skip
    balance = rows["balance"].to_numpy(float) / per
    ax.plot(x, balance, color="black", lw=1.7, label=_("county and collectives together"))
    ax.axhline(0, color="#333333", lw=0.6)
    if (back := str(rows["pays_back"].iloc[0])) != "-":
        ax.plot(years([back]), [0], "^", color="black", ms=5, mec="white", mew=0.5, zorder=4)
    ax.yaxis.set_major_formatter(tick_text)
    months_below(ax, 4)
    ax.grid(axis="y", lw=0.3, alpha=0.5)
    return ax


def draw_cost_and_effect(table: "pd.DataFrame", what: str, caption: str = "") -> "Figure":
    """Draw cost and effect of every strategy at the end: a small dot a run, a large one their mean.

    Parameters
    ----------
    table : DataFrame
        ``strategy, order``, and ``cost`` and ``effect`` [yuan since the start]; a row a unit and strategy.
    what : str
        What the effect is, in words.
    """
    import matplotlib.pyplot as plt

    with drawn():
        per, unit = sums(table[["cost", "effect"]].to_numpy(float).flat)
        figure, ax = plt.subplots(figsize=(inches(), 95 / MM), layout="constrained")
        for strategy, own in table.groupby("strategy", sort=False):
            order = int(own["order"].iloc[0])
            how = look(order)
            marker, name = how.marker or "o", strategy_name(str(strategy), order)
            x, y = own["cost"] / per, own["effect"] / per
            ax.plot(x, y, marker, color=how.colour, ms=3.5, alpha=0.7, mew=0)
            ax.plot(
                x.mean(),
                y.mean(),
                marker,
                color=how.colour,
                ms=7,
                mec="black",
                mew=0.7,
                label=name,
            )
        high = max(float(table["cost"].max()), 0.0) / per
        ax.plot([0, high], [0, high], color="#595959", lw=0.8, ls=(0, (4, 2)), label=_("as much as it costs"))
        ax.axhline(0, color="#333333", lw=0.6)
        ax.set_xlabel(_("cost since the start, beyond the baseline [{unit}]", unit=real("yuan", unit)))
        ax.set_ylabel(wrapped(_("{words} [{unit}]", words=what, unit=real("yuan", unit)), 2.5, TEXT))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(tick_text)
        ax.grid(lw=0.3, alpha=0.5)
        legend_below(figure, *ax.get_legend_handles_labels())
        title_and_caption(figure, COST, caption)
    return figure
