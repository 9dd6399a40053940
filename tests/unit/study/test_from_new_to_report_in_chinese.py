"""A study in Chinese from ``new`` to ``report``: no English but names of files, columns, commands and settings."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from unit.command_line import SMALL, villagesim
from unit.in_chinese import Shown, english

import villagesim as vs
from villagesim.plots import style
from villagesim.study.county import OwnCounty

pytestmark = pytest.mark.usefixtures("figures_are_blank")
ROLLS = ("--before", str(SMALL.with_name("before.csv")), "--after", str(SMALL.with_name("after.csv")))
COMMANDS = (
    "villagesim python m new check compare run ask report explain --all --strategy --out --decree both land trust"
)
"""With the names of strategies in them."""
SETTINGS = "start place mean_income threshold share_above arable maps_of_runs kind"
FILES = "own.toml scenario.toml question.toml villages.xlsx map/weak_links.csv report.html tables figures CSV Parquet SVG png"
TABLES = """comparison verdicts distribution money undefined never_acted differences trajectories map trial power by_replication
survey villages"""
QUESTION = """
question = "五个一体给了抽中的村什么？"
scenario = "own.toml"
kind = "trial"
strategy = "抽签试点"
outcome = "人均集体收入（按社员）"
replications = 2
"""
BY_LOT = """
[[strategy]]
name = "抽签试点"
[[strategy.policy]]
kind = "five_integrations"
start = 2022-01-01
facilitators = 2
budget = 0
target = { rule = "random", n = 3 }
"""


def test_nothing_is_english_from_new_to_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the screen, beside it, and on the page; a question file names all as it is told; a mistake is told too."""
    monkeypatch.setattr(style, "chinese_font", lambda: "DejaVu Sans")
    own = tmp_path / "own"
    said: dict[str, str] = {}

    def do(*words: str, code: int = 0) -> str:
        done = villagesim("--lang", "zh", *words, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        told = (done.stdout + done.stderr).replace(str(tmp_path), "")
        said[" ".join(words[:2])] = told
        return told

    do("new", "own", *ROLLS, "--decree", "2021-04-01", "--figures", "none")
    text = (own / "scenario.toml").read_text(encoding="utf-8")
    (own / "own.toml").write_text(text + BY_LOT, encoding="utf-8")
    (own / "trial.toml").write_text(QUESTION, encoding="utf-8")
    do("check", "own/scenario.toml")
    do("run", "own/own.toml", "--strategy", "两者兼有")
    few = ("--strategies", "五个一体,土地托管", "--replications", "2", "--workers", "1", "--figures", "none")
    assert "回本年月" in do("compare", "own/own.toml", *few, "--out", "out", "--report", "--verbose")
    assert "五个一体给了抽中的村什么" in do("ask", "own/trial.toml", "--out", "trial", "--figures", "none")
    do("report", "out")
    (own / "trial.toml").write_text(QUESTION.replace("抽签试点", "抽签"), encoding="utf-8")
    assert "抽签试点" in do("ask", "own/trial.toml", "--out", "wrong", code=2)
    report = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "、numpy " in report
    said["page"] = "\n".join(Shown(report).said)
    assert "回本年月" in said["page"]
    names = (COMMANDS, SETTINGS, FILES, TABLES, "own out trial wrong", "GB kB")
    assert english(said, names) == {}
    assert english({"page": "收入 wealth"}, names) == {"page": ["wealth"]}


def test_counties_of_a_study_are_listed_in_its_language() -> None:
    study = SimpleNamespace(editions=[SimpleNamespace(counties=("1", "2"), named={"1": "甲县", "2": "乙县"})])
    assert OwnCounty.name.func(study) == "甲县, 乙县"  # type: ignore[attr-defined]
    with vs.language("zh"):
        assert OwnCounty.name.func(study) == "甲县、乙县"  # type: ignore[attr-defined]
