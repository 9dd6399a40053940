"""The effects of a policy for villages chosen by lot: on those it reaches, on all others, and as a trial would see it."""

from typing import TYPE_CHECKING

from villagesim.languages import _, named
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import dotted_in_words, draw_whiskers, series_of
from villagesim.wording import divided, one_after_another, real, scale

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ENDS = ("mean", "low", "high")


def draw_trial(table: "pd.DataFrame", unit: str, title: str, caption: str) -> "Figure":
    """Draw each effect as a dot with its interval.

    Parameters
    ----------
    table : DataFrame
        ``effect, mean, low, high, differs``.
    """
    import matplotlib.pyplot as plt

    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), 55 / MM), layout="constrained")
        per, told = scale(unit, float(table["mean"].abs().max()))
        series = series_of(divided(table, per, *ENDS), *ENDS)
        xlabel = _("{unit}; 95% intervals of the mean", unit=real(unit, told))
        draw_whiskers(ax, list(map(named, table["effect"])), [series], xlabel)
        title_and_caption(figure, title, one_after_another((caption, dotted_in_words(table))))
    return figure
