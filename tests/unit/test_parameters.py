"""Parameters: a value with meaning, unit, range and source, and never one outside its range."""

import copy
import pickle
import re
from pathlib import Path

import pytest

from villagesim import parameters
from villagesim.errors import ParameterError
from villagesim.parameters import DEFAULTS, THEMES, Parameter
from villagesim.parameters.parameter import Parameters


def test_every_parameter_says_what_it_is() -> None:
    """Name, meaning, unit and source are there, the value lies in a range, which is of no width for a definition."""
    for name, parameter in DEFAULTS.items():
        assert name == parameter.name
        assert name.isidentifier()
        assert parameter.meaning
        assert parameter.unit
        assert parameter.source
        assert parameter.low <= parameter.value <= parameter.high
        assert (parameter.low < parameter.high) != parameter.source.startswith("definition"), name


ELSEWHERE = re.compile(
    r"^(spread of it|the same|what (it|one) brings|time that it)|\b(adds to|part of|elasticity of|multiply) it\b|, in it$"
    r"|\bits logarithm|\bsuch a\b|\bthat (rate|gain|share|time)\b|\bbeside it\b|\bmakes of that"
)
"""Words that mean what another parameter says, which is not beside it where one is explained."""


def test_every_meaning_says_by_itself_what_it_is() -> None:
    assert [name for name, each in DEFAULTS.items() if ELSEWHERE.search(each.meaning)] == []


@pytest.mark.parametrize(
    "meaning", ["spread of it", "what pressure adds to it", "spread of its logarithm", "the same by disputes"]
)
def test_a_meaning_that_rests_on_another_one_is_found_out(meaning: str) -> None:
    assert ELSEWHERE.search(meaning)


def test_no_name_stands_twice_or_hides_a_method() -> None:
    """Otherwise one of the two would be lost without a word."""
    a = Parameter("a", "b", "c", 1, 0, 2, "assumption")
    with pytest.raises(ParameterError, match="two parameters are called 'a'"):
        Parameters([a, a])
    for name in ("items", "with_values", "two words"):
        with pytest.raises(ParameterError, match=f"'{name}' cannot be the name of a parameter"):
            Parameters([Parameter(name, "b", "c", 1, 0, 2, "assumption")])


def test_every_module_of_parameters_is_a_theme() -> None:
    """They are found, not listed."""
    folder = Path(parameters.__file__).parent
    assert sorted(THEMES) == sorted(path.stem for path in folder.glob("[a-z]*.py") if path.stem != "parameter")
    assert len(DEFAULTS) == sum(map(len, THEMES.values()))


def test_shares_of_income_add_up() -> None:
    """The composition of income is a whole."""
    assert sum(DEFAULTS[f"share_{source}"].value for source in ("operating", "rent", "subsidy", "other")) == 1


def test_a_plain_value_is_read_as_an_attribute() -> None:
    """``parameters.vote_loss`` is the number, ``parameters["vote_loss"]`` all that is known of it."""
    assert DEFAULTS.vote_loss == DEFAULTS["vote_loss"].value == 3.0
    with pytest.raises(AttributeError, match="no parameter 'vote_los'"):
        _ = DEFAULTS.vote_los
    with pytest.raises(ParameterError, match="vote_los is not a parameter. Did you mean 'vote_loss'"):  # noqa: RUF043
        _ = DEFAULTS["vote_los"]


def test_changed_values_leave_the_old_ones_alone() -> None:
    """A copy has the new value, the original the old one."""
    changed = DEFAULTS.with_values({"vote_loss": 4})
    assert changed.vote_loss == 4.0
    assert DEFAULTS.vote_loss == 3.0
    assert {name for name in DEFAULTS if DEFAULTS[name] != changed[name]} == {"vote_loss"}


@pytest.mark.parametrize("value", [0.99, 5.01, float("nan"), float("inf"), "3", True, None, [3]])
def test_a_value_outside_its_range_is_refused(value: object) -> None:
    """Also what is no number at all."""
    with pytest.raises(ParameterError, match="vote_loss = "):
        DEFAULTS.with_values({"vote_loss": value})  # type: ignore[dict-item]


def test_the_ends_of_a_range_belong_to_it() -> None:
    """Low and high themselves may be chosen."""
    assert DEFAULTS.with_values({"vote_loss": 1.0}).vote_loss == 1.0
    assert DEFAULTS.with_values({"vote_loss": 5.0}).vote_loss == 5.0


def test_the_message_tells_meaning_range_source_and_the_way_out() -> None:
    """What a user sees who goes outside."""
    with pytest.raises(ParameterError) as caught:
        DEFAULTS.with_values({"attempt_rate": 2.0})
    message = str(caught.value)
    for words in (
        "attempt_rate = 2 is outside [0.1, 0.4] per year",
        "It is: attempts of a merged",
        "Range from: ",
        "low",
    ):
        assert words in message


def test_a_new_range_goes_beyond_the_old_one() -> None:
    """With its own source; meaning and unit stay."""
    new = {"value": 9, "low": 8, "high": 10, "source": "own survey"}
    changed = DEFAULTS.with_values({"vote_loss": new})["vote_loss"]
    assert (changed.value, changed.low, changed.high, changed.source) == (9.0, 8.0, 10.0, "own survey")
    assert changed.unit == DEFAULTS["vote_loss"].unit
    assert not changed.is_assumption


@pytest.mark.parametrize("missing", ["value", "low", "high", "source"])
def test_half_a_range_is_refused(missing: str) -> None:
    """A new range needs all four, so that nobody changes one in silence."""
    new = {key: value for key, value in (("value", 9), ("low", 8), ("high", 10), ("source", "me")) if key != missing}
    with pytest.raises(ParameterError, match=r"exactly, .*value, low, high, source"):
        DEFAULTS.with_values({"vote_loss": new})


def test_an_assumption_is_known_as_one() -> None:
    """The word stands at the head of the source."""
    assert Parameter("a", "b", "c", 1, 0, 2, "assumption; range: article").is_assumption
    assert not Parameter("a", "b", "c", 1, 0, 2, "evidence 3.2").is_assumption


def test_parameters_are_a_mapping_of_one_line() -> None:
    """They can be gone through, counted and asked; a notebook shows them as a table, with foreign text as text."""
    own = Parameters([Parameter("a", "<b>", "c", 1, 0, 2, "assumption")])
    assert list(own) == ["a"]
    assert len(own) == 1
    assert "a" in own
    assert own.a == 1.0
    assert repr(own) == "<1 parameters, 1 of them assumptions>"
    assert "<td>&lt;b&gt;</td>" in own._repr_html_()


def test_parameters_cannot_be_changed() -> None:
    """Neither by a name, nor by what Python keeps of it; copies and equal ones are the same."""
    for name in ("vote_loss", "another", "_by_name"):
        with pytest.raises(AttributeError, match="parameters cannot be changed"):
            setattr(DEFAULTS, name, 4.0)
    with pytest.raises(AttributeError, match="parameters cannot be changed"):
        del DEFAULTS.vote_loss
    with pytest.raises(TypeError):
        vars(DEFAULTS)
    changed = DEFAULTS.with_values({"vote_loss": 4})
    for other in (pickle.loads(pickle.dumps(changed)), copy.deepcopy(changed)):
        assert other == changed != DEFAULTS
        assert hash(other) == hash(changed) != hash(DEFAULTS)
        assert other.vote_loss == other["vote_loss"].value == 4.0
