"""What a change of results does to each place: ``python tests/record/compare.py main`` compares with another commit.

Means of the replications of the record, at the end of the run: without any policy, and with the strategy that stands last.
"""

import json
import subprocess
import sys
from statistics import fmean
from typing import Any

from record.make import HERE, SCENARIOS

import villagesim as vs
from villagesim.wording import number

OUTCOMES = (
    "collective_income", "share_above_500k", "gini_income", "real_integration", "share_accounts_pooled", "trust", "debt",
    "fiscal_saving",
)  # fmt: skip


def means(record: dict[str, Any], strategy: str) -> dict[str, float]:
    """Mean of each outcome over replications; those that are not defined are left out."""
    runs = [run["numbers"] for name, run in record["runs"].items() if name.rsplit(", ", 1)[0] == strategy]
    return {name: fmean(run[name] for run in runs) for name in OUTCOMES if None not in [run.get(name) for run in runs]}


def main(commit: str) -> None:
    """Print the tables."""
    for path in SCENARIOS:
        file = HERE / f"{path.stem}.json"
        shown = subprocess.run(["git", "show", f"{commit}:./{file.name}"], cwd=HERE, capture_output=True, check=True)
        before, after = json.loads(shown.stdout), json.loads(file.read_text(encoding="utf-8"))
        if before["runs"] == after["runs"]:
            print(f"{path.stem}: nothing changes\n")
            continue
        scenario = vs.load_scenario(path)
        print("| place, strategy | outcome | before | after | change |\n| --- | --- | --- | --- | --- |")
        for strategy in (scenario.baseline, list(scenario.strategies)[-1]):
            old, new = means(before, strategy), means(after, strategy)
            for name in old:
                change = f"{100 * (new[name] / old[name] - 1):+.1f}%" if old[name] else "-"
                what = f"{path.stem}, {strategy} | {scenario.outcomes[name].title}"
                print(f"| {what} | {number(old[name])} | {number(new[name])} | {change} |")
        print()


if __name__ == "__main__":
    main(*sys.argv[1:])
