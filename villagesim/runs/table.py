"""Results by label: a value is found by its place, point, draw, strategy, replication and month, never by its row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real
from re import compile
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats, Ints
from villagesim.checks import names
from villagesim.errors import RunError, nearest
from villagesim.outcomes.outcomes import KEYS as RESERVED
from villagesim.scenario import NO_MERGER

if TYPE_CHECKING:
    import pandas as pd

KEYS = tuple(key for key in RESERVED if key != "village")
"""What tells one row from all others; outcomes are the other columns."""
ONE = {"place": "", "point": 0, "draw": 0}
"""What a frame without these keys is taken to hold."""
FAILED = ("point", "replication", "strategy", "message")
IDLE = ("point", "replication", "strategy", "policy", "why")
MONTH = compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, eq=False, repr=False)
class RunTable:
    """Outcomes of runs at one place, every strategy in the same replications of every point.

    Attributes
    ----------
    frame : DataFrame
        A row a run and month: `KEYS`, then outcomes; given in any order, kept by point, strategy, replication and month.
    strategies : tuple of str
        In the order in which they are shown.
    failures : DataFrame, optional
        Runs that failed, which have no rows: ``point, replication, strategy, message``.
    points : sequence of int, optional
        Points in their order; ascending by default.
    idle : DataFrame, optional
        Policies that never acted in a run: ``point, replication, strategy, policy, why``.
    constituents : DataFrame, optional
        What is kept of every constituent at the end: a row a run with ``strategy, replication``, and arrays ``(n_rows,)``.

    Raises
    ------
    RunError
        Where a row is missing, stands twice, or belongs to nothing that was asked for, where a label or a value is none, and
        where strategies of one replication are of different draws.
    """

    frame: "pd.DataFrame"
    strategies: tuple[str, ...]
    failures: "pd.DataFrame | None" = None
    points: Sequence[int] | None = None
    idle: "pd.DataFrame | None" = None
    constituents: "pd.DataFrame | None" = None
    months: tuple[str, ...] = field(init=False)
    n_replications: int = field(init=False)
    _cells: Ints = field(init=False, repr=False)
    _latest: dict[str, Floats] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        import pandas as pd

        object.__setattr__(self, "strategies", names(self.strategies, "strategies", error=RunError))
        frame = _columns(self.frame, [key for key in KEYS if key not in ONE], "results")
        frame = frame.assign(**{key: value for key, value in ONE.items() if key not in frame.columns})
        _check_labels(frame, KEYS)
        if frame.empty:
            raise RunError("the results hold no row.", fix="Run them again.")
        _one(frame, "place")
        _check_numbers(frame)
        failures = pd.DataFrame(columns=list(FAILED)) if self.failures is None else self.failures
        if len(_columns(failures, FAILED, "failures")):
            _check_labels(failures, FAILED)
        points = (
            sorted({*frame["point"].unique(), *failures["point"].unique()})
            if self.points is None
            else list(self.points)
        )
        if len(again := pd.Index(points)[pd.Index(points).duplicated()]):
            raise RunError(f"points: {again[0]} is there twice.", fix="Leave one out.")
        months = _months(frame)
        run = _Ranks(frame, failures, points)
        shape = (len(points), len(self.strategies), run.n, len(months))
        codes = (
            _codes(frame["point"], points, "point"), _codes(frame["strategy"], self.strategies, "strategy"), run.ranks,
            _codes(frame["month"], months, "month"),
        )  # fmt: skip
        cells = np.ravel_multi_index(codes, shape)
        times = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)
        self._check(times, run, points, months, failures)
        _check_draws(frame, codes[0] * run.n + codes[2])
        order = np.argsort(cells, kind="stable")
        others = [name for name in frame.columns if name not in KEYS]
        for name, value in {
            "frame": frame.iloc[order][[*KEYS, *others]].reset_index(drop=True), "failures": failures,
            "points": tuple(points), "months": months, "n_replications": run.n, "_cells": cells[order],
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        n = f"{len(self.points or ())} points, {self.n_replications} replications"
        return f"<runs: {len(self.strategies)} strategies, {n}, {self.months[0]} to {self.months[-1]}>"

    def _check(self, times: Ints, run: "_Ranks", points: Sequence[int], months: Sequence[str], failures: Any) -> None:
        """Refuse what stands twice, and what is missing though its run did not fail."""
        excused = np.zeros(times.shape[:3], bool)
        if len(failures):
            excused[
                _codes(failures["point"], points, "point"),
                _codes(failures["strategy"], self.strategies, "strategy"), run.failed,
            ] = True  # fmt: skip
        for wrong, said in (
            (times > 1, "stands more than once"), ((times == 0) & ~excused[..., None], "is missing"),
            ((times > 0) & excused[..., None], "is there, though its run failed"),
        ):  # fmt: skip
            if wrong.any():
                point, strategy, rank, month = (int(k[0]) for k in np.nonzero(wrong))
                raise RunError(
                    f"results: strategy {self.strategies[strategy]!r}, point {points[point]}, replication"
                    f" {run.replications[point, rank]}, month {months[month]} {said} ({wrong.sum()} such rows).",
                    fix="Give every row once, or leave out the whole replication.",
                )

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that were kept."""
        return tuple(name for name in self.frame.columns if name not in KEYS)

    def values(self, name: str) -> Floats:
        """Values of an outcome, ``(n_strategies, n_points, n_replications, n_months)``; NaN where a run failed.

        Points may have replications of their own: the third axis holds those of each, ascending. Read-only.
        """
        if name not in self.outcomes:
            raise RunError(f"the results have no {name}.", fix=nearest(name, self.outcomes))
        if name not in self._latest:  # most are asked for several times in a row
            assert self.points is not None
            shape = (len(self.points), len(self.strategies), self.n_replications, len(self.months))
            found = np.full(shape, np.nan)
            found.ravel()[self._cells] = self.frame[name].to_numpy(float)
            found.setflags(write=False)
            self._latest.clear()
            self._latest[name] = found.swapaxes(0, 1)
        return self._latest[name]

    def at(self, name: str, month: str | None = None) -> Floats:
        """Values at the end of a month, ``(n_strategies, n_points, n_replications)``; by default of the last."""
        return self.values(name)[..., self.rank(month)]

    def rank(self, month: str | None = None) -> int:
        """Place of a month among those of the results; by default of the last."""
        month = month or self.months[-1]
        if month not in self.months:
            raise RunError(
                f"at = {month!r} is not a month of the results, {self.months[0]} to {self.months[-1]}.",
                fix="Write it as 2025-12.",
            )
        return self.months.index(month)

    def of(self, strategy: str, name: str, month: str | None = None) -> Floats:
        """Values of one strategy at the end of a month, by default of the last, at the first point: ``(n_replications,)``."""
        if strategy not in self.strategies:
            raise RunError(f"the results have no strategy {strategy!r}.", fix=nearest(strategy, self.strategies))
        return self.at(name, month)[self.strategies.index(strategy), 0]

    def by_village(self, name: str) -> Floats:
        """What was kept of every constituent at the end of the run, at one point: ``(n_strategies, n_replications, n_rows)``."""
        assert self.constituents is not None
        cells = self.constituents.set_index(["strategy", "replication"])[name]
        replications = sorted(self.constituents["replication"].unique())
        return np.array([[cells[strategy, each] for each in replications] for strategy in self.strategies])

    def whole(self, key: str) -> "RunTable":
        """Only the replications, or only the points, in which no run failed, so that pairs stay together.

        Parameters
        ----------
        key : str
            ``replication`` or ``point``.
        """
        assert self.failures is not None
        kept = self.frame[~self.frame[key].isin(self.failures[key])]
        if kept.empty:
            message = self.failures["message"].iloc[0]
            raise RunError(
                f"a run failed in every {key}; the first: {message}",
                fix="Correct what failed, and run them again.",
            )
        idle, constituents = (
            None if table is None else table[~table[key].isin(self.failures[key])]
            for table in (self.idle, self.constituents)
        )  # fmt: skip
        return RunTable(kept, self.strategies, idle=idle, constituents=constituents)

    def with_world_without_merger(self, names: Iterable[str], own: Collection[str] = ()) -> "RunTable":
        """These outcomes are taken from the world without merger of the same replication, where it was run.

        Strategies with a map of their ``own`` keep theirs.
        """
        if NO_MERGER not in self.strategies:
            return self
        row = self.strategies.index(NO_MERGER)
        columns = {}
        for name in (name for name in names if name in self.outcomes):
            values = self.values(name).swapaxes(0, 1)
            found = np.broadcast_to(values[:, [row]], values.shape).copy()
            kept = [self.strategies.index(strategy) for strategy in own]
            found[:, kept] = values[:, kept]
            columns[name] = found.ravel()[self._cells]
        if not columns:
            return self
        return replace(self, frame=self.frame.assign(**columns))


class _Ranks:
    """Rank of every row's replication among those of its point, run or failed."""

    def __init__(self, frame: "pd.DataFrame", failures: "pd.DataFrame", points: Sequence[int]) -> None:
        import pandas as pd

        keys = ["point", "replication"]
        runs = pd.concat([frame[keys], failures[keys]], ignore_index=True).astype("int64")
        by_point = runs.drop_duplicates().sort_values(keys)
        counts = by_point.groupby("point", sort=False)["replication"].size().reindex(points, fill_value=0)
        self.n = int(counts.max())
        if (counts < self.n).any():
            point = counts.index[int((counts < self.n).argmax())]
            raise RunError(
                f"results: point {point} has {counts[point]} replications, and others have {self.n}: rows are missing.",
                fix="Give the rows of all, and as failures the runs that have none.",
            )
        codes = pd.MultiIndex.from_frame(by_point).get_indexer(pd.MultiIndex.from_frame(runs))
        order = pd.Index(points).get_indexer(by_point["point"])
        self.replications = np.empty((len(points), self.n), np.int64)
        rank = np.arange(len(by_point)) % self.n
        self.replications[order, rank] = by_point["replication"]
        ranks = rank[codes]
        self.ranks, self.failed = ranks[: len(frame)], ranks[len(frame) :]


def _codes(column: "pd.Series", names: Sequence[Any], what: str) -> Ints:
    import pandas as pd

    codes = np.asarray(pd.Index(names).get_indexer(column))
    if (codes < 0).any():
        raise RunError(
            f"results: {what} {column.iloc[int((codes < 0).argmax())]!r} is none of those that were run"
            f" ({', '.join(map(str, names[:8]))}).",
            fix="Leave these rows out.",
        )
    return codes


def _columns(frame: Any, needed: Sequence[str], what: str) -> "pd.DataFrame":
    """A frame with these columns, and none there twice."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise RunError(f"{what}: {frame!r:.60} is no table.", fix="Give a DataFrame of pandas.")
    if len(again := frame.columns[frame.columns.duplicated()]):
        raise RunError(f"{what}: the column {again[0]!r} is there twice.", fix="Leave one out.")
    if lost := [key for key in needed if key not in frame.columns]:
        raise RunError(f"{what} without {lost[0]}: rows cannot be told apart.", fix=f"Keep {', '.join(needed)}.")
    return frame


def _check_labels(frame: "pd.DataFrame", keys: Sequence[str]) -> None:
    """Refuse labels that are none, and points, draws and replications that are no whole numbers."""
    if lost := [key for key in keys if frame[key].isna().any()]:
        raise RunError(
            f"results: {lost[0]} is empty in {frame[lost[0]].isna().sum()} rows.", fix="Every row needs its labels."
        )
    for key in ("point", "draw", "replication"):
        if key in keys and frame[key].dtype.kind not in "iu":
            raise RunError(f"results: {key} must hold whole numbers, not {frame[key].dtype}.", fix="Correct it.")


def _months(frame: "pd.DataFrame") -> tuple[str, ...]:
    """Months in their order, which is that of their labels."""
    found = frame["month"].unique()
    if wrong := [month for month in found if not (isinstance(month, str) and MONTH.fullmatch(month))]:
        raise RunError(f"results: {wrong[0]!r} is not a month.", fix="Write it as 2025-12.")
    return tuple(sorted(found))


def _check_numbers(frame: "pd.DataFrame") -> None:
    """Refuse outcomes that hold anything but numbers, and nothing where one is not defined."""
    for name in frame.columns.drop(list(KEYS)):
        if frame[name].dtype.kind not in "iufb":
            for value in frame[name].dropna():
                if not isinstance(value, Real):
                    raise RunError(f"results: {name} holds {value!r:.40}, which is no number.", fix="Correct it.")


def _check_draws(frame: "pd.DataFrame", pairs: Ints) -> None:
    """Refuse rows of one point and replication that are of different draws: their differences would be those of maps."""
    draws = frame["draw"].to_numpy()
    of_pair = np.zeros(pairs.max() + 1, draws.dtype)
    of_pair[pairs] = draws
    if (wrong := of_pair[pairs] != draws).any():
        row = frame.iloc[int(wrong.argmax())]
        raise RunError(
            f"results: strategies of point {row['point']}, replication {row['replication']} are of different draws.",
            fix="Take all strategies of one draw, or give each draw a point of its own.",
        )


def _one(frame: "pd.DataFrame", key: str) -> None:
    """Refuse more than one value of a key."""
    if (n := frame[key].nunique()) > 1:
        raise RunError(f"results of {n} {key}s together.", fix=f"Take those of one, as frame[frame[{key!r}] == ...].")
