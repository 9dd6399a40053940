"""Land trusts (土地托管): households' land, farmed by an operator under two guarantees and one dividend (两保底一分红)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws


@dataclass(frozen=True)
class Terms:
    """What an operator promises, per mu and year, and how a surplus above it is shared.

    Attributes
    ----------
    household_floor : paid to households in any case [yuan per mu per year]; the first guarantee
    collective_floor : paid to the collective in any case [yuan per mu per year]; the second guarantee
    split : shares of households, collective, operator, old and young in a surplus, after the reserve
    households_first : where the money is short, the first guarantee is paid before the second; else both in proportion
    by_member : the households' dividend goes by members, else by land brought in
    gross : the collective books all that the trust sells as income, and what it passes on as cost; else only its own part
    alliance : the villages of one township stand under one operator
    """

    household_floor: float
    collective_floor: float
    split: tuple[float, float, float, float]
    households_first: bool = False
    by_member: bool = False
    gross: bool = False
    alliance: bool = False

    @property
    def floors(self) -> float:
        """Both guarantees together [yuan per mu per year]."""
        return self.household_floor + self.collective_floor


@dataclass(eq=False)
class TrustOffer:
    """Land trusts offered to households: terms, where, and how much of the coming month's demand is paid for.

    Attributes
    ----------
    rows : (n_rows,) constituents that may join
    has_money : whether it could pay for anything in the coming month; an offer without leaves its rows to others
    paid_share : 0 to 1
    begun : something has been paid for
    """

    terms: Terms
    rows: Bools
    has_money: Callable[[], bool]
    paid_share: float = 0.0
    begun: bool = False


@dataclass
class LandTrustColumns:
    """Columns by constituent (land, households) or by trust (operators), shape ``(n_rows,)``.

    Attributes
    ----------
    lead : row of the trust of every constituent: its village's, or in an alliance the township's first
    outside_option : income of a household from its own land [yuan per mu per year], by constituent
    fear : chance of default that households reckon with, by constituent
    enrolled : land whose households have joined [mu], by constituent
    mu_years : land farmed since the last settlement [mu x years], by constituent
    standing : an operator farms the enrolled land, by trust
    n_operators, n_defaults : operators so far and those that defaulted, by trust
    reserve, equity : money of the trust and of its operator [yuan], by trust
    household_floor, collective_floor : terms of the contract [yuan per mu per year]
    split : (n_rows, 4) terms of the contract
    households_first, by_member, gross : terms of the contract
    """

    lead: Ints
    outside_option: Floats
    fear: Floats
    enrolled: Floats
    mu_years: Floats
    standing: Bools
    n_operators: Ints
    n_defaults: Ints
    reserve: Floats
    equity: Floats
    household_floor: Floats
    collective_floor: Floats
    split: Floats
    households_first: Bools
    by_member: Bools
    gross: Bools

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "LandTrustColumns":
        """No land is enrolled yet."""
        keys = endowment.place.before.keys
        n = len(keys)
        option = p.outside_option + p.outside_option_sd * draws.normal("land_trust.outside_option", keys)
        columns = {name: np.zeros(n) for name in ("enrolled", "mu_years", "reserve", "equity")}
        return cls(
            lead=np.arange(n),
            outside_option=option,
            fear=np.full(n, p.feared_default),
            standing=np.zeros(n, bool),
            n_operators=np.zeros(n, np.int64),
            n_defaults=np.zeros(n, np.int64),
            household_floor=np.zeros(n),
            collective_floor=np.zeros(n),
            split=np.zeros((n, 4)),
            households_first=np.zeros(n, bool),
            by_member=np.zeros(n, bool),
            gross=np.zeros(n, bool),
            **columns,
        )
