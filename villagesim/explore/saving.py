"""A setting of the page as a scenario file of its own, and the command that makes the same comparison."""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w

from villagesim.errors import ScenarioError
from villagesim.explore.controls import moved
from villagesim.files.packaged import located
from villagesim.files.scenario import load_scenario
from villagesim.foreign.toml import read_toml
from villagesim.languages import _
from villagesim.places.rolls import PACKAGED
from villagesim.runs.writing import printable
from villagesim.scenario import Scenario
from villagesim.targets import Target

NAME = re.compile(r"\w[\w -]{0,59}")
"""What a saved scenario can be called: letters of any script, digits, ``_``, ``-`` and blanks."""
FILES = {"place": ("before", "after", "map", "maps", "table", "outlines"), "merger": ("after", "map")}
"""Keys that name files, by their table."""


def save(scenario: Scenario, source: str | Path, values: Mapping[str, Any], folder: Path, name: Any) -> Path:
    """Write the scenario with these values as ``name.toml`` into the folder; a file that is there stays as it is.

    Raises
    ------
    ScenarioError
        Where the name is none or taken, the disk refuses, or what is read again would not be the same scenario.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ScenarioError(f"{name!r:.80} is no name.", fix="Take letters, digits, blanks, _ and -, at most 60.")
    wanted = moved(scenario, values)
    said = {"source": printable(Path(source)), "values": _said(values)}
    text = "# " + _("Saved by villagesim explore from {source}. Moved: {values}.", **said) + "\n\n"
    text += written(scenario, wanted, located(source), values)
    with TemporaryDirectory(prefix="villagesim-") as scratch:
        trial = Path(scratch) / "scenario.toml"
        trial.write_text(text, encoding="utf-8")
        if load_scenario(trial).digest != wanted.digest:
            raise ScenarioError("the saved file would not be the same scenario.", fix="Change the file by hand.")
    path = folder / f"{name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ScenarioError(f"{printable(path)} is there already.", fix="Choose another name.") from None
    except OSError as problem:
        raise ScenarioError(f"{printable(path)} cannot be written ({problem.strerror}).") from None
    return path


def written(scenario: Scenario, wanted: Scenario, path: Path, values: Mapping[str, Any]) -> str:
    """Text of a scenario file that says what ``wanted`` is: the content of ``path``, with what was moved."""
    content = read_toml(path, "a scenario file", error=ScenarioError)
    mergers = content.get("merger", [])
    mergers = mergers if isinstance(mergers, list) else [mergers]
    _whole_paths([content["place"]], FILES["place"], path.parent)
    _whole_paths(mergers, FILES["merger"], path.parent)
    _whole_paths([s for s in content.get("strategy", ()) if Path(s.get("map", "")).suffix], ("map",), path.parent)
    if "fund.yearly" in values:
        content["fund"]["yearly"] = wanted.budget.yearly
    if "merger.decree" in values:
        for table in mergers:
            if table["decree"] == scenario.timetable.decree:
                table |= {"announcement": wanted.timetable.announcement, "decree": wanted.timetable.decree}
    policies = {policy.label: policy for strategy in wanted.strategies.values() for policy in strategy}
    for table in (each for strategy in content.get("strategy", ()) for each in strategy.get("policy", ())):
        policy = policies[label := table.get("label", table["kind"])]
        heads = {p.removeprefix(f"policies.{label}.") for p in values if p.startswith(f"policies.{label}.")}
        table |= {head: _plain(getattr(policy, head)) for head in {each.partition(".")[0] for each in heads}}
    return tomli_w.dumps(content)


def _whole_paths(tables: list[dict[str, Any]], keys: tuple[str, ...], folder: Path) -> None:
    """Let files be found from wherever the saved one lies."""

    def whole(name: str) -> str:
        return name if not name or name.startswith(PACKAGED) else (folder / name).resolve().as_posix()

    for table in tables:
        for key in keys:
            if key in table:
                table[key] = whole(table[key]) if isinstance(table[key], str) else [*map(whole, table[key])]


def _plain(value: Any) -> Any:
    """A setting as a file writes it."""
    if isinstance(value, Target):
        changed = {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) != f.default}
        return changed or {"rule": "all"}
    return list(value) if isinstance(value, tuple) else value


def _said(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{path} = {value}" for path, value in values.items()) or "nothing"
