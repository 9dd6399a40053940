"""The history of one run: all that it leaves, as values that nobody can change and that can be sent elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from villagesim.arrays import Bools
from villagesim.dates import Month
from villagesim.engine.fund import Payment
from villagesim.engine.log import Log
from villagesim.frozen import Frozen, Value, frozen, locked
from villagesim.outcomes import Record
from villagesim.places.endowments import Endowment
from villagesim.places.place import Place
from villagesim.timetable import Timetable
from villagesim.world import World


@dataclass(frozen=True, eq=False, repr=False)
class History(Value):
    """What happened in one county in one run.

    Attributes
    ----------
    timetable : Timetable
    merging : bool
        Decrees came: there were some in the timetable, and the strategy did not switch them off.
    order : tuple of (stage, process)
        Who acts at a first of a month, in order.
    record : Record
        Raw monthly columns; index 0 is the state at the start.
    events : Log of (day, kind, row, facts)
        In the order in which they happened.
    payments : tuple of Payment
        Claims on the county's fund.
    settlements : tuple of mappings
        Yearly settlements of land trusts.
    items : dict of (n_items,)
        Contracts, idle and unbilled items, and debts as they are at the end: columns of :class:`AssetColumns`.
    projects : dict of (n_projects,)
        Projects as they are at the end: columns of :class:`ProjectColumns`.
    picked : dict of (n_rows,) bool
        Constituents that each policy picked on the day it started, by label.
    idle : dict of str to str
        Why policies never acted, by their labels: not begun, nobody reached, or nothing paid that they could act on.
    """

    timetable: Timetable
    merging: bool
    order: tuple[tuple[str, str], ...]
    record: Record
    events: Log
    payments: tuple[Payment, ...]
    settlements: tuple[Mapping[str, Any], ...]
    items: Mapping[str, NDArray[Any]]
    projects: Mapping[str, NDArray[Any]]
    picked: Mapping[str, Bools]
    idle: Mapping[str, str]

    @classmethod
    def of(cls, world: World) -> "History":
        """Take from a world, when its run is over, what is to be kept."""
        return cls(
            world.timetable, world.merging, tuple(world.calendar.order), world.as_record(), world.events,
            tuple(world.payments), tuple(world.settlements), _columns(world.assets) | {"is_open": _is_open(world)},
            _columns(world.projects), world.picked,
            {label: _why_idle(world, label) for label in world.idle},
        )  # fmt: skip

    def __post_init__(self) -> None:
        self.record.recorder.close()
        self._freeze(items=_locked(self.items), projects=_locked(self.projects))
        self._freeze(picked=frozen(self.picked), idle=Frozen(self.idle), settlements=frozen(self.settlements))

    def __repr__(self) -> str:
        labels = self.record.labels
        return f"<history: {labels[1]} to {labels[-1]}, {len(self.events)} events, {len(self.payments)} payments>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        ours, theirs = self.record.recorder, other.record.recorder
        return (
            (self.timetable, self.merging, self.events, self.payments)
            == (other.timetable, other.merging, other.events, other.payments)
            and ours.names == theirs.names
            and all(np.array_equal(a, b, equal_nan=True) for a, b in zip(ours.tables, theirs.tables, strict=True))
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def months(self) -> tuple[Month, ...]:
        """Months of the run."""
        return self.record.recorder.months

    @property
    def endowment(self) -> Endowment:
        """People, income, land and debt at the start."""
        return self.record.endowment

    @property
    def place(self) -> Place:
        """Rolls and map."""
        return self.record.endowment.place

    @property
    def codes_decreed(self) -> NDArray[Any]:
        """Code of each constituent's village before any decree, and after each, ``(n_decrees + 1, n_rows)``."""
        place = self.place
        after = [np.array(wave.after.codes)[wave.map.village] for wave in place.waves]
        return locked(np.array([np.array(place.codes), *after]))

    @property
    def hosts_decreed(self) -> NDArray[Any]:
        """Row of the host of each constituent's village, as :attr:`codes_decreed`; a last column is -1, for the county."""
        villages = np.array(self.place.villages(self.endowment.members))
        return locked(np.column_stack([villages, np.full(len(villages), -1)]))

    @property
    def codes(self) -> NDArray[Any]:
        """Code of the village in force of each constituent, ``(n_months, n_rows)``."""
        return locked(self.codes_decreed[self.record.decreed[1:] * self.merging])

    @property
    def decree_days(self) -> tuple[float, ...]:
        """Days of the decrees from the start; none where none came."""
        days = self.timetable.decree_days if self.merging else ()
        return tuple(float((day - self.timetable.start).days) for day in days)


def _columns(columns: Any) -> dict[str, NDArray[Any]]:
    return {name: values for name, values in vars(columns).items() if len(values) == len(columns.kind)}


def _is_open(world: World) -> Bools:
    """Items that bring less than they could: contracts let for less than the market, and whatever is not settled."""
    faulty = world.contracts.faulty
    return np.concatenate([faulty, ~world.assets.settled[len(faulty) :]])


def _locked(columns: Mapping[str, NDArray[Any]]) -> Frozen[str, NDArray[Any]]:
    return Frozen({name: locked(values) for name, values in columns.items()})


def _why_idle(world: World, label: str) -> str:
    """Why a policy never acted, by the ledger."""
    if label not in world.picked:
        return world.idle[label]
    if not world.picked[label].any():
        return "reached nobody"
    claims = [payment for payment in world.payments if payment.policy == label]
    if not claims:
        return "had nothing to do"
    if any(payment.paid for payment in claims):
        return "paid too little"
    if all(payment.refused_by_cap == payment.asked for payment in claims):
        return "own budget too small"
    return "never paid" if world.fund.level or any(payment.paid for payment in world.payments) else "no fund"
