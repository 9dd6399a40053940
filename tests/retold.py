"""Every refusal that a test provokes is told in Chinese: no English is left in it but names, values and what others wrote."""

import re
import sys
from functools import cache
from typing import Any

import pytest

import villagesim as vs
from villagesim.errors import VillagesimError
from villagesim.languages import QUOTED, refusals
from villagesim.refusals import PLACE, retell

TWO = re.compile(r"(?<![\w.-])(?=([A-Za-z]+) ([A-Za-z]+)(?![\w-]))")
"""Two words of Latin letters, one after the other: what is no English stands alone."""
OTHERS = re.compile(
    r"(?s)\n  它是：.*|这一行是：.*|已有的：[^。]*|(?<=U\+[0-9A-F]{4}) \(.*?\)|\w+Error[:：].*|(?<=TOML：)[^（]*"
    r"|Can't pickle.*|<.*?>"
)
"""What others wrote: what a parameter is, lines of code and what Python says of them, lists and names of characters."""


@cache
def english_in(text: str) -> list[str]:
    """Words of messages that are left side by side in the Chinese of a text; all of it where nothing is told."""
    with vs.language("zh"):
        told = QUOTED.sub("", OTHERS.sub("", retell(text)))
    return [f"{one} {other}" for one, other in TWO.findall(told) if {one, other} & _words()]


@cache
def _words() -> set[str]:
    """What messages say in English, without what their twins say as it is: keys, commands, names of files."""
    english, chinese = (
        {word for text in texts for word in re.findall("[A-Za-z]+", PLACE.sub("", text))}
        for texts in zip(*refusals("zh").items(), strict=True)
    )
    return english - chinese


class Refusals:
    """Errors that the library makes while a test runs."""

    def __init__(self) -> None:
        self.made: set[tuple[str, ...]] = set()

    def noted(self, patch: pytest.MonkeyPatch) -> None:
        """Note errors from now on."""
        begin = VillagesimError.__init__

        def made(problem: VillagesimError, rule: str, **more: Any) -> None:
            begin(problem, rule, **more)
            module = sys._getframe(1).f_globals["__name__"]
            if module.startswith("villagesim.") and module != retell.__module__:
                self.made.add((problem.rule, problem.fix, *problem.at))

        patch.setattr(VillagesimError, "__init__", made)

    def in_english(self) -> dict[str, list[str]]:
        """What is left in English, by the text; noted errors are forgotten."""
        texts = {text for made in self.made for text in made}
        self.made.clear()
        return {text: left for text in texts if (left := english_in(text))}
