"""Tables of the documentation, made from the code: they stand between ``<!-- table: NAME -->`` and ``<!-- end -->``.

``python -m villagesim.reference.tables README.md docs/*.md`` writes them anew (``make tables``).
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import Any

from villagesim.component import Component
from villagesim.docstrings import sentences
from villagesim.ending import is_shipped
from villagesim.errors import ScenarioError, nearest
from villagesim.evidence import read_places, read_posterior, read_targets
from villagesim.foreign.headings import COLUMNS, UNITS
from villagesim.parameters import DEFAULTS, THEMES, Parameter
from villagesim.policies import KINDS, Policy
from villagesim.policies.administration import Administration
from villagesim.questions.roads import SWITCHES
from villagesim.reference.grounds import GROUNDS, carried_over, ground, informing
from villagesim.reference.keys import keys_of, questions, tables_of_keys
from villagesim.reference.known import Known

MARKED = re.compile(r"(<!-- table: ([\w .]+) -->\n).*?(<!-- end -->)", re.DOTALL)
BETTER = {1: "more", -1: "less", 0: "-"}
OTHERS = "parameters of other themes"
"""Table of the parameters of all themes that a page does not show elsewhere."""
EXPECTED = {1: "more", -1: "less", 0: "no change"}
LIBRARY = Known()
"""What tables are made of where no scenario is asked for."""


def tables() -> dict[str, Callable[[], str]]:
    """Every table that a page may show, by its name: what makes it."""
    return {
        **{f"parameters {theme}": partial(parameters, group) for theme, group in THEMES.items()},
        "headings": headings,
        "standing": standing,
        "carried over": taken,
        "standing in words": standing_in_words,
        "outcomes": outcomes,
        "rooms": rooms,
        "switches": switches,
        "targets validate": partial(targets, "validate"),
        "targets calibrate": partial(targets, "calibrate"),
        "places elsewhere": places,
        "processes": processes,
        "columns": columns,
        "levers": levers,
        "policies": channels,
        **{f"keys {name}": partial(keys, shape) for name, shape in tables_of_keys().items()},
        **{f"keys of {name}": partial(keys, kind) for name, kind in questions().items()},
        "keys of policies": lambda: policies(kind for kind in KINDS.values() if not is_rule(kind)),
        "keys of rules": lambda: policies(kind for kind in KINDS.values() if is_rule(kind)),
    }


def written(text: str) -> str:
    """Text of a page with its tables as the code has them.

    Raises
    ------
    ScenarioError
        Where a mark names no table.
    """
    shown = {found.group(2) for found in MARKED.finditer(text)}
    known = tables()
    others = [theme for theme in THEMES if f"parameters {theme}" not in shown]
    known[OTHERS] = partial(parameters, [p for theme in others for p in THEMES[theme]])

    def made(found: re.Match[str]) -> str:
        name = found.group(2)
        if name not in known:
            raise ScenarioError(
                f"<!-- table: {name} --> is no table of the documentation.", fix=nearest(name, list(known))
            )
        return f"{found.group(1)}{known[name]()}\n{found.group(3)}"

    return MARKED.sub(made, text)


def parameters(group: Iterable[Parameter]) -> str:
    """Parameters with value, range, unit and source."""
    rows = []
    for p in group:
        value, low, high = (f"{x:,.0f}" if abs(x) >= 1000 else f"{x:g}" for x in (p.value, p.low, p.high))
        rows.append((f"`{p.name}`", p.meaning, f"{value} ({low} to {high})", p.unit, p.source))
    if not rows:
        return "All stand above."
    return table(("parameter", "meaning", "value (range)", "unit", "source"), rows)


def informed(group: Iterable[Parameter] = DEFAULTS.values()) -> str:
    """Parameters that published numbers of the table of targets speak to, with these numbers and their uses."""
    rows = []
    for p in group:
        by_use: dict[str, list[str]] = {}
        for target in informing(p):
            by_use.setdefault(target.use, []).append(target.id)
        if by_use:
            rows.append((f"`{p.name}`", *(", ".join(by_use.get(use, ["-"])) for use in ("calibrate", "context"))))
    return table(("parameter", "numbers that may set it", "context"), rows)


def standing() -> str:
    """What stands behind the values of all parameters, counted."""
    found = Counter(map(ground, DEFAULTS.values()))
    spoken = Counter(ground(p) for p in DEFAULTS.values() if any(t.use == "calibrate" for t in informing(p)))
    total = len(DEFAULTS)
    rows = [(word, str(found[word]), f"{found[word] / total:.0%}", str(spoken[word])) for word in GROUNDS]
    rows.append(("all", str(total), "100%", str(sum(spoken.values()))))
    return table(("what gives the value", "parameters", "share", "of these, a published number may move it"), rows)


def taken() -> str:
    """Parameters that have a source, and no number of the targets that may move them, by what is assumed of them."""
    by_words: dict[str, list[str]] = {}
    for p in DEFAULTS.values():
        if words := carried_over(p):
            by_words.setdefault(words, []).append(f"`{p.name}`")
    return table(("assumed", "parameters"), [(words, ", ".join(names)) for words, names in by_words.items()])


def standing_in_words() -> str:
    """The same in two sentences, with what the posterior holds."""
    found = Counter(map(ground, DEFAULTS.values()))
    *others, last = (f"{found[word]} ({found[word] / len(DEFAULTS):.0%}): {word}" for word in GROUNDS)
    said = (
        f"What gives the values of its {len(DEFAULTS)} parameters: {'; '.join(others)}; {last}. Of them"
        f" {len(read_posterior().paths)} are calibrated together on published numbers of other places, and draws come from that"
        " posterior."
    )
    return fill(said, 120)


def headings() -> str:
    """Columns of foreign tables, their other headings, and the units that a heading may name."""
    rows = [(f"`{column.name}`", column.unit or "-", ", ".join(column.also).replace("_", " ")) for column in COLUMNS]
    units = [
        f"Units of {own}: "
        + ", ".join(name if factor == 1 else f"{name} (of {factor.normalize():,f})" for name, factor in known.items())
        + "."
        for own, known in UNITS.items()
    ]
    return table(("column", "unit", "other headings"), rows) + "\n\n" + "\n\n".join(fill(line, 120) for line in units)


def outcomes(known: Known = LIBRARY) -> str:
    """Outcomes with unit, direction and the smallest difference that matters."""
    rows = []
    for found in known.outcomes.values():
        margin = f"{found.margin:.0%} of the baseline" if found.relative else f"{found.margin:g}"
        rows.append((f"`{found.name}`", f"{found.title}: {found.meaning}", found.unit, BETTER[found.direction], margin))
    return table(("outcome", "meaning", "unit", "better", "smallest difference that matters"), rows)


def processes(known: Known = LIBRARY) -> str:
    """Processes with the first sentence of their modules, in the order in which they act, and what they take."""
    rows = []
    for process in known.processes.values():
        if process is not Administration:
            rows.append(
                (_place(process), first(sys.modules[process.__module__]) or first(process), names(process.takes))
            )
    return table(("process", "what happens", "takes what others deposit"), rows)


def columns(known: Known = LIBRARY) -> str:
    """Raw columns of the record."""
    owners = known.assembly.columns
    rows = [
        (f"`{column.name}`", column.meaning, column.unit, column.per, column.kind, _place(owners[column.name]))
        for column in known.columns.values()
    ]
    return table(("column", "meaning", "unit", "per", "kind", "kept by"), rows)


def levers(known: Known = LIBRARY) -> str:
    """Levers: what moves, how contributions are combined, who reads them and who pulls them."""
    rows = []
    for name, lever in sorted(known.assembly.all_levers.items()):
        pulled = [_place(known.processes[who]) if who in known.processes else f"`{who}`" for who in known.pullers(name)]
        place = _place(known.assembly.levers[name])
        rows.append((f"`{name}`", lever.meaning, lever.unit, lever.per, lever.rule, place, ", ".join(pulled)))
    return table(("lever", "meaning", "unit", "per", "rule", "read by", "pulled by"), rows)


def channels(known: Known = LIBRARY) -> str:
    """Kinds of policies: through which channel they act, what they are meant to move, and whether they cost money."""
    rows = []
    for kind, policy in known.policies.items():
        name, way = getattr(policy, "expects", ("", 0))
        costs = "no" if is_rule(policy) else "yes"
        expected = f"`{name}`: {EXPECTED[way]}" if name else "-"
        rows.append((f"`{kind}`", channel(policy), names(policy.pulls), expected, costs))
    return table(("policy", "channel", "pulls", "meant to move", "costs money"), rows)


def channel(policy: type[Policy]) -> str:
    """First sentence on the channel through which a policy acts; of one's own without such a sentence its first."""
    found = re.search(r"Channel: (.*?)\.(?:\s|$)", sentences(policy), re.DOTALL)
    if found is None and not is_shipped(policy):
        return first(policy)
    if found is None:
        raise ScenarioError(
            f"{policy.kind} does not say through which channel it acts.", fix="Add a sentence, as Channel: ...."
        )
    return found.group(1)


def is_rule(policy: type[Policy]) -> bool:
    """Whether a kind of policy has no cost of its own, so that an empty fund does not stop it."""
    return policy.claim is Policy.claim


def keys(shape: Any, without: Any = None) -> str:
    """Keys of a table of a scenario file, but those of a base that has a table of its own.

    Raises
    ------
    ScenarioError
        Where the docstring does not say what a key is.
    """
    for key in keys_of(shape, without):
        if not key.meaning:
            raise ScenarioError(
                f"{shape.__name__} does not say what {key.name} is.", fix="Add it to its docstring, under Attributes."
            )
    rows = [(f"`{key.name}`", key.type, key.unit, key.default, key.meaning) for key in keys_of(shape, without)]
    return table(("key", "type", "unit", "default", "meaning"), rows) if rows else "No keys of its own."


def policies(kinds: Iterable[type[Policy]]) -> str:
    """Kinds of policies in words, each with its keys."""
    parts = []
    for policy in kinds:
        words = f"**`{policy.kind}`** (`{policy.__name__}`): {sentences(policy)}"
        parts.append("\n\n".join([*(fill(part, 120) for part in words.split("\n\n")), keys(policy, Policy)]))
    return "\n" + "\n\n".join(parts) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Markdown of a table."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rooms() -> str:
    """Packages of the library, with what each says that it holds."""
    home = Path(__file__).parents[1]
    names = sorted(path.parent.name for path in home.glob("*/__init__.py"))
    modules = {name: import_module(f"villagesim.{name}") for name in names}
    return table(("room", "what it holds"), [(f"`{name}/`", first(module)) for name, module in modules.items()])


def switches() -> str:
    """What no published figure can tell apart, and its two ends."""
    rows = []
    for name, switch in SWITCHES.items():
        low, high = (
            "; ".join(f"`{path.partition('.')[2]}` = {value:,g}" if isinstance(value, float) else f"`{path[6:]}` = {value}"
                      for path, value in end.items())
            for end in switch.ends(DEFAULTS)
        )  # fmt: skip
        rows.append((f"`{name}`", switch.meaning, low, high))
    return table(("switch", "what it is", "low end", "high end"), rows)


def targets(use: str) -> str:
    """Published numbers of one side: what was published, what of the library it speaks to, and its errors."""
    known, rows = read_places(), []
    for target in read_targets().values():
        if target.use == use:
            place = known[target.place].name + (" (seen)" if known[target.place].seen else "")
            value, error, reporting = (
                f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"
                for x in (target.value, target.error, target.reporting_error)
            )
            what = f"`{target.outcome}`" + (f", {target.how}" if target.how != "level" else "")
            figure = f"{value} ({error}; {reporting})"
            rows.append((target.id, place, target.quantity, what, figure, target.at, f"{target.kind}, {target.code}"))
    return table(("", "place", "published", "speaks to", "value (error; of reporting)", "at", "who, code"), rows)


def places() -> str:
    """Places elsewhere that are made into counties, and what is assumed of each."""
    rows = []
    for key, place in read_places().items():
        if place.start and place.stop:
            n = f"{place.n_villages:,}" + (f" for {place.villages:,}" if place.n_villages != place.villages else "")
            rows.append((f"`{key}`", place.name, n, f"{place.start} to {place.stop}", place.assumed))
    return table(("key", "place", "villages", "run", "assumed"), rows)


def main(*pages: str) -> None:
    """Write the tables of these pages anew."""
    for page in map(Path, pages):
        text = page.read_text(encoding="utf-8")
        if (new := written(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(f"{page}: tables are new")


def names(given: Iterable[str]) -> str:
    """Names in a cell."""
    return ", ".join(f"`{name}`" for name in given) or "-"


def _place(component: type[Component]) -> str:
    """Module of a process, as a table shows it."""
    return f"`{component.__module__.rpartition('.')[2]}`"


def first(what: Any) -> str:
    """First paragraph of a docstring, without its full stop."""
    return sentences(what).partition("\n\n")[0].rstrip(".")


if __name__ == "__main__":
    main(*sys.argv[1:])
