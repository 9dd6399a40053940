"""What is said beside an answer: how far knowing went, what was observed, goals, and policies that never acted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from villagesim.languages import _, chinese, named
from villagesim.questions.answer import Answer
from villagesim.questions.verdicts import listed, readable
from villagesim.wording import band_of, criterion_in_words, in_unit, number, percent, quoted

if TYPE_CHECKING:
    import pandas as pd


def settled(answer: Answer, *, titled: bool = False) -> Iterator[str]:
    """How well the outcome is known until which was run."""
    if "settled" in answer.tables:
        row = answer.tables["settled"].iloc[0]
        outcome = _outcome(answer, row["outcome"], titled)
        yield _("{outcome}: {said}.", outcome=outcome, said=named(row["said"]))
        yield from _undefined(answer, row["outcome"], outcome)


def race(answer: Answer, *, titled: bool = False) -> Iterator[str]:
    """Which strategy is best by the outcome until which was run."""
    if "race" not in answer.tables:
        return
    rows = answer.tables["race"]
    name, n = rows["outcome"].iloc[0], answer.runs["replication"].nunique()
    outcome, best = _outcome(answer, name, titled), rows["best"]
    if not best.any():
        near = _may_be_best(rows)
        said = {"outcome": outcome, "n": n, "names": _names(near)}
        if len(near) > 1:
            yield _("Best by {outcome}: not known after {n} replications; may be the best (95%): {names}.", **said)
        else:
            yield _(
                "Best by {outcome}: {names} by the 95% intervals of all {n} replications, but the race, which may end with any"
                " of them, is not decided.", **said,
            )  # fmt: skip
    else:
        margin = rows["margin"].iloc[0]
        per, unit = readable(answer.known.outcomes[name], margin)
        yield _(
            "Best by {outcome}: {strategy}, after {n} replications; chosen so that with a"
            " probability of 95% nothing else is better by {margin} or more.",
            outcome=outcome, strategy=named(rows.loc[best, "strategy"].iloc[0], "strategy"), n=n,
            margin=in_unit(number(margin / per), unit),
        )  # fmt: skip
        if len(same := rows[rows["same"] & ~best]):
            yield _("The same in every replication: {names}.", names=_names(same))
        if len(sparse := rows[rows["too_sparse"] & ~rows["same"]]):
            yield _("Too rarely different from it to be told apart: {names}.", names=_names(sparse))
    others = answer.known.leaving_others(answer.runs["strategy"].unique())
    if others and answer.known.outcomes[name].per_village:
        yield _("Not in the race, with another number of villages: {names}.", names=listed(sorted(others)))
    yield from _undefined(answer, name, outcome)


def _may_be_best(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Strategies that are still in the race, and whose lead over the best of the others may lie above nothing."""
    left = rows[rows["dropped_after"].isna()]
    near = left[~(left["lead_high"] <= 0) | (left["lead_low"] >= 0)]
    return near if len(near) else left


def never_acted(answer: Answer) -> Iterator[str]:
    """Which policies never acted, in how many of the runs, and why."""
    if "never_acted" in answer.tables:
        for row in answer.tables["never_acted"].to_dict("records"):
            who = {"policy": named(row["policy"]), "strategy": quoted(row["strategy"])}
            why = {"share": percent(row["share"]), "why": named(row["why"])}
            yield _("Note: {policy} of {strategy} never acted in {share} of the runs: {why}.", **who, **why)


def observed(answer: Answer) -> Iterator[str]:
    """How many of the observed figures lie within the bands of each strategy."""
    if "hindcast" not in answer.tables:
        return
    table = answer.tables["hindcast"].dropna(subset="observed")
    table = table[table["outcome"].isin(getattr(answer, "observed_outcomes", ()))]
    held = [
        _("{n} with {strategy}", n=int(rows["within"].sum()), strategy=named(name, "strategy"))
        for name, rows in table.groupby("strategy", sort=False)
    ]
    n, runs = len(table.drop_duplicates(["outcome", "at"])), getattr(answer, "n_runs", 0)
    if runs == 1:
        yield _("{n} observed figures stand beside a single run, which has no band (table and figure hindcast).", n=n)
        return
    said = {"n": n, "band": band_of(runs, _("5 to 95%")), "held": _(", ").join(held)}
    yield _("Of {n} observed figures the band ({band}) holds {held} (table and figure hindcast).", **said)


def goals(answer: Answer) -> Iterator[str]:
    """Each goal of the scenario with its source, and how many runs of which strategy reach it."""
    for goal in answer.known.goals:
        words = criterion_in_words(goal, answer.known.outcomes, titled=True)
        said = {"goal": words, "source": named(goal.source)}
        yield _("Goal: {goal} ({source})", **said) + _reached(answer, str(goal))


def _reached(answer: Answer, goal: str) -> str:
    if "goals" not in answer.tables:
        return ""
    rows = answer.tables["goals"]
    rows = rows[rows["goal"] == goal]
    each = rows.groupby(rows["share_reached"].map(percent), sort=False)["strategy"]
    shares = _("; ").join(_("{word}: {titles}", word=share, titles=listed(names)) for share, names in each)
    return _("; of {n} runs those that reach it, {shares}", n=getattr(answer, "n_runs", "-"), shares=shares)


def _outcome(answer: Answer, name: str, titled: bool) -> str:
    """An outcome as it is called: by its name, in Chinese and on a page by its title."""
    return named(answer.known.outcomes[name].title) if titled or chinese() else name


def _names(rows: "pd.DataFrame") -> str:
    return _(", ").join(named(name, "strategy") for name in rows["strategy"])


def _undefined(answer: Answer, name: str, outcome: str) -> Iterator[str]:
    """In which replications the outcome is not defined."""
    table = answer.tables["undefined"]
    if len(own := table[table["outcome"] == name]):
        where = _(", ").join(
            _("{strategy} in {n}", strategy=named(row["strategy"], "strategy"), n=row["replications"])
            for row in own.to_dict("records")
        )
        n = answer.runs["replication"].nunique()
        yield _(
            "Left out, as {outcome} is not defined: {where} of {n} replications.", outcome=outcome, where=where, n=n
        )
