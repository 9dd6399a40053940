"""Lists of weak villages (消薄, equation E17): a line, a quota, and income that is booked to reach it.

At the closing of December income of the calendar year is held against the line, both in yuan of that year. As many villages as
the quota lacks, and a few more, are put under pressure, the nearest first. One that earns less than the line may book what is
missing: rather under pressure, with a secretary of little integrity, where little is missing, where nobody inspects, and where
it did so a year ago. What is booked is no money: it enters no ledger, and only what is reported knows of it. Inspection strikes
some of it out, and that village books nothing a year later. When a list has ended, some go on booking what they are used to.

Theory: a line that is checked on paper is reached on paper (evidence 2, A 9 and 19, B 6). Left out: gifts and loans of
neighbours that are real money for a day, and county offices that book for their villages.
"""

from math import ceil

import numpy as np

from villagesim.agents.lists import WeakVillages, lowest_of
from villagesim.arrays import Bools, Floats, logistic, rows_where, some
from villagesim.component import Column
from villagesim.dates import Month
from villagesim.domains import NOT_NEGATIVE
from villagesim.parameters.lists import PARAMETERS
from villagesim.process import Process

HALF_A_FEN = 0.005


class Lists(Process):
    """Keeper of the lists, and of what is booked for them."""

    parameters = PARAMETERS
    owns = ("lists.line", "lists.listed", "lists.booked", "lists.barred")
    takes = ("world.weak_villages",)
    needs = ("watched",)
    columns = (
        Column(
            name="listed", meaning="on a list of weak villages", unit="0 or 1", per="village", kind="level", whole=True,
            read="world.lists.listed",
        ),
        Column(
            name="booked", meaning="reported for the last calendar year beyond what was earned", unit="yuan",
            per="village", kind="level", read="world.lists.booked", domain=NOT_NEGATIVE,
            before=lambda world: world.lists.booked,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        self.fixed: dict[str, Bools] = {}
        self.kept: set[str] = set()
        world = self.world
        world.calendar.declare("rating", "lists", self.close_year)
        if world.merging:
            world.calendar.declare("births", "lists", self.merge, world.timetable.decree_days)
        world.calendar.declare("births", "lists", self.open)

    def reported(self) -> Floats:
        """Income of the last twelve months as reported, by village [yuan]."""
        return self.in_books() + self.world.lists.booked

    def in_books(self) -> Floats:
        """What was earned in the last twelve months, own farming by its turnover where books are gross, by village [yuan]."""
        world = self.world
        return world.by_village(world.cooperatives.income_12m + world.land_trusts.turnover)

    def merge(self, month: Month) -> None:
        """Sum up what parts have booked; a village is barred, or on a list for good, if one of its parts is."""
        world, lists = self.world, self.world.lists
        lists.booked[:] = world.by_village(lists.booked)
        lists.barred[:] = world.by_village(lists.barred) > 0
        self.fixed = {label: world.by_village(rows) > 0 for label, rows in self.fixed.items()}
        self.relist(month.year, world.changed | (world.decreed == 1))

    def open(self, month: Month) -> None:
        """Have a list that begins look at last year at once."""
        world = self.world
        for label in sorted(world.weak_villages.keys() - self.fixed.keys()):
            asked = world.weak_villages[label]
            villages = rows_where(asked.rows & world.is_village)
            on_it = lowest_of(self.reported(), villages, world.keys, asked.lowest or 1.0)
            self.fixed[label] = np.isin(np.arange(world.n_rows), on_it)
        if world.weak_villages.keys() != self.kept:
            self.kept = set(world.weak_villages)
            self.relist(month.year)

    def relist(self, year: int, rows: Bools | bool = True) -> None:
        """Write down who is on a list: those below the line of this year, by what is reported; anew in these rows alone."""
        lists, line = self.world.lists, np.zeros(self.world.n_rows)
        for label, asked in self.world.weak_villages.items():
            line = np.maximum(line, np.where(self.looked_at(label, asked), asked.line(year), 0.0))
        lists.line[:] = np.where(rows, line, lists.line)
        listed = self.reported() < lists.line / self.world.price_level - HALF_A_FEN
        lists.listed[:] = np.where(rows, listed, lists.listed)

    def looked_at(self, label: str, asked: WeakVillages) -> Bools:
        """Villages that a list looks at: all that it reaches, or those that are on it for good."""
        reached = asked.rows & self.world.is_village
        return reached & self.fixed[label] if asked.lowest else reached

    def close_year(self, month: Month) -> None:
        """Hold the year against the lines; let villages book, inspection strike out, and next year's lists begin."""
        world, lists, p = self.world, self.world.lists, self.world.p
        if month.key % 12 != 11 or not (world.weak_villages or some(lists.booked)):
            return
        real, before, luck = self.in_books(), lists.booked.copy(), self.luck
        booked, reached = np.zeros(world.n_rows), np.zeros(world.n_rows, bool)
        by_line = sorted(world.weak_villages.items(), key=lambda item: (item[1].line(month.year), item[0]))
        for label, asked in by_line:
            line, villages = asked.line(month.year) / world.price_level, self.looked_at(label, asked)
            reached |= villages
            pressed = self.pressed(asked, villages, real + booked, line)
            gap = np.maximum(line - real, 0.0)
            wanted = gap * (1 + p.book_excess * luck("excess", month))
            books = pressed & (wanted <= p.book_cap * np.maximum(real, p.book_least))
            books &= luck("books", month) < self.p_books(asked.pressure, gap / line, before > 0)
            booked = np.where(books & ~lists.barred, wanted, booked)
        used_to_it = (before > 0) & ~reached & ~lists.barred & (luck("habit", month) < p.book_habit)
        booked = np.where(used_to_it & world.is_village, before, booked)
        found = (booked > 0) & (luck("found", month) < p.book_found * world.offers.watched())
        lists.booked[:], lists.barred[:] = np.where(found, 0.0, booked), found
        self.relist(month.year + 1)
        world.log(
            "lists_closed", listed=int(lists.listed.sum()), booked=int((lists.booked > 0).sum()),
            struck_out=int(found.sum()), yuan=round(float(lists.booked.sum()), 2),
        )  # fmt: skip

    def luck(self, what: str, month: Month) -> Floats:
        """Uniforms of the villages for this closing of a year."""
        return self.world.draws.uniform(f"list.{what}", self.world.keys, month.year)

    def pressed(self, asked: WeakVillages, villages: Bools, told: Floats, line: float) -> Bools:
        """Villages under pressure: nearest to the line, some more than the quota lacks; of a fixed list all that are below."""
        below = villages & (told < line - HALF_A_FEN)
        if asked.lowest:
            return below
        lacking = ceil(asked.quota * villages.sum() - 1e-9) - int((villages & ~below).sum())
        candidates = rows_where(below)
        n = ceil(self.world.p.list_overshoot * max(lacking, 0) - 1e-9)
        nearest = np.lexsort((self.world.keys[candidates], -told[candidates]))[:n]
        return np.isin(np.arange(len(told)), candidates[nearest])

    def p_books(self, pressure: float, missing: Floats, again: Bools) -> Floats:
        """Chance that a village under pressure books what is missing; ``missing`` as a share of the line."""
        world, p = self.world, self.world.p
        watched = world.offers.watched()
        honest = p.book_integrity * (world.secretaries.integrity - p.neutral_integrity)
        chance = logistic(
            p.book_base + p.book_pressure * pressure + p.book_inspection * watched + honest + p.book_gap * missing
        )
        return np.where(again, np.maximum(chance, p.book_again * np.exp(p.book_inspection * watched)), chance)
