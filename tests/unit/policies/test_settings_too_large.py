"""Settings beyond all reason: the message names the bound that they break."""

import re
from dataclasses import fields

import pytest

from villagesim.errors import PolicyError
from villagesim.policies import KINDS


def refusals(kind):
    for setting in fields(kind):
        if setting.type in (int, float, float | None):
            try:
                kind(**{"start": "2022-03-01", **kind.example, setting.name: 10**14})
            except PolicyError as problem:
                yield str(problem)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_setting_that_is_too_large_is_told_how_large_it_may_be(kind):
    """And not that it must be at least 0, as it is."""
    bound = re.compile("below|between|at most|at least as much|[0-9] to [0-9]")
    assert [said for said in refusals(kind) if not bound.search(said)] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_number_of_things_or_sum_is_beyond_all_reason(kind):
    """Each is refused by its own name, whatever Python can hold."""
    for setting in fields(kind):
        if setting.type in (int, float, float | None):
            for beyond in (10**13, 10**400, 10**5000):
                with pytest.raises(PolicyError, match=setting.name):
                    kind(**{"start": "2022-03-01", **kind.example, setting.name: beyond})
