"""The headlines of README.md and README.zh-CN.md and the first figure of the documentation: the strategies that `make demo` compares.

QUESTION: what do these strategies do?
DESIGN: scenarios/zhangqiu.py, 30 replications, seed 1.
OUTPUT: docs/figures/zhangqiu.png and the headlines of both: a sentence a line, and the verdicts with what they cost. Run with `make pages`.
"""

import runpy
from pathlib import Path
from textwrap import wrap

import villagesim as vs
from villagesim.languages import _, chinese, named, spoken
from villagesim.questions.labels import bracketed
from villagesim.questions.verdicts import difference_in_words, last_of, readable
from villagesim.runs.exports import write_figure
from villagesim.wording import back_by, number, sums

ROOT = Path(__file__).parents[1]
READMES = {"en": "README.md", "zh": "README.zh-CN.md"}
HEADS = {
    "en": ("against nothing but the merger", "cost in all", "paid back by"),
    "zh": ("方案（与“只合并”相比）", "花费合计", "回本年月"),
}


def verdicts(answer: vs.questions.Answer) -> list[str]:
    """The table of verdicts on income and integration, with the cost and what the payback rests on, in Markdown."""
    table, money = last_of(answer.tables["verdicts"]), last_of(answer.tables["money"]).set_index("strategy")
    names = ("collective_income", "real_integration")
    heads, cells = [], {strategy: [named(strategy, "strategy")] for strategy in money.index}
    for name in names:
        rows, found = table[table["outcome"] == name], answer.known.outcomes[name]
        per, unit = readable(found, rows["difference"].abs().max())
        heads.append(f"{named(found.title)} [{unit or named(found.unit)}]")
        for row in rows.to_dict("records"):
            said = f"{named(row['verdict'])}{bracketed(row['rests_on'])}"
            cells[row["strategy"]].append(_("{what}: {text}", what=difference_in_words(row, per), text=said))
    per, unit = sums([money["cost"].min()])  # the least is to be read too
    for strategy, row in money.iterrows():
        back = f"{back_by(row)}{bracketed(row['rests_on']) if row['cost'] > 0 else ''}"
        cells[strategy] += [number(row["cost"] / per), back]
    first, cost, back = HEADS[spoken()]
    heads = [first, *heads, f"{cost} [{unit}]", back]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *cells.values())]


def write_headline(readme: Path, answer: vs.questions.Answer) -> None:
    """Put sentences and verdicts between the marks of a page."""
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- headline -->\n")
    after = rest.partition("<!-- /headline -->")[2]
    wide = len(answer.headline) if chinese() else 116  # a line that is broken within Chinese is shown with a blank
    lines = ["\n".join(wrap(said, wide, initial_indent="- ", subsequent_indent="  ")) for said in answer.sentences]
    headline = "\n".join([*lines, "", *verdicts(answer)])
    readme.write_text(f"{before}<!-- headline -->\n{headline}\n<!-- /headline -->{after}", encoding="utf-8")


def main() -> None:
    demo = ROOT / "scenarios" / "zhangqiu.py"
    strategies = runpy.run_path(str(demo))["STRATEGIES"]
    comparison = vs.compare(vs.load_scenario(demo.with_suffix(".toml")), strategies=strategies, replications=30, seed=1)
    (ROOT / "docs" / "figures").mkdir(exist_ok=True)
    write_figure(ROOT / "docs" / "figures", "zhangqiu", comparison.figure(), ("png",))
    for code, name in READMES.items():
        with vs.language(code):
            write_headline(ROOT / name, comparison)
    print(comparison.headline)


if __name__ == "__main__":
    main()
