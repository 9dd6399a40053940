"""Residents of a constituent village: what they quarrel about, and whether it was heard."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats


@dataclass
class ResidentColumns:
    """Columns by constituent, shape ``(n_rows,)``.

    Attributes
    ----------
    open_disputes : registered cases that wait or are in hearing [cases]
    forced : memory of a pooling without consent, 1 on the day, fading [index 0 to 1]
    welfare_paid : deposits of the month for the old, the young and households in hardship, counted when it is closed [yuan]
    unpaid_floors : unpaid part of the floors of the last settlement of the land trust, times the enrolled share [share]
    """

    open_disputes: Floats
    forced: Floats
    unpaid_floors: Floats
    welfare_paid: Floats

    @classmethod
    def at_start(cls, n: int) -> "ResidentColumns":
        """Nothing is open: the first cases of the run fill the desks within weeks."""
        return cls(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n))
