"""What each policy does to the outcome it is meant to move, alone, beside what was expected of it.

QUESTION: does every policy move what it was meant to move, and the expected way?
DESIGN: scenarios/one_town.toml up to the end of 2026, with an election in January 2026 and money for everything; every
kind of policy alone, against nothing but the merger, 30 paired replications, seed 1, the figures of December 2026. The
brand of projects needs some: seed money is added to it and to its baseline. The expectation stands in the code of
each policy (`expects`), written before the policy was run.
OUTPUT: docs/channels.md. Run with `make pages`; some three minutes of one core.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from math import floor, log10
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

import villagesim as vs
from villagesim.outcomes import OUTCOMES
from villagesim.policies import KINDS, Policy, SeedMoney
from villagesim.questions import ComparisonAnswer
from villagesim.reference.tables import channel
from villagesim.scenario import ALWAYS
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import Interval
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.targets import townships
from villagesim.timetable import Budget

ROOT = Path(__file__).parents[1]
REPLICATIONS, SEED = 30, 1
BASELINE, PROJECTS = "nothing but the merger", "projects"
START = "2022-03-01"
BEFORE_THE_DECREE = dict.fromkeys(("account_freeze", "three_unchanged"), "2021-04-01")
"""Later these have nothing left to act on, or little."""
STRENGTH: dict[str, dict[str, Any]] = {
    "belt": {"target": townships("白云湖街道")},
    "clean_up": {"officers": 2},
    "demonstration_zones": {"zones": 1},
    "feedback_relay": {"messengers": 73},
    "five_integrations": {"facilitators": 4},
    "hardship_fallback": {"households": 60},
    "inspection": {"officers": 2},
    "more_mediators": {"officers": 3},
    "order_and_take": {"members": 600},
    "seed_money": {"form": "cooperative", "projects": 12},
    "service_centres": {"officers": 6},
    "stakes": {"money": 4_000_000.0, "line": 500_000.0},
    "star_rating": {"officers": 3},
    "three_year_plan": {"officers": 3},
    "training": {"places": 73},
    "visits": {"places": 146},
    "weak_village_list": {"lines": (100_000.0, 200_000.0, 300_000.0, 500_000.0)},
    "welfare": {"coverage": 0.5},
}
"""Settings that have no default, or whose default is made for a whole district: 73 villages, 54,000 residents."""
PARTNER: dict[str, Policy] = {"umbrella_brand": SeedMoney(start=START, form="cooperative", projects=12, label=PROJECTS)}
"""What a policy needs to have anything to act on: it runs in the baseline too."""
WAYS = {1: "more", -1: "less", 0: "no change"}


@dataclass(frozen=True)
class Measured:
    """One policy: the paired difference in its expected outcome, and the smallest that matters."""

    policy: Policy
    difference: Interval
    margin: float

    def verdict(self) -> str:
        """As expected, practically equal, null, undecided, or the other way."""
        low, high, way = self.difference.low, self.difference.high, type(self.policy).expects[1]
        if self.difference.sparse:
            return "undecided"
        small, nothing = -self.margin <= low and high <= self.margin, low <= 0 <= high
        if way == 0:
            return "as expected" if small else "undecided" if nothing else "not expected"
        if nothing:
            return "null" if small else "undecided"
        if np.sign(self.difference.mean) != way:
            return "the other way"
        return "practically equal" if small else "as expected"


def policies() -> dict[str, Policy]:
    """Every kind at the strength of this page."""
    return {
        kind: policy(start=BEFORE_THE_DECREE.get(kind, START), **STRENGTH.get(kind, {}))
        for kind, policy in KINDS.items()
    }


def strength(policy: Policy) -> str:
    """Settings that differ from the defaults, or have none."""
    if policy.kind not in STRENGTH:
        return "its defaults"
    names = {field.name for field in fields(policy)} & set(STRENGTH[policy.kind])
    return ", ".join(
        f"{name} {'of one township' if name == 'target' else getattr(policy, name)}" for name in sorted(names)
    )


def measured(c: ComparisonAnswer) -> list[Measured]:
    """All differences, with intervals that hold together."""
    found = policies()
    pairs = {kind: (kind, PROJECTS if kind in PARTNER else BASELINE) for kind in found}
    values = {}
    for kind, pair in pairs.items():
        at_end = c.at(type(found[kind]).expects[0])
        values[kind] = tuple(at_end[c.strategies.index(name)] for name in pair)
    differences = {kind: paired(own, other) for kind, (own, other) in values.items()}
    quantile = simultaneous_quantile(np.array(list(differences.values())), 0.95, SEED)
    results = []
    for kind, policy in found.items():
        what = OUTCOMES[type(policy).expects[0]]
        scale = abs(values[kind][1].mean()) or abs(values[kind][0].mean())
        margin = what.margin * scale if what.relative else what.margin
        results.append(Measured(policy, difference_interval(differences[kind], what.bounds, quantile=quantile), margin))
    return results


def cell(found: Measured) -> str:
    """Difference, its interval and the unit, in as many digits as the interval bears."""
    d, unit = found.difference, OUTCOMES[type(found.policy).expects[0]].unit
    size = abs(d.mean) if d.sparse else d.half_width
    digits = max(0, 1 - floor(log10(size))) if size else 0
    mean, low, high = (f"{value + 0.0:+,.{digits}f}" for value in (d.mean, d.low, d.high))
    return f"{mean}, differs in {d.differs}; {unit}" if d.sparse else f"{mean} ({low} to {high}); {unit}"


def summary(results: list[Measured]) -> str:
    """How many came out how."""
    words = [found.verdict() for found in results]
    return "; ".join(f"{word}: {words.count(word)}" for word in sorted({*words}))


def page(c: ComparisonAnswer) -> str:
    results = measured(c)
    lines = [
        "# What each policy does, alone",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        fill(
            "Each policy says in its code which outcome it is meant to move and which way (`expects`). That was written before"
            " it was run, and nothing was changed after. Here each runs alone on the three townships of"
            f" `scenarios/one_town.toml`, up to {c.months[-1]}, with money for everything, against nothing but the merger in the"
            f" same {c.n_replications} replications (seed {c.facts['seed']}). Differences are those of {c.months[-1]}; all intervals"
            f" hold together with 95% ({len(results)} at once).",
            118,
        ),
        "",
        fill(
            f"Policies start on {START}; those that must come before the decree, on 2021-04-01. The brand of projects has"
            " nothing to act on without projects, so seed money for 12 a year runs beside it and in its baseline.",
            118,
        ),
        "",
        f"Verdicts: {summary(results)}.",
        "",
        "| policy | channel | strength | expected | came out | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for found in results:
        name, way = type(found.policy).expects
        lines.append(
            f"| `{found.policy.kind}` | {channel(type(found.policy))} | {strength(found.policy)} | `{name}`: {WAYS[way]} |"
            f" {cell(found)} | {found.verdict()} |"
        )
    lines += [
        "",
        "- *as expected*: the whole interval lies on the expected side of zero, and not all of it within the smallest",
        "  difference that matters ([the model](model.md)); where no change is expected, all of it lies within.",
        "- *practically equal*: it lies on the expected side of zero, and within the smallest difference that matters.",
        "- *null*: it holds zero, and lies within the smallest difference that matters.",
        "- *undecided*: it holds zero, and differences that matter too.",
        "- *the other way*, *not expected*: the whole interval lies on the other side of zero, or beyond it where no change is",
        "  expected.",
        "",
        "What it rests on: one place, drawn maps, one draw of endowments, central parameters, one strength and one horizon for",
        "each policy. Most sizes of effects are assumptions ([equations](equations.md)), so a row *as expected* says that the",
        "model does what its equations were meant to do. It is no evidence that the policy works. Shares of villages that are",
        "covered follow at once from what is paid for. Small differences at 73 villages need not be small at more strength.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    town = vs.load_scenario(ROOT / "scenarios" / "one_town.toml")
    timetable = replace(town.timetable, stop=date(2027, 1, 1), elections=(date(2026, 1, 1),))
    alone = {kind: (policy, *([PARTNER[kind]] if kind in PARTNER else [])) for kind, policy in policies().items()}
    strategies = dict(ALWAYS) | {PROJECTS: tuple(PARTNER.values())} | alone
    scenario = replace(town, timetable=timetable, budget=Budget(yearly=1e9, since=2021), strategies=strategies)
    comparison = vs.compare(scenario, replications=REPLICATIONS, seed=SEED)
    (ROOT / "docs" / "channels.md").write_text(page(comparison), encoding="utf-8")


if __name__ == "__main__":
    main()
