"""What the command line prints: figures in as many digits as one can read, tables, and how far the runs are."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EBADF, EIO, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from villagesim.errors import StoreError
from villagesim.text import plain
from villagesim.wording import band_of, between, effect, number, percent, scale, share, signed, with_error

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.questions.answer import Answer
    from villagesim.scenario import Scenario


SHOWN = 4
"""Outcomes of a sweep that are printed, besides the user's own."""


class Screen(Console):
    """The one door to the screen: all text is plain, and what it cannot show is replaced."""

    def __init__(self, *, stderr: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        on_screen = stream is not None and stream.isatty()
        super().__init__(
            stderr=stderr, width=None if on_screen else 110, markup=False, emoji=False, highlight=False
        )  # fmt: skip

    def render_str(self, text: str, **ways: Any) -> Text:
        """Make plain text of whatever is printed, in a line or in a table."""
        return super().render_str(plain(text, lines=True), **ways)


out = Screen()


def say(text: str, style: str | None = None) -> None:
    """Print a line as it is."""
    out.print(text, style=style, soft_wrap=True)


@contextmanager
def streams() -> Iterator[None]:
    """Let nothing that is printed end in a traceback: not on a screen of another encoding, a closed or a full one.

    Raises
    ------
    StoreError
        Where what was printed could not be written.
    """
    closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if closed:
        raise StoreError(
            "what is printed cannot be written: the output is closed.", fix="Where nobody is to read it: >/dev/null."
        )
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        give_up("stdout")
    except OSError as problem:
        if problem.errno not in (EBADF, EIO, ENOSPC) or problem.filename is not None:
            raise
        give_up("stdout")
        raise StoreError(
            f"what is printed cannot be written ({problem.strerror}).", fix="Send it where there is room."
        ) from None


def give_up(name: str) -> None:
    """Print nothing more on a stream, not what waits in it either: nobody can read it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), getattr(sys, name).fileno())


@contextmanager
def progress_bar(what: str) -> Iterator[Any]:
    """Show how far the runs are, and how long it will take."""
    columns = (
        TextColumn(plain(what), markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"),
        TimeRemainingColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, planned: bar.update(task, completed=done, total=planned)
    except KeyboardInterrupt:
        say("Stopped. What is done is kept in the folder of --out, where one was given: go on with --resume.")
        raise


def caution(scenario: "Scenario", central: bool = True) -> str:
    """What figures are not, and under which map and parameters they were found, where those are the central ones."""
    maps = "Drawn maps" if scenario.has_drawn_maps else "One map"
    return f"{maps}, central parameters: not a forecast." if central else "Not a forecast."


def print_answer(answer: "Answer") -> None:
    """Print what came out: the headline, which runs failed, and the tables of its kind."""
    say(answer.headline)
    if answer.grounds:
        say(answer.grounds)
    if answer.kind.name in PRINTED:
        _print_failures(answer)
        PRINTED[answer.kind.name](answer)
        _print_never_acted(answer)


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
    """Print tables of the outcomes that are shown first, and how far goals and what was asked for are reached."""
    from villagesim.statistics.differences import is_sparse

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
            at_most(effect(figures, "difference", "difference_low", "difference_high"), row["differs"]),
            row["differs"], row["verdict"],
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


def at_most(effect: str, differs: str) -> str:
    """An effect with its interval, marked where that only says how large a rare difference may be."""
    from villagesim.statistics.differences import is_sparse

    return effect.replace(" (", " (at most ", 1) if " to " in effect and is_sparse(differs) else effect


def _one_county(answer: "Answer") -> str:
    band = band_of(answer.runs["replication"].nunique())
    return f"one county, luck and map, {band}" if answer.known.drawn_maps else f"one county, {band}"


def _print_race(answer: "Answer", rows: "pd.DataFrame", n: int) -> None:
    """Say which strategy is best by an outcome, and how far each is from the best of the others."""
    name, margin = rows["outcome"].iloc[0], number(rows["margin"].iloc[0])
    table = table_of(
        f"{answer.known.outcomes[name].title}: lead over the best of the others, 95%", "strategy", "from", "to"
    )
    for row in rows.to_dict("records"):
        table.add_row(row["strategy"], number(row["lead_low"]), number(row["lead_high"]))
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
            rarely = "" if row["total_low"] == row["total_low"] else f", differs in {row['differs']}"
            shown.add_row(
                row["strategy"], at_most(effect(figures, "mean"), row["differs"]) + rarely,
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
}  # fmt: skip
"""Kinds of question whose tables are printed; of the others the headline says it."""


def table_of(title: str, *columns: str) -> Table:
    """An empty table in the house style."""
    return Table(*columns, title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")
