"""Oracle: folding by hand; for what must not matter, the same bits. No chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagesim.engine.levers import Capacity, Coverage, Quantity, Rate

FACTORS = st.floats(0, 1e3, allow_subnormal=False)


def rate_with(parts, base=0.2):
    """A rate of four rows, changed by owners in the order given."""
    rate = Rate("attempt_rate", base, 4)
    for owner, factor in parts:
        rate.set(owner, lambda factor=factor: factor)
    rate.refresh()
    return rate


@given(st.dictionaries(st.text("ab 村", min_size=1), FACTORS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_owners_come_does_not_matter(factors, chance):
    parts = list(factors.items())
    chance.shuffle(parts)
    assert (rate_with(parts).now == rate_with(factors.items()).now).all()


def test_the_order_of_folding_would_matter():
    """The twin: the same factors under other names give other bits, so folding as they come would be noticed."""
    values = (0.1, 0.7, 1.3)
    by_name = rate_with(zip("abc", values, strict=True)).now
    assert any((rate_with(zip(names, values, strict=True)).now != by_name).any() for names in ("bca", "cab", "cba"))


@given(st.floats(1e-6, 10), st.lists(FACTORS, max_size=4), st.integers(0, 4))
def test_a_factor_of_one_keeps_every_bit(base, factors, position):
    names = [f"owner {i}" for i in range(len(factors) + 1)]
    idle = names.pop(min(position, len(factors)))
    parts = list(zip(names, factors, strict=True))
    without = rate_with(parts, base).now
    assert (rate_with([*parts, (idle, 1.0)], base).now == without).all()
    assert (rate_with([(idle, np.ones(4)), *parts], base).now == without).all()


def test_factors_multiply_row_by_row():
    rate = rate_with([("programme", np.array([1.0, 4.0, 1.0, 4.0])), ("secretary", 0.5)], base=2.0)
    assert rate.now.tolist() == [1.0, 4.0, 1.0, 4.0]
    assert rate.base.tolist() == [2.0] * 4


def test_a_lever_keeps_its_value_until_it_is_refreshed():
    rate, factor = Rate("attempt_rate", 1.0, 2), [2.0]
    rate.set("policy", lambda: factor[0])
    assert rate.now.tolist() == [1.0, 1.0]
    rate.refresh()
    factor[0] = 3.0
    assert rate.now.tolist() == [2.0, 2.0]
    rate.refresh()
    assert rate.now.tolist() == [3.0, 3.0]
    rate.drop("policy")
    rate.drop("policy")
    assert rate.now.tolist() == [3.0, 3.0]
    rate.refresh()
    assert rate.now.tolist() == [1.0, 1.0]


def test_two_contributions_of_one_owner_are_refused():
    rate = rate_with([("policy", 2.0)])
    with pytest.raises(ValueError, match="attempt_rate is changed by 'policy' already: give the second one its own"):
        rate.set("policy", lambda: 3.0)


@pytest.mark.parametrize("factor", [-1.0, np.nan, np.inf, np.array([1.0, 1.0, -1e-300, 1.0])])
def test_what_is_not_a_rate_is_refused(factor):
    with pytest.raises(ValueError, match=r"attempt_rate is not a rate any more after \['policy'\]"):
        rate_with([("policy", factor)])


def test_owners_are_listed_in_the_order_of_folding():
    assert rate_with([("b", 1.0), ("a", 1.0), ("c", 1.0)]).owners == ["a", "b", "c"]


@given(st.dictionaries(st.text("ab 村", min_size=1), st.lists(st.integers(0, 50), min_size=3, max_size=3), max_size=5))
def test_capacities_add(officers):
    capacity = Capacity("facilitators", 3)
    for owner, numbers in officers.items():
        capacity.set(owner, lambda numbers=numbers: np.array(numbers))
    capacity.refresh()
    assert capacity.now.tolist() == np.sum([[0, 0, 0], *officers.values()], axis=0).tolist()
    assert capacity.now.dtype == float


def test_coverage_is_what_anybody_reaches():
    coverage = Coverage("programme", 4)
    coverage.set("one", lambda: np.array([True, False, False, True]))
    coverage.set("two", lambda: np.array([True, True, False, False]))
    coverage.refresh()
    assert coverage.now.tolist() == [True, True, False, True]
    coverage.drop("one")
    coverage.refresh()
    assert coverage.now.tolist() == [True, True, False, False]


def test_a_lever_of_no_kind_cannot_be_changed():
    lever = Quantity("pressure", np.zeros(2))
    lever.set("policy", lambda: 1.0)
    with pytest.raises(TypeError, match="no combining rule"):
        lever.refresh()


def test_a_lever_is_at_rest_only_where_refreshing_would_change_nothing():
    """Before anybody contributes, and again from the first refresh after the last one has left."""
    rate = Rate("attempt_rate", 1.0, 2)
    assert rate.at_rest
    rate.set("policy", lambda: 2.0)
    assert not rate.at_rest
    rate.refresh()
    rate.drop("policy")
    assert not rate.at_rest
    assert rate.now.tolist() == [2.0, 2.0]
    rate.refresh()
    assert rate.at_rest
    assert rate.now.tolist() == [1.0, 1.0]
