"""The language in which answers, figures and pages are told (中文、英文): one catalogue of messages, ``locale/zh.po``.

Messages are written in English where they are used, as whole sentences whose places have names:
``_("better with {names}", names=...)``.
Data stay English: words in tables and names of files are the same in every language, and are told in another where they are
shown (:func:`named`).
"""

import os
import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial, wraps
from gettext import NullTranslations
from pathlib import Path
from typing import Any, ParamSpec, Self, TextIO, TypeVar

from villagesim.errors import VillagesimError

P = ParamSpec("P")
R = TypeVar("R")
ENGLISH, CHINESE = LANGUAGES = ("en", "zh")
VARIABLE = "VILLAGESIM_LANG"
"""Environment variable that says which language is spoken, where nothing else does."""
PATTERN = "pattern"
"""Context of messages that are found again in words of tables, and not told by their code."""
REFUSAL = "refusal"
"""Context of what errors say, which stands last in a catalogue and is read where one is shown."""
STRATEGY = "strategy"
"""Context of names of strategies of the library's own scenarios: other names are their authors', whatever else is called so."""
AMOUNT = "yuan"
"""Place in a pattern that holds a sum, which is told as people say it."""
AMOUNTS = (AMOUNT, "more_yuan")
FIGURES = ("n", "m", *AMOUNTS)
"""Places in a pattern that hold a figure."""
MONTH = "month"
"""Place that holds a month."""
LISTS = ("names", "some", "headings")
"""Places in a pattern that hold a list of names, which stay as they are."""
OF_DATA = ("years", "sets")
"""Places that hold a list of what is told one by one."""
QUOTED = re.compile(r"""(?<!\w)'(?:[^'\\\n]|\\.)*'(?!\w)|"(?:[^"\\\n]|\\.)*\"""")
ITEM = re.compile(rf"(?:{QUOTED.pattern}|.)+?(?=, |$)")
"""An item of a list that :func:`~villagesim.errors.joined` wrote, where the one before it and its comma are passed."""
SIZES = {
    ENGLISH: ((1e6, 1e6, "million "), (1e4, 1e3, "thousand ")),
    CHINESE: ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
}
"""From what on figures are told in larger units, what they are divided by, and what stands before their unit then."""
LOOSE = re.compile("(?<=[，。；：、）]) +(?=[\u4e00-\u9fff])")
"""Blanks between a mark of Chinese, with which what is filled in may end, and a letter."""
APART = re.compile("(?<=[\u4e00-\u9fff])(?=[{](\\w+))|(?<=[{])(\\w+)[}](?=[\u4e00-\u9fff])")
"""Where a place touches a letter of Chinese, before it or behind it."""
_spoken: list[str] = []


class Catalogue(NullTranslations):
    """Messages of one language, read from a .po file: exact ones by their text, and patterns."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.messages: dict[str, str] = {}
        self.strategies: dict[str, str] = {}
        self.patterns: list[tuple[re.Pattern[str], str]] = []
        self.refusals = ""
        super().__init__(file)  # type: ignore[arg-type]

    def _parse(self, fp: Any) -> None:
        usual, context, refusals = fp.read().partition(f'msgctxt "{REFUSAL}"')
        self.refusals = context + refusals
        for entry in entries(usual):
            if entry.get("msgctxt") == PATTERN:
                self.patterns.append((matching(entry["msgid"]), entry["msgstr"]))
            elif entry.get("msgctxt") == STRATEGY:
                self.strategies[entry["msgid"]] = entry["msgstr"]
            elif entry["msgid"]:
                self.messages[entry["msgid"]] = entry["msgstr"]

    def gettext(self, message: str) -> str:
        """Return the message in this language; as it is, where it is not known."""
        return self.messages.get(message) or message

    def again(self, text: str) -> str:
        """Text of data in this language: a message, or what fits a pattern, with its parts; else as it is."""
        if text in self.messages or not text:
            return self.gettext(text)
        for pattern, told in self.patterns:
            if found := pattern.fullmatch(text):
                return told.format(**{name: self._part(name, part) for name, part in found.groupdict().items()})
        return text

    def _part(self, name: str, part: str) -> str:
        if name in AMOUNTS:
            return whole_sum(float(part.replace(",", "")))
        if name == MONTH:
            return month_as_said(part)
        if name not in (*LISTS, *OF_DATA):
            return self.again(part)
        items = [item.removeprefix(", ") for item in ITEM.findall(part)]
        return self.gettext(", ").join(items if name in LISTS else map(self.again, items))


class language:  # noqa: N801 - said as a verb: with language("zh"): ...
    """Speak a language from now on; as a context, within it.

    Parameters
    ----------
    code : str
        ``en`` or ``zh``.

    Raises
    ------
    VillagesimError
        Where there is no catalogue of it.
    """

    def __init__(self, code: str) -> None:
        self._before = list(_spoken)
        _spoken[:] = [_known(code, "language")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        _spoken[:] = self._before


def spoken() -> str:
    """Language that is spoken now: as :class:`language` or the environment says, else English."""
    return _spoken[0] if _spoken else _known(os.environ.get(VARIABLE) or ENGLISH, VARIABLE)


def _(message: str, /, **places: object) -> str:
    """Tell a message in the language that is spoken, with its places filled."""
    told = _catalogue(spoken()).gettext(message)
    return LOOSE.sub("", APART.sub(partial(_apart, places), told).format(**places)) if places else told


def _apart(places: Mapping[str, object], found: re.Match[str]) -> str:
    """A blank between a letter of Chinese and letters or figures of others that are filled in beside it."""
    before, behind = found.groups()
    edge = str(places[before])[:1] if before else str(places[behind])[-1:]
    blank = " " if edge.isascii() and edge.isalnum() else ""
    return blank if before else f"{behind}}}{blank}"


def named(text: str, context: str = "") -> str:
    """Name, unit, verdict or other word of a table in the language that is spoken; what others wrote stays as it is.

    Parameters
    ----------
    context : str
        ``strategy``: it is the name of one, and told only where it is that of one of the library's own.
    """
    catalogue = _catalogue(spoken())
    return catalogue.strategies.get(text, text) if context == STRATEGY else catalogue.again(text)


def meant(given: str, titles: Mapping[str, str], context: str = "") -> str:
    """The name that is meant, of names and their titles: as it is, or by the title as it is told."""
    told = {named(title, context): name for name, title in titles.items()}
    return given if given in titles else told.get(given, given)


def alike(names: Iterable[str]) -> tuple[str, str, str] | None:
    """Two strategies that a language would tell alike, and as what; none where all are told apart."""
    names = list(names)
    for code in LANGUAGES[1:] if any(not name.isascii() for name in names) else ():
        seen: dict[str, str] = {}
        for name in names:
            told = _catalogue(code).strategies.get(name, name)
            if told in seen:
                return seen[told], name, told
            seen[told] = name
    return None


def refusals(code: str) -> dict[str, str]:
    """What errors say, and what it is in a language."""
    return {entry["msgid"]: entry["msgstr"] for entry in entries(_catalogue(code).refusals)}


def marked(message: str) -> str:
    """Mark a message that :func:`named` tells where it is shown."""
    return message


def chinese() -> bool:
    """Whether Chinese is spoken."""
    return spoken() == CHINESE


def in_others(tell: Callable[[], R]) -> dict[str, R]:
    """What is told in every language but English, by its code."""
    found = {}
    for code in LANGUAGES[1:]:
        with language(code):
            found[code] = tell()
    return found


def as_now(tell: Callable[P, R]) -> Callable[P, R]:
    """Let a function speak the language of now, whenever it is called."""
    code = spoken()

    @wraps(tell)
    def told(*given: P.args, **more: P.kwargs) -> R:
        with language(code):
            return tell(*given, **more)

    return told


def entries(text: str) -> Iterator[dict[str, str]]:
    """Entries of a .po file: ``msgid``, ``msgstr``, and ``msgctxt`` where there is one."""
    for block in re.split(r"\n\s*\n", text):
        entry: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("msg"):
                key, line = line.split(" ", 1)
                entry[key] = ""
            if key and line.startswith('"'):
                entry[key] += literal_eval(line)
        if "msgid" in entry:
            yield entry


@cache
def _catalogue(code: str) -> Catalogue:
    if code == ENGLISH:
        return Catalogue()
    with Path(__file__).with_name("locale").joinpath(f"{code}.po").open(encoding="utf-8") as file:
        return Catalogue(file)


def _known(code: str, what: str) -> str:
    found = re.split(r"[_.-]", code.lower())[0] if isinstance(code, str) else ""
    if found not in LANGUAGES:
        raise VillagesimError(f"{what} = {code!r}: there is no such language.", fix=f"Give {' or '.join(LANGUAGES)}.")
    return found


def matching(message: str) -> re.Pattern[str]:
    """Expression that finds a message again, with its places."""
    words, *rest = re.split(r"\{(\w+)\}", message)
    found = re.escape(words)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        found += f"(?P<{name}>{'-?[0-9][0-9,]*(?:[.][0-9]+)?' if name in FIGURES else '.+?'}){re.escape(words)}"
    return re.compile(found)


def month_as_said(label: str) -> str:
    """A month as one says it in Chinese: 2021 年 7 月 of 2021-07."""
    return re.sub(r"(\d{4})-0?(\d+)", r"\1 年 \2 月", label)


def size(largest: float) -> tuple[float, str]:
    """What figures up to this one are divided by, so that they can be read, and what stands before their unit then."""
    return next(((per, word) for least, per, word in SIZES[spoken()] if abs(largest) >= least), (1.0, ""))


def whole_sum(value: float) -> str:
    """A sum of yuan with all its digits, in the unit that people say it in: 50 万元 of 500,000."""
    per, word = size(value)
    return f"{value / per:,.10g} {word}{named('yuan')}"
