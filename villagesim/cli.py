"""The command line: ``villagesim compare | ask | run | check | examples | map ...``, and a short form a kind of question."""

import signal
import sys
import time
from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Annotated, Any

import typer

from villagesim.asking import asked
from villagesim.describing import check, describe
from villagesim.errors import DesignError, VillagesimError
from villagesim.examples import examples
from villagesim.exploring import explore
from villagesim.exporting import export
from villagesim.files.packaged import name_of
from villagesim.languages import _, marked, meant
from villagesim.languages import named as told
from villagesim.maps import map_units
from villagesim.new import new
from villagesim.options import (
    USUAL,
    AllowCode,
    App,
    Discount,
    Figures,
    ScenarioFile,
    Seed,
    TimeLimit,
    Ways,
    Width,
    in_ways,
    named,
)  # fmt: skip
from villagesim.pairing import beside
from villagesim.plots.style import checked_width
from villagesim.reporting import report
from villagesim.runs.exports import checked_formats
from villagesim.telling import kept_run, story, tell_run, write_run
from villagesim.terminal import Screen, caution, command, give_up, say, streams

if TYPE_CHECKING:
    from villagesim.questions.question import Question

app = App(
    help="Village mergers, land trusts and support policies: simulate and compare strategies.",
    no_args_is_help=True, pretty_exceptions_enable=False,
)  # fmt: skip


def main() -> None:
    """Run the command line; what a user can mend gets one message and exit code 2."""
    stopped: list[int] = []

    def stop(sent: int, frame: object) -> None:
        stopped.append(sent)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        with streams():
            app()
    except SystemExit as end:
        if stopped:
            sys.exit(128 + stopped[0])
        if isinstance(end.__context__, BrokenPipeError):  # of help
            sys.exit(0)
        raise
    except VillagesimError as problem:
        try:
            Screen(stderr=True).print(f"villagesim: {problem}", soft_wrap=True)
        except OSError:
            give_up("stderr")
        sys.exit(2)


def _print_versions(wanted: bool) -> None:
    if wanted:
        import villagesim as vs
        from villagesim.runs.store import fingerprint

        found = fingerprint()
        libraries = ", ".join(f"{name} {number}" for name, number in found["libraries"].items() if name != "villagesim")
        say(f"villagesim {vs.__version__} (Python {found['python']}; {libraries})")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_versions, is_eager=True, help="Print versions and stop.")
    ] = False,
) -> None:
    """Take what goes before a command."""


@app.command()
@in_ways
def compare(
    scenario: ScenarioFile,
    strategies: Annotated[
        list[str] | None, typer.Option(help="A name, or several divided by commas; may be repeated. All by default.")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            help="Runs of each strategy: 30; with --draws 2 a draw; with --until-settled or --until-best at most 500."
        ),
    ] = None,
    until_settled: Annotated[
        str | None, typer.Option(help="Outcome: run until its differences are known well enough.")
    ] = None,
    until_best: Annotated[str | None, typer.Option(help="Outcome: run until it is known which is best by it.")] = None,
    draws: Annotated[
        int | None, typer.Option(help="Draws of what is not known: parameters, settings, map, dates.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --draws: month of the results, as 2025-12; by default the last.")
    ] = None,
    ranges: Annotated[bool, typer.Option("--ranges", help="With --draws: ranges alone, no posterior.")] = False,
    discount: Discount = 0.0,
    villages: Annotated[bool, typer.Option("--villages", help="Keep the rows of all villages too.")] = False,
    allow_code: AllowCode = False,
    *,
    ways: Ways,
) -> None:
    """Compare strategies in the same replications, with the one without any policy as the baseline."""
    import villagesim as vs

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    names = named(strategies, loaded.strategies) if strategies else None
    question = _comparison(
        strategies=names, replications=replications, until_settled=until_settled, until_best=until_best,
        villages=villages, draws=draws, at=at, ranges=ranges, discount=discount,
    )  # fmt: skip
    stem = name_of(scenario)
    answer = asked(loaded.title, loaded, question, stem, ways)
    if ways.json or ways.quiet:
        return
    for what, text in loaded.about.items():
        say(_("{what}: {text}.", what=told(what.capitalize()), text=told(text)))
    folder = ways.folder(stem)
    if villages:
        rows = f'sorted(Path("{folder}/parts").glob("villages-*"))'
        say(
            _(
                "Rows of villages: {folder}/parts/villages-*.parquet; in Python pandas.concat(map(pandas.read_parquet, {rows}))",
                folder=folder, rows=rows,
            )
        )  # fmt: skip
    words = [*command(), "run", str(scenario), "--strategy", answer.facts["strategies"][-1], "--out", f"{folder}-run"]
    words += ["--allow-code"] * allow_code
    say(_("Next: {command}", command=join(words)))


def _comparison(
    draws: int | None, at: str | None, ranges: bool, replications: int | None, until_settled: str | None,
    until_best: str | None, **common: Any,
) -> "Question":  # fmt: skip
    """The question that the options of ``compare`` ask: over draws of what is not known, or not."""
    from villagesim.questions.comparison import Comparison
    from villagesim.questions.uncertainty import Uncertainty

    if draws is None and at is not None:
        raise DesignError(f"--at {at} goes with --draws; without, tables hold all ends of years.", fix="Leave it out.")
    if draws is None and ranges:
        raise DesignError("--ranges goes with --draws.", fix="Leave it out, or give --draws 100.")
    if draws is None:
        return Comparison(replications=replications, until_settled=until_settled, until_best=until_best, **common)
    if until_settled or until_best:
        raise DesignError("--draws goes with neither --until-settled nor --until-best.", fix="Leave one out.")
    n = 2 if replications is None else replications
    return Uncertainty(draws=draws, at=at, replications=n, posterior=not ranges, **common)


@app.command()
@in_ways
def trial(
    scenario: ScenarioFile,
    strategy: Annotated[str, typer.Option(help="Strategy with a policy for villages chosen by lot.")],
    outcome: Annotated[str, typer.Option(help="Outcome that is known by village.")] = "income_per_member",
    policy: Annotated[str | None, typer.Option(help="Label of the policy, where several are by lot.")] = None,
    at: Annotated[str | None, typer.Option(help="Month, as 2025-12; the last by default.")] = None,
    replications: Annotated[int, typer.Option(help="Runs with and without it.")] = 30,
    allow_code: AllowCode = False,
    *,
    ways: Ways,
) -> None:
    """Measure a policy for villages chosen by lot: its effect on those it reaches, and on those it does not."""
    import villagesim as vs
    from villagesim.questions.trial import Trial

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    question = Trial(strategy=strategy, outcome=outcome, policy=policy, at=at, replications=replications)
    stem = f"{name_of(scenario)}-trial"
    asked(loaded.title, loaded, question, stem, ways)


@app.command()
@in_ways
def forecast(
    scenario: ScenarioFile,
    strategy: Annotated[str, typer.Option(help="What will be done.")],
    at: Annotated[
        list[str] | None, typer.Option(help="Month, as 2025-12; may be repeated. Ends of years by default.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of what is not known, two replications each.")] = 100,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Also without each kind of its policies, and what each adds.")
    ] = False,
    allow_code: AllowCode = False,
    *,
    ways: Ways,
) -> None:
    """Foretell what a strategy will show: villages by bracket of income, really and as reported, as quantiles."""
    import villagesim as vs
    from villagesim.questions.forecast import Forecast

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    question = Forecast(strategy=strategy, at=tuple(at or ()), draws=draws, left_out=left_out)
    stem = f"{name_of(scenario)}-forecast"
    asked(loaded.title, loaded, question, stem, ways)


@app.command()
@in_ways
def validate(
    places: Annotated[
        list[str] | None, typer.Argument(help="Places that validate; all by default.", show_default=False)
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of what is not known, by place.")] = 100,
    posterior: Annotated[bool, typer.Option("--posterior", help="Draw from what other places tell.")] = False,
    *,
    ways: Ways,
) -> None:
    """Set published numbers of other places, to which nothing was fitted, beside what comes out for counties like them."""
    from villagesim.questions.validation import Validation, any_scenario

    question = Validation(places=tuple(places or ()), draws=draws, posterior=posterior)
    stem = "-".join(["validate", *(["posterior"] if posterior else []), *(places or [])])
    words = marked("Published numbers that set nothing, and what was foretold of their places.")
    asked(words, any_scenario(question.places), question, stem, ways)


@app.command()
@in_ways
def worth(
    scenario: ScenarioFile,
    strategies: Annotated[
        list[str] | None, typer.Option(help="A name, or several divided by commas; may be repeated. All by default.")
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="What strategies are judged by: balance, balance_last_year, or an outcome.")
    ] = "balance",
    at: Annotated[str | None, typer.Option(help="Month, as 2025-12; the last by default.")] = None,
    draws: Annotated[int, typer.Option(help="Draws of what is not known.")] = 200,
    replications: Annotated[int, typer.Option(help="Runs of each strategy in each draw.")] = 1,
    allow_code: AllowCode = False,
    *,
    ways: Ways,
) -> None:
    """Say what is worth knowing first: what a survey could win for the choice among strategies, and what each thing does."""
    import villagesim as vs
    from villagesim.questions.worth import Worth

    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    names = named(strategies, loaded.strategies) if strategies else None
    question = Worth(strategies=names, outcome=outcome, at=at, draws=draws, replications=replications)
    stem = f"{name_of(scenario)}-worth"
    asked(loaded.title, loaded, question, stem, ways)


def _add_question(name: str, about: str) -> None:
    """Add the command that asks the file of a question: all have the same shape."""

    def ask(
        file: Annotated[
            Path,
            typer.Argument(help="File of the question (TOML or Python), or packaged:best_shares.", show_default=False),
        ],
        full: Annotated[bool, typer.Option("--full", help="The full version, where the file has one.")] = False,
        scenario: Annotated[Path | None, typer.Option(help="Place to ask it of, instead of its own.")] = None,
        allow_code: AllowCode = False,
        *,
        ways: Ways,
    ) -> None:
        from villagesim.questions.kinds import kind_of
        from villagesim.questions.question import load_question

        kind = None if name == "ask" else kind_of(name)
        words, place, question = load_question(
            file, kind, seed=ways.seed, full=full, allow_code=allow_code, scenario=scenario
        )
        asked(words, place, question, "-".join(map(name_of, [file, *([scenario] if scenario else [])])), ways)

    ask.__doc__ = about
    app.command(name)(in_ways(ask))


QUESTIONS = (
    ("ask", "Ask the question of a file, whatever its kind."),
    ("sweep", "Run every point of a design: a grid, a sample, or a table of one's own."),
    ("cohort", "What strategies add in many counties: of several scenarios, or of a national roll."),
    ("sensitivity", "Which assumptions decide an outcome, and how much of it is chance."),
    ("attribute", "How much of a rise is arithmetic, trend, the merger, and each policy."),
    ("discover", "Under which conditions a strategy misses its target."),
    ("robust", "Which strategy does well whatever is not known."),
    ("calibrate", "What published figures say about parameters."),
    ("budget", "How a fixed sum is best shared among policies."),
)
for _question in QUESTIONS:
    _add_question(*_question)
app.command("map")(map_units)
app.command()(examples)
app.command()(new)
app.command()(beside)
app.command()(report)
app.command()(describe)
app.command()(check)
app.command()(story)
app.command()(export)
app.command()(explore)


@app.command()
def run(
    scenario: ScenarioFile,
    strategy: Annotated[str, typer.Option(help="Name of the strategy.")],
    seed: Seed = 1,
    replication: Annotated[int, typer.Option(help="Which of the replications.")] = 0,
    time_limit: TimeLimit = None,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder for tables and figure.")] = None,
    figures: Figures = USUAL,
    width: Width = None,
    allow_code: AllowCode = False,
) -> None:
    """Run one strategy once, and keep what happened in every village and account."""
    import villagesim as vs
    from villagesim.runs.limits import limited

    checked_formats(figures), checked_width(width)
    loaded = vs.load_scenario(scenario, allow_code=allow_code)
    strategy = meant(strategy, {name: name for name in loaded.strategies}, "strategy")
    loaded.strategy(strategy)
    begun = time.perf_counter()
    with kept_run(out_folder, loaded, strategy, seed, replication) as store:
        with limited(time_limit):
            result = vs.simulate(loaded, strategy, seed, replication)
        seconds = time.perf_counter() - begun
        tell_run(loaded, result)
        if store is not None and out_folder is not None:
            write_run(store, loaded, result, figures, width, out_folder)
            say(_("Tables: {folder}/tables/", folder=out_folder))
    said = {"seconds": seconds, "caution": caution(loaded)}
    say(_("One replication, run in {seconds:.2f} s: it says nothing about chance. {caution}", **said))


@app.command()
def explain(
    name: Annotated[
        str | None, typer.Argument(help="Name of a parameter, outcome, policy or setting.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All parameters, assumptions first.")] = False,
    scenario: Annotated[Path | None, typer.Option(help="As this scenario has it, with what it brings along.")] = None,
    allow_code: AllowCode = False,
) -> None:
    """Explain a parameter: meaning, unit, range, source, and who uses it; also an outcome or a policy."""
    import villagesim as vs
    from villagesim.parameters import DEFAULTS
    from villagesim.reference.explain import assumptions_first
    from villagesim.reference.explain import explain as in_words

    if (name is None) == (not every):
        raise VillagesimError("give the name of one parameter, outcome or policy, or --all.")
    loaded = None if scenario is None else vs.load_scenario(scenario, allow_code=allow_code)
    parameters = DEFAULTS if loaded is None else loaded.parameters
    for wanted in [parameter.name for parameter in assumptions_first(parameters)] if every else [str(name)]:
        say(in_words(wanted, loaded))
