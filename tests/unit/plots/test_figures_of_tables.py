"""Figures of questions over designs can be shown in both languages, in a page and in a column; tables are made by hand."""

from datetime import date
from itertools import combinations, product
from math import inf

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from unit.plots.faults import faults
from unit.plots.test_figures import accounts_table, desk_table, floor_table, income_table, integration_table

from villagesim.languages import CHINESE, ENGLISH, language, named
from villagesim.outcomes import OUTCOMES
from villagesim.plots import histories
from villagesim.plots.boxes import draw_boxes
from villagesim.plots.cohort import draw_forest, draw_provinces
from villagesim.plots.desks import draw_desks
from villagesim.plots.floor_and_default import draw_floor_and_default
from villagesim.plots.income_waterfall import draw_income_waterfall
from villagesim.plots.indices import draw_indices
from villagesim.plots.integration_by_dimension import draw_integration_by_dimension
from villagesim.plots.pairs import draw_pairs
from villagesim.plots.parts import draw_parts
from villagesim.plots.posterior import draw_posterior
from villagesim.plots.robustness import draw_robustness
from villagesim.plots.separate_accounts import draw_separate_accounts
from villagesim.plots.style import UNTOLD, drawn
from villagesim.plots.sweeps import draw_heat_map, draw_points
from villagesim.plots.trial import draw_trial
from villagesim.plots.validation import draw_validation
from villagesim.plots.worth import draw_worth
from villagesim.wording import factor_in_words

NAMES = ("five integrations", "land trust", "both")
FACTORS = ("parameters.income_county_sd", "parameters.income_growth", "replication")
FLOOR, START = "policies.land_trust.household_floor", "policies.land_trust.start"
UNIT = OUTCOMES["collective_income"].unit
TITLE = "1226"
"""In both languages."""


def between(value, wide, *names):
    """A number with both ends of its interval, under three names."""
    return dict(zip(names, (value, value - wide, value + wide), strict=True))


def indices():
    ends = [("first_order", "first_low", "first_high"), ("total_order", "total_low", "total_high")]
    rows = [
        {"outcome": outcome, "factor": factor, "verdict": ""}
        | between(0.3, 0.2, *ends[0])
        | between(0.4, 0.2, *ends[1])
        for outcome, factor in product(("collective_income", "trust"), FACTORS)
    ]
    return draw_indices(pd.DataFrame(rows), {name: OUTCOMES[name].title for name in ("collective_income", "trust")}, "")


def parts():
    names = ("arithmetic", "all else", "merger otherwise", "outside trend", "five_integrations", "land_trust")
    kinds = ("arithmetic", "rest", "merger", "trend", "policy", "policy")
    steps = [
        {"step": step, "kind": kind, "differs": "9 of 9"}
        | between(6e4 * k - 1e5, 3e5 * (k == 1) + 1e3, "value", "low", "high")
        for k, (step, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    steps.append({"step": "end", "kind": "change", "value": 367_205.0, "low": 4e4, "high": 7e5, "differs": "9 of 9"})
    ends = [(f"{name}", f"{name}_low", f"{name}_high") for name in ("shapley", "left_out")]
    together = [
        {"policy": name} | between(8e3, 3e4, *ends[0]) | between(9e3, 3e4, *ends[1])
        for name in ("five_integrations", "land_trust", "all together")
    ]
    return draw_parts(pd.DataFrame(steps), pd.DataFrame(together), UNIT, TITLE, "")


def test_a_policy_that_differs_in_no_run_has_a_point_and_no_line():
    """What bounds say of a rare event was not seen; the policy beside it keeps both of its lines."""
    ends = [("value", "low", "high"), *((name, f"{name}_low", f"{name}_high") for name in ("shapley", "left_out"))]
    policies = {"idle": "0 of 9", "land_trust": "9 of 9"}
    steps = [
        {"step": name, "kind": "policy", "differs": told} | between(0.0, 0.5, *ends[0])
        for name, told in policies.items()
    ]
    together = [{"policy": name} | between(0.0, 0.5, *ends[1]) | between(0.0, 0.5, *ends[2]) for name in policies]
    figure = draw_parts(pd.DataFrame(steps), pd.DataFrame(together), "share", TITLE, "")
    drawn_at = [
        line[0][1]
        for ax in figure.axes
        for one in ax.collections
        for line in one.get_segments()
        if len(line) == 2 and np.isfinite(line).all()
    ]
    assert len(drawn_at) == 3
    assert min(drawn_at) > 0.5, "the first row, that of the idle policy, has none"


def trial():
    names = ("direct", "spill-over", "as a trial would measure it", "adjusted for the figure before")
    rows = [{"effect": name} | between(20.0 * k, 10.0**k, "mean", "low", "high") for k, name in enumerate(names)]
    return draw_trial(pd.DataFrame(rows), "yuan per member and year", TITLE, "")


def robustness():
    columns = [("share_on_target", "share_low", "share_high"), ("per_million", "per_million_low", "per_million_high")]
    rows = [
        {"outcome": name, "unit": OUTCOMES[name].unit, "strategy": strategy, "target": 0.35 * per, "reached": "at least",
         "mean": 0.4 * per, "mean_regret": 0.0, "regret_90": 0.01 * k * per, "largest_regret": 0.02 * k * per, "cost": 4e5 * k,
         "on_frontier": "no"}
        | between(0.5, 0.3, *columns[0]) | between(0.02 * per, 0.01 * per, *columns[1])
        for name, per in (("collective_income", 2e6), ("real_integration", 1.0))
        for k, strategy in enumerate(NAMES)
    ]  # fmt: skip
    titles = {name: OUTCOMES[name].title for name in ("collective_income", "real_integration")}
    return draw_robustness(pd.DataFrame(rows), titles, TITLE, "")


def swept(*paths, verdict="better"):
    values = {FLOOR: (500.0, 800.0, 950.0), START: (date(2021, 9, 1), date(2022, 3, 1))}
    return pd.DataFrame(
        {"outcome": name, "strategy": strategy, "value": per * (k + 1), "low": 0.0, "high": 9 * per, "margin": per,
         "differs": "3 of 3",
         "verdict": verdict, **dict(zip(paths, point, strict=True))}
        for (name, per), strategy in product((("collective_income", 8e3), ("trust", 0.01)), NAMES[1:])
        for k, point in enumerate(product(*(values[path] for path in paths)))
    )  # fmt: skip


def points():
    outcomes = {name: OUTCOMES[name] for name in ("collective_income", "trust")}
    orders = {name: k for k, name in enumerate(NAMES, start=2)}
    return draw_points(swept(FLOOR), {FLOOR: "yuan per mu and year"}, orders, outcomes, TITLE, "")


def heat_map():
    outcomes = {name: OUTCOMES[name] for name in ("collective_income", "trust")}
    units = {START: "", FLOOR: "yuan per mu and year"}
    return draw_heat_map(swept(START, FLOOR), units, outcomes, TITLE, "")


def effects(names):
    return pd.DataFrame(
        {
            "county": name.lower(),
            "county_name": name,
            "outcome": outcome,
            "unit": OUTCOMES[outcome].unit,
            "differs": "9 of 9",
        }
        | between(per * (k - 1), 4 * per, "value", "low", "high")
        for (outcome, per), (k, name) in product((("collective_income", 5e4), ("trust", 1e-3)), enumerate(names))
    )


def forest(table=None):
    pooled = pd.DataFrame(
        {"outcome": name, "unit": OUTCOMES[name].unit, "prediction_low": -5 * per, "prediction_high": 5 * per}
        | between(per, per, "value", "low", "high")
        for name, per in (("collective_income", 5e4), ("trust", 1e-3))
    )
    titles = dict.fromkeys(("collective_income", "trust"), TITLE)
    table = effects(("Wuhou", "Zhangqiu", "Yangquan", "Qingyang")) if table is None else table
    return draw_forest(table, pooled, titles, TITLE, "")


def test_a_county_in_which_no_run_differs_has_a_point_and_no_line():
    """And it is said that it counts; the bound of a rare event is nothing that was seen."""
    table = effects(("Wuhou", "Zhangqiu"))
    idle = table["county_name"] == "Wuhou"
    for rows, lines in ((~idle & idle, 2), (idle, 1), (idle | ~idle, 0)):
        own = table.assign(differs=np.where(rows, "0 of 9", "9 of 9"), value=table["value"].where(~rows, 0.0))
        figure = forest(own)
        of_counties = figure.axes[0].collections[0].get_segments()
        assert sum(len(line) == 2 and bool(np.isfinite(line).all()) for line in of_counties) == lines
        said = " ".join(figure.get_supxlabel().split())
        assert ("no run differs; they are 0 in the mean" in said) == rows.any()
        assert "too few for a simulation error" not in said
        plt.close("all")


def test_a_county_without_a_name_has_its_code_once():
    table = effects(("510681", "510682")).assign(county_name=["510681", "Luojiang"] * 2)
    labels = [text.get_text() for text in forest(table).axes[0].get_yticklabels()]
    assert sorted(labels[:2]) == ["510681", "510682 Luojiang"]
    plt.close("all")


def provinces():
    names = ("Shandong", "Shanxi", "Gansu", "Sichuan")
    value = np.array([-7e4, 4.2e4, 1e4, 7e4])
    table = pd.DataFrame(
        {"province": names, "unit": UNIT, "value": value, "low": value - 2e4, "high": value + 2e4, "counties": 1}
    )
    return draw_provinces(table, TITLE, TITLE, "")


def worth():
    units = ("index 0 to 1", "log points", "yuan")
    rows = [
        {"factor": f"parameters.{name}", "meaning": f"{name.replace('_', ' ')}: skill at which half of own_scale is reached",
         "low": 0.1, "high": 0.6, "unit": units[k % 3], "beyond_luck": k == 0}
        | between(50.0, 40.0, "worth", "worth_low", "worth_high")
        | between(3e3, 1e4, "on_gain", "on_gain_low", "on_gain_high")
        | between(1e4, 2e5, "on_level", "on_level_low", "on_level_high")
        for k, name in enumerate(("own_middle", "price_sd", "audit_days"))
    ]  # fmt: skip
    facts = {
        "title": OUTCOMES["collective_income"].title, "place": "Zhangqiu", "at": "2023-12", "draws": 12, "replications": 1,
        "seed": 1, "strategies": ["both"], "best": "both", "luck": 130.0, "unit": UNIT,
    }  # fmt: skip
    return draw_worth(pd.DataFrame(rows), facts)


def pairs():
    paths = ("parameters.income_growth", "parameters.income_county_sd", "parameters.vote_loss")
    rows = {path: np.linspace(0.1 * k, 0.9, 9) for k, path in enumerate(paths)}
    words = {path: factor_in_words(path, named("log points")) for path in paths}
    tied = [(one, other, 0.5) for one, other in combinations(paths, 2)]
    return draw_pairs([*tied, (*paths[1::-1], 0.5)], rows, dict.fromkeys(paths, (0.0, 1.0)), words, "")


def boxes():
    limits = [("merger.decree", 24252.0, inf, 0.01, "from 2021-01"), (FLOOR, -inf, 0.05, 0.001, "up to 0.05")]
    table = pd.DataFrame(limits, columns=["factor", "low", "high", "p", "limit"]).assign(box=1)
    columns = ["box", "density", "density_low", "density_high", "clear"]
    quality = pd.DataFrame([[0, 0.5, 0.2, 0.8, False], [1, 1.0, 0.6, 1.0, True]], columns=columns)
    points = pd.DataFrame({"merger.decree": 24248.0 + np.arange(8), FLOOR: np.linspace(0, 0.1, 8)})
    points["missed"] = points["merger.decree"] >= 24252
    return draw_boxes(points, table, quality, {"merger.decree": "", FLOOR: "yuan"}, ["merger.decree"], TITLE)


def posterior():
    ends = [("posterior", "posterior_low", "posterior_high"), ("prior", "prior_low", "prior_high")]
    rows = [
        {"factor": name, "low": 0.0, "high": 2.0, "width": 0.4, "verdict": verdict} | between(1.0, 0.5, *ends[0])
        for name, verdict in (("parameters.income_growth", "narrower"), ("parameters.vote_loss", "not informed"))
    ]
    fit = {"target": f"{TITLE}, 2023-12", "published": 0.6, "error": 0.1, "verdict": "fits"}
    fit |= between(0.6, 0.02, *ends[0]) | between(0.5, 0.1, *ends[1])
    names = {row["factor"]: factor_in_words(row["factor"]) for row in rows}
    return draw_posterior(pd.DataFrame(rows), pd.DataFrame([fit]), names, "")


def validation():
    rows = [
        {"id": f"V{k}", "place": "Wuhou (武侯区)", "published": 9e5, "seen": k == 1}
        | between(8e5, 3e5, "median", "low_90", "high_90")
        for k in range(9)
    ]
    return draw_validation(pd.DataFrame(rows), TITLE)


def history():
    links = [
        {"old_code": f"37011400{k % 5}201", "fate": fate, "share": 1.0, "likelihood": 0.4, "name_level": "none"}
        for k, fate in enumerate(histories.FATES)
    ]
    townships = [
        {
            "old_township": f"37011400{k}",
            "old_name": "枣园街道",
            "new_township": f"37011410{k}",
            "new_name": new,
            "fate": "-",
        }
        for k, new in enumerate(("枣园街道", "明水街道", "", "枣园街道", "明水街道"))
    ]
    return histories.draw_history(pd.DataFrame(links), pd.DataFrame(townships), TITLE)


MADE = (
    boxes, posterior, validation, history, indices, parts, trial, robustness, points, heat_map, forest, provinces, worth, pairs,
)  # fmt: skip
TOLD = {
    "desks": lambda: draw_desks(desk_table()), "waterfall": lambda: draw_income_waterfall(income_table(), caption=TITLE),
    "integration": lambda: draw_integration_by_dimension(integration_table(), {"decree": "2021-07"}, caption=TITLE),
    "accounts": lambda: draw_separate_accounts(accounts_table().query("years < 2"), caption=TITLE),
}  # fmt: skip
"""Figures of studies of the library itself, in English."""


@pytest.mark.parametrize("spoken", [ENGLISH, CHINESE])
@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_a_figure_over_a_design_can_be_shown(made, spoken):
    with language(spoken), drawn():
        assert faults(made()) == []


def test_a_province_that_cannot_be_told_from_zero_has_the_colour_of_no_effect():
    """Gansu, 10,000 yuan with 20,000 on either side; those without counties are paler."""
    faces = [to_hex(patch.get_facecolor()) for patch in provinces().axes[0].patches]
    assert faces.count(UNTOLD) == 1
    assert faces.count("#f4f4f4") == len(faces) - 4
    assert len(set(faces)) == 5


@pytest.mark.parametrize("name", TOLD)
def test_a_figure_of_a_study_can_be_shown(name):
    assert faults(TOLD[name]()) == []


def test_the_floor_that_can_be_borne_can_be_shown():
    assert faults(draw_floor_and_default(floor_table())) == []
