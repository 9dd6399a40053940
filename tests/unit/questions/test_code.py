"""Questions as Python files, and full versions."""

from pathlib import Path

import pytest

import villagesim as vs
from villagesim.questions.question import load_question

TOWN = Path(__file__).parents[3] / "scenarios" / "one_town.toml"
CODE = f'''"""Which is better?

More words."""

import villagesim as vs

SCENARIO = "{TOWN}"
QUESTION = vs.questions.Robustness(strategies=("land trust", "ranking"), targets={{"trust": 0.5}})
'''


def asked(folder: Path, name: str, text: str, **how: object) -> object:
    (folder / name).write_text(text, encoding="utf-8")
    return load_question(folder / name, allow_code=True, **how)  # type: ignore[arg-type]


def test_a_python_file_holds_a_question_and_what_its_full_version_changes(tmp_path):
    words, scenario, question = asked(tmp_path, "better_a.py", f"{CODE}FULL = {{'n': 7}}\n")
    assert (words, scenario.digest, question.n) == ("Which is better?", vs.load_scenario(TOWN).digest, 100)
    assert load_question(tmp_path / "better_a.py", allow_code=True, full=True)[2].n == 7


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (1, CODE, r"there is no full version.*\[full\]"),
        (2, f"{CODE}FULL = {{'m': 7}}\n", r"better_2.py, FULL: m is not a key of it"),
        (3, f"{CODE}QUESTION = 3\nFULL = {{}}\n", "QUESTION = 3 is not a question"),
        (4, f'SCENARIO = "{TOWN}"\n', "has no QUESTION"),
    ],
)
def test_a_file_that_cannot_be_asked_is_refused(tmp_path, number, text, said):
    with pytest.raises(vs.VillagesimError, match=f"(?s){said}"):
        asked(tmp_path, f"better_{number}.py", text, full=True)


def test_a_python_file_is_of_the_kind_that_is_asked_for(tmp_path):
    with pytest.raises(vs.VillagesimError, match="is not budget"):
        asked(tmp_path, "better_b.py", CODE, kind=vs.questions.Allocation)


def test_a_question_can_be_asked_of_another_place_than_its_own(tmp_path):
    """Also where the full version names one; seen from where it is asked, not from the file."""
    text = f'question = "Why?"\nscenario = "{TOWN}"\nkind = "trial"\nstrategy = "land trust"\n'
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    (tmp_path / "better_c.py").write_text(f"{CODE}FULL = {{'scenario': '{TOWN}'}}\n", encoding="utf-8")
    for name in ("c.toml", "better_c.py"):
        own = load_question(tmp_path / name, allow_code=True)[1]
        assert own.title == vs.load_scenario(TOWN).title
        for full in (False, name.endswith("py")):
            place = load_question(tmp_path / name, allow_code=True, full=full, scenario="packaged:wuhou")[1]
            assert place.title == vs.load_scenario("packaged:wuhou").title
    with pytest.raises(vs.VillagesimError, match=r"nowhere\.toml"):
        load_question(tmp_path / "c.toml", scenario="nowhere.toml")


def test_the_keys_of_full_go_before_the_others(tmp_path):
    text = (
        f'question = "Why?"\nscenario = "{TOWN}"\nkind = "trial"\nstrategy = "land trust"\n[full]\nreplications = 7\n'
    )
    assert asked(tmp_path, "a.toml", text)[2].replications == 30
    assert asked(tmp_path, "a.toml", text, full=True)[2].replications == 7
    with pytest.raises(vs.VillagesimError, match="no full version"):
        asked(tmp_path, "b.toml", text.partition("[full]")[0], full=True)
