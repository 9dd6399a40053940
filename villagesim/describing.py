"""The commands ``villagesim check`` and ``describe``: what a scenario holds; a model and results by journals' checklists."""

from pathlib import Path
from typing import Annotated

import typer

from villagesim.languages import ENGLISH, _, chinese, language, named
from villagesim.options import AllowCode, ScenarioFile
from villagesim.runs.named_files import write_table, write_text
from villagesim.runs.writing import printable
from villagesim.terminal import aside, say


def describe(
    source: Annotated[
        list[Path],
        typer.Argument(help="Scenario file, folder of results, or both; also packaged:one_town.", show_default=False),
    ],
    odd: Annotated[bool, typer.Option("--odd", help="The ODD protocol (Grimm et al. 2020) alone.")] = False,
    stress: Annotated[bool, typer.Option("--stress", help="STRESS-DES (Monks et al. 2019) alone.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for odd.md and stress.md; else they are printed.")
    ] = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Run code of your own that the scenario names.")
    ] = False,
) -> None:
    """Describe a scenario, and how its results were made, by ODD and STRESS-DES; what is left to you is marked and counted."""
    from villagesim.reference.odd import odd as by_odd
    from villagesim.reference.stress import stress as by_stress
    from villagesim.reference.subject import Subject

    subject = Subject.of(source, allow_code=allow_code)
    wanted = {"odd": (odd, by_odd), "stress": (stress, by_stress)}
    for name, (asked, write) in wanted.items():
        if asked or not (odd or stress):
            with language(ENGLISH):  # in which journals ask for both
                text = write(subject)
            if folder is None:
                say(text.rstrip("\n"))
                continue
            path = folder / f"{name}.md"
            write_text(path, text)
            say(_("{what}: {text}", what=printable(path), text=named(text.splitlines()[-1])))
    if chinese():
        aside(_("The documents are in English, in which journals ask for ODD and STRESS-DES."))


def check(
    scenario: ScenarioFile,
    villages: Annotated[
        Path | None, typer.Option(help="File for what was read of each village, and what its years say, as CSV.")
    ] = None,
    allow_code: AllowCode = False,
) -> None:
    """Read a scenario, and say what would run."""
    from villagesim.files.scenario import load_scenario
    from villagesim.reference.describe import describe as in_lines
    from villagesim.reference.describe import own_figures

    loaded = load_scenario(scenario, allow_code=allow_code)
    if villages is not None:
        write_table(villages, own_figures(loaded))
    say(in_lines(loaded))
    if villages is not None:
        say(_("Table: {file}", file=printable(villages)))
