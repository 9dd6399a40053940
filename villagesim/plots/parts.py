"""Attribution: the parts of a change, and each policy among the others beside what is lost without it."""

from typing import TYPE_CHECKING

from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import draw_whiskers, series_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NO_PARTS = ("level", "change")
"""Kinds of steps that are sums of the others."""


def draw_parts(
    steps: "pd.DataFrame", together: "pd.DataFrame", unit: str, change: str, title: str, caption: str
) -> "Figure":
    """Draw the steps with their intervals, and the policies beside them.

    Parameters
    ----------
    steps : DataFrame
        ``step, kind, value, low, high``.
    together : DataFrame
        ``policy`` and ``shapley, left_out`` with their ends.
    unit : str
        Of the outcome.
    change : str
        The whole change in words.
    """
    from matplotlib import pyplot as plt

    parts = steps[~steps["kind"].isin(NO_PARTS)]
    with drawn():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(inches(), (38 + 9 * max(len(parts), 5)) / MM), layout="constrained"
        )
        axis = f"{unit}; 95% intervals of the mean"
        draw_whiskers(
            left, [step.replace("_", " ") for step in parts["step"]], [series_of(parts, "value", "low", "high")], axis
        )
        left.set_title(f"The parts of {change} (they add up)")
        draw_policies(right, together, axis)
        title_and_caption(figure, title, caption)
    return figure


def draw_policies(ax: "Axes", together: "pd.DataFrame", axis: str) -> None:
    """Draw what each policy adds on average and what is lost without it: apart where policies act on each other."""
    series = [
        series_of(together, key, f"{key}_low", f"{key}_high", label=label)
        for key, label in (("shapley", "share of what all add (Shapley)"), ("left_out", "lost without it alone"))
    ]
    draw_whiskers(ax, [policy.replace("_", " ") for policy in together["policy"]], series, axis)
    ax.set_title("Policies: apart where they act on each other")
