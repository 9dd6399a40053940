"""Base of policies that are paid village by village: as many villages are served as the money reaches, whole ones only."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, rows_where, some
from villagesim.dates import Month
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class PerVillage(Policy):
    """A policy that costs the same in every village it reaches: its unit cost, by the year.

    Where the money does not reach all, a lot that does not change says who is served.
    """

    def villages(self, active: ActivePolicy) -> Bools:
        """Rows of the villages that it would serve, ``(n_rows,)``; rows of constituents that are no village are left out."""
        return active.rows & active.world.is_village

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Cost of the month for all villages that it would serve."""
        return float(np.count_nonzero(self.villages(active))) * self.unit_cost * month.years

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Serve as many villages as are paid for."""
        self.finish(active)
        served = self.served(active, paid_share)
        if some(served):
            self.serve(active, served, month)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether one whole village at least is paid for."""
        return some(self.served(active, paid_share))

    def served(self, active: ActivePolicy, paid_share: float) -> Bools:
        """Rows of the villages that are paid for, ``(n_rows,)``."""
        world, wanted = active.world, self.villages(active)
        if paid_share == 1:
            return wanted
        villages = rows_where(wanted)
        n_paid = int(paid_share * len(villages) + 1e-9)
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages])
        paid = np.zeros(world.n_rows, bool)
        paid[villages[np.argsort(lot, kind="stable")[:n_paid]]] = True
        return paid

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Set the levers for these villages."""
        raise TypeError(f"{type(self).__name__} does not say what it does in a village.")
