"""Answers as plain data: text, numbers, lists and tables, for a script or a page."""

from math import isfinite
from typing import TYPE_CHECKING, Any

from villagesim.questions.answer import Answer
from villagesim.questions.verdicts import last_of
from villagesim.wording import sums

if TYPE_CHECKING:
    import pandas as pd


def as_plain(answer: Answer) -> dict[str, Any]:
    """An answer as JSON has it: its sentences, its verdicts with what they cost, or else its main table."""
    names = ("verdicts", "money") if "verdicts" in answer.tables else tuple(answer.tables)[:1]
    found = {name: answer.tables[name] for name in names}
    return {
        "question": answer.kind.name, "answer": list(answer.sentences), "grounds": answer.grounds, "failed": len(answer.failures),
        "tables": {name: records(last_of(table) if "verdicts" in names else table) for name, table in found.items()},
    }  # fmt: skip


def paid(answer: Answer) -> tuple[dict[str, float], str]:
    """What has been paid for each strategy in all, not discounted, and the unit of it."""
    last = last_of(answer.tables["verdicts"])
    costs = {row["strategy"]: row["cost"] for row in records(last)} if len(last) else {}
    per, unit = sums(costs.values())
    return {strategy: cost / per for strategy, cost in costs.items()}, unit


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as plain data; what is not defined, or no number, is None."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.astype(object).to_dict("records")]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, str | bool | int) else str(value)
