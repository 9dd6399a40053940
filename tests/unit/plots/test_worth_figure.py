"""The figure of themes: what could not be known is said, not left blank as if it were nothing."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.plots.worth import draw_themes, draw_worth

FACTS = {
    "title": "income", "place": "A town", "at": "2022-06",
    "draws": 25, "replications": 1, "seed": 1, "strategies": ["a", "b"], "best": "a",
    "luck_of_themes": 70.0, "unit": "yuan",
}  # fmt: skip


def test_draws_of_named_factors_are_not_said_to_be_of_all_that_is_unknown() -> None:
    row = {
        "factor": "parameters.vote_loss",
        "meaning": "loss",
        "low": 1.0,
        "high": 5.0,
        "unit": "1",
        "beyond_luck": False,
    }
    row |= {f"{name}{end}": 0.0 for name in ("worth", "on_gain", "on_level") for end in ("", "_low", "_high")}
    for named, words in ((False, "all that is not well known"), (True, "the factors that are named")):
        figure = draw_worth(pd.DataFrame([row]), FACTS | {"luck": 1.0, "named": named})
        assert f"25 draws of {words}" in " ".join(figure.get_supxlabel().split())
        axes = [" ".join(ax.get_xlabel().split()) for ax in figure.axes]
        assert axes == ["[yuan, real]", *["over its range [yuan, real]"] * 2]
        assert figure.axes[0].get_yticklabels()[0].get_text().endswith("(1 to 5)"), (
            "what has no unit has none behind it"
        )
        plt.close(figure)


def test_a_theme_of_too_many_things_is_said_to_be_unknown() -> None:
    table = pd.DataFrame(
        {
            "theme": ["Welfare", "Secretaries"], "factors": [5, 30], "worth": [25.0, np.nan], "worth_low": [0.0, np.nan],
            "worth_high": [300.0, np.nan], "beyond_luck": [False, False],
        }
    )  # fmt: skip
    figure = draw_themes(table, FACTS)
    dots, lines = figure.axes[0].collections[1], figure.axes[0].collections[0]
    assert dots.get_offsets()[0].tolist() == [25.0, 0.0], "what it is worth, within its interval"
    assert lines.get_segments()[0].tolist() == [[0.0, 0.0], [300.0, 0.0]]
    assert "a dot, and its 95% interval, a line" in " ".join(figure.get_supxlabel().split())
    assert not figure.axes[0].patches
    (said,) = [text for text in figure.axes[0].texts if "not known: too many things for 25 draws" in text.get_text()]
    assert said.get_position()[1] == 1
    assert faults(figure) == []
    plt.close("all")
