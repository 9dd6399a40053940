"""Outcomes by group of constituents: who gains by a merger and its policies, and who loses.

Groups are fixed on the first day, among the constituents of villages that the county's map merges, whichever map a strategy has
chosen: thirds by members, thirds by collective income per member in the year before, and hosts against those that joined them.
Figures are means over the members of a group, so that nobody counts twice.
"""

from functools import partial
from typing import Any

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.frozen import frozen
from villagesim.outcomes.formulas import ALL_INCOME
from villagesim.outcomes.outcome import TRUST_MOVES, UNBOUNDED, ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record

GROUPS = {
    "size": {
        "small": "the smallest third",
        "middle_sized": "the middle third by members",
        "large": "the largest third",
    },
    "wealth": {"poor": "the poorest third", "middling": "the middle third by income", "rich": "the richest third"},
    "role": {"host": "hosts", "joined": "parts that joined a host"},
}
"""Groups of constituents by what divides them, from low to high, with what they are in words."""


def members_of(record: Record) -> dict[str, Bools]:
    """Constituents of each group, ``(n_rows,)``; nobody where nothing merges."""
    endowment, village = record.endowment, record.grouped
    rows = np.arange(len(village))
    merging = endowment.place.merged(village)
    size = thirds(endowment.members.astype(float), merging)
    wealth = thirds(endowment.income / np.maximum(endowment.members, 1), merging)
    parts = {"size": size, "wealth": wealth, "role": np.where(merging, np.where(village == rows, 0, 1), -1)}
    return {name: parts[by] == place for by, names in GROUPS.items() for place, name in enumerate(names)}


def thirds(values: Floats, among: Bools) -> Ints:
    """Third of each row by rank, 0 to 2 from low to high; -1 for those left out. Ties go by row."""
    result = np.full(len(values), -1)
    rows = np.flatnonzero(among)
    ranked = rows[np.argsort(values[rows], kind="stable")]
    result[ranked] = 3 * np.arange(len(rows)) // max(len(rows), 1)
    return result


def income_behind_a_member(record: Record) -> Floats:
    """Income of the account that is a member's own, over its members: pooling shares it, and so does pooled new income."""
    income = record.rolling(*ALL_INCOME) + record.rolling("transfer_in") - record.rolling("transfer_out")
    members = np.broadcast_to(record.endowment.members.astype(float), income.shape)
    each = record.by_account(income) / np.maximum(record.by_account(members), 1.0)
    return np.take_along_axis(each, record.account_of, axis=1)


def entitlement(record: Record) -> Floats:
    """Benefits per member: a constituent's own, or the highest of its village once registers are joined: for good."""
    own, village = record.endowment.entitlement, record.village_of
    highest = np.zeros(village.shape)
    np.maximum.at(highest, (np.arange(len(village))[:, None], village), own)
    joined = np.take_along_axis(record.column("livelihood"), village, axis=1) >= 1
    return np.maximum.accumulate(np.where(joined, np.take_along_axis(highest, village, axis=1), own), axis=0)


QUANTITIES: dict[str, dict[str, Any]] = {
    "income_per_member": {
        "title": "Income behind a member", "unit": "yuan per member and year", "by_constituent": income_behind_a_member,
        "meaning": "collective income of the own account over its members, last twelve months", "margin": 0.01,
        "relative": True,
    },
    "trust": {
        "title": "Trust", "unit": "index, 0 to 1", "by_constituent": lambda record: record.column("trust"),
        "meaning": "of members", "margin": 0.02, "relative": False, "bounds": ZERO_TO_ONE, "moved_by": TRUST_MOVES,
    },
    "entitlement": {
        "title": "Benefits of a member", "unit": "yuan per member and year", "by_constituent": entitlement,
        "meaning": "own benefits, or the highest of the village where registers are joined", "margin": 0.01,
        "relative": True,
    },
}  # fmt: skip
"""What is followed by group."""


def by_constituent(quantity: str, record: Record) -> Floats:
    """A quantity of every constituent, ``(n_months, n_rows)``."""
    values: Floats = record.once(quantity, lambda: QUANTITIES[quantity]["by_constituent"](record))
    return values


def by_group(quantity: str, group: str, record: Record) -> Floats:
    """Mean of a quantity over the members of a group, ``(n_months,)``; NaN where there is nobody."""
    groups = record.once("groups", lambda: frozen(members_of(record)))
    values = by_constituent(quantity, record)
    members = np.where(groups[group], record.endowment.members, 0)
    if not members.any():
        return np.full(len(values), np.nan)
    rows = np.flatnonzero(members)
    total: Floats = (values[:, rows] * members[rows]).sum(axis=1) / members[rows].sum()
    return total


def _outcome(quantity: str, group: str, words: str) -> Outcome:
    about = QUANTITIES[quantity]
    return Outcome(
        f"{quantity}_{group}", f"{about['title']}, {words}", about["unit"],
        f"{about['meaning']}; {words} of the constituents of merged villages, as on the first day", +1,
        partial(by_group, quantity, group), margin=about["margin"], relative=about["relative"],
        bounds=about.get("bounds", UNBOUNDED), moved_by=about.get("moved_by", ()),
    )  # fmt: skip


BY_GROUP = tuple(
    _outcome(quantity, group, words)
    for quantity in QUANTITIES
    for names in GROUPS.values()
    for group, words in names.items()
)
