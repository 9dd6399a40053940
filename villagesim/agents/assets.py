"""What a collective owns and does not earn from: contracts, unbilled land, idle buildings and offices, debts."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws, poisson

KINDS = ("contract", "land", "building", "office", "easy debt", "hard debt", "ledger")
"""Items that audit teams take up: each brings money by the year, but for debts, which are written off."""
CONTRACT, LAND, BUILDING, OFFICE, EASY_DEBT, HARD_DEBT, LEDGER = range(len(KINDS))
EARNING = (CONTRACT, LAND, BUILDING, OFFICE)
MOST_BY_INCOME, USUAL_ENROLLABLE = 2.5, 0.55
"""Most that the income of a constituent raises the yield of its contracts; share of land for which `unbilled_rent` holds."""

Order = Literal["by_yield", "by_lot", "contracts_first", "debts_first"]
Survey = Literal["first", "by_township"]


@dataclass(frozen=True)
class Campaign:
    """Terms of a clean-up: the order in which ripe items are taken up, and when townships are surveyed."""

    order: Order
    survey: Survey


@dataclass
class ContractColumns:
    """Columns by contract, shape ``(n_contracts,)``, and by constituent, ``(n_rows,)``.

    Attributes
    ----------
    row : constituent that let it
    ordinal : its lasting number within the constituent
    faulty, faulty_at_start : it pays less than the market, now and on the first day
    corrected : by a team, and not lost again
    relet : it was let anew after the accounts of its village were pooled
    n : contracts of each constituent, ``(n_rows,)``
    faulty_since_start : share of faulty ones less that at the start, ``(n_rows,)`` [share]
    reopened : contracts whose titles were re-opened, fading, ``(n_rows,)`` [share]
    rent_factor : rents relative to the start, ``(n_rows,)`` [ratio]
    """

    row: Ints
    ordinal: Ints
    faulty: Bools
    faulty_at_start: Bools
    corrected: Bools
    relet: Bools
    n: Ints
    faulty_since_start: Floats
    reopened: Floats
    rent_factor: Floats

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "ContractColumns":
        """Which contracts are faulty is independent of everything else."""
        keys = endowment.place.before.keys
        mean = p.faulty_contracts / p.faulty_share * endowment.place.part
        n = np.maximum(poisson(draws.uniform("contracts.n", keys), mean, "contracts of a village"), 1)
        row, ordinal = numbered(n)
        faulty = draws.uniform("contract.faulty", keys[row], ordinal) < p.faulty_share
        none, nothing = np.zeros(len(row), bool), np.zeros(len(keys))
        return cls(
            row, ordinal, faulty, faulty.copy(), none, none.copy(), n, nothing, nothing.copy(), np.ones(len(keys))
        )


@dataclass
class AssetColumns:
    """Columns by item, shape ``(n_items,)``, and by constituent, ``(n_rows,)``; all contracts are the first items.

    Attributes
    ----------
    kind : index into KINDS
    row : constituent that it belongs to
    ordinal : its lasting number among those of its kind and constituent
    worth : what it brings when it is settled [yuan per year]; of a debt, its amount [yuan]
    days : time of a team that it takes [team-days]
    patience : -log of a lot: how late it is ripe [mean times]
    hard : it takes longer, and is ripe later
    ripe : from when on it can be settled [days from the start]; infinite before its township is surveyed
    settled : done by a team, or let by the collective itself
    settled_on, lost_on : when it was settled, and lost again, last [days from the start]; NaN where it never was
    by_team : who settled it last was a team
    gain : what settled items bring, and contracts beside the start, ``(n_rows,)`` [yuan per year]; may be a loss
    unhanded : rents that the merger has lost from the books, ``(n_rows,)`` [share]
    """

    kind: Ints
    row: Ints
    ordinal: Ints
    worth: Floats
    days: Floats
    patience: Floats
    hard: Bools
    ripe: Floats
    settled: Bools
    gain: Floats
    unhanded: Floats
    settled_on: Floats = field(init=False)
    lost_on: Floats = field(init=False)
    by_team: Bools = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.kind)
        self.settled_on, self.lost_on, self.by_team = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, bool)

    @classmethod
    def at_start(cls, contracts: ContractColumns, endowment: Endowment, p: Parameters, draws: Draws) -> "AssetColumns":
        """All items there are or will be: those of the merger come into force with it, debts with their survey."""
        place = endowment.place
        keys, n = place.before.keys, len(endowment.income)
        every, none = np.arange(n), np.zeros(n)
        idle = p.idle_buildings * place.part
        relative = np.minimum(
            (endowment.income / max(endowment.income.mean(), 1.0)) ** p.contract_yield_income, MOST_BY_INCOME
        )
        area = endowment.arable / max(endowment.arable.mean(), 1e-9) * p.unbilled_land
        area = area * lognormal(draws, "land", keys, 0, p.unbilled_land_sd)
        n_parcels = np.ceil(area / p.parcel_size).astype(np.int64)
        land, parcel = numbered(n_parcels)
        rent = p.unbilled_rent * endowment.enrollable / USUAL_ENROLLABLE
        building, number = numbered(poisson(draws.uniform("asset.buildings", keys), idle, "idle buildings"))
        offices = np.flatnonzero((place.village_of(endowment.members) != every) & (place.committee == every))
        parts = [
            (
                CONTRACT, contracts.row, contracts.ordinal, p.contract_days,
                p.contract_yield * relative[contracts.row] * lognormal(
                    draws, "contract", keys[contracts.row], contracts.ordinal, p.contract_yield_sd
                ),
            ),
            (LAND, land, parcel, p.parcel_days, (rent * area / np.maximum(n_parcels, 1))[land]),
            (
                BUILDING, building, number, p.building_days,
                p.building_yield * lognormal(draws, "building", keys[building], number, p.building_yield_sd),
            ),
            (
                OFFICE, offices, 0 * offices, p.office_days,
                p.office_yield * lognormal(draws, "office", keys[offices], 0, p.office_yield_sd),
            ),
            (EASY_DEBT, every, 0 * every, p.audit_days, none),
            (HARD_DEBT, every, 0 * every, p.audit_days, none),
            (LEDGER, offices, 0 * offices, p.ledger_days, none[offices]),
        ]  # fmt: skip
        kind = np.concatenate([np.full(len(row), code) for code, row, *_ in parts])
        row, ordinal = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
        worth = np.concatenate([part[4] for part in parts])
        days = np.concatenate([np.full(len(row_), float(days_)) for _, row_, _, days_, _ in parts])
        hard = np.isin(kind, EARNING) & (draws.uniform("asset.hard", keys[row], kind, ordinal) < p.hard_items)
        return cls(
            kind, row, ordinal, worth, np.where(hard, p.hard_days * days, days),
            -np.log(draws.uniform("asset.ripe", keys[row], kind, ordinal)), hard,
            np.full(len(row), np.inf), np.zeros(len(row), bool), np.zeros(n), np.zeros(n),
        )  # fmt: skip


def numbered(n: Ints) -> tuple[Ints, Ints]:
    """Row and lasting number within the row of ``n`` things each."""
    row = np.repeat(np.arange(len(n)), n)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)


def lognormal(draws: Draws, what: str, keys: Any, ordinal: Any, sd: float) -> Floats:
    """Lognormal numbers of mean 1."""
    return np.asarray(np.exp(sd * draws.normal(f"asset.{what}", keys, ordinal) - sd**2 / 2))


def ranks(order: Order, kind: Ints, a_day: Floats, lots: Floats) -> Floats:
    """What teams take items up by, lowest first: most yuan a day, a lot, or one kind first."""
    if order == "by_yield":
        return -a_day
    if order == "by_lot":
        return lots
    first = kind == CONTRACT if order == "contracts_first" else (kind == EASY_DEBT) | (kind == HARD_DEBT)
    return ~first + lots / 2


def first_of(values: Floats, most: int) -> Ints:
    """Places of the ``most`` lowest values, in order, equal ones as they stand: no more than these need to be sorted."""
    if most >= len(values):
        return np.argsort(values, kind="stable")
    low = np.flatnonzero(values <= np.partition(values, most - 1)[most - 1])
    return low[np.argsort(values[low], kind="stable")]
