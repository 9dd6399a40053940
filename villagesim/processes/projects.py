"""Projects in the four organisational forms, with lead firms as a common risk (equation E4).

Only projects that a policy pays for are followed one by one: without policy as many are born as die, and what they earn
is part of the trend. A project belongs to the members of the villages that share it. It is built up, then earns, more
under a skilled secretary, in an alliance, under a brand and where accounts are one; each has its own lasting luck and that
of the year. Some die, more under a weak secretary and after two years of loss in a row. In the industry chain a lead firm
pays a fixed rate, and takes all its projects along when it fails.

Theory: support raises income while projects live, and fades as they die (no half-life is built in); a guaranteed rate
swaps the own risk for a common one. Left out: loans of projects, their sale, what becomes of idle assets.
"""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from villagesim.agents.projects import CHAIN, COMPANY, COOPERATIVE, FORMS, UNION, Grant
from villagesim.agents.secretaries import reference_skill
from villagesim.arrays import Floats, Ints
from villagesim.component import Column, Lever
from villagesim.dates import DAYS_A_YEAR, Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.engine.events import Timer
from villagesim.parameters.projects import PARAMETERS
from villagesim.process import Process
from villagesim.randomness import occurs

COLUMNS = (
    "who", "village", "form", "firm", "granted", "capital", "kept", "luck", "earning_since", "ended", "lost", "result",
    "loss_years", "stake_project", "stake_row", "stake_share",
)  # fmt: skip


class Projects(Process):
    """All projects of the county that seed money has paid for."""

    parameters = PARAMETERS
    owns = ("projects.n_grants", *(f"projects.{column}" for column in COLUMNS))
    takes = ("world.grants",)
    deposits = ("cooperatives.project_income",)
    columns = (
        Column(
            name="project_loss", meaning="loss of projects that the collective bears", unit="yuan", per="constituent",
            kind="flow", read="losses", domain=NOT_NEGATIVE,
        ),
        Column(
            name="project_capital", meaning="seed money in living projects", unit="yuan", per="constituent", kind="level",
            read=lambda process: process.capital_alive(), domain=NOT_NEGATIVE,
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
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world, p = self.world, self.world.p
        self.reference_skill = reference_skill(p)
        self.mean, self.sd, gestation, self.death_rate = (
            np.array([p[names[i]].value for names in FORMS.values()]) for i in range(4)
        )
        self.others, self.part_kept = np.zeros(len(FORMS)), np.zeros(len(FORMS))
        self.others[[COOPERATIVE, COMPANY]] = p.members_money, p.households_money
        self.part_kept[[COOPERATIVE, COMPANY]] = p.members_part_kept, p.households_part_kept
        self.gestation = gestation * DAYS_A_YEAR / 12
        self.ending: list[Event] = []
        self.losses = np.zeros(world.n_rows)
        self.n_ended = 0
        world.calendar.declare("harvest", "projects", self.close)
        world.calendar.declare("births", "projects", self.open)

    def living(self, project: int) -> Generator[Event, str, None]:
        """One project's story: it is built up and earns, until it dies or its lead firm takes it along."""
        world, ending = self.world, self.ending[project]
        yield world.env.timeout(float(self.gestation[world.projects.form[project]])) | ending
        if not ending.triggered:
            world.projects.earning_since[project] = world.now
        reason = yield ending
        share = world.p.lead_firm_loss if reason == "lead firm failed" else world.p.dead_project_loss
        world.projects.ended[project] = world.now
        world.projects.lost[project] = share * world.projects.granted[project]
        self.n_ended += 1
        village = int(world.village_of[world.projects.village[project]])
        world.log("project_ended", village, reason=reason)

    def open(self, month: Month) -> None:
        """Begin the projects that were paid for; say which end within the coming month, each at its own instant."""
        self.n_ended = 0
        if self.world.grants:
            self.begin(month)
        alive = self.world.projects.alive
        if (alive & (self.world.projects.firm >= 0)).any():
            self.strike_firms(month)
        if alive.any():
            self.strike_projects(month)

    def begin(self, month: Month) -> None:
        """Begin the projects of the month; equal ones of one village are told apart by their number."""
        world, projects, numbers = self.world, self.world.projects, Counter[tuple[int, ...]]()
        who = []
        for grant in world.grants:
            first = int(world.keys[grant.village]), month.key, grant.form
            who.append((*first, numbers[first]))
            numbers[first] += 1
        founded = self.found(world.grants, np.array(who))
        for grant in world.grants:
            self.ending.append(Event(world.env))
            world.process(self.living(len(self.ending) - 1))
            world.log("project_founded", grant.village, form=list(FORMS)[grant.form], money=grant.money)
        for column in COLUMNS:
            setattr(projects, column, np.concatenate([getattr(projects, column), founded[column]]))
        world.grants.clear()

    def found(self, grants: list[Grant], who: Ints) -> dict[str, NDArray[Any]]:
        """Columns of new projects, born with their luck; each belongs to the members of all villages that share it."""
        world, p, n = self.world, self.world.p, len(grants)
        form, granted = np.array([grant.form for grant in grants]), np.array([grant.money for grant in grants])
        firm = (world.draws.uniform("project.firm", *who.T) * int(p.lead_firms)).astype(np.int64)
        others, part = self.others[form], self.part_kept[form]
        stakes = [self.owners(grant, ids) for grant, ids in zip(grants, who, strict=True)]
        members = [np.maximum(world.endowment.members[rows], 1) for rows in stakes]
        return {
            "who": who, "village": np.array([grant.village for grant in grants]), "form": form,
            "firm": np.where(form == CHAIN, firm, -1), "granted": granted, "capital": granted * (1 + others),
            "kept": (1 + part * others) / (1 + others),
            "luck": world.draws.normal("project.luck", *who.T) * self.sd[form],
            "earning_since": np.full(n, np.inf), "ended": np.full(n, np.inf), "lost": np.zeros(n),
            "result": np.zeros(n), "loss_years": np.zeros(n, np.int64),
            "stake_project": np.repeat(len(self.ending) + np.arange(n), [len(rows) for rows in stakes]),
            "stake_row": np.concatenate(stakes),
            "stake_share": np.concatenate([each / each.sum() for each in members]),
        }  # fmt: skip

    def owners(self, grant: Grant, who: Ints) -> Ints:
        """Constituents that share a project: those of the village, of its alliance under four bodies, or of a union."""
        world, alliances = self.world, self.world.alliances
        shared = np.zeros(world.n_rows, bool)
        if grant.form == UNION:
            shared[self.partners(grant, who)] = True
        elif alliances.four_bodies[grant.village]:
            shared[world.village_of[alliances.leader == alliances.leader[grant.village]]] = True
        else:
            shared[grant.village] = True
        world.projects.n_grants[shared] += 1
        return np.flatnonzero(shared[world.village_of])

    def partners(self, grant: Grant, who: Ints) -> Ints:
        """Villages that share a project of a union: the one that leads, and others of its township by lot."""
        world = self.world
        low, high = round(world.p.union_villages_least), round(world.p.union_villages_most)
        n = low + int(world.draws.uniform("project.partners", *who)[0] * (high - low + 1))
        near = world.place.township == world.place.township[grant.village]
        others = np.flatnonzero(grant.rows & near & world.is_village & (np.arange(world.n_rows) != grant.village))
        lot = world.draws.uniform("project.partner", *who, world.keys[others])
        return np.append(grant.village, others[np.argsort(lot, kind="stable")[: n - 1]])

    def strike_firms(self, month: Month) -> None:
        """Let lead firms fail."""
        world = self.world
        firms = np.arange(int(world.p.lead_firms))
        rows, after = occurs(world.draws, "lead_firm.fails", firms, month.key, month.days, world.p.lead_firm_failure)
        for firm, wait in zip(rows.tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._firm_fails, firm)

    def strike_projects(self, month: Month) -> None:
        """Let projects die by themselves."""
        world, projects = self.world, self.world.projects
        alive = np.flatnonzero(projects.alive)
        rows, after = occurs(
            world.draws, "project.dies", tuple(projects.who[alive].T), month.key, month.days,
            self.death_rates()[alive],
        )  # fmt: skip
        for project, wait in zip(alive[rows].tolist(), after.tolist(), strict=True):
            Timer(world.env, wait, self._dies, project)

    def death_rates(self) -> Floats:
        """Death rate of every project [per year]: by form, by the secretaries' skill, and after two years of loss."""
        projects, p = self.world.projects, self.world.p
        rate = self.death_rate[projects.form] * np.exp(-p.project_death_skill * (self.skill() - self.reference_skill))
        return rate * np.where(projects.loss_years >= p.years_of_loss, p.loss_years_factor, 1.0)

    def skill(self) -> Floats:
        """Skill of the secretaries of the villages that share a project, by project."""
        return self.world.projects.mean(self.world.secretaries.skill[self.world.village_of])

    def close(self, month: Month) -> None:
        """Book what projects have earned or lost in the month, by constituent."""
        world, projects = self.world, self.world.projects
        if not projects.form.size:
            return
        result = projects.capital * self.rate(month.year) * self.years_earning(month)
        kept = result * projects.kept
        self.losses = projects.by_row(np.maximum(-kept, 0.0), world.n_rows)
        world.cooperatives.project_income += projects.by_row(kept, world.n_rows)
        projects.result += result
        if month.key % 12 == 11:
            self.count_losses()

    def rate(self, year: int) -> Floats:
        """Return of every project [of capital per year], once it earns in full."""
        world, p, projects = self.world, self.world.p, self.world.projects
        own = self.mean[projects.form] + projects.luck
        of_year = p.project_year_noise * self.sd[projects.form] * world.draws.normal(
            "project.year", *projects.who.T, year
        )  # fmt: skip
        support = projects.mean(world.levers.project_premium.now + p.pooled_premium * world.one_account())
        dear = max(float(np.exp(world.log_price or 0.0)) - 1, 0.0)
        sold_elsewhere = np.where(projects.form == COMPANY, p.side_selling * dear, 0.0)
        return own + of_year + p.project_skill * (self.skill() - self.reference_skill) + support - sold_elsewhere

    def years_earning(self, month: Month) -> Floats:
        """Time in which a project has earned in the month, at full strength [years]; strength is 1 - e^-(years / ramp)."""
        projects, ramp = self.world.projects, self.world.p.project_ramp
        until = np.minimum(month.start + month.days, projects.ended)
        last = np.maximum(until - projects.earning_since, 0.0) / DAYS_A_YEAR
        first = np.minimum(np.maximum(month.start - projects.earning_since, 0.0) / DAYS_A_YEAR, last)
        return (last - first) - ramp * (np.exp(-first / ramp) - np.exp(-last / ramp))

    def capital_alive(self) -> Floats:
        """Seed money in living projects, by constituent [yuan]."""
        projects = self.world.projects
        return projects.by_row(projects.granted * projects.alive, self.world.n_rows)

    def count_losses(self) -> None:
        """Close the calendar year of every project: a loss counts, a gain ends the count."""
        projects = self.world.projects
        projects.loss_years[:] = np.where(
            projects.result < 0, projects.loss_years + 1, np.where(projects.result > 0, 0, projects.loss_years)
        )
        projects.result[:] = 0.0

    def _dies(self, event: Timer) -> None:
        if not self.ending[event.value].triggered:
            self.ending[event.value].succeed("died")

    def _firm_fails(self, event: Timer) -> None:
        projects = self.world.projects
        for project in np.flatnonzero(projects.alive & (projects.firm == event.value)).tolist():
            if not self.ending[project].triggered:
                self.ending[project].succeed("lead firm failed")
