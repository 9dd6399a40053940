"""The five integrations programme: facilitators of the townships help merged villages from milestone to milestone."""

from dataclasses import dataclass
from typing import ClassVar

from villagesim.arrays import sum_by
from villagesim.dates import Month
from villagesim.policies.officers import Posts
from villagesim.policies.policy import ActivePolicy, largest_remainder


@dataclass(frozen=True, kw_only=True)
class FiveIntegrations(Posts):
    """The five integrations programme (五个一体): facilitators help merged villages, in every township by their number.

    Channel: more attempts (rate ``programme_attempt_rate`` in place of ``attempt_rate``), and a facilitator at the vote. It
    costs and does nothing before the decree. Source: S0.five; unit cost: assumption.

    Attributes
    ----------
    facilitators : int, at least 0
        In the whole place, shared out over townships by their merged villages. Assumption: 27 (18 to 36) for Zhangqiu, one
        and a half a township [full posts].
    cost_per_facilitator : float, at least 0
        Pay and travel. Assumption [yuan per post and year].
    """

    kind: ClassVar[str] = "five_integrations"
    expects = ("share_merged_in_fact", +1)
    pulls = ("facilitators", "programme")
    counted: ClassVar[str] = "facilitators"
    example: ClassVar = {"facilitators": 4}
    facilitators: int
    cost_per_facilitator: float = 100_000.0

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Pay of all posts for the month, once there are merged villages to go to."""
        if not (active.world.committees.merged & active.rows).any():
            return 0.0
        return super().claim(active, month)

    def send(self, active: ActivePolicy, n: float) -> None:
        """Share these facilitators out over the townships."""
        world = active.world
        merged = world.committees.merged & active.rows
        by_township = sum_by(world.place.township, merged, len(world.place.townships))
        officers = largest_remainder(n, by_township)
        reached = merged & (officers > 0)[world.place.township]
        active.pull("facilitators", lambda: officers)
        active.pull("programme", lambda: reached)
