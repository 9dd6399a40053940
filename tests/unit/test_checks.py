"""Checks: what Python, numpy and pandas call a whole number, a number or names is one, and nothing else is."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import villagesim as vs
from villagesim.checks import names, number, whole
from villagesim.errors import DesignError
from villagesim.places.rolls import read_roll
from villagesim.questions import Answer, Sweep


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), pd.Series([3])[0], pd.array([3], dtype="Int64")[0]])
def test_whole_numbers_of_all_kinds_are_taken(value: Any) -> None:
    """They come back as Python has them."""
    assert type(whole(value, "n", least=3)) is int
    assert whole(value, "n") == number(value, "n", least=3, most=3) == 3


@pytest.mark.parametrize("value", [True, np.bool_(True), 3.0, "3", None, np.nan, [3], 2])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    """Nothing is turned into something else."""
    with pytest.raises(DesignError, match=r"^n = .* must be a whole number of at least 3\.$"):
        whole(value, "n", least=3, error=DesignError)


@pytest.mark.parametrize("value", [True, np.bool_(True), "0.5", None, np.nan, np.inf, [0.5], np.array([0.5])])
def test_what_is_no_number_is_refused(value: Any) -> None:
    """As a number, whatever the bounds are."""
    with pytest.raises(DesignError, match=r"must be a finite number, above 0\. Correct it\.$"):
        number(value, "share", above=0, fix="Correct it.", error=DesignError)


@pytest.mark.parametrize("value", [0, 1, np.float32(0), -1e9, 1e9])
def test_bounds_are_left_out_or_taken_as_they_say(value: Any) -> None:
    """The rule has its unit."""
    with pytest.raises(DesignError, match=r"must be above 0 and below 1 yuan\."):
        number(value, "cost", above=0, below=1, unit="yuan", error=DesignError)
    assert number(np.float32(0.5), "cost", above=0, below=1) == 0.5
    assert number(0, "cost", least=0, most=0) == 0


@pytest.mark.parametrize(
    "value",
    [["a", "b"], ("a", "b"), np.array(["a", "b"]), pd.Series(["a", "b"]), pd.Index(["a", "b"]), {"a": 1, "b": 2}],
    ids=lambda value: type(value).__name__,
)
def test_names_are_a_tuple(value: Any) -> None:
    """However they are given."""
    assert names(value, "outcomes") == ("a", "b")
    assert {type(name) for name in names(value, "outcomes")} == {str}


@pytest.mark.parametrize("value", [None, 5, b"town.toml", ["town.toml"]], ids=repr)
def test_what_is_no_path_is_refused_wherever_one_is_taken(value: Any, one_town: vs.Scenario) -> None:
    """One message; a table of points may be given as a table too."""
    takes = (
        vs.load_scenario, vs.open_results, vs.questions.load_question, vs.design.from_table, read_roll,
        lambda folder: Answer(Sweep, "", {}).save(folder),
    )  # fmt: skip
    for take in takes:
        with pytest.raises(vs.VillagesimError, match=r"is not a path\. Give it as text or pathlib\.Path\.$"):
            take(value)
    if value is not None:
        with pytest.raises(vs.VillagesimError, match=r"^out = .* is not a path\."):
            vs.compare(one_town, 1, out=value)


def test_one_text_is_one_name() -> None:
    """And not as many as it has letters."""
    assert names("trust", "outcomes") == ("trust",)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "outcomes names none. Name at least one."),
        (["a", "b", "a"], "outcomes: 'a' is named twice. Leave one out."),
        (["a", 3], "outcomes: 3 is not a name. Give names as text, in quotation marks."),
        (3, "outcomes = 3 is not a name, nor a list of names. Give them as text."),
    ],
)
def test_what_is_no_list_of_names_is_refused(value: Any, said: str) -> None:
    """Each with its way out."""
    with pytest.raises(DesignError) as caught:
        names(value, "outcomes", error=DesignError)
    assert str(caught.value) == said
