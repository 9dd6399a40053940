"""Maps of villages: every village once, none over another, colours that mean the same in all panels."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from unit.plots.faults import faults

from villagesim.plots import style
from villagesim.plots.maps import SMALL, draw_map, draw_maps, scale_of, tiles
from villagesim.plots.maps import SQUARE as SQUARE_SIDE

SQUARE = [[[117.0, 36.0], [117.0, 36.4], [117.4, 36.4], [117.4, 36.0], [117.0, 36.0]]]


def table(strategies=("a", "b"), positions=False):
    """Five villages in two townships: a loss, a gain, one that cannot be told, one without an interval, an equal one."""
    rows = []
    for k, strategy in enumerate(strategies):
        for n, (mean, low, high) in enumerate(
            [(-4, -6, -2), (8, 4, 12), (3, -1, 7), (2, np.nan, np.nan), (0, 0, 0)],
        ):
            rows.append({"by": "village", "code": f"37011400{1 + n // 3}20{n}", "lon": 117.1 + n / 20 if positions else np.nan,
                         "difference": mean * (1 + k), "difference_low": low, "difference_high": high})  # fmt: skip
        rows += [{"by": "township", "code": f"37011400{n}", "difference": 5.0 * (3 - 2 * n), "difference_low": 1.0 - 20 * (n - 1),
                  "difference_high": 9.0 - 20 * (n - 1)} for n in (1, 2)]  # fmt: skip
        for row in rows[-7:]:
            row |= {
                "strategy": strategy,
                "order": 2 + k,
                "township": row["code"][:9],
                "lat": 36.2,
                "unit": "yuan",
                "mean": 100.0 + row["difference"],
            }
            row["township_name"] = f"镇{row['township'][-1]}"
    return pd.DataFrame(rows)


def drawn(own, outlines, shows="difference"):
    _, ax = plt.subplots()
    return draw_map(ax, own, scale_of(own, shows), outlines, shows)


def of(ax, kind):
    return next(found for found in ax.findobj(kind) if type(found) is kind)


@pytest.mark.parametrize("sizes", [(5,), (1, 1, 1), (40, 3, 77, 12, 9), tuple(range(1, 21))])
def test_every_village_has_one_tile_and_no_two_overlap(sizes):
    """Blocks of townships do not touch, nor do names and squares; the order is that of the codes."""
    codes = [f"{370114001 + k}" for k, n in enumerate(sizes) for _ in range(n)]
    found = tiles(codes)
    assert found.corners.shape == (sum(sizes), 2)
    apart = np.abs(found.corners[:, None] - found.corners[None]).max(axis=2) + np.eye(len(codes)) * 9
    assert apart.min() >= 1 - 1e-9
    own = np.array(codes)
    other = own[:, None] != own[None]
    assert not other.any() or apart[other].min() > 1.2
    assert found.corners.min() >= -found.height - 1e-9
    assert found.corners[:, 0].max() + 1 <= found.width + 1e-9
    for code, (x, y) in found.labels.items():
        below = found.corners[own == code]
        assert y > below[:, 1].max() + 1
        assert x == below[:, 0].min()
        above = found.corners[
            (found.corners[:, 1] > y) & (found.corners[:, 0] >= x) & (found.corners[:, 0] < x + found.room)
        ]
        assert not len(above) or above[:, 1].min() - y > 0.4 * (y - below[:, 1].max() - 1)
        order = [tuple(corner) for corner in below]
        assert order == sorted(order, key=lambda corner: (-corner[1], corner[0]))


def test_a_tile_is_large_where_the_sign_is_known_and_barred_where_it_is_a_loss():
    own = table(("a",))
    ax = drawn(own, {})
    squares = of(ax, PolyCollection)
    scale = scale_of(own, "difference")
    colours = squares.get_facecolor()
    assert len(squares.get_paths()) == 5
    assert np.allclose(colours[:2], [scale.to_rgba(value) for value in (-4, 8)])
    assert np.allclose(colours[2:], to_rgba(style.UNTOLD)), "what cannot be told has the colour of no effect"
    sides = [np.ptp(path.vertices[:, 0]) for path in squares.get_paths()]
    assert sides == pytest.approx([SQUARE_SIDE] * 2 + [SMALL] * 3)
    (bar,) = of(ax, LineCollection).get_segments()
    x, y = squares.get_paths()[0].vertices[0]
    assert x < bar[0][0] < bar[1][0] < x + 1
    assert y < bar[0][1] < y + 1


def test_colours_mean_the_same_in_all_panels_and_zero_is_in_the_middle():
    own = table()
    figure = draw_maps(own, {}, "Title", "Caption.")
    scale = scale_of(own[own["by"] == "village"], "difference")
    low, high = scale.get_clim()
    assert -low == high
    assert np.allclose(scale.to_rgba(0)[:3], 0.97, atol=0.03)
    for strategy, ax in zip(("a", "b"), figure.axes, strict=False):
        gain = own[(own["strategy"] == strategy) & (own["code"] == "370114001201")]["difference"].iloc[0]
        assert np.allclose(of(ax, PolyCollection).get_facecolor()[1], scale.to_rgba(gain))
    assert "yuan, real, less the baseline" in [ax.get_xlabel() for ax in figure.axes]
    untold = own.assign(difference_low=np.nan, difference_high=np.nan)
    assert len(draw_maps(untold, {}, "Title", "Caption.").axes) == 2, "no scale of colours that nothing has"


def test_a_map_without_any_difference_is_pale():
    own = table(("a",)).assign(difference=0.0, difference_low=np.nan, difference_high=np.nan)
    ax = drawn(own, {})
    assert np.allclose(of(ax, PolyCollection).get_facecolor(), to_rgba(style.UNTOLD))
    said = " ".join(draw_maps(own, {}, "Title", "Caption.").get_supxlabel().split())
    assert "None can be told from zero: more replications tell more." in said
    assert "None can be told" not in draw_maps(table(), {}, "Title", "Caption.").get_supxlabel()


def test_levels_have_no_signs():
    ax = drawn(table(("a",)), {}, "mean")
    colours = of(ax, PolyCollection).get_facecolor()
    assert not of(ax, LineCollection).get_segments()
    assert not (colours == 1).all(axis=1).any()


def test_villages_with_coordinates_are_points_there_and_others_are_counted():
    own = table(("a",), positions=True)
    own.loc[0, "lon"] = np.nan
    ax = drawn(own, {"370114001": [SQUARE]})
    points = np.concatenate([found.get_offsets() for found in ax.findobj(PathCollection)])
    assert sorted(points[:, 0]) == pytest.approx([117.15, 117.2, 117.25, 117.3])
    assert of(ax, PathPatch).get_facecolor()[3] == 0
    caption = draw_maps(own, {}, "Title", "Caption.").get_supxlabel()
    assert "1 without coordinates are not shown" in " ".join(caption.split())


def test_townships_with_outlines_are_areas_in_their_own_colour_and_losses_are_hatched():
    """A hole stays empty, whichever way its points go round."""
    own = table(("a",))
    hole = [[117.1, 36.1], [117.1, 36.2], [117.2, 36.2], [117.2, 36.1], [117.1, 36.1]]
    ax = drawn(own, {"370114001": [[*SQUARE, hole]], "370114002": [[[[x + 1, y] for x, y in SQUARE[0]]]]})
    gain, loss = (patch for patch in ax.patches if type(patch) is PathPatch)
    scale = scale_of(own, "difference")
    assert gain.get_facecolor() == pytest.approx(scale.to_rgba(5))
    assert loss.get_facecolor() == pytest.approx(scale.to_rgba(-5))
    assert (gain.get_hatch(), loss.get_hatch()) == (None, "//")
    outer, inner = (np.array(path.vertices) for path in gain.get_path()._iter_connected_components())
    assert area(outer) * area(inner) < 0


def area(ring):
    x, y = ring[:5].T
    return (x[:-1] * y[1:] - x[1:] * y[:-1]).sum()


@pytest.mark.parametrize("font", [True, False])
def test_names_of_townships_are_written_where_a_font_can(monkeypatch, font):
    monkeypatch.setattr(style, "chinese_font", lambda: "DejaVu Sans" if font else None)
    names = {text.get_text() for text in drawn(table(("a",)), {}).texts}
    assert names == ({"镇1", "镇2"} if font else {"370114001", "370114002"})


def test_blocks_of_one_strategy_stand_apart_from_those_of_the_next():
    """As far as townships stand apart, or they read as one."""
    figure = draw_maps(table(), {}, "Title", "Caption.")
    figure.draw_without_rendering()
    left, right = (ax.get_window_extent() for ax in figure.axes[:2])
    assert right.x0 - left.x1 > 0.2 * figure.dpi


def outlines():
    """Three townships, of which the second loses and nothing is known of the third."""
    return {f"37011400{k}": [[[[x + k, y] for x, y in SQUARE[0]]]] for k in (1, 2)}


@pytest.mark.parametrize(("positions", "outlined"), [(True, False), (False, True), (False, False)])
def test_a_key_explains_what_is_drawn_and_no_more(positions, outlined, monkeypatch):
    """By form, size or pattern, so that it can be read without colours."""
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    own = table(positions=positions).assign(township_name="白云湖街道")
    figure = draw_maps(own, outlines() if outlined else {}, "Title", "Caption.")
    assert faults(figure) == []
    key = dict(
        zip([t.get_text() for t in figure.legends[0].get_texts()], figure.legends[0].legend_handles, strict=True)
    )
    untold = [] if outlined else ["cannot be told from zero"]
    assert list(key) == ["gains", "loses", *untold]
    if outlined:
        assert [patch.get_hatch() for patch in key.values()] == ["", "//"]
    elif positions:
        assert [point.get_marker() for point in key.values()] == ["o", "v", "o"]
        assert key["cannot be told from zero"].get_markersize() < key["gains"].get_markersize()
    assert ("No font" in " ".join(figure.get_supxlabel().split())) == (not positions)


def test_the_key_names_what_is_not_known_and_levels_need_no_other():
    own = table(("a",))
    own.loc[0, ["difference", "mean"]] = np.nan
    for shows, words in (
        ("difference", ["gains", "loses", "cannot be told from zero", "not known"]),
        ("mean", ["not known"]),
    ):
        figure = draw_maps(own, {}, "Title", "Caption.", shows)
        assert [" ".join(text.get_text().split()) for text in figure.legends[0].get_texts()] == words
    assert not draw_maps(table(("a",)), {}, "Title", "Caption.", "mean").legends


def test_colours_are_those_of_what_is_told():
    """A large difference that chance alone may make does not bleach all others."""
    own = table(("a",))
    wild = own.assign(difference=own["difference"].where(own.index != 2, 3e6))
    assert scale_of(wild, "difference").get_clim() == scale_of(own, "difference").get_clim()


def test_names_of_townships_are_shown_where_each_has_room_without_the_county_in_front(monkeypatch):
    """A long one does not take away the others, and a county that stands in front of most is left out."""
    monkeypatch.setattr("villagesim.plots.maps.readable", lambda name, code: name)
    codes = [f"42090210{k}{200 + n}" for k in range(4) for n in range(20)]
    named = dict(
        zip(
            "0123",
            ("孝南区新铺镇", "孝南区西河镇", "孝南区" + "城" * 31 + "街道", "长" * 60),
            strict=True,
        )
    )
    own = pd.DataFrame({"code": codes, "name": codes, "township": [code[:9] for code in codes]}).assign(
        by="village", strategy="a", order=2, unit="yuan", lon=np.nan, lat=np.nan, difference=0.0,
        difference_low=np.nan, difference_high=np.nan, mean=0.0, township_name=[named[code[8]] for code in codes],
    )  # fmt: skip
    assert [text.get_text() for text in drawn(own, {}).texts] == ["新铺镇", "西河镇", "城" * 31]


@pytest.mark.parametrize(("wide", "high"), [(4.0, 1.0), (1.0, 1.0), (1.0, 1.2), (1.0, 0.0), (0.0, 0.0)])
def test_panels_are_as_high_as_the_place_is(wide, high):
    """What is drawn fills its panel from bottom to top, but for a place that is a line or a point."""
    own = table(("a",), positions=True)
    n = np.arange(len(own)) % 7
    own["lon"], own["lat"] = 110.0 + wide * n / 4 / np.cos(np.radians(36.5)), 36.0 + high * (n % 2)
    own.loc[own["by"] == "township", "lon"] = np.nan
    figure = draw_maps(own, {}, "Title", "Caption.")
    figure.canvas.draw()
    ax = figure.axes[0]
    assert figure.get_figheight() < (4.0 if high < wide else 8.5)
    if high:
        assert ax.get_position().height > 0.75 * ax.get_position(original=True).height
