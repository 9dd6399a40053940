"""The gate of speed: counts of one replication that load cannot move."""

import counts
import yardstick


def test_a_replication_does_no_more_than_it_may() -> None:
    """And no less than three quarters of it: goals that nothing can miss are none."""
    found = counts.counts("one_town", "both")
    for kind, most in zip(yardstick.KINDS, yardstick.MOST["one_town", "both"], strict=True):
        assert 0.75 * most < found[kind] <= most, f"{kind}: {found[kind]:,}, at most {most:,}"
