"""Which township became which: softly, by the unique names of their units, by code, and by name.

Townships are joined, raised and recoded in the same reform that merges villages. The names that stand exactly once in
both editions say where their township went; code and name of the township count as a few names more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.frozen import Value, read_only
from villagesim.places.units.edition import Edition, own_part

SAME_CODE, SAME_STEM, ANYWHERE = 6.0, 6.0, 0.3
"""Weights of an equal code, an equal name, and of all townships together, as shares of :data:`PRIOR`. Source: tried on
301 counties, 2019 to 2020."""
PRIOR = 2.0
"""Names that code and name of a township count for [names]. Source: as before."""
JOINED = 0.15
"""From which probability on two townships belong to one group. Source: as before."""
SAID = 1e3
"""Names that a user's word on a township counts for."""
SPLIT_NAMES, SPLIT_SHARE = 3, 0.15
"""Names and share of names from which on a second heir makes a split. Source: as before."""
NO_HEIR = 0.03
"""Share of the vanished townships that left the county, before anything is known. Source: 41 of some 1,200."""


@dataclass(frozen=True, eq=False)
class Flow(Value):
    """How many names went from each old township to each new one, and what code and name say.

    Attributes
    ----------
    names : float array of shape (n_old, n_new)
        Unique names that went from one to the other [names].
    sign : float array of shape (n_old, n_new)
        Weight of equal code and equal name.
    same_code : bool array of shape (n_old, n_new)
    n_lasted : int
        Unique names that stand in both editions, whatever the user says of townships.
    """

    names: Floats
    sign: Floats
    same_code: Bools
    n_lasted: int

    def __post_init__(self) -> None:
        self._freeze()

    def probability(self, without: tuple[int, int] | None = None) -> Floats:
        """Probability of each new township for a unit of each old one, shape (n_old, n_new); rows sum to 1.

        Parameters
        ----------
        without : (int, int), optional
            Old and new township of one name that is left out.
        """
        names = self.names.copy()
        if without is not None:
            names[without] -= 1
        prior = self.sign + ANYWHERE / self.names.shape[1]
        prior /= prior.sum(axis=1, keepdims=True)
        found: Floats = (names + PRIOR * prior) / (names.sum(axis=1, keepdims=True) + PRIOR)
        return found

    @cached_property
    def groups(self) -> tuple[Ints, Ints]:
        """Number of the group of each old and each new township: those that are joined by likely ways."""
        n_old = len(self.names)
        joined = (self.probability() >= JOINED) & self.told[:, None]
        number = np.arange(sum(self.names.shape))
        for old, new in zip(*np.nonzero(joined), strict=True):
            number[number == number[n_old + new]] = number[old]
        return read_only(number[:n_old]), read_only(number[n_old:])

    @cached_property
    def told(self) -> Bools:
        """Old townships of which names, code or name tell anything, shape (n_old,)."""
        return read_only((self.names.sum(axis=1) > 0) | (self.sign.sum(axis=1) > 0))

    @cached_property
    def heir(self) -> Ints:
        """Likeliest new township of each old one, shape (n_old,); -1 where nothing tells one."""
        return read_only(np.where(self.told, self.probability().argmax(axis=1), -1))

    def p_left(self, n_names: Ints) -> Floats:
        """Probability that a township of which nothing tells left the county, shape (n_old,).

        Parameters
        ----------
        n_names : int64 array of shape (n_old,)
            Its unique names: had it been joined to another, some would have lasted, as elsewhere in the county.
        """
        lost = 1 - (self.n_lasted + 1) / (n_names[self.told].sum() + 2)
        return np.where(self.told, 0.0, NO_HEIR / (NO_HEIR + (1 - NO_HEIR) * lost**n_names))


def flow(
    before: Edition,
    after: Edition,
    said: Mapping[str, str] | None = None,
    linked: Iterable[tuple[int, int]] = (),
) -> Flow:
    """Count where unique names went, and compare codes and names of townships.

    Parameters
    ----------
    said : mapping of str to str, optional
        From old to new townships, as the user knows them.
    linked : iterable of (int, int)
        Rows of units before and after that the user has linked, -1 where there is none: they tell as much as names do.
    """
    names = np.zeros((len(before.townships), len(after.townships)))
    lasted = dict(unique_pairs(before, after))
    told = lasted | dict(linked)
    for old, new in told.items():
        if old >= 0 and new >= 0:
            names[before.township[old], after.township[new]] += 1
    cut = own_part(before, after)
    same_code = np.array([[a[cut:] == b[cut:] for b in after.townships] for a in before.townships])
    same_stem = np.array([[a == b for b in after.stems] for a in before.stems])
    for old_code, new_code in (said or {}).items():
        names[before.townships.index(old_code), after.townships.index(new_code)] += SAID
    return Flow(names, SAME_CODE * same_code + SAME_STEM * same_stem, same_code, len(lasted))


def unique_pairs(before: Edition, after: Edition) -> list[tuple[int, int]]:
    """Rows before and after of names that stand exactly once in both."""
    once = [{c for c, n in Counter(edition.cores).items() if n == 1} for edition in (before, after)]
    row = {c: k for k, c in enumerate(after.cores) if c in once[1]}
    return [(k, row[c]) for k, c in enumerate(before.cores) if c in once[0] and c in row]


@dataclass(frozen=True)
class TownshipFate:
    """What became of one township.

    Attributes
    ----------
    old, new : int
        Positions; ``new`` is -1 where it left.
    fate : str
        ``kept``, ``renamed``, ``raised``, ``recoded``, ``joined``, ``split``, ``left`` or ``unknown``.
    names : int
        Unique names that went this way.
    share : float
        Share of the old township's unique names that did, 0 where it has none [0 to 1].
    """

    old: int
    new: int
    fate: str
    names: int
    share: float


def township_fates(before: Edition, after: Edition, found: Flow) -> list[TownshipFate]:
    """Tell what became of each old township; one that was split has a row for each heir."""
    sums = found.names.sum(axis=1)
    claim = found.probability() * (1 + sums[:, None])
    fates = []
    for old, heir in enumerate(found.heir.tolist()):
        if heir < 0:
            fates.append(TownshipFate(old, -1, "left", 0, 0.0))
            continue
        share = found.names[old] / max(sums[old], 1)
        others = np.flatnonzero((found.names[old] >= SPLIT_NAMES) & (share >= SPLIT_SHARE))
        heirs = [heir, *(k for k in others.tolist() if k != heir)]
        rivals = np.flatnonzero(found.heir == heir)
        first = int(rivals[np.lexsort((-claim[rivals, heir], ~found.same_code[rivals, heir]))[0]]) == old
        fate = "split" if len(heirs) > 1 else _fate(before, after, found, old, heir, first)
        fates += [TownshipFate(old, new, fate, int(found.names[old, new]), float(share[new])) for new in heirs]
    return fates


def _fate(before: Edition, after: Edition, found: Flow, old: int, new: int, first: bool) -> str:
    """Fate of a township with one heir; ``first`` of those that share it."""
    same_stem = before.stems[old] == after.stems[new]
    same_name = before.named[before.townships[old]] == after.named[after.townships[new]]
    if same_stem and not same_name:
        return "raised"
    if same_stem:
        return "kept" if found.same_code[old, new] else "recoded"
    return "renamed" if first else "joined"
