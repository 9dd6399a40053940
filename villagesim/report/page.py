"""The page of an answer: what it says, who loses, what it costs, what is not known, and how it was made."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.languages import _, named, spoken
from villagesim.questions import asides
from villagesim.questions.answer import Answer
from villagesim.questions.as_file import as_file
from villagesim.questions.kinds import ELSEWHERE
from villagesim.questions.labels import legend
from villagesim.questions.plain import as_plain, paid
from villagesim.reference.subject import Results
from villagesim.report.cells import told
from villagesim.report.compared import losers, money, outcomes
from villagesim.report.figures import embedded
from villagesim.report.given import given
from villagesim.report.main_table import main_table
from villagesim.report.unknown import unknown
from villagesim.text import plain

if TYPE_CHECKING:
    from markupsafe import Markup

LARGEST = 300_000
"""A page has fewer bytes, whatever its figures [bytes]."""
NUMBERS, FIGURE, SLACK = 80_000, 110_000, 2_000
"""Of them the numbers inside have so many at most, the main figure has so many at least, and so many are for what is said of
what is left out [bytes]."""
ROWS = (40, 20, 10, 5, 2, 1)
"""Rows of a table that are shown: as many as leave the main figure its room."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What a browser lets the page do: show itself."""


def page(folder: Path, command: str = "", width: float | None = None) -> str:
    """Write the page of an answer that is kept in a folder, as HTML.

    Parameters
    ----------
    command : str
        How the answer was made, where that is known.
    width : float, optional
        Of figures [mm]; by default they are those of the folder, and drawn where it has none.

    Raises
    ------
    StoreError
        Where the folder holds no whole answer.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    results = Results.read(folder)
    answer = results.answer
    if answer is None:
        from villagesim.questions.answer import open_results

        answer = open_results(folder)
    making = Environment(
        loader=PackageLoader("villagesim.report", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    making.globals["_"] = _told
    template = making.get_template("page.html")
    for rows in ROWS:
        content = _content(answer, results, command, rows)
        content |= {"figures": [], "beside": [], "nowhere": [], "numbers": "", "cut_off": {}}
        room = LARGEST - SLACK - len(template.render(**content).encode())
        if room >= NUMBERS + FIGURE:
            break
    content["numbers"], content["cut_off"] = _numbers(answer, min(NUMBERS, room))
    room -= len(content["numbers"])
    content["figures"], content["beside"], content["nowhere"] = embedded(folder, answer, room, width)
    return template.render(**content)


def _content(answer: Answer, results: Results, command: str, rows: int) -> dict[str, Any]:
    """All that the template shows but figures and numbers, of tables so many rows."""
    compared = "verdicts" in answer.tables
    titles = [answer.kind.what_it_asks() if answer.kind.name in ELSEWHERE else answer.known.title]
    if asked := answer.facts.get("asked"):
        titles = [asked] if answer.kind.name in ELSEWHERE else [asked, *titles]
    return {
        "policy": POLICY, "titles": list(map(told, titles)), "kind": answer.kind.name, "language": spoken(),
        "lead": _sentences(answer)[:2], "more": [*_sentences(answer)[2:], *_more(answer)], "failed": len(answer.failures),
        "baseline": told(answer.known.baseline), "outcomes": list(outcomes(answer, rows)) if compared else [],
        "sums": paid(answer)[1] if compared else "",
        "main": {} if compared else main_table(answer, rows), "losers": losers(answer, rows),
        "money": money(answer, rows) if compared else {}, "idle": list(map(plain, asides.never_acted(answer))),
        "unknown": unknown(answer), "given": given(answer), "legend": legend(),
        "made": _made(answer, results, command), "asked": plain(as_file(answer), lines=True),
    }  # fmt: skip


def _sentences(answer: Answer) -> list[str]:
    """Sentences of the answer: a comparison has one a line; of others the whole is one, as only they know where it ends."""
    return [told(sentence) for sentence in answer.sentences]


def _more(answer: Answer) -> Iterator[str]:
    """What the answer rests on, and what was run until it was known."""
    if answer.grounds:
        yield answer.grounds
    yield from map(plain, (*asides.settled(answer, titled=True), *asides.race(answer, titled=True)))


def _numbers(answer: Answer, room: int) -> "tuple[Markup, dict[str, tuple[int, int]]]":
    """Numbers of the tables as JSON, no longer than there is room for; of tables that are cut, rows that are left and all."""
    from jinja2.utils import htmlsafe_json_dumps

    found = as_plain(answer)
    tables: dict[str, list[Any]] = found["tables"]
    whole = {name: len(rows) for name, rows in tables.items()}
    while len(text := htmlsafe_json_dumps(found)) > room and any(tables.values()):
        longest = max(tables, key=lambda name: len(tables[name]))
        tables[longest] = tables[longest][: len(tables[longest]) // 2]
    return text, {name: (len(rows), whole[name]) for name, rows in tables.items() if len(rows) < whole[name]}


def _made(answer: Answer, results: Results, command: str) -> list[tuple[str, str]]:
    """How the answer was made."""
    environment, about = results.environment, results.about
    libraries = _(", ").join(f"{name} {version}" for name, version in environment.get("libraries", {}).items())
    runs = sum(
        len(stage.runs.drop_duplicates(["point", "strategy", "replication"])) for stage in answer.stages.values()
    )
    if answer.kind.name == "cohort":  # whose runs are kept by county
        each = answer.tables["effects"].groupby("county")["replications"].max()
        runs = int(each.sum()) * len({*answer.facts["strategies"], answer.facts["against"]})
    said = {
        "command": command,
        "scenario digest": about.get("scenario", ""), "code digest": about.get("code", ""), "seed": about.get("seed", ""),
        "runs": f"{runs:,}", "Python": environment.get("python", ""), "libraries": libraries,
    }  # fmt: skip
    return [(named(name), told(value)) for name, value in said.items() if value != ""]


def _told(message: str, **places: Any) -> Any:
    """A message as part of the page: it may hold marks, what is filled in may not."""
    from markupsafe import Markup

    words = Markup(named(message))
    return words.format(**places) if places else words
