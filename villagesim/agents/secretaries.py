"""Secretaries (书记): one seat a committee."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.dates import DAYS_A_YEAR
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws


@dataclass
class SecretaryColumns:
    """Columns by seat, shape ``(n_rows,)``; a seat has the row of its committee.

    Attributes
    ----------
    in_force : the seat exists (the seats of removed committees do not)
    number : which holder this is, 0 for the one at the start
    talent : skill on the first day in office [index 0 to 1]
    skill : skill now [index 0 to 1]
    integrity : the more, the less is reported or booked that is not so [index 0 to 1]
    courses : deposits of training, applied when skills are reckoned anew [index 0 to 1]
    since : day of taking office [days from the start]
    age : age on the first day of the run [years]
    home : row of the constituent the holder comes from
    """

    in_force: Bools
    number: Ints
    talent: Floats
    skill: Floats
    integrity: Floats
    courses: Floats
    since: Floats
    age: Floats
    home: Ints

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "SecretaryColumns":
        """Everybody is at home in their own constituent and has been in office for a while."""
        keys = endowment.place.before.keys
        n = len(keys)
        tenure = -np.log(draws.uniform("secretary.tenure", keys)) / p.turnover
        talent = beta(p.skill_mean, p.skill_sd, draws.uniform("secretary.talent", keys, 0))
        return cls(
            in_force=endowment.place.committee == np.arange(n),
            number=np.zeros(n, np.int64),
            talent=talent,
            skill=np.minimum(talent + p.skill_gain * (1 - np.exp(-p.skill_pull * tenure)), 1.0),
            integrity=beta(p.integrity_mean, p.integrity_sd, draws.uniform("secretary.integrity", keys, 0)),
            courses=np.zeros(n),
            since=-tenure * DAYS_A_YEAR,
            age=truncated_normal(
                draws.uniform("secretary.age", keys), p.age_mean, p.age_sd, p.age_least, p.retirement_age
            ),
            home=np.arange(n),
        )


def reference_skill(p: Parameters) -> float:
    """Skill that neither adds nor takes away: the mean of all holders at any time, when tenures are stationary.

    A holder who has served for t years has talent + gain (1 - e^(-pull t)). Who leaves at a constant rate, the turnover,
    has served for an exponential time with this rate, so e^(-pull t) has the mean turnover / (turnover + pull), and the mean
    skill is skill_mean + skill_gain x skill_pull / (skill_pull + turnover). Source: equation E7. Left out: that skill ends
    at 1, and that elections bring exits in waves.
    """
    return p.skill_mean + p.skill_gain * p.skill_pull / (p.skill_pull + p.turnover)


def beta(mean: float, sd: float, u: Floats) -> Floats:
    """Beta quantiles with this mean and spread, by interpolation between 4,097 exact ones."""
    return np.interp(u, np.linspace(0.0, 1.0, 4097), _beta_quantiles(mean, sd))


@cache
def _beta_quantiles(mean: float, sd: float) -> Floats:
    from scipy.special import betaincinv

    concentration = mean * (1 - mean) / sd**2 - 1
    quantiles: Floats = betaincinv(mean * concentration, (1 - mean) * concentration, np.linspace(0.0, 1.0, 4097))
    return quantiles


def truncated_normal(u: Floats, mean: float, sd: float, low: float, high: float) -> Floats:
    """Normal quantiles within [low, high]."""
    from scipy.special import ndtr, ndtri

    below, above = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    result: Floats = mean + sd * ndtri(below + u * (above - below))
    return result
