"""Text that others wrote: plain where it is shown, and refused where it is read if it could not be told from another."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from villagesim.errors import VillagesimError

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
"""Letters and marks that show nothing, though they are no blanks."""
INSTEAD = "\ufffd"
"""What is shown in place of a character that does something, or shows nothing."""
ENDS, BEGINS = "，。、；：？！）］》”’%·/", "（［《“‘·/"
"""Marks of Chinese that begin no line, and that end none."""
WIDE = 0x2E7F
"""Letters from here on are as wide as high, and a line may end behind each of them."""
LONGEST = 200
"""Characters of a title or a name at most."""


def acts(character: str) -> bool:
    """Whether a character moves the cursor, turns the direction, breaks the line, or shows nothing: it is no plain text."""
    if character < "\x7f":
        return character < " "
    if character in BLANK or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return True
    return ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"  # Unicode's noncharacters


def plain(text: str, *, lines: bool = False) -> str:
    """Text in which no character acts: those that would are replaced, line breaks only where ``lines`` may not stand."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if not acts(character) or (lines and character == "\n") else INSTEAD for character in text)


def line(value: Any, what: str, *, error: type[VillagesimError] = VillagesimError) -> str:
    """Take a title, name or label: one line of text that shows all that is in it.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is no text, is blank, or holds what nobody sees.
    """
    if not isinstance(value, str):
        raise error(f"{what} = {value!r} must be text.", fix="Write it in quotation marks.")
    if not value.strip():
        raise error(f"{what} = {value!r} is blank.", fix="Give it a name that can be read.")
    if "\n" not in value and value != value.strip():
        raise error(f"{what} = {plain(value)!r} begins or ends with a blank.", fix="Take it out.")
    if len(value) > LONGEST:
        raise error(f"{what} = {plain(value[:40])!r}... has {len(value):,} characters.", fix=f"Give at most {LONGEST}.")
    for place, character in enumerate(value, start=1):
        if acts(character) or not (character == " " or not character.isspace() or character == "\u3000"):
            raise error(
                f"{what} = {plain(value)!r}: character {place} is {_name(character)}, which cannot be seen.",
                fix="Take it out: write the text anew, in plain characters on one line.",
            )
    return value


def lines(value: Any, what: str, *, error: type[VillagesimError] = VillagesimError) -> str:
    """Take a text of one or more lines that shows all that is in it; it may be blank.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is no text, or holds what nobody sees.
    """
    if not isinstance(value, str):
        raise error(f"{what} = {value!r} must be text.", fix="Write it in quotation marks.")
    for part in value.splitlines():
        if part.strip():
            for character in part.replace("\t", " "):
                if acts(character):
                    raise error(f"{what} holds {_name(character)}, which cannot be seen.", fix="Take it out.")
    return value


def _name(character: str) -> str:
    unnamed = "a control character" if unicodedata.category(character) == "Cc" else "no character"
    return f"U+{ord(character):04X} ({unicodedata.name(character, unnamed).lower()})"


def pieces(text: str) -> Iterator[str]:
    """Words with the blank behind them; letters of Chinese one by one, with the marks that may not begin or end a line."""
    piece = ""
    for letter in text:
        wide = bool(piece) and max(ord(letter), ord(piece[-1])) > WIDE
        if (wide and letter not in ENDS and piece[-1] not in BEGINS) or piece.endswith(" "):
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece
