"""How a programme comes to some counties first, or to some alone, so that methods for such data can be tried on it.

The model knows what the same county would have had without: so each row of the table has both, and an estimate can be set beside
the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.checks import number, whole
from villagesim.errors import DesignError, nearest
from villagesim.randomness import Draws
from villagesim.runs.counties import CohortCounty

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("staggered", "lot", "pairs")
TOLD = ("villages", "share_merged", "mean_income", "income_spread")
"""What pairs are alike in."""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """Which counties have the strategy, and from when on.

    Attributes
    ----------
    kind : str
        ``staggered``: counties are dealt out by lot among ``years``; ``lot``: a ``share`` of them has it; ``pairs``: one, by
        lot, of every two that are alike.
    years : tuple of int
        First years, equally often, of ``staggered``; 0 for counties that never have it.
    share : float
        Of counties that have it by ``lot`` [0 to 1].
    """

    kind: str
    years: tuple[int, ...] = ()
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DesignError(f"rollout: kind = {self.kind!r} is none.", fix=nearest(self.kind, KINDS))
        for year in self.years:
            whole(year, "years", least=0, error=DesignError)
        if (self.kind == "staggered") != bool(self.years) or len(set(self.years)) != len(self.years):
            fix = "Give years = [2022, 2023, 0] to a staggered one, each once, and to no other."
            raise DesignError(f"rollout: years = {list(self.years)} does not go with {self.kind!r}.", fix=fix)
        number(self.share, "share", above=0, below=1, error=DesignError)

    def dealt(self, counties: Sequence[CohortCounty], seed: int) -> list[CohortCounty]:
        """Counties with the year in which each begins, where years are dealt out."""
        if self.kind != "staggered":
            return list(counties)
        order = _by_lot(counties, seed)
        years = np.empty(len(order), np.int64)
        years[order] = [self.years[k % len(self.years)] for k in range(len(order))]
        return [replace(county, begins=year) for county, year in zip(counties, years.tolist(), strict=True)]

    def groups(
        self, counties: Sequence[CohortCounty], usual: Sequence[int], traits: "pd.DataFrame", seed: int
    ) -> "pd.DataFrame":
        """First year with the strategy of each county, 0 for never, and the number of its pair, 0 for none.

        Parameters
        ----------
        usual : sequence of int
            Year in which the strategy begins in each county where no year was dealt.
        traits : DataFrame
            A row a county, with :data:`TOLD`.
        """
        import pandas as pd

        n, pair = len(counties), np.zeros(len(counties), np.int64)
        lots = _lots(counties, seed)
        if self.kind == "staggered":
            first = [county.begins for county in counties]
        elif self.kind == "lot":
            chosen = np.isin(np.arange(n), _by_lot(counties, seed)[: round(self.share * n)])
            first = np.where(chosen, usual, 0).tolist()
        else:
            pair = pairs_of(traits[list(TOLD)].to_numpy(float))
            other = np.array([lots[(pair == k) & (k > 0)].min(initial=2.0) for k in pair])
            first = np.where((pair > 0) & (lots == other), usual, 0).tolist()
        return pd.DataFrame({"county": [county.key for county in counties], "group": first, "pair": pair})


def pairs_of(traits: Floats) -> Ints:
    """Number of the pair of each row, 0 for one that is left over: the two nearest first, then of the rest.

    Distances are of traits in standard deviations; traits that do not vary do not count.
    """
    n, spread = len(traits), traits.std(axis=0)
    scaled = (traits - traits.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    upper = np.triu_indices(n, 1)
    apart = ((scaled[upper[0]] - scaled[upper[1]]) ** 2).sum(axis=1)
    pair, number_of = np.zeros(n, np.int64), 0
    for k in np.argsort(apart, kind="stable").tolist():
        one, other = int(upper[0][k]), int(upper[1][k])
        if not pair[one] and not pair[other]:
            number_of += 1
            pair[one] = pair[other] = number_of
    return pair


def _lots(counties: Sequence[CohortCounty], seed: int) -> Floats:
    return Draws.of_draw(seed, 0).uniform("rollout", np.array([county.seed(seed) for county in counties], np.int64))


def _by_lot(counties: Sequence[CohortCounty], seed: int) -> Ints:
    return np.asarray(np.argsort(_lots(counties, seed), kind="stable"))
