"""The command ``villagesim story``: what happened in one village, under one strategy beside another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from villagesim.errors import DesignError
from villagesim.files.packaged import name_of
from villagesim.languages import ENGLISH, _, chinese, language
from villagesim.languages import named as told
from villagesim.options import USUAL, AllowCode, Figures, Width, named
from villagesim.plots.style import checked_width, drawn
from villagesim.runs.exports import checked_formats
from villagesim.terminal import out, say, say_figures, table_of
from villagesim.wording import month, number, one_after_another, scale, sums

if TYPE_CHECKING:
    from villagesim.reference.subject import Results
    from villagesim.run import Run
    from villagesim.runs.store import Store
    from villagesim.scenario import Scenario

MOST, MOST_BESIDE = 30, 4
"""Dates that are printed, all of which are in the table, and strategies beside each other."""


def story(
    source: Annotated[
        Path, typer.Argument(help="Scenario file, packaged:one_town, or a folder of results.", show_default=False)
    ],
    village: Annotated[str, typer.Argument(help="Code or name of the village.", show_default=False)],
    strategies: Annotated[
        list[str] | None, typer.Option(help="Up to four, divided by commas; by default the baseline and the last one.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which luck; 1 by default, of a folder its own.")] = None,
    replication: Annotated[
        int | None,
        typer.Option(help="Which of the replications; the first by default, of the folder of a run its own."),
    ] = None,
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder for table and figure.")] = None,
    figures: Figures = USUAL,
    width: Width = None,
    allow_code: AllowCode = False,
) -> None:
    """Tell what happened in one village: votes, accounts, secretaries, projects, policies, money; under two strategies."""
    import pandas as pd

    from villagesim.runs.store import Store, code_hash
    from villagesim.runs.story import money_by_year, months, name_of_village, row_of, side_by_side
    from villagesim.runs.story import story as story_of
    from villagesim.simulation import simulate

    formats, width = checked_formats(figures), checked_width(width)
    scenario, chosen, seed, replication = _read(source, village, strategies, seed, replication, allow_code)
    place = scenario.place_of(seed, 0, replication)
    row = row_of(place, village)
    folder = out_folder or Path("out") / f"{name_of(source)}-story-{place.codes[row]}"
    design = {
        "scenario": scenario.digest, "code": code_hash(), "strategies": list(chosen), "seed": seed, "replication": replication,
        "village": place.codes[row],
    }  # fmt: skip
    with Store(folder, design) as store:
        runs = [simulate(scenario, name, seed, replication) for name in chosen]
        followed = pd.concat([months(run, row) for run in runs], ignore_index=True)
        name = name_of_village(runs[-1], row)
        _print(name, side_by_side([story_of(run, row) for run in runs]))
        with language(ENGLISH):
            table = pd.concat([story_of(run, row) for run in runs], ignore_index=True)
        store.outcomes = scenario.outcomes
        store.write_table("story", table)
        store.write_table("months", followed)
        store.write_table("years", money_by_year(followed))
        if formats:
            with drawn(width, tuple(scenario.strategies)):
                figure = _figure(followed, table, name, place.codes[row], replication, scenario.timetable.decree_days)
            store.write_figure("story", figure, formats)
        store.write_manifest()
    say_figures(folder / "figures", ["story"], formats)
    tables = {"folder": folder, "names": _(", ").join(("story", "months", "years"))}
    say(_("Tables:  {folder}/tables/ ({names}; Parquet and CSV)", **tables))
    say(
        _(
            "Replication {n} of seed {seed}, one of many: in another one this village lives through something else.",
            n=replication, seed=seed,
        )
    )  # fmt: skip


def _read(
    source: Path,
    village: str,
    strategies: list[str] | None,
    seed: int | None,
    replication: int | None,
    allow_code: bool,
) -> "tuple[Scenario, tuple[str, ...], int, int]":
    """Scenario, strategies, seed and replication, by a file or by a folder of results."""
    from villagesim.files.scenario import load_scenario
    from villagesim.reference.subject import Results

    if source.is_dir():
        results = Results.read(source)
        seed, replication = _of_folder(results, seed, replication)
        scenario = results.scenario(f"story MINE.toml {quote(village)} --seed {seed}")
    else:
        scenario = load_scenario(source, allow_code=allow_code)
    usual = dict.fromkeys([scenario.baseline, list(scenario.strategies)[-1]])
    chosen = named(strategies, scenario.strategies) if strategies else tuple(usual)
    for name in chosen:
        scenario.strategy(name)
    if len(chosen) > MOST_BESIDE:
        raise DesignError(
            f"--strategies names {len(chosen)}; at most {MOST_BESIDE} can be told beside each other.",
            fix=f"Leave out {len(chosen) - MOST_BESIDE}.",
        )
    return scenario, chosen, 1 if seed is None else seed, replication or 0


def _of_folder(results: "Results", seed: int | None, replication: int | None) -> tuple[int, int]:
    """Seed and replication of a folder's own runs; others are refused."""
    about = results.about
    own, n = int(about["seed"]), getattr(results.answer, "n_replications", about.get("replications"))
    if seed not in (None, own):
        raise DesignError(
            f"--seed {seed} is not that of the folder, {own}.", fix="Leave it out, or give the scenario file."
        )
    there = [about["replication"]] if "replication" in about else range(n) if isinstance(n, int) else []
    if replication is not None and there and replication not in there:
        known = f"{there[0]}-{there[-1]}" if len(there) > 1 else str(there[0])
        raise DesignError(
            f"--replication {replication} is not in the folder, which has {known}.",
            fix="Give one of them, or the scenario file.",
        )
    return own, there[0] if replication is None and there else replication or 0


def _print(title: str, table: Any) -> None:
    date, *strategies = table.columns
    shown = table_of(title, told(date), *(told(each, "strategy") for each in strategies))
    for row in table.head(MOST).itertuples(index=False):
        shown.add_row(*map(str, row))
    out.print(shown)
    if len(table) > MOST:
        say(_("{n} dates more are in the table.", n=len(table) - MOST))


def _figure(followed: Any, table: Any, name: str, code: str, replication: int, decrees: Sequence[date]) -> Any:
    from villagesim.plots.story import draw_story
    from villagesim.plots.style import note_on_names, readable
    from villagesim.runs.story import USES, money_by_year

    caption = _(
        "{village}: replication {n}, one of many; in yuan of the start, of a merged village all parts together. What each"
        " mark stands for is in the table story.",
        village=readable(name, _("Village {code}", code=code)), n=replication,
    )  # fmt: skip
    caption = one_after_another((caption, note_on_names(table["strategy"].unique())))
    title = _("What happened in one village, under one strategy and another")
    if table["strategy"].nunique() == 1:
        title = _("What happened in one village")
    return draw_story(followed, table, title, caption, decrees, money=money_by_year(followed), uses=USES)


@contextmanager
def kept_run(
    folder: Path | None, scenario: "Scenario", strategy: str, seed: int, replication: int
) -> "Iterator[Store | None]":
    """The folder of a run, which is refused before the run is made; none where it is not kept."""
    from villagesim.runs.store import Store, code_hash

    if folder is None:
        yield None
        return
    design = {
        "scenario": scenario.digest, "code": code_hash(), "strategy": strategy, "seed": seed, "replication": replication,
    }  # fmt: skip
    with Store(folder, design) as store:
        yield store


def tell_run(scenario: "Scenario", run: "Run") -> None:
    """Print outcomes at both ends of a run, and which policies never acted."""
    table = table_of(
        _("{title}: {strategy}", title=told(scenario.title), strategy=told(run.strategy, "strategy")), _("outcome"), _("start"),
        _("end of {month}", month=month(run.county["month"].iloc[-1])), _("unit"),
    )  # fmt: skip
    for name, found in scenario.outcomes.items():
        ends = (run.start[name], run.county[name].iloc[-1])
        per, unit = scale(found.unit, max(map(abs, ends)))
        table.add_row(told(found.title) if chinese() else name, *(number(end / per) for end in ends), told(unit))
    out.print(table)
    for label in run.never_acted:
        say(_(
            "Note: {policy} never acted: it was not begun, reached nobody, or was paid too little to do anything.",
            policy=told(label),
        ))  # fmt: skip


def write_run(
    store: "Store", scenario: "Scenario", run: "Run", figures: str, width: float | None, folder: Path
) -> None:  # fmt: skip
    """Write all tables of a run to an open folder, told as ``folder``, and draw its policies where it had some."""
    from villagesim.run import TABLES
    from villagesim.runs.exports import with_names

    store.outcomes = scenario.outcomes
    for name in TABLES:
        store.write_table(name, with_names(getattr(run, name), run.history.place.names))
    _write_policies(store, run, figures, width, folder)
    store.write_manifest()


def _write_policies(store: "Store", run: "Run", figures: str, width: float | None, folder: Path) -> None:
    """Draw when the policies of a run were in force and what they were paid; nothing where it had none."""
    from villagesim.plots.story import draw_policies
    from villagesim.plots.style import note_on_names, readable
    from villagesim.runs.story import spans

    table, formats = spans(run), checked_formats(figures)
    if table.empty or not formats:
        return
    with drawn(width):
        whole = [run.payments[name].sum() for name in ("asked", "paid")]
        per, unit = sums(whole)
        asked, paid = (number(each / per) for each in whole)
        caption = _(
            "{strategy}: asked of the fund {asked}, paid {paid} {unit}; shares of each month. Replication {n} of seed {seed}, one"
            " of many.",
            strategy=readable(run.strategy, _("This strategy")), asked=asked, paid=paid, unit=unit, n=run.replication,
            seed=run.seed,
        )  # fmt: skip
        caption = one_after_another((caption, note_on_names([run.strategy, *table["policy"]])))
        title = _("When each policy is in force, and how much of what it asks for it is paid")
        figure = draw_policies(run.payments, table, title, caption, run.record.labels[1:])
        store.write_figure("policies", figure, formats)
    say_figures(folder / "figures", ["policies"], formats)
