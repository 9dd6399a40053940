"""Experiments on the command line: one shape for all."""

import json

import pytest
from unit.command_line import ROOT, SMALL, villagesim

pytestmark = pytest.mark.usefixtures("figures_are_blank")
NAMES = ("sensitivity", "attribute", "discover", "robust", "calibrate", "budget")


def test_every_experiment_has_its_command(tmp_path):
    said = villagesim("--help", cwd=tmp_path).stdout
    assert [name for name in NAMES if name not in said] == []


def test_an_answer_is_said_and_kept(tmp_path, monkeypatch):
    """The question, the answer in words, figure, tables and manifest; going on runs nothing again."""
    (tmp_path / "lift.toml").write_text(
        f'question = "What did the programme add?"\nscenario = "{SMALL}"\nstrategy = "all of it"\n'
        'replications = 2\nat = "2021-12"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("villagesim.reference.notes.notes", lambda scenario: ["residents are hardly in their unit"])
    done = villagesim("attribute", "lift.toml", "--workers", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "What did the programme add? Collective income changes by +" in words
    assert words.startswith("Note: residents are hardly in their unit.")
    assert "Figures: out/lift/figures/attribute.png" in words
    manifest = json.loads((tmp_path / "out/lift/manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"]
    assert (manifest["design"]["question"], manifest["design"]["strategy"]) == ("attribute", "all of it")
    assert "sweeps/collective_income_sets/tables/runs.parquet" in manifest["files"]
    again = villagesim("attribute", "lift.toml", "--workers", "1", "--resume", "--figures", "none", cwd=tmp_path)
    first, second = ([line for line in each.stdout.splitlines() if line] for each in (done, again))
    assert done.stderr.startswith("Plan: ")
    assert second[:2] == first[:2]
    assert "Figures: " not in again.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_gets_one_message_and_exit_code_2(name, tmp_path):
    (tmp_path / "q.toml").write_text(f'question = "?"\nscenario = "{ROOT}/scenarios/one_town.toml"\nwrong = 1\n')
    done = villagesim(name, "q.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("villagesim: q.toml: ")
    assert "wrong is not a key here" in done.stderr or "targets" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
