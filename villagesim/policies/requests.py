"""Policies that hear residents: messengers of a relay, members who take orders, service centres in grids."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from villagesim.policies.officers import Officers, Posts, residents_by_township
from villagesim.policies.policy import ActivePolicy, largest_remainder


@dataclass(frozen=True, kw_only=True)
class FeedbackRelay(Posts):
    """Residents' feedback relay (民情专递): messengers carry requests and disputes to the township.

    Channel: requests; more disputes registered, which the village would have settled itself; trust by what is heard and
    what is not. It raises the count, not the conflict. Source: S1.relay; sizes and unit cost: assumption.

    Attributes
    ----------
    messengers : int, at least 0
        In the whole place, spread evenly over the residents it reaches, ``residents_per_messenger`` each [messengers].
    cost_per_messenger : float, at least 0
        Allowance. Assumption [yuan per messenger and year].
    """

    kind: ClassVar[str] = "feedback_relay"
    expects = ("registered_disputes", +1)
    pulls = ("relay", "reach")
    counted: ClassVar[str] = "messengers"
    example: ClassVar = {"messengers": 40}
    messengers: int
    cost_per_messenger: float = 1_200.0

    def send(self, active: ActivePolicy, n: float) -> None:
        """Send them out, evenly over the residents."""
        world = active.world
        residents = float((world.endowment.residents * active.rows).sum())
        if n and residents:
            covered = n * world.p.residents_per_messenger / residents * active.rows
            active.pull("relay", lambda: covered)
            active.pull("reach", lambda: covered)


@dataclass(frozen=True, kw_only=True)
class OrderAndTake(Posts):
    """Residents place orders over the internet, members report for duty and take them (互联网+双报到).

    Channel: requests of those who use it; the members' time at the service desks.
    Source: S1.order; sizes and unit cost: assumption.

    Attributes
    ----------
    members : int, at least 0
        Party members who take orders, in the whole place; their time makes service posts, shared out over townships by
        residents [members].
    cost_per_member : float, at least 0
        Platform and insurance. Assumption [yuan per member and year].
    """

    kind: ClassVar[str] = "order_and_take"
    expects = ("requests", +1)
    pulls = ("reach", "service_posts")
    counted: ClassVar[str] = "members"
    example: ClassVar = {"members": 1_200}
    members: int
    cost_per_member: float = 50.0

    def send(self, active: ActivePolicy, n: float) -> None:
        """Open the platform for these members; their time goes where the residents are."""
        world = active.world
        if n:
            reached = world.p.order_reach * (n / self.members) * active.rows
            posts = n * world.p.order_days / world.p.working_days
            share = largest_remainder(posts, residents_by_township(active))
            active.pull("reach", lambda: reached)
            active.pull("service_posts", lambda: share)


@dataclass(frozen=True, kw_only=True)
class ServiceCentres(Officers):
    """Service centres in grids (便民服务中心、网格): posts at the townships' service desks, near the residents.

    Channel: how many residents are served, requests that they bring, waits. The posts are shared out over townships by
    residents of the villages it reaches. Source: S0.grid, S3.grid, S3.premises; unit cost: assumption.
    """

    kind: ClassVar[str] = "service_centres"
    expects = ("share_residents_served", +1)
    pulls = ("service_posts", "grid", "reach")
    example: ClassVar = {"officers": 6}
    cost_per_officer: float = 50_000.0

    def send(self, active: ActivePolicy, n: float) -> None:
        """Staff the desks, shared out over townships by residents of the villages it reaches."""
        world, residents = active.world, residents_by_township(active)
        if n:
            share = largest_remainder(n, residents)
            by_township = np.minimum(share * world.p.residents_per_post / np.maximum(residents, 1.0), 1.0)
            served = by_township[world.place.township] * active.rows
            active.pull("service_posts", lambda: share)
            active.pull("grid", lambda: served)
            active.pull("reach", lambda: world.p.centre_reach * served)
