"""The world in which the decree never comes: the same code with the decree switched off."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class NoMerger:
    """Switch the decree off, and with it the announcement."""

    kind: ClassVar[str] = "no_merger"
    label: ClassVar[str] = "no_merger"
