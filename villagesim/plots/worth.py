"""What is worth knowing: what knowing it could win, beside what it does over its range, one row a thing."""

from collections.abc import Mapping
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, chinese, named
from villagesim.plots.captions import heading, title_and_caption, wrapped
from villagesim.plots.style import COLOURS, LEAST, MM, TEXT, drawn, inches, readable
from villagesim.plots.whiskers import draw_whiskers, series_of, tick_text
from villagesim.wording import (
    between,
    divided,
    factor_in_words,
    in_unit,
    month,
    one_after_another,
    real,
    scale,
    without_code,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 14
"""Things in the figure."""


def draw_worth(table: "pd.DataFrame", facts: Mapping[str, Any]) -> "Figure":
    """Draw the things that rank first.

    Parameters
    ----------
    table : DataFrame
        ``meaning, low, high, unit``, and ``worth``, ``on_gain``, ``on_level`` with their ends.
    facts : dict
        Of the answer.
    """
    from matplotlib import pyplot as plt

    scales = {name: scale_of(table, facts["unit"], name) for name in ("worth", "on_gain", "on_level")}
    table = table.head(SHOWN)
    widest = (1.9, 1, 1) if (table["worth_high"] > 0).any() else (1, 1.3, 1.3)
    with drawn():
        figure, axes = plt.subplots(
            1, 3, figsize=(inches(), (26 + 12 * len(table)) / MM), layout="constrained", width_ratios=widest
        )
        rows = [_label(row) for row in table.to_dict("records")]
        _draw_worth(axes[0], rows, table, facts["luck"], facts["unit"], scales["worth"])
        axes[0].set_title(heading(_("What knowing it is worth"), 1.25), pad=4)
        for ax, name, title in (
            (axes[1], "on_gain", _("What it does to the gain of the best strategy")),
            (axes[2], "on_level", _("What it does to this outcome itself")),
        ):
            ends = (name, f"{name}_low", f"{name}_high")
            per, unit = scales[name]
            scaled = divided(table, per, *ends)
            xlabel = _("over its range [{unit}]", unit=real(facts["unit"], unit))
            draw_whiskers(ax, [""] * len(table), [series_of(scaled, *ends)], xlabel, names=0.25)
            ax.set_title(heading(title, 1.25))
        title = _("What is worth knowing before a strategy is chosen")
        title_and_caption(figure, title, one_after_another((_first(table, facts), _caption(facts), _effects())))
    return figure


def scale_of(table: "pd.DataFrame", unit: str, name: str) -> tuple[float, str]:
    """What figures of a column, and their ends, are divided by wherever they are told, and their unit then."""
    return scale(unit, float(np.abs(np.nan_to_num(table[name])).max(initial=0.0)))


def thing(row: Mapping[str, Any]) -> str:
    """What is not known, as one calls it: a parameter with its meaning, a setting, a date."""
    path, told = row["factor"], factor_in_words(row["factor"])
    called = chinese() and told != path.removeprefix("parameters.").replace("_", " ")
    if called or not path.startswith("parameters."):
        return told
    return without_code(f"{told}: {row['meaning']}")


def _first(table: "pd.DataFrame", facts: Mapping[str, Any]) -> str:
    """What is worth knowing first, in a sentence."""
    found = table[table["beyond_luck"]].head(1).to_dict("records")
    if not found:
        return _(
            "Of no single thing is it sure that knowing it changes the choice of '{best}', as far as {n} draws tell.",
            best=readable(facts["best"], _("the best strategy")), n=facts["draws"],
        )  # fmt: skip
    return _("Worth knowing first: {thing}.", thing=readable(thing(found[0]), found[0]["factor"]))


def draw_themes(table: "pd.DataFrame", facts: Mapping[str, Any]) -> "Figure":
    """Draw what knowing all of a theme is worth; themes with too many things for the draws have no dot."""
    from matplotlib import pyplot as plt

    rows = [_("{what} ({size})", what=named(row["theme"]), size=row["factors"]) for row in table.to_dict("records")]
    with drawn():
        figure, ax = plt.subplots(figsize=(inches(), (20 + 11 * len(table)) / MM), layout="constrained")
        unit = facts["unit"]
        _draw_worth(ax, rows, table, facts["luck_of_themes"], unit, scale_of(table, unit, "worth"), names=0.4)
        for k in np.flatnonzero(np.isnan(table["worth"].to_numpy(float))).tolist():
            said = _("not known: too many things for {n} draws", n=facts["draws"])
            ax.text(0.005, k, said, transform=ax.get_yaxis_transform(), va="center",
                    fontsize=LEAST, color="#555555", bbox={"fc": "white", "ec": "none", "pad": 1})  # fmt: skip
        said = one_after_another((_caption(facts), _("In brackets: how many things are drawn.")))
        title_and_caption(figure, _("What knowing all of a theme is worth"), said)
    return figure


def _draw_worth(
    ax: "Axes",
    rows: list[str],
    table: "pd.DataFrame",
    luck: float,
    unit: str,
    scaled: tuple[float, str],
    names: float = 0.26,
) -> None:
    """Draw what knowing each is worth as a dot, and its interval as a line from it or around it."""
    ends = ["worth", "worth_low", "worth_high"]
    per, told = scaled
    table, luck = divided(table, per, *ends), luck / per
    y = np.arange(len(table))
    colours = [COLOURS[3] if beyond else COLOURS[7] for beyond in table["beyond_luck"]]
    ax.hlines(y, table["worth_low"], table["worth_high"], color=colours, lw=2.2, alpha=0.65)
    ax.scatter(table["worth"], y, color=colours, s=25, edgecolors="white", zorder=3, clip_on=False)
    for k in np.flatnonzero(table["worth_high"] <= 0).tolist():
        ax.text(0.03, k, "0", transform=ax.get_yaxis_transform(), va="center", fontsize=TEXT)
    if luck == luck:
        ax.axvline(luck, color="#333333", lw=0.9, ls="--")
    ax.set_yticks(y, [wrapped(row, names * inches()) for row in rows])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlim(0, None if max(np.nanmax(table["worth_high"]), luck) > 0 else 1)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(tick_text)
    ax.set_xlabel(wrapped(f"[{real(unit, told)}]", 1.6, TEXT))
    ax.grid(axis="x", lw=0.4, alpha=0.5)


def _label(row: Mapping[str, Any]) -> str:
    """What it is, and its range."""
    span = in_unit(between(row["low"], row["high"]), row["unit"]).strip()
    words = _("{what} ({size})", what=shorten(thing(row), 90), size=span)
    return readable(words, _("{what} ({size})", what=row["factor"], size=span))


def _caption(facts: Mapping[str, Any]) -> str:
    """What was run, and what bars and lines are."""
    title = named(facts["title"])
    return _(
        "{title}. {place}, end of {at}: {draws} draws of {what}, {replications} replication(s) each, seed"
        " {seed}, {n} strategies. Worth: what choosing by the true value would win on average over choosing '{best}' now, a dot,"
        " and its 95% interval, a line; dashed: the largest that luck alone gives in one of twenty cases.",
        title=f"{title[0].upper()}{title[1:]}", place=named(facts["place"]), at=month(facts["at"]), draws=facts["draws"],
        replications=facts["replications"], seed=facts["seed"], n=len(facts["strategies"]),
        best=readable(facts["best"], _("the best strategy")),
        what=_("the factors that are named") if facts.get("named") else _("all that is not well known"),
    )  # fmt: skip


def _effects() -> str:
    """What dots and lines are."""
    return _(
        "On the right: from the lowest to the highest value of the range, a dot, with 95%, all things together. Settings and"
        " parameters are drawn over ranges that are assumptions: not a forecast."
    )
