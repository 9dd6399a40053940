"""Whom a policy reaches: rules on who a village is, or on what is observed of it on the day the policy starts.

A rule never sees the state of the model itself, only outcomes as they are published: noisy, and of the past.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from villagesim.arrays import Bools
from villagesim.checks import names, number, whole
from villagesim.errors import OutcomeError, PolicyError, name_nearest, nearest, placed
from villagesim.outcomes import Outcomes
from villagesim.places.place import Place
from villagesim.world import World

__all__ = ["ALL", "Target", "poorest", "richest", "townships", "villages"]

TAKES: dict[str, tuple[str, ...]] = {
    "all": (),
    "townships": ("names",),
    "villages": ("names",),
    "lowest": ("n", "outcome"),
    "highest": ("n", "outcome"),
    "random": ("n",),
    "just_below": ("outcome", "level", "within"),
}
"""What each rule looks at, in the order in which it is written in words."""
OBSERVED = ("lowest", "highest", "just_below")
"""Rules that look at an outcome."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A rule that picks villages when a policy starts.

    Attributes
    ----------
    rule : str
        ``all``, ``townships``, ``villages``, ``lowest``, ``highest``, ``just_below`` or ``random``.
    names : tuple of str
        Required by ``townships`` (by name or code) and ``villages`` (by code), refused by the others.
    n : int
        Required by ``lowest``, ``highest`` and ``random`` (at least 1), refused by the others [villages].
    outcome : str
        What ``lowest`` and ``highest`` rank by, or ``just_below`` looks at: an outcome known by village; refused by the
        others.
    level : float, above 0
        Required by ``just_below``, refused by the others [that of the outcome].
    within : float, above 0 and at most 1
        How far below the level ``just_below`` still picks; refused by the others [share of the level].
    """

    rule: Literal["all", "townships", "villages", "lowest", "highest", "just_below", "random"] = "all"
    names: tuple[str, ...] = ()
    n: int = 0
    outcome: str = "reported_income_per_member"
    level: float = 0.0
    within: float = 0.1

    def __post_init__(self) -> None:
        with placed("target"):
            taken = {
                "names": () if len(self.names) == 0 else names(self.names, "names", error=PolicyError),
                "n": whole(self.n, "n", error=PolicyError),
                "level": number(self.level, "level", error=PolicyError),
                "within": number(self.within, "within", error=PolicyError),
            }
        for name, value in taken.items():
            object.__setattr__(self, name, value)
        takes = _takes(self.rule)
        for setting in fields(self):
            name = setting.name
            if name not in ("rule", *takes) and getattr(self, name) != setting.default:
                rules = " or ".join(repr(rule) for rule, names in TAKES.items() if name in names)
                raise PolicyError(
                    f"the rule {self.rule!r} takes no {name}.",
                    fix=f"Leave it out, or set rule = {rules}.",
                    at=["target"],
                )
        if "names" in takes and not self.names:
            raise PolicyError(f"the rule {self.rule!r} needs names, as names = [...].", at=["target"])
        if "n" in takes and self.n < 1:
            raise PolicyError(f"the rule {self.rule!r} needs how many, as n = 100 (at least 1).", at=["target"])
        if "level" in takes and not self.level > 0:
            raise PolicyError(f"the rule {self.rule!r} needs a level above 0, as level = 500_000.", at=["target"])
        if not 0 < self.within <= 1:
            raise PolicyError(f"within = {self.within} must be a share above 0 and at most 1.", at=["target"])

    def __repr__(self) -> str:
        return f"Target.of({self.words!r})"

    @property
    def words(self) -> str:
        """In a table or a figure: ``all``, ``lowest(20)``, ``lowest(20, collective_income)``."""
        takes = TAKES[self.rule]
        said = list(self.names) if "names" in takes else [getattr(self, name) for name in takes]
        while said and "names" not in takes and said[-1] == getattr(ALL, takes[len(said) - 1]):
            said.pop()
        inside = ", ".join(value if isinstance(value, str) else f"{value:.12g}" for value in said)
        return f"{self.rule}({inside})" if inside else self.rule

    @classmethod
    def of(cls, words: str) -> "Target":
        """Read a target that is written in words.

        Raises
        ------
        VillagesimError
        """
        rule, bracket, inside = (part.strip() for part in words.partition("("))
        takes = _takes(rule)
        said = [part.strip() for part in inside.removesuffix(")").split(",") if part.strip()]
        values: dict[str, Any] = {"names": tuple(said)} if "names" in takes else dict(zip(takes, said, strict=False))
        try:
            if bool(bracket) != inside.endswith(")") or ("names" not in takes and len(said) > len(takes)):
                raise ValueError
            for name, kind in (("n", int), ("level", float), ("within", float)):
                if name in values:
                    values[name] = kind(values[name])
        except ValueError:
            ways = ", ".join(f"{known}({', '.join(names)})" if names else known for known, names in TAKES.items())
            raise PolicyError(f"{words!r} is not a target.", fix=f"Write one as {ways}.") from None
        return cls(rule=rule, **values)  # type: ignore[arg-type]

    def check(self, place: Place, outcomes: Outcomes) -> None:
        """Refuse names that the place does not have, and outcomes that nobody observes by village.

        Raises
        ------
        VillagesimError
        """
        if self.rule == "townships":
            known = [*place.township_names, *place.townships]
        elif self.rule == "villages":
            known = [*place.codes, *(code for wave in place.waves for code in wave.after.codes)]
        else:
            known = []
        if self.rule in OBSERVED and outcomes[self.outcome].village is None:
            raise OutcomeError(
                f"outcome = {self.outcome!r} is not observed by village, so nothing can be targeted on it.",
                fix=f"Choose one of: {', '.join(outcomes.by_village())}.",
                at=["target"],
            )
        for name in self.names:
            if name not in known:
                raise PolicyError(
                    f"{name!r} is none of the {self.rule} here.", fix=nearest(name, known[:100]), at=["target"]
                )

    def rows(self, world: World, label: str = "") -> Bools:
        """Constituents of the villages that are reached, ``(n_rows,)``; ``label`` keys the lot of a random choice."""
        place = world.place
        if self.rule == "all":
            return np.ones(world.n_rows, bool)
        if self.rule == "townships":
            both = zip(place.township_names, place.townships, strict=True)
            return np.array([bool({*pair} & {*self.names}) for pair in both])[place.township]
        if self.rule == "villages":
            after = [np.isin(np.array(wave.after.codes)[wave.map.village], self.names) for wave in place.waves]
            return np.logical_or.reduce([np.isin(place.codes, self.names), *after])
        if self.rule == "random":
            villages = np.flatnonzero(world.is_village)
            lots = world.draws.uniform(f"target.{label}", world.keys[villages])
            return np.isin(world.village_of, villages[np.argsort(lots, kind="stable")[: self.n]])
        values = world.observed(self.outcome)
        villages = np.flatnonzero(world.is_village & ~np.isnan(values))
        if self.rule == "just_below":
            near = (values[villages] < self.level) & (values[villages] >= (1 - self.within) * self.level)
            return np.isin(world.village_of, villages[near])
        order = np.lexsort((world.keys[villages], values[villages] if self.rule == "lowest" else -values[villages]))
        return np.isin(world.village_of, villages[order[: self.n]])


def _takes(rule: str) -> tuple[str, ...]:
    """What a rule looks at; refused where it is none."""
    if rule not in TAKES:
        raise PolicyError(f"rule = {rule!r} is not a rule.", fix=nearest(str(rule), list(TAKES)), at=["target"])
    return TAKES[rule]


ALL = Target()


def townships(*names: str | Sequence[str]) -> Target:
    """All villages of these townships, by name or by code of 9 digits; one by one, or as a list."""
    return Target(rule="townships", names=_one_by_one(names))


def villages(*codes: str | Sequence[str]) -> Target:
    """Villages with these codes of 12 digits; one by one, or as a list."""
    return Target(rule="villages", names=_one_by_one(codes))


def poorest(n: int, outcome: str = "reported_income_per_member") -> Target:
    """The ``n`` villages that are lowest by an observed outcome."""
    return Target(rule="lowest", n=n, outcome=outcome)


def richest(n: int, outcome: str = "reported_income_per_member") -> Target:
    """The ``n`` villages that are highest by an observed outcome."""
    return Target(rule="highest", n=n, outcome=outcome)


def _one_by_one(given: Sequence[str | Sequence[str]]) -> tuple[str, ...]:
    with placed("target"):
        return tuple(name for part in given for name in names(part, "names", error=PolicyError))


name_nearest(__name__)
