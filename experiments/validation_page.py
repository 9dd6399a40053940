"""What was foretold of other places, and what was published: a page from the folder of ``villagesim validate``.

OUTPUT: docs/validation.md and its figure. Run with `make pages`.
"""

import sys
from pathlib import Path
from shutil import copyfile

import villagesim as vs
from villagesim.questions import Answer
from villagesim.wording import between, number

ROOT = Path(__file__).parents[1]


def page(answer: Answer) -> str:
    """The headline, the figure and both tables."""
    table, coverage = answer.tables["validate"], answer.tables["coverage"]
    rows = [
        f"| {row['id']} | {row['place']}{' (seen)' if row['seen'] else ''} | {row['published_as']} | {number(row['published'])} |"
        f" {number(row['median'])} | {between(row['low_50'], row['high_50'])} | {between(row['low_90'], row['high_90'])} |"
        f" {'inside' if row['inside_90'] else '**outside**'} | {row['rank']:.2f} | {number(row['crps'])} |"
        f" {number(row['crps_nothing_changes'])} | {number(row['crps_grows_as_nation'])} |"
        for row in table.to_dict("records")
    ]
    counts = [
        f"| {row['numbers']} | {row['stated']:.0%} | {row['inside']} of {row['n']} | {between(100 * row['low'], 100 * row['high'])}% |"
        for row in coverage.to_dict("records")
    ]
    return "\n".join(
        [
            "# What was foretold of other places",
            "",
            "Written by `make pages`; do not edit by hand.",
            "",
            "Published numbers that set nothing, beside what `villagesim validate` gives for counties made like their places, over",
            f"{answer.asked.draws} draws of all that is not well known (see [Evidence](evidence.md)). Misses stand first. *Seen*: set beside a",
            "prototype or the library before the rule of sides was written. Rank: share of the forecast below what was published. CRPS: a",
            "score in the unit of the number, 0 is best; beside it those of *nothing changes* and of national growth.",
            "",
            answer.headline,
            "",
            "![Every interval beside what was published](figures/validate.png)",
            "",
            "| | place | published | value | median | 50% | 90% | | rank | CRPS | nothing changes | national growth |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            "## Coverage",
            "",
            "| numbers | stated | inside | 95% interval |",
            "| --- | --- | --- | --- |",
            *counts,
            "",
        ]
    )  # fmt: skip


def main(folder: str) -> None:
    answer = vs.open_results(folder)
    (ROOT / "docs" / "validation.md").write_text(page(answer), encoding="utf-8")
    copyfile(Path(folder) / "figures" / "validate.png", ROOT / "docs" / "figures" / "validate.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
