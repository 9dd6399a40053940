"""The step of the decrees beside the first figure: what they alone make of income, villages, and income per village."""

from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots import style
from villagesim.plots.captions import heading, wrapped
from villagesim.plots.style import COLOURS, MM, PANEL_TITLE, SMALL, inches
from villagesim.wording import month, number, sums

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NARROW = 170.0
"""A narrower figure has its step below the legend, and fewer columns [mm]."""
STEP = {"all": marked("Income of all villages"), "villages": marked("Villages"), "each": marked("Income per village")}
ASIDE = 80.0
"""What is said above and below the bars begins so far left of them, where their names do [points]."""
NEARLY = 0.01
"""A mean of numbers of villages that is so near to a whole one is that number in all runs."""
SAME_MONEY = 1.0
"""So little is about the same [per cent]."""


def is_narrow() -> bool:
    """Whether there is no room for the step beside the legend."""
    return MM * inches() < NARROW - 0.5


def draw_step(ax: "Axes", step: "pd.DataFrame") -> "Axes":
    """Draw what one decree, or several together, do, in per cent of the month of the first one without merger."""
    y = np.arange(len(step))
    after = 100 * step["after"].to_numpy(float) / step["before"].to_numpy(float)
    bars: dict[str, Any] = {"height": 0.34, "edgecolor": "#333333", "lw": 0.6}
    ax.barh(y - 0.19, np.full(len(step), 100.0), color="white", **bars)
    ax.barh(y + 0.19, after, color=COLOURS[7], **bars)
    for k, row in enumerate(step.itertuples()):
        per, unit = (1.0, "") if row.what == "villages" else sums((row.before, row.after))
        said = f"{number(row.before / per)} \N{RIGHTWARDS ARROW} {number(row.after / per)} {unit}".rstrip()
        if row.what == "villages" and abs(row.after - round(row.after)) > NEARLY:
            said = _("{change} (mean)", change=said)
        ax.text(max(100.0, after[k]) + 4, k, said, va="center", fontsize=SMALL)
    ax.set_yticks(y, [named(STEP[str(what)]) for what in step["what"]])
    ax.set_ylim(len(step) - 0.5, -0.5)
    ax.set_xlim(0, (3.6 if is_narrow() else 2.4) * max(after.max(), 100))
    ax.set_xticks([])
    n, (money, villages, _each) = int(step["decrees"].iloc[0]), after
    at = month(str(step["month"].iloc[0]))
    said = (
        _("upper: no merger, end of {month}; lower: merged", month=at)
        if n == 1
        else _("upper: no merger, end of {month}; lower: all {n} steps taken", month=at, n=n)
    )
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(left=False)
    what = _("The decree") if n == 1 else _("{n} decrees", n=n)
    same = abs(money - 100) < SAME_MONEY and villages < 100
    title = (
        _("{what}: about the same money, fewer villages", what=what)
        if same
        else _("{what}: what is changed", what=what)
    )
    room = inches() * (1 - ax.get_position().x0) + ASIDE / 72 - 0.05
    beside: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    strong: dict[str, Any] = {"fontsize": PANEL_TITLE, "fontweight": style.strong()}
    ax.annotate(heading(title, room), (0, 1), (-ASIDE, 4), va="bottom", **strong, **beside)
    ax.annotate(wrapped(said, room), (0, 0), (-ASIDE, -3), va="top", fontsize=SMALL, **beside)
    return ax
