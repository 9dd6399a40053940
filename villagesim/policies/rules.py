"""Rules: policies without a cost of their own. An empty fund does not stop them, and outputs list them as such."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.policies.policy import Measure, Policy


@dataclass(frozen=True, kw_only=True)
class ThreeUnchanged(Policy):
    """Rights stay as they are (三个不变): what is pooled is new income only.

    Channel: less at stake in a vote on economy or livelihood, no run-up of debts before the decree; no account is pooled.
    Source: S0.three_unchanged, which speaks of villages turned into communities; its use here is an extension.
    """

    kind: ClassVar[str] = "three_unchanged"
    expects = ("share_accounts_pooled", -1)

    def begin(self, measure: Measure) -> None:
        """Freeze the rights of all constituents it reaches."""
        measure.world.rights_frozen.set(self.label, lambda: measure.rows)

    def finish(self, measure: Measure) -> None:
        """Let later votes pool accounts again; what was promised stays."""
        measure.world.rights_frozen.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class AccountFreeze(Policy):
    """Accounts frozen before the merger: borrowing is watched from the announcement on.

    Channel: the run-up of debts before the decree. It must start by the announcement; later there is nothing left to stop.
    Source: evidence 3.3 (A), Japan: weaker where borrowing is regulated; size: assumption.

    Attributes
    ----------
    strength : float
        Part of the run-up that it prevents, 0 to 1. Assumption: .8 (.4 to .95).
    """

    kind: ClassVar[str] = "account_freeze"
    expects = ("debt", -1)
    strength: float = 0.8

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("strength", 0 <= self.strength <= 1, "a share between 0 and 1")

    def begin(self, measure: Measure) -> None:
        """Watch over the accounts it reaches, if there is still something to watch over."""
        announcement = measure.world.timetable.announcement
        if announcement is not None and self.start <= announcement:
            measure.world.freeze.set(self.label, lambda: self.strength * measure.rows)

    def finish(self, measure: Measure) -> None:
        """Free the accounts."""
        measure.world.freeze.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class BothPosts(Policy):
    """One person heads branch and committee (一肩挑).

    Channel: more attempts; less integrity, unless inspected. Source: S3.secretaries; sizes: assumption.
    """

    kind: ClassVar[str] = "both_posts"
    expects = ("real_integration", +1)

    def begin(self, measure: Measure) -> None:
        """Give both posts to the secretaries it reaches."""
        world, p = measure.world, measure.world.p
        world.attempt_rate.set(self.label, lambda: np.where(measure.rows, p.both_posts_pace, 1.0))
        world.integrity_loss.set(
            self.label, lambda: np.where(measure.rows & (world.inspections.now == 0), p.both_posts_integrity, 0.0)
        )

    def finish(self, measure: Measure) -> None:
        """Divide the posts again."""
        measure.world.attempt_rate.drop(self.label)
        measure.world.integrity_loss.drop(self.label)


@dataclass(frozen=True, kw_only=True)
class Ranking(Policy):
    """Villages are ranked by what they report, and those at the bottom explain themselves.

    Channel: pressure; more reported, less real. Source: S0.review; size: assumption.

    Attributes
    ----------
    strength : float
        Pressure it adds, 0 to 1. Assumption: .5.
    """

    kind: ClassVar[str] = "ranking"
    expects = ("integration_gap", +1)
    strength: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("strength", 0 <= self.strength <= 1, "an index between 0 and 1")

    def begin(self, measure: Measure) -> None:
        """Put pressure on the villages it reaches."""
        measure.world.pressure.set(self.label, lambda: self.strength * measure.rows)

    def finish(self, measure: Measure) -> None:
        """Take the pressure away."""
        measure.world.pressure.drop(self.label)
