"""What stands behind the value of a parameter: who gives it, and which published numbers speak to it."""

import re
from collections.abc import Mapping
from functools import cache

from villagesim.evidence import PublishedTarget, read_targets
from villagesim.languages import marked
from villagesim.parameters import Parameter

KEY = re.compile(r"\b(?:Q\d+(?:\.\d+)?|I[1-5]\.\d\d?|[MLSDRPWX]\d\d)\b")
"""Ids of published numbers in a text; Q29 means all of its parts."""
CODES = re.compile(r"\(([SABCD](?:[/, ]+[SABCD])*)\b")
"""Where a text says how sure it is, as (A/C) or (B, shrunk)."""
GROUNDS = ("definition", "article, or good study (S, A)", "press or second hand (B)", "memory or arithmetic (C, D)",
           "fitted to a published rate", "assumption")  # fmt: skip


def informing(parameter: Parameter) -> tuple[PublishedTarget, ...]:
    """Published numbers that speak to a parameter, set it, or are named by its source."""
    named = KEY.findall(parameter.source)
    return tuple(
        target
        for target, words in _words().items()
        if parameter.name in words or any(target.id == key or target.id.startswith(f"{key}.") for key in named)
    )


@cache
def _words() -> Mapping[PublishedTarget, frozenset[str]]:
    """What each number speaks to, and what it set."""
    return {target: frozenset({target.outcome, *re.findall(r"\w+", target.sets)}) for target in read_targets().values()}


def ground(parameter: Parameter) -> str:
    """Word of :data:`GROUNDS` for what gives the value: the weakest code where there are several."""
    if parameter.low == parameter.high and parameter.label != "assumption":
        return GROUNDS[0]
    if parameter.label in ("assumption", "calibrated"):
        return GROUNDS[-1 if parameter.label == "assumption" else -2]
    codes = set("".join(CODES.findall(parameter.source)))
    if codes & {"C", "D"}:
        return GROUNDS[3]
    return GROUNDS[2 if "B" in codes else 1]


def carried_over(parameter: Parameter) -> str:
    """What is assumed of a value that has a source and no number of the targets that may set it; of others nothing."""
    if "assumption" in parameter.source or any(target.use == "calibrate" for target in informing(parameter)):
        return ""
    if ground(parameter) == GROUNDS[0]:
        return marked("it is a definition, and no figure can show it")
    return marked("that what its source says holds here; no number of the targets may move it")
