"""What common random numbers are worth: variance ratios of the main comparisons.

QUESTION: how many times more replications would a comparison need if strategies did not share their luck?
DESIGN: every strategy of scenarios/zhangqiu.toml against nothing but the merger, 40 replications, seed 1, end of 2026. The
ratio is the variance that the difference would have if the two were independent, over the variance it has in pairs, with
a bootstrap interval over replications (95%). 1 is no gain.
OUTPUT: docs/variance_ratios.md. Run with `make pages`; some one and a half minutes on two cores.
"""

from pathlib import Path
from textwrap import fill

import numpy as np

import villagesim as vs
from villagesim.results.intervals import Ratio, variance_ratio

ROOT = Path(__file__).parents[1]
REPLICATIONS, SEED = 40, 1
BASELINE, NO_MERGER = "nothing but the merger", "no merger"
LITTLE = 1.5
MAIN = (
    "income_per_resident", "share_above_500k", "debt", "real_integration", "integration_gap", "share_accounts_pooled",
    "trust_merged_parts", "registered_disputes", "petitions", "mean_dispute_wait", "secretaries_replaced", "fiscal_saving",
)  # fmt: skip
WHERE_IT_BREAKS = {
    "real_integration": "attempts come to different instants and other milestones, each with a vote of its own: the two"
    " worlds soon draw for different votes",
    "integration_gap": "false reports follow lost votes, and the two worlds lose different votes",
    "share_accounts_pooled": "as for integration: a village pools after other attempts, so other votes decide",
    "fiscal_saving": "it follows from real operation, so from other votes",
    "debt": "whether, and when, an audit team comes to a debt depends on the queue before it",
    "share_above_500k": "villages near the threshold change sides one by one",
    "trust_merged_parts": "votes won and lost, and the operators' seasons, reach different villages",
    "petitions": "cases share their luck, but one case more in the queue shifts the start of all that follow, and a"
    " petition is a matter of hours",
    "mean_dispute_wait": "one case more in the queue shifts the start of all that follow",
    "registered_disputes": "the number of cases follows trust and titles, and both differ",
    "income_per_resident": "the operators' seasons move one of the two worlds only",
    "secretaries_replaced": "other exit rates: other holders face the election",
}
"""Why pairing helps little with an outcome, where it does."""


def ratio_of(c: vs.Comparison, name: str, strategy: str) -> Ratio:
    """Variance ratio of one strategy against the baseline at the end."""
    values = c.at(name)
    return variance_ratio(values[c.strategies.index(strategy)], values[c.strategies.index(BASELINE)], SEED)


def form(ratio: Ratio) -> str:
    """One cell: value and interval, in few digits."""
    if np.isnan(ratio.value):
        return "-"
    if np.isinf(ratio.value):
        return "the same"
    said = [number(value) for value in (ratio.value, ratio.low, ratio.high)]
    cell = f"{said[0]} ({said[1]} to {said[2]})"
    return f"**{cell}**" if ratio.value < LITTLE else cell


def number(value: float) -> str:
    if np.isinf(value):
        return "inf"
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def page(c: vs.Comparison) -> str:
    others = [strategy for strategy in c.strategies if strategy not in (BASELINE, NO_MERGER)]
    ratios = {name: {strategy: ratio_of(c, name, strategy) for strategy in others} for name in MAIN}
    lines = [
        "# What common random numbers are worth",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        fill(
            "Each cell says how many times more replications the comparison with *nothing but the merger* would need if the two"
            f" did not share their luck: {c.n_replications} replications, seed {SEED}, end of {c.months[-1]}, with a 95% bootstrap"
            " interval over replications. 1 is no gain; *the same*: the difference is the same in every replication; -: not"
            " defined, or nothing varies. Bold: below 1.5.",
            118,
        ),
        "",
        f"| outcome | {' | '.join(others)} |",
        f"| --- |{' --- |' * len(others)}",
    ]
    for name in MAIN:
        lines.append(f"| {vs.OUTCOMES[name].title} | {' | '.join(form(ratios[name][s]) for s in others)} |")
    lines += ["", "## Where the coupling breaks", ""]
    broken = {name: [s for s in others if ratios[name][s].value < LITTLE] for name in MAIN}
    for name, where in broken.items():
        if where:
            lines.append(fill(f"- {vs.OUTCOMES[name].title} ({', '.join(where)}): {WHERE_IT_BREAKS[name]}.", 118, subsequent_indent="  "))
    if not any(broken.values()):
        lines.append("Nowhere: every ratio is at least 1.5.")
    lines += [
        "",
        fill(
            "The ratios are those of the differences. Where a strategy adds chance of its own (weather and prices of land"
            " trusts), the baseline has nothing to pair it with, and the ratio cannot be large.",
            118,
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    comparison = vs.compare(vs.load_scenario(ROOT / "scenarios" / "zhangqiu.toml"), replications=REPLICATIONS, seed=SEED)
    (ROOT / "docs" / "variance_ratios.md").write_text(page(comparison), encoding="utf-8")


if __name__ == "__main__":
    main()
