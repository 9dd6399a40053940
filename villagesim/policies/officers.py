"""Policies that pay officers of the county or the township: audit teams, mediators, inspectors."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.arrays import sum_by
from villagesim.dates import Month
from villagesim.policies.policy import Measure, Policy, largest_remainder


@dataclass(frozen=True, kw_only=True)
class Officers(Policy):
    """Base of policies that pay whole posts month by month.

    Attributes
    ----------
    officers : int
        Full posts (teams, for audits).
    cost_per_officer : float
        Yuan per post and year.
    """

    officers: int
    cost_per_officer: float = 100_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("officers", self.officers >= 0, "a whole number of at least 0")
        self.require("cost_per_officer", 0 <= self.cost_per_officer < 1e9, "at least 0 yuan a year")

    def claim(self, measure: Measure, month: Month) -> float:
        """Pay of all posts for the month."""
        return self.officers * self.cost_per_officer * month.years

    def act(self, measure: Measure, month: Month, paid_share: float) -> None:
        """Send out as many as are paid for, whole ones only."""
        self.finish(measure)
        self.send(measure, int(paid_share * self.officers + 1e-9))

    def send(self, measure: Measure, officers: int) -> None:
        """Set the levers for so many officers."""
        raise TypeError(f"{type(self).__name__} does not say what its officers do.")


@dataclass(frozen=True, kw_only=True)
class CleanUp(Officers):
    """Clean-up of contracts and debts (清化收) by audit teams of the county.

    Channel: rents of corrected contracts, written-off debts and their interest; re-opened titles raise disputes first.
    Source: S2.contracts, S2.debt; unit cost: assumption (200,000 yuan a team and year).
    """

    kind: ClassVar[str] = "clean_up"
    expects = ("debt", -1)
    cost_per_officer: float = 200_000.0

    def send(self, measure: Measure, officers: int) -> None:
        """Let teams work through the lists of the villages it reaches."""
        measure.world.audit_teams.set(self.label, lambda: officers)
        if officers:
            measure.world.clean_up.set(self.label, lambda: measure.rows)

    def finish(self, measure: Measure) -> None:
        """Call the teams home; what waits on their desk stays there."""
        measure.world.audit_teams.drop(self.label)
        measure.world.clean_up.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class MoreMediators(Officers):
    """More mediators at the townships' desks, shared out by residents of the villages it reaches.

    Channel: waits, petitions, trust. Source: S2.structure; unit cost: assumption.
    """

    kind: ClassVar[str] = "more_mediators"
    expects = ("mean_dispute_wait", -1)

    def send(self, measure: Measure, officers: int) -> None:
        """Put them at the desks."""
        world = measure.world
        residents = sum_by(world.place.township, world.endowment.residents * measure.rows, len(world.place.townships))
        share = largest_remainder(officers, residents)
        world.mediators.set(self.label, lambda: share)

    def finish(self, measure: Measure) -> None:
        """Call them home."""
        measure.world.mediators.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class Inspection(Officers):
    """Inspection on the spot of what villages report.

    Channel: false reports are rarer and are found; effort goes back from paper to work. Source: S0.review,
    S2.structure; unit cost and visits: assumption.

    Attributes
    ----------
    visits : int
        Villages an inspector visits in a year. Assumption: 60 (30 to 120).
    """

    kind: ClassVar[str] = "inspection"
    expects = ("integration_gap", -1)
    visits: int = 60

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("visits", self.visits >= 0, "a whole number of at least 0")

    def send(self, measure: Measure, officers: int) -> None:
        """Spread the visits evenly over the villages it reaches."""
        n_villages = max(int((measure.rows & measure.world.is_village).sum()), 1)
        each = np.where(measure.rows, officers * self.visits / n_villages, 0.0)
        measure.world.inspections.set(self.label, lambda: each)

    def finish(self, measure: Measure) -> None:
        """End the visits."""
        measure.world.inspections.drop(self.label)
