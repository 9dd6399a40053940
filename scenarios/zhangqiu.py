"""Compare the strategies of scenarios/zhangqiu.toml from Python: the same as `villagesim compare`, to build on."""

from pathlib import Path

import villagesim as vs


def main() -> None:
    scenario = vs.load_scenario(Path(__file__).with_suffix(".toml"))
    comparison = vs.compare(scenario, replications=30, seed=1, out="out/zhangqiu")
    print(comparison.headline())
    print(comparison.table("collective_income", at="2025-12").to_string(index=False))


if __name__ == "__main__":  # workers import this file: without this line they would run it again
    main()
