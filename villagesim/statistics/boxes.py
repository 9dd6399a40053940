"""Boxes in the space of what is varied that hold many of the cases of interest and few others, found by PRIM.

Boxes are found on the even points and judged on the odd ones, as a box always looks better where it was found. Limits that
chance would give are dropped by a test of its own for each limit, so a few of many may stay by luck.

Left out: boxes that are turned, as those of PCA-PRIM, and trees (CART).
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from inspect import signature
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools
from villagesim.errors import DesignError, RunError
from villagesim.extras import way_to
from villagesim.statistics.regret import share_on_target

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["find_boxes", "prim"]

SURE = 0.05
"""A limit that chance would give with more than this probability is dropped."""
ANY = 1e-9
"""Mean from which the workbench keeps a box: all of them, as the judging is done here; at 0 it would count all points."""


def find_boxes(points: "pd.DataFrame", missed: Bools, most_boxes: int = 3) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Boxes that hold many of the misses and few other points.

    Parameters
    ----------
    points : DataFrame
        A row a point, a column a factor, all numbers.
    missed : (n_points,) array of bool

    Returns
    -------
    boxes, quality : DataFrame
        ``box, factor, low, high, p``: limits (infinite on a side without one), and the chance of each by luck alone;
        ``box, coverage, density`` with intervals, ``clear`` where the density lies clearly above that of all points, and
        ``found_coverage, found_density`` on the points the box was found on. The first row is all points.

    Notes
    -----
    A later box holds none of the points of an earlier one. Of a box's peeling trajectory the step with the largest
    harmonic mean of coverage and density is taken.

    Source: Friedman and Fisher 1999, Statistics and Computing 9, 123-143; Bryant and Lempert 2010, Technological
    Forecasting and Social Change 77, 34-49, through the EMA Workbench.
    """
    import pandas as pd

    missed = np.asarray(missed, bool)
    finding = np.arange(len(points)) % 2 == 0
    if min(missed[finding].sum(), (~missed)[finding].sum()) < 5:
        raise DesignError(
            f"the target is missed at {missed.sum()} of {len(points)} points: nothing to be told apart.",
            fix="Give another target, wider ranges, or more points.",
        )
    limits: list[dict[str, Any]] = []
    quality = [_quality(0, np.ones(len(points), bool), missed, finding)]
    left = np.ones(len(points), bool)
    for box, found in enumerate(_peeled(points[finding], missed[finding], most_boxes), start=1):
        if not found:
            break
        inside = left.copy()
        for factor, (low, high, p) in found.items():
            inside &= points[factor].between(low, high).to_numpy()
            limits.append({"box": box, "factor": factor, "low": low, "high": high, "p": p})
        quality.append(_quality(box, inside, missed, finding))
        left &= ~inside
    judged = pd.DataFrame(quality)
    clear = judged["density_low"] > judged["density"].iloc[0]
    return pd.DataFrame(limits, columns=["box", "factor", "low", "high", "p"]), judged.assign(clear=clear)


def _quality(box: int, inside: Bools, missed: Bools, finding: Bools) -> dict[str, Any]:
    row: dict[str, Any] = {"box": box}
    for which, prefix in ((~finding, ""), (finding, "found_")):
        density, coverage = share_on_target(missed[which & inside]), share_on_target(inside[which & missed])
        for name, share in (("coverage", coverage), ("density", density)):
            row |= {prefix + name: share.value, f"{prefix}{name}_low": share.low, f"{prefix}{name}_high": share.high}
        row[f"{prefix}n"] = density.n
    return row


def _peeled(points: "pd.DataFrame", missed: Bools, most: int) -> Iterator[Mapping[str, tuple[float, float, float]]]:
    """Limits of one box after the other: factor to low, high, chance of it by luck."""
    prim_class = prim()
    more = {"threshold": ANY} if "threshold" in signature(prim_class).parameters else {}
    with _quiet():
        peeling = prim_class(points.reset_index(drop=True), missed, peel_alpha=0.1, **more)
        for _ in range(most):
            box = peeling.find_box()
            if box is None:
                return
            steps = box.peeling_trajectory
            score = 2 * steps["coverage"] * steps["density"] / (steps["coverage"] + steps["density"])
            box.select(int(score.to_numpy(float).argmax()))
            yield _sure_limits(box)


def _sure_limits(box: Any) -> dict[str, tuple[float, float, float]]:
    """Limits that chance would rarely give, infinite on a side where there is none."""
    _, table = box.inspect(style="data")[0]
    found = {}
    for factor in table.index:
        low, high, *chances = (float(number) for number in table.loc[factor])
        sure = [chance <= SURE for chance in chances]  # NaN, where there is no limit on that side, is not
        if any(sure):
            p = max(p for p, s in zip(chances, sure, strict=True) if s)
            found[str(factor)] = (low if sure[0] else -inf, high if sure[1] else inf, p)
    return found


def prim() -> Any:
    """PRIM of the EMA Workbench; refused with what to install where it is not there."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "ipyparallel not installed")
            from ema_workbench.analysis.prim import Prim
    except ImportError:
        raise RunError("boxes need the extra [discovery].", fix=f"Install it: {way_to('discovery')}") from None
    return Prim


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what the workbench says on the way, and as it was afterwards."""
    import warnings

    logger = logging.getLogger("EMA")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
