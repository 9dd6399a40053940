"""Figures never show boxes in place of Chinese."""

from villagesim.plots import style


def test_chinese_is_written_only_where_a_font_can(monkeypatch):
    """Without a font the stand-in is shown, with one the name."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert style.readable("石屋村", "370114001201") == "370114001201"
    assert style.readable("land trust", "strategy 3") == "land trust"
    monkeypatch.setattr(style, "chinese_font", lambda: "SimHei")
    assert style.readable("石屋村", "370114001201") == "石屋村"
