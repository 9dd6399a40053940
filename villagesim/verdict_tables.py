"""The tables that a comparison prints first: verdicts with what each costs, and where money comes from and goes to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from villagesim.languages import _, named
from villagesim.questions.labels import LABELS, legend
from villagesim.questions.over_time import NEVER_ACTED, OTHER_NUMBER, OTHER_VILLAGES
from villagesim.questions.plain import paid
from villagesim.questions.verdicts import difference_in_words, grouped, last_of, listed, readable
from villagesim.statistics.intervals import SAME
from villagesim.terminal import out
from villagesim.wording import back_by, discounted, effect, month, number, one_after_another, sums

if TYPE_CHECKING:
    import pandas as pd

    from villagesim.outcomes import Outcome
    from villagesim.questions.answer import Answer

FOLDED = ("practically equal", SAME, NEVER_ACTED, OTHER_NUMBER, OTHER_VILLAGES, "-")
"""Verdicts whose rows are told in one line."""


def print_verdicts(answer: "Answer", *, every: bool) -> None:
    """One table: differences with their verdicts, and beside each what it costs in all; what does not matter in a line."""
    last = last_of(answer.tables["verdicts"])
    known, (costs, unit) = answer.known, paid(answer)
    left_out = (
        set() if every else {*known.headline_outcomes[2:3], known.nominal_share} - {o.name for o in known.outcomes.own}
    )
    names = [name for name in dict.fromkeys(last["outcome"]) if name not in left_out]
    for name in names:
        print_outcome(known.outcomes[name], last[last["outcome"] == name], costs, head=name == names[0])
    if every:
        out.print(f"\n{legend()}")
    if names:
        said = (
            _("Differences: means over draws, with the 95% simulation error of these means, each by itself.")
            if "total_low" in last
            else _("Differences: 95% for all strategies together, of one outcome.")
        )
        cost = _(
            "Money: in yuan of the start. Cost: paid from the county's fund in all, by {month}, {unit}.",
            month=month(last["at"].iloc[0]), unit=unit,
        )  # fmt: skip
        out.print(f"\n{one_after_another((said, cost))}")


def print_outcome(
    outcome: "Outcome", rows: "pd.DataFrame", costs: Mapping[str, float] | None = None, *, head: bool
) -> None:
    """Rows of one outcome: differences to the baseline and what each costs; without costs, of strategies to themselves."""
    per, unit = readable(outcome, rows["difference"].abs().max())
    table = Table(box=None, show_header=head, title_justify="left", title_style="bold", padding=(0, 1), pad_edge=False)
    margin = number(rows["margin"].iloc[0] / per)
    titles = {"title": named(outcome.title), "unit": unit or named(outcome.unit), "margin": margin}
    table.title = "\n" + _("{title} ({unit}; below {margin} does not matter)", **titles)
    first, more = (_("strategy"), 2) if costs is None else (_("against the baseline"), 0)
    for column, width in ((first, 20 + more), (_("difference"), 25 + more), (_("verdict"), 23 + more)):
        table.add_column(column, width=width, overflow="fold")
    if costs is not None:
        table.add_column(_("cost"), width=6, justify="right", overflow="fold")
    groups = grouped(rows.to_dict("records"))
    for word, own in groups.items():
        for row in own if word not in FOLDED else ():
            cost = [] if costs is None else [number(costs[row["strategy"]])]
            told = difference_in_words(row, per, outcome)
            table.add_row(named(row["strategy"], "strategy"), told, named(row["verdict"]), *cost)
    out.print(table)
    for word in FOLDED:
        if word in groups:
            said = _("not defined") if word == "-" else named(word)
            out.print(_("{verdict}: {names}", verdict=said, names=listed(row["strategy"] for row in groups[word])))


def _pockets() -> dict[str, str]:
    """Pockets of the table of money, and their headings."""
    return {
        "cost": _("fund pays"), "saving": _("budget saves"), "income_gain": _("income gained"),
        "households": _("house- holds"), "outside": _("out- side"),
    }  # fmt: skip


def print_money(table: "pd.DataFrame") -> None:
    """Where money comes from and goes to since the start, by pocket; pockets that nothing changes are left out."""
    if table.empty:
        return
    rows = last_of(table)
    headings = _pockets()
    pockets = [name for name in headings if name == "cost" or rows[name].abs().max() > 0]
    per, unit = sums(rows[[*pockets, "balance"]].to_numpy(float).flat)
    shown = Table(box=None, title_justify="left", title_style="bold", padding=(0, 1), pad_edge=False)
    rate = rows["discount"].iloc[0]
    worth = discounted(rate)
    when = {"month": month(rows["at"].iloc[0]), "unit": unit}
    shown.title = "\n" + _("Money since the start, by {month} ({unit}, {worth})", worth=worth, **when)
    shown.add_column(_("strategy"), max_width=18, overflow="fold")
    means = {name: [number(value / per) for value in rows[name]] for name in pockets}
    for name in pockets:
        shown.add_column(headings[name], width=max(6, *map(len, means[name])), overflow="fold")
    shown.add_column(_("balance, 95%"), max_width=22, overflow="fold")
    shown.add_column(_("back by"), width=max(7, cell_len(_("back by"))), overflow="fold")
    for k, row in enumerate(rows.to_dict("records")):
        balance = {"value": row["balance"] / per}
        balance |= {end: row[f"balance_{end}"] / per for end in ("low", "high")}
        shown.add_row(
            named(row["strategy"], "strategy"),
            *(each[k] for each in means.values()),
            effect(balance),
            back_by(row, short=True),
        )
    out.print(shown)
    said = (
        _(
            "Means over draws; 95%: simulation error of these means alone, without what is not known; back: in how many draws."
        )
        if "share_paid_back" in rows
        else _("Means; 95%: of each balance by itself.")
    )
    pockets_said = _(
        "In yuan of the start. Balance: saved and earned by collectives, less what the fund pays. What households are paid is no"
        " part of it. No outcome tells of operators in yuan. Intervals, years and months: table money."
    )
    out.print(one_after_another((said, pockets_said, _grounds(rows))))


def _grounds(rows: "pd.DataFrame") -> str:
    """What balances and paybacks rest on, in a sentence; nothing where nothing is told of them."""
    told = [
        _("{word}: {names}", word=named(word), names=listed(rows.loc[rows["rests_on"] == word, "strategy"]))
        for word in LABELS if (rows["rests_on"] == word).any()
    ]  # fmt: skip
    return _("Balances and paybacks rest on {said}.", said=_("; ").join(told)) if told else ""
