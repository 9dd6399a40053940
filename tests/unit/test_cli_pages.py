"""Claim: the page of an answer tells the question in its asker's words, and the notes that the screen showed."""

import json
from html import unescape
from pathlib import Path
from shutil import copytree

from unit.command_line import SMALL, villagesim

QUESTION = "Would our 村 gain by it?"


def asked(folder: Path, scenario: Path, *more: str) -> tuple[str, str]:
    """What was printed, and the page."""
    (folder / "ask.toml").write_text(
        f'question = "{QUESTION}"\nkind = "compare"\nscenario = {json.dumps(str(scenario))}\nreplications = 2\n',
        encoding="utf-8",
    )
    done = villagesim("ask", "ask.toml", "--out", "out", "--figures", "none", "--workers", "1", *more, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert villagesim("report", "out", *more, cwd=folder).returncode == 0
    return done.stdout, unescape((folder / "out/report.html").read_text(encoding="utf-8"))


def test_a_page_is_headed_with_the_question_of_its_file_and_names_the_place(tmp_path: Path) -> None:
    _, page = asked(tmp_path, SMALL)
    title = next(line for line in SMALL.read_text(encoding="utf-8").splitlines() if line.startswith("title"))
    assert f"<h1>{QUESTION}</h1>" in page
    assert f"<title>{QUESTION}</title>" in page
    assert f'<p class="note">{json.loads(title.partition("=")[2])}</p>' in page
    assert f'question = "{QUESTION}"' in page.replace("\\u6751", "村")


def test_notes_of_the_screen_stand_on_the_page_in_both_languages(tmp_path: Path) -> None:
    copytree(SMALL.parent, tmp_path / "place")
    odd = tmp_path / "place" / SMALL.name
    text = odd.read_text(encoding="utf-8")
    odd.write_text(text.replace("yearly = 5000000", "yearly = 5"), encoding="utf-8")
    printed, page = asked(tmp_path, odd)
    notes = [each for each in printed.splitlines() if each.startswith("Note: [fund] yearly = 5 is ")]
    assert notes
    assert f"<p>{notes[0]}</p>" in page
    assert villagesim("report", "out", "--lang", "zh", cwd=tmp_path).returncode == 0
    assert "注：[fund] yearly = 5" in unescape((tmp_path / "out/report.html").read_text(encoding="utf-8"))
