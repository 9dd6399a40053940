"""The command line as a user meets it: what it prints, and exit code 2 with one message where it cannot."""

import inspect
import json
import re
import subprocess
import sys
from os import environ
from pathlib import Path

import pandas as pd
import pytest
from unit.command_line import ROOT, SMALL, villagesim

import villagesim as vs
from villagesim import terminal
from villagesim.cli import app
from villagesim.errors import StoreError

pytestmark = pytest.mark.usefixtures("figures_are_blank")


def test_versions_stand_on_one_line():
    """Of the library, of Python and of what the results rest on."""
    command = [sys.executable, "-m", "villagesim", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        rf"villagesim {vs.__version__} \(Python 3[.\d]+; simpy [.\d]+, numpy [.\d]+, .*\)\n", done.stdout
    )


def test_the_shell_completes_commands():
    """As bash asks for it, without any file being read."""
    asked = {"_VILLAGESIM_COMPLETE": "complete_bash", "COMP_WORDS": "villagesim comp", "COMP_CWORD": "1"}
    script = "import sys; sys.argv[0] = 'villagesim'; from villagesim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False, env=environ | asked
    )
    assert done.stdout.split() == ["compare"]


def test_compare_prints_words_tables_paths_and_what_next(tmp_path):
    """The end of a comparison says all a researcher needs to go on."""
    done = villagesim(
        "compare", "scenarios/one_town.toml", "--replications", "2", "--workers", "1", "--out", str(tmp_path / "out")
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in (
        "at the end of 2023-12",
        "Collective income",
        "verdict",
        "differences.png",
        " s. ",
        "not a forecast",
    ):
        assert words.lower() in done.stdout.lower()
    assert (tmp_path / "out" / "figures" / "differences.png").exists()
    assert re.search(
        r"^Next: (python -m )?villagesim run scenarios/one_town.toml --strategy ", done.stdout, re.MULTILINE
    )
    assert done.stderr.startswith("Plan: 10 runs, about ")
    again = ("compare", "scenarios/one_town.toml", "--replications", "2", "--resume", "--out", str(tmp_path / "out"))
    said = json.loads(villagesim(*again, "--json").stdout)
    assert said["folder"] == str(tmp_path / "out")
    assert {row["verdict"] for row in said["tables"]["verdicts"]} <= {
        row["verdict"] for row in as_read(tmp_path / "out")
    }
    assert {"figures/differences.png", "tables/verdicts.csv", "manifest.json"} < {*said["files"]}
    widths = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "matplotlib.figure.Figure.savefig", lambda figure, *_, **how: widths.append(figure.get_figwidth())
        )
        other = villagesim(*again, "--figures", "pdf,png", "--width", "120")
    assert f"Figures: {tmp_path}/out/figures/differences.pdf, distribution.pdf, map.pdf; as PNG too" in other.stdout
    assert widths == [pytest.approx(120 / 25.4)] * 6
    for wrong, said_of_it in (("--figures gif", "'gif' is no format"), ("--width 20", "width = 20")):
        refused = villagesim(*again, *wrong.split())
        assert (refused.returncode, refused.stdout) == (2, "")
        assert said_of_it in refused.stderr
    drawn_anew = villagesim("report", str(tmp_path / "out"), "--figures", "pdf", "--width", "120")
    assert drawn_anew.returncode == 0, drawn_anew.stderr
    by_name = ("report", str(tmp_path / "out"), "--figures", "png", "--figure")
    assert f"Figures: {tmp_path}/out/figures/money.png\n" in villagesim(*by_name, "money").stdout
    assert (tmp_path / "out" / "figures" / "money.png").exists()
    unknown = villagesim(*by_name, "mony")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Did you mean 'money'?" in unknown.stderr
    assert as_read(tmp_path / "out"), "what cannot be drawn leaves the results whole"
    assert villagesim(*by_name, "fan", "--strategies", "land trust,both").returncode == 0
    for wrong, words in (
        (("fan", "--strategies", "bot"), "Did you mean 'both'?"),
        (("cost_and_effect", "--strategies", "both"), ""),
    ):
        refused = villagesim(*by_name, *wrong)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert words in refused.stderr
    alone = villagesim("report", str(tmp_path / "out"), "--strategies", "both")
    assert "--strategies goes with --figure" in alone.stderr
    quiet = villagesim(*again, "--quiet")
    assert quiet.stderr == ""
    assert " ".join(quiet.stdout.split()) == " ".join(said["answer"])


def test_a_command_that_is_given_again_answers_from_what_is_there(tmp_path, monkeypatch):
    """And says so, unless it is to be quiet; a folder that is new says nothing of the kind."""
    asked = (
        "compare",
        str(SMALL),
        "--replications",
        "2",
        "--workers",
        "1",
        "--figures",
        "none",
        "--out",
        str(tmp_path),
    )
    first = villagesim(*asked)
    assert "were there" not in first.stderr
    monkeypatch.setattr("villagesim.runs.parts.simulate", None)
    again = villagesim(*asked)
    assert again.returncode == 0, again.stderr
    assert f"The runs were there, in {tmp_path}: none was made." in again.stderr
    assert again.stdout.split("Answered in")[0] == first.stdout.split("Answered in")[0]
    assert villagesim(*asked, "--quiet").stderr == ""


def test_a_folder_of_a_story_is_no_answer_and_names_a_table_that_is_there(tmp_path):
    told = ("story", str(SMALL), vs.load_scenario(SMALL).place.before.codes[0], "--figures", "none")
    done = villagesim(*told, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    refused = villagesim("report", str(tmp_path / "out"))
    assert refused.returncode == 2
    assert "out/tables/story.parquet" in "".join(refused.stderr.split())
    assert (tmp_path / "out/tables/story.parquet").exists()


def test_what_was_drawn_of_fewer_replications_goes_with_them(tmp_path):
    """So that no page shows figures of other results than its sentences; what is of the same results stays."""
    asked = ("compare", str(SMALL), "--workers", "1", "--out", str(tmp_path), "--replications")
    assert villagesim(*asked, "2", "--report").returncode == 0
    before = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {Path(name).suffix for name in before} == {".png", ".svg"}
    assert villagesim("export", str(tmp_path)).returncode == 0
    done = villagesim(*asked, "3", "--resume", "--figures", "png")
    assert done.returncode == 0
    assert f"Out of date, and removed from {tmp_path}: figures/" in " ".join(done.stderr.split())
    assert "replications now" not in done.stderr
    assert not (tmp_path / "stata").exists()
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        name for name in before if name.endswith(".png")
    }
    assert not (tmp_path / "report.html").exists()
    assert villagesim("report", str(tmp_path)).returncode == 0
    assert villagesim(*asked, "3", "--figures", "none").returncode == 0
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        name for name in before if name.endswith(".png")
    }
    assert (tmp_path / "report.html").exists()
    done = villagesim(*asked, "2", "--resume", "--figures", "none")
    assert "are of 2 replications now; they were of 3, whose runs are kept there." in " ".join(done.stderr.split())
    assert "report.html" in done.stderr
    assert not (tmp_path / "figures").exists()
    assert villagesim(*asked, "2", "--figures", "none").stderr.count("replications now") == 0


def test_a_page_written_anew_leaves_its_folder_whole(tmp_path):
    """With other figures, in the other language; also where a manifest from before holds the page."""
    out = tmp_path / "out"
    asked = ("compare", str(SMALL), "--replications", "2", "--workers", "1", "--quiet")
    assert villagesim(*asked, "--report", "--out", str(out)).returncode == 0
    written = [(out / "report.html").read_text()]
    for more in (("--figure", "fan"), ("--figure", "money", "--figures", "png"), ("--lang", "zh"), ()):
        done = villagesim("report", str(out), *more)
        assert done.returncode == 0, done.stderr
        written.append((out / "report.html").read_text())
    assert len(set(written)) > 1
    manifest = json.loads((out / "manifest.json").read_text())
    assert "report.html" not in manifest["files"]
    (out / "manifest.json").write_text(json.dumps(manifest | {"files": manifest["files"] | {"report.html": "0"}}))
    assert as_read(out)
    (out / "answer.txt").write_text("another\n")
    with pytest.raises(StoreError, match=r"answer\.txt has changed since it was written"):
        as_read(out)


def test_every_command_that_draws_lets_choose_formats_and_width():
    """All commands but those that draw nothing, so that a new one is asked."""
    draws_not = {"export", "check", "explain", "explore", "describe", "examples"}
    given = {
        each.name or each.callback.__name__: {*inspect.signature(each.callback).parameters}
        for each in app.registered_commands
    }
    named = {name.replace("map_units", "map") for name, options in given.items() if {"figures", "width"} <= options}
    assert named == {name.replace("map_units", "map") for name in given} - draws_not


def as_read(folder):
    """Verdicts of an answer in its folder."""
    return vs.open_results(folder).tables["verdicts"].to_dict("records")


def test_sweep_prints_its_question_and_paths_and_goes_on(tmp_path):
    """The example of the guide; a second time it is refused or resumed."""
    command = (
        "sweep",
        "experiments/examples/land_trust_start_and_floor.toml",
        "--workers",
        "1",
        "--out",
        str(tmp_path / "out"),
    )
    done = villagesim(*command)
    assert done.returncode == 0, done.stderr
    for words in (
        "Does it matter when",
        "16 points (grid) over 2 factors",
        "Collective income",
        "sweep.png",
        "Not a forecast",
    ):
        assert words in done.stdout
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"complete": true', '"complete": false'))
    refused = villagesim(*command)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    assert villagesim(*command, "--resume").returncode == 0


def test_compare_shows_what_is_not_known_apart(tmp_path):
    """Three intervals, and shares of the draws; the tables and figures of a plain comparison, at a month, and all villages."""
    done = villagesim(
        "compare", "scenarios/one_town.toml", "--draws", "2", "--strategies", "land trust", "--workers", "1",
        "--out", str(tmp_path / "out"), "--at", "2022-12", "--villages", "--verbose",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "drawing differences" in done.stderr
    printed = " ".join(done.stdout.split())
    for words in (
        "simulation",
        "county's",
        "uncertainty",
        "better by",
        "2 draws of what is uncertain",
        "of 2022-12",
    ):
        assert words in printed
    tables = {path.stem: path for path in (tmp_path / "out" / "tables").glob("*.parquet")}
    assert {*tables} >= {"uncertainty", "own", "held", "distribution", "money", "undefined", "trajectories"}
    assert set(pd.read_parquet(tables["uncertainty"])["at"]) == {"2022-12"}
    gains = pd.read_parquet(tables["distribution"])
    assert set(gains["at"]) == {"2021-12", "2022-12", "2023-12"}
    assert gains[["share_better", "share_better_low", "share_worse_high", "luck_worse"]].notna().all().all()
    assert len({*pd.read_parquet(tables["trajectories"])["month"]}) == 37
    told = re.search(r"in Python (pandas\.concat\(.*\))$", done.stdout, re.MULTILINE)
    villages = eval(told[1], {"pandas": pd, "Path": Path, "map": map, "sorted": sorted})
    assert (villages["village_name"] != "").all()
    assert villages.columns.get_loc("village_name") == villages.columns.get_loc("village") + 1
    assert {path.name for path in (tmp_path / "out" / "figures").glob("*.png")} == {
        "uncertainty.png", "differences.png", "distribution.png",
    }  # fmt: skip


def test_compare_says_when_enough_is_known(tmp_path):
    """At the end of a comparison that stops by itself, here at its most."""
    done = villagesim(
        "compare", "scenarios/one_town.toml", "--until-settled", "land_trust_area", "--replications", "2",
        "--strategies", "land trust", "--workers", "1", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"land_trust_area: about [\d,]+ more replications", done.stdout)


def test_compare_says_which_is_best(tmp_path):
    """Only one of these two changes integration, by far more than matters."""
    done = villagesim(
        "compare", str(SMALL), "--until-best", "real_integration", "--strategies", "all of it", "--workers", "1",
        "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"Best by real_integration: all of it, after \d+ replications", done.stdout)
    told = " ".join(done.stdout.split())
    assert (
        "Integration in fact (index, 0 to 1): lead over the best of the others, 95%, and what a million brings" in told
    )


def test_run_keeps_the_tables(tmp_path):
    """One replication says that it is one."""
    done = villagesim("run", "scenarios/one_town.toml", "--strategy", "both", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert "says nothing about chance" in done.stdout
    assert {path.name for path in (tmp_path / "run" / "tables").glob("*.csv")} == {
        "county.csv", "villages.csv", "accounts.csv", "constituents.csv", "events.csv", "payments.csv", "land_trusts.csv",
            "projects.csv", "items.csv",
        "codebook.csv",
    }  # fmt: skip
    with pytest.raises(
        StoreError, match=r"holds one run.*(?s:.*)\(\".*/run/tables/county.parquet\"\)(?s:.*)villages"
    ) as caught:
        vs.open_results(tmp_path / "run")
    assert len(pd.read_parquet(re.search(r'read_parquet\("(.*?)"\)', str(caught.value))[1]))


def test_check_says_what_was_found():
    """890, 532 and 18 stand in the rolls."""
    done = villagesim("check", "scenarios/zhangqiu.toml")
    assert done.returncode == 0
    assert "890 villages in 18 townships" in done.stdout
    assert "merged into 532" in done.stdout


def test_explain_gives_meaning_range_source_and_users():
    """One parameter by name, or all, assumptions first."""
    one = villagesim("explain", "office_cost").stdout
    for words in ("50,000 yuan per year", "20,000 to 100,000", "S3.pay", "processes.ledger"):
        assert words in one
    every = villagesim("explain", "--all").stdout
    assert every.index("vote_loss") < every.index("office_cost =")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["compare", "scenarios/one_town.toml", "--strategies", "booth"], "Did you mean 'both'"),
        (["compare", "scenarios/one_town.toml", "--replications", "0"], "at least 1"),
        (["run", "scenarios/one_town.toml", "--strategy", "bth"], "'both'"),
        (["run", "scenarios/one_town.toml", "--strategy", "both", "--seed", "-4"], "at least 0"),
        (["compare", "scenarios/one_town.toml", "--until-settled", "trusts"], "Did you mean 'trust'"),
        (["compare", "scenarios/one_town.toml", "--until-best", "support_payed"], "Did you mean 'support_cost'"),
        (["compare", "scenarios/one_town.toml", "--until-best", "requests"], "neither more nor less"),
        (
            ["compare", "scenarios/one_town.toml", "--until-best", "trust", "--until-settled", "trust"],
            "do not go together",
        ),
        (["compare", "scenarios/one_town.toml", "--discount", "8"], "discount = 8.0 must be"),
        (["compare", "scenarios/one_town.toml", "--json", "--quiet"], "do not go together"),
        (["compare", "scenarios/one_town.toml", "--draws", "1"], "draws = 1 must be"),
        (["compare", "scenarios/one_town.toml", "--draws", "3", "--until-best", "trust"], "Leave one out"),
        (["compare", "scenarios/one_town.toml", "--at", "2022-12"], "--at 2022-12 goes with --draws"),
        (["sweep", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["sweep", "scenarios/one_town.toml"], "this is a scenario, and no question"),
        (["explain", "vote_los"], "Did you mean 'vote_loss'"),
        (["explain"], "--all"),
        (["check", "setup.cfg"], "setup.cfg: is not TOML"),
    ],
)
def test_a_mistake_gets_one_message_and_exit_code_2(arguments, words, tmp_path):
    """No traceback, and nothing is written."""
    done = villagesim(*arguments, *(["--out", str(tmp_path / "out")] if arguments[0] in ("compare", "sweep") else []))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_stopping_by_hand_says_how_to_go_on(capsys):
    """Whatever was running."""
    with pytest.raises(KeyboardInterrupt), terminal.progress_bar("replications"):
        raise KeyboardInterrupt
    assert "go on with --resume" in capsys.readouterr().err
