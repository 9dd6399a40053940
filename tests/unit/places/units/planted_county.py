"""A made-up county whose history is known: villages are kept, renamed, moved and merged as told."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from villagesim.places.rolls import Roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory

COUNTY = "999999"
CHARACTERS = [chr(0x5000 + 7 * k) for k in range(2_500)]


@dataclass
class County:
    """A county that is written down village by village; codes are given out in order.

    ``truth`` holds the fate and the new codes of every old code.
    """

    rng: np.random.Generator
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    named: tuple[dict[str, str], dict[str, str]] = field(default_factory=lambda: ({}, {}))
    truth: dict[str, tuple[str, str]] = field(default_factory=dict)

    def township(self, number: int, name: str, *, old: bool = True, new: bool = True) -> str:
        """A township of this number of three digits, in one edition or both."""
        code = f"{COUNTY}{number:03}"
        for wanted, names in zip((old, new), self.named, strict=True):
            if wanted:
                names[code] = name
        return code

    def name(self) -> str:
        """Two characters."""
        return "".join(self.rng.choice(CHARACTERS, 2, replace=False))

    def free(self, units: dict[str, str], township: str, first: int = 200) -> str:
        """The next code of a township."""
        return next(code for k in range(first, first + 199) if (code := f"{township}{k:03}") not in units)

    def old(self, township: str, name: str = "", first: int = 200) -> str:
        """A village before; its truth must be told."""
        code = self.free(self.before, township, first)
        self.before[code] = (name or self.name()) + "村村委会"
        return code

    def new(self, township: str, name: str = "", ending: str = "村民委员会", first: int = 0) -> str:
        """A unit after, by default a village."""
        code = self.free(self.after, township, first or (1 if ending == "社区居委会" else 270))
        self.after[code] = (name or self.name()) + ending
        return code

    def keep(self, *codes: str) -> None:
        """Keep code and name."""
        for code in codes:
            self.after[code] = self.before[code].removesuffix("村村委会") + "村民委员会"
            self.truth[code] = ("kept", code)

    def core(self, code: str) -> str:
        """Name before, without its ending."""
        return self.before[code].removesuffix("村村委会")

    def editions(self) -> tuple[Edition, Edition]:
        """Both editions, of rows in any order."""
        units = (self.before, self.after)
        return tuple(Edition(Roll.of(u.items()), names) for u, names in zip(units, self.named, strict=True))  # type: ignore[return-value]


def told(history: UnitHistory) -> dict[str, tuple[str, str]]:
    """Fate and new code of every old code, as a history has them."""
    before, after = history.before.roll.codes, history.after.roll.codes
    return {
        before[link.old]: (link.fate, after[link.new] if link.new >= 0 else "")
        for link in history.links
        if link.old >= 0
    }


def wrong(
    history: UnitHistory, truth: dict[str, tuple[str, str]]
) -> dict[str, tuple[tuple[str, str], tuple[str, str]]]:
    """What a history has otherwise than the truth."""
    said = told(history)
    return {code: (said[code], true) for code, true in truth.items() if said[code] != true}


def neighbourhoods(rng: np.random.Generator, n: int, share_kept: float) -> Iterator[list[int]]:
    """Cut a township of n villages in the order of codes into runs: single kept ones, and 2 to 6 that merge."""
    at = 0
    while at < n:
        size = 1 if rng.uniform() < share_kept else int(rng.integers(2, 7))
        yield list(range(at, min(at + size, n)))
        at += size


def first(county: County, k: int = 0) -> str:
    """Code of a township, by its place in the order of codes."""
    return sorted(county.named[0])[k]


def broken(found: UnitHistory) -> list[str]:
    """Laws that a history breaks."""
    faults = []
    shares = np.zeros(len(found.before))
    for link in found.links:
        if link.old >= 0:
            shares[link.old] += link.share
    if not np.allclose(shares, 1):
        faults.append("shares of an old unit do not sum to 1")
    if {link.new for link in found.links if link.new >= 0} != set(range(len(found.after))):
        faults.append("a new unit has no source and is not said to have appeared")
    if any((link.old < 0) != (link.fate == "appeared") for link in found.links):
        faults.append("an old unit appeared")
    reached = {link.new for link in found.links if link.old >= 0}
    if any(link.new in reached for link in found.links if link.old < 0):
        faults.append("a unit that appeared has a source")
    if any((link.new < 0) != (link.fate in ("left", "unknown")) for link in found.links):
        faults.append("a unit without target did not leave")
    if any(not 0 <= link.likelihood <= 1 for link in found.links):
        faults.append("a likelihood is none")
    return faults
