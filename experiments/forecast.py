"""The forecast on record: what Zhangqiu will show, written down before anybody compares it.

QUESTION: under the measures of its article, with the money and dates known when they began, which share of villages lies in each
bracket of income at the end of 2021 to 2024 and of 2026, really and as reported; and what does each part of it add?
DESIGN: scenarios/zhangqiu.toml; *both steps, lists* (the likeliest history) with and without each kind of its policies, and for
the other reading of 34.4% (of the 532 villages after the merger); *1226*, *1226, lists*, and nothing but the merger. 100 draws of
all that is not well known, two replications each, seed 1.
OUTPUT: a table of quantiles in villagesim/evidence/data/forecasts/, named by its day, and docs/forecast.md. A forecast is never
written anew: a later model adds a later one, and with a day that is on record it is only said how many of its lines come out again.
`python experiments/forecast.py 2026-12-01`, some half an hour on two cores.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import villagesim as vs
from villagesim.evidence import read_posterior
from villagesim.evidence.forecasts import FORECASTS, recorded
from villagesim.outcomes.of_income import NOMINAL, REAL, REPORTED
from villagesim.questions import Answer, Forecast
from villagesim.runs.store import code_hash
from villagesim.wording import between, number, percent

ROOT = Path(__file__).parents[1]
SEED, DRAWS = 1, 100
AT = ("2021-12", "2022-12", "2023-12", "2024-12", "2026-12")
HISTORY = "both steps, lists"
BESIDE = ("nothing but the merger", "1226", "1226, lists")
ON_890, ON_532 = "34.4% of the 890", "34.4% of the 532"
KEYS = ["day", "share_read_as", "strategy", "outcome", "reading", "unit", "at"]
SHARE = "share of villages"
ROUNDED = {SHARE: 0.005}
"""By how much a published figure may be off by its last digit."""
SHOWN = {
    REPORTED: "As reported, in yuan of the year", NOMINAL: "As earned, in yuan of the year", REAL: "As earned, in yuan of 2020",
    "": "In one reading",
}  # fmt: skip
"""Readings in the order of the page: what is published first."""


def ask(out: Path, draws: int) -> dict[tuple[str, str], Answer]:
    """All forecasts, by reading of the published share and strategy."""
    scenario = vs.load_scenario("packaged:zhangqiu")
    after = replace(scenario, published=replace(scenario.published, counted_after=True))
    asked = {(ON_890, HISTORY): (scenario, True), (ON_532, HISTORY): (after, False)}
    asked |= {(ON_890, name): (scenario, False) for name in BESIDE}
    found = {}
    for k, ((reading, name), (place, left_out)) in enumerate(asked.items()):
        question = Forecast(strategy=name, at=AT, draws=draws, left_out=left_out)
        found[reading, name] = question.ask(place, SEED, out=out / str(k), resume=True)
        print(reading, name, found[reading, name].headline, sep="; ", flush=True)
    return found


def quantiles(day: str, found: dict[tuple[str, str], Answer]) -> pd.DataFrame:
    """All lines, with what they follow from."""
    digests = {
        "code": code_hash(), "scenario": vs.load_scenario("packaged:zhangqiu").digest, "posterior": read_posterior().digest,
    }  # fmt: skip
    tables = [answer.tables["forecast"].assign(share_read_as=reading) for (reading, _), answer in found.items()]
    table = pd.concat(tables, ignore_index=True).assign(day=day, **digests, seed=SEED)
    return table[[*KEYS, *(name for name in table if name not in KEYS)]]


def against(record: pd.DataFrame, now: pd.DataFrame) -> str:
    """How many lines of a forecast on record come out again, in a sentence."""
    ends = [name for name in record if name.startswith("q") and name[1:].isdigit()]
    was, comes = (table.set_index(KEYS)[ends] for table in (record, now))
    same = np.isclose(comes.reindex(was.index), was, rtol=1e-5, atol=1e-9, equal_nan=True).all(axis=1)
    return f"{same.sum()} of {len(was)} lines of the forecast on record come out again; it stays as it is."


def written(row: dict[str, Any], *names: str) -> str:
    """A figure of a line, or two with "to" between: shares as percentages."""
    per, after = (100, "%") if row["unit"] == SHARE else (1, "")
    return " to ".join(number(per * row[name]) for name in names) + after


def fails(row: dict[str, Any]) -> str:
    """What would count as a failure of the model: a published figure beyond 98% of all runs, and more than its last digit."""
    beyond = ROUNDED.get(row["unit"], 0.0)
    ends = row | {"least": max(row["q01"] - beyond, 0.0), "most": row["q99"] + beyond}
    possible = {"below": ends["least"] > 0, "above": row["unit"] != SHARE or ends["most"] < 1}
    sides = {"below": written(ends, "least"), "above": written(ends, "most")}
    return " or ".join(f"{side} {end}" for side, end in sides.items() if possible[side]) or "-"


def lines(table: pd.DataFrame) -> list[str]:
    """Tables of the page, one a reading: a row a line of the forecast and date."""
    rows = []
    for reading, words in SHOWN.items():
        own = table[table["reading"] == reading].to_dict("records")
        if own:
            head = ["| | end of | median | 50% | 90% | fails where |", "| --- | --- | --- | --- | --- | --- |"]
            rows += [f"**{words}**", "", *head, *map(line, own), ""]
    return rows


def line(row: dict[str, Any]) -> str:
    """A row of a table."""
    said = [written(row, "q50"), written(row, "q25", "q75"), written(row, "q05", "q95"), fails(row)]
    return f"| {row['outcome']} | {row['at']} | {' | '.join(said)} |"


def parts(spread: pd.DataFrame) -> list[str]:
    """Where the spread comes from, at the last date."""
    head = [
        "| | reading | sd | chance | map, endowments | parameters | of them, booking |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return head + [
        f"| {row['outcome']} | {row['reading'] or '-'} | {number(row['sd'])} | {percent(row['chance'])} | {percent(row['map'])} |"
        f" {percent(row['parameters'])} | {percent(row['booking'])} |"
        for row in spread[spread["at"] == AT[-1]].dropna().to_dict("records")
    ]


def added(table: pd.DataFrame) -> list[str]:
    """What each kind of policy adds at the last date, by what is reported and by what is so."""
    shown = {
        "mean income per village": (1, "yuan"), "at or above 500,000 yuan": (100, "points"), "Integration in fact": (1, "0 to 1"),
    }  # fmt: skip
    head = ["| without | " + " | ".join(f"{name} [{unit}]" for name, (_, unit) in shown.items()) + " |"]
    head += ["| --- |" + " --- |" * len(shown)]
    last = table[(table["at"] == AT[-1]) & table["outcome"].isin(shown) & table["reading"].isin(["", REPORTED])]
    rows = []
    for kind, own in last.groupby("left_out", sort=False):
        cells = own.set_index("outcome")
        said = [
            f"{number(per * cells.loc[name, 'difference'])} ({between(per * cells.loc[name, 'low'], per * cells.loc[name, 'high'])})"
            for name, (per, _) in shown.items()
        ]
        rows.append(f"| {kind} | {' | '.join(said)} |")
    return head + rows


def page(day: str, found: dict[tuple[str, str], Answer]) -> str:
    """The page: the forecast of the likeliest history first, then what stands beside it."""
    main = found[ON_890, HISTORY]
    table = main.tables["forecast"]
    sections = [
        "# The forecast on record",
        "",
        f"Zhangqiu, written on {day}, before anybody compared it. No figure of the district after 2020 was used or looked at, but the",
        "money that was announced. Quantiles are of all runs: 100 draws of all that is not well known, with a map, endowments and luck",
        "of their own, two replications each. *Real*: as earned, in yuan of 2020; *nominal*: as earned, in yuan of the year; *reported*:",
        "with what was booked, in yuan of the year, as statistics show it. The table with all quantiles is packaged",
        f"(`villagesim/evidence/data/forecasts/{day}.csv`, with digests of code, scenario and posterior); it is never changed. A later model adds",
        "a later one.",
        "",
        "A line **fails** where a published figure lies outside of 98% of all runs by more than its last digit. By chance that happens to",
        "one line in fifty; lines of one year hang together. If more than one bracket in ten fails, the model is wrong about Zhangqiu;",
        "which line says what about: brackets about incomes and booking, the mean about growth, projects and clean-up, accounts and",
        "integration about fusion.",
        "",
        main.headline,
        "",
        f"## {HISTORY}: the likeliest history",
        "",
        *lines(table[table["strategy"] == HISTORY]),
        "",
        "## Where the spread comes from",
        "",
        f"Shares of the variance of one run, end of {AT[-1]}.",
        "",
        *parts(main.tables["spread"]),
        "",
        "## What each part adds",
        "",
        f"Difference to the same without it, end of {AT[-1]}, as reported where there are readings; mean over draws with its 95% error.",
        "",
        *added(main.tables["left_out"]),
        "",
    ]
    for (reading, name), answer in found.items():
        if (reading, name) != (ON_890, HISTORY):
            own = answer.tables["forecast"]
            words = "as before, but " + reading if name == HISTORY else name
            sections += [f"## {words}", "", *lines(own[(own["strategy"] == name) & (own["reading"] != "nominal")]), ""]
    return "\n".join(sections)


def main(day: str) -> None:
    now, path = ask(ROOT / "out" / "forecast", DRAWS), FORECASTS / f"{day}.csv"
    table = quantiles(day, now)
    if path.exists():
        print(against(recorded(day), table))
        return
    FORECASTS.mkdir(exist_ok=True)
    table.to_csv(path, index=False, float_format="%.6g")
    (ROOT / "docs" / "forecast.md").write_text(page(day, now), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main(sys.argv[1])
