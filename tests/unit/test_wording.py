"""Figures as they are written: as many digits as one can read, and the same wherever they stand."""

import math

import pytest

from villagesim.wording import (
    between,
    effect,
    estimate,
    in_unit,
    number,
    percent,
    percentage,
    scale,
    share,
    signed,
    with_error,
)

NONE = math.nan


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_234_567.8, "1,234,568"), (-123.45, "-123"), (99.96, "100"), (12.34, "12.3"), (5.0, "5"),
        (0.50004, "0.5"),
        (-0.012345, "-0.0123"), (0.00036, "0.0004"),
        (0.00000186, "0.000002"), (-0.00004, "-0.00004"),
        (0.0, "0"), (-0.0, "0"), (1e-9, "0"), (-1e-9, "0"), (NONE, "-"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_a_figure_has_as_many_digits_as_one_can_read(value: float, text: str) -> None:
    assert number(value) == text
    assert signed(value) == (f"+{text}" if value > 1e-8 else text)


def test_a_share_that_may_be_anything_is_not_told() -> None:
    row = {"better": 1.0, "better_low": 0.0, "better_high": 1.0}
    assert share(row, "better") == "too few to tell"
    assert share(row | {"better_low": 0.5}, "better") == "100% (50 to 100%)"


def test_rows_are_written_with_their_intervals() -> None:
    """And without one where it is not known."""
    row = {"value": 0.25, "low": -0.125, "high": 0.5, "share": 0.254}
    assert effect(row) == "+0.25 (-0.125 to +0.5)"
    assert estimate(row) == "0.25 (-0.125 to 0.5)"
    assert percentage(row, "share", "value", "high") == "25% (25% to 50%)"
    assert with_error(0.25, 0.5, 30) == "0.25 ± 0.25"
    alone = row | {"low": NONE, "high": NONE}
    assert (effect(alone), estimate(alone), with_error(0.25, NONE, 1)) == ("+0.25", "0.25", "0.25")
    assert effect(alone | {"differs": "0 of 30"}) == "+0.25 (differs in 0 of 30)"
    assert effect(row | {"value": 0.0, "differs": "0 of 30"}) == "0 (in all 30)"
    assert effect(row | {"value": 0.0, "differs": "10 of 30"}) == "0 (-0.125 to +0.5)"
    assert estimate(alone | {"differs": "0 of 30"}) == "0.25 (varies in 0 of 30)"
    assert percentage(alone | {"differs": "0 of 30"}) == "25% (varies in 0 of 30)"
    nothing = dict.fromkeys(row, NONE) | {"differs": "0 of 30"}
    assert {effect(nothing), estimate(nothing), between(NONE, 1.0), percent(NONE)} == {"-"}
    shares = (0.004, 0.996, 1.0, -0.0, 0.12345)
    assert [percent(each) for each in shares] == ["0.4%", "99.6%", "100%", "0%", "12%"]


def test_a_mean_whose_interval_is_cut_has_both_ends() -> None:
    assert with_error(0.15, 0.4, 2, -0.1) == "0.15 ± 0.25"
    assert with_error(0.15, 1.0, 2, 0.0) == "0.15 (0 to 1)"


def test_no_width_is_written_as_knowledge() -> None:
    """What never varied is said to, and what is too small for the digits is not called nothing."""
    assert with_error(0.25, NONE, 30) == "0.25 (varies in 0 of 30)"
    assert with_error(0.25, 0.25 + 1e-9, 30) == "0.25 ± less than 0.0001"
    assert (between(0.25, 0.25), with_error(NONE, NONE, 30)) == ("0.25 (no spread seen)", "-")


def test_what_has_no_unit_has_none_behind_it() -> None:
    assert in_unit("0.5 to 2", "1") == "0.5 to 2"
    assert in_unit("0.5 to 2", "years") == "0.5 to 2 years"


def test_large_sums_are_read_in_thousands() -> None:
    assert scale("yuan", 100_000) == (1000, "thousand yuan")
    assert scale("yuan", 3_500_000) == (1_000_000, "million yuan")
    assert scale("yuan", 9_999) == (1, "yuan")
