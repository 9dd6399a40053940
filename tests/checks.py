"""Helpers of statistical tests: intervals with a stated chance of a false alarm, and counties made by hand.

All random numbers of the library are keyed, so that a test gives the same verdict at every run. "False alarm" is the
chance that a correct model would have been refused when the seed was chosen, and will be when a change shifts the luck.
"""

from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
from scipy.stats import norm, t

import villagesim as vs
from villagesim.history import History
from villagesim.parameters import DEFAULTS
from villagesim.places.endowments import Endowment, Published
from villagesim.places.figures import FirstDays, read_figures
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.policies import KINDS, Policy
from villagesim.randomness import Draws
from villagesim.scenario import Scenario
from villagesim.simulation import live, put_together
from villagesim.timetable import Decree, Timetable
from villagesim.world import World


def assert_mean_is(expected, values, *, unit="", false_alarm=1e-4, expected_error=0.0):
    """Refuse independent ``values`` whose mean lies outside Student's interval around ``expected``.

    ``expected_error`` is the standard error of ``expected``, where it was simulated itself.
    """
    values = np.asarray(values, float)
    n, got = len(values), values.mean()
    error = sqrt(values.var(ddof=1) / n + expected_error**2)
    allowed = t.isf(false_alarm / 2, n - 1)
    off = (got - expected) / error
    assert abs(off) <= allowed, _message("mean", expected, got, unit, error, off, allowed, n, false_alarm)


def assert_lies_above(level, values, *, false_alarm=1e-4):
    """Refuse independent ``values`` whose mean is not above ``level`` by Student's one-sided interval.

    Here ``false_alarm`` is the chance that values of mean ``level`` or less would pass.
    """
    values = np.asarray(values, float)
    n, mean, error = len(values), values.mean(), values.std(ddof=1) / sqrt(len(values))
    low = mean - t.isf(false_alarm, n - 1) * error
    assert low > level, (
        f"mean of {n} = {mean:.6g}, at least {low:.6g}: not beyond {level:.6g} (chance {false_alarm:.2g})."
    )


def assert_share_is(expected, n_hits, n, *, standard_errors=4.0, expected_error=0.0):
    """Refuse ``n_hits`` of ``n`` independent cases that lie too many standard errors from the ``expected`` share."""
    got = n_hits / n
    error = sqrt(expected * (1 - expected) / n + expected_error**2)
    off = (got - expected) / error
    false_alarm = 2 * norm.sf(standard_errors)
    assert abs(off) <= standard_errors, _message(
        "share", expected, got, "", error, off, standard_errors, n, false_alarm
    )


def assert_is_law_of(law, values, *, false_alarm=1e-4):
    """Refuse independent ``values`` that do not follow a continuous ``law`` of scipy.stats, by Kolmogorov-Smirnov."""
    from scipy.stats import kstest

    found = kstest(values, law.cdf)
    assert found.pvalue >= false_alarm, (
        f"{len(values):,} values lie up to {found.statistic:.5f} from the expected distribution function, worst at"
        f" {found.statistic_location:.5g}: p = {found.pvalue:.2g}, refused below {false_alarm:.2g} (the false alarm)."
    )


def _message(what, expected, got, unit, error, off, allowed, n, false_alarm):
    unit = f" {unit}" if unit else ""
    return (
        f"{what} of {n:,}: expected {expected:.6g}{unit}, got {got:.6g}{unit}, {off:+.2f} standard errors of {error:.3g}"
        f" away; allowed {allowed:.2f}, chance of a false alarm {false_alarm:.2g}."
    )


# Runs with the world as it stands at the end, which a run of the library does not keep.


@dataclass(frozen=True, eq=False, repr=False)
class RunWithWorld(vs.Run):
    """A run, and the world that it left."""

    world: World | None = None


def with_world(world, scenario, strategy="own", replication=0):
    """The run of a world that has run to its end."""
    return RunWithWorld(History.of(world), scenario.outcomes, strategy, 1, replication, world=world)


def simulate(scenario, strategy=None, seed=1, replication=0, *, draw=0, endowment=None):
    """As ``villagesim.simulate``, with the world."""
    name, chosen = scenario.strategy(scenario.baseline if strategy is None else strategy)
    endowment = endowment or scenario.endow(seed, draw, replication)
    world, _, _ = put_together(scenario, chosen, endowment, Draws.of_replication(seed, replication))
    live(world, scenario, chosen)
    return with_world(world, scenario, name, replication)


# Counties made by hand: every village has the same number of constituents with 100 members each, and nobody owes.

ON_DAY_ONE = date(2021, 1, 1)


def fixed(value):
    """Give a parameter a value outside its range."""
    return {"value": value, "low": value, "high": value, "source": "frozen for a test"}


FROZEN = {name: fixed(0.0) for name in (
    "trust_pull", "trust_base_sd", "vote_won_trust", "vote_lost_trust",
    "merger_trust_shock", "merger_trust_shock_small", "unrepresented_trust_shock",
    "cohesion_pull", "exit_rate", "skill_gain",
    "income_growth", "income_county_sd", "income_own_sd", "one_off_rate", "office_cost", "service_cost", "asset_wear",
    "prices", "investment_rate", "incident_rate", "declared_trust", "forced_trust", "exposed_trust", "run_up",
    "paper_slows", "relapse_at_handover", "relapse_by_disputes", "contract_expiry_rate", "deadline_rate",
)} | {"skill_mean": 0.58, "skill_sd": fixed(1e-3), "false_base": fixed(-50.0)}  # fmt: skip
"""Trust, cohesion, skill and income stay as they are; nobody quarrels, works for paper or reports what is not real."""


def county_by_hand(n_villages, n_parts, income, benefits=None):
    """Endow ``n_villages`` of ``n_parts`` constituents in a row, the first of each being the host.

    Parameters
    ----------
    income, benefits : (n_villages * n_parts,)
        Collective income and benefits per member [yuan per year]; no benefits unless given.
    """
    n = n_villages * n_parts
    before = Roll.of((str(370_114_000_000 + i), f"village {i}") for i in range(n))
    hosts = np.arange(0, n, n_parts)
    after = Roll.of((before.codes[i], before.names[i]) for i in hosts)
    links = MergerMap(np.repeat(np.arange(n_villages), n_parts), ("user",) * n, np.ones(n), hosts)
    return Endowment(
        place=Place(before, after, links),
        residents=np.full(n, 60),
        members=np.full(n, 100),
        income=income,
        source_shares=np.full((4, n), 0.25),
        arable=np.full(n, 1000.0),
        enrollable=np.full(n, 0.5),
        debt=np.zeros(n),
        entitlement=np.zeros(n) if benefits is None else benefits,
        booked=np.zeros(n),
    )


def scenario_by_hand(endowment, stop, decree=ON_DAY_ONE, **parameters):
    """A scenario of a county made by hand, from 1 January 2021 to the day before ``stop``, with a decree on day one."""
    return Scenario(
        title="made by hand",
        timetable=Timetable(ON_DAY_ONE, stop, (Decree(decree, decree),) if decree else ()),
        place=endowment.place,
        published=Published(residents=1, mean_income=1.0, threshold=1.0, share_above=0.5, arable=1.0),
        parameters=DEFAULTS.with_values(parameters),
    )


# One policy of every kind.

RULES = tuple(kind for kind, policy in KINDS.items() if policy.claim is Policy.claim)
"""Kinds without a cost of their own: an empty fund does not stop them."""


def policy_of(kind, start="2021-03-01", **changes):
    """A policy of this kind that does something where there is enough money."""
    return KINDS[kind](start=start, **{**KINDS[kind].example, **changes})


def read_table(path, place, notes=None):
    """A user's own figures of the year before 2021, by column."""
    figures = read_figures(path, place, FirstDays(date(2021, 1, 1), date(2024, 1, 1), (date(2021, 7, 1),)), notes)
    return {name: rows[-1] for name, rows in figures.values.items()}
