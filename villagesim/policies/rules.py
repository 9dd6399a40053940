"""Rules: policies without a cost of their own. An empty fund does not stop them, and outputs list them as such."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from villagesim.agents.lists import WeakVillages
from villagesim.dates import Month
from villagesim.policies.policy import ActivePolicy, Policy


def not_after(active: ActivePolicy, days: tuple[date, ...]) -> bool:
    """Whether one of these days is today or later."""
    start = active.world.timetable.start
    return any(active.world.now <= (day - start).days for day in days)


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
class AccountsByOrder(Policy):
    """Cooperatives are merged by order at the decree, without a vote.

    Channel: one account at once. Parts that would have said no lose trust, and their villages quarrel; registers stay apart, so
    rents that a merger has lost from the books stay lost. It must start by the (last) decree: a later one does nothing. Where
    rights stay as they are, none are pooled. Source: assumption; the trust and the disputes are those of forced pooling.
    """

    kind: ClassVar[str] = "accounts_by_order"
    expects = ("share_accounts_pooled", +1)
    pulls = ("by_order",)

    def begin(self, active: ActivePolicy) -> None:
        """Give the order, if the decree has not passed."""
        if self.in_time(active):
            active.pull("by_order", lambda: active.rows)

    def in_time(self, active: ActivePolicy) -> bool:
        """Whether a decree is today or later."""
        return not_after(active, active.world.timetable.decree_days)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether it began in time."""
        return active.months == 1 and self.in_time(active) and super().does(active, month, paid_share)


@dataclass(frozen=True, kw_only=True)
class AccountFreeze(Policy):
    """Accounts frozen before the merger: borrowing is watched from the announcement to the decree.

    Channel: the run-up of debts before the decree. It must start by the (last) announcement: a later one does nothing. Source:
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
        """Whether an announcement is today or later."""
        return not_after(active, active.world.timetable.announcements)

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


@dataclass(frozen=True, kw_only=True)
class WeakVillageList(Policy):
    """A list of weak villages (消薄清单): by the end of a year so many shall have so much income, whatever it is.

    Channel: pressure on those below the line; some book what they lack, and what is reported rises. It brings no money:
    ``stakes`` do. Several may run side by side, each under its own label. Source: evidence 2, A 10 (B); pressure: assumption.

    Attributes
    ----------
    lines : list of float, above 0
        Line of the year in which it starts, and of those that follow; the last one holds on. Lines of provinces: I1.32,
        I1.33, I1.35, Q32 [yuan of the year].
    quota : float, 0 to 1
        Of the villages shall be at or above it [share of villages].
    pressure : float, 0 to 1
        On the villages that are pressed; apart from the pressure for reports of integration. Assumption [index].
    lowest : float, 0 to 1
        If above 0, the list is fixed: this share of the villages, lowest by reported income when it begins [share of
        villages].
    """

    kind: ClassVar[str] = "weak_village_list"
    expects = ("reported_share_above_100k", +1)
    deposits = ("world.weak_villages",)
    example: ClassVar = {"lines": (100_000.0, 200_000.0, 300_000.0, 500_000.0), "pressure": 1.0}
    lines: tuple[float, ...]
    quota: float = 1.0
    pressure: float = 0.7
    lowest: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        lines = (self.lines,) if isinstance(self.lines, int | float) else tuple(map(float, self.lines))
        object.__setattr__(self, "lines", lines)
        self.require(
            "lines",
            bool(lines) and all(0 < line < 1e9 for line in lines),
            "one sum or more above 0 yuan, each below 1e9",
        )
        for name in ("quota", "pressure", "lowest"):
            self.require(name, 0 <= getattr(self, name) <= 1, "between 0 and 1")

    def begin(self, active: ActivePolicy) -> None:
        """Have the list kept."""
        self.keep(active)

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Go on with it; whom it reaches may have changed with the decree or a phase-in."""
        self.keep(active)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether anybody that it looks at is below a line."""
        return bool((active.world.lists.listed & active.rows).any())

    def keep(self, active: ActivePolicy) -> None:
        """Say what the list asks for, and of whom."""
        active.world.weak_villages[self.label] = WeakVillages(
            active.rows, self.lines, self.start.year, self.quota, self.pressure, self.lowest
        )

    def finish(self, active: ActivePolicy) -> None:
        """End the list; it does not undo what was booked."""
        super().finish(active)
        active.world.weak_villages.pop(self.label, None)
