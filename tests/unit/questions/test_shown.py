"""Figures of many strategies show as many as can be told apart, and name the others; ends of policies are in all of them."""

from dataclasses import replace

import pytest
from matplotlib import pyplot as plt
from unit.plots.faults import faults

import villagesim as vs
from villagesim.errors import DesignError
from villagesim.policies import LandTrust
from villagesim.questions.setting import Setting
from villagesim.questions.shown import MOST, shown

EVERY = tuple(f"strategy with a name, {k}" for k in range(16))


@pytest.fixture(scope="module")
def setting(one_town):
    """That of one town, with sixteen more strategies."""
    known = Setting.of(one_town)
    return replace(known, strategies=(*known.strategies, *EVERY))


@pytest.mark.parametrize("figure", MOST)
def test_the_last_strategies_are_shown_and_the_others_named(figure, setting):
    there = (setting.baseline, *EVERY)
    found, said = shown(figure, None, there, setting, [setting.baseline])
    assert len(found) == MOST[figure]
    assert found[0] == setting.baseline
    assert found[1:] == list(EVERY[1 - MOST[figure] :])
    lost = EVERY[: len(there) - MOST[figure]]
    assert said.startswith(f"Not drawn: {'; '.join(lost)}; villagesim report")
    assert f"--figure {figure} and --strategies" in said
    assert shown(figure, None, there[:4], setting, [setting.baseline]) == (list(there[:4]), "")


def test_those_that_are_asked_for_are_shown_whatever_their_number(setting):
    assert shown("map", EVERY, EVERY, setting) == (list(EVERY), "")
    with pytest.raises(DesignError, match="'both' is no strategy of the figure"):
        shown("map", ["both"], EVERY, setting)


@pytest.fixture(scope="module")
def many(small_comparison):
    """Two replications in which fourteen strategies do as one of one town does, and its name is theirs."""
    names = tuple(f"programme, step {k}" for k in range(14))
    old, stage = small_comparison.strategies[-1], small_comparison.stages[""]
    runs = stage.runs
    import pandas as pd

    own = runs[runs["strategy"] == old]
    frames = [runs[runs["strategy"] != old], *(own.assign(strategy=name) for name in names)]
    strategies = (*small_comparison.strategies[:-1], *names)
    kept = {
        name: table if "strategy" not in table else pd.concat(
            [table[table["strategy"] != old],
             *(table[table["strategy"] == old].assign(strategy=each, order=len(strategies) + k) for k, each in enumerate(names))],
            ignore_index=True,
        )
        for name, table in ((name, small_comparison.tables[name]) for name in ("distribution", "map"))
    }  # fmt: skip
    return replace(
        small_comparison, stages={"": replace(stage, runs=pd.concat(frames, ignore_index=True))}, tables=kept,
        facts={**small_comparison.facts, "strategies": list(strategies)},
        setting=replace(small_comparison.known, strategies=strategies),
    )  # fmt: skip


@pytest.mark.parametrize("figure", ["distribution", "fan", "map", "trajectories", "money", "differences"])
def test_figures_of_sixteen_strategies_can_be_shown(many, figure):
    drawn = many.figure(figure)
    assert faults(drawn) == []
    assert drawn.get_size_inches()[1] < 297 / 25.4, "higher than a page"
    said = " ".join(drawn.get_supxlabel().split())
    assert ("Not drawn: " in said) == (figure != "money" and figure != "differences")
    if figure != "differences":
        few = many.figure(figure, strategies=["programme, step 0", "programme, step 1"])
        assert "Not drawn" not in few.get_supxlabel()
        assert "programme, step 13" not in " ".join(text.get_text() for text in few.findobj(plt.Text))


@pytest.fixture(scope="module")
def ending(one_town):
    """A land trust whose county ends its support after some months, beside one that goes on."""
    until = [LandTrust(start="2022-03-01", end="2022-10-01")]
    short = replace(one_town, strategies={**one_town.strategies, "for a while": until})
    return vs.compare(short, 2, strategies=["both", "for a while"], workers=1)


def test_ends_of_policies_are_known_from_the_file(one_town, ending, tmp_path):
    assert Setting.of(one_town).ends == {}
    assert ending.known.ends == {"for a while": ("2022-10",)}
    again = vs.open_results(ending.save(tmp_path / "out", figures="none"))
    assert again.known.ends == ending.known.ends
    content = ending.known.plain()
    del content["ends"]
    assert Setting.of_plain(content).ends == {}, "as folders from before"


def test_a_policy_that_ends_is_seen_to_end_in_all_figures_over_time(ending):
    for name in ("differences", "fan", "money", "trajectories"):
        figure = ending.figure(name)
        assert faults(figure) == []
        said = " ".join(" ".join(text.get_text() for text in figure.findobj(plt.Text)).split())
        marked = [
            ax for ax in figure.axes for line in ax.lines if (line.get_marker(), line.get_color()) == ("v", "black")
        ]
        if name == "trajectories":
            assert "policies end (2022-10)" in said
            continue
        assert len({id(ax) for ax in marked if ax.axison}) == 1, "that of the strategy whose policy ends"
        assert (
            "policies start, and end" if name == "differences" else "Triangles below a panel: policies end."
        ) in said
    for name in ("fan", "money"):
        assert "policies end" not in ending.figure(name, strategies=["both"]).get_supxlabel()
