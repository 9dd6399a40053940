"""Files of figures: the same bytes for the same figure, text as text, and what they show said inside."""

import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from villagesim.errors import DesignError, StoreError
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
