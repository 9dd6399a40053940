"""Land trusts (土地托管): land of households, farmed by a firm or by the village, with two guarantees (两保底一分红)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws


@dataclass(frozen=True)
class Terms:
    """What an operator promises, per mu and year, and how a surplus above it is shared; the usual terms of a firm unless given.

    Source: Q16 (B); where the village itself farms, its rent and its part are parameters.

    Attributes
    ----------
    household_floor : paid to households in any case [yuan per mu per year]; the first guarantee
    collective_floor : paid to the collective in any case [yuan per mu per year]; the second guarantee
    split : shares of households, collective, operator, old and young, station in a surplus, after the reserve
    households_first : where the money is short, the first guarantee is paid before the second; else both in proportion
    by_member : the households' dividend goes by members, else by land brought in
    gross : what is reported shows all that own farming sells; else its result
    alliance : the villages of one township stand under one operator
    equity_for_new_land : at every sowing the firm puts up money for the land that is new; else only when it takes over
    own : the village's cooperative farms itself; else a firm
    """

    household_floor: float = 800.0
    collective_floor: float = 100.0
    split: tuple[float, float, float, float, float] = (0.50, 0.0, 0.40, 0.0, 0.10)
    households_first: bool = False
    by_member: bool = False
    gross: bool = False
    alliance: bool = False
    equity_for_new_land: bool = True
    own: bool = False

    @property
    def floors(self) -> float:
        """Both guarantees together [yuan per mu per year]."""
        return self.household_floor + self.collective_floor

    def for_own(self, p: Parameters) -> "Terms":
        """The same where the village farms itself: the whole rent to households, the result shared with them."""
        part = p.own_collective_share
        return replace(
            self, household_floor=p.own_rent, collective_floor=0.0, split=(1 - part, part, 0.0, 0.0, 0.0), own=True
        )


@dataclass(eq=False)
class TrustOffer:
    """Land trusts offered to villages: terms, where, how many a year, and how much of what they need is paid for.

    Attributes
    ----------
    rows : (n_rows,) constituents that may join
    has_money : whether it could pay for anything in the coming month; an offer without leaves its rows to others
    villages : brought in a year, on average, while all of those it reaches are without
    own_share : villages of usual skill that rather farm themselves
    paid_share : 0 to 1
    begun : something has been paid for
    """

    terms: Terms
    rows: Bools
    has_money: Callable[[], bool]
    villages: int
    own_share: float
    paid_share: float = 0.0
    begun: bool = False


@dataclass
class LandTrustColumns:
    """Columns by constituent (land, households) or by trust (operators), shape ``(n_rows,)``.

    Attributes
    ----------
    lead : row of the trust of every constituent: its village's, or in an alliance the township's first
    outside_option : income of a household from its own land [yuan per mu per year], by constituent
    fear : of a default that households reckon with, by constituent [chance]
    enrolled : land whose households have joined [mu], by constituent
    begun : its village has a trust, by constituent
    sown : land farmed from one November to the next [mu], by constituent
    turnover : what gross books show of own farming beyond its result, of the last harvest [yuan], by constituent
    standing : a firm or the village farms the enrolled land, by trust
    n_operators, n_defaults : firms so far, and those that defaulted, by trust
    reserve, equity : money of the trust and of its operator [yuan], by trust
    household_floor, collective_floor : terms of the contract [yuan per mu per year]
    split : (n_rows, 5) terms of the contract: who gets how much of a surplus [share]
    households_first, by_member, gross, equity_for_new_land, own : terms of the contract
    """

    lead: Ints
    outside_option: Floats
    fear: Floats
    enrolled: Floats
    begun: Bools
    sown: Floats
    turnover: Floats
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
    equity_for_new_land: Bools
    own: Bools

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "LandTrustColumns":
        """No land is enrolled yet."""
        keys = endowment.place.before.keys
        n = len(keys)
        option = p.outside_option + p.outside_option_sd * draws.normal("land_trust.outside_option", keys)
        columns = {name: np.zeros(n) for name in ("enrolled", "sown", "turnover", "reserve", "equity")}
        switches = ("begun", "standing", "households_first", "by_member", "gross", "equity_for_new_land", "own")
        return cls(
            lead=endowment.place.committee.copy(),
            outside_option=option,
            fear=np.full(n, p.feared_default),
            n_operators=np.zeros(n, np.int64),
            n_defaults=np.zeros(n, np.int64),
            household_floor=np.zeros(n),
            collective_floor=np.zeros(n),
            split=np.zeros((n, 5)),
            **columns,  # type: ignore[arg-type]
            **{name: np.zeros(n, bool) for name in switches},  # type: ignore[arg-type]
        )
