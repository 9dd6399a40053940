"""What the command line prints of an answer: its sentences, and tables that fit 80 columns; all of it as JSON."""

from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING

from villagesim.design_tables import print_budget, print_robust, print_sweep
from villagesim.languages import _, named
from villagesim.questions import asides
from villagesim.questions.verdicts import DIFFERENCE, difference_in_words, readable
from villagesim.refusals import retell_kept
from villagesim.statistics.differences import is_sparse, never_differs
from villagesim.terminal import out, say, table_of
from villagesim.verdict_tables import print_money, print_verdicts
from villagesim.wording import (
    as_said,
    band_of,
    between,
    criterion_in_words,
    month,
    number,
    one_after_another,
    percent,
    quoted,
    scale,
    share,
    signed,
    sums,
    with_error,
)

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.questions.answer import Answer


def print_answer(answer: "Answer", *, quiet: bool = False, verbose: bool = False) -> None:
    """Print what came out: the answer, which runs failed, and the tables of its kind; quietly nothing but the answer."""
    for sentence in answer.sentences:
        out.print(sentence)
    if quiet:
        return
    if answer.grounds:
        out.print(answer.grounds)
    if answer.kind.name in PRINTED:
        _print_failures(answer)
        if len(answer.tables.get("verdicts", ())):
            print_verdicts(answer, every=verbose)
            print_money(answer.tables["money"])
        if verbose or "verdicts" not in answer.tables:
            PRINTED[answer.kind.name](answer)
        else:
            BESIDES[answer.kind.name](answer)
        _say(asides.never_acted(answer))


def _print_failures(answer: "Answer") -> None:
    """Say how many runs failed, and why the first did."""
    failures = answer.failures
    if len(failures):
        n, first = len(failures), failures.iloc[0]
        said = {
            "compare": _("Note: {n} runs failed; their replications are incomplete or left out.", n=n),
            "uncertainty": _("Note: {n} runs failed; their draws are incomplete or left out.", n=n),
        }.get(answer.kind.name, _("Note: {n} runs failed; their points are incomplete or left out.", n=n))
        why = _(
            "The first: {strategy} at point {point}, replication {replication}: {message}",
            strategy=quoted(first["strategy"]), point=first["point"], replication=first["replication"],
            message=retell_kept(first["message"]),
        )  # fmt: skip
        say(one_after_another((said, why)))


def _print_comparison(answer: "Answer") -> None:
    """Print tables of the outcomes that are shown first, with means and bands, and what else was asked for."""
    table = answer.tables["comparison"]
    last = table[table["at"] == table["at"].iloc[-1]]
    for name in answer.known.headline_outcomes:
        _print_compared(answer, name, last[last["outcome"] == name])
    n = answer.runs["replication"].nunique()
    say(
        _(
            "Mean with its 95% simulation error, {n} replications; difference to {baseline} in the same replications,"
            " with an interval that holds for all strategies together.",
            n=n, baseline=named(answer.known.baseline),
        )
    )  # fmt: skip
    shown = last[last["outcome"].isin(answer.known.headline_outcomes) & last["difference_low"].notna()]
    if any(is_sparse(differs) and not never_differs(differs) for differs in shown["differs"]):
        say(_("At most: so few replications differ that the interval only says how large a rare difference may be."))
    _print_asked(answer)


def _print_asked(answer: "Answer") -> None:
    """Print how far goals and what was asked for are reached."""
    if "goals" in answer.tables:
        _print_goals(answer, _one_county(answer))
    _say(asides.observed(answer))
    _say(asides.settled(answer))
    if "race" in answer.tables:
        _print_race(answer, answer.tables["race"])


def _say(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        say(sentence)


def _print_compared(answer: "Answer", name: str, rows: "pd.DataFrame") -> None:
    found = answer.known.outcomes[name]
    n = answer.runs["replication"].nunique()
    per, unit = scale(found.unit, rows["mean"].abs().max())
    margin = number(rows["margin"].iloc[0] / per)
    table = table_of(
        _(
            "{title} ({unit}), end of {month}; differences below {margin} do not matter",
            title=named(found.title), unit=unit, month=month(rows["at"].iloc[0]), margin=margin,
        ),
        _("strategy"), _("mean"), _one_county(answer), _("difference"), _("differs in"), _("verdict"),
    )  # fmt: skip
    for row in rows.to_dict("records"):
        figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
        table.add_row(
            named(row["strategy"], "strategy"), with_error(figures["mean"], figures["high"], n, figures["low"]),
            between(figures["band_low"], figures["band_high"]), difference_in_words(row, per, found), named(row["differs"]),
            named(row["verdict"]),
        )  # fmt: skip
    out.print(table)
    least, most = found.bounds
    for base in rows.loc[rows["verdict"] == "baseline", "mean"]:
        beyond = rows[(base + rows["difference_low"] < least) | (base + rows["difference_high"] > most)]
        if len(beyond):
            say(
                _(
                    "{names}: from the baseline's mean no difference can be below {least} or"
                    " above {most}; intervals that reach further allow for a baseline that is no better known.",
                    names=_(", ").join(named(each, "strategy") for each in beyond["strategy"]),
                    least=signed(least - base), most=signed(most - base),
                )
            )  # fmt: skip


def _one_county(answer: "Answer") -> str:
    band = band_of(answer.runs["replication"].nunique())
    if answer.known.drawn_maps:
        return _("one county, luck and map, {band}", band=band)
    return _("one county, {band}", band=band)


def _print_race(answer: "Answer", rows: "pd.DataFrame") -> None:
    """Say which strategy is best by an outcome, and how far each is from the best of the others."""
    found = answer.known.outcomes[rows["outcome"].iloc[0]]
    leads = rows[["lead_low", "lead_high", "per_million"]].abs()
    (per, unit), (each, paid) = readable(found, leads[leads < inf].max().max()), sums(rows["cost"])
    said = {"title": named(found.title), "unit": unit or named(found.unit)}
    table = table_of(
        _("{title} ({unit}): lead over the best of the others, 95%, and what a million brings", **said),
        _("strategy"), _("from"), _("to"), _("{words} [{unit}]", words=_("cost"), unit=paid), _("a million brings"),
        _("nothing cheaper"),
    )  # fmt: skip
    for row in rows.to_dict("records"):
        figures = (row["lead_low"] / per, row["lead_high"] / per, row["cost"] / each, row["per_million"] / per)
        table.add_row(named(row["strategy"], "strategy"), *map(number, figures), named(row["on_frontier"]))
    out.print(table)
    _say(asides.race(answer))


def _print_uncertainty(answer: "Answer") -> None:
    """Print differences to the baseline over draws of what is uncertain, the three intervals apart."""
    table = answer.tables["uncertainty"]
    for name in answer.known.headline_outcomes:
        rows = table[(table["outcome"] == name) & table["mean"].notna()]
        if rows.empty:
            continue
        found = answer.known.outcomes[name]
        per, unit = scale(found.unit, rows["mean"].abs().max())
        shown = table_of(
            _(
                "{title} ({unit}), end of {month}: difference to {baseline}",
                title=named(found.title), unit=unit, month=month(rows["at"].iloc[0]), baseline=named(answer.known.baseline),
            ),
            _("strategy"), _("mean, 95%"), _("luck alone"), _("uncertainty"), _("both"),
            _("better by {margin}", margin=number(rows["margin"].iloc[0] / per)), _("worse"),
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
            mean = dict(zip(DIFFERENCE, (row["mean"], row["low"], row["high"]), strict=True)) | {
                "differs": row["differs"]
            }
            rarely = (
                ""
                if row["total_low"] == row["total_low"] or never_differs(row["differs"])
                else _(", differs in {differs}", differs=named(row["differs"]))
            )
            shown.add_row(
                named(row["strategy"], "strategy"), difference_in_words(mean, per) + rarely,
                between(figures["chance_low"], figures["chance_high"]),
                between(figures["uncertain_low"], figures["uncertain_high"]),
                between(figures["total_low"], figures["total_high"]),
                share(row, "share_better"), share(row, "share_worse"),
            )  # fmt: skip
        out.print(shown)
    runs = answer.runs
    n = runs.groupby("point")["replication"].nunique()
    say(
        _(
            "{n} draws of what is uncertain (parameters and settings that are not well known, maps, dates; the table held lists"
            " the others), {each} replications each. 95%: simulation error of the mean, for each strategy by itself; more draws"
            " make it smaller. Luck alone: 90% of the outcomes, all else being known, map and endowments too. Uncertainty: 90% of"
            " the means; none where it cannot be told from luck, and no band at all where too few draws differ. Better, worse:"
            " share of the draws in which a strategy differs by more than the smallest difference that matters, luck taken out,"
            " with its interval.", n=len(n), each=n.iloc[0],
        )
    )  # fmt: skip
    _print_goals_of_draws(answer)


def _print_goals_of_draws(answer: "Answer") -> None:
    if "goals" in answer.tables:
        _print_goals(answer, _("chance and uncertainty, 5-95%"))
    _say(asides.observed(answer))


def _print_trial(answer: "Answer") -> None:
    """Print the effects of a policy for villages chosen by lot."""
    table, unit = as_said(answer.tables["trial"], answer.facts["unit"], "mean", "low", "high")
    title = _("{what} ({size})", what=answer.fact("title"), size=unit)
    shown = table_of(title, _("effect"), _("mean"), _("95% interval"), _("differs in"))
    for row in table.to_dict("records"):
        mean, interval = signed(row["mean"]), between(row["low"], row["high"])
        shown.add_row(named(row["effect"]), mean, interval, named(row["differs"]))
    out.print(shown)
    per, size = scale(answer.facts["unit"], float(answer.tables["power"][["half_width", "margin"]].max().max()))
    sure = table_of(
        _("{words} [{unit}]", words=_("How sure one trial is"), unit=size), _("estimator"), _("villages"),
        _("half width of 95%"), _("margin"),
        _("finds the margin"), _("villages for 80%"),
    )  # fmt: skip
    for row in answer.tables["power"].to_dict("records"):
        figures = (number(row["villages"]), number(row["half_width"] / per), number(row["margin"] / per))
        needed = row["villages_needed"]
        more = _("more than the county has") if needed > row["in_county"] else number(needed)
        sure.add_row(named(row["estimator"]), *figures, percent(row["power"]), more)
    out.print(sure)
    say(_("{n} replications, each with and without the policy.", n=answer.facts["replications"]))


def _print_goals(answer: "Answer", band: str) -> None:
    """Print how far strategies come towards the goals of the scenario."""
    for goal, rows in answer.tables["goals"].groupby("goal", sort=False):
        asked = criterion_in_words(goal, answer.known.outcomes)
        per, unit = scale(answer.known.outcomes[str(goal).split()[0]].unit, rows[["start", "mean"]].abs().max().max())
        title = _("Goal: {goal} ({source})", goal=asked, source=named(rows["source"].iloc[0]))
        shown = table_of(
            _("{words} [{unit}]", words=title, unit=unit), _("strategy"), _("start"), _("mean"), band, _("runs that reach it"),
        )  # fmt: skip
        for row in rows.to_dict("records"):
            start, mean, low, high = (row[key] / per for key in ("start", "mean", "band_low", "band_high"))
            shown.add_row(
                named(row["strategy"], "strategy"),
                number(start),
                number(mean),
                between(low, high),
                percent(row["share_reached"]),
            )
        out.print(shown)


PRINTED = {
    "compare": _print_comparison, "uncertainty": _print_uncertainty, "sweep": print_sweep, "trial": _print_trial,
    "robust": print_robust, "budget": print_budget,
}  # fmt: skip
"""Kinds of question whose tables are printed; of the others the headline says it."""
BESIDES = {"compare": _print_asked, "uncertainty": _print_goals_of_draws}
"""The same, where verdicts are printed first."""
