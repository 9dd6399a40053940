"""Seed money for new projects of collectives."""

from dataclasses import dataclass
from math import ceil
from typing import ClassVar, Literal

import numpy as np

from villagesim.agents.projects import FORMS, Grant
from villagesim.arrays import Ints
from villagesim.dates import Month
from villagesim.engine.fund import FEN, fen
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class SeedMoney(Policy):
    """Grants for new projects of collectives, spread over the year, in one of four organisational forms (equation E4).

    Channel: projects that earn, month by month, until they die. What is paid is capital, not income. Where the target is
    all villages, the strong are likelier to get one, as their applications are better; else the villages it reaches get
    theirs one after the other, by lot, those with the fewest projects so far first. Several forms may run side by side,
    each under its own label. Source: S0.income_models; the size of a grant: evidence 6.2 (A).

    Attributes
    ----------
    form : str
        ``"union"``, ``"chain"``, ``"cooperative"`` or ``"company"``.
    projects : int, at least 0
        Spread over the months, at most one a village and month [projects per year].
    grant : float, above 0
        Its capital. Evidence 6.2 (A), 300,000 to 1.3 M; a union's is usually larger [yuan per project].
    """

    kind: ClassVar[str] = "seed_money"
    expects = ("operating_income", +1)
    deposits = ("world.grants",)
    example: ClassVar = {"form": "cooperative", "projects": 36}
    form: Literal["union", "chain", "cooperative", "company"]
    projects: int
    grant: float = 500_000.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("form", self.form in FORMS, f"one of {', '.join(FORMS)}")
        self.require("projects", 0 <= self.projects <= 100_000, "a whole number between 0 and 100,000")
        self.require("grant", 0 < self.grant < 1e9, "above 0 yuan")

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
                grant = Grant(list(FORMS).index(self.form), village, money / FEN, active.rows)
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
