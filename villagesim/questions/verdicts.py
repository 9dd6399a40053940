"""What a comparison says: verdicts with what each costs, and sentences that hold nothing but these verdicts.

A sentence calls a strategy better only where its verdict does; what is undecided, the same in all runs, not defined or never
acted is named as that. Where several share a verdict their means are given from the least to the most, with no order said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, in_others, named
from villagesim.outcomes import Outcome
from villagesim.outcomes.of_levels import REPORTED
from villagesim.parameters import Parameters
from villagesim.questions.answer import Tables
from villagesim.questions.labels import ARITHMETIC, LABELS, bracketed, carried, label, label_of
from villagesim.questions.money import costs
from villagesim.questions.over_time import NEVER_ACTED, OTHER_NUMBER, OTHER_VILLAGES, barred
from villagesim.questions.side_by_side import Found, at_ends
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_interval, is_sparse, never_differs, paired
from villagesim.statistics.intervals import SAME, SAME_DIFFERENCE
from villagesim.statistics.pareto import efficient
from villagesim.statistics.ratios import ratio_of_means
from villagesim.wording import effect, in_unit, month, number, scale, signed

if TYPE_CHECKING:
    import pandas as pd

DIFFERENCE = ("difference", "difference_low", "difference_high")
"""Columns of a difference to the baseline and its interval."""
MATTERS = ("better", "worse", "higher", "lower")
GROUPS = (
    *MATTERS, "practically equal", SAME, SAME_DIFFERENCE, "undecided", "one replication", NEVER_ACTED, OTHER_NUMBER,
    OTHER_VILLAGES, "-",
)  # fmt: skip
"""Verdicts by their first words, in the order in which they are said."""
NOT_COMPARED = dict.fromkeys(DIFFERENCE, np.nan) | {"differs": "-", "verdict": OTHER_NUMBER}
MOST_NAMES = 8
"""Strategies that a sentence names of one verdict."""


def verdicts(answer: StrategiesAnswer) -> "pd.DataFrame":
    """What can be said of the outcomes that are shown first, at the ends of all years: a row an outcome and strategy.

    Where a strategy leaves another number of villages, income by resident is shown too.

    Columns: ``at, outcome, unit, strategy``; ``difference`` to the baseline with its interval, ``differs``, ``verdict`` and
    ``margin``, as in the table `comparison`; ``rests_on``, in a word; ``cost`` paid until then, beyond the baseline [yuan], and
    ``per_million``: the difference for each million of it, both with their intervals, the latter with none where too few
    runs differ; ``on_frontier``: no other strategy, nor
    the baseline, has a better mean at no more cost, ``-`` where neither more nor less is better.
    """
    return at_ends(answer, lambda month: _verdicts(answer, month))


def told_first(answer: StrategiesAnswer) -> list[str]:
    """Outcomes with verdicts: those that are shown first, and what compares where numbers of villages do not."""
    first, *others = answer.known.headline_outcomes
    by_resident = ["income_per_resident"] if answer.known.leaving_others(answer.strategies) else []
    return list(dict.fromkeys([first, *by_resident, *others]))


def _verdicts(answer: StrategiesAnswer, month: str) -> "pd.DataFrame":
    import pandas as pd

    paid = {name: costs(answer, name, month) for name in answer.known.others(answer.strategies)}
    rows: list[dict[str, Any]] = []
    for name in told_first(answer):
        found, values = answer.outcome(name), answer.at(name, month)
        own = {row["strategy"]: row for row in answer._rows(name, month)}
        base = values[answer.strategies.index(answer.baseline)]
        extra = {s: paired(values[answer.strategies.index(s)], base) for s in paid if answer.compares(s, name)}
        words = answer.facts.get("rests_on", {}).get(name, {})
        kept = [s for s in extra if s not in answer.idle]
        best = on_frontier([paid[each].mean() for each in kept], [extra[each].mean() for each in kept], found.direction)
        for strategy, cost in paid.items():
            why = {"verdict": barred(answer.known, strategy, name)}
            said = answer.in_words(own[strategy]) if strategy in extra else NOT_COMPARED | why
            interval = difference_interval(cost)
            said |= {"cost": interval.mean, "cost_low": interval.low, "cost_high": interval.high}
            pays = strategy in extra and interval.mean > 0
            ratio = ratio_of_means(extra[strategy], cost / 1e6) if pays else (np.nan,) * 3
            ratio = (ratio[0], np.nan, np.nan) if is_sparse(str(said["differs"])) else ratio
            said |= dict(zip(("per_million", "per_million_low", "per_million_high"), ratio, strict=True))
            frontier = dict(zip(kept, best, strict=True)).get(strategy, "-")
            first = {"at": month, "outcome": name, "unit": found.unit, "strategy": strategy}
            rows.append(first | said | {
                "margin": answer.margin(name, month), "on_frontier": frontier,
                "rests_on": "" if never_differs(str(said["differs"])) else words.get(strategy, ""),
            })  # fmt: skip
    return pd.DataFrame(rows)


def on_frontier(cost: Sequence[float], effect: Sequence[float], direction: int) -> list[str]:
    """Whether no other, nor doing nothing, has a better mean at no more cost: ``yes`` or ``no``, ``-`` without a direction."""
    if not direction or not len(cost):
        return ["-"] * len(cost)
    gains = np.array([(0.0, 0.0), *zip(np.negative(cost), direction * np.asarray(effect), strict=True)])
    return ["yes" if each else "no" for each in efficient(gains)[1:]]


def last_of(table: "pd.DataFrame", outcome: str | None = None) -> "pd.DataFrame":
    """Rows of the last month, of one outcome where it is given; of a table without rows none."""
    if table.empty:
        return table
    table = table[table["at"] == table["at"].iloc[-1]]
    return table if outcome is None else table[table["outcome"] == outcome]


def grouped(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by the first words of their verdicts, in the order of `GROUPS`."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    rows = list(rows)
    for word in GROUPS:
        if own := [row for row in rows if row["verdict"].startswith(word)]:
            found[word] = own
    return found


def sentence(what: str, outcome: Outcome, rows: "pd.DataFrame", how: str) -> str:
    """One sentence on an outcome out of its rows of `verdicts`: who is better, worse, equal, undecided; nothing else.

    Parameters
    ----------
    what : str
        How the sentence begins.
    how : str
        What its intervals hold for.
    """
    said = [
        f"{with_names(word, listed(row['strategy'] for row in own))}{sizes(outcome, own) if word in MATTERS else ''}"
        for word, own in grouped(rows.to_dict("records")).items()
    ]
    return _("{what}: {said} ({how}).", what=what, said=_("; ").join(said), how=how)


def with_names(word: str, names: str) -> str:
    """One of `GROUPS`, and the strategies of which it is said."""
    return {
        "better": _("better with {names}", names=names), "worse": _("worse with {names}", names=names),
        "higher": _("higher with {names}", names=names), "lower": _("lower with {names}", names=names),
        "practically equal": _("practically equal with {names}", names=names),
        SAME: _("the same in all runs with {names}", names=names),
        SAME_DIFFERENCE: _("the same difference in all runs with {names}", names=names),
        "undecided": _("undecided with {names}", names=names),
        "one replication": _("one replication says nothing of chance, with {names}", names=names),
        NEVER_ACTED: _("never acted: {names}", names=names),
        OTHER_NUMBER: _("compared by resident alone, with another number of villages: {names}", names=names),
        OTHER_VILLAGES: _("not compared, as it is of other villages: {names}", names=names),
        "-": _("not defined with {names}", names=names),
    }[word]  # fmt: skip


def listed(names: Iterable[str]) -> str:
    """Names in a sentence; in quotation marks where one could be taken for two."""
    told = [
        _("'{name}'", name=name) if set(name) & {*",;:，；：、"} or _(" and ") in name else name
        for name in (named(each, "strategy") for each in names)
    ]
    if len(told) > MOST_NAMES:
        told = [*told[: MOST_NAMES - 1], _("{n} more", n=len(told) - MOST_NAMES + 1)]
    return _(" and ").join([_(", ").join(told[:-1]), told[-1]] if len(told) > 1 else told)


def readable(outcome: Outcome, largest: float) -> tuple[float, str]:
    """What figures of an outcome up to ``largest`` are divided by in a sentence or table, and their unit then."""
    if outcome.unit.startswith("share"):
        return 0.01, _("points")
    if outcome.unit.startswith("index"):
        return 1, ""
    return scale(outcome.unit, largest)


NOTHING_TOLD = 1.5
"""Of the twice its range that a difference can move in: an interval that holds as much tells nothing."""


def difference_in_words(row: Mapping[str, Any], per: float = 1, outcome: Outcome | None = None) -> str:
    """A difference with its interval; of a rare event what it is at most; of an outcome with bounds where it is cut at them.

    An interval that holds most of what a difference can be tells nothing: so few runs do not know it. Neither does a bound on a
    rare event that reaches beyond what matters: too few runs differ. What differs in no run is told as that, and no bound on
    what was not seen beside it.
    """
    mean, low, high = (row[key] / per for key in DIFFERENCE)
    ends = _("{low} to {high}", low=signed(low), high=signed(high))
    whole = np.inf if outcome is None else (outcome.bounds[1] - outcome.bounds[0]) / per
    told = dict(zip(DIFFERENCE, (mean, low, high), strict=True)) | {"differs": row["differs"]}
    rare = low == low and is_sparse(row["differs"])
    if never_differs(row["differs"]):
        return effect(told, *DIFFERENCE)
    if rare and max(-low, high) > row.get("margin", np.inf) / per:
        return effect(told | dict.fromkeys(DIFFERENCE[1:], np.nan), *DIFFERENCE)
    if high - low > NOTHING_TOLD * whole:
        n = row["differs"].rpartition(" ")[2]
        return _("{value} (not known with {n})", value=signed(mean), n=n)
    if low <= -whole or high >= whole:
        return _("{value} ({ends}, cut at what is possible)", value=signed(mean), ends=ends)
    if rare:
        return _("{value} (at most {ends})", value=signed(mean), ends=ends)
    return effect(told, *DIFFERENCE)


def sizes(outcome: Outcome, rows: Sequence[Mapping[str, Any]]) -> str:
    """How large differences are: of one with its interval, of several from the least to the most; and what they rest on."""
    means = [row["difference"] for row in rows]
    per, unit = readable(outcome, max(map(abs, means)))
    if len(rows) == 1:
        size = difference_in_words(rows[0], per, outcome)
    else:
        low, high = (signed(end / per) for end in (min(means), max(means)))
        size = low if low == high else _("{low} to {high}", low=low, high=high)
    words = sorted({row["rests_on"] for row in rows} - {""}, key=LABELS.index)
    return _(", {size}", size=in_unit(size, unit)) + bracketed(*words)


def headline(answer: StrategiesAnswer, table: "pd.DataFrame", parameters: Parameters) -> str:
    """Answer in at most three sentences, a line each: income, integration, and what the merger alone does."""
    merges = bool({*answer.known.decrees} & {*answer.months})
    lines: list[str] = []
    for name in ("collective_income", "real_integration")[: 1 + merges]:
        rows = last_of(table, name)
        if len(rows):
            what = named(answer.outcome(name).title)
            if name == "collective_income":
                what = _("{title} per village, in yuan of the start,", title=what)
            if not lines:
                against = {"month": month(answer.month), "baseline": named(answer.baseline)}
                what = _("{what} at the end of {month}, against {baseline}", what=what, **against)
            lines.append(answer.sentence(what, name, rows))
    return "\n".join([*lines, _without_policy(answer, parameters, merges)])


def _without_policy(answer: StrategiesAnswer, parameters: Parameters, merges: bool) -> str:
    """The published share without any policy, and what of it is nothing but sums."""
    name, baseline = answer.known.published_share, answer.strategies.index(answer.baseline)
    values = answer.values(name)[baseline]
    before, after = (float(values[:, at].mean()) for at in (0, answer.rank(answer.month)))
    said = _(
        "{title}: {before:.1%} at the start, {after:.1%} at the end with {baseline}{label}",
        title=named(answer.outcome(name).title), before=before, after=after, baseline=named(answer.baseline),
        label=bracketed(label_of(answer.outcome(name).rests_on, carried(parameters))),
    )  # fmt: skip
    reported = answer.values(f"{REPORTED}{name}")[baseline][:, 0]
    if np.ptp(values[:, 0]) > 0 and not np.ptp(reported):
        said += _("; reported at the start are {share:.1%} in every draw: what is booked is drawn", share=reported[0])
    if merges:
        by_sums = added_by_sums(answer)
        added = {"points": number(100 * by_sums), "label": bracketed(ARITHMETIC if by_sums else "")}
        said += (
            _("; summing the parts alone adds {points} points in the month of the decree{label}", **added)
            if len({*answer.known.decrees} & {*answer.months}) == 1
            else _("; summing the parts alone adds {points} points by the month of the last decree{label}", **added)
        )
    if answer.of_draws:
        return _("{said} (mean of {n}).", said=said, n=answer.n_runs)
    return _("{said} (mean of {n}, one draw of endowments).", said=said, n=answer.n_runs)


def added_by_sums(answer: StrategiesAnswer) -> float:
    """What the published share is more where the same incomes are summed than where they are not, mean of all units.

    In the month of the last decree, in the world without merger of the same run: growth and luck of the month are in both.
    """
    places = (answer.known.mechanical_share, answer.baseline), (answer.known.published_share, NO_MERGER)
    summed, apart = (answer.values(name)[answer.strategies.index(strategy)] for name, strategy in places)
    last = [max((answer.rank(day) for day in days if day in answer.months[1:]), default=0) for days in answer.decrees]
    in_force = np.array(last) > 0
    units = np.arange(len(last))
    return float(np.where(in_force, summed[units, last] - apart[units, last], 0.0).mean())


def rests_on(answer: StrategiesAnswer, labels: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What every difference of the outcomes that are shown first rests on, in a word, by outcome and strategy."""
    return {
        name: {s: label(answer, s, name, labels[s]) for s in answer.strategies if answer.compares(s, name)}
        for name in told_first(answer)
    }


def answered(answer: Found, made: Mapping[str, Any], parameters: Parameters) -> Found:
    """The answer with tables and headline, once its facts are known; verdicts come second."""
    answer = replace(answer, facts={**answer.facts, "rests_on": rests_on(answer, answer.facts["labels"])})
    first, *others = made
    tables = Tables(
        {first: made[first], "verdicts": partial(verdicts, answer), **{name: made[name] for name in others}}
    )

    def tell() -> str:
        return headline(answer, tables["verdicts"], parameters)

    return replace(answer, headline=tell(), facts={**answer.facts, "told": in_others(tell)}, tables=tables)
