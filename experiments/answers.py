"""Gather the answers of the thirteen questions on one page.

DESIGN: none of its own. It reads the folders that the questions have left, named as they are, and writes what stands there:
question and design from the head of each script, answer and figure from its folder.
OUTPUT: docs/answers.md and docs/figures/answers. Run with `make answers`, which asks the full versions first.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from shutil import copyfile
from textwrap import fill

from villagesim.questions.answer import grounds_in_words
from villagesim.questions.labels import legend

ROOT = Path(__file__).parents[1]
HEAD = f"""# Thirteen answers

What the thirteen questions of [Experiments](experiments.md#thirteen-questions) find on Zhangqiu, in their full versions.
Brackets hold 95% simulation error of the mean, under central parameters, drawn maps and one draw of endowments, unless the
figure says otherwise: the last three, and the ranking by assumptions, are asked over draws of all that is not well known, and
set one county's luck and what is not known apart. They are answers about the model, not about Zhangqiu: see [what they do not
say](experiments.md#what-these-answers-do-not-say). `make answers` asks all of them and writes this page anew.

{fill(legend(), 120)} More: [the model](model.md#what-a-figure-rests-on).
"""


def section(folder: Path, name: str) -> str:
    """Question, answer, figure and design of one folder."""
    words = str(import_module(name).__doc__)
    question, design = words.splitlines()[0], words.partition("DESIGN:")[2]
    figure = next((folder / name / "figures").glob("*.png"))
    copyfile(figure, ROOT / "docs" / "figures" / "answers" / f"{name}.png")
    seed = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))["design"]["seed"]
    answer = (folder / name / "answer.txt").read_text(encoding="utf-8")
    facts = json.loads((folder / name / "answer.json").read_text(encoding="utf-8"))["facts"]
    answer = f"{answer.rstrip()} {grounds_in_words(facts.get('grounds', {}))}"
    parts = (
        f"## {question}",
        fill(answer, 120, break_on_hyphens=False),
        f"![{question}](figures/answers/{name}.png)",
        fill(
            f"Design: {' '.join(design.split())} Seed {seed}. Script: `experiments/{name}.py`.",
            120,
            break_on_hyphens=False,
        ),
    )
    return "\n\n".join(parts) + "\n"


def main(folder: Path, names: list[str]) -> None:
    (ROOT / "docs" / "figures" / "answers").mkdir(parents=True, exist_ok=True)
    page = ROOT / "docs" / "answers.md"
    page.write_text("\n".join([HEAD, *(section(folder, name) for name in names)]), encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
