"""Figures as they are written: the same figure has the same digits in a table, in a sentence and in a figure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import floor, isfinite, log10, nan
from typing import Any

from villagesim.languages import _, chinese, marked, month_as_said, named, size, whole_sum

Row = Any
"""A row of a table, as a Series or a mapping."""
DIGITS = 3
"""Of a figure below 100; above, it is written whole."""
MOST_DECIMALS = 4
LAST_DECIMAL = 8
"""Where the first digit of a small figure may stand, a yuan told in 亿; what is smaller is rounding."""
ROUNDING = 1e-6
"""Share by which sums of floating numbers may miss none or all."""
FACTORS = {
    "fund.yearly": (marked("fund"), "yuan a year"),
    "merger.decree": (marked("date of the decree"), ""),
    "merger.announcement": (marked("date of the announcement"), ""),
    "place.mean_income": (marked("mean income before the start"), "yuan per village and year"),
    "place.map": (marked("map of the merger"), ""),
    "draw": (marked("draw of map and endowments"), ""),
    "replication": (marked("chance (replication)"), ""),
}
"""Factors that are neither parameters nor settings of policies: their words and their units."""
LEAST_FOR_TAILS = 20
"""Replications from which on a band of 90% is not all of them."""


def the_first(names: Sequence[str], most: int) -> str:
    """So many of some names, and that there are more."""
    return _(", ").join(names[:most]) + " ..." * (len(names) > most)


def maps_in_words(drawn: bool, n: int, merges: bool = True) -> str:
    """What ``n`` replications rest on: one map, so many that were drawn, or none where nothing merges."""
    if not merges:
        return _("nothing merges")
    if not drawn:
        return _("one map")
    return _("a drawn map") if n == 1 else _("{n} drawn maps", n=n)


def informed_in_words(paths: Sequence[str]) -> str:
    """How many parameters come from the posterior, in a sentence; nothing where none does."""
    return _("{n} parameters come from the posterior of published numbers.", n=len(paths)) if paths else ""


def grounds_in_words(words: Mapping[str, str]) -> str:
    """What the outcomes with these titles rest on, in a sentence; without a word: not told."""
    titles: dict[str, list[str]] = {}
    for title, word in words.items():
        titles.setdefault(word or "not told", []).append(named(title) if chinese() else title.lower())
    said = _("; ").join(_("{word}: {titles}", word=named(word), titles=_(", ").join(of)) for word, of in titles.items())
    return _("What the sizes of these figures rest on: {said}.", said=said) if words else ""


def factor_in_words(path: str, unit: str = "") -> str:
    """A factor as it is written in a sentence, and with its unit, as on an axis, where that is given."""
    words, _unit = FACTORS.get(path, ("", ""))
    policy, _dot, setting = path.removeprefix("policies.").removeprefix("kinds.").partition(".")
    if path.startswith("parameters.") and not chinese():
        told = without_code(setting)
    elif words or path.startswith("parameters."):
        told = named(words or setting.replace("_", " "))
    elif setting:
        told = _("{policy}: {setting}", policy=label_in_words(policy), setting=setting_in_words(setting))
    else:
        told = label_in_words(policy)
    return _("{words} [{unit}]", words=told, unit=unit) if unit else told


def setting_in_words(setting: str) -> str:
    """A setting of a policy, or what follows it in a path (``split.0``, ``target.n``); other things may have the same name."""
    return one_after_another(
        _("part {n}", n=int(name) + 1) if name.isdecimal() else named(f"{name} (setting)").removesuffix(" (setting)")
        for name in setting.replace("_", " ").split(".")
    )


def without_code(text: str) -> str:
    """A text in which names of parameters are words: without underscores and abbreviations.

    Examples
    --------
    >>> without_code("income_county_sd"), without_code("skill at which half of own_scale is reached")
    ('income county spread', 'skill at which half of own scale is reached')
    """
    words = re.sub(r"(?<=[a-z])_(?=[a-z])", " ", text)
    return re.sub(r"\bsd\b", "spread", re.sub(r"\bp (?=[a-z])", "chance of being ", words))


def quoted(name: str) -> str:
    """A name as it stands in a sentence, told in the language that is spoken, in its quotation marks."""
    told = named(name, "strategy")
    return f"“{told}”" if chinese() else repr(told)


def criterion_in_words(criterion: Any, outcomes: Mapping[str, Any], *, titled: bool = False) -> str:
    """A goal or a condition, as it says itself; in Chinese, and where it is ``titled``, by the title of its outcome."""
    name, _blank, level = str(criterion).partition(" ")
    if not (titled or chinese()) or name not in outcomes:
        return str(criterion)
    if "yuan" in outcomes[name].unit:
        level = re.sub("(?<=least |below )[^ ]+", lambda found: whole_sum(float(found[0])), level)
    return named(f"{outcomes[name].title} {level}")


def label_in_words(label: str) -> str:
    """A policy, by its label, or a step as it is written in a sentence."""
    told = named(label)
    return told if told != label else label.replace("_", " ")


def month(label: str) -> str:
    """Write a month as people say it."""
    return month_as_said(label) if chinese() else label


def number(value: float) -> str:
    """Write a figure with as many digits as one can read: whole from 100 on, else three, with four decimals at most.

    What four decimals would call nothing gets its first digit. ``-`` stands where there is none.

    Examples
    --------
    >>> [number(value) for value in (123_456.7, 12.34, 0.50004, 0.012345, 0.00000186, -0.0, float("nan"))]
    ['123,457', '12.3', '0.5', '0.0123', '0.000002', '0', '-']
    """
    if value != value:
        return "-"
    if not isfinite(value):
        return "∞" if value > 0 else "-∞"
    first = -floor(log10(abs(value))) if value else 0
    decimals = min(max(DIGITS - 1 + first, 0), max(MOST_DECIMALS, min(first, LAST_DECIMAL)))
    text = f"{value:,.{decimals if abs(value) < 100 else 0}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def signed(value: float) -> str:
    """Write a difference with its sign."""
    text = number(value)
    return text if text in ("0", "-") or text.startswith("-") else f"+{text}"


def between(low: float, high: float) -> str:
    """Write an interval of figures; ``-`` where there is none. What was always the same shows no spread, and rules none out."""
    if low != low or high != high:
        return "-"
    if low == high:
        return _("{value} (no spread seen)", value=number(low))
    return _("{low} to {high}", low=number(low), high=number(high))


def share(row: Row, name: str) -> str:
    """Write a share of a row with its interval, as ``20% (5 to 40%)``; in words where that says nothing."""
    if tells_nothing(row[f"{name}_low"], row[f"{name}_high"]):
        return _("too few to tell")
    ends = between(100 * row[f"{name}_low"], 100 * row[f"{name}_high"])
    return _("{share} ({ends}%)", share=percent(row[name]), ends=ends)


def at_end(what: str, at: str) -> str:
    """What is looked at, as strategies or all of an answer, and the month at whose end it is."""
    return _("{what}, end of {month}", what=what, month=month(at))


def tells_nothing(low: float, high: float) -> bool:
    """Whether the interval of a share holds all shares."""
    return low <= 0 and high >= 1


def effect(row: Row, name: str = "value", low: str = "low", high: str = "high") -> str:
    """Write a difference of a row with its interval; ``-`` where there is none.

    Where too few replications differ for an interval, the column ``differs`` says in how many they do; ``-`` there says that
    the figure needs no interval. What never differs is nothing in all of them, whatever bound a rare event would have.
    """
    value, (some, _of, n) = row[name], str(row.get("differs", "-")).partition(" of ")
    if value != value:
        return "-"
    if (value, some) == (0, "0") and n != "1":
        return _("0 (in all {n})", n=n)
    if row[low] == row[low]:
        return _("{value} ({low} to {high})", value=signed(value), low=signed(row[low]), high=signed(row[high]))
    differs = row.get("differs", "-")
    return (
        signed(value)
        if differs == "-"
        else _("{value} (differs in {differs})", value=signed(value), differs=named(differs))
    )


def estimate(row: Row, name: str = "value", low: str = "low", high: str = "high") -> str:
    """Write a figure of a row with its interval; ``-`` where there is none."""
    return _with_interval(row, name, low, high, number)


def in_unit(figure: str, unit: str) -> str:
    """Write the unit behind a figure; an index and what has no unit need none, nor a blank behind a bracket of Chinese."""
    blank = "" if figure.endswith("）") else " "
    return figure if unit.startswith("index") or unit in ("", "1") else f"{figure}{blank}{named(unit)}"


def real(unit: str, told: str = "") -> str:
    """A unit as axes and heads tell it: of money that it is real, in yuan of the start, where it is not of the year.

    Examples
    --------
    >>> real("yuan a year"), real("yuan of the year per village"), real("index, 0 to 1")
    ('yuan a year, real', 'yuan of the year per village', 'index, 0 to 1')
    """
    told = told or named(unit)
    return _("{unit}, real", unit=told) if ("yuan" in unit or "元" in unit) and "of the year" not in unit else told


def amount(value: float, unit: str, written: Callable[[float], str] = number) -> str:
    """Write a figure as one reads it, with its unit behind it."""
    per, told = scale(unit, value)
    return in_unit(written(value / per), unit if unit.startswith("index") else told)


def one_after_another(sentences: Iterable[str]) -> str:
    """Sentences in one line."""
    return ("" if chinese() else " ").join(filter(None, sentences))


def percent(share: float) -> str:
    """Write a share as a percentage, whole but where that would call some of it none or all; ``-`` where there is none.

    Examples
    --------
    >>> [percent(share) for share in (0.256, 0.004, 0.996, 1.0, -0.0, float("nan"))]
    ['26%', '0.4%', '99.6%', '100%', '0%', '-']
    """
    if share != share:
        return "-"
    off = abs(share - round(share))
    nearly = off > ROUNDING and round(100 * share) == 100 * round(share)
    decimals = min(-floor(log10(off)) - 2, MOST_DECIMALS) if nearly else 0
    return f"{share + 0.0:.{decimals}%}"


def percentage(row: Row, name: str = "value", low: str = "low", high: str = "high") -> str:
    """Write a share of a row with its interval, as percentages."""
    return _with_interval(row, name, low, high, percent)


def with_error(value: float, high: float, n: int, low: float = nan) -> str:
    """Write a mean of ``n`` values with its simulation error, half the width of the interval that ends at ``high``.

    Where it is cut on one side, ``low`` is nearer than ``high`` or further: both are written.
    """
    if abs(high - 2 * value + low) > 1e-9 * (high - low):
        return _("{value} ({low} to {high})", value=number(value), low=number(low), high=number(high))
    if value == value and high != high and n > 1:
        return _("{value} (varies in 0 of {n})", value=number(value), n=n)
    error = number(high - value)
    if error == "0":
        error = _("less than 0.0001")
    return number(value) if high != high else f"{number(value)} ± {error}"


def _with_interval(row: Row, name: str, low: str, high: str, written: Callable[[float], str]) -> str:
    """Write a figure of a row, its interval, or in how many replications it varies where that is too few for one."""
    value, differs = row[name], row.get("differs", "-")
    if value == value and row[low] == row[low]:
        return _("{value} ({low} to {high})", value=written(value), low=written(row[low]), high=written(row[high]))
    if value != value or differs == "-":
        return written(value)
    return _("{value} (varies in {differs})", value=written(value), differs=named(differs))


def band_of(n: int, otherwise: str = "5-95%") -> str:
    """Say what a band of 90% over so many replications is: below 20 there is nothing beyond it.

    Examples
    --------
    >>> band_of(30), band_of(12)
    ('5-95%', 'lowest and highest of 12')
    """
    return otherwise if n >= LEAST_FOR_TAILS else _("lowest and highest of {n}", n=n)


def scale(unit: str, largest: float) -> tuple[float, str]:
    """What figures up to ``largest`` are divided by in sentences, tables and figures, and their unit then."""
    per, word = size(largest)
    return per, f"{word}{named(unit)}"


def as_said(table: Any, unit: str, *columns: str) -> tuple[Any, str]:
    """A table whose figures in some columns, the largest first, are as one says them, and their unit then."""
    per, unit = scale(unit, float(table[columns[0]].abs().max()))
    return divided(table, per, *columns), unit


def divided(table: Any, per: float, *columns: str) -> Any:
    """A table whose figures in some columns are divided by this."""
    return table.assign(**{name: table[name] / per for name in columns})


def within(title: str) -> str:
    """A title within a sentence."""
    return named(title) if chinese() else f"{title[0].lower()}{title[1:]}"


def sums(values: Iterable[float]) -> tuple[float, str]:
    """What sums of money beside each other are divided by, so that they can be read, and their unit then."""
    return scale("yuan", max((abs(value) for value in values if value == value), default=0.0))


def sums_in_words(paid: Mapping[str, float]) -> str:
    """Sums of yuan by what they are for, in words; what gets nothing is left out."""
    per, unit = sums(paid.values())
    each = [
        _("{what} {size}", what=label_in_words(label), size=number(yuan / per)) for label, yuan in paid.items() if yuan
    ]
    return f"{_(', ').join(each)} {unit}"


def back_by(row: Row, *, short: bool = False, until: str = "") -> str:
    """The month by which a strategy has paid for itself, as far as its verdict says so; of draws, in how many of them.

    For a cell below these words, or for a line of its own where the month ``until`` which it was followed is given.
    """
    if not row["cost"] > 0:
        return _("nothing paid")
    share, back = row.get("share_paid_back"), row["pays_back"]
    sure, never = row["pays"] in ("yes", "no", "-"), back == "-"
    if share is not None and share == share:
        told = {"share": percent(share)}
        cell, line = _("in {share} of draws", **told), _("paid back in {share} of draws", **told)
        return line if until else _("in {share}", **told) if short else cell
    if not until:
        unsure = _("not sure") if short or never else _("on average {month}, not sure", month=back)
        return str(back) if sure else unsure
    if never:
        said = {"month": month(until)}
        return _("not paid back by {month}", **said) if sure else _("on average not by {month}, not sure", **said)
    said = {"month": month(back)}
    return _("paid back by {month}", **said) if sure else _("on average by {month}, not sure", **said)


def discounted(rate: float) -> str:
    """Whether a yuan of next year is worth less, and by how much, in words."""
    return _("discounted by {rate} a year, an assumption", rate=percent(rate)) if rate else _("not discounted")


def duration(seconds: float) -> str:
    """A time in the unit that one would say it in."""
    for per, unit in ((86_400, _("days")), (3_600, _("hours")), (60, _("minutes"))):
        if seconds >= 2 * per:
            return f"{seconds / per:,.0f} {unit}"
    return _("{n:.0f} seconds", n=seconds) if seconds >= 1.5 else _("1 second")
