"""Deliberation rooms: a place in the village where matters are talked over."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy


@dataclass(frozen=True, kw_only=True)
class DeliberationRooms(PerVillage):
    """Deliberation rooms (有事来商量工作室): matters are talked over before they become cases or votes.

    Channel: the village settles more of its disputes itself, members lean more to a yes, trust. Source: S2.talk, evidence
    8.9; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_room : float, at least 0
        Host, room and tea, one room in every village it reaches. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "deliberation_rooms"
    expects = ("registered_disputes", -1)
    pulls = ("unsettled_share", "consent")
    deposits = ("members.trust_shock",)
    cost_per_room: float = 10_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Keep these rooms open."""
        world, p = active.world, active.world.p
        has_room = served[world.village_of]
        active.pull("unsettled_share", lambda: np.where(has_room, p.room_unsettled, 1.0))
        active.pull("consent", lambda: p.room_consent * has_room)
        world.members.trust_shock += p.room_trust * month.years * has_room
