"""The county's money, in whole fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from simpy import Container, Environment

FEN = 100
"""Fen in a yuan."""


def fen(yuan: float) -> int:
    """Whole fen of an amount of yuan."""
    return round(yuan * FEN)


def fen_up(yuan: float) -> int:
    """Whole fen that an amount of yuan costs: begun ones count, nothing is had for nothing, and the noise of a sum is no fen."""
    return max(ceil(round(yuan * FEN, 3)), int(yuan > 0))


@dataclass(frozen=True)
class Payment:
    """What became of one policy's claim on the fund in one month [fen]."""

    day: float
    policy: str
    asked: int
    refused_by_cap: int
    refused_by_fund: int
    paid: int


class Fund(Container):
    """Money that is paid at once as far as it goes: nobody waits, so that no claim blocks another one."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env, init=0)

    def pay_in(self, amount: int) -> None:
        """Add ``amount`` [fen]."""
        if amount:
            self.put(amount)

    def pay_all(self, claims: Mapping[str, int]) -> dict[str, int]:
        """Pay the claims of one instant [fen], pro rata where the money is short.

        Left-over fen go to the largest remainders, ties by name: the order of the claims does not matter.

        Returns
        -------
        dict
            Paid by name [fen].
        """
        asked = sum(claims.values())
        have = min(asked, int(self.level))
        if have == 0:
            return dict.fromkeys(claims, 0)
        paid = {name: claim * have // asked for name, claim in claims.items()}
        by_remainder = sorted(claims, key=lambda name: (-(claims[name] * have % asked), name))
        for name in by_remainder[: have - sum(paid.values())]:
            paid[name] += 1
        self.get(have)
        return paid
