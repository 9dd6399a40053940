"""What a page shows of a comparison: verdicts with their costs, who loses, and money by pocket."""

from collections.abc import Iterator, Mapping
from typing import Any

from villagesim.languages import _, marked, named
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.questions.answer import Answer
from villagesim.questions.labels import bracketed
from villagesim.questions.plain import paid, records
from villagesim.questions.verdicts import difference_in_words, last_of, listed, readable
from villagesim.report.cells import cut, told
from villagesim.wording import back_by, discounted, effect, in_unit, month, number, scale, signed, sums

POCKETS = {
    "cost": marked("paid from the county's fund"), "dearest_year": marked("in the dearest year"),
    "saving": marked("saved in the county's budget"), "income_gain": marked("earned by collectives"),
    "households": marked("paid to households"), "outside": marked("brought from outside"),
    "balance": marked("balance of county and collectives"),
}  # fmt: skip


def outcomes(answer: Answer, most: int) -> Iterator[dict[str, Any]]:
    """Verdicts of each outcome that is shown first, as they stand in the table."""
    table, (costs, _unit) = last_of(answer.tables["verdicts"]), paid(answer)
    of_draws = "total_low" in table
    heads = [_("strategy"), _("difference"), _("verdict"), _("cost in all")]
    heads[2:2] = [_("90% of runs")] if of_draws else []
    heads += [_("rests on")] if of_draws else [_("for a million"), _("nothing cheaper"), _("rests on")]
    for name in dict.fromkeys(row["outcome"] for row in records(table)):
        rows, outcome = table[table["outcome"] == name], answer.known.outcomes[name]
        per, unit = readable(outcome, rows["difference"].abs().max())
        yield {
            "title": named(outcome.title), "unit": unit or named(outcome.unit), "at": month(rows["at"].iloc[0]),
            "margin": number(rows["margin"].iloc[0] / per), "of_draws": of_draws,
            "table": cut("verdicts", heads, [
                (
                    told(row["strategy"], "strategy"), difference_in_words(row, per, outcome),
                    *([_of_runs(row, per)] if of_draws else []), named(row["verdict"]),
                    number(costs[row["strategy"]]), *([] if of_draws else _bought(row, per)),
                    named(row["rests_on"]) or "-",
                )
                for row in rows.to_dict("records")
            ], most),
        }  # fmt: skip


def _of_runs(row: Mapping[str, Any], per: float) -> str:
    """Where nine of ten runs lie, in what is not known and in luck."""
    low, high = (row[f"total_{end}"] / per for end in ("low", "high"))
    return _("{low} to {high}", low=signed(low), high=signed(high)) if low == low else "-"


def _bought(row: Mapping[str, Any], per: float) -> tuple[str, str]:
    """What a million brings where the verdict says that it brings something, and whether nothing cheaper is as good."""
    names, verdict = ("per_million", "per_million_low", "per_million_high"), row["verdict"]
    million = effect({name: row[name] / per for name in names}, *names) if verdict in ("better", "worse") else "-"
    return million, named(row["on_frontier"]) if verdict == "better" else "-"


def losers(answer: Answer, most: int) -> dict[str, Any]:
    """Groups whose interval lies below zero, those of which nothing can be said, and villages that lose, by name."""
    if "distribution" not in answer.tables:
        return {}
    table = last_of(answer.tables["distribution"])
    rows, there = table[table["difference_high"] < 0], table["difference"].notna()
    empty = [
        group
        for group, any_there in there.groupby([table["by"], table["group"]], sort=False).any().items()
        if not any_there
    ]
    heads = (_("strategy"), _("group"), _("of what"), _("difference"), _("verdict"))
    return {
        "table": cut("distribution", heads, [_lost(row) for row in rows.to_dict("records")], most),
        "undecided": int(table["verdict"].str.startswith("undecided").sum()), "all": int(there.sum()),
        "none": len(table) > 0 and not there.any(), "empty": _(", ").join(_group(*group) for group in empty),
        "villages": _villages(answer),
    }  # fmt: skip


def _lost(row: Mapping[str, Any]) -> tuple[str, ...]:
    what = named(QUANTITIES[row["quantity"]]["title"])
    per, unit = scale(row["unit"], row["difference"])
    size = in_unit(difference_in_words(row, per), unit)
    return told(row["strategy"], "strategy"), _group(row["by"], row["group"]), what, size, named(row["verdict"])


def _group(by: str, group: str) -> str:
    return named(GROUPS[by][group])


def _villages(answer: Answer) -> list[dict[str, str]]:
    """Old villages whose income behind a member falls for sure, by strategy."""
    if "map" not in answer.tables:
        return []
    table = answer.tables["map"]
    table = table[
        (table["by"] == "village") & (table["quantity"] == "income_per_member") & (table["difference_high"] < 0)
    ]
    return [
        {"strategy": told(strategy, "strategy"), "n": str(len(rows)),
         "names": listed(rows.sort_values("difference")["name"])}
        for strategy, rows in table.groupby("strategy", sort=False)
    ]  # fmt: skip


def money(answer: Answer, most: int) -> dict[str, Any]:
    """Money by pocket since the start, with intervals."""
    table = last_of(answer.tables["money"])
    if table.empty:
        return {}
    pockets = [name for name in POCKETS if name in ("cost", "balance") or table[name].abs().max() > 0]
    per, unit = sums(table[pockets].to_numpy(float).flat)
    rows = []
    for row in table.to_dict("records"):
        ends = {name: [row[f"{name}{end}"] / per for end in ("", "_low", "_high")] for name in pockets}
        cells = [effect(dict(zip(("value", "low", "high"), each, strict=True))).lstrip("+") for each in ends.values()]
        rows.append((told(row["strategy"], "strategy"), *cells, _pays(row), back_by(row), row["pays_back_surely"]))
    rate = float(table["discount"].iloc[0])
    heads = POCKETS | ({"dearest_year": marked("in the dearest year, not discounted")} if rate else {})
    names = [_("strategy"), *(named(heads[name]) for name in pockets), _("pays"), _("back by"), _("95% of the mean by")]
    return {
        "at": month(table["at"].iloc[0]),
        "table": cut("money", names, rows, most),
        "unit": unit,
        "discount": discounted(rate),
    }


def _pays(row: Mapping[str, Any]) -> str:
    """Whether a strategy pays, and what that rests on."""
    return named(row["pays"]) + (bracketed(row["rests_on"]) if row["cost"] > 0 else "")
