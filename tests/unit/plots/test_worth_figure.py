"""The figure of themes: what could not be known is said, not left blank as if it were nothing."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.plots.worth import draw_themes

FACTS = {
    "title": "income", "place": "A town", "at": "2022-06",
    "draws": 25, "replications": 1, "seed": 1, "strategies": ["a", "b"], "best": "a",
    "luck_of_themes": 70.0, "unit": "yuan",
}  # fmt: skip


def test_a_theme_of_too_many_things_is_said_to_be_unknown() -> None:
    table = pd.DataFrame(
        {
            "theme": ["Welfare", "Secretaries"], "factors": [5, 30], "worth": [25.0, np.nan], "worth_low": [0.0, np.nan],
            "worth_high": [300.0, np.nan], "beyond_luck": [False, False],
        }
    )  # fmt: skip
    figure = draw_themes(table, FACTS)
    (said,) = [text for text in figure.axes[0].texts if "not known: too many things for 25 draws" in text.get_text()]
    assert said.get_position()[1] == 1
    assert faults(figure) == []
    plt.close("all")
