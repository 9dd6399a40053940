"""Who begins a land trust, on which terms, and how much land joins at a sowing (equation E18).

Pure functions of a county; when they are asked, and what is paid for, is the process's affair.
"""

import numpy as np

from villagesim.agents.county import County
from villagesim.agents.land_trusts import Terms
from villagesim.agents.settlement import expected_dividend
from villagesim.arrays import Bools, Floats, Ints, logistic


def chance_to_begin(county: County) -> Floats:
    """Chance that a village begins by itself at a sowing, ``(n_rows,)``."""
    chance: Floats = county.p.adopt_rate * (county.p.opportunity_base + county.secretaries.skill)
    return chance


def without_a_trust(county: County) -> Bools:
    """Villages that have not begun and have land that could join, ``(n_rows,)``."""
    begun = county.by_village(county.land_trusts.begun) > 0
    without: Bools = county.is_village & ~begun & (county.by_village(left_to_join(county)) > 0)
    return without


def contracts(county: County, villages: Ints, offered: Terms, own_share: float) -> list[tuple[int, Terms]]:
    """What villages that begin sign: a firm's terms, or their own."""
    own, for_own = rather_own(county, own_share), offered.for_own(county.p)
    return [(village, for_own if own[village] else offered) for village in villages.tolist()]


def rather_own(county: County, own_share: float) -> Bools:
    """Villages that would farm themselves: rather those with a skilled secretary, by a lot that does not change."""
    p = county.p
    chance = own_share * p.own_scale * logistic(p.own_steepness * (county.secretaries.skill - p.own_middle))
    own: Bools = county.draws.uniform("land_trust.own", county.keys) < chance
    return own


def left_to_join(county: County) -> Floats:
    """Land that could still join [mu], by constituent; none in an urban community."""
    enrollable = county.endowment.enrollable * county.endowment.arable
    return np.where(county.committees.community, 0.0, np.maximum(enrollable - county.land_trusts.enrolled, 0.0))


def first_land(county: County, offered: Terms, own_share: float) -> Floats:
    """Land that would join if a village began on these terms or its own [mu], at the rows of villages."""
    own, land = rather_own(county, own_share), np.zeros(county.n_rows)
    for terms in (offered, offered.for_own(county.p)):
        dividend = expected_dividend(county.p, terms.floors, terms.split[0], terms.own, county.secretaries.skill)
        of_village = np.broadcast_to(dividend, own.shape)[county.village_of]
        first = county.by_village(share_joining(county, terms.household_floor, of_village) * left_to_join(county))
        land = np.where(own == terms.own, first, land)
    return land


def joining(county: County) -> Floats:
    """Land that joins now where a village has begun and somebody farms, or will [mu], by constituent."""
    trusts, lead = county.land_trusts, county.land_trusts.lead
    there = (trusts.n_operators == 0) | trusts.standing
    floors = trusts.household_floor + trusts.collective_floor
    dividend = expected_dividend(county.p, floors, trusts.split[:, 0], trusts.own, county.secretaries.skill)
    share = share_joining(county, trusts.household_floor[lead], dividend[lead])
    return np.where(trusts.begun & there[lead], share * left_to_join(county), 0.0)


def share_joining(county: County, floor: Floats | float, dividend: Floats) -> Floats:
    """Part of what is left that households bring in at a sowing under these terms, by constituent."""
    p, trusts = county.p, county.land_trusts
    worth = floor * (1 - trusts.fear) + dividend
    leaning = logistic((worth - trusts.outside_option) / p.enrolment_scale) / p.usual_leaning
    choice = np.minimum(p.enrolment_trust * county.members.trust * leaning, p.enrolment_most)
    return np.minimum(np.where(trusts.enrolled > 0, p.later_land, p.first_land) * choice, 1.0)
