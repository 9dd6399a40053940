"""Every figure of every kind of question can be shown: nothing cut, overlapping, unreadable, empty, or of two definitions.

Answers are small: three townships and two replications. What is looked for is planted first, and found.
"""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import PolyCollection
from matplotlib.offsetbox import AnchoredOffsetbox, TextArea
from matplotlib.text import Annotation
from unit.plots.faults import faults

from villagesim.languages import language
from villagesim.plots.captions import legend_below, title_and_caption
from villagesim.plots.differences import EDGE, draw_differences
from villagesim.plots.style import drawn
from villagesim.plots.uncertainty import draw_uncertainty
from villagesim.plots.villages import draw_villages
from villagesim.questions import Uncertainty, over_time
from villagesim.questions.money import money
from villagesim.questions.verdicts import last_of
from villagesim.wording import month as month_in_words


@pytest.fixture(scope="module")
def small_draws(one_town):
    """Two strategies over two draws of what is not known."""
    return Uncertainty(strategies="land trust", draws=2, replications=2).ask(one_town, workers=1)


def planted():
    """A figure without any fault."""
    with drawn():
        figure, axes = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
        for ax in axes:
            ax.plot([0, 1], [0, 1], label="a line")
            ax.set_title("Villages at or above 500,000 yuan")
        legend_below(figure, *axes[0].get_legend_handles_labels())
        title_and_caption(figure, "A title in words", "What it rests on.")
    return figure, *axes


def test_a_figure_without_faults_has_none():
    assert faults(planted()[0]) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda figure, left, right: left.set_title("\U0001f9ff"), "missing from font"),
        (lambda figure, left, right: title_and_caption(figure, "too long " * 12), "title of 107 characters"),
        (lambda figure, left, right: title_and_caption(figure, ""), "title of 0 characters"),
        (lambda figure, left, right: figure.text(0.97, 0.5, "beyond"), "cut: 'beyond'"),
        (lambda figure, left, right: left.set_title("long " * 20), "on each other: 'long long"),
        (lambda figure, left, right: left.set_xticks([0, 0.01], ["one tick", "another"]), "'one tick' and 'another'"),
        (lambda figure, left, right: left.set_xlabel("tiny", fontsize=4), "too small: 'tiny'"),
        (lambda figure, left, right: left.set_xlabel("pale", color="#aaaaaa"), "too pale: 'pale'"),
        (lambda figure, left, right: left.set_xlabel("half of own_scale"), "code: 'half of own_scale'"),
        (lambda figure, left, right: left.set_xlabel("yield sd [log points]"), "code: 'yield sd"),
        (lambda figure, left, right: left.lines[0].remove(), "empty panel: 'Villages at"),
        (lambda figure, left, right: left.plot([0, 1], [1, 0], label="at 100,000 yuan"), "100,000, 500,000"),
        (lambda figure, left, right: left.text(0.4, 0.45, "on it", bbox={"fc": "white"}), "on a line: 'on it'"),
        (
            lambda figure, left, right: right.plot([0.1], [0.9], "o") and right.text(0.05, 0.87, "on it"),
            "a line: 'on it'",
        ),
        (lambda figure, left, right: left.axhline(0.1) and left.text(0.7, 0.08, "across"), "on a line: 'across'"),
        (
            lambda figure, left, right: (
                left.hlines(np.linspace(0.7, 1, 30), 0.0, 0.5) and left.legend(loc="upper left")
            ),
            "on a line: 'a line'",
        ),
        (lambda figure, left, right: left.set_ylim(0, 0.5), "a line leaves its panel: 'Villages at"),
        (lambda figure, left, right: left.axvline(0.5, ls=":"), "upright lines, unexplained: 'Villages at"),
    ],
    ids=[
        "glyph",
        "long title",
        "no title",
        "cut",
        "titles",
        "ticks",
        "small",
        "pale",
        "code",
        "abbreviation",
        "empty",
        "definitions",
        "over a line",
        "over a point",
        "no ground",
        "legend",
        "leaves",
        "upright",
    ],
)
def test_what_is_wrong_with_a_figure_is_found(spoil, found):
    parts = planted()
    spoil(*parts)
    assert any(found in fault for fault in faults(parts[0])), faults(parts[0])


def all_faults(answer, **widths):
    """Faults by figure, of all that can be drawn without saying more."""
    found = {}
    for name in (*answer.figures, *answer.more_figures):
        if wrong := faults(answer.figure(name, **widths)):
            found[name] = wrong
        plt.close("all")
    return found


def test_figures_of_a_comparison(small_comparison):
    assert all_faults(small_comparison) == {}


def test_figures_of_one_replication_and_of_a_column(small_comparison):
    """A figure may be as narrow as half a page, and one replication tells nothing of chance."""
    stage = small_comparison.stages[""]
    one = replace(stage, runs=stage.runs[stage.runs["replication"] == stage.runs["replication"].min()])
    alone = replace(
        small_comparison, stages={"": one}, facts={k: v for k, v in small_comparison.facts.items() if k != "n_merged"}
    )
    assert "says nothing about chance" in alone.figure("differences").get_supxlabel()
    assert faults(alone.figure("differences")) == []
    for width in (80, 120, 170):
        assert faults(small_comparison.figure("differences", width=width)) == []
    assert faults(small_comparison.figure("trajectories", width=90)) == []


LONG = {
    "en": "five integrations at first and land trusts in the mountains two years later",
    "zh": "先推进五个一体并派出工作队两年以后再在南部山区全面推行土地托管",
}


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("width", [90, 180])
def test_figures_of_any_width_and_of_long_names(small_comparison, width, spoken):
    with language(spoken):
        assert all_faults(small_comparison, width=width) == {}
        named = {small_comparison.strategies[-1]: LONG[spoken]}
        table = over_time.differences(small_comparison).replace({"strategy": named})
        with drawn(width):
            assert faults(draw_differences(table, over_time.step(small_comparison), {}, {})) == []
    plt.close("all")


@pytest.mark.parametrize("width", [80, 120, 159, 160, 180])
def test_title_caption_and_panels_of_the_first_figure_agree(small_comparison, width):
    """A narrow one has neither integration nor cost, and speaks of none."""
    figure = small_comparison.figure("differences", width=width)
    title, caption = (" ".join(text.split()) for text in (figure.get_suptitle(), figure.get_supxlabel()))
    said = {" ".join(text.get_text().split()) for ax in figure.axes for text in ax.texts}
    beside = [part in said for part in ("Integration", "Cost so far")]
    assert beside == ["what comes with it" in title, "Cost: from the county's fund" in caption]
    assert set(beside) == {width >= 160}


def test_rows_of_the_first_figure_have_one_unit(small_comparison):
    table = over_time.differences(small_comparison)
    names = table["strategy"].unique()[1:]
    sizes = dict(zip(names, (3.0, 40_000.0, -5_000.0), strict=False))
    shown = table["strategy"].map(sizes).fillna(0.0)
    table = table.assign(difference=shown, low=shown - 1, high=shown + 1)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {})
    ends = [text.get_text() for text in figure.findobj(TextArea) if "at the end" in text.get_text()]
    assert len(ends) == len(names)
    assert all("thousand yuan at the end" in text for text in ends)


def test_shares_stand_in_points_beside_what_is_not_known(small_draws):
    table = pd.DataFrame({"strategy": ["both"], "mean": [0.05]})
    ends = {f"{kind}{end}": 0.05 for kind in ("", "chance_", "uncertain_", "total_") for end in ("low", "high")}
    name = "share_accounts_pooled"
    with drawn(180):
        figure = draw_uncertainty(
            {name: table.assign(**ends)}, {name: small_draws.outcome(name)}, {name: 0.01}, "Title", "Caption."
        )
    (dot,) = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert dot.get_xdata() == pytest.approx([5.0])
    assert "points" in figure.axes[0].get_xlabel()


def test_axes_of_money_say_that_it_is_real(small_comparison):
    for name in ("money", "cost_and_effect"):
        labels = [ax.get_ylabel() for ax in small_comparison.figure(name).axes if ax.get_ylabel()]
        assert labels
        assert all("yuan, real" in " ".join(label.split()) for label in labels)


def test_figures_of_draws_of_what_is_not_known(small_draws):
    assert all_faults(small_draws) == {}


def test_figures_of_a_place_where_nothing_merges(small_comparison):
    facts = {key: value for key, value in small_comparison.facts.items() if key != "n_merged"}
    known = replace(small_comparison.known, n_merged=0)
    alone = replace(small_comparison, setting=known, facts=facts, tables={"map": small_comparison.tables["map"]})
    assert alone.figures == ("differences", "map")
    assert all_faults(alone) == {}
    assert "Trust" in {text.get_text() for text in alone.figure("differences").findobj(plt.Text)}


@pytest.mark.parametrize("most", [138_000, 138_200, 138_400])
def test_labels_of_ticks_keep_below_what_is_said_above_a_row(small_comparison, most):
    table = over_time.differences(small_comparison)
    levels = np.linspace(100_000, most, len(table))
    table = table.assign(collective_income=levels, reported=levels)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {})
    figure.canvas.draw()
    ax = figure.axes[1]
    low, high = ax.get_ylim()
    boxes = [t.label1.get_window_extent() for t in ax.yaxis.get_major_ticks() if low <= t.get_loc() <= high]
    assert max(box.y1 for box in boxes) < ax.bbox.y1 + 1


def test_the_month_of_payback_is_that_of_the_table_of_money(small_comparison):
    """Without discount, and with one so high that nothing is paid back as soon."""
    months = []
    for rate in (0.0, 99.0):
        answer = replace(small_comparison, facts={**small_comparison.facts, "discount": rate})
        told = money(answer).set_index("strategy")["pays_back"]
        drawn_ = over_time.pockets(answer, rate).drop_duplicates("strategy").set_index("strategy")["pays_back"]
        assert drawn_.to_dict() == told.to_dict()
        said = {text.get_text() for text in answer.figure("money").findobj(plt.Text)}
        pays = money(answer).set_index("strategy")["pays"]
        for strategy, month in told.items():
            sure = pays[strategy] in ("yes", "no")
            by, last = ("paid back by", "not paid back by") if sure else ("on average by", "on average not by")
            assert (f"{by} {month}" if month != "-" else f"{last} {answer.months[-1]}") + ", not sure" * (
                not sure
            ) in said
        months.append(told.to_list())
        assert ("discounted by 9900% a year" in " ".join(answer.figure("money").get_supxlabel().split())) == (rate > 0)
    assert set(months[0]) > {"-"}
    assert months[0] != months[1]


def test_of_draws_it_is_said_in_how_many_the_money_is_back(small_draws):
    shares = money(small_draws)["share_paid_back"]
    said = {text.get_text() for text in small_draws.figure("money").findobj(plt.Text)}
    assert {f"paid back in {share:.0%} of draws" for share in shares.dropna()} <= said
    assert not any("back by" in each for each in said)


def test_years_stand_below_the_last_panel_of_each_column(small_comparison):
    for name in ("money", "fan"):
        figure = small_comparison.figure(name, width=130)
        figure.canvas.draw()
        panels = [ax for ax in figure.axes if ax.axison]
        lowest = {}
        for ax in panels:
            lowest[round(ax.get_position().x0, 2)] = ax
        assert 1 < len(lowest) < len(panels)
        for ax in panels:
            seen = any(tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks())
            assert seen == (ax in lowest.values()), ax.get_title("left")


def test_a_strategy_has_the_same_verdict_in_the_first_figure_as_in_the_table(small_comparison):
    def said(answer):
        rows = answer.figure("differences").findobj(AnchoredOffsetbox)
        return dict([area.get_text() for area in row.get_child().get_children()] for row in rows)

    told = last_of(small_comparison.tables["verdicts"], "collective_income").set_index("strategy")["verdict"]
    drawn_ = said(small_comparison)
    assert {*drawn_} == {*told.index}
    for strategy, verdict in told.items():
        assert drawn_[strategy].endswith(f": {verdict.partition(' (')[0]}")
    idle = replace(small_comparison, facts={**small_comparison.facts, "never_acted": ["both"]}, tables={})
    assert said(idle)["both"].endswith(": never acted")


def test_over_draws_the_first_figure_says_in_how_many_a_strategy_is_better(small_draws):
    """As the table of verdicts: the mean alone would say more than is known."""
    rows = small_draws.figure("differences").findobj(AnchoredOffsetbox)
    said = dict([area.get_text() for area in row.get_child().get_children()] for row in rows)
    told = last_of(small_draws.tables["verdicts"], "collective_income").set_index("strategy")["verdict"]
    assert {*said} == {*told.index}
    assert all(said[strategy].endswith(verdict) for strategy, verdict in told.items())
    assert any("better in" in verdict for verdict in told)


def test_the_same_in_every_run_is_said_with_its_verdict(small_comparison):
    table = over_time.differences(small_comparison).assign(difference=0.0, low=np.nan, high=np.nan)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {})
    assert any("0 yuan at the end, without an interval: " in area.get_text() for area in figure.findobj(TextArea))


def villages_table(wide):
    """Ten villages, the first of which lose and the last gain by 1 to 5 yuan; intervals reach ``wide`` yuan either way."""
    value = np.array([*range(-5, 0), *range(1, 6)], float)
    names = [f"village {k}" for k in range(10)]
    ends = {"difference_low": value - wide, "difference_high": value + wide}
    return pd.DataFrame(
        {
            "code": names,
            "name": names,
            "township_name": "town",
            "unit": "yuan",
            "difference": value,
            "differs": "9 of 9",
            **ends,
        }
    )


def test_intervals_of_few_runs_do_not_hide_the_differences_of_villages():
    narrow, wide = (draw_villages(villages_table(wide)) for wide in (0.5, 5_000.0))
    for figure, colours, arrows in ((narrow, 2, 0), (wide, 1, 2)):
        assert faults(figure) == []
        right = figure.axes[1]
        assert right.get_xlim()[1] < 30
        markers = [line.get_marker() for line in right.lines if len(line.get_xdata())]
        assert len({*markers} & set("ov^")) == colours
        assert len({*markers} & set("<>")) == arrows


def test_upright_lines_of_the_first_figure_are_explained_where_there_are_any(small_comparison):
    said = "Upright dotted lines: elections."
    dates = {**small_comparison.known.dates, "election": "2022-06"}
    voted = replace(small_comparison, setting=replace(small_comparison.known, dates=dates))
    assert said in " ".join(voted.figure("differences").get_supxlabel().split())
    twice = replace(voted, setting=replace(voted.known, later_decrees=("2022-07",))).figure("differences")
    assert faults(twice) == []
    words = " ".join(text.get_text() for text in twice.findobj(plt.Text))
    assert "2 decrees: about the same money" in " ".join(words.split())
    assert "Upright dotted lines: later decrees (2022-07), and elections." in " ".join(words.split())
    before = replace(voted, setting=replace(voted.known, dates={"election": "2021-03"}))
    assert said not in " ".join(before.figure("differences").get_supxlabel().split())


def test_a_step_says_that_money_is_the_same_only_where_it_is(small_comparison):
    """A hundredth more is not; and how many decrees are in it is told."""
    found = over_time.step(small_comparison)
    for step, said in (
        (found, "The decree: about the same money, fewer villages"),
        (found.assign(after=found["after"] * [1.02, 1, 1.02], decrees=3), "3 decrees: what is changed"),
        (found.assign(after=found["before"]), "The decree: what is changed"),
    ):
        figure = draw_differences(over_time.differences(small_comparison), step, {}, {})
        assert said in " ".join(" ".join(text.get_text() for text in figure.findobj(plt.Text)).split())
        assert faults(figure) == []


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 120, 169, 170, 180])
def test_what_is_said_of_the_step_keeps_to_its_room_and_tells_the_month(small_comparison, width, spoken):
    """Of one decree and of many, where money is the same and where it is not, half a millimetre from the edge at least."""
    table, found = over_time.differences(small_comparison), over_time.step(small_comparison)
    assert set(found["month"]) == {small_comparison.known.decree}
    more = found["after"] * [1.02, 1, 1.02]
    with language(spoken), drawn(width):
        for n, after in product((1, 2, 12), (found["after"], more)):
            figure = draw_differences(table, found.assign(decrees=n, after=after), {}, {})
            assert faults(figure) == []
            step = figure.axes[-1]
            said = [text for text in step.texts if isinstance(text, Annotation)]
            assert len(said) == 2
            assert max(text.get_window_extent().x1 for text in said) < figure.bbox.x1 - figure.dpi / 50
            assert month_in_words(small_comparison.known.decree) in " ".join(said[1].get_text().split("\n"))
            plt.close("all")


@pytest.mark.parametrize(("after", "told"), [(73.0, "73"), (72.25, "72.2 (mean)")])
def test_villages_after_the_step_are_a_mean_where_maps_leave_other_numbers(small_comparison, after, told):
    step = over_time.step(small_comparison)
    step.loc[step["what"] == "villages", "after"] = after
    figure = draw_differences(over_time.differences(small_comparison), step, {}, {})
    assert f"117 \N{RIGHTWARDS ARROW} {told}" in [text.get_text() for text in figure.axes[-1].texts]
    assert faults(figure) == []


def test_what_is_too_long_for_the_room_of_the_step_is_broken(small_comparison):
    """It begins in the middle of the figure, and has no more room than is right of it."""
    step = over_time.step(small_comparison).assign(decrees=10**15)
    figure = draw_differences(over_time.differences(small_comparison), step, {}, {})
    assert [fault for fault in faults(figure) if fault.startswith("cut")] == []
    assert any("decrees:" in text.get_text() and "\n" in text.get_text() for text in figure.axes[-1].texts)


@pytest.mark.parametrize(("runs", "bands", "lines", "said"), [
    (20, 2, 0, "one county's chance: 90% of runs"), (19, 1, 2, "lowest and highest of 19 runs"), (1, 1, 2, ""),
])  # fmt: skip
def test_the_lowest_and_highest_of_few_runs_are_no_band(small_comparison, runs, bands, lines, said):
    """Within the interval of the mean they would be read as it: they are lines, and the interval is the one band there is."""
    table = over_time.differences(small_comparison)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {}, runs=runs)
    rows, ax = table[table["strategy"] != small_comparison.baseline], figure.axes[0]
    rows = rows[rows["strategy"] == rows["strategy"].iloc[0]]
    fills = [each for each in ax.collections if isinstance(each, PolyCollection)]
    assert len(fills) == 1 + bands, "what is too small to matter, and bands"
    thin = [
        line.get_ydata() for line in ax.lines if line.get_linewidth() == EDGE and len(line.get_xdata()) == len(rows)
    ]
    assert len(thin) == lines
    if thin:
        per = np.nanmax(rows["band_high"]) / np.nanmax(thin[1])
        np.testing.assert_allclose(np.stack(thin) * per, rows[["band_low", "band_high"]].to_numpy(float).T)
    told = {text.get_text() for text in figure.findobj(plt.Text)}
    assert said in told or not said
    assert any("95% interval" in text for text in told) == (runs > 1)


def test_no_level_has_a_band(small_comparison):
    """What is earned and what is reported are two lines: a shade between them would be read as chance."""
    figure = small_comparison.figure("differences")
    shaded = [ax for ax in figure.axes if any(isinstance(each, PolyCollection) for each in ax.collections)]
    assert len(shaded) == len(small_comparison.strategies) - 2
    panel = small_comparison.plot("collective_income", reported=True)
    alone = small_comparison.plot("collective_income")
    assert len(panel.collections) == len(alone.collections)


def test_large_numbers_beside_the_first_figure_are_whole(small_comparison):
    """In one village alone differences come near a million yuan, and their bands go beyond."""
    table = over_time.differences(small_comparison)
    large = ["difference", "low", "high", "band_low", "band_high"]
    sizes = np.resize(np.linspace(-1.0, 1.0, table["month"].nunique()), len(table))
    table = table.assign(**dict.fromkeys(large, 1.2e6 * sizes) | {"difference": 0.9e6 * sizes}, margin=1e3)
    figure = draw_differences(table, over_time.step(small_comparison), {}, {})
    figure.canvas.draw()
    assert "-1,000" in {text.get_text() for text in figure.axes[0].get_yticklabels()}
    assert faults(figure) == []


def test_policies_that_start_before_what_is_drawn_have_a_mark(small_comparison):
    """At the left edge, and its meaning stands in the legend of all."""
    table = over_time.differences(small_comparison)
    strategy = table["strategy"].unique()[-1]
    for start, marks, words in (("1999-01", 1, 1), (table["month"].min(), 0, 0), ("2099-01", 0, 0)):
        figure = draw_differences(table, over_time.step(small_comparison), {}, {strategy: start})
        markers = [line.get_marker() for ax in figure.axes for line in ax.lines]
        assert markers.count("<") == marks
        said = [text.get_text() for text in figure.findobj(plt.Text)]
        assert said.count("policies start, or started before") == words
        assert faults(figure) == []


def test_collective_income_is_by_year_wherever_it_is_drawn(small_comparison):
    said = " ".join(text.get_text() for text in small_comparison.figure("differences").findobj(plt.Text)).split()
    assert len(re.findall(r"\[(?:thousand )?yuan per village and year, real\]", " ".join(said))) == 2
    assert len(re.findall(r"\[(?:thousand |million )?yuan, real\]", " ".join(said))) == 1


def test_the_first_figure_of_a_short_run_has_months_below(small_comparison):
    """Whole, and each but once."""
    table = over_time.differences(small_comparison)
    for last in ("2021-12", "2022-06"):
        figure = draw_differences(table[table["month"] <= last], over_time.step(small_comparison), {}, {})
        assert faults(figure) == []
        lowest = [
            ax
            for ax in figure.axes
            if ax.axison and any(tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks())
        ]
        for ax in lowest[1:]:
            names = [text.get_text() for text in ax.get_xticklabels()]
            assert len(names) == len(set(names))
            assert set(names) >= {"2022-01"}
