"""Attribution: the parts of a change, and each policy among the others beside what is lost without it."""

from typing import TYPE_CHECKING

from villagesim.languages import _, marked, named
from villagesim.plots.captions import heading, title_and_caption
from villagesim.plots.style import MM, abreast, drawn, inches
from villagesim.plots.whiskers import dotted_in_words, draw_whiskers, series_of
from villagesim.statistics.differences import never_differs
from villagesim.wording import divided, label_in_words, one_after_another, real, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NO_PARTS = ("level", "change")
"""Kinds of steps that are sums of the others."""
SERIES = {"shapley": marked("share of what all add (Shapley)"), "left_out": marked("lost without it alone")}
"""What is drawn of each policy."""
LEAST_PANEL = 75.0
"""Width of a panel [mm]."""


def draw_parts(steps: "pd.DataFrame", together: "pd.DataFrame", unit: str, title: str, caption: str) -> "Figure":
    """Draw the steps with their intervals, and the policies beside them.

    Parameters
    ----------
    steps : DataFrame
        ``step, kind, value, low, high, differs``; the last is the whole change.
    together : DataFrame
        ``policy`` and ``shapley, left_out`` with their ends, drawn as the step of the policy lets them be seen.
    unit : str
        Of the outcome.
    """
    import pandas as pd
    from matplotlib import pyplot as plt

    per, told = scale(unit, float(steps["value"].abs().max()))
    change, steps = float(steps["value"].iloc[-1]) / per, divided(steps, per, "value", "low", "high")
    together = divided(together, per, *(f"{key}{end}" for key in SERIES for end in ("", "_low", "_high")))
    together = together.merge(steps[["step", "differs"]], left_on="policy", right_on="step", how="left")
    together["differs"] = together["differs"].fillna("-")
    idle = together["differs"].map(str).map(never_differs)
    together.loc[idle & (together[list(SERIES)] != 0).any(axis=1), "differs"] = "-"
    parts = steps[~steps["kind"].isin(NO_PARTS)]
    with drawn():
        columns = abreast(2, LEAST_PANEL)
        size = (inches(), (38 + 9 * max(len(parts), 5)) * 2 / columns / MM)
        figure, axes = plt.subplots(2 // columns, columns, figsize=size, layout="constrained")
        (left, right), room = axes, 0.56 * inches() / columns
        axis = _("{unit}; 95% intervals of the mean", unit=real(unit, told))
        draw_whiskers(left, list(map(label_in_words, parts["step"])), [series_of(parts, "value", "low", "high")], axis)
        left.set_title(heading(_("The parts of {change} {unit} (they add up)", change=signed(change), unit=told), room))
        draw_policies(right, together, axis)
        right.set_title(heading(_("Policies: the two differ where policies act on each other"), room))
        title_and_caption(figure, title, one_after_another((caption, dotted_in_words(pd.concat([parts, together])))))
    return figure


def draw_policies(ax: "Axes", together: "pd.DataFrame", axis: str) -> None:
    """Draw what each policy adds on average and what is lost without it: the two differ where policies act on each other."""
    series = [
        series_of(together, key, f"{key}_low", f"{key}_high", label=named(label)) for key, label in SERIES.items()
    ]
    draw_whiskers(ax, list(map(label_in_words, together["policy"])), series, axis)
