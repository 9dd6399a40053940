"""Sanity bands: what was expected before anything was built, beside what comes out.

QUESTION: are the results of the shipped Zhangqiu scenario plausible in size?
DESIGN: all strategies of scenarios/zhangqiu.toml, 30 replications, seed 1; ends of 2022, 2024 and 2026.
OUTPUT: docs/sanity_bands.md, the first figure, docs/figures/zhangqiu.png, and the headline of README.md.
Run with `make pages`.

The bands were written down from a rough prototype with all of the planned model. They are no targets: nothing is tuned to
them, and a miss is explained.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

import numpy as np

import villagesim as vs
from villagesim.arrays import Floats

ROOT = Path(__file__).parents[1]
YEARS = ("2022-12", "2024-12", "2026-12")
BASELINE = "nothing but the merger"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    expected : band of the prototype, for nothing but the merger or for its full strategy
    strategy : which of ours stands beside it
    figure : of a comparison, a strategy and a month: its value in every replication
    said : what there is to say about a miss, or what the row shows
    """

    title: str
    expected: str
    strategy: str
    figure: Callable[[vs.Comparison, str, str], Floats]
    form: str
    said: str


def plain(name: str, per: float = 1.0) -> Callable[[vs.Comparison, str, str], Floats]:
    return lambda c, strategy, month: c.at(name, month)[c.strategies.index(strategy)] / per


def against_baseline(name: str) -> Callable[[vs.Comparison, str, str], Floats]:
    def figure(c: vs.Comparison, strategy: str, month: str) -> Floats:
        values = c.at(name, month)
        base = values[c.strategies.index(BASELINE)]
        return 100 * (values[c.strategies.index(strategy)] / base - 1)

    return figure


def since_start(name: str) -> Callable[[vs.Comparison, str, str], Floats]:
    def figure(c: vs.Comparison, strategy: str, month: str) -> Floats:
        i = c.strategies.index(strategy)
        return 100 * (c.at(name, month)[i] / c.values(name)[i, :, 0] - 1)

    return figure


def gain(c: vs.Comparison, strategy: str, month: str) -> Floats:
    """Income of all villages above the baseline's [million yuan a year]."""
    values = c.at("income_per_resident", month)
    more = values[c.strategies.index(strategy)] - values[c.strategies.index(BASELINE)]
    return more * c.scenario.published.residents / 1e6


ROWS = (
    Row("mean collective income, thousand yuan per village", "920 / 1,015 / 1,120", BASELINE,
        plain("collective_income", 1000), "{:,.0f}", "Within the band: the trend and the arithmetic of 890 into 532."),
    Row("the same against the baseline, %", "full: +.2-.5 / +2-5 / +4-9", "both",
        against_baseline("collective_income"), "{:+.1f}",
        "Below the full strategy's band in 2026: only the land trust acts on income so far. Clean-up and projects,"
        " which the band holds too, are not there yet."),
    Row("income per resident at the decree, change against trend, %", "no jump on the day", BASELINE,
        lambda c, s, m: jump_per_resident(c, s), "{:+.2f}", "Smooth: pointers move, money does not."),
    Row("one account, % of merged villages", "4-8 / 10-16 / 15-23", BASELINE,
        plain("share_accounts_pooled", 0.01), "{:.1f}",
        "At the upper end: attempts are not yet slowed by effort that goes to paper (a factor of about .91 at the"
        " pressure without policy)."),
    Row("the same with the programme", "full: 14-22 / 37-50 / 50-65", "both",
        plain("share_accounts_pooled", 0.01), "{:.1f}", "As for the baseline."),
    Row("accounts per village", "1.64 / 1.60 / 1.57", BASELINE, plain("accounts_per_village"), "{:.2f}", "Within the band."),
    Row("the same with the programme", "full: 1.57 / 1.43 / 1.34", "both", plain("accounts_per_village"), "{:.2f}",
        "Within the band."),
    Row("integration in fact, merged villages", ".13 / .27 / .37", BASELINE, plain("real_integration"), "{:.2f}",
        "Above the band in 2022, by more than a third: false reports, which close a milestone until they are found, effort that"
        " goes to paper and relapses are not there yet; all three slow the baseline most in its first years."),
    Row("the same with the programme", "full: .33 / .66 / .80", "both", plain("real_integration"), "{:.2f}",
        "Within the band; ranking and relapses, which pull both ways in it, are not there yet."),
    Row("trust in merged parts", ".46 / .48 / .485", BASELINE, plain("trust_merged_parts"), "{:.3f}",
        "One hundredth below. The jumps at the decree alone (-.15, and -.40 times one less the share of members in parts"
        " that are not the host), fading by .35 a year, give .45 at the end of 2022."),
    Row("the same with both policies", "full: .465 / .50 / .515", "both", plain("trust_merged_parts"), "{:.3f}",
        "As for the baseline; welfare and prompt hearings, which lift the band, are not there yet."),
    Row("debt since the start, %", "+5 / +8 / +10", BASELINE, since_start("debt"), "{:+.1f}",
        "A miss: the run-up before the decree (+4%) is not there yet, and alone debt grows by less than the prototype's"
        " 1.1% a year: accounts borrow 1.0 to 1.2% of it, and repay .6% out of surpluses."),
    Row("land in trust, % of arable", "full: 2 / 8-10 / 16-21", "both", plain("share_land_in_trust", 0.01), "{:.1f}",
        "Within the band, or just below."),
    Row("operators defaulted, cumulative %", "full: 1 / 7 / 13", "both", plain("land_trust_defaults", 0.01), "{:.1f}",
        "Lower by more than a third. The oracle's 12% in five years holds for constant land and is met (tests). Here land"
        " grows by some 40% a year, and each new mu brings its operator's money but is farmed for part of the season only:"
        " counting all land for the whole season gave 7.2 ± 1.9% instead of 4.7 ± 1.7% over the same 60 replications. And"
        " the mean of so skewed an outcome is uncertain."),
    Row("secretaries replaced, cumulative %", "8 / 16 / 52", BASELINE, plain("secretaries_replaced", 0.01), "{:.1f}",
        "Within the band up to the election; in it fewer reach 60, since the age at the start is that after the last"
        " election (45.4), not that before it (50)."),
    Row("saved by the county, million yuan a year", "2 / 8.5 / 15", BASELINE, plain("fiscal_saving", 1e6), "{:.1f}",
        "Below the band in 2022: it counts what was saved over the last twelve months, not the rate at the end."),
    Row("the same with the programme", "full: 6 / 20 / 29", "both", plain("fiscal_saving", 1e6), "{:.1f}",
        "As for the baseline."),
    Row("support paid, million yuan a year", "full: 28 / 35 / 38", "both", plain("support_cost", 1e6), "{:.1f}",
        "Two policies of the dozen that the band pays for."),
    Row("income gained, million yuan a year", "land trust alone: - / - / 27", "both", gain, "{:.1f}",
        "Below: less land is in trust than in the prototype, and land counts for the part of the season it was farmed."),
    Row("Gini of income between villages", ".46", BASELINE, plain("gini_income"), "{:.3f}",
        "Seven per cent above: one draw of endowments, and the likeliest map puts up to six constituents into one village."),
)  # fmt: skip


def jump_per_resident(c: vs.Comparison, strategy: str) -> Floats:
    """Change of income per resident in the month of the decree, against the world without merger [%]."""
    values = c.values("income_per_resident")
    now = c.months.index("2021-07")
    ours, without = values[c.strategies.index(strategy)], values[c.strategies.index("no merger")]
    return 100 * ((ours[:, now] / ours[:, now - 1]) / (without[:, now] / without[:, now - 1]) - 1)


def table(c: vs.Comparison) -> list[str]:
    lines = [
        "| outcome | expected | strategy | came out, end of 2022 / 2024 / 2026 | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in ROWS:
        got = " / ".join(row.form.format(np.nanmean(row.figure(c, row.strategy, month))) for month in YEARS)
        lines.append(f"| {row.title} | {row.expected} | {row.strategy} | {got} | {row.said} |")
    return lines


def page(c: vs.Comparison) -> str:
    defaults = c.at("land_trust_defaults")[c.strategies.index("both")]
    spread = (
        f"Operators defaulted by the end of 2026, over {c.n_replications} replications of `both`: none in"
        f" {np.mean(defaults == 0):.0%} of them, over 60% in {np.mean(defaults > 0.6):.0%}, at most {defaults.max():.0%}."
        " Weather and price are common, so defaults come in clusters (expected: none in a quarter, over 60% in one of twenty)."
    )
    return "\n".join(
        [
            "# Sanity bands",
            "",
            "Written by `make pages`; do not edit by hand.",
            "",
            "The bands were written down before anything was built, from a rough prototype of the whole planned model. They",
            "are no targets, and nothing was tuned to them. Beside them stands what this version gives: means of",
            f"{c.n_replications} replications, seed {c.seed}, one map, one draw of endowments, central parameters. *Full* is the",
            "prototype's strategy of a dozen policies; of ours, `both` comes nearest.",
            "",
            *table(c),
            "",
            spread,
            "",
            "Not in the table, because the outcome is not there yet: reported less real integration, disputes.",
            "",
        ]
    )


def main() -> None:
    comparison = vs.compare(vs.load_scenario(ROOT / "scenarios" / "zhangqiu.toml"), replications=30, seed=1)
    (ROOT / "docs" / "sanity_bands.md").write_text(page(comparison), encoding="utf-8")
    (ROOT / "docs" / "figures").mkdir(exist_ok=True)
    comparison.figure().savefig(ROOT / "docs" / "figures" / "zhangqiu.png", dpi=130)
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- headline -->\n")
    after = rest.partition("<!-- /headline -->")[2]
    headline = "\n".join(wrap(comparison.headline(), 118))
    readme.write_text(f"{before}<!-- headline -->\n{headline}\n<!-- /headline -->{after}", encoding="utf-8")
    print(comparison.headline())


if __name__ == "__main__":
    main()
