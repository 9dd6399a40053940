"""Claim: trust returns to its base along the closed form of equation E5, and a jump is what is deposited.

No chance: the keeper of trust alone, in a world where nobody else does anything; log odds to 1e-9.
"""

from datetime import date

import numpy as np
import pytest
from checks import ON_DAY_ONE, county_by_hand, scenario_by_hand
from oracle_survival import half_life, relax

from villagesim.arrays import logit
from villagesim.dates import DAYS_A_YEAR
from villagesim.processes import PROCESSES
from villagesim.processes.trust import Trust
from villagesim.randomness import Draws
from villagesim.world import World

N = 40
STOP = date(2025, 1, 1)


def trust_alone(start=None, deposits=None, **changes):
    """Log odds of trust at the firsts of all months from the first day on, (n_months + 1, n), and of its base.

    ``deposits`` maps a number of months to a jump, which is deposited when that month has begun.
    """
    endowment = county_by_hand(N, 1, income=np.full(N, 500_000.0))
    scenario = scenario_by_hand(endowment, STOP, decree=None, **changes)
    world = World(scenario.timetable, endowment, scenario.parameters, Draws.of_replication(1, 0), processes=PROCESSES)
    base = world.members.trust_base.copy()
    if start is not None:
        world.members.trust[:] = start

    def deposit(month):
        world.members.trust_shock += (deposits or {}).get(month.key - world.calendar.months[0].key, 0.0)

    Trust(world)
    world.calendar.declare("births", "test", deposit)
    first = logit(world.members.trust.copy())
    world.run()
    found = np.vstack([first, logit(world.as_record().column("trust")[1:])])
    days = np.array([0.0, *(month.start + month.days for month in world.calendar.months)])
    return found, logit(base), days / DAYS_A_YEAR


def test_trust_returns_to_its_base():
    """From .9 everywhere to a base that differs between villages."""
    found, base, years = trust_alone(start=0.9)
    assert np.ptp(base) > 0.5
    expected = relax(np.log(9), base, 0.35, 0.0) + 0 * years[:, None]
    for row, t in enumerate(years):
        expected[row] = relax(np.log(9), base, 0.35, t)
    assert found == pytest.approx(expected, abs=1e-9)


def test_half_of_a_gap_closes_in_two_years():
    """Half-life 1.98 years, at the printed pull."""
    found, base, years = trust_alone(start=0.9)
    gap = (found - base)[:, 0] / (found - base)[0, 0]
    assert np.interp(half_life(0.35), years, gap) == pytest.approx(0.5, abs=1e-3)
    assert half_life(0.35) == pytest.approx(2, abs=0.05)


def test_trust_at_its_base_stays_there():
    """Nobody does anything, so nothing changes, not in four years."""
    found, base, _ = trust_alone()
    assert found == pytest.approx(np.broadcast_to(base, found.shape), abs=1e-9)


def test_jumps_are_added_when_their_month_is_closed_and_fade_from_then_on():
    """A fall of .6 in the third month and a rise of .2 in the fourteenth, one on top of the other."""
    found, base, years = trust_alone(deposits={2: -0.6, 13: 0.2})
    expected = np.zeros(len(years))
    for closed, jump in ((3, -0.6), (14, 0.2)):
        later = years >= years[closed]
        expected[later] += jump * np.exp(-0.35 * (years[later] - years[closed]))
    assert found - base == pytest.approx(np.broadcast_to(expected[:, None], found.shape), abs=1e-9)


def test_a_pull_one_percent_stronger_is_noticed():
    """The twin: after a year the log odds are off by more than a thousand times the tolerance."""
    found, base, years = trust_alone(start=0.9, trust_pull=0.3535)
    expected = relax(np.log(9), base, 0.35, years[12])
    assert np.abs(found[12] - expected).max() > 1e-3


def test_what_is_at_stake_at_the_start_is_the_printed_base():
    """The spread of trust is .10 around .50, taken on the log odds; 40 villages, within 4 standard errors."""
    _, base, _ = trust_alone()
    trust = 1 / (1 + np.exp(-base))
    assert trust.mean() == pytest.approx(0.5, abs=4 * 0.1 / N**0.5)
    assert (STOP - ON_DAY_ONE).days > 3 * DAYS_A_YEAR
