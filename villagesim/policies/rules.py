"""Rules: policies without a cost of their own. An empty fund does not stop them, and outputs list them as such."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.dates import Month
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class ThreeUnchanged(Policy):
    """Rights stay as they are (三个不变): what is pooled is new income only.

    Channel: less at stake in a vote on economy or livelihood, no run-up of debts before the decree; no account is pooled.
    What was promised stays when it ends. Source: S0.three_unchanged, which speaks of villages turned into communities; its
    use for merged villages is an extension.
    """

    kind: ClassVar[str] = "three_unchanged"
    expects = ("share_accounts_pooled", -1)
    pulls = ("rights_frozen",)

    def begin(self, active: ActivePolicy) -> None:
        """Freeze the rights of all constituents it reaches."""
        active.pull("rights_frozen", lambda: active.rows)


@dataclass(frozen=True, kw_only=True)
class AccountFreeze(Policy):
    """Accounts frozen before the merger: borrowing is watched from the announcement to the decree.

    Channel: the run-up of debts before the decree. It must start by the announcement: a later one does nothing. Source:
    evidence 3.3 (A), Japan: weaker where borrowing is regulated; size: assumption.

    Attributes
    ----------
    strength : float, 0 to 1
        Prevented. Assumption, 0.4 to 0.95 [share of the run-up].
    """

    kind: ClassVar[str] = "account_freeze"
    expects = ("debt", -1)
    pulls = ("freeze",)
    ranges: ClassVar = {"strength": (0.4, 0.95, "share of the run-up")}
    strength: float = 0.8

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("strength", 0 <= self.strength <= 1, "a share between 0 and 1")

    def begin(self, active: ActivePolicy) -> None:
        """Watch over the accounts it reaches, if there is still something to watch over."""
        if self.in_time(active):
            active.pull("freeze", lambda: self.strength * active.rows)

    def in_time(self, active: ActivePolicy) -> bool:
        """Whether the announcement has not passed today."""
        dates = active.world.timetable
        return dates.announcement is not None and active.world.now <= (dates.announcement - dates.start).days

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether it began in time."""
        return active.months == 1 and self.in_time(active) and super().does(active, month, paid_share)


@dataclass(frozen=True, kw_only=True)
class BothPosts(Policy):
    """One person heads branch and committee (一肩挑).

    Channel: more attempts; less integrity, unless inspected. Source: S3.secretaries; sizes: assumption.
    """

    kind: ClassVar[str] = "both_posts"
    expects = ("real_integration", +1)
    pulls = ("attempt_rate", "integrity_loss")

    def begin(self, active: ActivePolicy) -> None:
        """Give both posts to the secretaries it reaches."""
        world, p = active.world, active.world.p
        active.pull("attempt_rate", lambda: np.where(active.rows, p.both_posts_pace, 1.0))
        active.pull(
            "integrity_loss",
            lambda: np.where(active.rows & (world.levers.inspections.now == 0), p.both_posts_integrity, 0.0),
        )


@dataclass(frozen=True, kw_only=True)
class Ranking(Policy):
    """Villages are ranked by what they report, and those at the bottom explain themselves.

    Channel: pressure; more reported, less real. Source: S0.review; size: assumption.

    Attributes
    ----------
    strength : float, 0 to 1
        Added to the ``pressure`` that is there without policy. Assumption [index of pressure].
    """

    kind: ClassVar[str] = "ranking"
    expects = ("integration_gap", +1)
    pulls = ("pressure",)
    strength: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("strength", 0 <= self.strength <= 1, "an index between 0 and 1")

    def begin(self, active: ActivePolicy) -> None:
        """Put pressure on the villages it reaches."""
        active.pull("pressure", lambda: self.strength * active.rows)


@dataclass(frozen=True, kw_only=True)
class MonthlyReview(Policy):
    """Monthly review of villages: they are ranked by what is seen of them, and the last are given tasks.

    Channel: more attempts and more pressure at the bottom of the list, this month here, next month there. It differs from
    ``ranking``, which puts the same pressure on all. Source: S0.review; sizes: assumption.

    Attributes
    ----------
    share : float, 0 to 1
        That have tasks. Assumption [share of villages].
    strength : float, 0 to 1
        Added to theirs. Assumption [index of pressure].
    """

    kind: ClassVar[str] = "monthly_review"
    expects = ("integration_gap", +1)
    pulls = ("attempt_rate", "pressure")
    deposits = ("world.review_pools",)
    share: float = 0.2
    strength: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("share", 0 <= self.share <= 1, "a share between 0 and 1")
        self.require("strength", 0 <= self.strength <= 1, "an index between 0 and 1")

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Give tasks to those at the bottom of last month's list, and have this month reviewed."""
        self.finish(active)
        world = active.world
        last = active.rows & (world.ratings.standing < self.share)
        world.review_pools[self.label] = active.rows
        active.pull("attempt_rate", lambda: np.where(last, world.p.review_pace, 1.0))
        active.pull("pressure", lambda: self.strength * last)

    def finish(self, active: ActivePolicy) -> None:
        """Call the tasks and the review off."""
        super().finish(active)
        active.world.review_pools.pop(self.label, None)


@dataclass(frozen=True, kw_only=True)
class BurdenList(Policy):
    """List of what villages must and need not do (减负清单): fewer certificates, boards and side jobs.

    Channel: the committee has time, so it tries more. Source: S3.burden; size: assumption.
    """

    kind: ClassVar[str] = "burden_list"
    expects = ("real_integration", +1)
    pulls = ("attempt_rate",)

    def begin(self, active: ActivePolicy) -> None:
        """Free the committees it reaches."""
        p = active.world.p
        active.pull("attempt_rate", lambda: np.where(active.rows, p.burden_pace, 1.0))
