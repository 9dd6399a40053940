"""Strategies: what a government does, all policies together; and whether the decree comes at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from villagesim.errors import PolicyError
from villagesim.places.chosen_maps import ChosenMap
from villagesim.policies.policy import Policy


@dataclass(frozen=True)
class Strategy(Sequence[Policy]):
    """Policies that are carried out together.

    Attributes
    ----------
    policies : tuple of Policy
        One policy alone may be given as it is.
    merger : bool
        The announcement and the decree come on their dates; else nothing ever merges.
    map : ChosenMap, optional
        Who merges with whom; as published where there is none.
    """

    policies: tuple[Policy, ...] = ()
    merger: bool = True
    map: ChosenMap | None = None

    def __post_init__(self) -> None:
        given = (self.policies,) if isinstance(self.policies, Policy) else self.policies
        policies = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
        for policy in policies:
            if not isinstance(policy, Policy):
                raise PolicyError(
                    f"{policy!r} is not a policy.",
                    fix="Give a strategy by its name alone, or a list of policies, as"
                    " [vs.policies.LandTrust(start='2022-03-01')].",
                )
        object.__setattr__(self, "policies", policies)
        if not isinstance(self.map, ChosenMap | None):
            raise PolicyError(f"map = {self.map!r:.60} is none.", fix="Give one, as ChosenMap('neighbours').")

    @overload
    def __getitem__(self, place: int) -> Policy: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Policy, ...]: ...

    def __getitem__(self, place: int | slice) -> Policy | tuple[Policy, ...]:
        return self.policies[place]

    def __len__(self) -> int:
        return len(self.policies)

    def __repr__(self) -> str:
        words = ", ".join(policy.label for policy in self.policies) or "no policy"
        chosen = (
            "" if self.map is None else f"; map: {self.map.rule or 'own'}{f' of {self.map.size}' * bool(self.map.size)}"
        )
        return f"<strategy: {words}{'' if self.merger else '; no merger'}{chosen}>"
