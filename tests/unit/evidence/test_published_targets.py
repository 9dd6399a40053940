"""Published numbers: that they are what they must be, that the rule alone decides their side, and what a made county holds."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import villagesim as vs
from villagesim.errors import DesignError, ScenarioError
from villagesim.evidence import figure_of, read_places, read_targets, scenario_of, sides
from villagesim.evidence.places import DATA, PublishedPlace
from villagesim.parameters import DEFAULTS

ROOT = Path(vs.__file__).parents[1]
KEY = re.compile(r"\b(?:Q\d+(?:\.\d+)?|I[1-5]\.\d\d?|[MLSDRPWX]\d\d)\b")
TARGETS, PLACES = read_targets(), read_places()
MADE = [key for key, place in PLACES.items() if place.start]


def named_in(text: str) -> set[str]:
    """Ids of targets that a text names; Q29 means all of its parts."""
    return {key for named in KEY.findall(text) for key in TARGETS if key == named or key.startswith(f"{named}.")}


def texts_of_the_code() -> dict[str, str]:
    files = [path for path in (ROOT / "villagesim").rglob("*.py") if "evidence" not in path.relative_to(ROOT).parts]
    return {path.name: path.read_text(encoding="utf-8") for path in (*files, ROOT / "docs" / "equations.md")}


def test_the_column_is_what_the_rule_gives() -> None:
    assert {key: target.use for key, target in TARGETS.items()} == sides(TARGETS, PLACES)


def test_the_rule_moves_a_place_as_a_whole() -> None:
    """The twin: one number that set a value takes all of its place, and of what lies in it, to the other side."""
    set_one = {**TARGETS} | {"I1.27": replace(TARGETS["I1.27"], sets="income_sd")}
    moved = {key for key, use in sides(set_one, PLACES).items() if use != TARGETS[key].use}
    assert moved == {"I1.28", "I1.30", "I1.31"}
    within = {**PLACES} | {"ningyang": replace(PLACES["ningyang"], of="zouping")}
    assert sides(TARGETS, within)["I1.28"] == "calibrate"
    for change in ({"wide": True}, {"villages": 19}):
        other = {**PLACES} | {"ningyang": replace(PLACES["ningyang"], **change)}
        assert sides(TARGETS, other)["I1.28"] == "calibrate"


def test_no_number_judges_that_the_code_names() -> None:
    named = {key: name for name, text in texts_of_the_code().items() for key in named_in(text)}
    assert not {key: named[key] for key, target in TARGETS.items() if target.use == "validate" and key in named}
    assert {"Q29.1", "I2.58", "I3.36"} & {*named} == {"Q29.1", "I2.58"}


def test_what_set_a_parameter_says_so() -> None:
    for parameter in DEFAULTS.values():
        for key in named_in(parameter.source):
            assert parameter.name in TARGETS[key].sets, f"{key} is named by {parameter.name}"


def test_there_are_enough() -> None:
    used = [target for target in TARGETS.values() if target.use != "context"]
    assert len(used) >= 60
    assert len({target.place for target in used}) >= 20
    assert sum(target.use == "validate" for target in used) >= 20
    assert all(PLACES[target.place].start for target in used if target.is_outcome)
    assert {target.place for target in TARGETS.values()} <= {*PLACES}
    assert all(
        key in TARGETS and TARGETS[key].use == "context" for p in PLACES.values() for key in p.sets_up if key != "I1.25"
    )


def test_what_officials_report_is_never_set_beside_real_income() -> None:
    income = re.compile(r"(\w*_)?(collective_income|share_above_\w+|income_per_\w+)")
    for target in TARGETS.values():
        if target.is_outcome and target.use != "context" and income.fullmatch(target.outcome):
            wanted = ("reported_",) if target.kind == "official-target" else ("reported_", "nominal_")
            assert target.outcome.startswith(wanted), target.id


@pytest.mark.parametrize("key", MADE)
def test_a_made_county_holds_what_was_published(key: str) -> None:
    place, scenario = PLACES[key], scenario_of(key)
    income = scenario.endow(1).income
    n = len(income)
    assert n == place.n_villages * place.parts
    assert (income == 0).sum() == round(place.without_income * n)
    if place.mean_income:
        assert income.mean() * place.parts == pytest.approx(place.mean_income)
    if place.threshold:
        exact = 0.5 / n if place.mean_income else 0.07
        assert (income >= place.threshold).mean() == pytest.approx(place.share_above, abs=exact + 1e-9)


def test_the_spread_is_that_of_the_place_or_the_parameter() -> None:
    wide = scenario_of("ningyang", DEFAULTS.with_values({"income_sd": 1.0}))
    usual, fixed = scenario_of("ningyang"), scenario_of("gansu")
    found = [float(np.std(np.log(scenario.endow(1).income))) for scenario in (usual, wide, fixed)]
    assert found == pytest.approx([0.8, 1.0, 0.97], rel=0.07)


@pytest.mark.parametrize(("key", "place"), [("I1.28", "ningyang"), ("X01", "zhoushan")])
def test_a_place_runs_to_the_same_figures(key: str, place: str) -> None:
    scenario = scenario_of(place)
    runs = [vs.simulate(scenario, "as there", seed) for seed in (1, 1, 2)]
    first, again, other = (figure_of(TARGETS[key], PLACES[place], run, scenario.parameters) for run in runs)
    assert 0 < first == again != other < 1


def test_changes_and_gains_are_worked_out_as_by_hand() -> None:
    scenario, place = scenario_of("weifang_zone"), PLACES["weifang_zone"]
    run, alone = vs.simulate(scenario, "as there"), vs.simulate(scenario)
    gain, p = TARGETS["I2.49"], scenario.parameters
    income = [each.values("reported_collective_income") for each in (run, alone)]
    last, first = run.record.labels.index("2025-12"), 0
    assert figure_of(gain, place, run, p, alone) == pytest.approx(100 * (income[0][last] - income[1][last]) / 22)
    for how, expected in (
        ("rise", income[0][last] - income[0][first]),
        ("ratio", income[0][last] / income[0][first] - 1),
        ("growth", (income[0][last] / income[0][first]) ** 0.5 - 1),
    ):
        changed = replace(gain, how=how, since="2023-12")
        assert figure_of(changed, place, run, p) == pytest.approx(expected)
    with pytest.raises(DesignError, match="it needs runs without"):
        figure_of(gain, place, run, p)
    with pytest.raises(DesignError, match="2027-12 is not in the run, 2023-12 to 2025-12"):
        figure_of(replace(gain, at="2027-12"), place, run, p, alone)
    with pytest.raises(DesignError, match="speaks to the parameter arrears"):
        figure_of(TARGETS["I3.09"], place, run, p)


def test_measures_of_a_village_of_parts_count_all_of_them() -> None:
    scenario, place = scenario_of("zhaohu"), PLACES["zhaohu"]
    run = vs.simulate(scenario, "as there")
    gained = run.record.column("gain")[run.record.labels.index("2022-12")].sum() / 47
    assert figure_of(TARGETS["Q20.2"], place, run, scenario.parameters) == pytest.approx(gained)
    assert gained > 0


@pytest.mark.long
@pytest.mark.parametrize("place", sorted({t.place for t in TARGETS.values() if t.is_outcome and t.use != "context"}))
def test_every_target_has_a_figure(place: str) -> None:
    scenario = scenario_of(place)
    run, alone = vs.simulate(scenario, "as there"), vs.simulate(scenario)
    for target in TARGETS.values():
        if target.place == place and target.is_outcome and target.use != "context":
            assert np.isfinite(figure_of(target, PLACES[place], run, scenario.parameters, alone)), target.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": "reported_share_above_many"}, "is no outcome, measure or parameter"),
        ({"error": 0.0}, "error = 0.0 must be above 0"),
        ({"kind": "rumour"}, "kind = 'rumour' is unknown"),
        ({"at": "2022"}, "at = '2022' is not a month"),
        ({"how": "growth"}, "A change needs its first month"),
        ({"source": ""}, "Say what was published"),
    ],
)
def test_a_target_that_is_none_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(DesignError, match=said):
        replace(TARGETS["I1.28"], **change)


def test_a_row_is_refused_with_its_place(tmp_path: Path) -> None:
    lines = (DATA / "targets.csv").read_text(encoding="utf-8").splitlines()
    for name, rows, said in (
        ("twice", [lines[0], lines[1], lines[1]], r"twice.csv row 3 .*this id stands there already"),
        ("short", [lines[0], lines[1].rsplit(",", 1)[0]], r"short.csv row 2 .*columns are not those of a target"),
    ):
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
        with pytest.raises(DesignError, match=said):
            read_targets(tmp_path / f"{name}.csv")


def test_places_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="too little is known of Chun'an"):
        scenario_of("chunan")
    with pytest.raises(ScenarioError, match=r"'ningyan' is not a place with targets.*ningyang"):
        scenario_of("ningyan")
    with pytest.raises(ScenarioError, match="start and stop go together"):
        replace(PLACES["ningyang"], stop=None)
    with pytest.raises(ScenarioError, match="is not a 1 January"):
        replace(PLACES["ningyang"], start=PLACES["ningyang"].start.replace(month=3))
    with pytest.raises(ScenarioError, match="threshold and share_above go together"):
        PublishedPlace(name="x", villages=1, threshold=1e5)
    (tmp_path / "p.toml").write_text('[a]\nname = "A"\nvillages = 30\nof = "b"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"p.toml, \[a\] of = 'b' is not a place here"):
        read_places(tmp_path / "p.toml")
