"""What happened in one village: events, accounts and figures of a run, as a dated table."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.dates import next_first
from villagesim.errors import DesignError, nearest
from villagesim.languages import _, marked, named
from villagesim.places.place import Place
from villagesim.run import Run
from villagesim.wording import amount, label_in_words, number, sums

if TYPE_CHECKING:
    import pandas as pd

Facts = Mapping[str, Any]
DECREE, VOTES, ACCOUNTS, SECRETARY = (
    marked("decree"),
    marked("votes"),
    marked("accounts and register"),
    marked("secretary"),
)
REPORTS, PROJECTS, POLICIES, BOOKS = marked("reports"), marked("village projects"), marked("policies"), marked("books")
LAND_TRUST = marked("land trust")
WORDS = (
    "leadership", "operation", "deliberation", "economy", "livelihood", "merged", "election", "own wish", "repaid",
    "not repaid", "died", "lead firm failed", "date", "bought", "built", "lent", "joint", "own",
)  # fmt: skip
"""Words in facts of events: integrations, reasons, kinds of projects."""


def _thing(facts: Facts, name: str) -> str:
    return label_in_words(f"{facts[name]}")


EVENTS: dict[str, tuple[str, Callable[[Facts], str]]] = {
    "announcement": (DECREE, lambda f: _("the merger is announced, for {day}", day=f["decree"])),
    "decree": (
        DECREE,
        lambda f: _("the decree: {n} villages become {m}", n=f["villages_before"], m=f["villages_after"]),
    ),
    "village_converted": (DECREE, lambda f: _("it becomes a community")),
    "attempt_started": (VOTES, lambda f: _("preparing a vote on {what}", what=_thing(f, "integration"))),
    "vote_won": (VOTES, lambda f: _("vote on {what} won", what=_thing(f, "integration"))),
    "vote_lost": (
        VOTES,
        lambda f: _("vote on {what} lost, against: {names}", what=_thing(f, "integration"), names=_(", ").join(f["against"])),
    ),
    "pooled_by_order": (VOTES, lambda f: _("accounts are pooled by order, without a vote")),
    "relapse": (VOTES, lambda f: _("relapse in {what}", what=_thing(f, "integration"))),
    "register_joined": (ACCOUNTS, lambda f: _("one register of members")),
    "new_income_pooled": (ACCOUNTS, lambda f: _("new income of {n} accounts is pooled", n=f["accounts"])),
    "accounts_pooled": (ACCOUNTS, lambda f: _("{n} accounts become one", n=f["accounts"])),
    "account_parted": (ACCOUNTS, lambda f: _("an account parts again")),
    "secretary_left": (SECRETARY, lambda f: _("the secretary leaves ({why})", why=_thing(f, "reason"))),
    "secretary_took_office": (SECRETARY, lambda f: _("secretary {n} takes office", n=f["number"] + 1)),
    "report_false": (REPORTS, lambda f: _("{what} is reported and not there", what=_thing(f, "integration"))),
    "report_made_real": (REPORTS, lambda f: _("{what}, reported before, is there", what=_thing(f, "integration"))),
    "report_exposed": (REPORTS, lambda f: _("a false report on {what} is found", what=_thing(f, "integration"))),
    "operator_defaulted": (LAND_TRUST, lambda f: _("the operator of the land defaults")),
    "project_founded": (
        PROJECTS,
        lambda f: _(
            "a project begins ({kind}): {money}",
            kind=_thing(f, "of"),
            money=amount(f["money"] + f["own"] + f["outside"], "yuan"),
        ),
    ),
    "project_ended": (PROJECTS, lambda f: _("a project ends ({why})", why=_thing(f, "reason"))),
    "policy_started": (
        POLICIES,
        lambda f: _("{policy} begins; this village is among those it is for", policy=_thing(f, "policy")),
    ),
    "policy_ended": (POLICIES, lambda f: _("{policy} ends", policy=_thing(f, "policy"))),
    "policy_unfunded": (POLICIES, lambda f: _("the fund cannot pay all of {policy}", policy=_thing(f, "policy"))),
}  # fmt: skip
"""Topic of each kind of event, and what is said of it."""
MOST_NAMED = 8
"""Villages that a message lists."""
MONEY = {
    "opening": "opening", "income": "account_income", "principal": "principal", "borrowing": "borrowing",
    "spending": "spending", "dividends": "member_dividend", "invested": "invested", "repayment": "repayment",
    "to_pot": "to_pot", "pot": "pot", "cash": "cash",
}  # fmt: skip
"""Money of all accounts of the village in the month, by what it is called here."""
COUNTED = {
    **MONEY, "disputes_arising": "incidents", "disputes_open": "open_disputes", "petitions_filed": "petitions",
}  # fmt: skip
"""Columns of the record that are summed over the village, by what they are called here."""
USES = {
    "spending": marked("spent on works, pay and dues"), "dividends": marked("dividends to members"),
    "to_pot": marked("put into the pot for assets"), "invested": marked("paid for assets and projects"),
    "repayment": marked("debt paid back"), "kept": marked("kept in cash"),
}  # fmt: skip
"""What becomes of the money of a year."""
STORY_COLUMNS = {
    "dividends": ("dividends to members, which is part of what is spent", "yuan", "month"),
    "joined": ("cash that came with accounts of other villages, or went with them", "yuan", "month"),
    **{f"years.{name}": (words, "yuan", "calendar year") for name, words in USES.items()},
    "years.year": ("calendar year of the run", "year", ""),
    "years.came_in": ("income, capital that came back, debt taken up, and cash of villages that joined", "yuan", "calendar year"),
}  # fmt: skip
"""Columns of the tables of a story that no other table has."""
FOLLOWED = (
    "collective_income", "one_off_income", "reported_collective_income", "real_integration", "reported_integration", "trust",
    "debt",
)  # fmt: skip
"""Outcomes of the village that are followed month by month."""


def row_of(place: Place, wanted: str) -> int:
    """Row of a village by its code or name; of one that others were merged into, that of its largest claim to the name.

    Raises
    ------
    DesignError
        Where there is none, or several have the name.
    """
    rolls = [(place.codes, place.before.names, range(len(place.codes)))]
    rolls += [(wave.after.codes, wave.after.names, wave.map.known_host.tolist()) for wave in place.waves]
    every = [(code, name, host) for roll in rolls for code, name, host in zip(*roll, strict=True)]
    exact = [one for one in every if wanted in one[:2]]
    found = {code: (name, _member(place, code, host)) for code, name, host in exact or _like(wanted, every)}
    if len(rows := {row for _, row in found.values()}) == 1:
        return rows.pop()
    if found:
        first = {own: code for code, own in reversed(found.items())}  # one that got another code is one
        some = [
            f"{code} {own[0]} in {place.township_names[place.township[own[1]]]}"
            for code, own in found.items()
            if first[own] == code
        ]
        more = f"; and {len(some) - MOST_NAMED} more" if len(some) > MOST_NAMED else ""
        raise DesignError(
            f"{len(some)} villages are called {wanted!r}.", fix=f"Give a code: {'; '.join(some[:MOST_NAMED])}{more}."
        )
    n, after = len(place.before), len(place.after)
    there = f"{n:,} before and {after:,} after" if n != after else f"{n:,}"
    names = dict.fromkeys(place.names.values())
    raise DesignError(f"there is no village {wanted!r}.", fix=nearest(wanted, names, there=there))


def _like(wanted: str, every: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Villages whose names begin as wanted, as names end with what a village is called everywhere."""
    return [one for one in every if wanted and one[1].startswith(wanted)]


def _member(place: Place, code: str, host: int) -> int:
    """A constituent of a village: the one whose code it has, else one of its parts."""
    if code in place.codes:
        return place.codes.index(code)
    if host >= 0:
        return host
    wave = next(wave for wave in place.waves if code in wave.after.codes)
    return int(np.flatnonzero(wave.map.village == wave.after.codes.index(code))[0])


def months(run: Run, row: int) -> "pd.DataFrame":
    """A row a month: ``strategy, month``, sums of `COUNTED` over the village, and the outcomes that are followed."""
    import pandas as pd

    record = run.record
    village, every = record.village_of[:, row], np.arange(len(record.labels))

    def of_village(values: Floats) -> Floats:
        return values[every, village][1:]

    columns = {name: of_village(record.by_village(record.column(raw))) for name, raw in COUNTED.items()}
    moved = record.by_village(record.column("transfer_in") - record.column("transfer_out"))
    before = record.by_village(record.column("cash"))[every, village][:-1]
    columns["joined"] = of_village(moved) + columns["opening"] - before  # by a decree, or with accounts from elsewhere
    for name in FOLLOWED:
        found = run.definitions[name].village
        assert found is not None, name
        columns[name] = of_village(found(record))
    return pd.DataFrame({"strategy": run.strategy, "month": record.labels[1:], **columns})


def story(run: Run, row: int) -> "pd.DataFrame":
    """What happened, dated: ``date, strategy, topic, what``; at the end of each year what it earned, owed and quarrelled."""
    import pandas as pd

    place, picked = run.history.place, run.history.picked
    said = []
    events = run.events
    of_village = events["village"].isin([*run.history.codes_decreed[:, row], ""])
    for event in events[of_village & events["kind"].isin([*EVENTS])].to_dict("records"):
        facts = json.loads(event["facts"])
        label, own = facts.get("policy"), event["village"] == _code_on(run, row, event["date"])
        reached = label is None or (label in picked and bool(picked[label][row]))
        if own or (event["village"] == "" and reached):
            topic, words = EVENTS[event["kind"]]
            against = [place.names.get(code, code) for code in facts.get("against", ())]
            said.append((event["date"], topic, words(facts | {"against": against})))
    said += _years(months(run, row))
    table = pd.DataFrame(said, columns=["date", "topic", "what"]).sort_values("date", kind="stable")
    table.insert(1, "strategy", run.strategy)
    return table.reset_index(drop=True)


def _code_on(run: Run, row: int, day: Any) -> str:
    """Code of the village of a constituent on a day."""
    start = run.history.timetable.start
    wave = sum(decree <= (day - start).days for decree in run.history.decree_days)
    return str(run.history.codes_decreed[wave, row])


def money_by_year(followed: "pd.DataFrame") -> "pd.DataFrame":
    """Where the money of each year went: ``strategy, year``, what came in, and what became of it, which adds up to it.

    Dividends are taken out of what is spent; what is put into the pot, and what stays in cash, may be negative.
    """
    of_year = followed.assign(year=followed["month"].str[:4].astype(int)).groupby(["strategy", "year"], sort=False)
    sums = of_year[[*MONEY, "joined"]].sum()
    came_in = sums[["income", "principal", "borrowing", "joined"]].sum(axis=1)
    used = sums[["dividends", "to_pot", "invested", "repayment"]].assign(spending=sums["spending"] - sums["dividends"])
    used["kept"] = came_in - used.sum(axis=1)
    return used[list(USES)].assign(came_in=came_in).reset_index()


def _went(year: Any) -> str:
    """Where the money of a year went, in words."""
    whole = {name: year[name] for name in USES}
    per, unit = sums([year["came_in"], *whole.values()])
    told = [
        _("{what} {size}", what=named(words), size=number(whole[name] / per))
        for name, words in USES.items()
        if number(whole[name] / per) != "0"
    ]
    return _(
        "of {size} {unit} that came in, with loans and cash that joined: {uses}", size=number(year["came_in"] / per), unit=unit,
        uses=_(", ").join(told),
    )  # fmt: skip


def _years(table: "pd.DataFrame") -> list[tuple[Any, str, str]]:
    """What stands in the books at the end of each year."""
    said = []
    went = money_by_year(table).set_index("year")
    for year, own in table.groupby(table["month"].str[:4]):
        last: Any = own.iloc[-1]
        told = ("collective_income", "one_off_income", "debt", "cash")
        per, unit = sums(last[name] for name in told)
        earned, once, debt, cash = (number(last[name] / per) for name in told)
        if last["one_off_income"]:
            earned = _("{earned} ({once} of it once, as for land or arrears)", earned=earned, once=once)
        words = _(
            "{year}: earned {earned}, cash {cash}, debt {debt} {unit}; {n} disputes arose, {open} open",
            year=year, earned=earned, cash=cash, debt=debt, unit=unit, n=number(own["disputes_arising"].sum()),
            open=number(last["disputes_open"]),
        )  # fmt: skip
        words = _("; ").join((words, _went(went.loc[int(year)])))
        said.append((next_first(date(int(year), int(last["month"][5:]), 2)) - timedelta(days=1), BOOKS, words))
    return said


def side_by_side(tables: Sequence["pd.DataFrame"]) -> "pd.DataFrame":
    """A row a date: what happened under each strategy, in a column of its own."""
    import pandas as pd

    parts = [
        table.groupby("date", sort=True)["what"].agg(_("; ").join).rename(str(table["strategy"].iloc[0]))
        for table in tables
    ]
    return pd.concat(parts, axis=1).sort_index().fillna("").rename_axis(index="date").reset_index()


def name_of_village(run: Run, row: int) -> str:
    """A village by name and code, and what it has become part of by the end."""
    place, codes = run.history.place, run.history.codes_decreed[:, row]
    last = str(codes[-1] if run.history.merging else codes[0])
    own = _("{what} ({size})", what=place.before.names[row], size=place.codes[row])
    if last == place.codes[row]:
        return own
    return _("{village}, now in {name} ({code})", village=own, name=place.names[last], code=last)


def spans(run: Run) -> "pd.DataFrame":
    """A row a policy that was in force: ``policy, start, end``, its first and last month; most begin on a first."""
    import pandas as pd

    begun: dict[str, str] = {}
    ended: dict[str, str] = {}
    for day, kind, facts in run.events[["date", "kind", "facts"]].itertuples(index=False):
        if kind == "policy_started":
            begun.setdefault(json.loads(facts)["policy"], f"{day:%Y-%m}")
        elif kind == "policy_ended":
            ended[json.loads(facts)["policy"]] = f"{day - timedelta(days=1):%Y-%m}"
    last = run.record.labels[-1]
    rows = [(label, start, ended.get(label, last)) for label, start in begun.items()]
    return pd.DataFrame(rows, columns=["policy", "start", "end"])
