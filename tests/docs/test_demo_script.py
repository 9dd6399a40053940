"""The demo: the command and the script do the same, and the script runs as a user would run it."""

import re
import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import villagesim as vs

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "scenarios" / "zhangqiu.py"


def test_the_command_and_the_script_compare_the_same_strategies():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nDEMO :=")[2].partition("\n\n")[0]
    first, *others = re.findall(r'--strategies "([^"]+)"', recipe)
    assert (*first.split(","), *others) == runpy.run_path(str(DEMO))["STRATEGIES"]


def test_the_script_prints_what_it_found(monkeypatch, capsys, tmp_path):
    """On three townships, with two replications of two strategies."""
    town = vs.load_scenario(ROOT / "scenarios" / "one_town.toml")
    town = replace(town, timetable=replace(town.timetable, stop=date(2026, 1, 1)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vs, "load_scenario", lambda path: town)
    compare = vs.compare
    small = {"strategies": ("land trust", "both"), "replications": 2}
    monkeypatch.setattr(vs, "compare", lambda scenario, **asked: compare(scenario, **asked | small))
    runpy.run_path(str(DEMO), run_name="__main__")
    printed = capsys.readouterr().out
    assert "land trust" in printed
    assert (tmp_path / "out/zhangqiu/manifest.json").is_file()


@pytest.mark.parametrize("script", sorted((ROOT / "experiments").glob("*.py")), ids=lambda path: path.stem)
def test_every_script_can_be_loaded(script, monkeypatch):
    """Pages and questions are made by hand: what a script imports of the library must still be there."""
    monkeypatch.syspath_prepend(script.parent)
    runpy.run_path(str(script), run_name=script.stem)
