"""The figure of a forecast: readings of one date stand together, and figures are written as people read them."""

import pandas as pd
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.plots.forecast import draw_forecast


def test_readings_of_one_date_stand_together() -> None:
    """Before, they were spread over the whole axis as if they were three dates, and 3000 had no separator."""
    quantiles = {"q05": 800.0, "q25": 1e3, "q50": 1.2e3, "q75": 2e3, "q95": 3e3}
    rows = [
        {"outcome": "debt", "reading": reading, "unit": "yuan, all accounts", "at": "2021-12", **quantiles}
        for reading in ("real", "nominal", "reported")
    ]
    figure = draw_forecast(pd.DataFrame(rows), "What will be shown", "One date.")
    (low, high), ax = figure.axes[0].get_xlim(), figure.axes[0]
    medians = [line.get_xdata()[0] for line in ax.lines]
    assert max(medians) - min(medians) < (high - low) / 3
    figure.canvas.draw()
    assert "3,000" in {label.get_text() for label in ax.get_yticklabels()}
    assert faults(figure) == []
    plt.close("all")
