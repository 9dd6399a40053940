"""The ODD description of a scenario (Grimm et al. 2020): seven elements, the fourth in eleven design concepts."""

import sys
from datetime import timedelta

from villagesim.component import Component
from villagesim.docstrings import sentences
from villagesim.engine.calendar import CLOSING, STAGES
from villagesim.reference import tables
from villagesim.reference.describe import describe
from villagesim.reference.document import Item, bullets, document
from villagesim.reference.narrative import concept, section
from villagesim.reference.subject import Subject
from villagesim.runs.store import code_hash, fingerprint

CITED = (
    "Grimm, V. et al. (2020). The ODD protocol for describing agent-based and other simulation models: a second update to"
    " improve clarity, replication, and structural realism. *JASSS* 23(2), 7."
)
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def odd(subject: Subject) -> str:
    """Markdown of the whole description."""
    items = [
        Item(
            "1", "Purpose and patterns", section("1"),
            ("the question of your study, and by which of these patterns it shall be judged.",),
        ),
        Item("2", "Entities, state variables, and scales", _state(subject)),
        Item("3", "Process overview and scheduling", f"{section('3')}\n\n{schedule(subject)}"),
        Item("4", "Design concepts"),
        *(_concept(subject, f"4.{number}", name) for number, name in enumerate(CONCEPTS, start=1)),
        Item("5", "Initialization", f"{section('5')}\n\n{facts(subject)}", origin(subject)),
        Item("6", "Input data", section("6")),
        Item("7", "Submodels", _submodels(subject)),
    ]  # fmt: skip
    return document(f"ODD: {subject.scenario.title}", preface(subject, CITED), items)


def preface(subject: Subject, cited: str) -> str:
    """What is described, by which protocol, and from which code."""
    lines = [
        f"Follows {cited}",
        f"Made by villagesim {fingerprint()['libraries']['villagesim']} (code {code_hash()}) of its code, its page on the"
        f" model, and the scenario {subject.scenario.digest}.",
    ]
    results = subject.results
    if results is not None:
        lines.append(f"Results: `{results.folder.name}`, the answer to a question of the kind *{kind_of(subject)}*.")
        if not results.same_code:
            lines.append(
                f"**The results were made with other code ({results.about.get('code')}) than is described here**: describe"
                " them with the version that made them, or make them again."
            )
    return "\n\n".join(lines)


def kind_of(subject: Subject) -> str:
    """Kind of question whose answer the results are; a single run is none."""
    assert subject.results is not None
    return str(subject.results.about.get("question", "run"))


def origin(subject: Subject) -> tuple[str, ...]:
    """What only its author knows of the place: where its figures come from."""
    gaps = []
    if not subject.scenario.about:
        gaps.append("where the totals of the place come from ([about] of the scenario file says it here).")
    if subject.scenario.table:
        gaps.append("who collected your own figures of villages, when, and how.")
    return tuple(gaps)


def facts(subject: Subject) -> str:
    """The scenario in some lines, as ``villagesim check`` prints it."""
    return f"```text\n{describe(subject.scenario)}\n```"


def schedule(subject: Subject) -> str:
    """Who acts at a first of a month, stage by stage."""
    order = subject.world.calendar.order
    rows = []
    for stage in STAGES:
        owners = dict.fromkeys(owner for at, owner in order if at == stage)
        rows.append(("closing" if stage in CLOSING else "opening", f"`{stage}`", ", ".join(f"`{o}`" for o in owners)))
    return tables.table(("part of the first of a month", "stage", "who acts, in this order"), rows)


def state(subject: Subject) -> str:
    """All variables of the state, a table an entity."""
    parts = []
    for entity in subject.entities:
        rows = [(f"`{c.name}`", c.meaning, c.unit, f"`{c.owner}`" if c.owner else "-") for c in entity.columns]
        parts.append(f"**`{entity.name}`.** {entity.about}")
        parts.append(tables.table(("state variable", "meaning", "unit", "written by"), rows))
    return "\n\n".join(parts)


def scales(subject: Subject) -> str:
    """Extent and resolution in time and space."""
    scenario, world = subject.scenario, subject.world
    time, place = scenario.timetable, scenario.place
    return bullets([
        f"Time: continuous, in days, from {time.start} to {time.stop - timedelta(days=1)}: {len(world.calendar.months)}"
        " months; rates change at firsts of a month only.",
        f"Space: a county with {len(place.townships)} townships and {len(place.whole.before)} villages before any decree"
        f" ({world.n_rows} rows), {len(place.after) if scenario.merges else len(place.whole.before)} at the end; no"
        " distances.",
        f"On the first day: {world.endowment.residents.sum():,} residents, {world.endowment.members.sum():,} members,"
        f" {len(world.contracts.row):,} contracts, {len(world.assets.row):,} items (these contracts, what idles or is"
        " unbilled, debts), no project.",
    ])  # fmt: skip


def theory(process: type[Component]) -> str:
    """Paragraph on the theory that a process follows; empty where it names none."""
    paragraphs = said(process).split("\n\n")
    found = next((text for text in paragraphs if text.startswith("Theory: ")), "")
    return found.removeprefix("Theory: ").partition(" Left out: ")[0]


def said(process: type[Component]) -> str:
    """What a process says that happens in it, after which theory, and what is left out."""
    return sentences(sys.modules[process.__module__]) or sentences(process)


def _state(subject: Subject) -> str:
    return "\n\n".join([
        section("2"), "### Scales", scales(subject), "### State", "`written by` is the one process that changes a variable;"
        " where there is none it keeps the value of the first day.", state(subject), "### Record",
        "What is kept of the state month by month:", tables.columns(subject.known),
    ])  # fmt: skip


def _concept(subject: Subject, number: str, name: str) -> Item:
    text = concept(name)
    gaps: tuple[str, ...] = ()
    if name == "Basic principles":
        found = {p.__name__: theory(p) for p in subject.known.processes.values()}
        text += "\n\n" + bullets([f"`{process}`: {words}" for process, words in found.items() if words])
        gaps = ("which theory your study tests or adds to.",)
    if name == "Observation":
        text += "\n\n" + tables.outcomes(subject.known)
    return Item(number, name, text, gaps)


def _submodels(subject: Subject) -> str:
    known = subject.known
    parts = [
        "Formulas stand by their numbers (E1 to E20) in `docs/equations.md` of the source distribution. Who adds to the state"
        " of another process makes a deposit, which that one takes at its own stage.",
        "### Processes",
        *(f"**`{name}`.** {said(process)}" for name, process in known.processes.items()),
        tables.processes(known),
        "### Levers",
        "Quantities that policies and processes change together, each by the rule of its kind.",
        tables.levers(known),
        "### Policies",
        tables.channels(known),
        tables.policies(known.policies.values()).strip(),
        "### Parameters",
        f"Value, range, unit and source of all {len(known.parameters)}, as the scenario has them.",
    ]  # fmt: skip
    for theme, group in known.themes().items():
        parts += [f"**{theme.replace('_', ' ').capitalize()}**", tables.parameters(group)]
    return "\n\n".join([*parts, "### What is left out", section("8")])
