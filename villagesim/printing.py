"""What the command line prints of an answer: its sentences, and tables that fit 80 columns; all of it as JSON."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from villagesim.questions.labels import LEGEND
from villagesim.questions.plain import records
from villagesim.questions.verdicts import DIFFERENCE, difference_in_words, grouped, last_of, listed, readable
from villagesim.statistics.differences import is_sparse
from villagesim.terminal import out, say, table_of
from villagesim.wording import band_of, between, effect, number, percent, scale, share, signed, with_error

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.outcomes import Outcome
    from villagesim.questions.answer import Answer

SHOWN = 4
"""Outcomes of a sweep that are printed, besides the user's own."""
FOLDED = ("practically equal", "never acted", "-")
"""Verdicts whose rows are told in one line."""
MILLION = 1e6


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
            _print_verdicts(answer, every=verbose)
            _print_money(answer.tables["money"])
        if verbose or "verdicts" not in answer.tables:
            PRINTED[answer.kind.name](answer)
        else:
            BESIDES[answer.kind.name](answer)
        _print_never_acted(answer)


def _print_verdicts(answer: "Answer", *, every: bool) -> None:
    """One table: differences with their verdicts, and beside each what it costs by the year; what does not matter in a line."""
    last, money = last_of(answer.tables["verdicts"]), answer.tables["money"]
    known, costs = answer.known, {row["strategy"]: row["cost_per_year"] for row in records(last_of(money))}
    left_out = (
        set() if every else {*known.headline_outcomes[2:3], known.nominal_share} - {o.name for o in known.outcomes.own}
    )
    names = [name for name in dict.fromkeys(last["outcome"]) if name not in left_out]
    for name in names:
        _print_outcome(known.outcomes[name], last[last["outcome"] == name], costs, head=name == names[0])
    if every:
        out.print(f"\n{LEGEND}")
    if names:
        out.print("\nDifferences: 95%. Cost: paid from the county's fund, million yuan a year since it began.")


def _print_outcome(outcome: "Outcome", rows: "pd.DataFrame", costs: Mapping[str, float], *, head: bool) -> None:
    """Rows of one outcome."""
    per, unit = readable(outcome, rows["difference"].abs().max())
    table = Table(box=None, show_header=head, title_justify="left", title_style="bold", padding=(0, 1), pad_edge=False)
    margin = number(rows["margin"].iloc[0] / per)
    table.title = f"\n{outcome.title} ({unit or outcome.unit}; below {margin} does not matter)"
    for column, width in (("against the baseline", 20), ("difference", 25), ("verdict", 26), ("cost", 6)):
        table.add_column(column, width=width, justify="right" if column == "cost" else "left")
    groups = grouped(rows.to_dict("records"))
    for word, own in groups.items():
        for row in own if word not in FOLDED else ():
            cost = number(costs[row["strategy"]] / MILLION)
            table.add_row(row["strategy"], difference_in_words(row, per), row["verdict"], cost)
    out.print(table)
    for word in FOLDED:
        if word in groups:
            said = {"-": "not defined"}.get(word, word)
            out.print(f"{said}: {listed(row['strategy'] for row in groups[word])}")


POCKETS = {
    "cost": "fund pays", "saving": "budget saves", "income_gain": "income gained", "households": "house- holds",
    "outside": "out- side",
}  # fmt: skip
"""Pockets of the table of money, and their headings."""


def _print_money(table: "pd.DataFrame") -> None:
    """Where money comes from and goes to since the start, by pocket; pockets that nothing changes are left out."""
    if table.empty:
        return
    rows = last_of(table)
    pockets = [name for name in POCKETS if name == "cost" or rows[name].abs().max() > 0]
    shown = Table(box=None, title_justify="left", title_style="bold", padding=(0, 1), pad_edge=False)
    rate = rows["discount"].iloc[0]
    worth = f"discounted by {percent(rate)} a year" if rate else "not discounted"
    shown.title = f"\nMoney since the start, by {rows['at'].iloc[0]} (million yuan, {worth})"
    for name, width in (("strategy", 18), *((POCKETS[name], 6) for name in pockets), ("balance, 95%", 22)):
        shown.add_column(name, width=None if name == "strategy" else width, max_width=width)
    shown.add_column("back by", width=7)
    for row in rows.to_dict("records"):
        means = (number(row[name] / MILLION) for name in pockets)
        balance = {"value": row["balance"] / MILLION}
        balance |= {end: row[f"balance_{end}"] / MILLION for end in ("low", "high")}
        shown.add_row(row["strategy"], *means, effect(balance), row["pays_back"])
    out.print(shown)
    out.print(
        "Means; balance: saved and earned by collectives, less what the fund pays. Households are paid out of it. No outcome"
        " tells of operators in yuan. Intervals, years and months: table money."
    )


def _print_failures(answer: "Answer") -> None:
    """Say how many runs failed, and why the first did."""
    failures = answer.failures
    if len(failures):
        what = {"compare": "replications", "uncertainty": "draws"}.get(answer.kind.name, "points")
        first = failures.iloc[0]
        say(
            f"Note: {len(failures)} runs failed; their {what} are incomplete or left out. The first: {first['strategy']!r}"
            f" at point {first['point']}, replication {first['replication']}: {first['message']}"
        )


def _print_never_acted(answer: "Answer") -> None:
    """Say which policies never acted, in how many of the runs, and why."""
    if "never_acted" in answer.tables:
        for row in answer.tables["never_acted"].to_dict("records"):
            share = percent(row["share"])
            say(f"Note: {row['policy']} of {row['strategy']!r} never acted in {share} of the runs: {row['why']}.")


def _print_comparison(answer: "Answer") -> None:
    """Print tables of the outcomes that are shown first, with means and bands, and what else was asked for."""
    table = answer.tables["comparison"]
    last = table[table["at"] == table["at"].iloc[-1]]
    for name in answer.known.headline_outcomes:
        _print_compared(answer, name, last[last["outcome"] == name])
    n = answer.runs["replication"].nunique()
    say(
        f"Mean with its 95% simulation error, {n} replications; difference to {answer.known.baseline} in the same replications,"
        " with an interval that holds for all strategies together."
    )
    shown = last[last["outcome"].isin(answer.known.headline_outcomes) & last["difference_low"].notna()]
    if any(map(is_sparse, shown["differs"])):
        say("At most: so few replications differ that the interval only says how large a rare difference may be.")
    _print_asked(answer)


def _print_asked(answer: "Answer") -> None:
    """Print how far goals and what was asked for are reached."""
    n = answer.runs["replication"].nunique()
    if "goals" in answer.tables:
        _print_goals(answer.tables["goals"], _one_county(answer))
    _print_observed(answer)
    if "settled" in answer.tables:
        row = answer.tables["settled"].iloc[0]
        say(f"{row['outcome']}: {row['said']}.")
        _print_undefined(answer, row["outcome"], n)
    if "race" in answer.tables:
        _print_race(answer, answer.tables["race"], n)


def _print_compared(answer: "Answer", name: str, rows: "pd.DataFrame") -> None:
    found = answer.known.outcomes[name]
    n = answer.runs["replication"].nunique()
    per, unit = scale(found.unit, rows["mean"].max())
    margin = number(rows["margin"].iloc[0] / per)
    table = table_of(
        f"{found.title} ({unit}), end of {rows['at'].iloc[0]}; differences below {margin} do not matter",
        "strategy", "mean", _one_county(answer), "difference", "differs in", "verdict",
    )  # fmt: skip
    for row in rows.to_dict("records"):
        figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
        table.add_row(
            row["strategy"], with_error(figures["mean"], figures["high"], n), between(figures["band_low"], figures["band_high"]),
            difference_in_words(row, per), row["differs"], row["verdict"],
        )  # fmt: skip
    out.print(table)
    least, most = found.bounds
    for base in rows.loc[rows["verdict"] == "baseline", "mean"]:
        beyond = rows[(base + rows["difference_low"] < least) | (base + rows["difference_high"] > most)]
        if len(beyond):
            say(
                f"{', '.join(beyond['strategy'])}: from the baseline's mean no difference can be below {signed(least - base)} or"
                f" above {signed(most - base)}; intervals that reach further allow for a baseline that is no better known."
            )


def _one_county(answer: "Answer") -> str:
    band = band_of(answer.runs["replication"].nunique())
    return f"one county, luck and map, {band}" if answer.known.drawn_maps else f"one county, {band}"


def _print_race(answer: "Answer", rows: "pd.DataFrame", n: int) -> None:
    """Say which strategy is best by an outcome, and how far each is from the best of the others."""
    name, margin = rows["outcome"].iloc[0], number(rows["margin"].iloc[0])
    table = table_of(
        f"{answer.known.outcomes[name].title}: lead over the best of the others, 95%",
        "strategy", "from", "to", "cost", "a million brings", "nothing cheaper",
    )  # fmt: skip
    for row in rows.to_dict("records"):
        figures = (row["lead_low"], row["lead_high"], row["cost"] / MILLION, row["per_million"])
        table.add_row(row["strategy"], *map(number, figures), row["on_frontier"])
    out.print(table)
    if not rows["best"].any():
        left = ", ".join(rows.loc[rows["dropped_after"].isna(), "strategy"])
        say(f"Best by {name}: not known after {n} replications; still in the race: {left}.")
    else:
        say(
            f"Best by {name}: {rows.loc[rows['best'], 'strategy'].iloc[0]}, after {n} replications; chosen so that with a"
            f" probability of 95% nothing else is better by {margin} or more."
        )
        if same := list(rows.loc[rows["same"] & ~rows["best"], "strategy"]):
            say(f"The same in every replication: {', '.join(same)}.")
        if sparse := list(rows.loc[rows["too_sparse"] & ~rows["same"], "strategy"]):
            say(f"Too rarely different from it to be told apart: {', '.join(sparse)}.")
    _print_undefined(answer, name, n)


def _print_undefined(answer: "Answer", name: str, n: int) -> None:
    table = answer.tables["undefined"]
    if len(own := table[table["outcome"] == name]):
        where = ", ".join(f"{row['strategy']} in {row['replications']}" for row in own.to_dict("records"))
        say(f"Left out, as {name} is not defined: {where} of {n} replications.")


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
            f"{found.title} ({unit}), end of {rows['at'].iloc[0]}: difference to {answer.known.baseline}",
            "strategy", "mean, 95%", "one county's chance", "uncertainty", "both",
            f"better by {number(rows['margin'].iloc[0] / per)}", "worse",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
            mean = dict(zip(DIFFERENCE, (row["mean"], row["low"], row["high"]), strict=True)) | {
                "differs": row["differs"]
            }
            rarely = "" if row["total_low"] == row["total_low"] else f", differs in {row['differs']}"
            shown.add_row(
                row["strategy"], difference_in_words(mean, per) + rarely,
                between(figures["chance_low"], figures["chance_high"]),
                between(figures["uncertain_low"], figures["uncertain_high"]),
                between(figures["total_low"], figures["total_high"]),
                share(row, "share_better"), share(row, "share_worse"),
            )  # fmt: skip
        out.print(shown)
    runs = answer.runs
    n = runs.groupby("point")["replication"].nunique()
    alone = table[["luck_better", "luck_worse"]].max().max()
    say(
        f"{len(n)} draws of what is uncertain (parameters and settings that are not well known, maps, dates; the table held lists"
        f" the others), {n.iloc[0]} replications each. 95%: simulation error of the mean, for each strategy by itself; more draws"
        " make it smaller. One county's chance: 90% of the outcomes, everything else being known. Uncertainty: 90% of the means;"
        " none where it cannot be told from luck, and no band at all where too few draws differ. Better, worse: share of the"
        " draws in which a strategy differs by more than the smallest difference that matters, luck taken out, with its interval;"
        f" counted with their luck, draws that are all alike would give up to {percent(alone)}."
    )
    _print_goals_of_draws(answer)


def _print_goals_of_draws(answer: "Answer") -> None:
    if "goals" in answer.tables:
        _print_goals(answer.tables["goals"], "chance and uncertainty, 5-95%")
    _print_observed(answer)


def _print_sweep(answer: "Answer") -> None:
    """Print between which values the first outcomes of a sweep lie, and all of the user's own."""
    table = answer.tables["sweep"]
    shown = table_of(
        f"Over all points (means of their replications), end of {table['at'].iloc[0]}",
        "outcome", "strategy", "least", "median", "most",
    )  # fmt: skip
    asked = list(dict.fromkeys(table["outcome"]))
    own = {outcome.name for outcome in answer.known.outcomes.own}
    for name in [*asked[:SHOWN], *(name for name in asked[SHOWN:] if name in own)]:
        rows = table[table["outcome"] == name]
        found = answer.known.outcomes[name]
        per, unit = scale(found.unit, rows[["least", "most"]].abs().max().max())
        for row in rows.to_dict("records"):
            figures = (number(row[key] / per) for key in ("least", "median", "most"))
            shown.add_row(f"{found.title} ({unit})", row["strategy"], *figures)
    out.print(shown)


def _print_robust(answer: "Answer") -> None:
    """Print, outcome by outcome, what each strategy reaches at how many points, and what it costs."""
    for name, rows in answer.tables["robust"].groupby("outcome", sort=False):
        found = answer.known.outcomes[str(name)]
        per, unit = readable(found, rows["mean"].abs().max())
        target = number(rows["target"].iloc[0] / per)
        shown = table_of(
            f"{found.title} ({unit or found.unit}), {rows['reached'].iloc[0]} {target}",
            "strategy", "mean", "on target", "largest regret", "cost", "a million brings", "nothing cheaper",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = (number(row[key] / per) for key in ("mean", "largest_regret"))
            mean, regret = figures
            cost, million = (row.get(key, float("nan")) for key in ("cost", "per_million"))
            shown.add_row(
                row["strategy"], mean, percent(row["share_on_target"]), regret, number(cost / MILLION), number(million / per),
                str(row.get("on_frontier", "-")),
            )  # fmt: skip
        out.print(shown)
    out.print("Cost: million yuan since the start, mean of the points; intervals: table robust.")


def _print_budget(answer: "Answer") -> None:
    """Print all allocations that were run again: what each brings in units, what was paid of it, and whether it may be best."""
    main, gains = answer.tables["budget"], answer.tables["outcomes"]
    names = list(dict.fromkeys(gains["outcome"]))
    scales = {
        name: readable(answer.known.outcomes[name], gains.loc[gains["outcome"] == name, "difference"].abs().max())
        for name in names
    }
    heads = [f"{answer.known.outcomes[name].title} ({scales[name][1] or '0 to 1'})" for name in names]
    shown = table_of("Against equal shares, with other luck", "shares", *heads, "paid", "may be best")
    for row in main.to_dict("records"):
        own = gains[gains["allocation"] == row["allocation"]].set_index("outcome")
        cells = (difference_in_words(own.loc[name].to_dict(), scales[name][0]) for name in names)
        paid = number(row.get("cost", float("nan")) / MILLION)
        shown.add_row(row["allocation"], *cells, paid, "yes" if row["may_be_best"] else "no")
    out.print(shown)
    out.print(f"Shares of {', '.join(answer.facts['labels'])}; paid: million yuan since the start.")


def _print_trial(answer: "Answer") -> None:
    """Print the effects of a policy for villages chosen by lot."""
    shown = table_of(
        f"{answer.facts['title']} ({answer.facts['unit']})", "effect", "mean", "95% interval", "differs in"
    )
    for row in answer.tables["trial"].to_dict("records"):
        shown.add_row(row["effect"], signed(row["mean"]), between(row["low"], row["high"]), row["differs"])
    out.print(shown)
    sure = table_of(
        "How sure one trial is",
        "estimator",
        "villages",
        "half width of 95%",
        "margin",
        "finds the margin",
        "villages for 80%",
    )
    for row in answer.tables["power"].to_dict("records"):
        figures = (number(row[key]) for key in ("villages", "half_width", "margin"))
        needed = row["villages_needed"]
        more = "more than the county has" if needed > row["in_county"] else number(needed)
        sure.add_row(row["estimator"], *figures, percent(row["power"]), more)
    out.print(sure)
    say(f"{answer.facts['replications']} replications, each with and without the policy.")


def _print_goals(table: "pd.DataFrame", band: str) -> None:
    """Print how far strategies come towards the goals of the scenario."""
    for goal, rows in table.groupby("goal", sort=False):
        shown = table_of(
            f"Goal: {goal} ({rows['source'].iloc[0]})",
            "strategy", "start", "mean", band, "runs that reach it",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            shown.add_row(
                row["strategy"],
                number(row["start"]),
                number(row["mean"]),
                between(row["band_low"], row["band_high"]),
                percent(row["share_reached"]),
            )
        out.print(shown)


def _print_observed(answer: "Answer") -> None:
    """Say how many of the observed figures lie within the bands of each strategy."""
    if "hindcast" not in answer.tables:
        return
    table = answer.tables["hindcast"].dropna(subset="observed")
    table = table[table["outcome"].isin(getattr(answer, "observed_outcomes", ()))]
    held = [f"{int(rows['within'].sum())} with {name}" for name, rows in table.groupby("strategy", sort=False)]
    n = len(table.drop_duplicates(["outcome", "at"]))
    say(f"Of {n} observed figures the band of 5 to 95% holds {', '.join(held)} (table and figure hindcast).")


PRINTED = {
    "compare": _print_comparison, "uncertainty": _print_uncertainty, "sweep": _print_sweep, "trial": _print_trial,
    "robust": _print_robust, "budget": _print_budget,
}  # fmt: skip
"""Kinds of question whose tables are printed; of the others the headline says it."""
BESIDES = {"compare": _print_asked, "uncertainty": _print_goals_of_draws}
"""The same, where verdicts are printed first."""
