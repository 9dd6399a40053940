"""Oracles: the uniform, Poisson and exponential laws; for what must be the same, the same bits.

All statistical tests here have a chance of a false alarm of 1e-4 each, unless they say otherwise.
"""

from itertools import combinations

import numpy as np
import pytest
from checks import assert_is_law_of, assert_mean_is
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, expon, uniform
from scipy.stats import poisson as poisson_law

from villagesim.dates import DAYS_A_YEAR
from villagesim.errors import RunError
from villagesim.frozen import read_only
from villagesim.randomness import Draws, arrivals, occurs, poisson

CODES = 370_114_001_200 + np.arange(300)
MONTHS = 12 * 2021 + np.arange(400)
DRAWS = Draws.of_replication(7, 3)


@pytest.fixture(scope="module")
def table():
    """Uniforms of neighbouring codes in successive months, (n_months, n_codes)."""
    return DRAWS.uniform("vote", CODES, MONTHS[:, None])


def chi_square_of_pairs(first, second, n_cells=16):
    """Chance of pairs as uneven over the unit square as these, were they independent and uniform."""
    cells = (first * n_cells).astype(int) * n_cells + (second * n_cells).astype(int)
    return chisquare(np.bincount(cells.ravel(), minlength=n_cells**2)).pvalue


# --- uniform, independent ---


def test_draws_are_uniform(table):
    """Oracle: the uniform law, Kolmogorov-Smirnov on 120,000 draws of neighbouring ids; false alarm 1e-4."""
    assert_is_law_of(uniform, table.ravel())
    assert 0 < table.min() < table.max() < 1


def test_draws_bent_by_two_percent_are_noticed(table):
    with pytest.raises(AssertionError, match="false alarm"):
        assert_is_law_of(uniform, table.ravel() ** 1.02)


@pytest.mark.parametrize("axis", [0, 1], ids=["successive months", "neighbouring codes"])
def test_pairs_of_neighbours_fill_the_square_evenly(table, axis):
    """Oracle: chi-square of 256 cells, 120,000 pairs; false alarm 1e-4 each."""
    assert chi_square_of_pairs(table, np.roll(table, 1, axis)) > 1e-4


def test_neighbours_that_share_three_percent_of_their_luck_are_noticed(table):
    neighbour = np.roll(table, 1, axis=1)
    copied = np.random.default_rng(1).random(table.shape) < 0.03
    assert chi_square_of_pairs(table, np.where(copied, table, neighbour)) < 1e-4


def correlations(columns):
    """Correlation of every two of some columns, in standard errors."""
    n = columns[0].size
    return [np.corrcoef(a.ravel(), b.ravel())[0, 1] * n**0.5 for a, b in combinations(columns, 2)]


def test_decisions_seeds_replications_and_draws_are_uncorrelated(table):
    """Oracle: zero, 120,000 draws each, ten pairs within 4.4 standard errors; false alarm 1e-4 for all of them."""
    others = [
        DRAWS.uniform("votf", CODES, MONTHS[:, None]),
        Draws.of_replication(7, 4).uniform("vote", CODES, MONTHS[:, None]),
        Draws.of_replication(8, 3).uniform("vote", CODES, MONTHS[:, None]),
        Draws.of_draw(7, 3).uniform("vote", CODES, MONTHS[:, None]),
    ]
    assert np.abs(correlations([table, *others])).max() < 4.4


def test_decisions_that_share_two_percent_of_their_luck_are_noticed(table):
    other = DRAWS.uniform("votf", CODES, MONTHS[:, None])
    assert np.abs(correlations([table, other + 0.02 * table])).max() > 4.4


def test_words_of_a_key_do_not_swap(table):
    """Oracle: zero; (code, month) and (month, code) differ, though they hold the same words. False alarm 1e-4."""
    swapped = DRAWS.uniform("vote", MONTHS[:, None], CODES)
    assert np.abs(correlations([table, swapped])).max() < 3.9


def test_normals_are_normal():
    """Oracle: mean 0 and variance 1 of 120,000; false alarm 1e-4 each."""
    values = DRAWS.normal("price", CODES, MONTHS[:, None]).ravel()
    assert_mean_is(0, values)
    assert_mean_is(1, values**2)


# --- by key only ---


def test_the_same_key_gives_the_same_bits_in_another_object(table):
    assert (Draws(7, 3).uniform("vote", CODES, MONTHS[:, None]) == table).all()


def test_a_subset_of_ids_gets_the_same_numbers(table):
    rows = [3, 17, 250]
    assert (DRAWS.uniform("vote", CODES[rows], MONTHS[:, None]) == table[:, rows]).all()
    assert (DRAWS.uniform("vote", int(CODES[17]), int(MONTHS[5])) == table[5, 17]).all()


@pytest.mark.parametrize("who", [(5, 6), (CODES, 5, MONTHS[:300]), (5, CODES), (5, 6, CODES[:1])])
def test_plain_numbers_and_arrays_of_ids_draw_alike(who):
    """Words of a key that are plain numbers are hashed on their own; so are several decisions at once."""
    in_arrays = DRAWS.uniform("vote", *(np.atleast_1d(part) for part in who))
    assert (DRAWS.uniform("vote", *who) == in_arrays).all()
    assert (DRAWS.uniform_by_decision(("other", "vote"), *who)[1] == in_arrays).all()


def test_the_order_of_ids_does_not_matter(table):
    order = np.random.default_rng(2).permutation(len(CODES))
    assert (DRAWS.uniform("vote", CODES[order], MONTHS[:, None]) == table[:, order]).all()


def test_draws_in_between_shift_nothing(table):
    draws = Draws(7, 3)
    draws.uniform("something else", CODES)
    draws.normal("vote", CODES, 5)
    assert (draws.uniform("vote", CODES, MONTHS[:, None]) == table).all()


def test_the_caller_s_ids_are_left_as_they_are():
    codes = CODES.astype(np.uint64)
    DRAWS.uniform("vote", codes, 1)
    assert (codes == CODES.astype(np.uint64)).all()


def test_arrivals_of_a_subset_are_the_same_arrivals():
    rows, ordinal, when = arrivals(DRAWS, "attempt", CODES, 24_252, 31.0, 28, 6.0)
    some = np.array([5, 6, 200])
    few, few_ordinal, few_when = arrivals(DRAWS, "attempt", CODES[some], 24_252, 31.0, 28, 6.0)
    mine = np.isin(rows, some)
    assert (some[few] == rows[mine]).all()
    assert (few_ordinal == ordinal[mine]).all()
    assert (few_when == when[mine]).all()


# --- Poisson counts ---


def test_counts_are_the_poisson_quantiles():
    """Oracle: scipy's quantile function, case by case; no chance."""
    u = DRAWS.uniform("count", np.arange(50_000))
    for mean in (0.0, 0.02, 0.32, 3.0, 50.0, 600.0):
        assert (poisson(u, mean, "cases") == poisson_law.ppf(u, mean)).all()


@given(
    st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=20),
    st.floats(0, 100),
    st.floats(0, 100),
)
def test_a_higher_mean_never_gives_a_lower_count(luck, mean, more):
    u = np.array(luck)
    assert (poisson(u, mean, "cases") <= poisson(u, mean + more, "cases")).all()


def monthly_counts(rate):
    """Arrivals by code and month at a yearly rate."""
    counts = []
    for month in MONTHS:
        rows, _, _ = arrivals(DRAWS, "attempt", CODES, int(month), 0.0, 28, rate)
        counts.append(np.bincount(rows, minlength=len(CODES)))
    return np.array(counts, float).ravel()


def test_arrivals_have_the_mean_and_variance_of_poisson_counts():
    """Oracle: both are rate x days / 365.25, 120,000 counts; false alarm 1e-4 each."""
    mean = 0.32
    counts = monthly_counts(mean * DAYS_A_YEAR / 28)
    assert_mean_is(mean, counts, unit="arrivals")
    assert_mean_is(mean, (counts - mean) ** 2, unit="arrivals^2")


def test_arrivals_three_percent_too_often_are_noticed():
    counts = monthly_counts(0.33 * DAYS_A_YEAR / 28)
    with pytest.raises(AssertionError, match="standard errors"):
        assert_mean_is(0.32, counts, unit="arrivals")


def test_arrivals_come_at_any_time_of_the_month():
    """Oracle: the uniform law within the month; false alarm 1e-4."""
    _, _, when = arrivals(DRAWS, "attempt", np.arange(20_000), 24_252, 59.0, 31, 12.0)
    assert_is_law_of(uniform(59.0, 31), when)


@given(st.lists(st.floats(0, 60), min_size=5, max_size=5), st.lists(st.floats(0, 60), min_size=5, max_size=5))
def test_a_higher_rate_only_adds_arrivals(rates, more):
    codes = CODES[:5]
    low = arrivals(DRAWS, "attempt", codes, 24_252, 0.0, 31, np.array(rates))
    high = arrivals(DRAWS, "attempt", codes, 24_252, 0.0, 31, np.array(rates) + np.array(more))
    assert set(zip(*(part.tolist() for part in low), strict=True)) <= set(
        zip(*(part.tolist() for part in high), strict=True)
    )


def test_a_key_of_two_words_tells_integrations_apart():
    codes, integration = np.repeat(CODES, 2), np.tile([3, 4], len(CODES))
    rows, _, when = arrivals(DRAWS, "attempt", (codes, integration), 24_252, 0.0, 31, 3.0)
    alone, _, alone_when = arrivals(DRAWS, "attempt", (CODES, np.full(len(CODES), 3)), 24_252, 0.0, 31, 3.0)
    third = integration[rows] == 3
    assert (codes[rows[third]] == CODES[alone]).all()
    assert (when[third] == alone_when).all()
    assert not np.isin(when[~third], alone_when).any()


# --- hazards ---


def waits(rate, n=20_000, n_months=240, days=30.4375):
    """Years until a hazard strikes for the first time, month after month; inf where it does not within 20 years."""
    years = np.full(n, np.inf)
    for month in range(n_months):
        alive = np.flatnonzero(years == np.inf)
        rows, after = occurs(DRAWS, "exit", alive, month, days, rate)
        years[alive[rows]] = (month * days + after) / DAYS_A_YEAR
    return years


def test_a_hazard_taken_month_by_month_gives_exponential_times():
    """Oracle: the exponential law, 20,000 times, of which 0.0003 should last 20 years; false alarm 1e-4."""
    years = waits(0.9)
    assert np.isinf(years).sum() <= 3
    assert_is_law_of(expon(scale=1 / 0.9), years[years < np.inf])


def test_a_hazard_five_percent_off_is_noticed():
    years = waits(0.945)
    with pytest.raises(AssertionError, match="false alarm"):
        assert_is_law_of(expon(scale=1 / 0.9), years[years < np.inf])


@given(st.floats(0, 20), st.floats(0, 20))
def test_a_higher_hazard_strikes_the_same_rows_earlier_and_more(rate, more):
    rows, after = occurs(DRAWS, "exit", CODES, 24_252, 31, rate)
    more_rows, more_after = occurs(DRAWS, "exit", CODES, 24_252, 31, rate + more)
    assert set(rows) <= set(more_rows)
    assert (more_after[np.isin(more_rows, rows)] <= after).all()
    assert (after <= 31 * (1 + 1e-12)).all()


@pytest.mark.filterwarnings("error")
def test_a_hazard_of_zero_never_strikes():
    rate = np.where(CODES % 2, 1e6, 0.0)
    rows, _ = occurs(DRAWS, "exit", CODES, 24_252, 31, rate)
    assert (rows == np.flatnonzero(CODES % 2)).all()


# --- what cannot be drawn is refused by name ---


@pytest.mark.parametrize(
    "key",
    [1.5, -1, 2**64, "7", np.array([1.0, 2.0]), np.array([3, -3]), np.array([1, 2], np.float32), [2**64, 1], None],
)
def test_a_key_is_a_whole_number_from_0_up(key):
    """Another would be cut to one in silence, and two ids would share their luck."""
    for who in ((key,), (3, key), (CODES, key)):
        with pytest.raises(RunError, match=r"draws of 'vote': the key .* is no whole number"):
            DRAWS.uniform("vote", *who)
    with pytest.raises(RunError, match="draws of 'vote, wait': the key"):
        DRAWS.uniform_by_decision(["vote", "wait"], key)


def test_all_whole_keys_are_taken_alike():
    """Whatever holds them: Python, numpy of any width, truth."""
    once = DRAWS.uniform("vote", 5)
    for key in (np.int8(5), np.uint64(5), [5], np.array([5], np.int32), np.array([5], np.uint8)):
        assert DRAWS.uniform("vote", key) == once
    assert DRAWS.uniform("vote", True) == DRAWS.uniform("vote", np.array([True]))
    assert DRAWS.uniform("vote", 2**64 - 1) == DRAWS.uniform("vote", np.array([2**64 - 1], np.uint64))


@pytest.mark.parametrize("mean", [700.1, 1e9, -0.1, np.nan, np.inf])
def test_a_mean_that_cannot_be_counted_is_refused(mean):
    """Beyond 700 the smallest probabilities are lost: counts stayed below 800 whatever the mean."""
    u = DRAWS.uniform("vote", CODES)
    with pytest.raises(RunError, match=r"hearings: a mean number of .* must be from 0 to 700"):
        poisson(u, np.array([1.0, mean, 2.0] * 100), "hearings")


def test_the_highest_mean_is_counted_right():
    """Oracle: the Poisson law at a mean of 700."""
    u = DRAWS.uniform("vote", CODES)
    assert (poisson(u, 700.0, "cases") == poisson_law.ppf(u, 700.0)).all()


# --- a year at once ---


def test_lasting_ids_are_drawn_a_year_at_once_with_the_same_bits():
    """In any order of months, and apart from other ids and decisions; what may still change is drawn by the month."""
    draws, lasting, others = Draws.of_replication(7, 3), read_only(CODES), read_only(CODES[::-1])
    for month in (24_252, 24_253, 24_263, 24_264, 24_252):
        for decision, who in (("exit", lasting), ("one_off", lasting), ("exit", others), ("exit", CODES)):
            np.testing.assert_array_equal(draws.of_month(decision, who, month), DRAWS.uniform(decision, who, month))


def test_ids_that_change_are_not_taken_for_those_of_the_month_before():
    draws, codes = Draws.of_replication(7, 3), CODES.copy()
    before = draws.of_month("exit", codes, 24_252)
    codes += 1
    assert (draws.of_month("exit", codes, 24_252) != before).all()


def test_those_among_whom_a_hazard_strikes_have_the_luck_that_they_have_alone():
    among, rate = np.arange(0, 300, 3), np.linspace(0.5, 9.0, 100)
    rows, after = occurs(DRAWS, "exit", read_only(CODES), 24_252, 31, rate, among)
    alone, alone_after = occurs(DRAWS, "exit", CODES[among], 24_252, 31, rate)
    assert 0 < len(rows) < 100
    np.testing.assert_array_equal(rows, alone)
    np.testing.assert_array_equal(after, alone_after)
