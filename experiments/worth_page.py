"""What is worth knowing first, and the five things that rank first: a page from the folder of ``villagesim worth packaged:zhangqiu``.

OUTPUT: docs/worth.md and its figures. Run with `make pages`.
"""

import sys
from pathlib import Path

import villagesim as vs
from villagesim.questions import Answer, Worth
from villagesim.questions.judged import LAST_YEAR
from villagesim.runs.exports import write_figure
from villagesim.runs.sweep import Swept
from villagesim.runs.table import RunTable
from villagesim.wording import between, number, signed

ROOT = Path(__file__).parents[1]
FIRST, SHOWN = 5, 15


def judged(answer: Answer, scenario: vs.Scenario, outcome: str) -> Answer:
    """The answer of the same draws, judged by an outcome."""
    names, asked = tuple(answer.facts["strategies"]), answer.asked
    question = Worth(strategies=names, outcome=outcome, draws=asked.draws, replications=asked.replications)
    design = question.design(scenario, names, asked.seed).resolved(scenario)
    return question.of(Swept(scenario, design, RunTable(answer.stages["draws"].runs, names), asked.seed))


def effect(row: dict, name: str) -> str:
    return f"{signed(row[name])} ({between(row[f'{name}_low'], row[f'{name}_high'])})"


def is_told(row: dict, name: str) -> bool:
    return row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0


def worth(row: dict) -> str:
    if not row["worth_high"] > 0:
        return "-" if row["worth"] != row["worth"] else "0: at no value that was drawn is another best"
    return f"{number(row['worth'])} ({between(row['worth_low'], row['worth_high'])})"


def thing(number_of: int, row: dict) -> str:
    """One of the five: what it is, and what it does."""
    told = "" if is_told(row, "on_gain") else ", too little to be told from luck with so many draws"
    return (
        f"{number_of}. **{row['meaning'][0].upper()}{row['meaning'][1:]}**, {number(row['low'])} to {number(row['high'])}"
        f" {row['unit']} ({row['source'] or 'a setting'}). From the lowest to the highest value what it comes to moves by"
        f" {effect(row, 'yuan_on_level')} yuan per village and year, and the gain by {effect(row, 'yuan_on_gain')}{told}. Worth"
        f" knowing for the choice: {worth(row)}."
    )


def page(title: str, answer: Answer, last_year: Answer, draws: int) -> str:
    """The headline, five things, the figures and both tables."""
    table, facts, later = answer.tables["worth"].to_dict("records"), answer.facts, last_year.facts
    planned = f" of {draws} planned" if facts["draws"] < draws else ""
    luck = ", with the luck of one replication in it," if later["replications"] == 1 else ""
    rows = [
        f"| {row['rank']} | {row['meaning']} | {row['theme']} | {worth(row)} |"
        f" {effect(row, 'on_gain')} | {effect(row, 'on_level')} | {row['changes']:.0%} |"
        for row in table[:SHOWN]
    ]
    themes = [
        f"| {row['theme']} | {row['factors']} | {worth(row)} |" for row in answer.tables["themes"].to_dict("records")
    ]
    return "\n".join(
        [
            "# What is worth knowing first",
            "",
            "Written by `make pages`; do not edit by hand.",
            "",
            f"{title}: {facts['draws']}{planned} draws of {len(table)} things that are not well known, each with a map, endowments and luck of",
            f"its own, {len(facts['strategies'])} strategies, up to the end of {facts['at']}. What the words mean stands in",
            "[Experiments](experiments.md#what-is-worth-knowing-first-worth). For your own county:",
            "",
            "```console",
            "$ villagesim worth mycounty.toml",
            "```",
            "",
            answer.headline,
            "",
            "What counts decides more than anything that is not known. Judged by the last twelve months alone, where what was paid",
            f"earlier is forgotten, *{later['best']}* is best, by {signed(later['gain'])} over *{later['other']}*, and knowing everything would be",
            f"worth {number(later['know_all'])}{luck} on average, the single thing that is worth most {number(last_year.tables['worth']['worth'].max())}.",
            "",
            "![What knowing it is worth, beside what it does](figures/worth.png)",
            "",
            "## The five that rank first",
            "",
            *(thing(k, row) for k, row in enumerate(table[:FIRST], start=1)),
            "",
            f"## The first {SHOWN}",
            "",
            f"In {facts['unit']}; of the gain of *{facts['best']}* over *{facts['other']}*, and of what it comes to. Intervals of effects hold together.",
            "*Another*: share of draws at whose value another strategy is best.",
            "",
            "| | what | theme | worth knowing | on the gain | on what it comes to | another |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            "## Whole themes",
            "",
            f"In {facts['unit']}; by luck alone the largest would seem worth {number(facts['luck_of_themes'])} in one of twenty cases.",
            "",
            "| theme | things | worth knowing (95% interval) |",
            "| --- | --- | --- |",
            *themes,
            "",
            "![What knowing all of a theme is worth](figures/worth_themes.png)",
            "",
        ]
    )  # fmt: skip


def main(folder: str) -> None:
    stored, scenario = vs.open_results(folder), vs.load_scenario("packaged:zhangqiu")
    answer, last_year = (judged(stored, scenario, outcome) for outcome in (stored.asked.outcome, LAST_YEAR))
    (ROOT / "docs" / "worth.md").write_text(
        page(scenario.title, answer, last_year, stored.asked.draws), encoding="utf-8"
    )
    for name, copy in (("worth", "worth"), ("themes", "worth_themes")):
        write_figure(ROOT / "docs" / "figures", copy, answer.figure(name), ("png",))


if __name__ == "__main__":
    main(*sys.argv[1:])
