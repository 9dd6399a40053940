"""Strategies that no font here can write have one number in all figures, and it says which they are."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from villagesim.outcomes import OUTCOMES
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.plots import style
from villagesim.plots.captions import title_and_caption
from villagesim.plots.distribution import draw_distribution
from villagesim.plots.fan import draw_fan
from villagesim.plots.maps import draw_maps
from villagesim.plots.money import draw_cost_and_effect
from villagesim.plots.panels import Panels, draw_panels
from villagesim.plots.robustness import draw_robustness
from villagesim.plots.style import drawn, note_on_names, strategy_name
from villagesim.plots.sweeps import draw_heat_map
from villagesim.plots.trajectories import draw_one
from villagesim.plots.uncertainty import draw_uncertainty

KNOWN = ("no merger", "nothing but the merger", "甲", "乙", "丙")
SHOWN = ("丙", "乙")
"""In another order than in the scenario, where they are the third and the second."""


@pytest.fixture(autouse=True)
def _no_font(monkeypatch):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    yield
    plt.close("all")


def rows(**columns):
    """A row for each of the strategies shown."""
    orders = [KNOWN.index(name) for name in SHOWN]
    return pd.DataFrame({"strategy": list(SHOWN), "order": orders, **columns})


def spread(columns, **more):
    """Those columns around 1 or 2."""
    return rows(**{name: [1.0, 2.0] for name in columns}, **more)


def groups():
    ends = ["difference", "difference_low", "difference_high"]
    parts = [
        spread(ends, quantity=quantity, unit="yuan", group=group, differs="2 of 2")
        for quantity in QUANTITIES
        for names in GROUPS.values()
        for group in names
    ]
    return draw_distribution(pd.concat(parts, ignore_index=True))


def fan():
    parts = [
        spread(["mean", "band_low", "band_high"], month=month, place=place)
        for month in ("2021-07", "2021-08", "2021-09")
        for place in (5, 25, 50, 75, 95)
    ]
    table = pd.concat(parts, ignore_index=True).sort_values(["order", "place", "month"])
    return draw_fan(table, KNOWN[1], {})


def maps():
    parts = [
        spread(["difference", "difference_low", "difference_high", "mean"], by=by, code=code, township=code[:9], lon=np.nan,
               lat=np.nan, unit="yuan", township_name="白云湖街道")
        for by, code in (("village", "370114001201"), ("village", "370114001202"), ("township", "370114001"))
    ]  # fmt: skip
    return draw_maps(pd.concat(parts, ignore_index=True), {}, "Title", "Caption.")


def trajectories():
    months = ("2021-07", "2021-08", "2021-09")
    parts = [spread(["median"], month=month) for month in months]
    return draw_one([pd.concat(parts).sort_values("order")], OUTCOMES["trust"], {}, "Caption.").figure


def uncertainty():
    ends = ["mean", *(f"{kind}{end}" for kind in ("", "chance_", "uncertain_", "total_") for end in ("low", "high"))]
    return draw_uncertainty({"trust": spread(ends)}, OUTCOMES, {"trust": 0.1}, "Title", "Caption.")


def robustness():
    columns = [
        "mean",
        "share_on_target",
        "share_low",
        "share_high",
        "regret_90",
        "mean_regret",
        "largest_regret",
        "target",
    ]
    table = spread(columns, outcome="trust", unit="index, 0 to 1", reached="at least")
    return draw_robustness(table, {"trust": "Trust"}, "Title", "Caption.")


def heat_map():
    table = spread(["value"], outcome="trust", verdict="better").merge(
        pd.DataFrame({"parameters.income_growth": [0.1, 0.2], "parameters.vote_loss": [1.0, 2.0]}), how="cross"
    )
    factors = {"parameters.income_growth": "", "parameters.vote_loss": ""}
    return draw_heat_map(table, factors, {"trust": OUTCOMES["trust"]}, "Title", "Caption.")


def panels():
    return draw_panels(spread(["value", "low", "high"], outcome="trust"), Panels(), OUTCOMES, "Title", "Caption.")


def money():
    return draw_cost_and_effect(spread(["cost", "effect"]), "yuan", "Caption.")


@pytest.mark.parametrize(
    "draw",
    [groups, fan, maps, trajectories, uncertainty, robustness, heat_map, panels, money],
    ids=lambda draw: draw.__name__,
)
def test_a_strategy_has_its_number_in_the_file_in_every_figure(draw):
    with drawn(strategies=KNOWN):
        figure = draw()
    said = " ".join(" ".join(text.get_text().split()) for text in figure.findobj(plt.Text))
    assert "strategy 3" in said
    assert "strategy 2" in said
    assert "strategy 1" not in said
    assert not any(ord(letter) > 0x2E7F for letter in said)


def test_where_no_scenario_is_known_the_rank_says_the_number():
    assert strategy_name("丙", 4) == "strategy 3"
    assert strategy_name("clean-up", 4) == "clean-up"
    with drawn(strategies=KNOWN):
        assert strategy_name("丙", 9) == "strategy 3"
        with drawn():
            assert strategy_name("丙", 9) == "strategy 3"


def test_the_note_is_the_key_and_captions_hold_no_boxes():
    note = note_on_names(["丙"])
    for words in ("strategies by their place in the scenario", "villages and townships by their codes"):
        assert words in note
    figure, _ax = plt.subplots()
    title_and_caption(figure, "石屋村 and more", "One township, 白云湖街道.")
    assert figure.get_suptitle() == "... and more"
    assert figure.get_supxlabel() == "One township, ...."
