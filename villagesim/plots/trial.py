"""The effects of a policy for villages chosen by lot: on those it reaches, on all others, and as a trial would see it."""

from typing import TYPE_CHECKING

from villagesim.languages import _, named
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import Series, draw_whiskers
from villagesim.wording import scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw_trial(table: "pd.DataFrame", unit: str, title: str, caption: str) -> "Figure":
    """Draw each effect as a dot with its interval.

    Parameters
    ----------
    table : DataFrame
        ``effect, mean, low, high``.
    """
    import matplotlib.pyplot as plt

    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), 55 / MM), layout="constrained")
        per, unit = scale(unit, float(table["mean"].abs().max()))
        series = Series("", *(table[column].to_numpy(float) / per for column in ("mean", "low", "high")))
        xlabel = _("{unit}; 95% intervals of the mean", unit=unit)
        draw_whiskers(ax, list(map(named, table["effect"])), [series], xlabel)
        title_and_caption(figure, title, caption)
    return figure
