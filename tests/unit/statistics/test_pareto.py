"""Every way to share, once; and which gains are efficient, by hand."""

from itertools import product
from math import comb

import numpy as np

from villagesim.statistics.pareto import efficient, lattice


def test_lattice_is_every_way_to_share():
    found = lattice(3, 4)
    assert found[0].tolist() == [1 / 3] * 3
    expected = {share for share in product(range(5), repeat=3) if sum(share) == 4}
    assert {tuple(int(part) for part in row) for row in np.round(found[1:] * 4)} == expected
    assert len(found) == 1 + comb(6, 2)


def test_equal_shares_are_not_there_twice():
    """Ten parts for two policies hold five and five already."""
    found = lattice(2, 10)
    assert found[0].tolist() == [0.5, 0.5]
    assert len(np.unique(found, axis=0)) == len(found) == 11


def test_efficient_by_hand():
    gains = np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 2.0], [1.0, 0.5], [2.0, 0.0]])
    assert efficient(gains).tolist() == [True, True, True, False, True]
