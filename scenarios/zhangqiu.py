"""Compare strategies of scenarios/zhangqiu.toml from Python: the same as `make demo`, to build on."""

from pathlib import Path

import villagesim as vs

STRATEGIES = (
    "five integrations", "land trust", "clean-up", "three changes", "1226", "1226, lists", "both steps, lists",
)  # fmt: skip


def main() -> None:
    scenario = vs.load_scenario(Path(__file__).with_suffix(".toml"))
    comparison = vs.compare(scenario, strategies=STRATEGIES, replications=30, seed=1, out="out/zhangqiu")
    print(comparison.headline)
    print(comparison.table("collective_income", at="2025-12").to_string(index=False))


if __name__ == "__main__":  # workers import this file: without this line they would run it again
    main()
