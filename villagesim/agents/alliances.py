"""Party-building alliances (党建联合体): villages of one township, a strong one leading weaker ones."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, rows_where, sum_by, to_whole


@dataclass(eq=False)
class AllianceOffer:
    """Alliances on offer, and how much of them is paid for in the coming month.

    Attributes
    ----------
    rows : (n_rows,) constituents of the villages that may join
    share : of these villages that shall be in an alliance
    size : villages in an alliance, its leader counted; a few more where they do not come out even
    four_bodies : its villages share the seed money that one of them gets
    paid_share : 0 to 1
    """

    rows: Bools
    share: float
    size: int
    four_bodies: bool
    paid_share: float = 0.0


@dataclass
class AllianceColumns:
    """Columns by constituent, shape ``(n_rows,)``.

    Attributes
    ----------
    leader : row of the village that leads its village's alliance, -1 where there is none
    four_bodies : seed money for its village is shared in the alliance
    """

    leader: Ints
    four_bodies: Bools

    @classmethod
    def at_start(cls, n: int) -> "AllianceColumns":
        """Nobody is in an alliance."""
        return cls(np.full(n, -1), np.zeros(n, bool))


def clusters(villages: Ints, township: Ints, income: Floats, share: float, size: int) -> tuple[Ints, Ints]:
    """Put villages of each township together: the strongest lead, the weakest are dealt out among them, one by one.

    Parameters
    ----------
    villages : (n,) rows
    township, income : (n_rows,)
    share : of the villages that shall be covered; shared out over townships by largest remainder
    size : villages in an alliance, its leader counted

    Returns
    -------
    members, leaders
        Rows of the villages in an alliance, and of the leader of each.
    """
    n_covered = to_whole(share * sum_by(township, np.isin(np.arange(len(township)), villages), int(township.max()) + 1))
    members, leaders = [villages[:0]], [villages[:0]]
    for town in rows_where(n_covered >= 2).tolist():
        here = villages[township[villages] == town]
        weakest_first = here[np.argsort(income[here], kind="stable")]
        n = max(int(n_covered[town]) // size, 1)
        leading, weak = weakest_first[::-1][:n], weakest_first[: n_covered[town] - n]
        members += [leading, weak]
        leaders += [leading, leading[np.arange(len(weak)) % n]]
    return np.concatenate(members), np.concatenate(leaders)
