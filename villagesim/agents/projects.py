"""Projects of collectives: in which form, of which kind, and who has a share in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, sum_by

FORMS = ("union", "chain", "cooperative", "company")
"""Township committee + union of cooperatives (党工委+联社), branch + industry chain (党支部+产业链), branch + cooperative
(党支部+合作社), branch + company + households (党支部+公司+农户): who shares, and what the collectives keep. Source:
S0.income_models."""
UNION, CHAIN, COOPERATIVE, COMPANY, STAKE, ACCOUNT, OUTSIDE = range(7)
"""Places in :data:`FORMS`, and three that nobody applies for: a stake bought for a listed village, which is its own, an
account's own investment, which belongs to all its constituents, and what a helper brings from outside to the village."""

KINDS: dict[str, tuple[str | None, ...]] = {
    "bought": ("bought_return", "bought_sd", "bought_gestation", "bought_death_rate", "bought_idle", "bought_least"),
    "built": ("built_return", "built_sd", "built_gestation", "built_death_rate", "built_idle", "built_least"),
    "lent": ("lent_return", "lent_sd", "lent_gestation", None, "lent_idle", "lent_least"),
    "joint": ("joint_return", "joint_sd", "joint_gestation", "joint_death_rate", "joint_idle", "joint_least"),
    "own": ("own_return", "own_sd", "own_gestation", "own_death_rate", "own_idle", "own_least"),
}
"""Assets that are bought and let (as solar panels or shops), built and let (workshops, greenhouses), money lent to a firm for
interest (保底分红; it ends with its firm), a part in another's business (入股), own business; with the names of the mean and
the spread of the return [of capital per year], of the gestation [months], of the death rate [per year], of the share that
never earns, and of the least that one costs [yuan]."""
ALL_KINDS, ALL_FORMS = tuple(KINDS), (*FORMS, "stake", "account", "outside")
BOUGHT, BUILT, LENT, JOINT, OWN = range(len(KINDS))


@dataclass(frozen=True, eq=False)
class Grant:
    """Seed money for one project, paid on the first of a month.

    Attributes
    ----------
    form : place in :data:`FORMS`, or one of those after them
    village : row of the village that leads it
    money : [yuan]
    rows : (n_rows,) constituents of the villages that may have a share in it
    mix : weights of :data:`KINDS`, by which a lot says what it goes into
    """

    form: int
    village: int
    money: float
    rows: Bools
    mix: Sequence[float]


@dataclass
class ProjectColumns:
    """Columns by project, shape ``(n,)``, by stake (a constituent's share in a project), or by constituent.

    Attributes
    ----------
    who : (n, 4) lasting key: code of the village that leads it, month, form, number among those of the same three
    founded : when it began [days from the start]
    village : row of the village that led it when it began
    form, kind, firm : place in :data:`FORMS` and in :data:`KINDS`; firm that it is lent to, -1 where it is not lent
    granted, own, outside, capital : seed money, money of the collectives beside it, what helpers have brought, and all money
        in it [yuan]
    kept : what the collectives keep of its return [share]
    rate : return that it has for ever, without skill and premiums [of capital per year]
    idle : it never earns
    earning_since : from when on it earns [days from the start]; infinite where it never does
    term_end, ended : end of its term, and its own [days from the start]; infinite until then, or where there is none
    lost : seed money that went with it [yuan]
    stake_project, stake_row : which project, and whose, of each stake
    stake_share : how much of its project a stake is [share]
    n_grants : projects so far, of seed money, in which a village has had a share, at the row of its host, ``(n_rows,)``
    """

    who: Ints
    founded: Floats
    village: Ints
    form: Ints
    kind: Ints
    firm: Ints
    granted: Floats
    own: Floats
    outside: Floats
    capital: Floats
    kept: Floats
    rate: Floats
    idle: Bools
    earning_since: Floats
    term_end: Floats
    ended: Floats
    lost: Floats
    stake_project: Ints
    stake_row: Ints
    stake_share: Floats
    n_grants: Ints

    @classmethod
    def at_start(cls, n_rows: int) -> "ProjectColumns":
        """None: what there is at the start is among the assets of own business."""
        whole, real = np.zeros(0, np.int64), np.zeros(0)
        return cls(
            np.zeros((0, 4), np.int64), real, whole, whole, whole, whole, real, real, real, real, real, real, np.zeros(0, bool),
            real, real, real, real, whole, whole, real, np.zeros(n_rows, np.int64),
        )  # fmt: skip

    @property
    def alive(self) -> Bools:
        """Projects that have not ended."""
        return np.isinf(self.ended)

    def by_row(self, values: Floats, n_rows: int) -> Floats:
        """Share the values of projects out among the constituents that have stakes in them, ``(n_rows,)``."""
        return sum_by(self.stake_row, self.stake_share * values[self.stake_project], n_rows)

    def mean(self, values: Floats) -> Floats:
        """Mean of a column over the constituents that have stakes, by project, weighted by stakes."""
        return sum_by(self.stake_project, self.stake_share * values[self.stake_row], self.form.size)
