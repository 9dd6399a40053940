"""The packaged posterior: what all published numbers that may set values say of parameters together."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.evidence.places import DATA
from villagesim.frozen import Frozen, locked
from villagesim.randomness import Draws


@dataclass(frozen=True, eq=False)
class JointPosterior:
    """Joint draws of parameters that published numbers inform.

    Attributes
    ----------
    paths : tuple of str
        What they set, as ``parameters.book_cap``.
    rows : (n_rows, n_paths)
        Equally likely.
    about : mapping
        Seed, size of the design, date, versions, and digests of what it follows from.
    """

    paths: tuple[str, ...]
    rows: Floats
    about: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Hash of its rows and of what they are rows of."""
        return blake2b(f"{self.paths}{self.rows.tolist()}".encode(), digest_size=12).hexdigest()

    def drawn(self, n: int, seed: int) -> Floats:
        """Draw values of a place, ``(n, n_paths)``, by seed and ``n`` alone: a row, and what is the place's own.

        All rows are used before one is used again. What is own is normal about the row; beyond the ends of the range it is
        turned back.
        """
        draws, points = Draws(seed, "posterior"), np.arange(n)
        shuffled = draws.uniform("shuffled", np.arange(len(self.rows))).argsort()
        rows = self.rows[shuffled[draws.uniform("row", points).argsort() % len(self.rows)]]
        low, high = np.array([self.about["ranges"][path] for path in self.paths]).T
        own = draws.normal("own", points[:, np.newaxis], np.arange(len(self.paths)))
        place = np.abs((rows - low) / (high - low) + self.about["own"] / np.sqrt(12) * own)
        return np.asarray(low + np.clip(1 - np.abs(1 - place), 0, 1) * (high - low))


def digest_of_targets() -> str:
    """Hash of the targets and places that are packaged."""
    content = b"".join((DATA / name).read_bytes() for name in ("targets.csv", "places.toml"))
    return blake2b(content, digest_size=12).hexdigest()


@cache
def read_posterior(folder: Path = DATA) -> JointPosterior:
    """Read the posterior that comes with the library, ``posterior.csv`` and ``posterior.json``."""
    with (folder / "posterior.csv").open(encoding="utf-8", newline="") as file:
        paths, *rows = csv.reader(file)
    about = json.loads((folder / "posterior.json").read_text(encoding="utf-8"))
    return JointPosterior(tuple(paths), locked(np.array(rows, float)), Frozen(about))
