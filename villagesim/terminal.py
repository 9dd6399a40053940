"""What the command line prints: figures in as many digits as one can read, tables, and how far the runs are."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from villagesim.outcomes import OUTCOMES
from villagesim.wording import between, effect, number, percent, scale, signed, with_error

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.questions.comparison import Comparison
    from villagesim.questions.uncertainty import NotKnowing

out = Console(width=None if sys.stdout.isatty() else 110)


def say(text: str) -> None:
    """Print a line as it is."""
    out.print(text, highlight=False, soft_wrap=True, markup=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Any]:
    """Show how far the runs are, and how long it will take."""
    columns = (
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    try:
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, planned: bar.update(task, completed=done, total=planned)
    except KeyboardInterrupt:
        say("Stopped. What is done is kept in the folder of --out, where one was given: go on with --resume.")
        raise


def print_summary(comparison: "Comparison") -> None:
    """Print tables of the outcomes that are shown first."""
    for name, rows in comparison.summary().groupby("outcome", sort=False):
        per, unit = scale(OUTCOMES[str(name)].unit, rows["mean"].max())
        smallest = number(comparison.smallest(str(name)) / per)
        table = _table(
            f"{OUTCOMES[str(name)].title} ({unit}), end of {rows['at'].iloc[0]}; differences below {smallest} do not matter",
            "strategy", "mean", "one county, 5-95%", "difference", "verdict",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
            table.add_row(
                row["strategy"], with_error(figures["mean"], figures["high"]),
                between(figures["band_low"], figures["band_high"]),
                effect(figures, "difference", "difference_low", "difference_high"), row["verdict"],
            )  # fmt: skip
        out.print(table)
    say(
        f"Mean with its 95% simulation error, {comparison.n_replications} replications; difference to nothing but the merger"
        " in the same replications, with an interval that holds for all strategies together."
    )


def print_settled(comparison: "Comparison", name: str) -> None:
    """Say whether the differences of an outcome are known well enough, and which strategies have none."""
    from villagesim.questions.compare import settled

    say(f"{name}: {settled(comparison, name)}.")
    _print_undefined(comparison, name)


def print_race(comparison: "Comparison", name: str) -> None:
    """Say which strategy is best by an outcome, and how far each is from the best of the others."""
    from villagesim.questions.compare import race
    from villagesim.statistics.simultaneous import to_the_best

    runners, selection = race(comparison, name)
    values = comparison.at(name)[[comparison.strategies.index(runner) for runner in runners]]
    table = _table(
        f"{OUTCOMES[name].title}: lead over the best of the others, 95%",
        "strategy",
        "from",
        "to",
    )
    for runner, *interval in zip(runners, *to_the_best(values, OUTCOMES[name].direction), strict=True):
        table.add_row(runner, *(number(value) for value in interval))
    out.print(table)
    n, smallest = comparison.n_replications, number(comparison.smallest(name))
    if selection.best is None:
        left = [runner for runner, after in zip(runners, selection.dropped_after, strict=True) if after is None]
        say(f"Best by {name}: not known after {n} replications; still in the race: {', '.join(left)}.")
    else:
        say(
            f"Best by {name}: {runners[selection.best]}, after {n} replications; chosen so that with a probability of 95% nothing"
            f" else is better by {smallest} or more."
        )
        same = [runner for runner, own in zip(runners, values, strict=True) if (own == values[selection.best]).all()]
        if len(same) > 1:
            say(f"The same in every replication: {', '.join(r for r in same if r != runners[selection.best])}.")
    _print_undefined(comparison, name)


def _print_undefined(comparison: "Comparison", name: str) -> None:
    from villagesim.questions.compare import undefined

    if without := undefined(comparison, name):
        where = ", ".join(f"{strategy} in {n}" for strategy, n in without.items())
        say(f"Left out, as {name} is not defined: {where} of {comparison.n_replications} replications.")


def print_draws(found: "NotKnowing") -> None:
    """Print differences to the baseline over draws of what is not known, the three intervals apart."""
    for name, rows in found.tables().groupby("outcome", sort=False):
        rows = rows[rows["mean"].notna()]
        per, unit = scale(OUTCOMES[str(name)].unit, rows["mean"].abs().max())
        smallest = number(found.smallest(str(name)) / per)
        table = _table(
            f"{OUTCOMES[str(name)].title} ({unit}), end of {found.at}: difference to nothing but the merger",
            "strategy", "mean ± simulation error", "one county's chance", "not knowing", f"better by {smallest}", "worse",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
            table.add_row(
                row["strategy"], f"{signed(figures['mean'])} ± {number(figures['high'] - figures['mean'])}",
                between(figures["chance_low"], figures["chance_high"]), between(figures["unknown_low"], figures["unknown_high"]),
                percent(row["share_better"]), percent(row["share_worse"]),
            )  # fmt: skip
        out.print(table)
    say(
        f"{found.n_draws} draws of what is not known (all assumptions over their ranges, maps, dates), {found.n_replications}"
        " replications each. Simulation error: of the mean, 95%, for each strategy by itself; more draws make it"
        " smaller. One county's chance: 90% of the outcomes, everything else being known. Not knowing: 90% of the means."
        " Better, worse: share of the draws in which a strategy differs by more than the smallest difference that matters."
    )


def print_sweep(table: "pd.DataFrame", outcomes: tuple[str, ...]) -> None:
    """Print between which values the first outcomes of a sweep lie."""
    month = table["month"].iloc[-1]
    last = (
        table[table["month"] == month].groupby(["strategy", "point"], sort=False)[list(outcomes)].mean().reset_index()
    )
    shown = _table(
        f"Over all points (means of their replications), end of {month}",
        "outcome",
        "strategy",
        "least",
        "median",
        "most",
    )
    for name in outcomes[:4]:
        per, unit = scale(OUTCOMES[name].unit, last[name].abs().max())
        for strategy, values in last.groupby("strategy", sort=False)[name]:
            figures = (values.min(), values.median(), values.max())
            shown.add_row(f"{OUTCOMES[name].title} ({unit})", str(strategy), *(number(f / per) for f in figures))
    out.print(shown)


def print_failures(failures: "pd.DataFrame | None", where: str) -> None:
    """Say how many runs failed, and why the first did."""
    if failures is not None and len(failures):
        first = failures.iloc[0]
        say(
            f"Note: {len(failures)} runs failed; their {where} are incomplete or left out. The first: {first['strategy']!r}"
            f" at point {first['point']}, replication {first['replication']}: {first['message']}"
        )


def print_goals(comparison: "Comparison") -> None:
    """Print how far strategies come towards the goals of the scenario."""
    from villagesim.questions.goals import progress

    for goal, rows in progress(comparison).groupby("goal", sort=False):
        table = _table(
            f"Goal: {goal} ({rows['source'].iloc[0]})",
            "strategy", "start", "mean", "one county, 5-95%", "replications that reach it",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            table.add_row(
                row["strategy"],
                number(row["start"]),
                number(row["mean"]),
                between(row["band_low"], row["band_high"]),
                percent(row["share_reached"]),
            )
        out.print(table)


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")
