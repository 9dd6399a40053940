"""Contrasts over draws, against the question that compares strategies over the same draws."""

import numpy as np
import pytest

from villagesim.errors import DesignError
from villagesim.policies import FiveIntegrations, LandTrust
from villagesim.questions import DrawnContrasts, Uncertainty

DRAWS, MONTH = 3, "2023-12"
STRATEGIES = {
    "trusts": [LandTrust(start="2021-01-01")],
    "people": [FiveIntegrations(start="2022-01-01", facilitators=4)],
}
OUTCOMES = ("income_per_resident", "real_integration")


class Two(DrawnContrasts):
    """What two policies bring."""

    name = "two"
    note = "Two policies."

    def sentence(self, table):
        return self.words(table.to_dict("records")[0])


@pytest.fixture(scope="module")
def answer(one_town):
    question = Two(
        strategies=STRATEGIES,
        pairs={"one less the other": ("people", "trusts")},
        outcomes=OUTCOMES,
        at=(MONTH,),
        draws=DRAWS,
    )
    return question.ask(one_town, workers=1)


def test_differences_and_bands_are_those_of_the_comparison_over_draws(one_town, answer):
    known = Uncertainty(strategies=STRATEGIES, draws=DRAWS).ask(one_town, workers=1)
    table = answer.tables["two"].set_index(["strategy", "outcome"])
    same = {
        "mean": "value",
        **{end: end for end in ("low", "high", "chance_low", "chance_high", "total_low", "total_high")},
    }
    for name in OUTCOMES:
        for row in known.table(name, MONTH).to_dict("records"):
            if row["strategy"] in STRATEGIES:
                mine = table.loc[(row["strategy"], name)]
                assert [mine[column] for column in same.values()] == pytest.approx([row[c] for c in same], nan_ok=True)
        both = [table.loc[(label, name), "value"] for label in ("people", "trusts", "one less the other")]
        assert both[2] == pytest.approx(both[0] - both[1])
    assert table["margin"].gt(0).all()
    assert answer.asked.against == one_town.baseline


def test_the_figure_says_what_it_rests_on(answer):
    figure = answer.figure()
    caption = figure.get_supxlabel().replace("\n", " ")
    assert f"{DRAWS} draws of all that is not well known, 2 replications each, seed 1" in caption
    assert [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()] == [
        f"{name}, {MONTH}" for name in ("trusts", "people", "one less the other")
    ]


def test_a_difference_is_said_in_its_unit_or_another():
    ends = {"low": 1_000.0, "high": 3_000.0, "chance_low": 0.0, "chance_high": 4_000.0}
    row = {"value": 2_000.0, "unit": "yuan", "uncertain_low": np.nan, "uncertain_high": np.nan} | ends
    assert Two.words(row) == "+2,000 yuan (1,000 to 3,000)"
    assert Two.words(row, "thousand", 1000) == "+2 thousand (1 to 3)"
    assert (
        Two.words(row, bands=True)
        == "+2,000 yuan (one county's luck: 0 to 4,000; what is not known: cannot be told from luck)"
    )
    share = dict.fromkeys(row, 0.1) | {"unit": "share of villages", "low": np.nan}
    assert Two.words(share) == "+10 points"


def test_one_draw_is_refused():
    with pytest.raises(DesignError, match="draws = 1"):
        Two(strategies=STRATEGIES, outcomes=OUTCOMES, at=(MONTH,), draws=1)
