"""One village's story: nothing that happened elsewhere, nothing left out, and a name that several have is asked back."""

import json
import re

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from unit.command_line import SMALL, villagesim
from unit.in_chinese import english
from unit.plots.faults import faults, texts

import villagesim as vs
from villagesim.errors import DesignError, StoreError
from villagesim.plots import style
from villagesim.plots.story import draw_policies, draw_story
from villagesim.run import Run
from villagesim.runs.story import USES, money_by_year, months, row_of, side_by_side, spans, story


@pytest.fixture(scope="module")
def run(one_town: vs.Scenario) -> Run:
    return vs.simulate(one_town, "both")


def test_a_village_is_found_by_code_or_name_or_how_its_name_begins(run: Run) -> None:
    place = run.history.place
    row = place.codes.index("370114009201")
    assert {row_of(place, wanted) for wanted in ("370114009201", "桑园村委会", "桑园")} == {row}
    new = place.waves[-1].after.codes.index("370114009200")
    assert place.waves[-1].map.village[row_of(place, "相公联")] == new
    with pytest.raises(
        DesignError, match=r"8 villages are called '相'.\n.*370114009202 相一村委会 in 相公庄街道; "
    ) as caught:
        row_of(place, "相")
    assert "370114009268" not in caught.value.fix, "the same village, by its later code"
    with pytest.raises(DesignError, match="there is no village 'nowhere'"):
        row_of(place, "nowhere")


def test_a_story_holds_what_happened_in_the_village_and_nothing_else(run: Run) -> None:
    """Over all villages in force: each vote and each change of secretary is in the story of its village, once."""
    events, place = run.events, run.history.place
    hosts = {code: place.codes.index(row) for row, code in zip(place.codes, run.history.codes[-1], strict=True)}
    stories = [story(run, row) for row in hosts.values()]
    for kind, topic, words in (("vote_lost", "votes", " lost, against"), ("vote_won", "votes", " won")):
        told = sum(((each["topic"] == topic) & each["what"].str.contains(words)).sum() for each in stories)
        assert told == (events["kind"] == kind).sum() > 0
    lost = events[events["kind"] == "vote_lost"].iloc[0]
    own = story(run, hosts[lost["village"]])
    names = [place.names[code] for code in json.loads(lost["facts"])["against"]]
    assert any(all(name in what for name in names) for what in own.loc[own["date"] == lost["date"], "what"])


def test_a_policy_is_told_where_it_picked_the_village_only() -> None:
    run = vs.simulate(vs.load_scenario(SMALL), "by lot")
    (label, picked), *_ = ((label, rows) for label, rows in run.history.picked.items() if 0 < rows.sum() < len(rows))
    begins = f"{label.replace('_', ' ')} begins"
    told = [story(run, row)["what"].str.startswith(begins).any() for row in range(len(picked))]
    assert told == picked.tolist()


def test_books_at_the_end_of_a_year_are_those_of_the_accounts(run: Run) -> None:
    row = run.history.place.codes.index("370114009201")
    village = run.constituents.query("month == '2022-12'").set_index("code").loc["370114009201", "village"]
    then = run.constituents.query("month == '2022-12'")
    parts = then.loc[then["village"] == village, "code"]
    accounts = run.accounts.query("month == '2022-12'").set_index("account")["closing"]
    cash = accounts.reindex(parts).sum()
    own = months(run, row).set_index("month")
    assert own.loc["2022-12", "cash"] == pytest.approx(cash)
    income = run.villages.query("month == '2022-12'").set_index("village")["collective_income"]
    assert own.loc["2022-12", "collective_income"] == pytest.approx(income[village])


def test_books_tell_how_much_of_what_was_earned_came_once(run: Run) -> None:
    """Of 618 thousand yuan of 2023 in this village 426 are a one-off; in 2022 nothing was."""
    row = run.history.place.codes.index("370114009201")
    books = story(run, row).query("topic == 'books'").set_index("date")["what"]
    last = months(run, row).set_index("month")["one_off_income"]
    assert last["2023-12"] == pytest.approx(425_984, rel=1e-4)
    assert books.iloc[-1].startswith("2023: earned 618 (426 of it once, as for land or arrears), cash ")
    assert "once" not in books.iloc[-2]


@pytest.mark.parametrize("scenario", ["one town", "small"])
def test_the_money_of_a_year_adds_up_in_every_village(scenario: str, run: Run) -> None:
    """By the ledger: what came in and went nowhere else is in cash at the end of the year, what was put away is in the pot."""
    run = run if scenario == "one town" else vs.simulate(vs.load_scenario(SMALL), "all of it")
    column, record = run.record.column, run.record
    seen = set()
    for row in range(len(run.history.place.codes)):
        followed = months(run, row)
        years = money_by_year(followed).set_index("year")
        assert (years[list(USES)].sum(axis=1) - years["came_in"]).abs().max() < 0.005
        ends = followed.groupby(followed["month"].str[:4].astype(int)).last()
        begins = record.by_village(column("cash"))[0, record.village_of[0, row]]
        kept = ends["cash"].diff().fillna(ends["cash"].iloc[0] - begins)
        assert (years["kept"] - kept).abs().max() < 0.005
        village = record.village_of[:, row]
        every = range(len(village))
        pot = record.by_village(column("pot"))[every, village]
        put = record.by_village(column("to_pot"))[every, village]
        moved = record.by_village(column("pot_moved"))[every, village]
        joins = record.by_village(column("pot"))[every[:-1], village[:-1]]
        same = village[1:] == village[:-1]
        alone = same & (followed["joined"].abs() < 0.005).to_numpy()
        assert abs(pot[1:] - joins - put[1:] - moved[1:])[alone].max() < 0.005
        assert years["to_pot"].sum() == pytest.approx(put[1:].sum(), abs=0.005)
        seen |= {name for name in USES if (years[name].abs() > 1).any()}
    assert seen >= {"spending", "to_pot", "invested", "repayment", "kept"}


def test_books_tell_where_the_money_went(run: Run) -> None:
    row = run.history.place.codes.index("370114009201")
    books = story(run, row).query("topic == 'books'").set_index("date")["what"]
    year = money_by_year(months(run, row)).set_index("year").loc[2023]
    said = f"; of {year['came_in'] / 1000:.0f} thousand yuan that came in, with loans and cash that joined: "
    assert said in books.iloc[-1]
    assert f"spent on works, pay and dues {year['spending'] / 1000:.0f}" in books.iloc[-1]
    assert f"debt paid back {year['repayment'] / 1000:.3g}" in books.iloc[-1]


def test_stories_beside_each_other_and_what_was_in_force_can_be_drawn(run: Run, one_town: vs.Scenario) -> None:
    row = row_of(run.history.place, "相公联")
    without = vs.simulate(one_town, one_town.baseline)
    tables = [story(each, row) for each in (without, run)]
    beside = side_by_side(tables)
    assert list(beside) == ["date", one_town.baseline, "both"]
    assert beside["date"].is_monotonic_increasing
    assert beside["date"].is_unique
    followed = pd.concat([months(each, row) for each in (without, run)])
    went, days = {"money": money_by_year(followed), "uses": USES}, run.history.timetable.decree_days
    for width in (180, 90):
        with vs.plots.style.drawn(width):
            figure = draw_story(followed, pd.concat(tables), "What happened", "Why.", days, **went)
            assert faults(figure) == []
            assert "the decree, from which on all parts" in " ".join(figure.get_supxlabel().split())
    alone = followed.assign(real_integration=float("nan"))
    figure = draw_story(alone, pd.concat(tables), "What happened", "Why.", days, **went)
    assert faults(figure) == []
    trust = next(ax for ax in figure.axes if ax.get_title(loc="left").startswith("Trust"))
    assert trust.get_ylim()[0] == 0
    assert trust.get_ylim()[1] > 1.02 * alone["trust"].max()
    assert "the decree" not in figure.get_supxlabel()
    in_force = spans(run)
    assert in_force.to_numpy().tolist() == [
        [name, "2022-03", "2023-12"] for name in ("five_integrations", "land_trust")
    ]
    short = run.payments.assign(paid=lambda own: own["paid"] / 2, refused_by_fund=lambda own: own["paid"])
    figure = draw_policies(short, in_force, "When policies are in force", "Half is paid.")
    assert faults(figure) == []
    assert any("by the fund 367" in text.get_text() for text in figure.findobj(plt.Text))
    plt.close("all")


def test_a_policy_that_ends_before_the_run_is_seen_to_end(run: Run) -> None:
    """The axis is that of the whole run, and what begins late is written to the left."""
    in_force = spans(run).assign(end=["2022-11", "2023-12"], start=["2022-03", "2023-06"])
    months_ = run.record.labels[1:]
    figure = draw_policies(run.payments, in_force, "When policies are in force", "Half is paid.", months_)
    assert faults(figure) == []
    (ax,) = figure.axes
    assert ax.get_xlim() == pytest.approx((2021.0, 2024.02))
    (mark,) = [line for line in ax.lines if line.get_color() == "black"]
    assert mark.get_xdata() == pytest.approx([2022 + 11 / 12] * 2)
    said = [text.get_text() for text in figure.findobj(plt.Text)]
    assert [text.endswith("; until 2022-11") for text in said].count(True) == 1
    assert "ends before the run does" in said
    whole = draw_policies(run.payments, spans(run), "When policies are in force", "Half is paid.", months_)
    assert "ends before the run does" not in [text.get_text() for text in whole.findobj(plt.Text)]
    plt.close("all")


@pytest.mark.usefixtures("figures_are_blank")
def test_story_on_the_command_line(tmp_path) -> None:
    scenario = vs.load_scenario(SMALL)
    code = scenario.place_of(1, 0, 0).codes[0]
    done = villagesim("story", str(SMALL), code, "--out", str(tmp_path / "out"), "--figures", "svg")
    assert done.returncode == 0, done.stderr
    assert f"Figures: {tmp_path}/out/figures/story.svg" in done.stdout
    assert "one of many" in done.stdout
    assert (tmp_path / "out/tables/story.csv").exists()
    wrong = villagesim("story", "packaged:zhangqiu", "nowhere", cwd=tmp_path)
    assert "There are 890 before and 532 after, among them " in wrong.stderr
    wrong = villagesim("story", "packaged:wuhou", "nowhere", cwd=tmp_path)
    assert "There are 112, among them " in wrong.stderr, "one village has the name of another"
    wrong = villagesim("story", str(SMALL), "nowhere", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("villagesim: there is no village 'nowhere'.")
    five = "both,land trust,five integrations,no merger,nothing but the merger"
    many = villagesim("story", "packaged:one_town", code, "--strategies", five, cwd=tmp_path)
    assert (many.returncode, many.stdout) == (2, "")
    assert "--strategies names 5; at most 4 can be told beside each other. Leave out 1." in many.stderr


@pytest.mark.usefixtures("figures_are_blank")
def test_stories_of_a_county_of_ones_own_have_their_command_and_their_folders(tmp_path) -> None:
    """Results alone do not hold it: the command that is named works. Two villages go into two folders, and can be reported."""
    code, other = vs.load_scenario(SMALL).place_of(1, 0, 0).codes[:2]
    ask = ("--replications", "2", "--workers", "1", "--seed", "3", "--figures", "none", "--out", str(tmp_path / "own"))
    assert villagesim("compare", str(SMALL), *ask).returncode == 0
    refused = villagesim("story", str(tmp_path / "own"), code, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    command = re.search(r"Give its file: villagesim (story small.toml .*)\.$", refused.stderr, re.MULTILINE)
    assert command, refused.stderr
    for village in (code, other):
        words = command[1].replace("small.toml", str(SMALL)).replace(code, village).split()
        done = villagesim(*words, "--figures", "none", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "of seed 3" in done.stdout
    folders = [tmp_path / f"out/small-story-{village}" for village in (code, other)]
    assert sorted((tmp_path / "out").iterdir()) == sorted(folders)
    with pytest.raises(StoreError, match=r"holds a story(?s:.*)pandas.read_parquet\(\"(.*?)\"\)") as found:
        vs.open_results(folders[0])
    assert len(pd.read_parquet(re.search(r'read_parquet\("(.*?)"\)', str(found.value))[1]))


@pytest.mark.usefixtures("figures_are_blank")
def test_a_story_is_told_in_chinese_and_its_table_stays_english(tmp_path, monkeypatch) -> None:
    """Nothing is cut at the end of a cell, as Chinese has no blanks to break lines at."""
    monkeypatch.setattr(style, "chinese_font", lambda: "DejaVu Sans")
    drawn = []
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, *to, **how: drawn.append(figure))
    code = vs.load_scenario(SMALL).place_of(1, 0, 0).codes[0]
    done = villagesim("story", str(SMALL), code, "--out", str(tmp_path / "out"), "--figures", "png", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    said = {
        "printed": done.stdout.replace(str(tmp_path), ""),
        "figure": "\n".join(text.get_text() for text in texts(drawn[0])),
    }
    assert english(said, ("by lot", "out story months years tables figures png CSV Parquet")) == {}
    assert "…" not in done.stdout
    assert pd.read_csv(tmp_path / "out/tables/story.csv")["what"].str.contains("villages become").any()
