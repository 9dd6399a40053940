"""A note on what was read from files: English as data, told in the language that is spoken where it is printed."""

from villagesim.languages import named


class Note(str):
    """Text of a note."""

    __slots__ = ()

    def __str__(self) -> str:
        """As it is told."""
        return named("".join(self))
