"""Effects in many counties: one below the other with what they come to, and by province on a map of tiles."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, named
from villagesim.places.provinces import PROVINCES
from villagesim.plots.captions import title_and_caption, wrapped
from villagesim.plots.style import COLOURS, LEAST, MM, SMALL, TEXT, UNTOLD, abreast, drawn, inches, ink_on, readable
from villagesim.plots.whiskers import ends_seen, fit_marks, tick_text, width_of
from villagesim.statistics.differences import never_differs
from villagesim.wording import one_after_another, real, scale, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED = 60
"""Counties up to which each has its name beside its row."""
MEAN, FURTHER = COLOURS[3], COLOURS[6]


def draw_forest(
    effects: "pd.DataFrame", pooled: "pd.DataFrame", titles: Mapping[str, str], title: str, caption: str
) -> "Figure":
    """Draw the effect in every county with its interval, and below it the mean and what a further county may have.

    Parameters
    ----------
    effects : DataFrame
        ``county, county_name, outcome, unit, value, low, high, differs`` of one strategy; what differs in no run has no line.
    pooled : DataFrame
        ``outcome, value, low, high, prediction_low, prediction_high`` of the same.
    titles : dict of str to str
        Of the outcomes, a panel each; counties stand in the order of the first.
    """
    from matplotlib import pyplot as plt

    first = effects[effects["outcome"] == next(iter(titles))].sort_values("value", ascending=False)
    counties = list(first["county"])
    columns = abreast(len(titles), 60)
    rows = -(-len(titles) // columns)
    high = 18 + (3.4 if len(counties) <= NAMED else 170 / len(counties)) * (len(counties) + 3)
    with drawn():
        figure, grid = plt.subplots(
            rows, columns, figsize=(inches(), rows * high / MM), layout="constrained", sharey=True, squeeze=False
        )
        for ax, (outcome, words) in zip(grid.flat, titles.items(), strict=False):
            own = effects[effects["outcome"] == outcome].set_index("county").reindex(counties)
            _forest(ax, own, pooled[pooled["outcome"] == outcome].iloc[0])
            ax.set_title(wrapped(words, 0.7 * inches() / columns, TEXT))
        for ax in grid.flat[len(titles) :]:
            ax.set_axis_off()
        caption = one_after_another((caption, _marks(effects, pooled)))
        title_and_caption(figure, readable(title, _("What the strategy adds, county by county")), caption)
    return figure


def _marks(effects: "pd.DataFrame", pooled: "pd.DataFrame") -> str:
    """What dots and lines are, as far as there are any."""
    idle = effects["differs"].map(str).map(never_differs)
    counties = (
        _("Dots: counties, lines: 95% simulation error of the mean; the upright line is zero.")
        if np.isfinite(ends_seen(effects, "low", "high")).any() or idle.all()
        else _("Dots: counties, whose runs are too few for a simulation error; the upright line is zero.")
    )
    mean = _("Diamond: mean of all counties with its 95% interval.")
    further = _("Below it: the 95% interval for a further county.")
    same = _("Dots without a line: no run differs; they are 0 in the mean.")
    return one_after_another(
        (
            counties,
            *([same] if idle.any() else []),
            mean,
            *([further] if pooled["prediction_low"].notna().any() else []),
        )
    )


def _forest(ax: "Axes", own: "pd.DataFrame", pooled: "pd.Series") -> None:
    per, unit = scale(pooled["unit"], float(own["value"].abs().max()))
    y, n = np.arange(len(own)), len(own)
    few = n <= NAMED
    ax.hlines(y, *ends_seen(own, "low", "high") / per, color=COLOURS[2], lw=1.6 if few else 0.5, alpha=0.6)
    ax.plot(own["value"] / per, y, "o", color=COLOURS[2], ms=3.5 if few else 1.2, mec="white", mew=0.3 if few else 0)
    below = [(n + 0.5, _("mean"), MEAN, "low", "high")]
    if pooled["prediction_low"] == pooled["prediction_low"]:
        below.append((n + 1.7, _("a further county"), FURTHER, "prediction_low", "prediction_high"))
    for at, _words, colour, low, high in below:
        ax.hlines([at], pooled[low] / per, pooled[high] / per, color=colour, lw=3)
    ax.plot([pooled["value"] / per], [n + 0.5], "D", color=MEAN, ms=5, mec="white")
    ax.axvline(0, color="#333333", lw=0.8)
    names = [_name(county, name, own["county_name"]) for county, name in own["county_name"].items()]
    ticks = [*(zip(y, names, strict=True) if few else ()), *((at, words) for at, words, *_rest in below)]
    ax.set_yticks([at for at, _words in ticks], [words for _at, words in ticks])
    ax.tick_params(axis="y", labelsize=LEAST)
    ax.set_ylim(below[-1][0] + 0.8, -1)
    ax.set_xlabel(real(pooled["unit"], unit))
    ax.xaxis.set_major_formatter(tick_text)
    fit_marks(ax, 72 * 0.55 * width_of(ax))
    ax.grid(axis="x", lw=0.4, alpha=0.5)


def _name(county: str, name: str, every: "pd.Series") -> str:
    """A county by its name; with its code, or where others are called so too with its file."""
    alone = name == county or (not county.isdigit() and (every == name).sum() == 1)
    return readable(named(name) if alone else f"{county} {named(name)}", county)


def draw_provinces(table: "pd.DataFrame", words: str, title: str, caption: str) -> "Figure":
    """Draw the mean effect of the counties of each province on a map of tiles: coloured where it is told from zero.

    Parameters
    ----------
    table : DataFrame
        ``province, unit, value, low, high, counties`` of one strategy and outcome.
    """
    from matplotlib import colormaps
    from matplotlib import pyplot as plt
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import Rectangle

    per, unit = scale(table["unit"].iloc[0], float(table["value"].abs().max()))
    known = {row["province"]: row for row in table.to_dict("records")}
    told_apart = (table["low"] > 0) | (table["high"] < 0)
    most = max(float(table.loc[told_apart if told_apart.any() else table.index, "value"].abs().max()) / per, 1e-12)
    colours, norm = colormaps["PuOr"], Normalize(-most, most)
    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), 0.62 * inches()), layout="constrained")
        for province in PROVINCES.values():
            row = known.get(province.name)
            value = None if row is None else row["value"] / per
            face: Any = "#f4f4f4" if row is None else UNTOLD
            if row is not None and (row["low"] > 0 or row["high"] < 0):
                face = colours(norm(row["value"] / per))
            ax.add_patch(Rectangle((province.column, province.row), 0.94, 0.94, facecolor=face, edgecolor="white"))
            told = "" if value is None or row is None else f"\n{signed(value)}\n({row['counties']})"
            ax.text(
                province.column + 0.47, province.row + 0.47, wrapped(named(province.name), 0.6, LEAST) + told, ha="center",
                va="center", fontsize=LEAST, color=ink_on(face) if told else "#666666",
            )  # fmt: skip
        ax.set_xlim(1, 9)
        ax.set_ylim(9, 0)
        ax.set_axis_off()
        label = _("{words} [{unit}]", words=words, unit=real(table["unit"].iloc[0], unit))
        bar = figure.colorbar(ScalarMappable(norm, colours), ax=ax, shrink=0.6, label=label)
        bar.ax.tick_params(labelsize=SMALL)
        bar.ax.yaxis.set_major_formatter(tick_text)
        means = _(
            "Means of the counties of each province, and in brackets their number; grey where their 95% interval holds zero, or"
            " is not known."
        )
        title_and_caption(
            figure, readable(title, _("What the strategy adds, by province")), one_after_another((caption, means))
        )
    return figure
