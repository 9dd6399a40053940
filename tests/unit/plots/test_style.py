"""Figures never show boxes in place of Chinese, strategies never look alike, and no title is cut."""

from villagesim.plots import style
from villagesim.plots.captions import title_and_caption


def test_chinese_is_written_only_where_a_font_can(monkeypatch):
    """Without a font the stand-in is shown, with one the name."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert style.readable("石屋村", "370114001201") == "370114001201"
    assert style.readable("land trust", "strategy 3") == "land trust"
    monkeypatch.setattr(style, "chinese_font", lambda: "SimHei")
    assert style.readable("石屋村", "370114001201") == "石屋村"


def test_two_worlds_keep_their_looks_and_eight_strategies_differ():
    """Colour, line and marker together; places start over without the two of the reference worlds."""
    seen = [(style.COLOURS[look], style.DASHES[look], style.MARKERS[look]) for look in map(style.look, range(10))]
    assert len(set(seen)) == 10
    assert style.look(10) == style.look(2)


def test_titles_and_captions_are_wrapped_to_the_figure():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3))
    title_and_caption(figure, "word " * 30, "word " * 60)
    assert all(len(line) <= 49 for line in figure.get_suptitle().splitlines())
    assert all(len(line) <= 77 for line in figure.get_supxlabel().splitlines())
