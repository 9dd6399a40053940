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
from villagesim.questions import ComparisonAnswer
from villagesim.statistics.ratios import Ratio, variance_ratio

ROOT = Path(__file__).parents[1]
REPLICATIONS, SEED = 40, 1
BASELINE, NO_MERGER = "nothing but the merger", "no merger"
LITTLE, MOST = 1.5, 1_000
MAIN = (
    "income_per_resident", "share_above_500k", "debt", "real_integration", "integration_gap", "share_accounts_pooled",
    "trust_merged_parts", "registered_disputes", "petitions", "mean_dispute_wait", "secretaries_replaced", "fiscal_saving",
)  # fmt: skip
PROGRAMME = (
    "births of attempts and luck of votes are shared, but the programme holds several times as many votes, most of which"
    " have no partner in the other world"
)
QUEUE = "cases share their luck, but one case more in the queue shifts the start of all that follow"
TRUSTS = "prices and weather of the land trusts move one of the two worlds only"
WHERE_IT_BREAKS = {
    "income_per_resident": TRUSTS,
    "share_above_500k": TRUSTS,
    "debt": "a debt hardly varies without the campaign, so there is little chance to share; with it, most of the chance is"
    " the campaign's own: which of the few large debts ripen early, and when a team comes to them",
    "real_integration": PROGRAMME,
    "integration_gap": PROGRAMME,
    "share_accounts_pooled": PROGRAMME,
    "trust_merged_parts": TRUSTS,
    "registered_disputes": "their number follows trust and titles, and both differ",
    "petitions": QUEUE,
    "mean_dispute_wait": QUEUE,
    "secretaries_replaced": "other rates of leaving put other holders before the election",
    "fiscal_saving": f"it follows from real operation: {PROGRAMME}",
}
"""Why pairing helps little with an outcome, where it does."""


def ratio_of(c: ComparisonAnswer, name: str, strategy: str) -> Ratio:
    """Variance ratio of one strategy against the baseline at the end."""
    values = c.at(name)
    return variance_ratio(values[c.strategies.index(strategy)], values[c.strategies.index(BASELINE)], SEED)


def form(ratio: Ratio) -> str:
    """One cell: value and interval, in few digits."""
    if np.isnan(ratio.value):
        return "-"
    if np.isinf(ratio.value):
        return "the same"
    value, low, high = (number(value) for value in (ratio.value, ratio.low, ratio.high))
    cell = value if ratio.low >= MOST else f"{value} ({low} to {high})"
    return f"**{cell}**" if ratio.value < LITTLE else cell


def number(value: float) -> str:
    if value >= MOST:
        return f"over {MOST:,}"
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def page(c: ComparisonAnswer) -> str:
    others = [strategy for strategy in c.strategies if strategy not in (BASELINE, NO_MERGER)]
    ratios = {name: {strategy: ratio_of(c, name, strategy) for strategy in others} for name in MAIN}
    lines = [
        "# What common random numbers are worth",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        fill(
            "Each cell says how many times more replications the comparison with *nothing but the merger* would need if the two"
            f" did not share their luck: {c.n_replications} replications, seed {SEED}, end of {c.months[-1]}, with a 95%"
            " bootstrap interval over replications. 1 is no gain; *the same*: the difference is the same in every replication; -:"
            " not defined, or nothing varies. Bold: below 1.5.",
            118,
        ),
        "",
        f"| outcome | {' | '.join(others)} |",
        f"| --- |{' --- |' * len(others)}",
    ]
    for name in MAIN:
        lines.append(f"| {vs.outcomes.OUTCOMES[name].title} | {' | '.join(form(ratios[name][s]) for s in others)} |")
    lines += ["", "## Where the coupling breaks", ""]
    broken = {name: [s for s in others if ratios[name][s].value < LITTLE] for name in MAIN}
    for name, where in broken.items():
        if where:
            lines.append(
                fill(
                    f"- {vs.outcomes.OUTCOMES[name].title} ({', '.join(where)}): {WHERE_IT_BREAKS[name]}.",
                    118,
                    subsequent_indent="  ",
                )
            )
    if not any(broken.values()):
        lines.append("Nowhere: every ratio is at least 1.5.")
    lines += [
        "",
        fill(
            "Where a strategy adds chance of its own (weather and prices of land trusts, audits of debts), the baseline has"
            " nothing to pair it with, and the ratio cannot be large. Very large ratios are differences that hardly vary.",
            118,
        ),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    comparison = vs.compare(
        vs.load_scenario(ROOT / "scenarios" / "zhangqiu.toml"), replications=REPLICATIONS, seed=SEED
    )
    (ROOT / "docs" / "variance_ratios.md").write_text(page(comparison), encoding="utf-8")


if __name__ == "__main__":
    main()
