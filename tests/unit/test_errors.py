"""Errors: their places are data, and stay so on the way from the innermost to the file and from a worker back."""

import pickle

import pytest

from villagesim import errors
from villagesim.errors import PolicyError, RollError, ScenarioError, VillagesimError, placed

TREE = [kind for kind in VillagesimError.__subclasses__() if kind.__module__.startswith("villagesim.")]


def test_places_are_put_in_front_from_the_inside_out() -> None:
    """Each reader adds the place that it knows, and the message reads from the file to the thing."""
    with (
        pytest.raises(PolicyError) as caught,
        placed("mine.toml"),
        placed("[[strategy]] 2 (both)", "[[strategy.policy]] 1 (land_trust)"),
    ):
        raise PolicyError("n = 0 must be at least 1.", fix="Correct it.", at=["target"])
    assert caught.value.at == ("mine.toml", "[[strategy]] 2 (both)", "[[strategy.policy]] 1 (land_trust)", "target")
    assert caught.value.__cause__ is None
    assert str(caught.value) == (
        "mine.toml, [[strategy]] 2 (both), [[strategy.policy]] 1 (land_trust), target:"
        " n = 0 must be at least 1. Correct it."
    )


def test_a_place_is_named_once() -> None:
    """A reader that knows less may name the file again."""
    problem = RollError("name is empty.", at=("mine.csv", "row 3"))
    assert problem.inside("mine.csv").at == problem.inside("mine.csv", "row 3").at == ("mine.csv", "row 3")
    assert problem.inside("mine.toml").at == ("mine.toml", "mine.csv", "row 3")
    assert str(problem) == "mine.csv row 3: name is empty."


def test_a_long_way_out_has_a_line_of_its_own() -> None:
    """And a short one goes on behind the rule; without a place and a way out the rule is all."""
    assert str(VillagesimError("n = 0.")) == "n = 0."
    assert str(VillagesimError("n = 0.", fix="Take 1.")) == "n = 0. Take 1."
    assert str(VillagesimError("n = 0.", fix="x" * errors.LINE)) == f"n = 0.\n  {'x' * errors.LINE}"


@pytest.mark.parametrize("kind", TREE)
def test_an_error_comes_back_from_a_worker_whole(kind: type[VillagesimError]) -> None:
    """All of it, with its type."""
    problem = kind("n = 0.", fix="Take 1.", at=("a", "b"))
    back = pickle.loads(pickle.dumps(problem))
    assert type(back) is kind
    assert (str(back), back.rule, back.fix, back.at) == (str(problem), "n = 0.", "Take 1.", ("a", "b"))


def test_the_tree_is_drawn_as_it_is() -> None:
    """The picture in the module names every type, and no other."""
    drawn = [line.split("── ")[1].split()[0] for line in str(errors.__doc__).splitlines() if "── " in line]
    assert drawn == [kind.__name__ for kind in TREE]
    assert issubclass(ScenarioError, ValueError)
