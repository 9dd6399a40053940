"""What the scripts of the ten questions share: differences between strategies as a table, and numbers as a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import settings
from villagesim.plots.whiskers import Series, draw_whiskers, series_of
from villagesim.questions.answer import Answer
from villagesim.runs.table import RunTable
from villagesim.scenario import Scenario
from villagesim.statistics.intervals import mean_interval

PLACE = "places/three_townships.toml"
ZHANGQIU = "../scenarios/zhangqiu.toml"
ENDS = ("value", "low", "high")
PAIRED = "paired replications, seed"
LINES = "lines: 95% simulation error of the mean"
NOT_A_FORECAST = "One map, one draw of endowments, central parameters: not a forecast."


def scaled(scenario: Scenario, number: float) -> int:
    """As many for this place as there are in Zhangqiu, by villages; at least one."""
    return max(round(number * len(scenario.place.after) / 532), 1)


def of(found: RunTable, strategy: str, name: str, at: str | None = None) -> Floats:
    """Values of an outcome at the end of a month, ``(n_replications,)``."""
    return found.at(name, at)[found.strategies.index(strategy), 0]


def row(values: Floats, start: str = "") -> dict[str, float]:
    """Mean with its 95% simulation error; what is the same in every replication has no width."""
    interval = mean_interval(values)
    low, high = (interval.mean if np.isnan(end) else end for end in (interval.low, interval.high))
    return {f"{start}value": interval.mean, f"{start}low": low, f"{start}high": high}


def differences(
    found: RunTable, against: str, names: Sequence[str], at: str, pairs: Mapping[str, tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Every strategy less another in the same replications, and further pairs by a name for them."""
    others = {strategy: (strategy, against) for strategy in found.strategies if strategy != against}
    rows: list[dict[str, Any]] = [
        {"at": at, "strategy": label, "outcome": name, "unit": title_and_unit(name)[1]}
        | row(of(found, one, name, at) - of(found, other, name, at))
        for label, (one, other) in (others | dict(pairs or {})).items()
        for name in names
    ]
    return pd.DataFrame(rows)


def title_and_unit(name: str) -> tuple[str, str]:
    found = vs.outcomes.OUTCOMES[name]
    return found.title, found.unit


def after(name: str) -> str:
    """Unit of an outcome behind a number in a sentence; an index needs none."""
    unit = title_and_unit(name)[1]
    return "" if unit.startswith("index") else f" {unit}"


@dataclass(frozen=True)
class Panel:
    """Numbers with their intervals, a row each."""

    title: str
    axis: str
    rows: Sequence[str]
    series: Sequence[Series]


def series(table: pd.DataFrame, label: str = "", *, start: str = "", size: float = 1.0) -> Series:
    """Series of the columns ``value, low, high``, times a number."""
    columns = [f"{start}{end}" for end in ENDS]
    return series_of(size * table[columns], *columns, label=label)


def draw_panels(
    answer: Answer,
    panels: Sequence[Panel],
    caption: str,
    size: tuple[float, float],
    *,
    n_rows: int = 1,
    width: int = 30,
) -> Figure:
    """Draw panels side by side below the headline; those with the same rows share them, and the legend."""
    shared = len({tuple(panel.rows) for panel in panels}) == 1
    with plt.rc_context(settings()):
        figure, axes = plt.subplots(
            n_rows, len(panels) // n_rows, figsize=size, layout="constrained", sharey=shared, squeeze=False
        )
        for k, (ax, panel) in enumerate(zip(axes.flat, panels, strict=True)):
            draw_whiskers(ax, panel.rows, panel.series, panel.axis, width=width)
            ax.set_title(panel.title)
            if k and shared and len(panel.series) > 1 and panel.series[0].label == panels[0].series[0].label:
                ax.get_legend().remove()
        title_and_caption(figure, answer.headline, caption)
    return figure
