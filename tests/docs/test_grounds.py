"""Every number can be defended: its source leads to a page, and what no published figure gives says that it is an assumption."""

import re
from pathlib import Path

from villagesim.docstrings import attributes, sentences
from villagesim.evidence import read_targets
from villagesim.parameters import DEFAULTS, Parameter
from villagesim.policies import KINDS, Policy
from villagesim.reference.grounds import CODES, GROUNDS, KEY, ground, informing
from villagesim.reference.keys import keys_of

SOURCES = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
ARTICLE = re.compile(r"\bS\d\.[a-z_]+")
SECTION = re.compile(r"\b[Ee]vidence (\d+(?:\.\d+)?)")
OFF = ("`0`", "`0.0`", "`1`", "`1.0`", "none", "required")
"""Defaults that are no belief: nothing of it, all of it, or what must be chosen."""


def dead_ends(text: str) -> list[str]:
    """What a source names and no page holds: keys of articles, sections of the evidence, rows."""
    rows, targets = {*KEY.findall(SOURCES)}, read_targets()
    ids = [
        key for key in KEY.findall(text) if key not in rows and not any(f"{t}.".startswith(f"{key}.") for t in targets)
    ]
    there = {*re.findall(r"^### Evidence (\S+)|^\| (?=8\.)(\S+)", SOURCES, re.MULTILINE)}
    sections = [s for s in SECTION.findall(text) if not {(s, ""), ("", s)} & there]
    return ids + sections + [key for key in ARTICLE.findall(text) if key not in SOURCES]


def undefended(parameter: Parameter) -> bool:
    """Whether neither a published figure, nor the word assumption, nor a definition stands behind a value."""
    if "assumption" in parameter.source or ground(parameter) == GROUNDS[0] or informing(parameter):
        return False
    return not (ARTICLE.search(parameter.source) or {*"".join(CODES.findall(parameter.source))} & {*"SAB"})


def test_sources_of_parameters_and_policies_lead_somewhere() -> None:
    texts = {p.name: p.source for p in DEFAULTS.values()}
    for kind, policy in KINDS.items():
        texts[kind] = " ".join([sentences(policy), *(" ".join(said) for said in attributes(policy).values())])
    assert not {name: found for name, text in texts.items() if (found := dead_ends(text))}
    assert dead_ends("S9.none, Q99, evidence 4.9 (A)") == ["Q99", "4.9", "S9.none"]


def test_every_parameter_is_informed_by_a_published_figure_or_says_that_it_is_an_assumption() -> None:
    assert not [name for name, p in DEFAULTS.items() if undefended(p)]
    assert undefended(Parameter("a", "b", "share", 0.5, 0.2, 0.7, "evidence 4 (D)"))
    assert not undefended(Parameter("a", "b", "share", 0.5, 0.2, 0.7, "evidence 4 (A/D)"))


def test_every_number_of_a_policy_has_a_unit_and_a_source_or_is_an_assumption() -> None:
    source = re.compile(r"[Aa]ssumption|parameters|" + "|".join(p.pattern for p in (ARTICLE, SECTION, KEY)))
    for kind, policy in KINDS.items():
        said = attributes(policy)
        numbers = [key for key in keys_of(policy, Policy) if key.type.startswith(("number", "whole"))]
        for key in numbers:
            assert key.unit != "-", f"{kind}.{key.name}"
            assert key.default in OFF or source.search(" ".join(said[key.name])), f"{kind}.{key.name}"


def test_the_weakest_code_counts() -> None:
    grounds = {"S2.debt": 1, "evidence 9 (B, shrunk)": 2, "evidence 5 (A/C)": 3, "calibrated: x (D from B)": 4}
    for source, place in {**grounds, "assumption; sign: evidence 8.15 (A)": 5}.items():
        assert ground(Parameter("a", "b", "share", 0.5, 0.2, 0.7, source)) == GROUNDS[place]
