"""Transparency: published lists of powers, open meetings, open letting of contracts."""

from dataclasses import dataclass
from typing import ClassVar

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy


@dataclass(frozen=True, kw_only=True)
class Transparency(PerVillage):
    """Power lists and open meetings (权力清单、公开议事).

    Channel: secretaries gain integrity, and lose less of it at both posts, so that fewer milestones are reported that are not
    real; contracts that end are let in the open, so that fewer are faulty; members are readier to consent. What
    was let in the open stays so. Source: S1.transparency for the measure; sizes and unit cost: assumption.

    Attributes
    ----------
    cost_per_village : float, at least 0
        Lists, meetings, notices. Assumption [yuan per village and year].
    """

    kind: ClassVar[str] = "transparency"
    expects = ("integration_gap", -1)
    pulls = ("supervision", "integrity_gain", "open_letting", "consent")
    cost_per_village: float = 5_000.0

    def serve(self, active: ActivePolicy, served: Bools, month: Month) -> None:
        """Open the matters of these villages."""
        world, p = active.world, active.world.p
        parts = served[world.village_of]
        supervision, integrity = p.transparency_supervision * served, p.transparency_integrity * served
        letting, consent = p.transparency_letting * parts, p.transparency_consent * parts
        active.pull("supervision", lambda: supervision)
        active.pull("integrity_gain", lambda: integrity)
        active.pull("open_letting", lambda: letting)
        active.pull("consent", lambda: consent)
