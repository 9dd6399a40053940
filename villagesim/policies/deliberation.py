"""Deliberation rooms: a place in the village where matters are talked over."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.dates import Month
from villagesim.policies.policy import Measure, Policy


@dataclass(frozen=True, kw_only=True)
class DeliberationRooms(Policy):
    """Deliberation rooms (有事来商量工作室): matters are talked over before they become cases or votes.

    Channel: the village settles more of its disputes itself, members lean more to a yes, trust. Source: S2.talk, evidence
    8.9; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_room : float
        Host, room and tea [yuan per village and year]. Assumption: 10,000.
    """

    kind: ClassVar[str] = "deliberation_rooms"
    expects = ("registered_disputes", -1)
    cost_per_room: float = 10_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("cost_per_room", 0 <= self.cost_per_room < 1e9, "at least 0 yuan a year")

    def claim(self, measure: Measure, month: Month) -> float:
        """Cost of the month, one room a village."""
        return float((measure.rows & measure.world.is_village).sum()) * self.cost_per_room * month.years

    def act(self, measure: Measure, month: Month, paid_share: float) -> None:
        """Keep as many rooms open as are paid for, by a lot that does not change."""
        world, p = measure.world, measure.world.p
        self.finish(measure)
        villages = np.flatnonzero(measure.rows & world.is_village)
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages])
        kept = villages[np.argsort(lot, kind="stable")[: int(paid_share * len(villages) + 1e-9)]]
        has_room = np.isin(world.village_of, kept)
        if len(kept):
            world.unsettled_share.set(self.label, lambda: np.where(has_room, p.room_unsettled, 1.0))
            world.consent.set(self.label, lambda: p.room_consent * has_room)
            world.members.trust_shock += p.room_trust * month.years * has_room

    def finish(self, measure: Measure) -> None:
        """Close the rooms."""
        measure.world.unsettled_share.drop(self.label)
        measure.world.consent.drop(self.label)
