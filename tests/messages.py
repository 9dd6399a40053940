"""Messages that are to be told in every language: those of the code and the page, and the names in the library's tables.

``python tests/messages.py`` writes them to ``villagesim/locale/zh.po``: what is new stands there without its twin, and what
nothing says any more is left out.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from refusals import Code

from villagesim import domains
from villagesim.domains import Domain
from villagesim.languages import REFUSAL, STRATEGY, matching

ROOT = Path(__file__).parents[1]
CHINESE = ROOT / "villagesim/locale/zh.po"
COUNTED = (
    "village", "villages", "community", "communities", "other", "others", "township", "townships", "month", "months",
)  # fmt: skip
"""What is counted in the lines on a scenario."""
NOTES = (
    "{n} villages of {township} left the county and are left out; if it was joined to another, a row {row},<its code"
    " after> in the map says so",
    "{n} village of {township} left the county and is left out; if it was joined to another, a row {row},<its code after>"
    " in the map says so",
    "{n} villages of {township} left the county and are left out",
    "{n} village of {township} left the county and is left out",
    "the decree of {day} merges nobody",
    "[place] {key} is empty: it is as if it were left out",
    "{file}: incomes of {n} of {m} villages are missing in {year}: {how}",
    "expected by their other years",
    "too many for a figure of the county",
    "{file}: figures of {years} are observed: points in figures and the table hindcast, unknown to any run",
    "{file}: no year ends before the start; all is drawn",
    "{file}: figures end with {year}; they are taken for {other}",
    "{file}: {name} of {n} villages is of a year before {year}, the last that is known",
    "{file}: too few villages have incomes of several years to tell what lasts",
    "{file}: incomes of {years} tell what lasts of each village's, its growth and its noise; where the scenario says"
    " nothing they set {sets}",
    "{file}: incomes of {years} tell what lasts of each village's and its growth; where the scenario says nothing they set"
    " {sets}",
    "{file}: noise of incomes, {value} in logarithms, is not clearly more than the {other} that one-offs (one_off_rate,"
    " one_off_size, one_off_sd) make; where the scenario says nothing income_own_sd is {high} at most, and {low} where it is"
    " not drawn",
    "no parameter",
    "{key} = {value} ({low} to {high})",
    "own figures of {years}, {n} villages, and assumption",
    "own figures of {years}, {n} villages",
    "{file}, in yuan of the start by prices of {value} a year",
    "{file}: nearly all incomes of {years} are 0: these years tell nothing of what lasts, growth and noise; leave cells empty"
    " where 0 means that nothing is known",
    "{file}: incomes of one year are thousands of times those of another in {n} of the villages ({names}): they tell nothing"
    " of what lasts, growth and noise; see that all their years are in the same unit",
    "[about] data does not name {name}, whose figures are used: say there where they come from",
    "{file}: the middle income is {yuan} yuan in {year} and {more_yuan} in {other}: see that both are in the same unit",
    "{n} ({names}) of the villages lie far off the others: see that lon and lat are right",
    "{file}: {n} ({names}) of its areas match no township here",
    "{file}: {n} ({names}) of the townships here have no outline",
    "{file}: {heading} is of {year}; it is taken for {other}, the year before the start",
    "{file}: rows of villages that left the county are left out: {n}",
    "{file}: rows of townships and counties are no villages and are left out: {code} in row {row} and {n} more",
    "{file}: rows of townships and counties are no villages and are left out: {code} in row {row}",
    "{file}: {years} ends after the run, and is left out",
    "{file} was read as {encoding}: see that its names are right",
    "{file}: the sheet {sheet} was read, {n} more were not",
    "{file}: row {row} and {n} more are hidden, and was read too: delete what shall not count",
    "{file}: row {row} is hidden, and was read too: delete what shall not count",
    "{file}: column {column} and {n} more are hidden, and was read too: delete what shall not count",
    "{file}: column {column} is hidden, and was read too: delete what shall not count",
    "{file}: row {row} was taken for the headings; above it stands {text}",
    "{file}: {headings} is in {unit}, as stands above",
    "{file}: {headings} are in {unit}, as stands above",
    "{file} row {row} ({word}) is no village: it was left out",
    "{file}: {cell} in row {row} is read as the code {code}, and {n} more like it",
    "{file}: {cell} in row {row} is read as the code {code}",
    "{file}: of {n} villages with codes of township {code} {m} stand beside {name}, others beside {other}: the code"
    " counts, and {again} is its name",
    "{file}: {n} of {m} names are not the roll's: {code} is {name} there, {other} here. If {own} is meant, correct the"
    " name; if {again} is, its code",
    "{row}: {code} is {name}, not {other}; the code counts",
    "{file} has {n} villages more than {other}, and a merger leaves fewer: are the rolls the wrong way round?",
)
"""What must be known of files that were read."""
PATTERNS = (
    "Villages at or above {yuan} yuan at current prices",
    "Villages at or above {yuan} yuan",
    "Mechanical share at or above {yuan} yuan",
    "Villages within 10% of {yuan} yuan",
    "Villages reported at or above {yuan} yuan",
    "Villages reported within 10% of {yuan} yuan",
    "Collective income that {n} in {m} villages do not reach",
    "{meaning}; {group} of the constituents of merged villages, as on the first day",
    "Income behind a member, {group}",
    "Trust, {group}",
    "Benefits of a member, {group}",
    "{said}; {n} of the differences too sparse so far",
    "enough: {n} replications",
    "about {n} more replications",
    "undecided (about {n} more)",
    "undecided (more than {n} more)",
    "undecided (too sparse at {n})",
    "undecided (not known with {n})",
    "{yuan} to {more_yuan} yuan",
    "below {yuan} yuan",
    "{yuan} yuan and more",
    "at or above {yuan} yuan",
    "{n} of {m}",
    "from {n}",
    "up to {n}",
    "{n} to {m}",
    *(f"{{n}} {what}" for what in COUNTED),
    "lower end of the 95% interval of {name}",
    "upper end of the 95% interval of {name}",
    "what would have been without the strategy, of {name}",
    "better in {share}, worse in {other}",
    "better in {share}, worse: not known",
    "better: not known, worse in {other}",
    "{n}% ({low} to {high}%)",
    "{name}: {n} villages into {m}",
    "{name}: {n} villages, no merger",
    "{name} is at least {level}",
    "{name} is below {level}",
    "{name} at least {level} by {month}",
    "{name} below {level} by {month}",
    "{n} gaps are left to you, in {m} of {of_all} items: search for *{name}*.",
    "decree {n}",
    "election {n}",
    "{n} villages became a community (村改居), or went into one: each stays in the place to the end, under code and name of the"
    " community",
    "{n} village became a community (村改居), or went into one: each stays in the place to the end, under code and name of the"
    " community",
    "{n} villages without origin appeared and are left out: {some}",
    "{n} village without origin appeared and is left out: {some}",
    "{file} says where {n} of {m} villages went; the rest is inferred around that",
    *NOTES,
    "Missing argument {name}.",
    "Missing command.",
    "Missing option {name}.",
    "No such option: {name} (Possible options: {other})",
    "No such option: {name}",
    "No such command {name}. Did you mean {other}?",
    "No such command {name}.",
    "Got unexpected extra argument(s) ({given})",
    "Option {name} requires an argument.",
    "Invalid value for {name}: {problem}",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be less than or equal to {n}",
    "Input should be greater than or equal to {n}",
)
"""Of words in tables that hold a number or another word; what is more special comes first."""
VERDICTS = (
    "better", "worse", "higher", "lower", "practically equal", "the same in all runs", "the same difference in all runs",
    "undecided", "undecided (too few draws)", "one replication", "never acted", "-", "baseline",
    "other number of villages", "other villages", "yes", "no", "even", "not told", "no policy", "nothing but the merger",
    "Data", "Calibrated", "Assumed",
)  # fmt: skip

ALONE = ("villages", "communities", "units", "data", "calibrated", "assumed")
"""Kinds of units where they are not counted, and what stands before the lines on a scenario."""
HEADS = (
    "command", "question", "scenario digest", "code digest", "seed", "runs", "libraries", "differences", "distribution", "map",
    "hindcast",
)  # fmt: skip
"""What stands before the values of how an answer was made, and the names of its figures."""
COLUMNS = (
    "effect", "mean", "low", "high", "differs", "outcome", "strategy", "at", "unit", "reading", "runs", "q01", "q05", "q25",
    "q50", "q75", "q95", "q99", "value", "prediction low", "prediction high", "tau", "tau low", "tau high", "counties",
    "positive", "refused", "replications", "rank", "factor", "meaning", "theme", "source", "worth", "worth low", "worth high",
    "worth yuan", "changes", "beyond luck", "on gain", "on gain low", "on gain high", "on level", "on level low",
    "on level high", "yuan on gain", "yuan on gain low", "yuan on gain high", "yuan on level", "yuan on level low",
    "yuan on level high", "posterior", "posterior low", "posterior high", "width", "width low", "width high", "verdict", "id",
    "place", "published as", "how", "published", "error", "median", "low 50", "high 50", "low 90", "high 90", "inside 50",
    "inside 90", "crps", "crps nothing changes", "crps grows as nation", "seen", "draws", "least", "most", "first order",
    "first low", "first high", "total order", "total low", "total high", "step", "kind", "band low", "band high", "over low",
    "over high", "box", "p", "limit", "target", "reached", "share on target", "share low", "share high", "luck on target",
    "largest regret", "regret 90", "mean regret", "worst", "bad case", "chance", "share uncertainty", "share uncertainty low",
    "share uncertainty high", "better than baseline", "better low", "better high", "luck better", "cost", "cost low",
    "cost high", "per million", "per million low", "per million high", "on frontier", "allocation", "score", "score when found",
    "may be best", "level", "road", "policy",
)  # fmt: skip
"""Heads of the main tables of answers, where a page shows them."""


BESIDE = (
    "No such file or directory", "Is a directory", "Not a directory", "Permission denied", "No space left on device",
    "File exists", "{code} (a control character)", "{code} (no character)",
    "before", "after", "yuan", "strategy", "outcome", "results", "left",
    "nothing", "none", "whole", "process {n} on {name}",
    "above {n}", "at least {n}", "below {n}", "at most {n}", "{what}, from {low} to {high}",
    "{problem} (at line {line}, column {column})", "{problem} (at end of document)", "Invalid value", "Invalid statement",
    "Expected '=' after a key in a key/value pair", "Expected newline or end of document after a statement",
    "Expected ']' at the end of a table declaration", "Expected ']]' at the end of an array declaration",
    "Cannot overwrite a value", "Cannot declare {key} twice", "Cannot mutate immutable namespace {key}",
    "Unterminated string", "Unclosed array", "Unclosed inline table", "Illegal character {character}",
    "Found invalid character {character}", "Invalid initial character for a key part",
    "Invalid date or datetime", "Duplicate inline table key {key}", "Expecting value: line {line} column {column} {where}",
    "Expecting property name enclosed in double quotes: line {line} column {column} {where}",
    "Expecting {what} delimiter: line {line} column {column} {where}", "Extra data: line {line} column {column} {where}",
    "Unterminated string starting at: line {line} column {column} {where}", "line contains NUL", "File name too long",
    "field larger than field limit ({limit})",
    "maximum recursion depth exceeded while decoding a JSON array from a unicode string",
    "maximum recursion depth exceeded while decoding a JSON object from a unicode string",
    "division by zero", "float division by zero", "integer division or modulo by zero",
)  # fmt: skip
"""What refusals hold of Python and the system, and words in them that are told though they stand alone or by a number."""
READINGS = ("recurrent", "one-off", "prices", "booked", "real", "all", "points", "base points")
"""How an outcome is read, and of which points a sample is made."""


def in_code(package: Path = ROOT / "villagesim") -> dict[str, list[str]]:
    """Messages of the code, and the files that say them."""
    found: dict[str, list[str]] = {}
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                uses = {type(each.ctx) for each in ast.walk(node) if isinstance(each, ast.Name) and each.id == "_"}
                assert not {ast.Load, ast.Store} <= uses, (
                    f"{path.name}:{node.lineno}: _ is a variable here, and no message"
                )
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "marked"):
                message = node.args[0]
                where = f"{path.relative_to(package)}:{node.lineno}"
                assert isinstance(message, ast.Constant), f"{where}: no plain text"
                found.setdefault(message.value, []).append(str(path.relative_to(package)))
    script = (package / "explore/page.js").read_text(encoding="utf-8")
    pages = in_page(package / "report/page.html") | in_page(package / "explore/page.html")
    return found | pages | {message: ["page.js"] for message in re.findall(r'_\("([^"]*)"', script)}


def in_page(page: Path) -> dict[str, list[str]]:
    """Messages of a page."""
    calls = Environment(autoescape=True).parse(page.read_text(encoding="utf-8")).find_all(nodes.Call)
    return {call.args[0].value: [page.name] for call in calls if getattr(call.node, "name", "") == "_"}


def names() -> Iterator[str]:
    """Words of tables, and names of what the library and its places bring along."""
    from villagesim.evidence import read_targets
    from villagesim.evidence.targets import HOW
    from villagesim.files.packaged import about, questions, scenarios
    from villagesim.outcomes.definitions import SHIPPED
    from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
    from villagesim.parameters import DEFAULTS, THEMES
    from villagesim.places.provinces import PROVINCES
    from villagesim.places.units.link import FATES, WAYS
    from villagesim.policies import KINDS
    from villagesim.questions.kinds import KINDS as QUESTIONS
    from villagesim.questions.kinds import kind_of
    from villagesim.questions.labels import LABELS
    from villagesim.questions.roads import ROADS, SWITCHES
    from villagesim.questions.worth import title_of
    from villagesim.reference.grounds import GROUNDS, informing
    from villagesim.runs.story import WORDS
    from villagesim.scenario import ALWAYS
    from villagesim.statistics.indices import NOTHING, TOO_WIDE
    from villagesim.statistics.posterior import DOES_NOT_FIT, FITS, NOT_INFORMED, TOO_FEW

    fixed = list(map(matching, PATTERNS))
    yield from dict.fromkeys(domain.what for domain in vars(domains).values() if isinstance(domain, Domain))
    yield from VERDICTS
    yield from GROUNDS
    yield from HEADS
    yield from COLUMNS
    yield from QUESTIONS
    yield from (kind.what_it_asks() for kind in map(kind_of, QUESTIONS))
    yield from LABELS
    yield from READINGS
    yield from (*ROADS, *SWITCHES)
    yield from (words for groups in GROUPS.values() for words in groups.values())
    yield from (quantity[words] for quantity in QUANTITIES.values() for words in ("title", "meaning"))
    for outcome in SHIPPED:
        if not any(pattern.fullmatch(outcome.title) for pattern in fixed):
            yield outcome.title
        yield outcome.unit
        if not any(pattern.fullmatch(outcome.meaning) for pattern in fixed):
            yield outcome.meaning
    yield from KINDS
    yield from (name.replace("_", " ") for name in DEFAULTS)
    yield from map(title_of, THEMES)
    yield from WORDS
    yield from (NOTHING, TOO_WIDE, "only together with others", "by itself")
    yield from (NOT_INFORMED, TOO_FEW, FITS, DOES_NOT_FIT, "narrower")
    yield from (province.name for province in PROVINCES.values())
    for parameter in DEFAULTS.values():
        yield from (parameter.meaning, parameter.domain.what, parameter.source)
        yield from (parameter.unit,) * (parameter.unit != "1")
    yield from {target.use: None for parameter in DEFAULTS.values() for target in informing(parameter)}
    yield from HOW
    yield from (target.quantity for target in read_targets().values() if target.use == "validate")
    yield from of_parts()
    yield from WAYS
    yield from FATES
    yield from ALONE
    yield from ALWAYS
    yield from of_commands()
    yield from of_settings()
    yield from of_totals()
    yield from of_codebook()
    yield from (about(path) for path in (scenarios() | questions()).values())
    for content in packaged():
        yield from (content["title"], content["title"].partition(":")[0])
        yield from (
            policy["label"]
            for strategy in content["strategy"]
            for policy in strategy.get("policy", ())
            if "label" in policy
        )
        yield from content["about"].values()
        yield from (goal["source"] for goal in content.get("goal", ()))


def packaged() -> Iterator[dict[str, Any]]:
    """What stands in the scenarios that come with the library."""
    from villagesim.files.packaged import scenarios

    for _name, path in sorted(scenarios().items(), reverse=True):
        yield tomllib.loads(path.read_text(encoding="utf-8"))


def strategies() -> Iterator[str]:
    """Names of the strategies that the library's own scenarios have."""
    from villagesim.scenario import ALWAYS, BASELINES

    yield from (*ALWAYS, *BASELINES.values())
    for content in packaged():
        yield from (strategy["name"] for strategy in content["strategy"])


def of_commands() -> Iterator[str]:
    """What commands are told to be for, and how they are used."""
    from typer.core import TyperArgument
    from typer.main import get_command

    from villagesim.cli import app

    group: Any = get_command(app)
    yield group.subcommand_metavar
    for command in (group, *group.commands.values()):
        yield command.options_metavar
        yield from (f"<{each.name}>" for each in command.params if isinstance(each, TyperArgument))
        yield from (help for each in (command, *command.params) if (help := getattr(each, "help", "")))


def of_codebook() -> Iterator[str]:
    """What columns of tables mean, their units, and the time that values stand for."""
    from villagesim.runs.codebook import COLUMNS, END, OTHERS, YEAR_UP_TO_END

    yield from (
        words for entry in (*COLUMNS.values(), *OTHERS.values(), (END, YEAR_UP_TO_END)) for words in entry if words
    )


def of_parts() -> Iterator[str]:
    """What is said of columns, levers, processes and policies."""
    from villagesim.docstrings import own_docstring, sentences
    from villagesim.reference.known import Known

    known = Known(None)
    for part in (*known.columns.values(), *known.assembly.all_levers.values()):
        yield from (part.meaning, part.unit)
    yield from map(own_docstring, known.processes.values())
    yield from map(sentences, known.policies.values())


def of_settings() -> Iterator[str]:
    """Settings of policies, what is said of each, and their units."""
    from villagesim.docstrings import attributes, unit_of
    from villagesim.explore.controls import parts_of
    from villagesim.policies import KINDS
    from villagesim.targets import Target

    for kind in KINDS.values():
        told, hints = attributes(kind), get_type_hints(kind)
        for name in (setting.name for setting in fields(kind)):
            about = told[name][1]
            yield from filter(None, (f"{name.replace('_', ' ')} (setting)", about, unit_of(about)))
            yield from get_args(hints[name]) if get_origin(hints[name]) is Literal else ()
            yield from parts_of(about) if name == "split" else ()
    yield from (f"{part.name} (setting)" for part in fields(Target))


def of_totals() -> Iterator[str]:
    """What totals of a place are, and their units."""
    from villagesim.places.endowments import TOTALS
    from villagesim.reference.keys import keys_of, tables_of_keys

    yield from (
        words for key in keys_of(tables_of_keys()["place"]) if key.name in TOTALS for words in (key.unit, key.meaning)
    )


def wanted() -> Catalog:
    """All that must have a twin, in the order of the rooms."""
    catalog = Catalog(project="villagesim", version="", locale="zh", charset="utf-8", fuzzy=False)
    for pattern in PATTERNS:
        catalog.add(pattern, context="pattern", locations=[("names", None)])
    for name in dict.fromkeys(strategies()):
        catalog.add(name, context=STRATEGY, locations=[("names", None)])
    for name in dict.fromkeys(names()):
        catalog.add(name, locations=[("names", None)])
    for message, files in sorted(in_code().items(), key=lambda found: found[1][0]):
        catalog.add(message, locations=[(file, None) for file in sorted(set(files))])
    for message, files in sorted((Code().refusals() | {message: {"errors.py"} for message in BESIDE}).items()):
        if message not in catalog or message in BESIDE:
            catalog.add(message, context=REFUSAL, locations=[(file, None) for file in sorted(files)])
    return catalog


def known() -> Catalog:
    """What has been translated, or begun."""
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh")


def main() -> None:
    """Write what is wanted, with the twins that are known."""
    catalog, before = wanted(), known() if CHINESE.exists() else Catalog()
    for message in catalog:
        if message.id and (twin := before.get(message.id, message.context)):
            message.string = twin.string
    with CHINESE.open("wb") as file:
        write_po(file, catalog, width=0, omit_header=True, include_lineno=False)
    missing = [message.id for message in catalog if message.id and not message.string]
    sys.stdout.write(f"{len(catalog)} messages, {len(missing)} without a twin\n")


if __name__ == "__main__":
    main()
