"""What was foretold of other places, and what was published: a page from two folders of ``villagesim validate``.

The second one is that of ``--posterior``. OUTPUT: docs/validation.md and its figure. Run with `make evidence`.
"""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copyfile

import pandas as pd

import villagesim as vs
from villagesim.questions import Answer
from villagesim.wording import between, number

ROOT = Path(__file__).parents[1]
EMERGENT = re.compile(r"^\| ([^|]+) \| ((?:partly )?emergent[^|]*) \| `(test_\w+)`[^|]*\| ([^|]+) \|$", re.MULTILINE)
"""Rows of the table of patterns: what, how it comes about, the first test that holds it, and its size."""


def counted(coverage: pd.DataFrame) -> list[str]:
    return [
        f"| {row['numbers']} | {row['stated']:.0%} | {row['inside']} of {row['n']} | {between(100 * row['low'], 100 * row['high'])}% |"
        for row in coverage.to_dict("records")
    ]


def fitted(before: Answer, after: Answer) -> list[str]:
    """What the posterior of other places' numbers changes."""
    prior = before.tables["validate"].set_index("id")
    table = after.tables["validate"]
    better = int((table.set_index("id")["crps"].reindex(prior.index) < prior["crps"]).sum())
    rows = [
        f"| {row['id']} | {row['place']} | {number(row['published'])} | {between(was['low_90'], was['high_90'])} |"
        f" {between(row['low_90'], row['high_90'])} | {'inside' if was['inside_90'] else '**outside**'} |"
        f" {'inside' if row['inside_90'] else '**outside**'} | {number(was['crps'])} | {number(row['crps'])} |"
        for row in table.to_dict("records")
        for was in [prior.loc[row["id"]]]
    ]
    return [
        "## Over the posterior",
        "",
        "The same draws, but parameters that numbers of other places inform come from their posterior (see",
        f"[Calibration](calibration.md)), with values of the place's own. The score is better than over the prior in {better} of {len(table)}.",
        "",
        "| | place | published | 90% over the prior | 90% over the posterior | prior | posterior | CRPS, prior | CRPS, posterior |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        "| numbers | stated | inside | 95% interval |",
        "| --- | --- | --- | --- |",
        *counted(after.tables["coverage"]),
        "",
    ]


def page(answer: Answer, after: Answer) -> str:
    """The headline, the figure and all tables."""
    table, coverage = answer.tables["validate"], answer.tables["coverage"]
    rows = [
        f"| {row['id']} | {row['place']}{' (seen)' if row['seen'] else ''} | {row['published_as']} | {number(row['published'])} |"
        f" {number(row['median'])} | {between(row['low_50'], row['high_50'])} | {between(row['low_90'], row['high_90'])} |"
        f" {'inside' if row['inside_90'] else '**outside**'} | {row['rank']:.2f} | {number(row['crps'])} |"
        f" {number(row['crps_nothing_changes'])} | {number(row['crps_grows_as_nation'])} |"
        for row in table.to_dict("records")
    ]
    counts = counted(coverage)
    return "\n".join(
        [
            "# What was foretold of other places",
            "",
            "Written by `make evidence`; do not edit by hand.",
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
            *fitted(answer, after),
        ]
    )  # fmt: skip


def patterns() -> list[str]:
    """Patterns that no equation states, as the page of the model lists them, and whether the tests that hold them pass now."""
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    asked = [sys.executable, "-m", "pytest", "tests/patterns", "-q", "-rA"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    passed = set(re.findall(r"^PASSED \S+::(\w+)", said, re.MULTILINE))
    rows = [
        f"| {pattern} | {kind} | {'holds' if test in passed else '**does not hold**'} | {size} |"
        for pattern, kind, test, size in EMERGENT.findall(model)
    ]
    head = ["| pattern | how | now | size |", "| --- | --- | --- | --- |"]
    return [
        "## Patterns that no equation states",
        "",
        "They come out of the processes, or do not. Each is held by a test in `tests/patterns`, which was run for this table; what is built in",
        "is left out ([the whole list](model.md#1-purpose-and-patterns)).",
        "",
        *head,
        *sorted(rows, key=lambda row: "**does not hold**" not in row),
        "",
    ]


def main(folder: str, over_posterior: str) -> None:
    answer = vs.open_results(folder)
    text = "\n".join([page(answer, vs.open_results(over_posterior)), *patterns()])
    (ROOT / "docs" / "validation.md").write_text(text, encoding="utf-8")
    copyfile(Path(folder) / "figures" / "validate.png", ROOT / "docs" / "figures" / "validate.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
