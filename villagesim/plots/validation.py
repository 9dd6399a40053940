"""Published numbers beside the intervals in which they were foretold."""

from typing import TYPE_CHECKING

from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import Series, draw_whiskers

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def draw_validation(table: "pd.DataFrame", caption: str) -> "Figure":
    """Draw the 90% interval of each number about what was published, in halves of its width.

    Parameters
    ----------
    table : DataFrame
        ``id, place, published, median, low_90, high_90, seen``; the first on top.
    """
    import matplotlib.pyplot as plt

    half = (table["high_90"] - table["low_90"]) / 2
    value, low, high = ((table[name] - table["published"]) / half for name in ("median", "low_90", "high_90"))
    rows = [
        f"{row['id']} {row['place'].partition(' (')[0]}{' *' if row['seen'] else ''}"
        for row in table.to_dict("records")
    ]
    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), (22 + 5.2 * len(rows)) / MM), layout="constrained")
        series = Series("", *(each.to_numpy(float) for each in (value, low, high)))
        draw_whiskers(ax, rows, [series], "foretold less published, in halves of the 90% interval", names=0.45)
        title_and_caption(figure, "What was foretold of other places", f"{caption} *: had been looked at before.")
    return figure
