"""Whatever a file or a table names can be asked for."""

from pathlib import Path

import pytest

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.reference.explain import explain

SCENARIO = Path(__file__).resolve().parents[3] / "scenarios/one_town.toml"
OWN = '''
from dataclasses import dataclass

from villagesim.outcomes import Outcome
from villagesim.policies import Policy


@dataclass(frozen=True, kw_only=True)
class Fair(Policy):
    """A yearly fair."""

    stalls: int = 12


VISITORS = Outcome("visitors", "Visitors", "persons", "who come to the fair", +1, lambda record: record.rolling("saving"))
'''


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("collective_income", "more is better"),
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
    ],
)
def test_names_of_the_library(name: str, words: str) -> None:
    assert words in explain(name)


def test_names_that_a_scenario_brings_along(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    text = SCENARIO.read_text(encoding="utf-8") + '[code]\noutcomes = ["own:VISITORS"]\n[[strategy]]\nname = "fair"\n'
    text += '[[strategy.policy]]\nkind = "own:Fair"\nstart = 2022-03-01\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    scenario = vs.load_scenario(tmp_path / "own.toml", allow_code=True).with_parameters(vote_loss=2.0)
    assert "who come to the fair" in explain("visitors", scenario)
    assert "A yearly fair.\n  Settings and defaults:\n    stalls = 12" in explain("Fair", scenario)
    assert "vote_loss = 2 logit points" in explain("vote_loss", scenario)
    with pytest.raises(VillagesimError, match="nothing is called 'visitors'"):
        explain("visitors")
