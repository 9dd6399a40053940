"""Seed money for new projects of collectives."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

import numpy as np

from villagesim.agents.projects import FORMS, KINDS, Grant
from villagesim.arrays import Ints
from villagesim.dates import Month
from villagesim.engine.fund import FEN, fen
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class SeedMoney(Policy):
    """Grants for new projects of collectives, spread over the year, in one of four organisational forms (equations E4, E15).

    Channel: projects that earn, month by month, until they die. What is paid is capital, not income. Where the target is
    all villages, the strong are likelier to get one, as their applications are better; else the villages it reaches get
    theirs one after the other, by lot, those with the fewest projects so far first. Several forms may run side by side,
    each under its own label. What a grant goes into is a lot, by the weights of five kinds: something bought, built, lent to
    a firm, a part in another's business (joint), an own business. Source: S0.income_models; the size of a grant: evidence 6.2
    (A); kinds: I2.15, I2.16, 7 of 14 grants lent, 5 let, 2 in own business.

    Attributes
    ----------
    form : str
        ``"union"``, ``"chain"``, ``"cooperative"`` or ``"company"``.
    projects : int, at least 0
        Spread over the months, at most one a village and month [projects per year].
    grant : float, above 0
        Its capital. Evidence 6.2 (A), 300,000 to 1.3 M; a union's is usually larger [yuan per project].
    bought, built, lent, joint, own : float, at least 0
        How often grants go into each kind [weights].
    """

    kind: ClassVar[str] = "seed_money"
    expects = ("operating_income", +1)
    deposits = ("world.grants",)
    example: ClassVar = {"form": "cooperative", "projects": 36}
    form: Literal["union", "chain", "cooperative", "company"]
    projects: int
    grant: float = 500_000.0
    bought: float = 0.15
    built: float = 0.20
    lent: float = 0.35
    joint: float = 0.20
    own: float = 0.10

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("form", self.form in FORMS, f"one of {', '.join(FORMS)}")
        self.require("projects", 0 <= self.projects <= 100_000, "a whole number between 0 and 100,000")
        self.require("grant", 0 < self.grant < 1e9, "above 0 yuan")
        for kind in KINDS:
            self.require(kind, 0 <= getattr(self, kind) < 1e9, "a weight of at least 0")
        self.require("own", sum(self.mix) > 0, "above 0 where all other weights are 0")

    @property
    def mix(self) -> tuple[float, ...]:
        """Weights of the kinds."""
        return tuple(getattr(self, kind) for kind in KINDS)

    def n_of(self, active: ActivePolicy, month: Month) -> int:
        """Projects of one month: a year's spread over its months, no two in one village."""
        m = month.key % 12
        n = (m + 1) * self.projects // 12 - m * self.projects // 12
        return min(n, int((active.rows & active.world.is_village).sum())) if n else 0

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """All grants of the month."""
        return self.n_of(active, month) * self.grant

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether a grant is handed out."""
        return active.spent > 0

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Hand out what was paid, to the fen: whole grants, and where the money ends a smaller one."""
        n = self.n_of(active, month)
        if not n:
            return
        left = round(paid_share * ceil(n * self.grant * FEN))
        for number, village in enumerate(self.queue(active, month)[:n].tolist(), start=1):
            money = left if number == n else min(fen(self.grant), left)
            left -= money
            if money:
                grant = Grant(FORMS.index(self.form), village, money / FEN, active.rows, self.mix)
                active.world.grants.append(grant)

    def queue(self, active: ActivePolicy, month: Month) -> Ints:
        """Villages it reaches, those to be served first in front."""
        world = active.world
        villages = np.flatnonzero(active.rows & world.is_village)
        if self.target.rule == "all":
            income = world.by_village(world.cooperatives.income_12m)[villages]
            lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages], month.key)
            return villages[np.argsort(-np.log(lot) / np.maximum(income, 1.0) ** world.p.project_drift, kind="stable")]
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages])
        return villages[np.lexsort((lot, world.by_village(world.projects.n_grants)[villages]))]
