"""All files of a study, each checked by reading it as a user's."""

from collections.abc import Sequence
from pathlib import Path

from villagesim.files.scenario import load_scenario
from villagesim.places.units.tables import links_table
from villagesim.questions.question import load_question
from villagesim.study.county import OwnCounty
from villagesim.study.days import Days
from villagesim.study.files import write_own_figures, write_roll, write_rows
from villagesim.study.standing import Standing
from villagesim.study.texts import question_text, readme_text, roll_names, scenario_text


def write_study(folder: Path, county: OwnCounty, decrees: Sequence[str], *, drawn: bool = True) -> Standing:
    """Write all but the map, which was ``drawn`` or is there as tables alone, and say what it rests on.

    Raises
    ------
    VillagesimError
        Where the county cannot be run, as any scenario file.
    """
    days = Days.of(county, decrees)
    for name, edition in zip(roll_names(len(county.editions)), county.editions, strict=True):
        write_roll(folder / "rolls" / f"{name}.csv", edition)
    if county.found is not None and len(days.decrees) == 1:
        write_rows(folder / "links.csv", [*links_table(county.found.steps[0])[0], "weak_links_there"], [])
    scenario_file = folder / "scenario.toml"
    _write(scenario_file, scenario_text(county, days, county.sizes))
    place = load_scenario(scenario_file).place  # without those that left
    table = write_own_figures(folder, place.whole.before, county.editions[0].named)
    _write(scenario_file, scenario_text(county, days, [len(roll) for roll in place.rolls], table))
    _write(folder / "question.toml", question_text())
    _, scenario, _ = load_question(folder / "question.toml")
    standing = Standing.of(county, days, scenario, table)
    _write(folder / "README.md", readme_text(scenario.title, county, days, table, standing, drawn=drawn))
    return standing


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
