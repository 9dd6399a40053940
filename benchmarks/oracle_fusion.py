"""Oracle of E1: the share of merged villages whose accounts are pooled, under frozen conditions.

Run it with ``python benchmarks/oracle_fusion.py`` (some fifteen seconds); it writes ``tests/oracles/fusion.json``.

It is written from the text of the equations alone and imports nothing of villagesim. A village of k equal parts draws
its incomes per member and one lasting eps, then attempts its one economy milestone at the instants of a Poisson
process. The instants do not depend on the outcome of earlier votes as long as the milestone is open, so the chance
that a village is still split at time t is the product of (1 - P(pass)) over the votes it would have held by then if it
lost them all. That is exact given incomes, eps and instants; only these three are drawn. Beside it stands the plain
simulation, in which every constituent votes with a uniform of its own: two ways to the same numbers.

A table computed earlier from a prototype comes out only with the lateness term, -0.08 max(tau - 2, 0), left out; so every case
is given twice, as the equation stands and without that term.

Left out on purpose: debt, relapse, reports without a vote (E7), elections and handovers, the drift of trust, cohesion
and skill, correlation of incomes in a township, unequal shares, the queue at the township's desk, and the calendar (a
year is 365.25 days, the rate is constant).
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

VILLAGES = 1_000_000
CHUNK = 100_000
SEED = 20_210_701
HORIZONS = (1.0, 5.0, 7.0)  # years since the decree
YEAR = 365.25  # days
SERVICE = 10 * YEAR / 220 / YEAR  # ten officer-days, in calendar years
CLOSED = 180 / YEAR  # years after a lost vote
TARGET = Path(__file__).resolve().parents[1] / "tests" / "oracles" / "fusion.json"


@dataclass(frozen=True)
class Case:
    """One frozen village: rates in 1/year, times in years; the rest dimensionless."""

    parts: int
    attempts: float = 0.2
    service: float = 0.0
    trust: float = 0.45
    cohesion: float = 0.40
    skill: float = 0.58
    facilitator: float = 0.0
    closed: float = CLOSED
    willingness: float = 0.9
    loss: float = 3.0
    gain: float = 1.0
    own_secretary: float = 0.4
    lateness: float = 0.08
    sd_eps: float = 0.7
    sigma_log_income: float = 0.8


SUPPORTED = {"attempts": 0.8, "trust": 0.55, "cohesion": 0.60, "facilitator": 1.0}
AS_WRITTEN = {
    "two parts": Case(2),
    "three parts": Case(3),
    "four parts": Case(4),
    "three parts, programme": Case(3, service=SERVICE, **SUPPORTED),
    "three parts, programme, voted at once": Case(3, **SUPPORTED),
}
UNHURRIED = {f"{name}, no lateness": replace(case, lateness=0.0) for name, case in AS_WRITTEN.items()}
CASES = AS_WRITTEN | UNHURRIED
PRINTED = {  # equations.md, in percent; "about" for the programme
    "two parts": (7.2, 30.3, 39.2),
    "three parts": (4.6, 19.7, 26.0),
    "four parts": (3.0, 13.3, 17.7),
    "three parts, programme": (31.0, 80.0, 88.0),
}


def own_gain(income):
    """Gain of each part from sharing one ledger; rows are villages, columns parts of equal share."""
    mean = income.mean(axis=1, keepdims=True)
    return np.clip((mean - income) / np.maximum(mean, income), -1.0, 1.0)


def leaning(case, rng, n):
    """Each part's utility of a yes in the first two years (n x parts); the first part has the secretary."""
    gain = own_gain(np.exp(case.sigma_log_income * rng.standard_normal((n, case.parts))))
    common = case.willingness + 2.5 * (case.trust - 0.5) + 1.5 * (case.cohesion - 0.5)
    common += 1.0 * (case.skill - 0.58) + 0.6 * case.facilitator
    u = common + case.loss * np.minimum(gain, 0.0) + case.gain * np.maximum(gain, 0.0)
    u[:, 0] += case.own_secretary
    return u + case.sd_eps * rng.standard_normal((n, 1))


def consent(case, u, tau):
    """Chance of a yes of every part (rows as `tau`, years since the decree at the vote)."""
    late = case.lateness * np.maximum(tau - 2.0, 0.0)
    return 1.0 / (1.0 + np.exp(late[:, None] - u))


def vote_times(case, rng, n):
    """Instants of the votes a village would hold if it lost them all, one array of n a round, until all are past 7."""
    opened = np.zeros(n)
    while True:
        vote = opened + rng.exponential(1.0 / case.attempts, n) + case.service
        if vote.min() > HORIZONS[-1]:
            return
        yield vote
        opened = vote + case.closed


def one_chunk(case, rng, n):
    """Chance of being pooled at each horizon, given all but the votes; and whether it was, with the votes cast."""
    u = leaning(case, rng, n)
    split = np.ones((n, len(HORIZONS)))
    pooled_at = np.full(n, np.inf)
    for vote in vote_times(case, rng, n):
        yes = consent(case, u, vote)
        passes = yes.prod(axis=1)
        split *= 1.0 - passes[:, None] * (vote[:, None] <= HORIZONS)
        won = (rng.random(yes.shape) < yes).all(axis=1)
        pooled_at = np.minimum(pooled_at, np.where(won, vote, np.inf))
    first_vote = consent(case, u, np.zeros(n)).prod(axis=1)
    return np.column_stack((1.0 - split, pooled_at[:, None] <= HORIZONS, first_vote))


def mean_and_error(rows):
    """Column means and their standard errors."""
    return rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows))


def run(case, key):
    """Means and standard errors of all columns of `one_chunk`; every case has a stream of its own."""
    rng = np.random.default_rng([SEED, key])
    return mean_and_error(np.concatenate([one_chunk(case, rng, CHUNK) for _ in range(VILLAGES // CHUNK)]))


def printed(name):
    """Look up the printed shares of a case, with or without lateness; None where there are none."""
    return PRINTED.get(name.removesuffix(", no lateness"))


def entry(case, key, beside):
    """One case as it goes into the JSON file."""
    mean, error = run(case, key)
    n = len(HORIZONS)

    def column(i):
        return {"value": round(float(mean[i]), 7), "se": round(float(error[i]), 7)}

    return {
        "settings": asdict(case),
        "share_pooled": {f"{years:g}": column(i) for i, years in enumerate(HORIZONS)},
        "share_pooled_votes_cast": {f"{years:g}": column(n + i) for i, years in enumerate(HORIZONS)},
        "pass_of_a_vote_in_the_first_two_years": column(2 * n),
        "printed_percent": beside,
    }


def table():
    """All cases, with everything one needs to do it again."""
    return {
        "oracle_of": "E1, economy milestone, frozen: share of merged villages pooled, by years since the decree",
        "made_by": "benchmarks/oracle_fusion.py",
        "villages": VILLAGES,
        "seed": SEED,
        "horizons_years": HORIZONS,
        "days_a_year": YEAR,
        "cases": {name: entry(case, key, printed(name)) for key, (name, case) in enumerate(CASES.items())},
    }


def show(result):
    """Print the table beside that earlier one, in percent."""
    for name, case in result["cases"].items():
        print(f"{name}: a vote passes with {100 * case['pass_of_a_vote_in_the_first_two_years']['value']:.2f}%")
        for i, (years, share) in enumerate(case["share_pooled"].items()):
            cast = case["share_pooled_votes_cast"][years]
            beside = f", printed {case['printed_percent'][i]:.1f}" if case["printed_percent"] else ""
            print(
                f"  {years} years: {100 * share['value']:6.2f} +- {100 * share['se']:.3f}"
                f"  (votes cast {100 * cast['value']:6.2f} +- {100 * cast['se']:.3f}{beside})"
            )


def main():
    result = table()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(result)


if __name__ == "__main__":
    main()
