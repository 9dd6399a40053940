"""Published numbers beside the intervals in which they were foretold."""

import re
from typing import TYPE_CHECKING

from villagesim.languages import _, chinese
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
        f"{row['id']} {place_in_words(row['place'])}{' *' if row['seen'] else ''}" for row in table.to_dict("records")
    ]
    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), (22 + 5.2 * len(rows)) / MM), layout="constrained")
        series = Series("", *(each.to_numpy(float) for each in (value, low, high)))
        draw_whiskers(ax, rows, [series], _("foretold less published, in halves of the 90% interval"), names=0.45)
        caption = _("{caption} *: had been looked at before.", caption=caption)
        title_and_caption(figure, _("What was foretold of other places, about what was published"), caption)
    return figure


def place_in_words(name: str) -> str:
    """Name of a place without what explains it; in Chinese as it is called there, where that is known."""
    own = re.search(r"\(([\u4e00-\u9fff]+)\)", name)
    if chinese():
        return own[1] if own else name
    return name.partition(" (")[0]
