"""Claim: in a browser, at phone and desk width and on paper, all of a page can be read and nothing is loaded or refused."""

from pathlib import Path
from typing import Any

import pytest
from browser.pages import CUT_OFF, DESK, PAPER, PHONE
from unit.report.kinds import answer_of

import villagesim as vs
from villagesim.languages import language
from villagesim.report.main_table import SHOWN
from villagesim.reporting import write_report

pytestmark = pytest.mark.extras


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small comparison, with a long name that has no blank."""
    scenario = vs.load_scenario("packaged:one_town")
    policies = {
        "five integrations": scenario.strategies["five integrations"],
        "x" * 60: scenario.strategies["land trust"],
    }
    folder = tmp_path_factory.mktemp("report") / "out"
    vs.compare(scenario, replications=2, strategies=policies, workers=1, out=folder)
    return write_report(folder)


def opened(browser: Any, report: Path, width: int) -> tuple[Any, list[str]]:
    """The page at a width, and all that a browser complains of or asks for besides it."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda problem: seen.append(str(problem)))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else seen.append(request.url))
    page.goto(report.as_uri())
    return page, seen


@pytest.mark.parametrize("width", [PHONE, PAPER, DESK])
def test_nothing_is_cut_off_and_nothing_else_is_loaded(browser: Any, report: Path, width: int, tmp_path: Path) -> None:
    page, seen = opened(browser, report, width)
    assert seen == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []
    page.screenshot(path=tmp_path / f"report_{width}.png", full_page=True)
    drawings = page.locator("figure svg")
    assert drawings.count() >= 1
    assert drawings.first.bounding_box()["height"] > 100
    page.close()


def test_figures_can_be_read_at_every_width(browser: Any, report: Path) -> None:
    """Letters of 7 points of a figure of 510: on a phone at least 9 pixels, and moved sideways; on paper all of it is seen."""
    for width, media in ((PHONE, "screen"), (DESK, "screen"), (PAPER, "print")):
        page, _ = opened(browser, report, width)
        page.emulate_media(media=media)
        boxes = [drawing.bounding_box() for drawing in page.locator("figure svg").all()]
        assert boxes
        for box in boxes:
            assert box["width"] * 7 / 510 > 9 or media == "print"
            assert box["width"] <= width or width == PHONE
        page.close()


def test_on_paper_rows_and_figures_stay_whole_and_headings_with_what_follows(browser: Any, report: Path) -> None:
    page, _ = opened(browser, report, PAPER)
    page.emulate_media(media="print")
    for inside in ("tr", "figure", "pre"):
        assert styles(page, inside, "breakInside") == {"avoid"}
    for after in ("h1", "h2", "h3", "dt", ".note:not(.after)"):
        assert styles(page, after, "breakAfter") == {"avoid"}
    assert styles(page, ".note.after", "breakBefore") == {"avoid"}
    assert styles(page, "thead", "display") == {"table-header-group"}
    page.close()


def styles(page: Any, which: str, name: str) -> set[str]:
    """How elements are styled."""
    return set(page.eval_on_selector_all(which, f"all => all.map(each => getComputedStyle(each).{name})"))


def test_what_is_cut_off_is_noticed(browser: Any, report: Path) -> None:
    """The twin: a table that cannot break."""
    page, _ = opened(browser, report, PHONE)
    page.add_style_tag(content="td { white-space: nowrap !important; overflow-wrap: normal }")
    assert page.evaluate(CUT_OFF)
    page.close()


def test_a_table_is_as_narrow_as_the_paper(browser: Any, report: Path) -> None:
    """A4 but for its margins; and the twin, in which cells do not break."""
    page, _ = opened(browser, report, PAPER)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    page.add_style_tag(content="table { font-size: 12pt }")
    assert page.evaluate("document.documentElement.scrollWidth") > PAPER
    page.close()


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_tables_of_other_questions_are_as_narrow_as_the_paper(
    browser: Any, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a phone, on paper and at a desk, in both languages; figures are another matter."""
    monkeypatch.setattr("villagesim.report.page.embedded", lambda *what: ([], [], []))
    folder = answer_of(kind).save(tmp_path / "out", figures="none")
    for lang in ("en", "zh"):
        with language(lang):
            report = write_report(folder)
        for width in (PHONE, PAPER, DESK):
            page, _ = opened(browser, report, width)
            page.emulate_media(media="print" if width == PAPER else "screen")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(CUT_OFF) == []
            page.close()


def test_no_script_runs_even_if_one_came_in(browser: Any, report: Path, tmp_path: Path) -> None:
    """The policy of the page refuses it."""
    broken = tmp_path / "broken.html"
    text = report.read_text(encoding="utf-8").replace("</main>", "<script>document.title = 'taken'</script></main>")
    broken.write_text(text, encoding="utf-8")
    page, seen = opened(browser, broken, DESK)
    assert page.title() != "taken"
    assert any("Content Security Policy" in words for words in seen)
    page.close()


def test_it_prints_on_a_few_pages(browser: Any, report: Path, tmp_path: Path) -> None:
    page, _ = opened(browser, report, DESK)
    printed = page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type /Page/") <= 15
    page.close()
