"""Transparency: published lists of powers, open meetings, open letting of contracts."""

from dataclasses import dataclass
from typing import ClassVar

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import Measure


@dataclass(frozen=True, kw_only=True)
class Transparency(PerVillage):
    """Power lists and open meetings (权力清单、公开议事).

    Channel: secretaries gain integrity, and lose less of it at both posts, so that fewer milestones are reported that are not
    real; contracts that end are let in the open, so that fewer are faulty; members are readier to consent. Source:
    S1.transparency for the measure; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_village : float, at least 0
        Lists, meetings, notices. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "transparency"
    expects = ("integration_gap", -1)
    cost_per_village: float = 5_000.0

    def serve(self, measure: Measure, served: Bools, month: Month) -> None:
        """Open the matters of these villages."""
        world, p = measure.world, measure.world.p
        parts = served[world.village_of]
        supervision, integrity = p.transparency_supervision * served, p.transparency_integrity * served
        letting, consent = p.transparency_letting * parts, p.transparency_consent * parts
        world.supervision.set(self.label, lambda: supervision)
        world.integrity_gain.set(self.label, lambda: integrity)
        world.open_letting.set(self.label, lambda: letting)
        world.consent.set(self.label, lambda: consent)

    def finish(self, measure: Measure) -> None:
        """Close them again; contracts that were let stay as they are."""
        world = measure.world
        for lever in (world.supervision, world.integrity_gain, world.open_letting, world.consent):
            lever.drop(self.label)
