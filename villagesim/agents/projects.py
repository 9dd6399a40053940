"""Projects of collectives in the four organisational forms, and who has a share in them."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints, sum_by

FORMS = {
    "union": ("union_return", "union_sd", "union_gestation", "union_death_rate"),
    "chain": ("chain_return", "chain_sd", "chain_gestation", "chain_death_rate"),
    "cooperative": ("cooperative_return", "cooperative_sd", "cooperative_gestation", "cooperative_death_rate"),
    "company": ("company_return", "company_sd", "company_gestation", "company_death_rate"),
}
"""Township committee + union of cooperatives (党工委+联社), branch + industry chain (党支部+产业链), branch + cooperative
(党支部+合作社), branch + company + households (党支部+公司+农户), with the names of the mean and the spread of the return
[of capital per year], of the gestation [months] and of the death rate [per year]. Source: S0.income_models."""
UNION, CHAIN, COOPERATIVE, COMPANY = range(4)


@dataclass(frozen=True, eq=False)
class Grant:
    """Seed money for one project, paid on the first of a month.

    Attributes
    ----------
    form : place in :data:`FORMS`
    village : row of the village that leads it
    money : [yuan]
    rows : (n_rows,) constituents of the villages that may have a share in it
    """

    form: int
    village: int
    money: float
    rows: Bools


@dataclass
class ProjectColumns:
    """Columns by project, shape ``(n,)``, by stake (a constituent's share in a project), or by constituent.

    Attributes
    ----------
    who : (n, 4) lasting key: code of the village that leads it, month, form, number among those of the same three
    village : row of the village that led it when it began
    form, firm : place in :data:`FORMS`; lead firm, -1 where there is none
    granted, capital : seed money, and all money in it [yuan]
    kept : share of its return that the collectives keep
    luck : what sets its return apart from others of its form, for ever [of capital per year]
    earning_since, ended : days from the start; infinite until then
    lost : [yuan of seed money]
    result : of this calendar year so far [yuan]
    loss_years : years of loss in a row
    stake_project, stake_row, stake_share : which project, whose, how much of it
    n_grants : projects so far in which a village has had a share, at the row of its host, ``(n_rows,)``
    """

    who: Ints
    village: Ints
    form: Ints
    firm: Ints
    granted: Floats
    capital: Floats
    kept: Floats
    luck: Floats
    earning_since: Floats
    ended: Floats
    lost: Floats
    result: Floats
    loss_years: Ints
    stake_project: Ints
    stake_row: Ints
    stake_share: Floats
    n_grants: Ints

    @classmethod
    def at_start(cls, n_rows: int) -> "ProjectColumns":
        """None: those that come and go without policy are part of the trend of income."""
        whole, real = np.zeros(0, np.int64), np.zeros(0)
        return cls(
            np.zeros((0, 4), np.int64), whole, whole, whole, real, real, real, real, real, real, real, real, whole,
            whole, whole, real, np.zeros(n_rows, np.int64),
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
