"""Deliberation rooms: a place in the village where matters are talked over."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import Measure


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
    cost_per_room: float = 10_000.0

    def serve(self, measure: Measure, served: Bools, month: Month) -> None:
        """Keep these rooms open."""
        world, p = measure.world, measure.world.p
        has_room = served[world.village_of]
        world.unsettled_share.set(self.label, lambda: np.where(has_room, p.room_unsettled, 1.0))
        world.consent.set(self.label, lambda: p.room_consent * has_room)
        world.members.trust_shock += p.room_trust * month.years * has_room

    def finish(self, measure: Measure) -> None:
        """Close the rooms."""
        measure.world.unsettled_share.drop(self.label)
        measure.world.consent.drop(self.label)
