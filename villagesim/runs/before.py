"""What a folder held before it was written to again: what of it is gone is told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from villagesim.languages import _
from villagesim.runs.store import made_of
from villagesim.runs.writing import MANIFEST, printable
from villagesim.wording import the_first

MOST_NAMED = 6
"""Files that are told by name."""


@dataclass(frozen=True)
class Before:
    """What was made of results in a folder, and how many replications these had, none where there were none."""

    folder: Path
    made: frozenset[str]
    replications: int

    @classmethod
    def of(cls, folder: Path) -> "Before":
        """Look at a folder that need not be there."""
        files = frozenset(printable(path.relative_to(folder)) for path in made_of(folder))
        return cls(folder, files, _replications(folder))

    def said(self) -> Iterator[str]:
        """What is there no more now, in a line each."""
        now = Before.of(self.folder)
        if gone := sorted(self.made - now.made):
            names = the_first(gone, MOST_NAMED)
            yield _("Out of date, and removed from {folder}: {names}.", folder=printable(self.folder), names=names)
        if 0 < now.replications < self.replications:
            yield _(
                "Tables and figures in {folder} are of {n} replications now; they were of {before}, whose runs are kept there.",
                folder=printable(self.folder), n=now.replications, before=self.replications,
            )  # fmt: skip


def _replications(folder: Path) -> int:
    """Replications of the results in a folder, by its manifest; 0 where it does not tell, or says how many at most."""
    try:
        design = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["design"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return 0
    found, at_most = design.get("replications"), design.get("until_settled") or design.get("until_best")
    return found if isinstance(found, int) and not at_most else 0
