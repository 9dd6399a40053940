"""What is said beside an answer, of tables made by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from villagesim.questions.asides import race
from villagesim.questions.setting import Setting

NAMES = ("nothing but the merger", "five integrations", "land trust", "both")
INFINITE = (-np.inf, np.inf)


@pytest.mark.parametrize(
    ("leads", "dropped", "said"),
    [
        (((-12_060, 0), (-11_812, 0), (-600, 40), (-40, 600)), 4 * [np.nan], "; may be the best (95%): land trust, both."),
        (((-12_060, 0), INFINITE, INFINITE, (0, 600)), 4 * [np.nan], "five integrations, land trust, both."),
        (((-12_060, 0), (-9, 5), (-600, 40), (-40, 600)), [20, 20, np.nan, np.nan], "(95%): land trust, both."),
        (
            ((-12_060, 0), (-11_812, 0), (-600, 0), (0, 600)), 4 * [np.nan],
            "both by the 95% intervals of all 12 replications, but the race, which may end with any of them, is not decided.",
        ),
        (4 * [(np.nan, np.nan)], 4 * [np.nan], "(95%): nothing but the merger, five integrations, land trust, both."),
    ],
)  # fmt: skip
def test_who_may_still_be_the_best_is_who_has_not_fallen_behind_for_sure(one_town, leads, dropped, said) -> None:
    """A lead that ends at nothing is none: whoever has it is not named among those that may be the best."""
    low, high = zip(*leads, strict=True)
    table = pd.DataFrame(
        {"outcome": "collective_income", "strategy": NAMES, "lead_low": low, "lead_high": high, "best": False,
         "same": False, "too_sparse": False, "dropped_after": dropped, "margin": 8_697.0}
    )  # fmt: skip
    answer = SimpleNamespace(
        tables={"race": table, "undefined": pd.DataFrame({"outcome": []})}, known=Setting.of(one_town),
        runs=pd.DataFrame({"strategy": NAMES[:1] * 12, "replication": range(12)}),
    )  # fmt: skip
    (line,) = race(answer)
    assert line.startswith("Best by collective_income: ")
    assert line.endswith(said)
    assert ("not known after 12 replications" in line) == (said.count("race") == 0)
