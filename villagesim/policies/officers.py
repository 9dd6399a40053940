"""Policies that pay officers of the county or the township: audit teams, mediators, inspectors."""

from dataclasses import dataclass
from typing import ClassVar, get_args

import numpy as np

from villagesim.agents.assets import Campaign, Order, Survey
from villagesim.arrays import Floats, sum_by
from villagesim.dates import Month
from villagesim.policies.policy import ActivePolicy, Policy, largest_remainder


def residents_by_township(active: ActivePolicy) -> Floats:
    """Residents of the villages that a policy reaches, by township."""
    world = active.world
    return sum_by(world.place.township, world.endowment.residents * active.rows, len(world.place.townships))


@dataclass(frozen=True, kw_only=True)
class Posts(Policy):
    """Base of policies that pay posts in officer-days, month by month, each at the same unit cost by the year."""

    counted: ClassVar[str]
    """Its setting that says how many posts there are."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(self.counted, self.posts >= 0, "a whole number of at least 0")

    @property
    def posts(self) -> int:
        """Full posts."""
        n: int = getattr(self, self.counted)
        return n

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """Pay of all posts for the month, if there is anybody to go to."""
        return self.posts * self.unit_cost * month.years if active.rows.any() else 0.0

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Send out as many as are paid for, to the part of a post."""
        self.finish(active)
        self.send(active, self.paid(paid_share) if active.rows.any() else 0.0)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether any part of a post is paid for, and has somebody to go to."""
        return super().does(active, month, paid_share) and self.paid(paid_share) > 0

    def paid(self, paid_share: float) -> float:
        """Posts that are paid for: half of the officer-days are half a post."""
        return round(paid_share * self.posts, 9)

    def send(self, active: ActivePolicy, n: float) -> None:
        """Set the levers for so many posts."""
        raise TypeError(f"{type(self).__name__} does not say what its posts do.")


@dataclass(frozen=True, kw_only=True)
class Officers(Posts):
    """Base of policies whose posts are officers.

    Attributes
    ----------
    officers : int, at least 0
        In the whole place; teams where they are teams [full posts].
    cost_per_officer : float, at least 0
        Pay. Assumption [yuan per post and year].
    """

    counted: ClassVar[str] = "officers"
    officers: int
    cost_per_officer: float = 100_000.0


@dataclass(frozen=True, kw_only=True)
class CleanUp(Officers):
    """Clean-up of contracts and debts (清化收) by audit teams, at one desk of the county.

    Channel: what was idle or unbilled brings money, arrears come in, debts and their interest go; re-opened titles raise
    disputes first. What is settled stays so when it ends, but for what is lost again. Source: S2.contracts, S2.debt; unit
    cost: assumption. Where several run at once, the terms of the first by its label hold.

    Attributes
    ----------
    order : str
        What teams take up first: ``"by_yield"`` (most yuan a day), ``"by_lot"``, ``"contracts_first"`` or ``"debts_first"``.
    survey : str
        ``"first"``: all townships, then work; ``"by_township"``: a township is surveyed when there is no work in those before.
    """

    kind: ClassVar[str] = "clean_up"
    expects = ("debt", -1)
    pulls = ("audit_teams", "clean_up")
    deposits = ("world.campaigns",)
    example: ClassVar = {"officers": 4}
    order: Order = "by_yield"
    survey: Survey = "first"
    cost_per_officer: float = 200_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("order", get_args(Order)), ("survey", get_args(Survey))):
            self.require(name, getattr(self, name) in known, f"one of {', '.join(known)}")

    def finish(self, active: ActivePolicy) -> None:
        """Call the teams home."""
        super().finish(active)
        active.world.campaigns.pop(self.label, None)

    def send(self, active: ActivePolicy, n: float) -> None:
        """Let teams work through the lists of the villages it reaches."""
        active.world.campaigns[self.label] = Campaign(self.order, self.survey)
        active.pull("audit_teams", lambda: n)
        if n:
            active.pull("clean_up", lambda: active.rows)


@dataclass(frozen=True, kw_only=True)
class MoreMediators(Officers):
    """More mediators at the townships' desks, shared out by residents of the villages it reaches.

    Channel: waits, petitions, trust. Source: S2.structure; unit cost: assumption.
    """

    kind: ClassVar[str] = "more_mediators"
    expects = ("mean_dispute_wait", -1)
    pulls = ("mediators",)
    example: ClassVar = {"officers": 3}

    def send(self, active: ActivePolicy, n: float) -> None:
        """Put them at the desks."""
        share = largest_remainder(n, residents_by_township(active))
        active.pull("mediators", lambda: share)


@dataclass(frozen=True, kw_only=True)
class Inspection(Officers):
    """Inspection on the spot of what villages report.

    Channel: false reports are rarer and are found; effort goes back from paper to work. Source: S0.review,
    S2.structure; unit cost and visits: assumption.

    Attributes
    ----------
    visits : int, at least 0
        Spread evenly over the villages it reaches, merged or not. Assumption, 30 to 120 [villages per inspector and year].
    """

    kind: ClassVar[str] = "inspection"
    expects = ("integration_gap", -1)
    pulls = ("inspections",)
    ranges: ClassVar = {"visits": (30, 120, "villages per inspector and year")}
    example: ClassVar = {"officers": 2}
    visits: int = 60

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("visits", self.visits >= 0, "a whole number of at least 0")

    def send(self, active: ActivePolicy, n: float) -> None:
        """Spread the visits evenly over the villages it reaches."""
        n_villages = max(int((active.rows & active.world.is_village).sum()), 1)
        each = np.where(active.rows, n * self.visits / n_villages, 0.0)
        active.pull("inspections", lambda: each)
