"""Figures of designs, of tables made by hand: any number of factors, values and outcomes, and long names; nothing cut."""

from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.languages import language
from villagesim.outcomes import OUTCOMES
from villagesim.plots.style import drawn
from villagesim.plots.sweeps import draw_heat_map, draw_points

FACTORS = {
    "policies.land_trust.household_floor": ([500.0, 800.0, 650.0], "yuan per mu and year"),
    "policies.land_trust.start": ([date(2020 + k, 9, 1) for k in range(9)], ""),
    "policies.five_integrations.facilitators": ([100_000.0, 2_000_000.0], "yuan per village and year"),
    "kinds.land_trust.target": (["all", "the villages of the mountains", "none"], ""),
    "parameters.income_growth": ([0.01, 0.05, 0.09], "per year"),
}
ZH = {"the villages of the mountains": "南部山区的各个行政村", "none": "都不要", "all": "全部"}
OUTCOME_NAMES = ("collective_income", "real_integration", "share_accounts_pooled")
LONG = {
    "en": ("five integrations, then land trusts in all of the mountains", "land trust"),
    "zh": ("先在南部山区全面推进五个一体再搞土地托管并派工作队", "土地托管"),
}


def table_of(paths, outcomes, strategies, n_values, spoken):
    """Every point of a grid; differences of all verdicts."""
    values = {}
    for path in paths:
        own = FACTORS[path][0]
        own = (list(np.linspace(1e5, 2e6, n_values)) if isinstance(own[0], float) else own)[:n_values]
        values[path] = [ZH.get(value, value) if spoken == "zh" else value for value in own]
    rows = []
    for name, strategy, (k, point) in product(outcomes, strategies, enumerate(product(*values.values()))):
        value = (-1) ** k * (12_345.0 * (k + 1) if "yuan" in OUTCOMES[name].unit else 0.0123 * (k + 1))
        rows.append(
            {
                "outcome": name, "strategy": strategy, "value": value, "low": 0.5 * value, "high": 1.5 * value,
                "differs": "9 of 9", "margin": 100.0, "verdict": ("better", "undecided", "practically equal")[k % 3],
                **dict(zip(paths, point, strict=True)),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def sweep(kind, paths, n_outcomes, n_values, spoken):
    names, strategies = OUTCOME_NAMES[:n_outcomes], LONG[spoken]
    found = {name: OUTCOMES[name] for name in names}
    factors = {path: FACTORS[path][1] for path in paths}
    table = table_of(paths, names, strategies, n_values, spoken)
    said = {"en": ("What changes", "What it rests on."), "zh": ("有什么变化", "依据。")}[spoken]
    if kind == "heat":
        return draw_heat_map(table, factors, found, *said)
    return draw_points(table, factors, {name: k + 2 for k, name in enumerate(strategies)}, found, *said)


TWO = tuple(FACTORS)[:2]
WORDS = ("kinds.land_trust.target", "policies.five_integrations.facilitators")


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("width", [90, 180])
@pytest.mark.parametrize(
    ("kind", "paths", "n_outcomes", "n_values"),
    [
        ("heat", TWO, 3, 2),
        ("heat", WORDS, 2, 3),
        ("heat", WORDS[::-1], 1, 12),
        ("heat", ("parameters.income_growth", *TWO[:1]), 1, 16),
        ("points", TWO[:1], 3, 3),
        ("points", TWO[1:], 2, 9),
        ("points", WORDS[:1], 1, 3),
        ("points", tuple(FACTORS), 3, 2),
    ],
    ids=["two by two", "words", "many upright", "too many", "one factor", "dates", "words of one", "five factors"],
)
def test_nothing_of_a_sweep_is_cut(kind, paths, n_outcomes, n_values, width, spoken):
    with language(spoken), drawn(width):
        figure = sweep(kind, paths, n_outcomes, n_values, spoken)
        assert faults(figure) == []
    plt.close("all")
