"""What the clean-up of contracts adds, over four places and over fifty counties: the page of cohorts.

QUESTION: what do teams that clean contracts up add, on average of counties, in a further one, and where more?
DESIGN: the four places of the library, four replications each; then fifty of the 301 counties that lost a tenth of their villages from
2019 to 2020, every sixth by code, made like Zhangqiu by the village, with mean incomes and residents that differ, two replications
each, one county of every pair that are alike with teams.
OUTPUT: docs/cohort.md, its two figures, and out/cohort_of_places and out/cohort_of_rolls. Run with `make cohort`.
"""

import csv
import lzma
import sys
import time
from pathlib import Path
from shutil import copyfile

import pandas as pd

import villagesim as vs
from villagesim.questions import Cohort, CohortAnswer, Rollout
from villagesim.wording import between, number, percent, signed

ROOT = Path(__file__).parents[1]
ROLLS = ROOT / "benchmarks" / "rolls_national"
STRATEGY, OUTCOMES = "clean-up", ("collective_income", "trust")
SHIPPED = ("packaged:zhangqiu", "packaged:yangquan", "packaged:qingyang", "packaged:wuhou")
PAGE = ROOT / "docs" / "cohort.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def editions(folder: Path) -> list[Path]:
    """Write both editions as rolls of one file each, townships among the villages as national files have them."""
    rows: dict[str, list[tuple[str, str]]] = {"2019": [], "2020": []}
    for kind in ("villages", "townships"):
        with lzma.open(ROLLS / f"{kind}_2019_2020.csv.xz", "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                rows[row["edition"]].append((row["code"].ljust(12, "0"), row["name"]))
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"villages_{year}.csv" for year in rows]
    for file, own in zip(files, rows.values(), strict=True):
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerows([("code", "name"), *sorted(own)])
    return files


def every_sixth(file: Path) -> tuple[str, ...]:
    """Fifty counties of a roll, evenly by code."""
    codes = sorted({line[:6] for line in file.read_text(encoding="utf-8").splitlines()[1:]})
    return tuple(codes[::6][:50])


def asked(question: Cohort, scenario: vs.Scenario, out: Path) -> tuple[CohortAnswer, float]:
    """The answer, kept and resumed in a folder, and the processor seconds that it took."""
    begun = time.process_time()
    answer = question.ask(scenario, workers=1, out=out, resume=out.exists())
    assert isinstance(answer, CohortAnswer)
    return answer, time.process_time() - begun


def pooled(answer: CohortAnswer) -> str:
    """The main table in Markdown."""
    lines = [
        "| outcome | mean effect, 95% | a further county, 95% | between counties: standard deviation, 95% | counties |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in answer.tables["cohort"].to_dict("records"):
        outcome = answer.known.outcomes[row["outcome"]]
        lines.append(
            f"| {outcome.title} [{outcome.unit}] | {signed(row['value'])} ({between(row['low'], row['high'])}) |"
            f" {between(row['prediction_low'], row['prediction_high'])} |"
            f" {number(row['tau'])} ({between(row['tau_low'], row['tau_high'])}) | {row['counties']} |"
        )
    return "\n".join(lines)


def traits(table: pd.DataFrame) -> str:
    """What goes with a larger effect, in Markdown."""
    lines = ["| trait, a standard deviation more | alone, 95% | beside the others, 95% |", "| --- | --- | --- |"]
    for row in table[table["outcome"] == OUTCOMES[0]].to_dict("records"):
        name = row["trait"].replace("_", " ") + (" (logarithm)" if row["log"] else "")
        alone, beside = (
            f"{signed(row[value])} ({between(row[low], row[high])})"
            for value, low, high in (("alone", "alone_low", "alone_high"), ("value", "low", "high"))
        )
        lines.append(f"| {name} | {alone} | {beside} |")
    return "\n".join(lines)


def did(panel: pd.DataFrame) -> str:
    """What a difference in differences makes of the pairs, beside what was added to those that have teams."""
    outcome, own = OUTCOMES[0], panel[panel["pair"] > 0]
    last, before = own["year"].max(), own["year"].min()
    change = own[own["year"] == last].set_index("id")[outcome] - own[own["year"] == before].set_index("id")[outcome]
    who = own[own["year"] == last].set_index("id")
    treated = who["group"] > 0
    pairs = (
        pd.DataFrame({"pair": who["pair"], "change": change.where(treated, -change)}).groupby("pair")["change"].sum()
    )
    truth = (who[outcome] - who[f"{outcome}_without"])[treated]
    error = 1.96 * pairs.std(ddof=1) / len(pairs) ** 0.5
    return (
        f"In this world the difference in differences of {len(pairs)} pairs, {last} less {before}, is {signed(pairs.mean())} (95%:"
        f" {between(pairs.mean() - error, pairs.mean() + error)}) yuan per village and year; what teams added to the same"
        f" {len(truth)} counties is {signed(truth.mean())}."
    )


def main(out: Path) -> None:
    zhangqiu = vs.load_scenario("packaged:zhangqiu")
    places, took = asked(
        Cohort(strategies=STRATEGY, outcomes=OUTCOMES, places=SHIPPED, replications=4),
        zhangqiu,
        out / "cohort_of_places",
    )
    before, after = editions(out / "rolls")
    counties = every_sixth(before)
    rolls, took_rolls = asked(
        Cohort(
            strategies=STRATEGY, outcomes=OUTCOMES, before=str(before), after=str(after), counties=counties, replications=2,
            spread={"mean_income": 0.5, "residents": 0.3}, rollout=Rollout(kind="pairs"),
        ), zhangqiu, out / "cohort_of_rolls",
    )  # fmt: skip
    table = rolls.tables["association"]
    explained = table.loc[table["outcome"] == OUTCOMES[0], "explained"].iloc[0]
    refused = rolls.tables["refused"]
    each = ", ".join(f"{row['county']} {signed(row['value'])} ({between(row['low'], row['high'])})"
                     for row in places.tables["effects"].query("outcome == @OUTCOMES[0]").to_dict("records"))  # fmt: skip
    measured = f"""{BEGIN}
Four places of the library, four replications each ({took:.0f} processor seconds):

{pooled(places)}

Collective income by place: {each}.

Fifty counties ({", ".join(counties[:3])} ... {counties[-1]}; {len(refused)} refused), two replications each
({took_rolls:.0f} processor seconds):

{pooled(rolls)}

![What the clean-up adds in fifty counties](figures/cohort.png)

![The same by province](figures/cohort_provinces.png)

What goes with a larger effect on collective income, between these counties of the model. All together account for
{percent(explained)} of the variance between counties:

{traits(table)}

{did(rolls.tables["panel"])}
{END}"""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{measured}{rest}", encoding="utf-8")
    figures = ROOT / "docs" / "figures"
    copyfile(out / "cohort_of_rolls" / "figures" / "cohort.png", figures / "cohort.png")
    copyfile(out / "cohort_of_rolls" / "figures" / "provinces.png", figures / "cohort_provinces.png")
    print(places.headline, rolls.headline, sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else "out"))
