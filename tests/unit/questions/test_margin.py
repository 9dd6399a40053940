"""One rule for the smallest difference that matters, by hand."""

from dataclasses import replace

import numpy as np

from villagesim.questions.margin import margin

VALUES = np.array([[100.0, 300.0], [-500.0, -700.0], [np.nan, 800.0]])


def test_a_relative_one_is_of_the_mean_of_the_reference(one_town):
    """Whatever its sign; runs in which it is not defined are left out."""
    assert [margin(one_town, "debt", VALUES, k) for k in range(3)] == [2.0, 6.0, 8.0]
    three = np.stack([VALUES, VALUES], axis=1)  # draws as well as replications
    assert margin(one_town, "debt", three, 1) == 6.0


def test_where_the_reference_is_zero_or_not_defined_it_is_of_the_largest(one_town):
    """And the number itself where there is nothing to take a share of."""
    for nothing in (0.0, np.nan):
        values = np.vstack([[nothing, nothing], VALUES])
        assert margin(one_town, "debt", values, 0) == 8.0
        assert margin(one_town, "debt", values[:1], 0) == 0.01


def test_the_scenario_may_name_its_own(one_town):
    """An absolute one stays as it is."""
    own = replace(one_town, margins={"debt": 0.1, "trust": 0.05})
    assert margin(own, "debt", VALUES, 0) == 20.0
    assert margin(own, "trust", VALUES, 0) == 0.05
    assert margin(one_town, "trust", VALUES, 0) == 0.02
