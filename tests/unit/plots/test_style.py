"""Figures never show boxes in place of Chinese, strategies never look alike, and no title is cut."""

from matplotlib import pyplot as plt
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.text import Text
from unit.plots.faults import faults

import villagesim as vs
from villagesim.plots import style
from villagesim.plots.captions import title_and_caption, wrapped


def test_chinese_is_written_only_where_a_font_can(monkeypatch):
    """Without a font the stand-in is shown, with one the name."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert style.readable("石屋村", "370114001201") == "370114001201"
    assert style.readable("land trust", "strategy 3") == "land trust"
    monkeypatch.setattr(style, "chinese_font", lambda: "SimHei")
    assert style.readable("石屋村", "370114001201") == "石屋村"


def test_headings_are_of_one_weight(monkeypatch):
    """Bold where the font of Chinese has a bold face, or no Chinese is written; never digits alone."""
    faces = [FontEntry(name="WenQuanYi Zen Hei", weight=400), FontEntry(name="SimHei", weight="bold")]
    monkeypatch.setattr(fontManager, "ttflist", [*fontManager.ttflist, *faces])
    for font, weight in (("WenQuanYi Zen Hei", "normal"), ("SimHei", "bold"), (None, "bold")):
        monkeypatch.setattr(style, "chinese_font", lambda font=font: font)
        figure = plt.figure()
        with vs.language("zh"), style.drawn():
            title_and_caption(figure, "2022 年的收入")
            assert plt.rcParams["axes.titleweight"] == figure._suptitle.get_fontweight() == weight
        assert style.strong() == "bold"
        with style.drawn(strategies=["土地托管 2"]):
            assert style.strong() == weight


def test_strategies_of_many_have_looks_of_their_own():
    """Two differ in marker wherever colours start over, as points have no dashes; the reference worlds keep theirs."""
    seen = [style.look(order) for order in range(40)]
    assert len(set(seen)) == len({(one.colour, one.marker) for one in seen}) == 40
    assert [one.marker for one in seen[:2]] == ["", ""]
    assert len({one.colour for one in seen[:10]}) == 10


def test_a_line_of_chinese_ends_at_a_mark_that_is_near():
    """Else between any two letters."""
    assert wrapped("集体收入（万元/村·年），与基准之差", 1.4) == "集体收入（万元/村·年），\n与基准之差"
    assert wrapped("五个一体与土地托管：相互作用", 1.4) == "五个一体与土地托管：\n相互作用"
    assert [*map(len, wrapped("一" * 20, 1).split("\n"))] == [9, 9, 2]


def test_titles_and_captions_are_wrapped_to_the_figure():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3))
    title_and_caption(figure, "word " * 16, "word words " * 60)
    assert faults(figure) == []
    assert max(text.get_window_extent().x1 for text in figure.findobj(Text)) > 0.9 * figure.bbox.x1
