"""The command ``villagesim new``: a study of one's own county, in a folder of its own, that runs at once."""

from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING, Annotated

import typer

from villagesim.errors import RollError, VillagesimError
from villagesim.languages import _
from villagesim.maps import write_history
from villagesim.options import USUAL, Figures, Width
from villagesim.places.units.reading import year_of
from villagesim.plots.style import checked_width
from villagesim.runs.exports import checked_formats
from villagesim.runs.writing import printable, whole_folder
from villagesim.terminal import say

if TYPE_CHECKING:
    from villagesim.study.standing import Standing

ROLL = "a CSV file or workbook with code and name, the national file as it comes, or packaged:370114_2020."


def new(
    folder: Annotated[Path, typer.Argument(help="Folder of the study, new or empty.", show_default=False)],
    before: Annotated[str | None, typer.Option(help=f"Roll before the merger: {ROLL}")] = None,
    after: Annotated[
        list[str] | None, typer.Option(help="Roll after it; several, in order, where there were several decrees.")
    ] = None,
    roll: Annotated[str | None, typer.Option(help="The one roll, where nothing merges.")] = None,
    county: Annotated[
        list[str] | None,
        typer.Option(
            help="County, where files hold more: 6 digits, 4 for a prefecture, or its name. Once, or once for each roll."
        ),
    ] = None,
    townships: Annotated[
        list[Path] | None, typer.Option(help="Names of townships: code (9 digits), name. Once, or once for each roll.")
    ] = None,
    decree: Annotated[
        list[str] | None, typer.Option(help="Day of the decree, as 2021-07-01, where you know it; of each.")
    ] = None,
    figures: Figures = USUAL,
    width: Width = None,
) -> None:
    """Begin a study of your own county: scenario, rolls, map, a table to fill in, strategies, a question. It runs at once."""
    from villagesim.study.county import OwnCounty, sources_of
    from villagesim.study.writing import write_study

    formats, width = checked_formats(figures), checked_width(width)
    first = before or roll
    if first is None or (before and roll) or (roll and after):
        raise RollError(
            "rolls are missing, or too many.",
            fix="Give --before and --after, or --roll alone where nothing merges.",
        )
    rolls = [first, *(after or ())]
    own = OwnCounty.read(sources_of(rolls, county or (), townships or ()))
    if decree and not own.merges:
        raise RollError(
            f"--decree {decree[0]}: nothing merges.", fix="Leave it out, or give the roll after the merger."
        )
    with whole_folder(folder) as half:
        if own.found is not None:
            write_history(own.found, half / "map", formats, width, list(map(year_of, rolls)))
        try:
            standing = write_study(half, own, decree or (), drawn=bool(formats))
        except VillagesimError as problem:
            at = [place.replace(str(half), str(folder)) for place in problem.at]
            raise type(problem)(problem.rule, fix=problem.fix, at=at, others=problem.others) from None
    _tell(folder, own.name, standing)


def _tell(folder: Path, name: str, standing: "Standing") -> None:
    """Print what the study rests on, what would help, and what to do next."""
    from villagesim.extras import way_to
    from villagesim.study.files import WORKBOOK

    said = {"folder": printable(folder), "name": name}
    say(_("{folder} holds the study of {name}. What it rests on:", **said), style="bold")
    for word, text in standing.lines:
        say("  " + _("{what}: {text}.", what=word, text=text))
    say(_("Three figures that would help most:"), style="bold")
    for word, text in standing.figures:
        say("  " + _("{what}: {text}.", what=word, text=text))
    if not (folder / WORKBOOK).exists():
        say(
            _(
                "villages.csv alone is there to fill in: a workbook needs openpyxl. Install it: {command}",
                command=way_to("excel"),
            )
        )
    for words in (("check", "scenario.toml"), ("compare", "scenario.toml"), ("ask", "question.toml")):
        say(_("Next: {command}", command=join(["villagesim", words[0], str(folder / words[1])])))
