"""The tables that questions over designs print: points of a sweep, robustness, and shares of a sum, with what each costs."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, named
from villagesim.plots.sweeps import at_factor, scaled
from villagesim.questions.sweep import has_intervals
from villagesim.questions.verdicts import DIFFERENCE, difference_in_words, readable
from villagesim.terminal import out, say, table_of
from villagesim.wording import effect, estimate, factor_in_words, label_in_words, month, number, scale, share, sums

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.questions.answer import Answer

MOST_POINTS = 12
"""Points of a sweep that are printed one by one; all are in its table."""
SHOWN = 4
"""Outcomes of a sweep that are printed, besides the user's own."""


def print_sweep(answer: "Answer") -> None:
    """Print between which values the first outcomes of a sweep lie, and all of the user's own."""
    table = answer.tables["sweep"]
    shown = table_of(
        _("Over all points (means of their replications), end of {month}", month=month(table["at"].iloc[0])),
        _("outcome"), _("strategy"), _("least"), _("median"), _("most"),
    )  # fmt: skip
    asked = list(dict.fromkeys(table["outcome"]))
    own = {outcome.name for outcome in answer.known.outcomes.own}
    for name in [*asked[:SHOWN], *(name for name in asked[SHOWN:] if name in own)]:
        rows = table[table["outcome"] == name]
        found = answer.known.outcomes[name]
        per, unit = scale(found.unit, rows[["least", "most"]].abs().max().max())
        for row in rows.to_dict("records"):
            figures = (number(row[key] / per) for key in ("least", "median", "most"))
            what = _("{what} ({size})", what=named(found.title), size=unit)
            shown.add_row(what, named(row["strategy"], "strategy"), *figures)
    out.print(shown)
    if answer.tables["by_point"]["point"].nunique() <= MOST_POINTS:
        for _of, rows in answer.tables["by_point"].groupby("outcome", sort=False):
            _print_points(answer, rows)
        if has_intervals(answer.tables["by_point"]):
            say(_("Intervals: 95%, of the mean, each by itself."))


def _print_points(answer: "Answer", rows: "pd.DataFrame") -> None:
    """Print one outcome of a sweep point by point: the difference with its interval, and what may be said of it."""
    found, units = answer.known.outcomes[rows["outcome"].iloc[0]], answer.facts["units"]
    scales = {path: scaled(rows[path], unit) for path, unit in units.items()}
    per, unit = readable(found, rows["value"].abs().max())
    against = rows["against"].iloc[0]
    said = _("means") if against == "-" else _("against {baseline}", baseline=named(against))
    shown = table_of(
        _("{title} ({unit}), {against}", title=named(found.title), unit=unit or named(found.unit), against=said),
        *(factor_in_words(path, words) for path, (_per, words) in scales.items()), _("strategy"), _("value"), _("verdict"),
    )  # fmt: skip
    names, ends = dict(zip(("value", "low", "high"), DIFFERENCE, strict=True)), ("value", "low", "high")
    for row in rows[rows["value"].notna()].to_dict("records"):
        at = [at_factor(row[path], each) for path, (each, _words) in scales.items()]
        if against == "-":
            value = estimate(row | {name: row[name] / per for name in ends})
        else:
            own = row | {new: row[old] for old, new in names.items()}
            value = "0" if row["verdict"] == "baseline" else difference_in_words(own, per, found)
        shown.add_row(*at, named(row["strategy"], "strategy"), value, named(row["verdict"]))
    out.print(shown)


def print_robust(answer: "Answer") -> None:
    """Print, outcome by outcome, what each strategy reaches at how many points, and what it costs."""
    main = answer.tables["robust"]
    each, money = sums(main.get("cost", ()))
    for name, rows in main.groupby("outcome", sort=False):
        found = answer.known.outcomes[str(name)]
        per, unit = readable(found, rows["mean"].abs().max())
        target = f"{named(rows['reached'].iloc[0])} {number(rows['target'].iloc[0] / per)}"
        shown = table_of(
            _("{title} ({unit}), {against}", title=named(found.title), unit=unit or named(found.unit), against=target),
            _("strategy"), _("mean"), _("on target"), _("mean regret"), _("largest regret"), _("cost"), _("a million brings"),
            _("nothing cheaper"),
        )  # fmt: skip
        for row in rows.to_dict("records"):
            mean, *regrets = (number(row[key] / per) for key in ("mean", "mean_regret", "largest_regret"))
            cost, million = (row.get(key, float("nan")) for key in ("cost", "per_million"))
            reached = share(row | {"share": row["share_on_target"]}, "share")
            shown.add_row(
                named(row["strategy"], "strategy"), mean, reached, *regrets, number(cost / each), number(million / per),
                named(str(row.get("on_frontier", "-"))),
            )  # fmt: skip
        out.print(shown)
    out.print(_("Cost: {unit} since the start, mean of the points; intervals: table robust.", unit=money))


def print_budget(answer: "Answer") -> None:
    """Print all allocations that were run again: what each brings in units, what was paid of it, and whether it may be best."""
    main, gains = answer.tables["budget"], answer.tables["outcomes"]
    per, heads = _by_outcome(answer, gains, "difference")
    each, unit = sums(main.get("cost", ()))
    shown = table_of(
        _("Against equal shares, with other luck and endowments"), _("shares"), *heads, _("paid"), _("may be best")
    )
    for row in main.to_dict("records"):
        own = gains[gains["allocation"] == row["allocation"]].set_index("outcome")
        cells = (
            difference_in_words(own.loc[name].to_dict(), size, answer.known.outcomes[name])
            for name, size in per.items()
        )
        paid = number(row.get("cost", float("nan")) / each)
        shown.add_row(named(row["allocation"]), *cells, paid, _("yes") if row["may_be_best"] else _("no"))
    out.print(shown)
    if "per_million" in gains:
        _print_for_a_million(answer, main, gains)
    labels = _(", ").join(map(label_in_words, answer.facts["labels"]))
    said = {"judged": answer.fact("judged_by"), "labels": labels, "unit": unit}
    out.print(_("Shares of {labels}; best by {judged}; paid: {unit} since the start.", **said))


def _print_for_a_million(answer: "Answer", main: "pd.DataFrame", gains: "pd.DataFrame") -> None:
    """Print what each allocation adds to the baseline for a million yuan that was paid, and which are on the frontier."""
    per, heads = _by_outcome(answer, gains, "per_million")
    baseline = named(answer.known.baseline)
    title = _("For each million yuan paid, against {baseline}", baseline=baseline)
    shown = table_of(title, _("shares"), *heads, _("nothing cheaper"))
    columns = ("per_million", "per_million_low", "per_million_high")
    for row in main.to_dict("records"):
        own = gains[gains["allocation"] == row["allocation"]].set_index("outcome")
        cells = [effect(own.loc[name, list(columns)] / each, *columns) for name, each in per.items()]
        shown.add_row(named(row["allocation"]), *cells, named(row["on_frontier"]))
    out.print(shown)


def _by_outcome(answer: "Answer", gains: "pd.DataFrame", column: str) -> tuple[dict[str, float], list[str]]:
    """What each outcome's figures are divided by, so that they can be read, and what stands above them."""
    finite = gains.assign(largest=gains[column].where(np.isfinite(gains[column])).abs())
    scales = {
        str(name): readable(answer.known.outcomes[str(name)], rows["largest"].max())
        for name, rows in finite.groupby("outcome", sort=False)
    }
    heads = [
        _("{what} ({size})", what=named(answer.known.outcomes[name].title), size=unit or _("0 to 1"))
        for name, (_per, unit) in scales.items()
    ]
    return {name: per for name, (per, _unit) in scales.items()}, heads
