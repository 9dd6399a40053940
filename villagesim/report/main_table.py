"""The main table of an answer that is no comparison: columns that fit on paper, with their units; the others are named."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from villagesim.languages import _, marked, named
from villagesim.plots.validation import place_in_words
from villagesim.plots.worth import scale_of, thing
from villagesim.questions.answer import Answer
from villagesim.questions.sweep import has_intervals
from villagesim.report.cells import cut, told
from villagesim.statistics.indices import as_shares
from villagesim.text import plain
from villagesim.wording import (
    between,
    divided,
    effect,
    estimate,
    factor_in_words,
    in_unit,
    label_in_words,
    month,
    number,
    percentage,
    scale,
    share,
    sums,
)

if TYPE_CHECKING:
    import pandas as pd

MOST_FACTORS = 3
"""Of a sweep that are shown; all of them are in the folder."""

Row = Mapping[str, Any]
Column = tuple[str, tuple[str, ...], Callable[[Row], str]]
"""Its head, the columns of the table that are in it, and how they are written."""


def main_table(answer: Answer, most: int) -> dict[str, Any]:
    """Name, heads and rows of the main table, how many rows are left out, and which columns; of a sweep point by point."""
    if not answer.tables:
        return {}
    name = "by_point" if "by_point" in answer.tables else next(iter(answer.tables))
    table = answer.tables[name]
    known = SHOWN.get(answer.kind.name)
    table = as_shares(table) if answer.kind.name == "sensitivity" else table
    read = _as_read(answer, table)
    columns = list((known or _all)(answer, read))
    there = {column for _head, names, _how in columns for column in names}
    rows = [[plain(how(row)) for _head, _names, how in columns] for row in read.head(most).to_dict("records")]
    return cut(name, [plain(head) for head, _names, _how in columns], rows, most) | {
        "title": told(label_in_words(answer.kind.name)), "left": max(len(table) - most, 0),
        "others": [str(column) for column in table if column not in there],
        "note": _("Intervals: 95%, of the mean, each by itself.") if name == "by_point" and has_intervals(table) else "",
    }  # fmt: skip


def _as_read(answer: Answer, table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with figures of each outcome in the unit that the first column of them asks for, which the column unit says."""
    import pandas as pd

    names, parts = list(FIGURES.get(answer.kind.name, ())), []
    if not names or table.empty:
        return table
    for outcome, own in table.groupby(table["outcome"] if "outcome" in table else [""] * len(table), sort=False):
        units = own["unit"] if "unit" in own else [answer.facts.get("unit") or answer.known.outcomes[outcome].unit]
        per, unit = scale(next(iter(units)), float(own[names[0]].abs().max()))
        parts.append(divided(own, per, *names).assign(unit=unit))
    return pd.concat(parts).loc[table.index]


def _headed(words: str, unit: str) -> str:
    return _("{words} [{unit}]", words=named(words), unit=named(unit))


def _plain(name: str, head: str = "") -> Column:
    cell = _strategy if name == "strategy" else _cell
    return named(head or label_in_words(name)), (name,), lambda row: cell(row[name])


def _of(name: str, how: Callable[[Any], str], row: Row) -> str:
    return how(row[name])


def _strategy(name: Any) -> str:
    return named(str(name), "strategy")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return number(float(value)) if isinstance(value, int | float) else named(label_in_words(str(value)))


def _interval(
    head: str,
    *names: str,
    unit: str = "",
    written: Callable[..., str] = effect,
    per: float = 1,
    differs: str = "differs",
) -> Column:
    """A figure with its interval, in the unit of the head, or of its row; ``differs``: the column that says in how many runs."""
    ends = dict(zip(("value", "low", "high"), names, strict=True))

    def cell(row: Row) -> str:
        return written({key: row[name] / per for key, name in ends.items()} | {"differs": row.get(differs, "-")})

    return _headed(head, unit) if unit else named(head), (*names, *filter(None, [differs])), cell


def _unit(answer: Answer, table: "pd.DataFrame") -> str:
    """Unit of all figures of a table about one outcome."""
    return str(table["unit"].iloc[0] if len(table) else answer.facts["unit"])


def _outcome(answer: Answer) -> Column:
    """An outcome by its title, with the unit of all figures of the row."""
    known = answer.known.outcomes

    def cell(row: Row) -> str:
        return _headed(known[row["outcome"]].title, row.get("unit", known[row["outcome"]].unit))

    return _("outcome, and unit of its figures"), ("outcome", "unit"), cell


def _all(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    """All columns, where nothing is known of them."""
    titles = {name: outcome.title for name, outcome in answer.known.outcomes.items()}
    ways: dict[str, Callable[..., str]] = {
        "outcome": lambda name: named(str(titles.get(name, name))), "factor": factor_in_words, "place": place_in_words,
        "strategy": _strategy,
    }  # fmt: skip
    for name in map(str, table):
        yield named(label_in_words(name)), (name,), partial(_of, name, ways.get(name, _cell))


def _robust(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    def target(row: Row) -> str:
        return f"{named(row['reached'])} {number(row['target'])}"

    yield _outcome(answer)
    yield _plain("strategy")
    yield _plain("mean")
    yield _("target"), ("reached", "target"), target
    names = ("share_on_target", "share_low", "share_high")
    yield _("points on target"), names, lambda row: share({**row, "share": row["share_on_target"]}, "share")
    yield _plain("mean_regret")
    if "cost" in table:
        per, unit = sums(table["cost"])
        yield _headed(marked("cost"), unit), ("cost",), lambda row: number(row["cost"] / per)


def _worth(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    def sized(head: str, name: str, **how: Any) -> Column:
        per, unit = scale_of(table, answer.facts["unit"], name)
        return _interval(head, name, f"{name}_low", f"{name}_high", unit=unit, per=per, **how)

    yield _("what"), ("factor", "meaning"), thing
    yield (
        _("drawn over"), ("low", "high", "unit"),
        lambda row: in_unit(between(row["low"], row["high"]), row["unit"]),
    )  # fmt: skip
    yield sized(marked("what knowing it is worth"), "worth", written=estimate)
    yield _plain("beyond_luck")
    yield sized(marked("what it does to the gain"), "on_gain")
    yield sized(marked("what it does to the level"), "on_level")


def _sensitivity(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    titles = answer.known.outcomes
    yield _("outcome"), ("outcome",), lambda row: named(titles[row["outcome"]].title)
    yield _("factor"), ("factor",), lambda row: factor_in_words(row["factor"])
    for head, order, ends in (
        (marked("share of the variance, by itself"), "first_order", "first"),
        (marked("share of the variance, with others"), "total_order", "total"),
    ):
        yield _interval(head, order, f"{ends}_low", f"{ends}_high", written=percentage)
    yield _plain("verdict")


def _trial(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    yield _plain("effect")
    yield _interval(marked("difference"), "mean", "low", "high", unit=_unit(answer, table))


def _attribute(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    unit = _unit(answer, table)

    def over(row: Row) -> str:
        return "-" if row["over_low"] == row["over_high"] else between(row["over_low"], row["over_high"])

    def size(row: Row) -> str:
        return estimate(row) if row["kind"] == "level" else effect(row)

    yield _plain("step")
    yield _plain("kind")
    yield _headed(marked("size"), unit), ("value", "low", "high", "differs", "unit"), size
    yield _headed(marked("over what no figure tells apart"), unit), ("over_low", "over_high"), over


def _cohort(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    yield _plain("strategy")
    yield _outcome(answer)
    yield _interval(marked("adds on average"), "value", "low", "high")
    ends = ("prediction_low", "prediction_high")
    yield _("in a further county"), ends, lambda row: between(*(row[name] for name in ends))
    yield _plain("tau", _("standard deviation between counties"))
    yield _plain("counties")


def _sweep(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    units = answer.facts["units"]
    yield _outcome(answer)
    yield _plain("strategy")
    yield from (
        (factor_in_words(path, named(unit)), (path,), partial(_of, path, _cell)) for path, unit in units.items()
    ) if len(units) <= MOST_FACTORS else [_plain("point")]  # fmt: skip
    against = table["against"].iloc[0] if len(table) else "-"
    levels = against == "-"
    at = {"month": month(table["at"].iloc[0]) if len(table) else "-"}
    head = _("difference to {baseline}, end of {month}", baseline=named(against), **at)
    head = _("mean, end of {month}", **at) if levels else head
    head_, names, cell = _interval(head, "value", "low", "high", written=estimate if levels else effect)
    yield head_, (*names, "against", "at"), cell
    if not levels:
        yield _plain("verdict")


def _budget(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    shares = _("{what} ({size})", what=_("allocation"), size=" / ".join(map(label_in_words, answer.facts["labels"])))
    yield _plain("allocation", shares)
    yield _interval(_("score by {judged}", judged=answer.fact("judged_by")), "score", "low", "high")
    yield _plain("may_be_best")
    if "cost" in table:
        per, unit = sums(table[["cost", "cost_low", "cost_high"]].to_numpy(float).flat)
        yield _interval(
            marked("cost"), "cost", "cost_low", "cost_high", unit=unit, written=estimate, per=per, differs=""
        )
        yield _plain("on_frontier")


def _forecast(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    for name in ("strategy", "outcome", "reading", "unit", "at"):
        yield _plain(name)
    yield _plain("q50", _("median"))
    yield _("5 to 95%"), ("q05", "q95"), lambda row: between(row["q05"], row["q95"])


def _validate(answer: Answer, table: "pd.DataFrame") -> Iterator[Column]:
    yield _("place"), ("place",), lambda row: place_in_words(row["place"])
    for name in ("published_as", "at", "published", "median"):
        yield _plain(name)
    yield _("5 to 95%"), ("low_90", "high_90"), lambda row: between(row["low_90"], row["high_90"])
    yield _plain("inside_90", _("within"))


SHOWN: Mapping[str, Callable[[Answer, "pd.DataFrame"], Iterator[Column]]] = {
    "robust": _robust, "worth": _worth, "sensitivity": _sensitivity, "trial": _trial, "attribute": _attribute,
    "cohort": _cohort, "sweep": _sweep, "budget": _budget, "forecast": _forecast, "validate": _validate,
}  # fmt: skip
"""Columns that are shown, by the word of the command; of other kinds all of them."""
FIGURES: Mapping[str, tuple[str, ...]] = {
    "robust": ("mean", "target", "mean_regret"), "trial": ("mean", "low", "high"), "sweep": ("value", "low", "high"),
    "attribute": ("value", "low", "high", "over_low", "over_high"), "forecast": ("q50", "q05", "q95"),
    "cohort": ("value", "low", "high", "prediction_low", "prediction_high", "tau"),
}  # fmt: skip
"""Columns in the unit of the outcome, by the word of the command; the first, as in sentences and figures, says in which size."""
