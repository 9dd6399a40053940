"""Projects of collectives by kind and form, the firms that borrow, and own investment (equations E4, E14, E15).

What seed money pays for, and what accounts invest themselves, is followed one by one. A lot says which kind it is: an asset
that is bought or built and let, money lent to a firm, a part in another's business, an own business. Each is built up, then
earns at a return that it has for ever, more under a skilled secretary, in an alliance, under a brand and where accounts are
one; a loss is negative income. Some never earn. Some die, more under a weak secretary, and nothing comes back. What is lent
ends with its firm, or with its term: then it is renewed, or all comes back, or nothing does. For what is built and for an own
business the villages add money of their own. The form says who has a share, and what the collectives keep.

An account with enough in its pot invests now and then, rather under a skilled secretary or with a helper beside it. A first
secretary brings money from outside: once a project of the village, in the second to thirteenth month, and a little every month.

Theory: support raises income while projects live, and fades as they die (no half-life is built in); a guaranteed rate
swaps the own risk for a common one. Left out: loans of projects, their sale, what an idle asset could still be good for.
"""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from simpy import Event

from villagesim.agents.projects import (
    ACCOUNT,
    ALL_FORMS,
    ALL_KINDS,
    BUILT,
    COMPANY,
    COOPERATIVE,
    KINDS,
    LENT,
    OUTSIDE,
    OWN,
    STAKE,
    UNION,
    Grant,
)
from villagesim.agents.secretaries import reference_skill
from villagesim.arrays import Floats, Ints, rows_where, some, sum_by
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.events import Timer
from villagesim.parameters.projects import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs

COLUMNS = (
    "who", "founded", "village", "form", "kind", "firm", "granted", "own", "outside", "capital", "kept", "rate", "idle",
    "earning_since", "term_end", "ended", "lost", "stake_project", "stake_row", "stake_share",
)  # fmt: skip
BROUGHT = ("helper_bought", "helper_built", "helper_lent", "helper_joint", "helper_own")
INVEST = ("invest_bought", "invest_built", "invest_lent", "invest_joint", "invest_own")
LUCK = ("project.kind", "project.firm", "project.idle", "project.first_term", "project.luck")
HELPER_MONTHS = range(2, 14)
"""Month of a helper's term in which the money from outside comes, by lot."""
DAYS_A_MONTH = DAYS_A_YEAR / 12


class Projects(Process):
    """All projects of the county."""

    parameters = PARAMETERS
    owns = ("projects.n_grants", *(f"projects.{column}" for column in COLUMNS))
    takes = ("world.grants",)
    deposits = (
        "cooperatives.project_income",
        "cooperatives.invested",
        "cooperatives.principal",
        "cooperatives.outside",
    )
    columns = (
        Column(
            name="project_loss", meaning="losses of projects, which are in their income", unit="yuan", per="constituent",
            kind="flow", read="losses", domain=NOT_NEGATIVE,
        ),
        Column(
            name="project_capital", meaning="seed money in living projects", unit="yuan", per="constituent", kind="level",
            read=lambda process: process.capital_alive(), domain=NOT_NEGATIVE,
        ),
        Column(
            name="outside_capital", meaning="capital that helpers have brought", unit="yuan", per="constituent", kind="flow",
            domain=NOT_NEGATIVE,
        ),
        Column(
            name="projects_alive", meaning="living projects", unit="count", per="county", kind="level",
            read=lambda process: int(process.world.projects.alive.sum()),
        ),
        Column(
            name="projects_ended", meaning="projects that ended", unit="count", per="county", kind="flow", read="n_ended",
        ),
        Column(
            name="project_capital_founded", meaning="seed money in projects so far", unit="yuan", per="county",
            kind="level", read=lambda process: process.world.projects.granted.sum(), domain=NOT_NEGATIVE,
        ),
        Column(
            name="project_capital_lost", meaning="seed money lost with projects so far", unit="yuan", per="county",
            kind="level", read=lambda process: process.world.projects.lost.sum(), domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="project_premium", meaning="added to the return of projects", unit="of capital per year",
            per="constituent", rule="level", after=("belt",),
        ),
        Lever(name="helped", meaning="a helper from outside is there", unit="0 or 1", per="constituent", rule="coverage"),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world, p = self.world, self.world.p
        self.reference_skill = reference_skill(p)
        self.mean, self.sd, gestation, deaths, idle, self.least = (
            np.array([p[name].value if name else 0.0 for name in names]) for names in zip(*KINDS.values(), strict=True)
        )
        self.death_rate, self.idle = p.death_factor * deaths, np.minimum(p.idle_factor * idle, 1.0)
        self.invest_in = np.array([p[name].value for name in INVEST])
        self.brought_in = np.array([p[name].value for name in BROUGHT])
        self.others, self.part_kept = np.zeros(OUTSIDE + 1), np.zeros(OUTSIDE + 1)
        self.helped, self.has_brought = np.zeros(world.n_rows, bool), np.zeros(world.n_rows, bool)
        self.months_helped = np.zeros(world.n_rows)
        self.outside_capital = np.zeros(world.n_rows)
        self.others[[COOPERATIVE, COMPANY]] = p.members_money, p.households_money
        self.part_kept[[COOPERATIVE, COMPANY]] = p.members_part_kept, p.households_part_kept
        self.gestation = gestation * DAYS_A_MONTH
        self.ending: list[Event] = []
        self.losses = np.zeros(world.n_rows)
        self.n_ended = 0
        world.calendar.declare("harvest", "projects", self.close)
        world.calendar.declare("births", "projects", self.open)

    def living(self, project: int) -> Generator[Event, str, None]:
        """One project's story: its terms go by, until it dies, its firm takes it along, or no term follows."""
        world, ending, n_terms = self.world, self.ending[project], 0
        while not ending.triggered and np.isfinite(world.projects.term_end[project]):
            yield world.env.timeout(float(world.projects.term_end[project]) - world.now) | ending
            if not ending.triggered:
                n_terms += 1
                self.end_term(project, n_terms)
        reason = yield ending
        world.projects.ended[project] = world.now
        money = self.pay_back(project) if reason == "repaid" else 0.0
        world.projects.lost[project] = 0.0 if money else world.projects.granted[project]
        self.n_ended += 1
        world.log("project_ended", int(world.village_of[world.projects.village[project]]), reason=reason, money=money)

    def end_term(self, project: int, number: int) -> None:
        """Lend for another term, or ask for the money back; what never earned is not renewed."""
        world, p, who = self.world, self.world.p, self.world.projects.who[project]
        renewed, back = (float(world.draws.uniform(f"project.{what}", *who, number)[0]) for what in ("renewed", "back"))
        if renewed < p.term_renewed and not world.projects.idle[project]:
            world.projects.term_end[project] += float(self.terms(world.draws.uniform("project.term", *who, number))[0])
        else:
            self.ending[project].succeed("repaid" if back < p.principal_back else "not repaid")

    def terms(self, lot: Floats) -> Floats:
        """How long money is lent [days]."""
        p = self.world.p
        return (p.term_least + (max(p.term_most, p.term_least) - p.term_least) * lot) * DAYS_A_MONTH

    def pay_back(self, project: int) -> float:
        """Give the collectives back what they and the grant had put in [yuan]."""
        projects = self.world.projects
        stakes = rows_where(projects.stake_project == project)
        money = float(projects.granted[project] + projects.own[project] + projects.outside[project])
        np.add.at(self.world.cooperatives.principal, projects.stake_row[stakes], projects.stake_share[stakes] * money)
        return money

    def open(self, month: Month) -> None:
        """Begin the projects that were paid for; say which end within the coming month, each at its own instant."""
        self.n_ended = 0
        founders = self.world.grants + self.help_from_outside(month) + self.investments(month)
        self.world.grants.clear()
        if founders:
            self.begin(founders, month)
        alive = rows_where(self.world.projects.alive)
        if alive.size:
            if some(self.world.projects.firm[alive] >= 0):
                self.strike_firms(month)
            self.strike_projects(alive, month)

    def investments(self, month: Month) -> list[Grant]:
        """What accounts put into projects of their own this month, out of their pots."""
        world, p, pot = self.world, self.world.p, self.world.cooperatives.pot
        able = rows_where(pot >= p.investment_pot)
        if not able.size:
            return []
        rate = p.investment_rate * (p.opportunity_base + world.secretaries.skill[world.village_of[able]])
        rate = rate * np.where(self.helped[able], p.investment_helped, 1.0)
        chosen, _ = occurs(world.draws, "investment", world.keys, month.key, month.days, rate, able)
        rows, money = able[chosen], pot[able[chosen]]
        mixes = self.invest_in * (self.least <= money[:, None])
        money = np.minimum(p.investment_share * money, p.investment_most)
        return [
            Grant(ACCOUNT, row, each, world.account_of == row, mix)
            for row, each, mix in zip(rows.tolist(), money.tolist(), mixes, strict=True)
            if some(mix)
        ]

    def help_from_outside(self, month: Month) -> list[Grant]:
        """What helpers bring this month: once in a term, some months after they came."""
        world, p = self.world, self.world.p
        self.outside_capital = np.zeros(world.n_rows)
        if world.levers.helped.at_rest and not some(self.helped):
            return []
        self.helped = world.by_village(world.levers.helped.now)[world.village_of] > 0
        self.months_helped = np.where(self.helped, self.months_helped + 1, 0.0)
        self.has_brought &= self.helped
        if not some(self.helped):
            return []
        served = world.highest_by_village(self.months_helped).astype(np.int64)
        still = rows_where(world.is_village & self.helped & (world.by_village(self.has_brought) == 0))
        who = world.keys[still], month.key - served[still]
        late = HELPER_MONTHS[0] + (world.draws.uniform("helper.month", *who) * len(HELPER_MONTHS)).astype(np.int64)
        size = np.exp(p.helper_money_sd * world.draws.normal("helper.money", *who) - p.helper_money_sd**2 / 2)
        now = rows_where(served[still] >= late)
        self.has_brought |= np.isin(world.village_of, still[now])
        return [
            Grant(OUTSIDE, village, money, world.village_of == village, tuple(self.brought_in))
            for village, money in zip(still[now].tolist(), (p.helper_money * size[now]).tolist(), strict=True)
            if money
        ]

    def begin(self, founders: list[Grant], month: Month) -> None:
        """Begin the projects of the month; equal ones of one village are told apart by their number."""
        world, projects, numbers = self.world, self.world.projects, Counter[tuple[int, ...]]()
        who = []
        for grant in founders:
            first = int(world.keys[grant.village]), month.key, grant.form
            who.append((*first, numbers[first]))
            numbers[first] += 1
        founded = self.found(founders, np.array(who))
        money = (founded[name].tolist() for name in ("kind", "granted", "own", "outside"))
        for grant, kind, granted, own, outside in zip(founders, *money, strict=True):
            self.ending.append(Event(world.env))
            world.process(self.living(len(self.ending) - 1))
            world.log(
                "project_founded", grant.village, form=ALL_FORMS[grant.form], of=ALL_KINDS[kind], money=granted, own=own,
                outside=outside,
            )  # fmt: skip
        for column in COLUMNS:
            setattr(projects, column, np.concatenate([getattr(projects, column), founded[column]]))
        since = projects.stake_project >= len(projects.form) - len(founders)
        rows, shares, of = projects.stake_row[since], projects.stake_share[since], projects.stake_project[since]
        world.cooperatives.invested += sum_by(rows, shares * projects.own[of], world.n_rows)
        self.outside_capital = sum_by(rows, shares * projects.outside[of], world.n_rows)

    def found(self, founders: list[Grant], who: Ints) -> dict[str, NDArray[Any]]:
        """Columns of new projects, born with their luck; each belongs to the members of all villages that share it."""
        world, p, n = self.world, self.world.p, len(founders)
        form, money = np.array([grant.form for grant in founders]), np.array([grant.money for grant in founders])
        weights = np.cumsum([grant.mix for grant in founders], axis=1)
        kinds, firms, idle, terms, rates = world.draws.uniform_by_decision(LUCK, *who.T)
        kind = (kinds[:, None] * weights[:, -1:] > weights).sum(axis=1)
        invested, matched = form == ACCOUNT, (form < ACCOUNT) & ((kind == BUILT) | (kind == OWN))
        granted, outside = np.where(form < ACCOUNT, money, 0.0), np.where(form == OUTSIDE, money, 0.0)
        own = np.where(invested, money, np.where(matched, p.match_share * money, 0.0))
        others, part = self.others[form], self.part_kept[form]
        ours = own + outside
        capital = granted * (1 + others) + ours
        stakes = [self.owners(grant, ids) for grant, ids in zip(founders, who, strict=True)]
        shared, rows = np.repeat(np.arange(n), [len(each) for each in stakes]), np.concatenate(stakes)
        members = np.maximum(world.endowment.members[rows], 1)
        idle = idle < self.idle[kind]
        return {
            "who": who, "founded": np.full(n, world.now), "village": np.array([grant.village for grant in founders]),
            "form": form, "kind": kind,
            "firm": np.where(kind == LENT, (firms * int(p.lead_firms)).astype(np.int64), -1),
            "granted": granted, "own": own, "outside": outside, "capital": capital,
            "kept": (granted * (1 + part * others) + ours) / capital,
            "rate": self.mean[kind] + p.return_shift + self.sd[kind] * ndtri(rates),
            "idle": idle, "earning_since": np.where(idle, np.inf, world.now + self.gestation[kind]),
            "ended": np.full(n, np.inf), "lost": np.zeros(n),
            "term_end": np.where(kind == LENT, world.now + self.terms(terms), np.inf),
            "stake_project": len(self.ending) + shared, "stake_row": rows,
            "stake_share": members / sum_by(shared, members, n)[shared],
        }  # fmt: skip

    def owners(self, grant: Grant, who: Ints) -> Ints:
        """Constituents that share a project: of the account, the village, its alliance under four bodies, or a union."""
        world, alliances = self.world, self.world.alliances
        if grant.form in (STAKE, ACCOUNT, OUTSIDE):
            return rows_where(grant.rows)
        shared = np.zeros(world.n_rows, bool)
        if grant.form == UNION:
            shared[self.partners(grant, who)] = True
        elif alliances.four_bodies[grant.village]:
            shared[world.village_of[alliances.leader == alliances.leader[grant.village]]] = True
        else:
            shared[grant.village] = True
        world.projects.n_grants[shared] += 1
        return rows_where(shared[world.village_of])

    def partners(self, grant: Grant, who: Ints) -> Ints:
        """Villages that share a project of a union: the one that leads, and others of its township by lot."""
        world = self.world
        low, high = round(world.p.union_villages_least), round(world.p.union_villages_most)
        n = low + int(world.draws.uniform("project.partners", *who)[0] * (high - low + 1))
        near = world.place.township == world.place.township[grant.village]
        others = rows_where(grant.rows & near & world.is_village & (np.arange(world.n_rows) != grant.village))
        lot = world.draws.uniform("project.partner", *who, world.keys[others])
        return np.append(grant.village, others[np.argsort(lot, kind="stable")[: n - 1]])

    def strike_firms(self, month: Month) -> None:
        """Let lead firms fail."""
        world = self.world
        firms = np.arange(int(world.p.lead_firms))
        rows, after = occurs(world.draws, "lead_firm.fails", firms, month.key, month.days, world.p.lead_firm_failure)
        for firm, wait in zip(rows.tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._firm_fails, firm)

    def strike_projects(self, alive: Ints, month: Month) -> None:
        """Let projects die by themselves."""
        world, projects = self.world, self.world.projects
        rows, after = occurs(
            world.draws, "project.dies", tuple(projects.who[alive].T), month.key, month.days,
            self.death_rates()[alive],
        )  # fmt: skip
        for project, wait in zip(alive[rows].tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._dies, project)

    def death_rates(self) -> Floats:
        """Death rate of every project [per year]: by kind, and by the secretaries' skill."""
        skill = self.skill() - self.reference_skill
        return self.death_rate[self.world.projects.kind] * np.exp(-self.world.p.project_death_skill * skill)

    def skill(self) -> Floats:
        """Skill of the secretaries of the villages that share a project, by project."""
        return self.world.projects.mean(self.world.secretaries.skill[self.world.village_of])

    def close(self, month: Month) -> None:
        """Book what projects have earned or lost in the month, by constituent."""
        world, projects = self.world, self.world.projects
        if some(self.helped):
            world.cooperatives.outside += world.p.helper_yearly * month.years * self.helped * world.member_shares()
        if not projects.form.size:
            return
        kept = projects.capital * projects.kept * self.returns() * self.years_earning(month)
        self.losses = projects.by_row(np.maximum(-kept, 0.0), world.n_rows)
        world.cooperatives.project_income += projects.by_row(kept, world.n_rows)

    def returns(self) -> Floats:
        """Return of every project while it earns [of capital per year]."""
        world, p, projects = self.world, self.world.p, self.world.projects
        support = projects.mean(world.levers.project_premium.now + p.pooled_premium * world.one_account())
        dear = max(float(np.exp(world.log_price or 0.0)) - 1, 0.0)
        sold_elsewhere = np.where(projects.form == COMPANY, p.side_selling * dear, 0.0)
        return projects.rate + p.project_skill * (self.skill() - self.reference_skill) + support - sold_elsewhere

    def years_earning(self, month: Month) -> Floats:
        """Time in which every project has earned in the month [years]."""
        projects = self.world.projects
        until = np.minimum(month.start + month.days, projects.ended)
        return np.maximum(until - np.maximum(projects.earning_since, month.start), 0.0) / DAYS_A_YEAR

    def capital_alive(self) -> Floats:
        """Seed money in living projects, by constituent [yuan]."""
        projects = self.world.projects
        return projects.by_row(projects.granted * projects.alive, self.world.n_rows)

    def _dies(self, event: Timer) -> None:
        if not self.ending[event.value].triggered:
            self.ending[event.value].succeed("died")

    def _firm_fails(self, event: Timer) -> None:
        projects = self.world.projects
        for project in rows_where(projects.alive & (projects.firm == event.value)).tolist():
            if not self.ending[project].triggered:
                self.ending[project].succeed("lead firm failed")
