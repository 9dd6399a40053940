"""How often intervals of paired differences hold the truth, on differences that runs really have.

QUESTION: where does an interval cover what it says, and where is there none?
DESIGN: five strategies of scenarios/one_town.toml, 1,500 replications, seed 1, end of the run. Their means are taken for the
truth; samples of 30 and of 100 are drawn from them with replacement. Then the rule of `--until-settled` is run on samples.
OUTPUT: the section on intervals of docs/promises.md, and tests/theory/differences.npz, a small copy for the tests. The store
is kept in build/, outside git. Run with `make coverage`; some ten minutes on two cores.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

import villagesim as vs
from villagesim.design import from_table
from villagesim.outcomes import OUTCOMES
from villagesim.policies import LandTrust
from villagesim.policies.strategy import Strategy
from villagesim.statistics.differences import difference_bounds, difference_interval, paired
from villagesim.statistics.stopping import stopping

ROOT = Path(__file__).parents[1]
STORE, SMALL = ROOT / "build" / "coverage.npz", ROOT / "tests" / "theory" / "differences.npz"
PAGE, BEGIN, END = ROOT / "docs" / "promises.md", "<!-- intervals -->", "<!-- end of intervals -->"
REPLICATIONS, SEED, SAMPLES, STOPS = 1_500, 1, 4_000, 60
SIZES, MOST = (30, 100), 500
BASELINE = "nothing but the merger"
USUAL, SPARSEST = ("collective_income", "debt", "income_per_member_poor"), 10
"""Outcomes of the small copy: some that vary in most replications, and so many of those that hardly do."""
SETTLED = (
    "collective_income", "debt", "gini_income", "registered_disputes", "petitions", "open_disputes", "mean_dispute_wait",
    "share_above_500k", "accounts_per_village",
)  # fmt: skip
"""Outcomes on which the rule of `--until-settled` is tried."""


class Measured(NamedTuple):
    """Of one outcome: worst strategy's coverage and share of samples with an interval, of Student's too; all jointly."""

    name: str
    given: float
    covers: float
    student: float
    joint: float


def at_the_usual_pace(strategy: Strategy) -> Strategy:
    """A strategy whose land trusts reach as many villages a year as those of a district, so that they have an effect to find."""
    policies = (replace(p, villages=LandTrust.villages) if isinstance(p, LandTrust) else p for p in strategy)
    return replace(strategy, policies=tuple(policies))


def made() -> None:
    """Run all strategies, and keep what they differ by."""
    import pandas as pd

    town = vs.load_scenario(ROOT / "scenarios" / "one_town.toml")
    town = replace(town, strategies={name: at_the_usual_pace(strategy) for name, strategy in town.strategies.items()})
    found = vs.sweep(town, from_table(pd.DataFrame({"draw": [0]})), replications=REPLICATIONS, seed=SEED)
    keep({name: found.values(name)[:, 0] for name in OUTCOMES}, found.strategies.index(BASELINE))


def keep(values: dict[str, np.ndarray], baseline: int) -> None:
    """Write paired differences of outcomes that are defined everywhere and of strategies that ever differ, and a small copy."""
    found = {}
    for name, own in values.items():
        if np.isfinite(own).all():
            apart = paired(np.delete(own, baseline, axis=0), own[baseline])
            if len(apart := apart[apart.any(axis=1)]):
                found[name] = apart
    STORE.parent.mkdir(exist_ok=True)
    np.savez_compressed(STORE, baseline=[values[name][baseline].mean() for name in found], **found)
    rarest = sorted(found, key=lambda name: (found[name] != 0).mean(axis=1).min())[:SPARSEST]
    np.savez_compressed(SMALL, **{name: found[name].astype(np.float32) for name in (*rarest, *USUAL)})


def samples(differences: np.ndarray, n: int, count: int, seed: int) -> Iterator[tuple[np.ndarray, float]]:
    """Samples of each strategy's differences, (count, n), the same replications for all, and the truth."""
    which = np.random.default_rng([seed, n]).integers(0, differences.shape[1], (count, n))
    for row in differences:
        yield row[which], float(row.mean())


def measured(name: str, differences: np.ndarray, n: int, count: int, seed: int = SEED) -> Measured:
    """How often the intervals of one outcome hold the truth."""
    one, all_ = (float(stdtrit(n - 1, 1 - 0.025 / k)) for k in (1, len(differences)))
    rows, joint = [], np.ones(count, bool)
    for x, truth in samples(differences, n, count, seed):
        rounding = 1e-9 * abs(truth)
        holds, given = _holds(x, truth, name, one)
        together, known = _holds(x, truth, name, all_)
        joint &= together | ~known
        error = one * x.std(axis=1, ddof=1) / np.sqrt(n)
        student = float((np.abs(x.mean(axis=1) - truth) <= error + rounding).mean())
        rows.append((float(given.mean()), float(holds[given].mean()) if given.mean() > 0.01 else np.nan, student))
    given_, covers, student_ = np.array(rows).T
    return Measured(name, given_.min(), np.nanmin([*covers, np.inf]), student_.min(), float(joint.mean()))


def _holds(x: np.ndarray, truth: float, name: str, quantile: float) -> tuple[np.ndarray, np.ndarray]:
    """Which intervals hold the truth, and which are given at all."""
    low, high, _ = difference_bounds(x, OUTCOMES[name].bounds, quantile)
    rounding = 1e-9 * abs(truth)
    return (low - rounding <= truth) & (truth <= high + rounding), ~np.isnan(low)


def stopped(name: str, differences: np.ndarray, baseline: float) -> tuple[float, float, float]:
    """Share of trials that settle within 500, their median length, and how often all intervals at the stop hold."""
    found = OUTCOMES[name]
    wanted = found.margin * (baseline if found.relative else 1) / 2
    lengths, holds = [], []
    for trial in range(STOPS):
        which = np.random.default_rng([SEED, trial]).integers(0, differences.shape[1], MOST)
        n, enough = 25, None
        while n < MOST and enough is None:
            rule = stopping(differences[:, which[:n]], wanted, found.bounds)
            enough, n = rule.enough, n if rule.enough else min(n + min(max(rule.n_more, 5), n), MOST)
        if enough is not None:
            lengths.append(n)
            ends = [
                difference_interval(x[which[:n]], found.bounds, n_comparisons=len(differences)) for x in differences
            ]
            truths = differences.mean(axis=1)
            holds.append(
                all(e.low - 1e-9 * abs(t) <= t <= e.high + 1e-9 * abs(t) for e, t in zip(ends, truths, strict=True))
            )
    return (
        len(lengths) / STOPS,
        float(np.median(lengths)) if lengths else np.nan,
        float(np.mean(holds)) if holds else np.nan,
    )


def page(found: dict[str, np.ndarray], count: int) -> str:
    """The section on intervals."""
    baseline = dict(zip([name for name in found if name != "baseline"], found.pop("baseline"), strict=True))
    table = {n: [measured(name, x, n, count) for name, x in found.items()] for n in SIZES}
    kept = {n: sum(row.given >= 0.5 for row in rows) for n, rows in table.items()}
    lines = [
        f"Measured on {REPLICATIONS:,} replications of five strategies of `scenarios/one_town.toml` (seed {SEED}; land trusts",
        "at the pace of a district, so that they have an effect to find), whose means",
        f"are taken for the truth; {count:,} samples a size are drawn from them with replacement, for all {len(found)} outcomes",
        "that are defined everywhere and differ between strategies. *Given*: samples in which there is an interval, for the",
        "strategy with the fewest. *Holds*: part of the given 95% intervals that hold the truth, for the worst strategy;",
        "*Student*: the same of Student's interval, which would always be given. *Jointly*: all given intervals of an outcome",
        "hold together, 95% stated.",
        "",
        " ".join(
            f"{kept[n]} of {len(found)} outcomes keep an interval at {n} replications for all strategies."
            for n in SIZES
        ),
        "The least part that holds is "
        + " and ".join(f"{min(row.covers for row in rows):.3f} at {n}" for n, rows in table.items())
        + "; jointly "
        + " and ".join(f"{min(row.joint for row in rows):.3f} at {n}" for n, rows in table.items())
        + ".",
        "",
        "| outcome | "
        + " | ".join(f"{what}, n = {n}" for n in SIZES for what in ("given", "holds", "Student", "jointly"))
        + " |",
        "| --- |" + " ---: |" * (4 * len(SIZES)),
    ]
    for rows in zip(*table.values(), strict=True):
        cells = [f"{row.given:.0%} | {_share(row.covers)} | {row.student:.3f} | {row.joint:.3f}" for row in rows]
        lines.append(f"| `{rows[0].name}` | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"The rule of `--until-settled` on {STOPS} samples: part that settles within {MOST} replications, their median number,",
        "and how often all intervals at the stop hold together (95% stated; standard error about 0.03).",
        "",
        "| outcome | settles | replications | hold together |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name in SETTLED:
        settles, n, holds = stopped(name, found[name], float(baseline[name]))
        lines.append(f"| `{name}` | {settles:.0%} | {'-' if np.isnan(n) else round(n)} | {_share(holds)} |")
    return "\n".join(lines)


def _share(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "-"


def main() -> None:
    """Make the store where it is not to be kept, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="take the store that is in build/")
    options.add_argument("--samples", type=int, default=SAMPLES)
    chosen = options.parse_args()
    if not chosen.keep:
        made()
    said = page(dict(np.load(STORE)), chosen.samples)
    print(said)
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{said}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
