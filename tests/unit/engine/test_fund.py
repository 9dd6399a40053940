"""Oracle: shares in exact fractions; for what must not matter, the same fen. No chance."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Environment

from villagesim.engine.fund import Fund, fen, fen_up

CLAIMS = st.dictionaries(st.text("ab 村", max_size=5), st.integers(0, 10**12), max_size=8)
MONEY = st.integers(0, 10**13)


def fund_of(amount):
    fund = Fund(Environment())
    fund.pay_in(amount)
    return fund


@given(CLAIMS, MONEY)
def test_what_is_paid_is_what_is_asked_or_all_there_is(claims, money):
    fund = fund_of(money)
    paid = fund.pay_all(claims)
    assert sum(paid.values()) == min(money, sum(claims.values()))
    assert fund.level == money - sum(paid.values())


@given(CLAIMS, MONEY)
def test_everybody_gets_its_share_to_the_fen_and_never_more_than_asked(claims, money):
    paid = fund_of(money).pay_all(claims)
    assert paid.keys() == claims.keys()
    asked = sum(claims.values())
    for name, claim in claims.items():
        exact = Fraction(claim * min(money, asked), asked) if asked else Fraction(0)
        assert abs(paid[name] - exact) < 1
        assert 0 <= paid[name] <= claim


@given(CLAIMS, MONEY, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(claims, money, chance):
    parts = list(claims.items())
    chance.shuffle(parts)
    assert fund_of(money).pay_all(dict(parts)) == fund_of(money).pay_all(claims)


@given(CLAIMS, MONEY)
def test_larger_remainders_are_served_first_and_ties_by_name(claims, money):
    paid, asked = fund_of(money).pay_all(claims), sum(claims.values())
    have = min(money, asked)
    if not asked:
        return
    lucky = {name for name in claims if paid[name] > claims[name] * have // asked}
    rank = {name: (-(claims[name] * have % asked), name) for name in claims}
    assert all(rank[a] < rank[b] for a in lucky for b in claims.keys() - lucky)


def test_one_fen_for_two_equal_claims_goes_to_the_first_name():
    assert fund_of(1).pay_all({"b": 5, "a": 5}) == {"a": 1, "b": 0}
    assert fund_of(10).pay_all({"a": 10, "b": 10, "c": 10}) == {"a": 4, "b": 3, "c": 3}


def test_nobody_waits_and_no_claim_blocks_a_smaller_one():
    fund = fund_of(5)
    assert fund.pay_all({"large": 1_000}) == {"large": 5}
    assert fund.pay_all({"small": 1}) == {"small": 0}
    fund.pay_in(2)
    assert fund.pay_all({"small": 1}) == {"small": 1}
    assert not fund.get_queue
    assert not fund.put_queue


def test_nothing_asked_or_nothing_there():
    assert fund_of(5).pay_all({}) == {}
    assert fund_of(5).pay_all({"a": 0}) == {"a": 0}
    empty = fund_of(0)
    assert empty.pay_all({"a": 7, "b": 0}) == {"a": 0, "b": 0}
    assert empty.level == 0


def test_what_is_not_spent_is_carried_over():
    fund = fund_of(100)
    fund.pay_all({"a": 30})
    fund.pay_in(50)
    assert fund.level == 120


@pytest.mark.parametrize(("yuan", "whole"), [(0.0, 0), (12.34, 1234), (0.005, 0), (40e6, 4_000_000_000)])
def test_yuan_to_fen(yuan, whole):
    assert fen(yuan) == whole


@pytest.mark.parametrize(
    ("yuan", "whole"),
    [
        (0.0, 0),
        (1e-9, 1),
        (12.34, 1234),
        (12.345, 1235),
        (7_500_000.0, 750_000_000),
        (7_500_000.000000001, 750_000_000),
    ],
)
def test_a_begun_fen_is_paid_and_the_noise_of_a_sum_is_none(yuan, whole):
    assert fen_up(yuan) == whole
