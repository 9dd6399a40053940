"""The posterior that comes with the library: that it is of these targets and ranges, and may be drawn from."""

import numpy as np

from villagesim.evidence import read_places, read_posterior, read_targets
from villagesim.evidence.posterior import digest_of_targets
from villagesim.parameters import DEFAULTS

POSTERIOR = read_posterior()


def test_it_is_of_the_targets_and_places_that_are_packaged() -> None:
    """Where it fails, targets have changed since: `make evidence`."""
    assert POSTERIOR.about["targets"] == digest_of_targets()
    known = read_targets()
    assert {known[name].use for name in POSTERIOR.about["numbers"]} == {"calibrate"}
    assert len({read_places()[known[name].place].name for name in POSTERIOR.about["numbers"]}) >= 20


def test_its_ranges_are_those_of_the_parameters() -> None:
    """Where it fails, a range has changed since: `make evidence`."""
    for path in POSTERIOR.paths:
        p = DEFAULTS[path.removeprefix("parameters.")]
        assert tuple(POSTERIOR.about["ranges"][path]) == (p.low, p.high)
        assert not p.is_well_known


def test_rows_are_a_thousand_within_the_ranges() -> None:
    low, high = np.array([POSTERIOR.about["ranges"][path] for path in POSTERIOR.paths]).T
    assert POSTERIOR.rows.shape == (1000, len(POSTERIOR.paths))
    assert 1 <= len(POSTERIOR.paths) <= 15
    for rows in (POSTERIOR.rows, POSTERIOR.drawn(5000, 1)):
        assert (rows >= low - 1e-9 * np.abs(low)).all()
        assert (rows <= high + 1e-9 * np.abs(high)).all()


def test_what_fits_no_value_is_named() -> None:
    assert {*POSTERIOR.about["fit_no_value"]} < {*POSTERIOR.about["numbers"]}
