"""Every figure draws from small tables made by hand, with holes in them, and says what it shows."""

import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from unit.plots.faults import faults

from villagesim.agents.committees import INTEGRATIONS
from villagesim.outcomes import OUTCOMES
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.plots import style
from villagesim.plots.captions import words_of
from villagesim.plots.desks import draw_desks
from villagesim.plots.distribution import draw_distribution
from villagesim.plots.floor_and_default import draw_floor_and_default, floor_at
from villagesim.plots.income_waterfall import draw_income_waterfall
from villagesim.plots.integration_by_dimension import draw_integration_by_dimension
from villagesim.plots.separate_accounts import draw_separate_accounts
from villagesim.plots.style import note_on_names, readable
from villagesim.plots.trajectories import draw_one, draw_several

NAN = float("nan")


def words(figure):
    """All that is written in a figure, drawn without any complaint."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()
    return " | ".join(text.get_text() for text in figure.findobj(plt.Text) if text.get_text())


def integration_table():
    months = ["2021-06", "2021-07", "2021-08", "2021-09"]
    rows = [
        {"strategy": strategy, "integration": name, "month": month, "real": real, "reported": real + 0.1}
        for strategy in ("nothing but the merger", "石屋村")
        for name in INTEGRATIONS
        for month, real in zip(months, (NAN, 0.1, 0.15, 0.2), strict=True)
    ]
    return pd.DataFrame(rows)


def accounts_table():
    rows = [
        {
            "strategy": strategy,
            "parts": parts,
            "n_villages": 7,
            "years": year,
            "middle": middle,
            "low": low,
            "high": 1.0,
        }
        for strategy in ("baseline", "programme")
        for parts in ("2", "5 or more")
        for year, middle, low in (
            (0.0, 1.0, 1.0),
            (1.0, 0.8, NAN),
            (2.0, 0.637 if strategy == "baseline" else NAN, 0.5),
        )
    ]
    return pd.DataFrame(rows)


def floor_table():
    rows = [
        {"price_sd": spread, "equity": equity, "floor": floor, "share": share, "error": 0.01}
        for spread in (0.05, 0.10)
        for equity in (150.0, 400.0)
        for floor, share in ((600.0, 0.0), (800.0, 0.2 if equity == 150 else NAN), (1000.0, 0.6))
    ]
    return pd.DataFrame(rows)


def desk_table():
    columns = (
        "desk", "place", "code", "officers", "utilisation", "utilisation_low", "utilisation_high", "wait", "wait_low",
        "wait_high",
    )  # fmt: skip
    rows = [("mediators", "明水街道", f"37011400{i}", 2, 0.3 + 0.1 * i, 0.2, 0.9, 3.21, 1.0, 9.0) for i in range(5)]
    rows += [("mediators", "none there", "370114009", 0, NAN, NAN, NAN, NAN, NAN, NAN)]
    rows += [("audit teams", "county", "county", 10, 1.0, NAN, NAN, 700.0, NAN, NAN)]
    return pd.DataFrame(rows, columns=columns)


def income_table(end=1_150_000.0):
    columns = ("step", "kind", "value", "low", "high", "band_low", "band_high")
    rows = [
        ("start", "level", 500_000.0, 500_000.0, 500_000.0, NAN, NAN),
        ("arithmetic", "arithmetic", 330_000.0, 330_000.0, 330_000.0, NAN, NAN),
        ("trend", "trend", 290_000.0, 280_000.0, 300_000.0, 250_000.0, 330_000.0),
        ("merger", "merger", -10_000.0, -12_000.0, -8_000.0, -20_000.0, 1_000.0),
        ("policy", "policy", 40_000.0, NAN, NAN, NAN, NAN),
        ("end", "level", end, 1_140_000.0, 1_160_000.0, 1_100_000.0, 1_200_000.0),
    ]
    return pd.DataFrame(rows, columns=columns)


def test_integration_has_a_panel_a_dimension_and_a_legend():
    said = words(draw_integration_by_dimension(integration_table(), {"decree": "2021-07"}, caption="Made by hand."))
    for name in INTEGRATIONS:
        assert name.capitalize() in said
    assert "every part must agree" in said
    assert "nothing but the merger: reported" in said
    assert "1 decree (2021-07)" in said
    assert "Made by hand." in said


def test_no_panel_of_integration_goes_above_one():
    """A share of 1.3 is none: a panel that starts high begins lower instead, and all keep one height."""
    table = integration_table()
    table.loc[table["integration"] == "leadership", ["real", "reported"]] = [0.6, 0.9]
    table.loc[table["integration"] == "economy", ["real", "reported"]] = [0.1, 0.7]
    lows, highs = zip(*(ax.get_ylim() for ax in draw_integration_by_dimension(table, {}).axes[:5]), strict=True)
    assert max(highs) <= 1 + 1e-9
    assert max(lows) > 0, "panels still differ in where they start"
    assert np.ptp(np.subtract(highs, lows)) < 1e-9


def test_integration_before_anything_has_merged():
    table = integration_table().assign(real=NAN, reported=NAN)
    assert "Leadership" in words(draw_integration_by_dimension(table, {}))


def test_separate_accounts_end_with_their_share():
    said = words(draw_separate_accounts(accounts_table(), caption="Made by hand."))
    assert "5 or more parts\n(7 villages)" in said
    assert "64%" in said
    assert "80%" in said  # the last that is known of the programme
    assert "years since the decree" in said


def test_floor_that_can_be_borne_is_named():
    said = words(draw_floor_and_default(floor_table()))
    assert "150: 10% at 700" in said
    assert "floor to households\n[yuan per mu and year]" in said
    assert "Prices vary by 10%" in said


def test_floor_between_two_points():
    assert floor_at([600, 700], [0.05, 0.15], 0.10) == pytest.approx(650)
    assert floor_at([600, 700], [0.20, 0.30], 0.10) is None
    assert floor_at([600, 700], [0.05, NAN], 0.10) is None


def test_desks_are_called_as_busy_as_they_are_and_hatched_below_one_half():
    figure = draw_desks(desk_table())
    said = words(figure)
    assert "30% busy" in said
    assert "60% busy" in said
    assert "idle" not in said
    hatched = [bar.get_hatch() for bar in figure.axes[0].patches]
    assert hatched == ["///"] * 2 + [""] * 4
    assert "no officers" in said
    assert "700.0" in said


def test_kinds_of_desks_without_officers_are_not_drawn():
    table = desk_table()
    empty = table.assign(desk="auditors", utilisation=NAN, utilisation_low=NAN, utilisation_high=NAN, wait=NAN)
    assert "Auditors" not in words(draw_desks(pd.concat([table, empty], ignore_index=True)))
    assert "no officers" in words(draw_desks(empty))


def test_desks_mark_the_first_year():
    figure = draw_desks(desk_table().assign(utilisation_first=0.9))
    drawn = [line for ax in figure.findobj(plt.Axes) for line in ax.lines if line.get_marker() == "D"]
    assert len(drawn) == 2


def test_waterfall_names_all_steps():
    said = words(draw_income_waterfall(income_table(), caption="Made by hand."))
    assert "+330" in said
    assert "-10" in said
    assert "1,150" in said
    assert "simulation error" in said


def test_waterfall_refuses_parts_that_do_not_add_up():
    with pytest.raises(ValueError, match="do not add up"):
        draw_income_waterfall(income_table(end=1_151_000.0))


def test_figures_can_be_drawn_into_axes_of_ones_own():
    for draw, table, n in (
        (lambda t, axes: draw_integration_by_dimension(t, {}, axes), integration_table(), 5),
        (draw_separate_accounts, accounts_table(), 2),
        (lambda t, axes: draw_floor_and_default(t, axes=axes), floor_table(), 2),
        (draw_desks, desk_table(), 4),
        (draw_income_waterfall, income_table(), 2),
    ):
        figure, axes = plt.subplots(1, n)
        assert draw(table, axes=list(axes)) is figure
        assert all(ax.get_title(loc="left") or ax.get_title() for ax in axes)


def test_no_chinese_where_no_font_can_write_it(monkeypatch):
    from villagesim.plots import style

    monkeypatch.setattr(style, "chinese_font", lambda: None)
    said = words(draw_desks(desk_table())) + words(draw_integration_by_dimension(integration_table(), {}))
    assert not any(ord(letter) > 0x2E7F for letter in said)
    assert "370114003 (2)" in said
    assert "strategy 1: real" in said


def groups_table(*, merging=True):
    rows = [
        {
            "quantity": quantity, "unit": QUANTITIES[quantity]["unit"], "group": group, "strategy": strategy, "order": order,
            "difference": value, "difference_low": value - 1, "difference_high": NAN if group == "rich" else value + 1,
            "differs": "9 of 9",
        }
        for quantity in QUANTITIES
        for names in GROUPS.values()
        for value, group in enumerate(names)
        for order, strategy in ((2, "programme"), (3, "石屋村"))
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    if not merging:
        table[["difference", "difference_low", "difference_high"]] = NAN
    return table


def test_groups_have_a_row_a_group_and_a_point_a_strategy():
    """Three panels, eight groups, two strategies; every point is the difference in the table."""
    figure = draw_distribution(groups_table(), caption="What it rests on.")
    said = words(figure)
    for expected in (
        "Thirds by members",
        "Thirds by income per member",
        "smallest third",
        "richest third",
        "hosts",
        "joined parts",
        "programme",
        "What it rests on.",
    ):
        assert expected in said
    assert len(figure.axes) == len(QUANTITIES)
    for ax in figure.axes:
        points = [line for line in ax.get_lines() if line.get_marker() not in ("", "None")]
        assert [len(line.get_xdata()) for line in points] == [8, 8]
        assert list(points[0].get_xdata()) == [0, 1, 2, 0, 1, 2, 0, 1]


def test_what_differs_in_no_run_is_drawn_as_nothing_without_a_line():
    """The bound on a rare event would reach over the panel as if it had been seen; what differs in one run keeps its line."""
    table = groups_table().assign(difference=1.0, difference_low=0.7, difference_high=1.3)
    idle = table["strategy"] == "programme"
    table.loc[idle, ["difference", "difference_low", "difference_high"]] = 0.0, -0.3, 0.3
    for differs, n in (("0 of 9", (~idle).sum()), ("1 of 9", len(table))):
        table.loc[idle, "differs"] = differs
        figure = draw_distribution(table)
        lines = [path for ax in figure.axes for one in ax.collections for path in one.get_segments()]
        assert sum(len(line) == 2 and np.isfinite(line).all() for line in lines) == n
        points = [line.get_xdata() for ax in figure.axes for line in ax.get_lines() if line.get_label() == "programme"]
        assert len(points) == len(QUANTITIES)
        assert not np.any(points)


def test_groups_of_a_place_without_merger_are_said_to_be_none():
    """No point, but words."""
    assert "no merged villages" in words(draw_distribution(groups_table(merging=False)))


def test_quantities_that_nobody_has_get_no_panel():
    """Where no group has a difference, one panel is left, not three empty ones."""
    first, *others = QUANTITIES
    table = groups_table()
    gone = table.assign(
        **{name: table[name].where(table["quantity"] == first) for name in ("difference", "difference_low")}
    )
    for shown, n in ((table, len(QUANTITIES)), (gone, 1), (gone[gone["quantity"] != first], 1)):
        figure = draw_distribution(shown)
        words(figure)
        assert len(figure.axes) == n
    assert others


def many(table, n):
    """The rows of its first strategy under so many names."""
    first = table[table["strategy"] == table["strategy"].iloc[0]]
    parts = [first.assign(strategy=f"strategy with a name, {k}", order=k + 2) for k in range(n)]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("n", [1, 3, 8])
def test_points_of_several_strategies_stand_apart_in_a_group(n):
    """As far as half of a point is wide; and nothing is written over anything else."""
    figure = draw_distribution(many(groups_table(), n), caption="What it rests on.")
    assert faults(figure) == []
    ax = figure.axes[0]
    points = [line for line in ax.get_lines() if line.get_marker() not in ("", "None")]
    first = sorted(ax.transData.transform((0, line.get_ydata()[0]))[1] for line in points)
    if n > 1:
        apart = 72 * np.diff(first).min() / figure.dpi
        assert apart > 0.5 * points[0].get_markersize()


def test_groups_and_quantities_without_any_figure_are_left_out_and_named():
    """Two villages have no largest third."""
    table = groups_table()
    ends = ["difference", "difference_low", "difference_high"]
    table.loc[table["group"].isin(["large", "rich"]) | (table["quantity"] == "trust"), ends] = NAN
    figure = draw_distribution(table, caption="What it rests on.")
    assert faults(figure) == []
    rows_ = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert rows_ == ["smallest third", "middle third", "poorest third", "middle third", "hosts", "joined parts"]
    assert "Trust" not in [ax.get_title("left") for ax in figure.axes]
    said = " ".join(figure.get_supxlabel().split())
    left_out = "Trust; largest third (Thirds by members); richest third (Thirds by income per member)"
    assert f"Not drawn, as there is no figure of them: {left_out}." in said
    whole = draw_distribution(groups_table(), caption="What it rests on.")
    assert "Not drawn" not in whole.get_supxlabel()


def test_a_whole_kind_of_groups_may_be_missing():
    table = groups_table()
    table.loc[table["group"].isin(GROUPS["role"]), ["difference", "difference_low", "difference_high"]] = NAN
    figure = draw_distribution(table)
    assert faults(figure) == []
    assert "Role in the merger" not in [text.get_text() for text in figure.axes[0].texts]


def trajectories_table(strategies):
    months = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
    rows = [
        {"strategy": name, "order": order, "month": month, "median": 1e5 + 1e3 * k + 5e3 * order}
        for order, name in enumerate(strategies, start=1)
        for k, month in enumerate(months)
    ]
    table = pd.DataFrame(rows)
    return table.assign(**{f"{end}_{band}": table["median"] for end in ("low", "high") for band in (50, 90)})


LONG = [f"a strategy with a long name, {k} of nine, as people give them" for k in range(9)]


@pytest.mark.parametrize(
    "names", [["nothing but the merger", "土地托管", "合账与清化收"], LONG], ids=["Chinese", "long and many"]
)
def test_a_figure_of_one_outcome_is_whole(names):
    """All that is written lies in the figure, nothing on anything else, and the caption ends as it should."""
    caption = f"{'Something that it rests on. ' * 12}The end. {note_on_names(names)}".strip()
    marks = {"announcement": "2021-04", "decree": "2021-09"}
    figure = draw_one([trajectories_table(names)], OUTCOMES["collective_income"], marks, caption).figure
    assert faults(figure) == []
    said = words_of(figure).caption
    assert said.startswith(" ".join(caption.split()))
    assert said.endswith("decree (2021-09).")
    labels = [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]
    assert labels == [readable(name, f"strategy {k}") for k, name in enumerate(names)]


def test_titles_and_units_of_several_outcomes_keep_to_their_panels():
    names = ("reported_collective_income", "reported_income_per_resident", "reported_share_above_500k")
    tables = {name: trajectories_table(["nothing but the merger"]) for name in names}
    figure = draw_several(tables, OUTCOMES, {}, "Title", "Caption.")
    words(figure)
    titles = [ax._left_title.get_window_extent() for ax in figure.axes]
    assert all(right.x0 - left.x1 > 0.2 * figure.dpi for left, right in pairwise(titles))
    units = [ax.yaxis.label.get_window_extent().height / ax.bbox.height for ax in figure.axes]
    assert max(units) < 1.1


def test_an_outcome_that_nobody_has_is_said_to_be_not_defined():
    """Whatever it is of."""
    table = trajectories_table(["own"])
    nothing = table.assign(**dict.fromkeys(table.columns.difference(["strategy", "order", "month"]), NAN))
    assert "not defined" in words(draw_one([nothing], OUTCOMES["trust"], {}, "Caption.").figure)


def test_names_that_no_font_can_write_are_explained_once(monkeypatch):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert note_on_names(["土地托管", "合账"]).count("Noto Sans CJK SC") == 1
    assert note_on_names(["land trust"]) == ""
    monkeypatch.setattr(style, "chinese_font", lambda: "SimHei")
    assert note_on_names(["土地托管"]) == ""
    assert "SimHei" in style.settings()["font.family"]
