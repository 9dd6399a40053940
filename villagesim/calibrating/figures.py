"""What places give for their targets at points of a design, a run a point; kept in a folder, place by place."""

from collections import deque
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.design import Design, applied
from villagesim.evidence import PublishedTarget, figure_of, read_places, read_targets, scenario_of
from villagesim.evidence.made import AS_THERE
from villagesim.runs.runner import cores
from villagesim.runs.store import code_hash
from villagesim.simulation import simulate

if TYPE_CHECKING:
    import pandas as pd

POINTS = 10
"""Points of a piece of work."""


def targets_by_place() -> dict[str, list[PublishedTarget]]:
    """Targets that may set values and that a run says something of, by the key of their place."""
    found: dict[str, list[PublishedTarget]] = {}
    for target in read_targets().values():
        if target.use == "calibrate" and target.is_outcome:
            found.setdefault(target.place, []).append(target)
    return found


def seed_of(place: str, seed: int) -> int:
    """Seed of a place: places share no luck."""
    return int.from_bytes(blake2b(f"{seed}/{place}".encode(), digest_size=4).digest())


@dataclass(frozen=True)
class Piece:
    """Some points of a place."""

    place: str
    seed: int
    points: tuple[Mapping[str, Any], ...]

    def made_in(self, folder: Path) -> Floats:
        """Figures of its targets at its points, ``(n_points, n_targets)``, NaN where one is not defined; kept in a file."""
        told = f"{code_hash()}/{self.seed}/{self.points}".encode()
        path = folder / f"{self.place}-{blake2b(told, digest_size=8).hexdigest()}.npy"
        if not path.exists():
            unfinished = path.with_suffix(".part.npy")
            np.save(unfinished, np.array([self._at(values) for values in self.points]))
            unfinished.replace(path)
        return np.load(path)  # type: ignore[no-any-return]

    def _at(self, values: Mapping[str, Any]) -> list[float]:
        draw = values["draw"]
        values = {path: value for path, value in values.items() if path != "draw"}
        place, targets = read_places()[self.place], targets_by_place()[self.place]
        scenario = applied(scenario_of(place), values)
        endowment = scenario.endow(self.seed, draw)

        def run(strategy: str | None) -> Any:
            return simulate(scenario, strategy, self.seed, draw, draw=draw, endowment=endowment)

        there = run(AS_THERE)
        without = run(None) if any(target.how == "gain" for target in targets) else None
        return [figure_of(target, place, there, scenario.parameters, without) for target in targets]


def figures(designs: Mapping[str, Design], seed: int, folder: Path, workers: int | None = None) -> "pd.DataFrame":
    """Run all places, and give a row a point and a column a target.

    Parameters
    ----------
    designs : dict of place to Design
        With the same number of points each. Each draw has an endowment and luck of its own.
    folder : Path
        Keeps what was made; what is there for the same library, seed and points is not made again.
    """
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    pieces = {place: _pieces(place, designs[place], seed) for place in targets_by_place()}
    with ProcessPoolExecutor(workers or cores(), get_context("spawn")) as pool:
        rounds = zip(*pieces.values(), strict=True)  # the first points of all places before the next ones
        deque(pool.map(Piece.made_in, *zip(*((piece, folder) for each in rounds for piece in each), strict=True)), 0)
    return pd.DataFrame(
        {
            target.id: column
            for place, targets in targets_by_place().items()
            for target, column in zip(targets, np.concatenate([p.made_in(folder) for p in pieces[place]]).T, strict=True)
        }
    )  # fmt: skip


def _pieces(place: str, design: Design, seed: int) -> list[Piece]:
    rows = design.with_whole_numbers(scenario_of(place)).to_dict("records")
    return [Piece(place, seed_of(place, seed), tuple(rows[k : k + POINTS])) for k in range(0, len(rows), POINTS)]
