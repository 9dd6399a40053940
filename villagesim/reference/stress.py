"""The STRESS-DES description of a study (Monks et al. 2019): twenty items in six sections, one of them in five parts."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from villagesim.evidence import read_posterior, read_targets
from villagesim.policies import Policy
from villagesim.questions.answer import Stage
from villagesim.questions.contents import policy_in_words
from villagesim.reference import tables
from villagesim.reference.document import Item, bullets, document
from villagesim.reference.known import Known
from villagesim.reference.narrative import concept, section
from villagesim.reference.notes import notes
from villagesim.reference.odd import facts, kind_of, origin, preface, said, scales, schedule, state
from villagesim.reference.subject import Results, Subject
from villagesim.runs.store import code_hash, fingerprint

CITED = (
    "Monks, T. et al. (2019). Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines."
    " *Journal of Simulation* 13(1), 55-67 (STRESS-DES)."
)
INTERVALS = (
    "Differences to the baseline are paired by replication. Where at least ten of them vary their interval is Student's, made"
    " longer on the side of the skewness (Hall); where fewer do and the outcome has bounds, it is by the chance of a deviation"
    " (Clopper and Pearson); else none is given (*undecided*). Intervals that are read together hold together, with 95%."
)
ALGORITHMS = (
    "**Endowments** (E13): lognormal incomes, correlated within a township, and one rank-preserving map that makes the"
    " published mean and share exact; a user's own figures are kept.",
    "**The map of the merger**: links of old and new villages by codes, names, totals and order, each with a likelihood; drawn"
    " maps by Gumbel noise on it.",
    "**Votes** (E1): every part, or the joint assembly, says yes with a logistic chance of its own gain or loss.",
    "**The fund**: claims of a month are paid at once in whole fen, pro rata where money is short.",
    "**Settlement of land trusts** (E3, E18): floors first, then reserve, operator's money, default; once a year.",
    "**Clean-up** (E8, E16): what is ripe is taken up by yuan a day, unless its terms say otherwise.",
    "**Booking** (E17): nearest to the line first, by a chance of pressure, integrity and what is missing.",
    "**Arrivals**: exact and nested within a month, as rates change at its first only; a higher rate only adds arrivals.",
)
MANY = 12
"""Factors of a design beyond which they are counted, not listed."""
QUEUES = {
    "facilitators": "first come, first served; an attempt waits until it is its turn, or is voted without help where the posts"
    " end",
    "mediators": "by priority, then first come; a case that nobody hears within its patience leaves and becomes a petition",
    "service_posts": "first come, first served; a request leaves unheard when its patience ends",
    "audit_teams": "no queue of arrivals: ripe items by yuan a day first (or as the terms say), once a month",
}
"""Discipline of the queue at each desk, by the lever of its capacity."""
BOUNDS = (
    (
        "attempts at a milestone",
        "Poisson by village and integration (`attempt_rate`)",
        "voted, or lost while it is closed",
    ),
    ("disputes", "Poisson by constituent (`incident_rate`)", "settled in the village, heard, or gone higher"),
    ("requests", "Poisson by constituent where a policy gives a way (`request_rate`)", "handled, or given up"),
    ("projects", "seed money, and own investment of accounts", "die, end with term or firm, or outlast the run"),
    ("secretaries", "a successor where a holder leaves", "exits, elections, and the decree, which ends seats"),
    ("land trusts", "begun at a sowing", "none; their operators default and are replaced"),
    ("villages and people", "none: all are there on the first day", "none; a decree joins villages and loses nobody"),
)


def stress(subject: Subject) -> str:
    """Markdown of the whole description."""
    sections = (_objectives, _logic, _components, _data, _experimentation, _implementation)
    items = [item for section_of in sections for item in section_of(subject)]
    return document(f"STRESS-DES: {subject.scenario.title}", preface(subject, CITED), items)


def _objectives(subject: Subject) -> list[Item]:
    results = subject.results
    aims = "" if results is None else f"**Question.** *{kind_of(subject)}*, {_fields(results.choices)}."
    return [
        Item("1", "Objectives"),
        Item(
            "1.1", "Purpose of the model", section("1").partition("\n\nA pattern is")[0],
            ("background and objectives of your study.",),
        ),
        Item("1.2", "Model outputs", f"{tables.outcomes(subject.known)}\n\n{INTERVALS}"),
        Item(
            "1.3", "Experimentation aims",
            "\n\n".join(filter(None, [aims, "(A) Strategies:", _strategies(subject), _design(results)])),
            ("why these strategies were chosen, and which differences decide.",),
        ),
    ]  # fmt: skip


def _logic(subject: Subject) -> list[Item]:
    used = {policy.kind for strategy in subject.scenario.strategies.values() for policy in strategy}
    kinds = {kind: policy for kind, policy in subject.known.policies.items() if kind in used}
    rows = [(f"`{kind}`", tables.channel(policy), tables.names(policy.pulls)) for kind, policy in kinds.items()]
    base = subject.scenario.baseline
    return [
        Item("2", "Logic"),
        Item("2.1", "Base model overview diagram", schedule(subject)),
        Item("2.2", "Base model logic", "\n\n".join([section("3"), tables.processes(subject.known)])),
        Item(
            "2.3", "Scenario logic",
            f"The base case is *{base}*: no policy at all. A strategy adds policies; it may leave the decree out, as *no"
            " merger* does, or choose another map. Nothing else differs between them. A policy acts through the"
            " levers that it pulls, and through what it deposits:\n\n" + tables.table(("policy", "channel", "pulls"), rows),
        ),
        Item("2.4", "Algorithms", bullets(ALGORITHMS)),
    ]  # fmt: skip


def _components(subject: Subject) -> list[Item]:
    known = subject.known
    capacities = {name: lever for name, lever in known.assembly.all_levers.items() if lever.rule == "capacity"}
    resources = [(f"`{n}`", lever.meaning, lever.unit, lever.per, tables.names(known.pullers(n)))
                 for n, lever in capacities.items()]  # fmt: skip
    resources.append(("the county's fund", "money for policies", "fen", "county", "every policy with a cost"))
    queues = [(f"`{name}`", QUEUES.get(name, "as its process says")) for name in capacities]
    activities = [(f"`{p.__name__}`", said(p).partition("\n\n")[0]) for p in known.processes.values()]
    return [
        Item("2.5", "Components"),
        Item("2.5.1", "Entities", f"{section('2')}\n\n{state(subject)}"),
        Item("2.5.2", "Activities", tables.table(("process", "what entities do in it"), activities)),
        Item(
            "2.5.3", "Resources", tables.table(("resource", "what it is", "unit", "per", "who adds to it"), resources)
        ),
        Item("2.5.4", "Queues", tables.table(("desk", "discipline, and who leaves"), queues)),
        Item("2.5.5", "Entry/exit points", tables.table(("entity", "arrives", "leaves"), BOUNDS)),
    ]


def _data(subject: Subject) -> list[Item]:
    scenario, known = subject.scenario, subject.known
    targets = Counter(target.use for target in read_targets().values())
    about = bullets([f"{what}: {text}." for what, text in scenario.about.items()])
    remarks = bullets([f"Note: {note}." for note in notes(scenario)])
    assumed = [f"`{p.name}`" for p in known.parameters.values() if p.is_assumption]
    settings = "\n\n".join(f"**{theme}**\n\n{tables.parameters(group)}" for theme, group in known.themes().items())
    return [
        Item("3", "Data"),
        Item(
            "3.1", "Data sources",
            f"{about}\n\nParameters name their source each (3.3); keys and sections are those of `docs/sources.md` of the"
            f" source distribution. {sum(targets.values())} published numbers of other places stand beside the library:"
            f" {targets['calibrate']} that may set a value, {targets['validate']} that only judge, {targets['context']} as"
            f" context.\n\n{tables.informed(known.parameters.values())}".strip(),
            origin(subject),
        ),
        Item(
            "3.2", "Pre-processing",
            "Rolls are cut to the county and its townships, and old villages are linked to new ones. Tables are read with the"
            " units of their headings. Totals that are not published by village are shared out by draws that meet them"
            f" (2.4).\n\n{remarks}".strip(),
        ),
        Item("3.3", "Input parameters", f"{_inputs(subject)}\n\n{settings}"),
        Item(
            "3.4", "Assumptions",
            f"{len(assumed)} of {len(known.parameters)} parameters are assumptions: no source gives their value. They are"
            f" {', '.join(assumed)}.\n\nLeft out of the model:\n\n{section('8')}",
            ("which of these matter for your question, and what was found when they were varied.",),
        ),
    ]  # fmt: skip


def _experimentation(subject: Subject) -> list[Item]:
    results = subject.results
    gap = () if results is not None else ("how many replications were run, and why so many.",)
    return [
        Item("4", "Experimentation"),
        Item(
            "4.1", "Initialisation",
            "Terminating: the run ends on a date, whatever happens. There is no warm-up, as the first day is a date in a"
            " history and not a steady state: people, accounts, contracts, seats and twelve months of ledgers are there on it."
            f" Desks begin empty and fill within weeks.\n\n{section('5')}\n\n{facts(subject)}",
        ),
        Item("4.2", "Run length", scales(subject)),
        Item("4.3", "Estimation approach", f"{_replications(results)}\n\n{INTERVALS}", gap),
    ]  # fmt: skip


def _implementation(subject: Subject) -> list[Item]:
    made, results = subject.environment, subject.results
    libraries = ", ".join(f"{name} {number}" for name, number in made["libraries"].items())
    seed = "" if results is None else f" Seed of these results: {results.about.get('seed')}."
    code = code_hash() if results is None else results.about.get("code")
    return [
        Item("5", "Implementation"),
        Item("5.1", "Software or programming language", f"Python {made['python']}; {libraries}; {made['platform']}."),
        Item(
            "5.2", "Random sampling",
            f"{concept('Stochasticity')}\n\nUniforms are hashes of 64 bits (finaliser of splitmix64 over the words of a key);"
            f" all other distributions come from them by inversion. Strategies share all luck of a replication.{seed}",
        ),
        Item(
            "5.3", "Model execution",
            "Process interaction on SimPy, with one calendar process for all dated things (2.1): what falls on one date"
            " happens in one order, which no strategy changes. Priorities at desks: 2.5.4; those that"
            " nobody waits for are worked through, case by case and in the same order, when their month has ended. Replications"
            " run in parallel processes and share nothing; their number changes no result.",
        ),
        Item(
            "5.4", "System specification", f"{made['machine']}, {made['platform']}.",
            ("processor, memory, and how long all runs took.",),
        ),
        Item("6", "Code access"),
        Item(
            "6.1", "Computer model sharing statement",
            f"villagesim {fingerprint()['libraries']['villagesim']}, BSD-3-Clause; code {code}, scenario"
            f" {subject.scenario.digest}. The same code, scenario and seed give the same numbers."
            + (_own_code(subject.known)),
            ("where the scenario, own code and results are archived (DOI).",),
        ),
    ]  # fmt: skip


def _strategies(subject: Subject) -> str:
    lines = []
    for name, policies in subject.scenario.strategies.items():
        merger = "" if policies.merger else " (no decree comes)"
        told = (f"{policy_in_words(policy, subject.scenario)}{_changed(policy)}" for policy in policies)
        lines.append(f"*{name}*{merger}: {'; '.join(told) or 'no policy'}.")
    return bullets(lines)


def _changed(policy: Policy) -> str:
    """Settings of its own that are not the default."""
    common = {*Policy.__dataclass_fields__}
    given = {name: (getattr(policy, name), setting.default) for name, setting in policy.__dataclass_fields__.items()}
    own = {name: value for name, (value, default) in given.items() if name not in common and value != default}
    return f" ({_fields(own)})" if own else ""


def _design(results: Results | None) -> str:
    if results is None or results.answer is None:
        return ""
    lines = []
    for name, stage in results.answer.stages.items():
        points = 1 if stage.points is None else len(stage.points)
        strategies = ", ".join(f"*{s}*" for s in dict.fromkeys(stage.runs["strategy"]))
        n = stage.runs["replication"].nunique()
        failed = f"; {len(stage.failures)} runs failed and are left out" if len(stage.failures) else ""
        lines.append(
            f"{name or 'The runs'}: {points} point{'s' * (points > 1)}{_varied(stage)}, strategies {strategies},"
            f" {n} replications{failed}."
        )
    return "(B) Design:\n\n" + bullets(lines)


def _varied(stage: Stage) -> str:
    """What the points of a design set, from which value to which."""
    if stage.points is None:
        return ""
    varied = stage.points.drop(columns=["point", "draw", "replication"], errors="ignore")
    if len(varied.columns) > MANY:
        return f" over {len(varied.columns)} factors (tables/points.csv)"
    said = []
    for path, values in varied.items():
        numbers = values.dtype.kind in "if"
        tried = [f"{x:g}" for x in (values.min(), values.max())] if numbers else sorted(map(str, values.unique()))
        said.append(f"`{path}` {tried[0]} to {tried[-1]}")
    return f" of {', '.join(said)}" if said else ""


def _replications(results: Results | None) -> str:
    common = "Independent replications, the same ones (common random numbers) under every strategy."
    design = _design(results).removeprefix("(B) Design:\n\n")
    if results is not None and results.answer is None:
        return f"{common} One run is described here: replication {results.about.get('replication')}."
    return f"{common}\n\n{design}".strip()


def _inputs(subject: Subject) -> str:
    p = subject.known.parameters
    changed = [name for name in p if name in tables.LIBRARY.parameters and p[name] != tables.LIBRARY.parameters[name]]
    words = ", ".join(f"`{name}`" for name in changed) or "none"
    return (
        "Central value and range of every parameter. Draws of what is not known go over the ranges of all that is an"
        " assumption or of confidence B to D, uniformly: a range says where a value may lie, not how often. The"
        f" {len(read_posterior().paths)} that published numbers were calibrated on come from their posterior instead, where the"
        " scenario leaves them alone. Settings of"
        f" policies: 1.3.\n\nChanged from the library: {words}."
    )


def _own_code(known: Known) -> str:
    library = {*tables.LIBRARY.names()}
    own = [name for name in known.names() if name not in library]
    return f" Own parts: {', '.join(f'`{name}`' for name in own)}." if own else ""


def _fields(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items()) or "as by default"
