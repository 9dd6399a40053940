"""Claim: a page says no more than the answer, loads nothing, runs nothing, and stays plain whatever names are."""

import json
import re
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from PIL import Image
from unit.questions.test_money import NAMES, comparison_of

import villagesim as vs
from villagesim.errors import StoreError
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import COLOURS
from villagesim.questions.answer import open_results
from villagesim.questions.comparison import compared, tables
from villagesim.questions.money import money as pockets
from villagesim.questions.verdicts import answered, last_of
from villagesim.reference.subject import Results
from villagesim.report import figures
from villagesim.report.compared import losers, money
from villagesim.report.figures import inline, picture
from villagesim.report.page import LARGEST, page
from villagesim.runs.table import RunTable

HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)>{{ 7*7 }}</title>'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text x="1.25" id="t">income</text>'
    '<path d="M 1.23456 2"/>{}</svg>'
)


class Page(HTMLParser):
    """Tags with their attributes, texts of cells by their heads, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An answer of a place with a hostile title, whose one figure is a small drawing."""
    scenario = vs.load_scenario("packaged:one_town")
    found = comparison_of(scenario)
    answer = answered(found, tables(found), scenario.parameters)
    answer = replace(
        answer, setting=replace(answer.known, title=HOSTILE), about={"question": "compare", "seed": 1, "title": HOSTILE}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "matplotlib.figure.Figure.savefig", lambda figure, file, **how: file.write(SVG.format("").encode())
        )
        return answer.save(tmp_path_factory.mktemp("answer") / "out", figures="png,svg")


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return page(folder, command=f"villagesim compare {HOSTILE}")


def test_what_others_wrote_stays_text(text: str) -> None:
    """No tag comes out of a title, and the template is not run on it."""
    found = Page(text)
    assert [attrs for tag, attrs in found.tags if tag == "script"] == [{"type": "application/json", "id": "numbers"}]
    assert "img" not in {tag for tag, _ in found.tags}
    assert HOSTILE in found.texts
    assert "49" not in next(part for part in found.texts if part.startswith("<script>alert"))


def test_nothing_is_loaded_and_nothing_runs(text: str) -> None:
    """No address but names inside the page, no handler, a policy that forbids both, and fewer bytes than promised."""
    assert len(text.encode()) < LARGEST
    for tag, attrs in Page(text).tags:
        assert not [name for name in attrs if name.startswith("on")], tag
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert str(attrs.get(name) or "#").startswith("#"), (tag, attrs)
    assert not re.search(r"@import|url\((?!#)", text)
    policy = next(
        attrs["content"] for tag, attrs in Page(text).tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert str(policy).startswith("default-src 'none';")
    assert "script-src" not in str(policy)


def test_no_sentence_says_more_than_its_verdict(text: str, folder: Path) -> None:
    """Better stands in the lead, and in the column of verdicts, only where the table of the answer says so."""
    answer = vs.open_results(folder)
    found = Page(text)
    words = {*last_of(answer.tables["verdicts"])["verdict"]}
    lead = [part for part in found.texts if part in answer.sentences[:2]]
    assert lead == list(answer.sentences[:2])
    for word in ("better", "worse", "practically equal", "undecided"):
        assert any(word in part for part in lead) <= any(said.startswith(word) for said in words), word
    assert words <= {*found.texts}
    assert not any(part in ("better", "worse") for part in found.texts if part not in words)


def test_the_numbers_are_inside(text: str, folder: Path) -> None:
    """As JSON, the same as the tables."""
    inside = json.loads(re.search(r'id="numbers">(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    answer = vs.open_results(folder)
    assert inside["answer"] == list(answer.sentences)
    there = last_of(answer.tables["verdicts"])
    assert [row["strategy"] for row in inside["tables"]["verdicts"]] == there["strategy"].tolist()
    assert [row["difference"] for row in inside["tables"]["verdicts"]] == there["difference"].tolist()


def test_a_year_of_support_is_not_discounted_beside_sums_that_are(folder: Path, tmp_path: Path) -> None:
    answer = open_results(folder)
    less = replace(answer, facts={**answer.facts, "discount": 0.5})
    plain, discounted = (money(replace(each, tables={"money": pockets(each)}), 40)["table"] for each in (answer, less))
    assert (plain["heads"][2], discounted["heads"][2]) == ("in the dearest year", "in the dearest year, not discounted")
    assert plain["rows"][0][2] == discounted["rows"][0][2] == "360"


def test_a_page_of_an_answer_without_strategies_says_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was asked of it but the baseline: no verdicts, no money."""
    scenario = vs.load_scenario("packaged:one_town")
    runs = comparison_of(scenario).runs.query("strategy != 'both' and replication == 0")
    found = compared(scenario, RunTable(runs, NAMES[:2]))
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, file, **how: file.write(SVG.encode()))
    answer = answered(found, tables(found), scenario.parameters)
    read = Page(page(answer.save(tmp_path / "out", figures="svg")))
    assert answer.sample == "one replication with a drawn map"
    assert "Who loses" in read.texts
    assert not any(tag == "th" for tag, _attributes in read.tags)


@pytest.mark.parametrize(
    ("empty", "said", "never"),
    [
        (["by"], "Of no group can this be said: groups are parts of merged villages, and nothing merges here.", "Nobody is in"),
        (["large"], "Nobody is in these groups, and nothing is said of them: the largest third.", "Of no group can"),
        ([], "Who loses", "Nobody is in"),
    ],
)  # fmt: skip
def test_of_groups_in_which_nobody_is_nothing_is_said(
    folder: Path, empty: list[str], said: str, never: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing merges there is no group at all; with two villages some have no member."""
    answer = vs.open_results(folder)
    table = answer.tables["distribution"]
    none = table["group"].isin(empty) | (empty == ["by"])
    table.loc[none, ["difference", "difference_low", "difference_high"]] = float("nan")
    table.loc[none, "verdict"] = "-"
    found = losers(replace(answer, tables={**answer.tables, "distribution": table}), 40)
    monkeypatch.setattr("villagesim.report.page.losers", lambda answer, most: found)
    texts = Page(page(folder)).texts
    assert said in texts
    assert not any(never in text for text in texts)
    assert (
        "Of no group does a verdict say that it is worse off, nor does a whole interval lie below zero." in texts
    ) == (not found["table"]["rows"] and empty != ["by"])


def test_who_loses_less_than_matters_is_named_with_the_verdict(folder: Path) -> None:
    """An interval below zero is told, whatever its verdict; one that holds zero is not."""
    answer = vs.open_results(folder)
    table = answer.tables["distribution"].assign(verdict="undecided (about 9 more)")
    table[["difference", "difference_low", "difference_high"]] = [-1.0, -2.0, 0.5]
    last = table["at"] == table["at"].iloc[-1]
    row = table.index[last][0]
    for high, rows in ((-0.5, 1), (0.0, 0)):
        table.loc[row, "difference_high"] = high
        found = losers(replace(answer, tables={**answer.tables, "distribution": table}), 40)["table"]["rows"]
        assert [cells[-1] for cells in found] == ["undecided (about 9 more)"] * rows


def test_a_drawing_keeps_its_text_and_loses_the_rest() -> None:
    text = "<?xml?><!DOCTYPE svg>" + SVG.format('<metadata>x</metadata><use href="#t"/>')
    assert inline(text, "one") == (
        '<svg viewBox="0 0 9 9" role="img"><text x="1.25" id="one-t">income</text><path d="M 1.2 2"/><use href="#one-t"/></svg>'
    )


@pytest.mark.parametrize("words", ["phase one = 2021", "javascript: url(x)", 'href="x" @import', "&lt;script&gt;"])
def test_a_name_may_read_as_code_does(words: str) -> None:
    """Text of a drawing does nothing."""
    assert f">{words}</text>" in inline(SVG.format(f"<text>{words}</text>"), "one")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<g onload="1"/>',
        '<a href="http://x"/>',
        "<style>@import 1</style>",
        "<g a='>' onload=1 />",
        """<g b'="c'>" onload="1" />""",
        "<g <g",
    ],
)
def test_a_drawing_that_acts_is_refused(inside: str) -> None:
    with pytest.raises(StoreError, match="is no drawing of the library"):
        inline(SVG.format(inside), "one")


def test_a_drawing_too_large_becomes_a_picture_that_says_what_it_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main figure above all; the page stays small."""
    huge = SVG.format("<path/>" * 50_000)
    monkeypatch.setattr("villagesim.report.figures.inline", lambda text, name: huge)
    text = page(folder)
    assert len(text.encode()) < LARGEST
    pictures = [attrs for tag, attrs in Page(text).tags if tag == "img"]
    assert len(pictures) == len(vs.open_results(folder).figures)
    for attrs in pictures:
        assert str(attrs["src"]).startswith("data:image/png;base64,iVBOR")
        assert len(str(attrs["alt"])) > 100
    assert "What each strategy adds" in str(pictures[0]["alt"])
    assert "Too large" not in text


def test_a_picture_is_as_wide_as_there_is_room_for() -> None:
    """And none where there is no room at all; strategies keep their colours."""
    figure = plt.figure(figsize=(7, 4))
    ax = figure.subplots()
    for level, colour in enumerate(COLOURS):
        ax.plot([1, 3, 2 + level], color=colour)
        ax.fill_between([0, 1, 2], level, level + 0.5, color=colour, alpha=0.3)
    wide, narrow = picture(figure, 100_000), picture(figure, 15_000)
    assert picture(figure, 1_000) == ""
    plt.close(figure)
    assert 0 < len(narrow) < 15_000 < len(wide)
    shown = Image.open(BytesIO(b64decode(wide))).convert("RGB")
    inks = np.array([ink for _n, ink in shown.getcolors(1_000) or ()])
    for colour in COLOURS:
        assert abs(inks - 255 * np.array(to_rgb(colour))).max(axis=1).min() < 3, colour


@pytest.mark.parametrize("there", [True, False])
def test_a_figure_without_room_is_named_with_its_file_or_the_way_to_it(
    folder: Path, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("villagesim.report.figures._fitting", lambda *what: {})
    if not there:
        monkeypatch.setattr("villagesim.report.figures.sorted", lambda files: [], raising=False)
    text = page(folder)
    assert ("beside it: figures/differences.png" in text) == there
    assert ("villagesim report FOLDER --figures png</code> draws them" in text) != there


def test_a_page_of_very_many_strategies_is_small_and_says_what_is_left_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred of long names: fewer rows of every table, fewer numbers inside, and the main figure all the same."""
    answer = vs.open_results(folder)
    names = [f"{number:03d} {'长' * 150}" for number in range(100)]
    many = {
        name: pd.concat([answer.tables[name].query("strategy == 'both'").assign(strategy=each) for each in names])
        for name in ("verdicts", "money", "distribution")
    }
    large = replace(answer, tables={**answer.tables, **many})
    results = replace(Results.read(folder), answer=large)
    monkeypatch.setattr("villagesim.report.page.Results.read", lambda folder: results)
    text = page(folder)
    assert len(text.encode()) < LARGEST
    assert "figure aria-label" in text
    assert re.search(r"[0-9]+ more rows stand in tables/verdicts\.csv", text)
    kept, of = map(int, re.search(r"the first ([0-9]+) of ([0-9]+) rows of tables/verdicts\.csv", text).groups())  # type: ignore[union-attr]
    assert kept == len(json.loads(text.partition('id="numbers">')[2].partition("</script>")[0])["tables"]["verdicts"])
    assert 0 < kept < of == len(last_of(many["verdicts"]))


def test_a_page_draws_what_its_folder_has_not_or_not_so_wide(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float | None]] = []
    monkeypatch.setattr("villagesim.report.figures.svg", lambda figure: SVG.format(""))
    monkeypatch.setattr(
        "villagesim.questions.answer.Answer.figure",
        lambda answer, name, width=None: asked.append((name, width)) or plt.figure(),
    )
    page(folder)
    assert asked == []
    page(folder, width=90)
    (folder / "figures/differences.svg").rename(folder / "kept.svg")
    monkeypatch.setattr("villagesim.reference.subject.read_whole", lambda folder: {"question": "compare"})
    monkeypatch.setattr("villagesim.questions.answer.read_whole", lambda folder: {"question": "compare"})
    page(folder)
    (folder / "kept.svg").rename(folder / "figures/differences.svg")
    assert asked == [("differences", 90), ("distribution", 90), ("differences", None)]


def test_title_and_text_of_a_picture_are_two_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_anew, _ = plt.subplots(layout="constrained")
    title_and_caption(drawn_anew, "Observed", "Line: median.")
    answer: Any = SimpleNamespace(figure=lambda name, width: drawn_anew)
    monkeypatch.setattr(figures, "inline", lambda drawing, name: " " * 10**7)
    with vs.language("zh"):
        assert figures._fitting(tmp_path, answer, "fan", 10**6, None)["words"] == "Observed。Line: median."
