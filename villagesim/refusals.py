"""Refusals in the language that is spoken: an error stays English as data, and is told where it is shown.

Its words are found again by patterns of the catalogue, whose places are told in turn; names, paths and values stay.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from villagesim.errors import VillagesimError
from villagesim.languages import ENGLISH, QUOTED, STRATEGY, named, refusals, spoken

E = TypeVar("E", bound=VillagesimError)
PLACE = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[A-Za-z]{2,}")
END = re.compile(r"(?<=[.?])(\s+)")
"""What stands between two sentences."""
LIST, LISTED = re.compile(r"(, | and | or a | or )"), {", ": "、", " and ": " 和 ", " or ": " 或 ", " or a ": " 或 "}
TIGHT = re.compile(r"(?<=[\u4e00-\u9fff）”]) (和|或) (?=[\u4e00-\u9fff（“])")
"""A word between two in Chinese, which needs no blanks; names in other letters do."""
EDGE = "\0"
"""Stands at both ends of what is filled in, until all is filled."""
LOOSE, LATIN = "[\u4e00-\u9fff，。；：、）”]", "[A-Za-z0-9]"
TIGHTEN = re.compile(f"(?<={LOOSE}) {EDGE}(?=[\u4e00-\u9fff（“])|(?<={LOOSE}){EDGE} (?=[\u4e00-\u9fff（“])")
"""Blanks between letters of Chinese, one of which is filled in."""
LOOSEN = re.compile(f"(?<=[\u4e00-\u9fff]){EDGE}(?={LATIN})|(?<={LATIN}){EDGE}(?=[\u4e00-\u9fff])")
"""Where there is none between one of Chinese and another."""
NAMES_IN_CHINESE = re.compile(r"[\w（）()·-]+( \([\d,.]+\))?(, [\w（）()·-]+( \([\d,.]+\))?)+")
"""Names that are listed and hold no word that one could tell."""
COUNTED = re.compile(r" \(([\d,.]+)\)")
"""How many there are of what is listed, behind it."""
AMOUNT = re.compile(r"([\d.,e+-]+) (.+)")
EDGES, COMMAS = " ,;", {", ": "，", "; ": "；"}
TWO, MOST = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}"), 6
"""Words that nobody has told, and patterns that are tried to leave none."""
SEVERAL = re.compile(rf"{TWO.pattern}|[,:;=] ")
PLURAL = "s"
NAMES = ("key", "name", "path", "column", "code", "outcome", "strategy", "label")
"""Places that hold names, where a single word is nobody's to tell."""
MESSAGES = ("message",)
"""Places that hold a whole refusal, with places of its own."""
LISTS = ("known", "close")
"""Places that list what can be written."""
FIGURES = ("n", "k", "year", "number", "line_num")
"""Places that hold a figure."""
FIGURE = re.compile(r"\d[^ ]*")
PLACED, BETWEEN = re.compile(r": |(?<=\]) (?!\[)"), re.compile(r", (?![^(]*\))| (?=row )|(?<=\]) (?=\[)")
"""What stands behind the places of a refusal, and between two of them."""
HIDDEN = 0xE000
"""Signs of private use from here on stand for quoted names with blanks, whose words are nobody's to tell."""


def retold(problem: E) -> E:
    """Return the same error in the language that is spoken: its rule, its way out, each of its places, and what else is wrong."""
    rule, fix, at = retell(problem.rule), retell(problem.fix), map(retell, problem.at)
    return type(problem)(rule, fix=fix, at=at, others=map(retold, problem.others))


def retell(text: str) -> str:
    """Tell words of an error in the language that is spoken; what is not known stays as it is."""
    code = spoken()
    return text if code == ENGLISH else _patterns(code).told(text)


def retell_kept(text: str) -> str:
    """Tell a whole refusal that was kept as a text, as that of a run that failed: each of its places, and what is said there."""
    code = spoken()
    return text if code == ENGLISH else Telling(_patterns(code)).told(text, kept=True)


class Pattern:
    """Fixed words with places between them, and what they are in another language."""

    def __init__(self, message: str, twin: str) -> None:
        self.first, *rest = PLACE.split(message)
        self.names, self.words, self.twin = rest[::2], rest[1::2], twin
        fixed = PLACE.sub("", message)
        self.length, self.says_something = len(fixed), bool(WORD.search(fixed))

    def parts(self, text: str) -> list[str] | None:
        """What stands at the places, each as short as it can be; none where the words are others."""
        if not text.startswith(self.first) or not text.endswith(self.words[-1]):
            return None
        at, last, found = len(self.first), len(text) - len(self.words[-1]), []
        for words in self.words[:-1]:
            if (end := text.find(words, at)) < 0:
                return None
            found.append(text[at:end])
            at = end + len(words)
        return [*found, text[at:last]] if at <= last and self._whole(*found, text[at:last]) else None

    def _whole(self, *parts: str) -> bool:
        """Whether no word is cut in two, nor a bracket, and figures are figures."""
        around = zip((self.first, *self.words), parts, self.words, strict=False)
        cut = any(
            part not in ("", PLURAL) and (_joined(before[-1:], part[0]) or _joined(part[-1], after[:1]))
            for before, part, after in around
        )
        return (
            not cut
            and all(map(_closed, parts))
            and all(FIGURE.fullmatch(part) for name, part in zip(self.names, parts, strict=True) if name in FIGURES)
        )

    def filled(self, parts: Sequence[str]) -> str:
        """Tell it with these parts."""
        given = dict(zip(self.names, parts, strict=True))
        said = PLACE.sub(lambda place: f"{EDGE}{given.get(place[1], place[0])}{EDGE}", self.twin)
        return _loose(TIGHTEN.sub("", said))


class Patterns:
    """All that refusals say; what has most fixed words goes first."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.exact = {message: twin for message, twin in known.items() if not PLACE.search(message)}
        placed = [Pattern(*each) for each in known.items() if PLACE.search(each[0])]
        self.placed = sorted(placed, key=lambda pattern: -pattern.length)
        self.tails: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in self.placed:
            self.tails[_begin(pattern.first)].append(pattern)
        self.quotes = {quoted for message in known for quoted in QUOTED.findall(message)}

    def told(self, text: str) -> str:
        """Tell a text, with quoted names as they are."""
        return Telling(self).told(text)


class Telling:
    """One text that is told, with what was seen and hidden on the way."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.hidden: list[str] = []
        self.seen: dict[str, str | None] = {}

    def told(self, text: str, *, kept: bool = False) -> str:
        """Tell it, with quoted names as they are."""
        said = (self._kept if kept else self._told)(QUOTED.sub(self._quoted, text))
        for k, name in reversed([*enumerate(self.hidden)]):  # what is listed may hold quoted ones
            said = said.replace(chr(HIDDEN + k), name)
        return said

    def _quoted(self, found: re.Match[str]) -> str:
        return found[0] if " " not in found[0] or found[0] in self.patterns.quotes else self._hide(found[0])

    def _hide(self, name: str) -> str:
        """A sign that stands for a name until all is told."""
        self.hidden.append(name)
        return chr(HIDDEN + len(self.hidden) - 1)

    def _kept(self, text: str) -> str:
        """Tell a whole refusal: with the first places that leave no words in the one language, else as one text."""
        ways = []
        for found in PLACED.finditer(text):
            places = BETWEEN.split(text[: found.start()])
            if all(map(self._is_place, places)):
                ways.append(str(VillagesimError(self._kept(text[found.end() :]), at=map(self._told, places))))
        ways.append(self._told(text))
        return next((told for told in ways if not TWO.search(told)), ways[0])

    def _is_place(self, text: str) -> bool:
        return " " not in text or (not END.search(text) and self._known(text) is not None)

    def _told(self, text: str) -> str:
        bare = text.strip(EDGES)
        if not WORD.search(bare):
            listed = COUNTED.sub(r"（\1）", text).replace(", ", LISTED[", "])
            return listed if NAMES_IN_CHINESE.fullmatch(text) else text
        if (found := self._known(bare)) is None:
            return text
        before, after = text.split(bare, 1)
        return COMMAS.get(before, before) + found + after.rstrip()

    def _known(self, text: str) -> str | None:
        """A text in the other language; none where nothing is known of it."""
        if text not in self.seen:
            self.seen[text] = self.patterns.exact[text] if text in self.patterns.exact else self._found(text)
        return self.seen[text]

    def _found(self, text: str) -> str | None:
        """The first way to tell it that leaves no words in the one language; else the first."""
        first = None
        for told in self._ways(text):
            if told is not None and not TWO.search(told):
                return told
            first = first or told
        return first

    def _ways(self, text: str) -> Iterator[str | None]:
        """Ways to tell a text: whole, without its full stop, sentence by sentence, as something with words, in parts."""
        sentences = END.split(text)
        items = text.split("; ")
        if len(items) > 1 and text[-1] not in ".?" and all(self._known(item) for item in items):
            yield "；".join(map(self._told, items))
        fits = [(pattern, parts) for pattern in self.patterns.placed if (parts := pattern.parts(text)) is not None]
        fits.sort(key=lambda fit: not fit[0].words[-1].endswith(text[-1]))  # what ends as the text does
        yield from (self._filled(*fit) for fit in fits if fit[0].names[-1] in MESSAGES)
        loose = [fit for fit in fits if not fit[0].says_something]
        close = [fit for fit in fits if fit[0].says_something and not any(END.search(part) for part in fit[1])]
        yield from (self._filled(*fit) for fit in close[:MOST])
        if len(sentences) > 1:
            yield self._line(sentences)
        elif text.endswith("."):
            known = self._known(text[:-1])
            yield known and f"{known}。"
        yield from (self._filled(*fit) for fit in fits if fit not in loose and fit not in close)
        if len(sentences) == 1:
            yield from (self._filled(*fit) for fit in loose[:MOST])
        yield self._part(text)

    def _line(self, sentences: list[str]) -> str:
        """Sentences one after the other, as many together as are known so."""
        told: str | None
        said, at = "", 0
        while at < len(sentences):
            for end in range(len(sentences), at, -2):
                own = "".join(sentences[at:end])
                if told := self.patterns.exact.get(own) if end > at + 1 else self._known(own):
                    break
            blank = sentences[at - 1] if at else ""
            said += (blank if "\n" in blank or not told else "") + (told or own)
            at = end + 1
        return said

    def _filled(self, pattern: Pattern, parts: list[str]) -> str:
        return pattern.filled([self._in_place(*each) for each in zip(pattern.names, parts, strict=True)])

    def _in_place(self, name: str, part: str) -> str:
        if part == PLURAL:
            return ""
        if name in MESSAGES:
            return self._kept(part)
        if name in LISTS and not END.search(part):
            listed = part.replace(", ", LISTED[", "])
            return self._hide(listed) if WORD.search(listed) else listed
        if name.startswith(NAMES) and (" " not in part or (LIST.search(part) and part[-1] not in ".?)")):
            return part
        return named(part) if name == "unit" else self._told(part)

    def _part(self, text: str) -> str | None:
        """Words of tables, a number with its unit, something with words behind it, and a list."""
        for context in ("", STRATEGY) if " " in text or text[:1].isupper() else ():
            if (found := named(text, context)) != text:
                return found
        exact = self.patterns.exact
        if (unit := AMOUNT.fullmatch(text)) and (found := exact.get(unit[2]) or named(unit[2])) != unit[2]:
            return f"{unit[1]} {found}"
        for blank in re.finditer(" ", text):
            if behind := self._tail(text[blank.end() :]):
                return _loose(f"{self._told(text[: blank.start()])}{EDGE}{behind}")
        items = [text] if "/" in text else LIST.split(text)
        is_name = {", ", " and "} <= {*items[1::2]} or not all(map(_closed, items))  # no list of ours has both
        if len(items) > 1 and not is_name and not any(" " in item and self._known(item) is None for item in items[::2]):
            told = "".join(LISTED.get(item) or (self._told(item) if " " in item else item) for item in items)
            return TIGHT.sub(r"\1", told)
        return None

    def _tail(self, text: str) -> str | None:
        """Words behind something else: whole ones, or with no words in their places."""
        if " " in text and text in self.patterns.exact:
            return self.patterns.exact[text]
        for pattern in self.patterns.tails.get(_begin(text) or " ", ()):
            if (parts := pattern.parts(text)) is not None and not any(map(SEVERAL.search, parts)):
                return self._filled(pattern, parts)
        return None


def _begin(text: str) -> str:
    """First word, or the bracket that words begin with."""
    return "(" if text[:1] == "(" else text.partition(" ")[0]


def _loose(text: str) -> str:
    """What is filled in, with blanks between letters of Chinese and others, and without the marks of its edges."""
    return LOOSEN.sub(" ", text).replace(EDGE, "")


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")")


def _joined(one: str, other: str) -> bool:
    return one.isalpha() and other.isalpha()


@cache
def _patterns(code: str) -> Patterns:
    return Patterns(refusals(code))
