"""Parameters: a value with meaning, unit, range and source, and never one outside its range."""

import pytest

from villagesim.errors import ParameterError
from villagesim.parameters import DEFAULTS, THEMES, Parameter
from villagesim.parameters.parameter import Parameters


def test_every_parameter_says_what_it_is() -> None:
    """Name, meaning, unit and source are there, the value lies in a range of some width."""
    for name, parameter in DEFAULTS.items():
        assert name == parameter.name
        assert name.isidentifier()
        assert parameter.meaning
        assert parameter.unit
        assert parameter.source
        assert parameter.low <= parameter.value <= parameter.high
        assert parameter.low < parameter.high, name


def test_no_name_stands_in_two_themes() -> None:
    """Otherwise one of the two would be lost without a word."""
    names = [parameter.name for theme in THEMES.values() for parameter in theme]
    assert len(names) == len(set(names)) == len(DEFAULTS)


def test_shares_of_income_add_up() -> None:
    """The composition of income is a whole."""
    assert (
        sum(DEFAULTS[f"share_{source}"].value for source in ("operating", "rent", "investment", "subsidy", "other"))
        == 1
    )


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
    with pytest.raises(ParameterError, match="exactly, .*value, low, high, source"):
        DEFAULTS.with_values({"vote_loss": new})


def test_an_assumption_is_known_as_one() -> None:
    """The word stands at the head of the source."""
    assert Parameter("a", "b", "c", 1, 0, 2, "assumption; range: article").is_assumption
    assert not Parameter("a", "b", "c", 1, 0, 2, "evidence 3.2").is_assumption


def test_parameters_are_a_mapping() -> None:
    """They can be gone through, counted and asked."""
    own = Parameters([Parameter("a", "b", "c", 1, 0, 2, "assumption")])
    assert list(own) == ["a"]
    assert len(own) == 1
    assert "a" in own
    assert own.a == 1.0
