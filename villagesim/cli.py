"""The command line: ``villagesim compare | run | trial | check | explain``."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from villagesim.errors import VillagesimError

if TYPE_CHECKING:
    from villagesim.results.comparison import Comparison

app = typer.Typer(
    help="Village mergers, land trusts and support policies: simulate and compare strategies.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
out = Console(width=None if sys.stdout.isatty() else 110)
ScenarioFile = Annotated[Path, typer.Argument(help="Scenario file (TOML).", show_default=False)]
Seed = Annotated[int, typer.Option(help="Which luck; the same seed gives the same results.")]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Run code of your own that the scenario names.")]
CAUTION = "One map, central parameters: not a forecast."


def main() -> None:
    """Run the command line; what a user can mend gets one message and exit code 2."""
    try:
        app()
    except VillagesimError as problem:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"villagesim: {problem}", markup=False)
        sys.exit(2)


@app.command()
def compare(
    scenario: ScenarioFile,
    strategies: Annotated[str | None, typer.Option(help="Names, divided by commas; all by default.")] = None,
    replications: Annotated[int, typer.Option(help="Runs of each strategy.")] = 30,
    seed: Seed = 1,
    workers: Annotated[int | None, typer.Option(help="Processes; one a core by default.")] = None,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder for figures and tables.")] = None,
    villages: Annotated[bool, typer.Option(help="Keep the rows of all villages too.")] = False,
    allow_code: AllowCode = False,
) -> None:
    """Compare strategies in the same replications, with nothing but the merger as the baseline."""
    import villagesim as vs
    from villagesim.report.describe import notes

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    for note in notes(loaded):
        out.print(f"Note: {note}.", highlight=False, soft_wrap=True)
    names = None if strategies is None else [name.strip() for name in strategies.split(",")]
    folder = out_folder or Path("out") / scenario.stem
    begun = time.perf_counter()
    with _progress("replications") as progress:
        comparison = vs.compare(
            loaded, replications, seed, strategies=names, workers=workers, out=folder, villages=villages, progress=progress
        )  # fmt: skip
    seconds = time.perf_counter() - begun
    out.print(f"\n{loaded.title}", style="bold", highlight=False)
    out.print(comparison.headline(), highlight=False, soft_wrap=True)
    _print_summary(comparison)
    _print_goals(comparison)
    for what, text in loaded.about.items():
        out.print(f"{what.capitalize()}: {text}.", highlight=False, soft_wrap=True, markup=False)
    out.print(f"Figures: {folder}/figures/overview.png, losers.png; both as SVG too", highlight=False, soft_wrap=True)
    out.print(
        f"Tables:  {folder}/tables/ (comparison, losers, money, trajectories, county; Parquet and CSV)",
        highlight=False,
        soft_wrap=True,
    )
    out.print(f"Compared in {seconds:.1f} s. {CAUTION}", highlight=False)
    command = "villagesim" if which("villagesim") else sys.argv[0]
    out.print(
        f'Next: {command} run {scenario} --strategy "{comparison.strategies[-1]}" --out {folder}-run',
        highlight=False,
        soft_wrap=True,
    )


@app.command()
def run(
    scenario: ScenarioFile,
    strategy: Annotated[str, typer.Option(help="Name of the strategy.")],
    seed: Seed = 1,
    replication: Annotated[int, typer.Option(help="Which of the replications.")] = 0,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder for the tables.")] = None,
    allow_code: AllowCode = False,
) -> None:
    """Run one strategy once, and keep what happened in every village and account."""
    import villagesim as vs
    from villagesim.experiment.store import Store, code_hash
    from villagesim.outcomes import OUTCOMES

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    loaded.strategy(strategy)
    begun = time.perf_counter()
    result = vs.simulate(loaded, strategy, seed, replication)
    seconds = time.perf_counter() - begun
    store = None
    if out_folder is not None:
        design = {
            "scenario": loaded.digest,
            "code": code_hash(),
            "strategy": strategy,
            "seed": seed,
            "replication": replication,
        }
        store = Store(out_folder, design)
    table = Table(
        "outcome", "start", f"end of {result.county['month'].iloc[-1]}", "unit", title=f"{loaded.title}: {strategy}"
    )
    for name, found in OUTCOMES.items():
        table.add_row(name, number(result.start[name]), number(result.county[name].iloc[-1]), found.unit)
    out.print(table)
    if store is not None:
        for name in ("county", "villages", "accounts", "constituents", "events", "payments", "land_trusts"):
            store.write_table(name, getattr(result, name))
        store.write_manifest()
        out.print(f"Tables: {out_folder}/tables/", highlight=False, soft_wrap=True)
    out.print(f"One replication, run in {seconds:.2f} s: it says nothing about chance. {CAUTION}", highlight=False)


@app.command()
def check(scenario: ScenarioFile, allow_code: AllowCode = False) -> None:
    """Read a scenario, and say what would run."""
    import villagesim as vs
    from villagesim.report.describe import describe

    out.print(
        describe(vs.load_scenario(scenario, allow_code=allow_code)), highlight=False, soft_wrap=True, markup=False
    )


@app.command()
def explain(
    name: Annotated[
        str | None, typer.Argument(help="Name of a parameter, outcome or policy.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All parameters, assumptions first.")] = False,
) -> None:
    """Explain a parameter: meaning, unit, range, source, and who uses it; also an outcome or a policy."""
    from villagesim.parameters import DEFAULTS
    from villagesim.report.explain import assumptions_first
    from villagesim.report.explain import explain as in_words

    if (name is None) == (not every):
        raise VillagesimError("give the name of one parameter, outcome or policy, or --all.")
    for wanted in [parameter.name for parameter in assumptions_first(DEFAULTS)] if every else [str(name)]:
        out.print(in_words(wanted, DEFAULTS), highlight=False, soft_wrap=True, markup=False)


@app.command()
def trial(
    scenario: ScenarioFile,
    strategy: Annotated[str, typer.Option(help="Strategy with a policy for villages chosen by lot.")],
    outcome: Annotated[str, typer.Option(help="Outcome that is known by village.")] = "income_per_member",
    policy: Annotated[str | None, typer.Option(help="Label of the policy, where several are by lot.")] = None,
    at: Annotated[str | None, typer.Option(help="Month, as 2025-12; the last by default.")] = None,
    replications: Annotated[int, typer.Option(help="Runs with and without it.")] = 30,
    seed: Seed = 1,
    allow_code: AllowCode = False,
) -> None:
    """Measure a policy for villages chosen by lot: its effect on those it reaches, and on those it does not."""
    import villagesim as vs
    from villagesim.experiment.trial import trial as measure

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    with _progress("replications") as progress:
        effects = measure(
            loaded, strategy, outcome, label=policy, at=at, replications=replications, seed=seed, progress=progress
        )
    found = vs.OUTCOMES[outcome]
    table = Table(
        "effect", "mean", "95% interval", title=f"{strategy}: {found.title} ({found.unit})", box=SIMPLE_HEAD,
        title_justify="left", title_style="bold",
    )  # fmt: skip
    for effect, mean, low, high in effects.itertuples(index=False):
        table.add_row(effect, _signed(mean), f"{_signed(low)} to {_signed(high)}")
    out.print(table)
    out.print(f"{replications} replications, each with and without the policy. {CAUTION}", highlight=False)


def number(value: float) -> str:
    """Write a figure with as many digits as one can read."""
    if value != value:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


@contextmanager
def _progress(what: str) -> Iterator[Any]:
    columns = (
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)


def _print_summary(comparison: "Comparison") -> None:
    from villagesim.outcomes import OUTCOMES

    for name, rows in comparison.summary().groupby("outcome", sort=False):
        found = OUTCOMES[str(name)]
        per = 1000 if rows["mean"].max() >= 100_000 else 1
        unit = f"{'thousand ' if per > 1 else ''}{found.unit}"
        smallest = number(comparison.smallest(str(name)) / per)
        table = Table(
            "strategy", "mean", "one county, 5-95%", "difference", "verdict",
            title=f"{found.title} ({unit}), end of {rows['at'].iloc[0]}; differences below {smallest} do not matter",
            box=SIMPLE_HEAD,
            title_justify="left", title_style="bold",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            figures = {key: value / per for key, value in row.items() if isinstance(value, float)}
            table.add_row(
                row["strategy"], _with_error(figures), _range(figures, "band_low", "band_high"), _difference(figures),
                row["verdict"],
            )  # fmt: skip
        out.print(table)
    out.print(
        f"Mean with its 95% simulation error, {comparison.n_replications} replications; difference to nothing but the merger"
        " in the same replications, with an interval that holds for all strategies together.", highlight=False, soft_wrap=True,
    )  # fmt: skip


def _print_goals(comparison: "Comparison") -> None:
    from villagesim.results.goals import progress

    for goal, rows in progress(comparison).groupby("goal", sort=False):
        table = Table(
            "strategy", "start", "mean", "one county, 5-95%", "replications that reach it",
            title=f"Goal: {goal} ({rows['source'].iloc[0]})", box=SIMPLE_HEAD, title_justify="left", title_style="bold",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            share = "-" if row["share_reached"] != row["share_reached"] else f"{row['share_reached']:.0%}"
            table.add_row(
                row["strategy"], number(row["start"]), number(row["mean"]), _range(row, "band_low", "band_high"), share
            )
        out.print(table)


def _with_error(row: dict[str, float]) -> str:
    error = row["high"] - row["mean"]
    return number(row["mean"]) if error != error else f"{number(row['mean'])} ± {number(error)}"


def _difference(row: dict[str, float]) -> str:
    if row["difference"] != row["difference"]:
        return "-"
    return f"{_signed(row['difference'])} ({_signed(row['difference_low'])} to {_signed(row['difference_high'])})"


def _signed(value: float) -> str:
    text = number(value)
    return text if text.startswith("-") or not value else f"+{text}"


def _range(row: dict[str, float], low: str, high: str) -> str:
    return "-" if row[low] != row[low] else f"{number(row[low])} to {number(row[high])}"
