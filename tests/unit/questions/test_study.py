"""Questions of one's own: their tables against runs made one by one, and what is refused."""

import numpy as np
import pytest
from unit.command_line import SMALL
from unit.in_chinese import english, in_figure

import villagesim as vs
from villagesim.outcomes import OUTCOMES
from villagesim.plots.captions import words_of
from villagesim.policies import LandTrust
from villagesim.questions import Contrasts
from villagesim.wording import effect

EARLY, LATE = ([LandTrust(start=f"{year}-03-01")] for year in (2022, 2023))


class Start(Contrasts):
    """Whether it matters when land trusts start."""

    name = "start"
    note = "Land trusts alone."

    def sentence(self, table):
        return f"{len(table)} differences, the first {table['value'].iloc[0]:.0f}."


def asked(**changed):
    given = {
        "strategies": {"early": EARLY, "late": LATE}, "outcomes": ("land_trust_area", "trust"),
        "at": ("2022-12", "2023-12"), "replications": 2, "pairs": {"later": ("late", "early")},
    }  # fmt: skip
    return Start(**given | changed)


@pytest.fixture(scope="module")
def answer(one_town):
    return asked().ask(one_town, workers=1)


def test_differences_are_those_of_runs_in_the_same_replications(one_town, answer):
    table = answer.tables["start"].set_index(["at", "strategy", "outcome"])
    assert len(table) == 2 * 3 * 2
    county = {
        name: [vs.simulate(one_town, policies, 1, k).county.set_index("month") for k in range(2)]
        for name, policies in (("nothing", []), ("early", EARLY), ("late", LATE))
    }
    for label, (one, other) in {"early": ("early", "nothing"), "later": ("late", "early")}.items():
        a, b = (np.array([run.loc["2023-12", "trust"] for run in county[name]]) for name in (one, other))
        row = table.loc[("2023-12", label, "trust")]
        assert row["value"] == pytest.approx((a - b).mean(), rel=1e-9)
        student = 2 * 12.7062 * np.std(a - b, ddof=1) / np.sqrt(2)
        assert row["high"] - row["low"] == pytest.approx(student * (1 + 1 / 30), rel=1e-4)
        assert row["differs"] == "2 of 2"
        assert row["unit"] == OUTCOMES["trust"].unit
    assert (table.loc[("2022-12", "early", "land_trust_area"), "value"]) > 0


def test_equal_runs_are_no_certainty(one_town):
    """Nothing begins before the policies do: a bounded outcome may differ by something rare, of another nothing is known."""

    class Equal(Start):
        def sentence(self, table):
            return "; ".join(effect(row) for row in table.to_dict("records"))

    question = Equal(strategies={"late": LATE}, outcomes=("trust", "debt"), at="2022-12", replications=3)
    found = question.ask(one_town, workers=1)
    trust, debt = found.tables["start"].to_dict("records")
    assert (trust["value"], debt["value"], trust["differs"], debt["differs"]) == (0, 0, "0 of 3", "0 of 3")
    assert -1 < trust["low"] < -0.5
    assert 0.5 < trust["high"] < 1
    assert np.isnan([debt["low"], debt["high"]]).all()
    assert found.headline == f"{effect(trust)}; 0 (in all 3)"
    assert found.figure()


def test_the_figure_says_the_answer_and_what_it_rests_on(answer, tmp_path):
    answer.save(tmp_path / "kept")
    for figure in (answer.figure(), vs.open_results(tmp_path / "kept", Start).figure()):
        title, caption, _ = words_of(figure)
        assert title == Start.__doc__.splitlines()[0].rstrip(".")
        assert caption.startswith(answer.headline.rstrip("."))
        assert "end of 2022-12, 2023-12. Land trusts alone. 2 paired replications, seed 1" in caption


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pairs": {"x": ("late", "sooner")}}, "no strategy 'sooner'"),
        ({"at": ()}, "at names none"),
        ({"outcomes": ("trust", "trust")}, "outcomes: 'trust' is named twice"),
        ({"replications": 0}, "replications"),
        ({"strategies": ("land trusts",)}, "'land trusts' is not a strategy here"),
    ],
)
def test_what_makes_no_sense_is_refused(one_town, changed, said):
    with pytest.raises(vs.VillagesimError, match=said):
        asked(**changed).ask(one_town, workers=1)


class Wrong(Start):
    """A mistake in the sentence."""

    def sentence(self, table):
        return f"{1 / 0}"


class Ending(Start):
    """A figure that ends the program."""

    @staticmethod
    def draw(answer, name):
        raise SystemExit(3)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Wrong, r'Wrong.sentence, .*test_study.py, line \d+: ZeroDivisionError: .* The line is: return f"{1 / 0}"'),
        (Ending, r"Ending.draw, .*test_study.py, line \d+: it ends the program, .* The line is: raise SystemExit"),
    ],
)
def test_a_mistake_in_a_question_is_told_with_its_place(one_town, tmp_path, kind, said):
    with pytest.raises(vs.VillagesimError, match=said):
        kind(**vars(asked(strategies={"late": LATE}, pairs={}))).ask(one_town, workers=1, out=tmp_path / "out")


def test_the_figure_speaks_one_language():
    """Titles, units, months and caption; what its author wrote stays."""
    small = vs.load_scenario(SMALL)
    question = Start(
        strategies=("all of it",), outcomes=("share_accounts_pooled", "trust"), at=("2022-06",), replications=2
    )
    said = in_figure(question.ask(small, workers=1)).replace("\n", "")
    own = ("Small", "all of it", Start.__doc__, Start.note, "2 differences, the first 1")
    assert english({"figure": said}, own) == {}
    assert "2022 年 6 月末" in said
    assert "种子 1" in said


def test_one_text_is_one_name():
    one = asked(at="2022-12", outcomes="trust")
    assert (one.at, one.outcomes) == (("2022-12",), ("trust",))
