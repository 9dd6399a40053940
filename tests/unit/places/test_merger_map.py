"""Merger maps: who is host in each new village."""

import numpy as np

from villagesim.places.merger_map import MergerMap, known_hosts
from villagesim.places.rolls import Roll


def town(*names: str, first: int = 201) -> list[tuple[str, str]]:
    return [(f"370114001{first + k}", f"{name}村委会") for k, name in enumerate(names)]


BEFORE = Roll.of(town("甲一", "甲二", "乙", "丙", "丙二"))
AFTER = Roll.of([*town("新", first=240), *town("丁", first=203), *town("丙", first=250)])
VILLAGE = np.array([1, 1, 0, 2, 2])  # 甲一 and 甲二 into 新, 乙 into 丁, which has its code, 丙 and 丙二 into 丙


def test_a_name_or_a_code_lives_on() -> None:
    assert AFTER.cores == ("丁", "新", "丙")
    assert known_hosts(BEFORE, AFTER, VILLAGE).tolist() == [2, -1, 3]
    assert known_hosts(BEFORE, AFTER, np.array([1, 1, -1, -1, 2])).tolist() == [-1, -1, -1]


def test_hosts_are_the_ones_that_live_on_then_the_largest() -> None:
    merger = MergerMap(VILLAGE, ("user",) * 5, np.ones(5), known_hosts(BEFORE, AFTER, VILLAGE))
    assert merger.n_constituents.tolist() == [1, 2, 2]
    assert merger.hosts(np.array([100, 200, 1, 1, 50])).tolist() == [2, 1, 3]
    assert merger.hosts(np.array([100, 100, 1, 1, 50])).tolist() == [2, 0, 3]  # of equals the lower code


def test_only_what_was_inferred_is_weak() -> None:
    """A user's link that is doubtful is kept in every draw all the same."""
    merger = MergerMap(
        VILLAGE, ("user", "order", "kept", "name part", "totals"), np.array([0.3, 0.3, 0.3, 0.6, 0.4]), np.arange(3)
    )
    assert merger.weak.tolist() == [False, True, False, False, True]
