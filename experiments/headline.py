"""The headline of README.md and the first figure of the documentation: the strategies that `make demo` compares.

QUESTION: what do these strategies do?
DESIGN: scenarios/zhangqiu.py, 30 replications, seed 1.
OUTPUT: docs/figures/zhangqiu.png and the headline of README.md. Run with `make pages`.
"""

import runpy
from pathlib import Path
from textwrap import wrap

import villagesim as vs

ROOT = Path(__file__).parents[1]


def main() -> None:
    demo = ROOT / "scenarios" / "zhangqiu.py"
    strategies = runpy.run_path(str(demo))["STRATEGIES"]
    comparison = vs.compare(vs.load_scenario(demo.with_suffix(".toml")), strategies=strategies, replications=30, seed=1)
    (ROOT / "docs" / "figures").mkdir(exist_ok=True)
    comparison.figure().savefig(ROOT / "docs" / "figures" / "zhangqiu.png", dpi=130)
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- headline -->\n")
    after = rest.partition("<!-- /headline -->")[2]
    headline = "\n".join(wrap(comparison.headline, 118))
    readme.write_text(f"{before}<!-- headline -->\n{headline}\n<!-- /headline -->{after}", encoding="utf-8")
    print(comparison.headline)


if __name__ == "__main__":
    main()
