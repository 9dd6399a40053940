"""A link of a history: what became of one unit, how that is known, and how sure it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

FATES = ("kept", "recoded", "renamed", "moved", "merged", "split", "community", "left", "unknown", "appeared")
WAYS = ("code+name", "name", "code", "name part", "order", "totals", "user")
INFERRED = ("name part", "order", "totals")
"""Ways of links of units that vanished, which a draw may change."""
UNCHECKED = ("order", "totals")
"""Ways of which names say nothing, so that nothing can check them."""
WEAK, WEAKEST = 0.5, 0.3
"""Likelihoods below which a link is weak, and hardly more than a guess."""


@dataclass(frozen=True)
class Link:
    """What became of an old unit, or of a share of it; or a new unit that came from nowhere.

    Attributes
    ----------
    old, new : int
        Rows in the editions; -1 where there is none.
    fate : str
        One of :data:`FATES`.
    way : str
        What the link rests on, one of :data:`WAYS`; empty where there is none.
    share : float
        Share of the old unit that went this way [0 to 1].
    likelihood : float
        How likely the link is [0 to 1].
    runner_up : int
        Row of the likeliest other new unit; -1 where there is none.
    runner_up_likelihood : float
    level : int
        What the names share, as in :mod:`~villagesim.places.units.names`; -1 where it was not asked.
    distance : int
        Distance in code order to the unit that lives on there; -1 where there is none in the township.
    """

    old: int
    new: int
    fate: str
    way: str = ""
    share: float = 1.0
    likelihood: float = 1.0
    runner_up: int = -1
    runner_up_likelihood: float = 0.0
    level: int = -1
    distance: int = -1


def fates_of(links: Iterable[Link]) -> Counter[str]:
    """Old units by their fates; one that is split counts once."""
    return Counter({link.old: link.fate for link in links if link.old >= 0}.values())


def as_sum(fates: Mapping[str, int], called: Callable[[str], str] = str) -> str:
    """Fates, as they are ``called``, as a sum that a reader can add up: ``64 kept + 12 recoded + 11 merged``."""
    return " + ".join(f"{fates[fate]:,} {called(fate)}" for fate in FATES if fates.get(fate))
