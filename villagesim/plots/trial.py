"""The effects of a policy for villages chosen by lot: on those it reaches, on all others, and as a trial would see it."""

from typing import TYPE_CHECKING

from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import Series, draw_whiskers

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw_trial(table: "pd.DataFrame", title: str, unit: str, replications: int, maps: str, what: str) -> "Figure":
    """Draw each effect as a dot with its interval.

    Parameters
    ----------
    table : DataFrame
        ``effect, mean, low, high``.
    maps : str
        Those of the merger that it rests on, in words.
    what : str
        Outcome, policy and month.
    """
    import matplotlib.pyplot as plt

    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), 55 / MM), layout="constrained")
        series = Series("", *(table[column].to_numpy(float) for column in ("mean", "low", "high")))
        draw_whiskers(ax, list(table["effect"]), [series], f"{unit}; 95% intervals of the mean")
        rests_on = f"{maps[0].upper()}{maps[1:]}, central parameters: not a forecast."
        caption = f"{what}. {replications} replications, each with and without the policy. {rests_on}"
        title_and_caption(figure, title, caption)
    return figure
