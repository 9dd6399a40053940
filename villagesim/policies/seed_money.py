"""Money for new projects of collectives: seed money for whoever applies, stakes for villages below a line."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from villagesim.agents.projects import FORMS, KINDS, STAKE, Grant
from villagesim.arrays import Floats, Ints, rows_where
from villagesim.dates import Month
from villagesim.engine.fund import FEN, fen, fen_up
from villagesim.policies.policy import ActivePolicy, Policy

STAKE_MONTHS = range(2, 6)
"""March to June, in which a quarter each of a year's money for stakes is paid."""


@dataclass(frozen=True, kw_only=True)
class Grants(Policy):
    """Base of policies that pay for projects, in order: whole grants, and where the money ends a smaller one.

    Attributes
    ----------
    bought, built, lent, joint, own : float, at least 0
        How often money goes into each kind: something bought, built, lent to a firm, a part in another's business (joint), an
        own business. Assumption [weights].
    """

    deposits = ("world.grants",)
    bought: float
    built: float
    lent: float
    joint: float
    own: float

    def __post_init__(self) -> None:
        super().__post_init__()
        for kind in KINDS:
            self.require(kind, 0 <= getattr(self, kind) < 1e9, "a weight of at least 0 and below 1e9")
        self.require("own", sum(self.mix) > 0, "above 0 where all other weights are 0")

    @property
    def mix(self) -> tuple[float, ...]:
        """Weights of the kinds."""
        return tuple(getattr(self, kind) for kind in KINDS)

    def does(self, active: ActivePolicy, month: Month, paid_share: float) -> bool:
        """Whether anything is handed out."""
        return active.spent > 0

    def asked(self, active: ActivePolicy, month: Month) -> list[tuple[int, float]]:
        """Villages (rows) that money is asked for this month, those to be served first in front, and how much [yuan]."""
        raise TypeError(f"{type(self).__name__} does not say what it asks for.")

    def grant_to(self, active: ActivePolicy, village: int, money: float) -> Grant:
        """A grant of so much [yuan]."""
        raise TypeError(f"{type(self).__name__} does not say what it grants.")

    def claim(self, active: ActivePolicy, month: Month) -> float:
        """All that is asked for in the month."""
        return sum(money for _, money in self.asked_once(active, month))

    def asked_once(self, active: ActivePolicy, month: Month) -> list[tuple[int, float]]:
        """What is asked for this month, worked out once: nothing that counts changes between claim and payment."""
        if active.asked[0] != month.key:
            active.asked = month.key, self.asked(active, month)
        return active.asked[1]

    def act(self, active: ActivePolicy, month: Month, paid_share: float) -> None:
        """Hand out what was paid, to the fen."""
        asked = self.asked_once(active, month)
        left = round(paid_share * fen_up(sum(money for _, money in asked)))
        for number, (village, money) in enumerate(asked, start=1):
            paid = left if number == len(asked) else min(fen(money), left)
            left -= paid
            if paid:
                active.world.grants.append(self.grant_to(active, village, paid / FEN))


@dataclass(frozen=True, kw_only=True)
class SeedMoney(Grants):
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
    """

    kind: ClassVar[str] = "seed_money"
    expects = ("operating_income", +1)
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
        self.require("grant", 0 < self.grant < 1e9, "above 0 yuan, and below 1e9")

    def n_of(self, active: ActivePolicy, month: Month) -> int:
        """Projects of one month: a year's spread over its months, no two in one village."""
        m = month.key % 12
        n = (m + 1) * self.projects // 12 - m * self.projects // 12
        return min(n, int((active.rows & active.world.is_village).sum())) if n else 0

    def asked(self, active: ActivePolicy, month: Month) -> list[tuple[int, float]]:
        """One grant each for as many villages as there are projects this month."""
        n = self.n_of(active, month)
        return [(village, self.grant) for village in self.queue(active, month)[:n].tolist()] if n else []

    def grant_to(self, active: ActivePolicy, village: int, money: float) -> Grant:
        """A grant of so much, in which the villages that it reaches may have a share."""
        return Grant(FORMS.index(self.form), village, money, active.rows, self.mix)

    def queue(self, active: ActivePolicy, month: Month) -> Ints:
        """Villages it reaches, those to be served first in front."""
        world = active.world
        villages = rows_where(active.rows & world.is_village)
        if self.target.rule == "all":
            income = world.by_village(world.cooperatives.income_12m)[villages]
            lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages], month.key)
            return villages[np.argsort(-np.log(lot) / np.maximum(income, 1.0) ** world.p.project_drift, kind="stable")]
        lot = world.draws.uniform(f"lot.{self.label}", world.keys[villages])
        return villages[np.lexsort((lot, world.by_village(world.projects.n_grants)[villages]))]


@dataclass(frozen=True, kw_only=True)
class Stakes(Grants):
    """Stakes in sound projects (入股分红), bought for villages that are on a list, or below a line (equation E17).

    Channel: each served village owns a stake that is to bring what it lacks to the line by what it reports; it earns, ends and
    fades as any project. March to June a quarter of the year's money each, a village once a year. It reaches who is on a list
    of weak villages, of all lists the highest line counts; or whoever is below ``line``. Who books what is missing lacks
    less, and gets less. Source: model of evidence 2, B 6; sizes: assumption.

    Attributes
    ----------
    money : float, at least 0
        For all stakes [yuan per year].
    line : float, at least 0
        Line that holds without a list; 0: only who is listed gets stakes [yuan of the year].
    first : str
        ``"nearest"`` to the line, or ``"weakest"``.
    promised : float, 0.001 to 1
        Return by which a stake is measured: what is missing, divided by it. Assumption [of capital per year].
    least, most : float, above 0
        A stake costs no less and no more. Assumption [yuan].
    """

    kind: ClassVar[str] = "stakes"
    expects = ("operating_income", +1)
    example: ClassVar = {"money": 20_000_000.0, "line": 500_000.0}
    money: float
    line: float = 0.0
    first: Literal["nearest", "weakest"] = "nearest"
    promised: float = 0.075
    least: float = 50_000.0
    most: float = 600_000.0
    bought: float = 0.3
    built: float = 0.1
    lent: float = 0.2
    joint: float = 0.4
    own: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("money", "line"):
            self.require(name, 0 <= getattr(self, name) < 1e12, "at least 0 yuan, and below 1e12")
        self.require("first", self.first in ("nearest", "weakest"), "nearest or weakest")
        self.require("promised", 0.001 <= self.promised <= 1, "a return of 0.001 to 1")
        self.require("least", self.least > 0, "above 0 yuan")
        self.require("most", self.least <= self.most < 1e9, "at least as much as least, and below 1e9")

    def gaps(self, active: ActivePolicy, month: Month) -> Floats:
        """What villages lack to the line by what they report, ``(n_rows,)``; those that had a stake this year lack nothing."""
        world, projects = active.world, active.world.projects
        line = np.maximum(np.where(world.lists.listed, world.lists.line, 0.0), self.line)
        lacking = (line - world.observed("reported_collective_income")) / world.price_level
        gaps = np.where(active.rows & world.is_village, lacking, 0.0)
        this_year = projects.who[:, 1] // 12 == month.year
        gaps[world.village_of[projects.village[(projects.form == STAKE) & this_year]]] = 0.0
        return np.maximum(gaps, 0.0)

    def asked(self, active: ActivePolicy, month: Month) -> list[tuple[int, float]]:
        """Stakes for as many villages as a quarter of the year's money reaches."""
        if month.key % 12 not in STAKE_MONTHS:
            return []
        world, gaps = active.world, self.gaps(active, month)
        villages = rows_where(gaps > 0)
        order = gaps[villages] if self.first == "nearest" else -gaps[villages]
        villages = villages[np.lexsort((world.keys[villages], order))]
        whole = np.clip(gaps[villages] / self.promised, self.least, self.most)
        before = np.cumsum(whole) - whole
        money = np.minimum(whole, self.money / len(STAKE_MONTHS) - before)
        return [(village, each) for village, each in zip(villages.tolist(), money.tolist(), strict=True) if each > 0]

    def grant_to(self, active: ActivePolicy, village: int, money: float) -> Grant:
        """A stake of so much, of the village alone."""
        return Grant(STAKE, village, money, active.world.village_of == village, self.mix)
