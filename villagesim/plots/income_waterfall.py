"""From the first day's income per village to the last: what is arithmetic, what is trend, what the merger and policy did."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.plots.captions import title_and_caption, wrapped
from villagesim.plots.style import COLOURS, MM, SMALL, drawn, inches
from villagesim.plots.whiskers import tick_text, width_of
from villagesim.wording import number, real, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "How much of the rise of income per village is arithmetic, trend, merger, policy"
SHADES = {"level": "#444444", "arithmetic": COLOURS[0], "trend": COLOURS[7], "merger": COLOURS[3], "policy": COLOURS[4]}


def draw_income_waterfall(table: "pd.DataFrame", axes: "Sequence[Axes] | None" = None, caption: str = "") -> "Figure":
    """Draw the steps from start to end, and beside them the merger's and the policy's part on a scale of their own.

    Parameters
    ----------
    table : DataFrame
        ``step`` (words), ``kind`` (level, arithmetic, trend, merger, policy), ``value`` [yuan per village and year] with its
        simulation error ``low, high`` and one county's chance ``band_low, band_high``; levels first and last, and the
        changes between them add up.
    axes : sequence of two axes, optional
        By default of a figure of its own.

    Raises
    ------
    ValueError
        Where the parts do not add up to the end.
    """
    import matplotlib.pyplot as plt

    changes = table[table["kind"] != "level"]
    ends = table.loc[table["kind"] == "level", "value"].to_numpy(float)
    if not np.isclose(ends[0] + changes["value"].sum(), ends[-1], rtol=1e-9) and np.isfinite(ends).all():
        raise ValueError(f"the parts do not add up: {ends[0]} + {changes['value'].sum()} is not {ends[-1]}")
    with drawn():
        own = axes is None
        if axes is None:
            _, grid = plt.subplots(1, 2, figsize=(inches(), 82 / MM), layout="constrained", width_ratios=(2.1, 1))
            axes = list(grid)
        _draw_steps(axes[0], table)
        _draw_zoom(axes[1], table[table["kind"].isin(("merger", "policy"))])
        figure: Figure = axes[0].figure.figure  # type: ignore[assignment]
        if own:
            title_and_caption(figure, TITLE, caption)
    return figure


def _draw_steps(ax: "Axes", table: "pd.DataFrame") -> None:
    level, tops = 0.0, []
    for x, row in enumerate(table.itertuples()):
        value = float(row.value) / 1000
        below, above = (0.0, value) if row.kind == "level" else sorted((level, level + value))
        ax.bar(
            x, above - below, bottom=below, color=SHADES[str(row.kind)], width=0.62, lw=1.2,
            edgecolor=SHADES[str(row.kind)],
        )  # fmt: skip
        moved = value if row.kind == "level" else level + value
        if np.isfinite(row.band_low) and np.isfinite(row.band_high):
            shift = 0.0 if row.kind == "level" else level
            ends = (shift + row.band_low / 1000, shift + row.band_high / 1000)
            ax.plot([x, x], ends, color="black", lw=1.0, marker="_", ms=7)
            above = max(above, *ends)
        if np.isfinite(above):
            said = number(value) if row.kind == "level" else signed(value)
            ax.annotate(
                said, (x, above), (0, 3), textcoords="offset points", ha="center", fontsize=SMALL, weight="bold"
            )
            tops.append(above)
        if x < len(table) - 1 and np.isfinite(moved):
            ax.plot([x + 0.31, x + 0.69], [moved, moved], color="#777777", lw=0.7)
        level = moved
    ax.set_xticks(range(len(table)), [wrapped(str(step), 0.75 * width_of(ax) / len(table)) for step in table["step"]])
    ax.set_ylim(0, 1.12 * max(tops, default=1.0))
    ax.yaxis.set_major_formatter(tick_text)
    ax.set_ylabel(real("thousand yuan per village and year"))
    ax.set_title("From start to end, step by step (the parts add up)")


def _draw_zoom(ax: "Axes", table: "pd.DataFrame") -> None:
    names = []
    for x, row in enumerate(table.itertuples()):
        numbers = np.array([row.value, row.low, row.high, row.band_low, row.band_high], float) / 1000
        value, low, high, band_low, band_high = numbers
        colour = SHADES[str(row.kind)]
        ax.plot([x, x], [band_low, band_high], color=colour, lw=1.2, marker="_", ms=12)
        ax.plot([x, x], [low, high], color=colour, lw=6, alpha=0.5, solid_capstyle="butt")
        ax.plot(x, value, "o", color=colour, ms=5, mec="white")
        said = (
            f"{signed(value)}\n({signed(low)} to {signed(high)})" if np.isfinite(numbers[:3]).all() else signed(value)
        )
        names.append(f"{wrapped(str(row.step), 0.9)}\n{said}")
    ax.axhline(0, color="#333333", lw=0.8)
    ax.set_xticks(range(len(table)), names)
    ax.set_xlim(-0.5, len(table) - 0.5)
    ax.yaxis.set_major_formatter(tick_text)
    ax.set_title("The last two steps, enlarged")
    ax.set_xlabel("thick: simulation error (95%);\nthin: one county's chance")
    ax.grid(axis="y", lw=0.4, alpha=0.5)
