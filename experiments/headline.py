"""The headline of README.md and the first figure of the documentation: the strategies that `make demo` compares.

QUESTION: what do these strategies do?
DESIGN: scenarios/zhangqiu.py, 30 replications, seed 1.
OUTPUT: docs/figures/zhangqiu.png and the headline of README.md: a sentence a line, and the verdicts with what they cost. Run with `make pages`.
"""

import runpy
from pathlib import Path
from textwrap import wrap

import villagesim as vs
from villagesim.questions.verdicts import difference_in_words, last_of, readable
from villagesim.runs.exports import write_figure
from villagesim.wording import number

ROOT = Path(__file__).parents[1]


def verdicts(answer: vs.questions.Answer) -> list[str]:
    """The table of verdicts on income and integration, with the cost by the year, in Markdown."""
    table, money = last_of(answer.tables["verdicts"]), last_of(answer.tables["money"]).set_index("strategy")
    names = ("collective_income", "real_integration")
    heads, cells = [], {strategy: [strategy] for strategy in money.index}
    for name in names:
        rows, found = table[table["outcome"] == name], answer.known.outcomes[name]
        per, unit = readable(found, rows["difference"].abs().max())
        heads.append(f"{found.title} [{unit or found.unit}]")
        for row in rows.to_dict("records"):
            rests_on = f" [{row['rests_on']}]" if row["rests_on"] else ""
            cells[row["strategy"]].append(f"{difference_in_words(row, per)}: {row['verdict']}{rests_on}")
    for strategy, row in money.iterrows():
        cells[strategy] += [number(row["cost_per_year"] / 1e6), row["pays_back"]]
    heads = ["against nothing but the merger", *heads, "cost a year [million yuan]", "paid back by"]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *cells.values())]


def main() -> None:
    demo = ROOT / "scenarios" / "zhangqiu.py"
    strategies = runpy.run_path(str(demo))["STRATEGIES"]
    comparison = vs.compare(vs.load_scenario(demo.with_suffix(".toml")), strategies=strategies, replications=30, seed=1)
    (ROOT / "docs" / "figures").mkdir(exist_ok=True)
    write_figure(ROOT / "docs" / "figures", "zhangqiu", comparison.figure(), ("png",))
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- headline -->\n")
    after = rest.partition("<!-- /headline -->")[2]
    lines = [
        "\n".join(wrap(sentence, 116, initial_indent="- ", subsequent_indent="  ")) for sentence in comparison.sentences
    ]
    headline = "\n".join([*lines, "", *verdicts(comparison)])
    readme.write_text(f"{before}<!-- headline -->\n{headline}\n<!-- /headline -->{after}", encoding="utf-8")
    print(comparison.headline)


if __name__ == "__main__":
    main()
