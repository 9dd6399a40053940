"""Files of figures: the same bytes for the same figure, text as text, and what they show said inside."""

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from villagesim.errors import DesignError, StoreError
from villagesim.plots import letters
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn
from villagesim.runs.exports import FORMATS, checked_formats, write_figure

TITLE, CAPTION = "Villages & income < before", "One replication, $not math$."


def drawn_anew(width=None):
    with drawn(width):
        figure, ax = plt.subplots(layout="constrained")
        ax.plot([0, 1], [0, 1])
        ax.set_xlabel("a label to search for")
        title_and_caption(figure, TITLE, CAPTION)
    return figure


def test_figures_are_the_same_bytes_and_say_what_they_show(tmp_path):
    first, again = (write_figure(tmp_path / folder, "own", drawn_anew(), FORMATS) for folder in ("one", "other"))
    plt.close("all")
    assert [path.name for path in first] == ["own.png", "own.svg", "own.pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    png, svg, pdf = first
    with Image.open(png) as picture:
        assert (picture.info["Title"], picture.info["Description"]) == (TITLE, CAPTION)
        assert picture.width == pytest.approx(200 * 180 / MM, abs=1)
    text = svg.read_text(encoding="utf-8")
    assert ">a label to search for</text>" in text
    assert "<title>Villages &amp; income &lt; before</title>\n <desc>One replication, $not math$.</desc>" in text
    assert "sans-serif" in text, "a machine without the font shows another"
    assert b"/Title (Villages & income < before)" in pdf.read_bytes()
    assert b"/Type3" not in pdf.read_bytes().replace(b" ", b""), "letters are outlines"


def test_a_figure_is_laid_out_once_and_each_format_drawn_once(tmp_path, monkeypatch):
    """Before, each format was drawn twice, and the layout cost a drawing more."""
    done = []
    for owner, name in ((ConstrainedLayoutEngine, "execute"), (Figure, "draw")):
        own = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *what, own=own, name=name: (done.append(name), own(*what))[1])
    write_figure(tmp_path, "own", drawn_anew(), FORMATS)
    assert done == ["execute", "draw", "draw", "draw"]


def test_a_figure_is_as_wide_as_asked_for():
    assert drawn_anew(90).get_size_inches()[0] == pytest.approx(90 / MM)
    assert drawn_anew().get_size_inches()[0] == pytest.approx(180 / MM)
    plt.close("all")
    with pytest.raises(DesignError, match="width = 20"), drawn(20):
        pass


def test_formats_are_named():
    assert checked_formats("PNG, pdf") == ("png", "pdf")
    assert checked_formats("none") == ()
    with pytest.raises(StoreError, match="'gif' is no format"):
        checked_formats(["png", "gif"])


RARE, PRIVATE = "\U00020bb7", "\ue000"
"""A letter of Chinese that few fonts have, and one that means something else in each font."""


@pytest.fixture
def rare_font(tmp_path, monkeypatch):
    """A font of one square glyph, beside the usual ones."""
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder([".notdef", "square"])
    build.setupCharacterMap({ord(RARE): "square", ord(PRIVATE): "square"})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 900), (900, 900), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    build.setupGlyf({".notdef": square, "square": square})
    build.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 0)})
    build.setupHorizontalHeader(ascent=900, descent=-100)
    build.setupNameTable({"familyName": "A Rare One", "styleName": "Regular"})
    build.setupOS2()
    build.setupPost()
    build.save(tmp_path / "rare.ttf")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    monkeypatch.setattr(letters, "_told", set())
    font_manager.fontManager.addfont(tmp_path / "rare.ttf")
    yield "A Rare One"
    plt.close("all")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("where", ["caption", "tick"])
def test_another_font_writes_what_the_usual_ones_cannot(tmp_path, caplog, rare_font, where):
    """Matplotlib warns of nothing; what no font here can write is said once."""
    for name, notes in ((RARE, []), (f"{PRIVATE}x", ["U+E000"]), (PRIVATE, [])):
        caplog.clear()
        with drawn():
            figure, ax = plt.subplots(layout="constrained")
            ax.plot([0, 1], [0, 1])
            if where == "tick":
                ax.set_xticks([0], [name])
            title_and_caption(figure, TITLE, name if where == "caption" else CAPTION)
        write_figure(tmp_path, "own", figure, FORMATS)
        assert [word in note for word, note in zip(notes, caplog.messages, strict=True)] == [True] * len(notes)
        lent = {rare_font in text.get_fontfamily() for text in figure.findobj(plt.Text) if RARE in text.get_text()}
        assert lent == ({True} if RARE in name else set())
