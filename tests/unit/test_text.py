"""Foreign text is plain text on screen, in figures and in files; what nobody could see is refused when it is read."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import villagesim as vs
from villagesim import plots, terminal
from villagesim.errors import VillagesimError
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import readable, settings
from villagesim.runs.exports import write_csv
from villagesim.text import INSTEAD, line, plain

NASTY = (
    "x[/]y", "[bold]z[/bold]", "[link=evil]ok[/link]", ":smile:", "costs $x_{ 5$", "from $5 to $6", r"$\frac$", "_trust",
    "__x", "=cmd|calc!A1", "+1+1", "-2", "@SUM(A1)", "\\u0041", "a & b < c", "{0} %s", "clean-up, 30 teams", "50%",
)  # fmt: skip
"""Names that are plain text, and were taken for markup, formulas or hidden labels."""
UNSEEN = (
    "b\x1b]0;owned\x07\x1b[2Jz", "a\nb", "a\rb", "a\tb", "a\x00b", "a\x7fb", "a\x85b", "a\u202eb", "a\u2066b", "a\u200bb",
    "a\u200db", "a\ufeffb", "a\u00adb", "a\u2028b", "a\u3164b", "a\u2800b", "a\u00a0b", "a\U000e0041b", "", " ", "\u3000",
    " a", "a ", "x" * 201, "a\ufffeb", "a\U0001ffffb", "a\ufdd0b",
)  # fmt: skip
"""Names that do something when they are printed, or look like another."""


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_is_refused_when_it_is_read(name: str, one_town: vs.Scenario) -> None:
    """In a title, in a strategy's name, in a label, in the source of a goal; the message is itself plain."""
    policies = vs.policies
    makes = [
        lambda: replace(one_town, title=name),
        lambda: replace(one_town, strategies={name: ()}),
        lambda: vs.outcomes.Goal(outcome="trust", at="2022-12", at_least=0.5, source=name),
    ]
    if name:
        makes.append(lambda: policies.FiveIntegrations(start="2022-03-01", facilitators=2, label=name))
    for make in makes:
        with pytest.raises(VillagesimError) as caught:
            make()
        message = str(caught.value)
        assert re.search("blank|cannot be seen|characters", message)
        assert plain(message, lines=True) == message


@pytest.mark.parametrize("name", [*NASTY, "章丘 区", "石屋村（一）", "a\u3000b", "œuvre", "村🏡"])
def test_plain_text_is_taken_as_it_is(name: str, one_town: vs.Scenario) -> None:
    """Nothing that can be seen is refused or changed."""
    assert line(name, "name") == name == plain(name)
    assert name in replace(one_town, strategies={name: ()}).strategies


@given(st.text())
def test_plain_text_does_nothing(text: str) -> None:
    """Whatever comes in: no control, direction or unseen character comes out, and as many characters."""
    shown = plain(text)
    assert len(shown) == len(text)
    assert plain(shown) == shown
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\U0001fffe]", shown
    )


@pytest.mark.parametrize("name", [*NASTY, *UNSEEN[:2]])
def test_the_screen_shows_text_as_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In lines, titles, headings and cells; what acts is replaced."""
    written = io.StringIO()
    screen = terminal.Screen()
    screen.file, screen.width = written, 300
    monkeypatch.setattr(terminal, "out", screen)
    table = terminal.table_of(f"T{name}T", f"H{name}H", "other")
    table.add_row(f"C{name}C", "1")
    screen.print(table)
    terminal.say(f"S{name}S")
    shown = plain(name, lines=True)
    said = written.getvalue()
    assert "\x1b" not in said
    for frame in "THCS" if "\n" not in name else "S":
        assert f"{frame}{shown}{frame}" in said


def drawn(figure: plt.Figure) -> list[str]:
    """All texts of a figure as they will be set, which must be possible."""
    figure.canvas.draw()
    texts = figure.findobj(plt.Text)
    assert not any(text.get_parse_math() for text in texts if text.get_text())
    return [text.get_text() for text in texts]


@pytest.mark.parametrize("name", NASTY)
def test_figures_show_text_as_it_is(name: str) -> None:
    """Titles, captions, tick labels and legends; none is hidden, none is a formula."""
    with plt.rc_context(settings()):
        figure, ax = plt.subplots()
        ax.plot([0, 1], label=readable(name, "strategy 1"))
        ax.set_yticks([0], [readable(name, "strategy 1")])
        ax.legend()
        title_and_caption(figure, name, name)
        texts = drawn(figure)
        plt.close(figure)
    assert sum(text.strip() == name for text in texts) >= 4


@pytest.mark.parametrize("name", [*NASTY, *UNSEEN[:2]])
def test_files_hold_no_formulas_and_nothing_that_acts(name: str, tmp_path: Path) -> None:
    """In headings and cells; the table comes back, but for an apostrophe before what begins a formula."""
    path = tmp_path / "t.csv"
    write_csv(path, pd.DataFrame({name: ["1"], "strategy": [name]}))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    cell = rows[1][1]
    assert not cell.startswith(("=", "+", "@", "\t", "\r", "-"))
    assert cell.removeprefix("'") == plain(name, lines=True)
    assert "\x1b" not in path.read_text(encoding="utf-8-sig")


def test_every_figure_goes_through_the_door() -> None:
    """Every module that draws takes the settings of the house, and no other way to a legend or a label of a strategy."""
    for module in Path(plots.__file__).parent.glob("*.py"):
        source = module.read_text(encoding="utf-8")
        if "plt.subplots" in source or "plt.figure" in source:
            assert "with drawn()" in source, module.name
        assert not re.search(r"label=(str\(|strategy\b|name\])", source), module.name


def test_every_print_goes_through_the_door() -> None:
    """No module prints past the screen, nor makes a console of its own."""
    for module in Path(vs.__file__).parent.rglob("*.py"):
        source = module.read_text(encoding="utf-8")
        where = module.relative_to(Path(vs.__file__).parent).as_posix()
        assert not re.search(r"Console\(|typer\.echo|markup=True|from_markup", source), where
        if where not in ("reference/tables.py",):
            assert not re.search(r"(?<![\w.])(?<!def )print\(", source), where


def test_a_replacement_can_be_seen() -> None:
    """It stands where the character stood."""
    assert plain("a\x1b[2Jb\u202ec") == f"a{INSTEAD}[2Jb{INSTEAD}c"
