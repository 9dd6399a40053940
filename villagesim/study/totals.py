"""Figures that a study begins with, until its own are filled in.

Source: assumption, round figures in the middle of three places that come with the library (Zhangqiu, Yangquan, Qingyang):
400 to 1,030 residents, 110,000 to 500,000 yuan and 900 to 5,400 mu a village. Money, facilitators and villages that a land trust
wins in a year are those of Zhangqiu, by village.
"""

from dataclasses import dataclass
from math import floor, log10

RESIDENTS, ARABLE, FUND = 600, 1_800, 75_000
"""By village: persons, mu, yuan a year."""
MEAN_INCOME, THRESHOLD, SHARE_ABOVE = 250_000, 100_000, 0.75
VILLAGES_A_FACILITATOR = 20
TRUSTS = 100 / 532
"""Villages that a land trust wins in a year, of all."""


@dataclass(frozen=True)
class Totals:
    """What a scenario says of the whole county.

    Attributes
    ----------
    residents, arable : int
        In all villages [persons, mu].
    fund : int
        Yuan a year.
    facilitators, poorest, trusts : int
        Of the programme; villages of a policy for the poorest quarter; villages that a land trust wins in a year.
    """

    residents: int
    arable: int
    fund: int
    facilitators: int
    poorest: int
    trusts: int

    @classmethod
    def of(cls, before: int, after: int) -> "Totals":
        """For so many villages before and after."""
        return cls(
            round_figure(RESIDENTS * before),
            round_figure(ARABLE * before),
            round_figure(FUND * after),
            max(round(after / VILLAGES_A_FACILITATOR), 2),
            max(round(after / 4), 1),
            max(round(TRUSTS * after), 1),
        )


def round_figure(value: float) -> int:
    """A whole number with two digits, the others zero.

    Examples
    --------
    >>> [round_figure(value) for value in (0, 7, 1_234, 98_765)]
    [0, 7, 1200, 99000]
    """
    unit = 10 ** max(floor(log10(max(value, 1))) - 1, 0)
    return round(value / unit) * unit
