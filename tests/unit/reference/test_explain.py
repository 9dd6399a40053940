"""Whatever a file or a table names can be asked for."""

from pathlib import Path

import pytest

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.languages import LANGUAGES, named
from villagesim.parameters import DEFAULTS, Parameter
from villagesim.questions.labels import LABELS
from villagesim.reference.explain import explain
from villagesim.reference.heads import HEADS, WORDS
from villagesim.report.compared import POCKETS
from villagesim.runs.codebook import COLUMNS
from villagesim.verdict_tables import _pockets

SCENARIO = Path(__file__).resolve().parents[3] / "scenarios/one_town.toml"
OWN = '''
from dataclasses import dataclass

from villagesim import Outcome, Parameter, Policy, Process
from villagesim.component import Column, Lever


class Fairs(Process):
    """Fairs of villages."""

    parameters = (Parameter("fair_share", "villages with a fair", "share", 0.3, 0.1, 0.6, "assumption"),)
    columns = (Column(name="stands", meaning="stands at fairs", unit="count", per="village", kind="flow"),)
    levers = (Lever(name="calls", meaning="calls for fairs", unit="index", per="village", rule="level"),)

    def start(self):
        """Keep the share."""
        self.stands = self.world.p.fair_share + self.world.levers.calls.now


@dataclass(frozen=True, kw_only=True)
class Fair(Policy):
    """A yearly fair."""

    pulls = ("calls",)
    stalls: int = 12


VISITORS = Outcome("visitors", "Visitors", "persons", "who come to the fair", +1, lambda record: record.rolling("saving"))
'''


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("collective_income", "more is better"),
        ("survey_days", "Source:  Q23 (B)\n  Numbers: Q23.1 (calibrate), Q23.2 (calibrate)\n  Theme:"),
        ("household_floor", "household_floor = 800.0 [yuan per mu and year]: Owed to households"),
        ("five_integrations", "facilitators = must be given [full posts]"),
        ("three_unchanged", "No settings of its own."),
        ("phase_in", "a setting of every policy"),
        (
            "audit_busy",
            "a column of the record [team-days]\n  It is:   work of audit teams; flow of the month, for the whole",
        ),
        ("consent", "Read by: Fusion (villagesim.processes.fusion)\n  Pulled by: deliberation_rooms, share_reform,"),
        ("trust", "an outcome [index, 0 to 1]"),
        ("trust", "a column of the record [index 0 to 1]"),
        ("Trust", "a process (villagesim.processes.trust)"),
        ("mean_income", "a total in [place] of a scenario [yuan per village and year]"),
        ("threshold", "The income that `share_above` refers to"),
    ],
)
def test_names_of_the_library(name: str, words: str) -> None:
    assert words in explain(name)


@pytest.mark.parametrize("code", LANGUAGES)
def test_heads_of_tables_and_words_of_verdicts_are_explained_in_either_language(code: str) -> None:
    """Those of the screen and of the page of a comparison; what is called so in the one is known in the other too."""
    with vs.language(code):
        pockets = [*_pockets().values(), *map(named, POCKETS.values())]
        words = map(
            named,
            (
                *HEADS,
                *WORDS,
                *LABELS,
                "strategy",
                "difference",
                "verdict",
                "cost",
                "rests on",
                "pays",
                "mean",
                "drawn over",
                "what knowing it is worth",
                "adds on average",
                "5 to 95%",
                "95% interval",
                "mean, 95%",
                "both",
                "not sure",
                "nothing paid",
            ),
        )
        called = {*pockets, *words}
    for spoken in LANGUAGES:
        with vs.language(spoken):
            assert all(map(explain, called))


def test_a_head_says_which_column_it_shows() -> None:
    said = "pays_back: a column of tables [year-month]\n  It is:   month from which the mean balance"
    assert all(
        explain(head).startswith(said) for head in ("回本年月", "back by", "Month of payback", "pays back", "pays_back")
    )
    assert set(HEADS.values()) <= set(COLUMNS)
    assert "beyond the baseline" in explain("cost"), "not that of one table alone"


@pytest.mark.parametrize("parameter", DEFAULTS.values(), ids=lambda parameter: parameter.name)
def test_a_parameter_is_informed_by_a_number_or_called_an_assumption(parameter: Parameter) -> None:
    said = explain(parameter.name)
    assert "(calibrate)" in said or "assumption" in said or "\n  Assumed: " in said


def test_names_that_a_scenario_brings_along(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    text = (
        SCENARIO.read_text(encoding="utf-8")
        + '[code]\nprocesses = ["own:Fairs"]\noutcomes = ["own:VISITORS"]\n[[strategy]]\nname = "fair"\n'
    )
    text += '[[strategy.policy]]\nkind = "own:Fair"\nstart = 2022-03-01\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    scenario = vs.load_scenario(tmp_path / "own.toml", allow_code=True).with_parameters(vote_loss=2.0)
    assert "who come to the fair" in explain("visitors", scenario)
    assert "A yearly fair.\n  Settings and defaults:\n    stalls = 12" in explain("Fair", scenario)
    assert "fair_share = 0.3 share" in explain("fair_share", scenario)
    assert "Used by: Fairs, which brings it along" in explain("fair_share", scenario)
    assert "stands at fairs; flow of the month, by village.\n  Kept by: Fairs" in explain("stands", scenario)
    assert "Read by: Fairs (own)\n  Pulled by: Fair" in explain("calls", scenario)
    assert "Fairs of villages.\n  Parameters: fair_share\n  Columns: stands" in explain("Fairs", scenario)
    assert "vote_loss = 2 logit points" in explain("vote_loss", scenario)
    with pytest.raises(VillagesimError, match="nothing is called 'visitors'"):
        explain("visitors")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("share_above_250k", "Villages at or above 250,000 yuan"),
        ("mechanical_share_above_37500_5", "Mechanical share at or above 37,500.5 yuan"),
        ("share_near_1200k", "Villages within 10% of 1,200,000 yuan"),
    ],
)
def test_an_outcome_of_any_level_is_explained_without_a_scenario(name: str, words: str) -> None:
    """And says where there is one; a level that is written in another way is no name."""
    assert words in explain(name)
    assert "in scenarios that name its level" in explain(name)
    assert "in scenarios" not in explain("share_above_500k")
    with pytest.raises(VillagesimError, match="nothing is called"):
        explain(f"{name}0000k")
