"""Draw the committed figures of answers anew, from what is stored; nothing is run.

DESIGN: none of its own. It reads the folders that `make demo`, `make answers` and `make pages` have left, where they are there.
OUTPUT: docs/figures/answers/*.png, docs/figures/zhangqiu.png and validate.png. Run with `make figures`. The five figures of the core
model are drawn from runs of their own, by `experiments/core_figures.py`.
"""

import sys
from importlib import import_module
from pathlib import Path

from matplotlib import pyplot as plt

import villagesim as vs
from villagesim.runs.exports import write_figure

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "figures"


def drawn(folder: Path, into: Path, name: str) -> None:
    """Draw the main figure of a stored answer; one of a question of these experiments knows its class from its script."""
    own = (ROOT / "experiments" / f"{folder.name}.py").exists()
    answer = vs.open_results(folder, type(import_module(folder.name).QUESTION)) if own else vs.open_results(folder)
    for path in write_figure(into, name, answer.figure(), ("png",)):
        print(path)
    plt.close("all")


def main(out: Path) -> None:
    for folder in sorted((out / "full").glob("*")):
        drawn(folder, FIGURES / "answers", folder.name)
    for name in ("zhangqiu", "validate"):
        if (out / name / "answer.json").exists():
            drawn(out / name, FIGURES, name)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
