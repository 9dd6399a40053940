"""What raters and reviewers have last seen of every village."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats, Ints

WEAK, STANDARD, GOOD, ADVANCED = 1, 3, 4, 5
"""Stars of a village that is weak and lax (软弱涣散), up to standard, good, advanced."""


@dataclass
class RatingColumns:
    """Columns by village, read at the row of its host; shape ``(n_rows,)``.

    Attributes
    ----------
    stars : 1 to 5 at the last rating; 0 where nobody rates it
    before : stars that it had before these; 0 where there were none
    since : key of the month whose rating gave it these stars first
    score : at the last rating, with what raters happened to see [index]
    standing : reviewed villages that stood lower at the last monthly review [share]; NaN where nobody reviews it
    """

    stars: Ints
    before: Ints
    since: Ints
    score: Floats
    standing: Floats

    @classmethod
    def at_start(cls, n: int) -> "RatingColumns":
        """Nobody has been rated or reviewed."""
        return cls(
            stars=np.zeros(n, np.int64),
            before=np.zeros(n, np.int64),
            since=np.zeros(n, np.int64),
            score=np.zeros(n),
            standing=np.full(n, np.nan),
        )
