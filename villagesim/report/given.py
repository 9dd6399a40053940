"""What an answer was given: data and assumptions in the words of the scenario, goals, what was observed, and its strategies."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from villagesim.languages import ENGLISH, _, named, spoken
from villagesim.parameters import DEFAULTS
from villagesim.questions import asides
from villagesim.questions.answer import Answer
from villagesim.questions.contents import folded
from villagesim.questions.kinds import ELSEWHERE
from villagesim.reference.grounds import GROUNDS, ground
from villagesim.report.cells import told
from villagesim.text import plain
from villagesim.wording import factor_in_words, one_after_another

OF_POLICIES = ("policies.", "kinds.")
"""What the paths of factors begin with that are settings of policies."""
LONGEST = 1_200
"""Characters of what a scenario says of itself, or a strategy contains, that are shown."""


def given(answer: Answer) -> dict[str, Any]:
    """``about`` the figures of the place, ``grounds`` of the parameters, ``goals``, ``observed``, ``notes``, ``strategies``."""
    known, here = answer.known, answer.kind.name not in ELSEWHERE
    about = known.about or {} if here else {}
    notes = answer.facts.get("notes", {})
    seen = dict.fromkeys(each.source for each in known.observed) if here else ()
    return {
        "silent": here and known.about == {}, "grounds": _grounds(),
        "about": [(told(what.capitalize()), _short(_line(text))) for what, text in about.items()],
        "goals": list(map(plain, asides.goals(answer))) if here else [],
        "observed": _("; ").join(map(told, seen)), "held": list(map(plain, (*asides.observed(answer), *_counties(answer)))),
        "notes": list(map(plain, notes.get(spoken(), notes.get(ENGLISH, ())))), "strategies": _strategies(answer),
        "contents": one_after_another((_varied(answer), _left_out())),
    }  # fmt: skip


def _grounds() -> str:
    """What stands behind the parameters of the model, counted."""
    found = Counter(map(ground, DEFAULTS.values()))
    return _("; ").join(_("{word} {n}", word=named(word), n=found[word]) for word in GROUNDS if found[word])


def _counties(answer: Answer) -> Iterator[str]:
    """What of the counties of a national roll is data."""
    if answer.kind.name == "cohort" and answer.about.get("before"):
        if table := answer.about.get("table"):
            yield _(
                "Data of the counties: their rolls, and what {table} gives. All else is the scenario's, or drawn.",
                table=table,
            )
        else:
            yield _("Data of the counties: their rolls alone. All else is the scenario's, or drawn.")


def _strategies(answer: Answer) -> list[tuple[str, str]]:
    """Strategies of the answer that hold anything, each with what it contains."""
    contents = answer.known.contents.get(spoken()) or answer.known.contents.get(ENGLISH, {})
    asked = {*answer.facts.get("strategies", ()), *(answer.about.get("strategies") or ())}
    asked |= {answer.about.get(key) for key in ("strategy", "against")}
    parts = {name: own for name, own in contents.items() if name in asked}
    return [(told(name, "strategy"), _short(plain(_("; ").join(own)))) for name, own in folded(parts).items() if own]


def _varied(answer: Answer) -> str:
    """What of the strategies' contents is otherwise in some runs, in a sentence; nothing where they are the same in all."""
    if answer.kind.name == "cohort":
        return _(
            "Dates are those of the scenario. In each county a strategy begins as many months after the start of its runs as"
            " there, or in the year that the table of counties gives."
        )
    designs = (stage.points for stage in answer.stages.values() if stage.points is not None)
    paths = dict.fromkeys(path for points in designs for path in points if path.startswith(OF_POLICIES))
    if words := _("; ").join(dict.fromkeys(map(factor_in_words, paths))):
        return _("As in the scenario; the points of the design have other values of: {factors}.", factors=words)
    return ""


def _left_out() -> str:
    return _(
        "Settings that are as the library has them are left out, and so is what stands behind dots: all of it is in the"
        " scenario's file."
    )


def _line(text: str) -> str:
    return plain(" ".join(named(text).split()))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
