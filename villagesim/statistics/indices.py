"""Which inputs decide an output: elementary effects to screen many, Sobol' indices to split the variance over a few.

The first-order index of a factor is the share of the variance that goes away once the factor is known; its total-order
index is the share that stays as long as it alone is not known, interactions with all others included. Estimates may fall
below 0 or above 1; intervals come from drawing whole base samples or trajectories again.

Left out: second-order indices, and factors that depend on each other.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from villagesim.arrays import Floats
from villagesim.errors import DesignError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BASE", "NOTHING", "TOO_WIDE", "as_shares", "elementary_effects", "known_samples", "sobol_indices"]

NOTHING = "not distinguishable from zero"
TOO_WIDE = "too wide to say"
WIDE = 0.5
"""An interval that holds more than this part of what an index can be says nothing of its size."""
N_RESAMPLES = 1000
BASE = (0, -1)
"""Points of a sample of a Sobol' design that tell the variance; the others lie between them."""
STEP = 2 / 3
"""How far a factor on four levels moves."""


def sobol_indices(factors: Sequence[str], y: ArrayLike, seed: int, confidence: float = 0.95) -> "pd.DataFrame":
    """First-order and total-order indices of a Sobol' design, with bootstrap intervals.

    Parameters
    ----------
    factors : sequence of str
        Names, in the order of the design.
    y : (n_points,) array
        In the order of the design; a base sample with a NaN is left out whole.
    seed : int
        Of the resamples.

    Returns
    -------
    DataFrame
        ``factor, first_order, first_low, first_high, total_order, total_low, total_high, verdict``.

    Notes
    -----
    Source: Saltelli et al. 2010, Computer Physics Communications 181, 259-270, through SALib.
    """
    import pandas as pd
    from SALib.analyze.sobol import analyze

    found = analyze(
        _problem(factors), known_samples(y, len(factors) + 2, BASE).ravel(), calc_second_order=False, num_resamples=N_RESAMPLES,
        conf_level=confidence, seed=seed,
    )  # fmt: skip
    table = {"factor": list(factors)}
    for key, name, start in (("S1", "first_order", "first"), ("ST", "total_order", "total")):
        value, half = found[key], found[f"{key}_conf"]
        table |= {name: value, f"{start}_low": value - half, f"{start}_high": value + half}
    frame = pd.DataFrame(table)
    nothing = (frame["total_low"] <= 0) & (frame["first_low"] <= 0)
    through_others = (frame["total_low"] > 0) & (frame["first_low"] <= 0)
    shares = as_shares(frame)
    said, found_width = (table["total_high"] - table["total_low"] for table in (shares, frame))
    wide = (said > WIDE) | ((said == 0) & (found_width > WIDE))  # wholly outside of what an index can be
    words = [TOO_WIDE, NOTHING, "only together with others"]
    return frame.assign(verdict=np.select([wide, nothing, through_others], words, "by itself"))


def elementary_effects(
    factors: Sequence[str],
    unit: Floats,
    y: ArrayLike,
    seed: int,
    confidence: float = 0.95,
    counts: Collection[str] = (),
) -> "pd.DataFrame":
    """Mean absolute elementary effect of every factor of a Morris design, in the unit of ``y``.

    Parameters
    ----------
    factors : sequence of str
        Names, in the order of the columns.
    unit : (n_points, n_factors) array
        Places of the points in the unit cube: trajectories, in each of which every factor moves once.
    y : (n_points,) array
        A trajectory with a NaN is left out whole.
    seed : int
        Of the resamples.

    Returns
    -------
    DataFrame
        ``factor, effect, low, high, spread``: spread is the standard deviation over trajectories.

    Notes
    -----
    Source: Campolongo, Cariboni and Saltelli 2007, Environmental Modelling and Software 22, 1509-1518,
    through SALib.
    """
    import pandas as pd
    from SALib.analyze.morris import analyze

    n = len(factors) + 1
    blocks = known_samples(y, n)
    whole = np.isfinite(np.asarray(y, float)).reshape(-1, n).all(axis=1).repeat(n)
    found = analyze(
        _problem(factors), unit[whole], blocks.ravel(), num_levels=4, num_resamples=N_RESAMPLES, conf_level=confidence,
        seed=seed,
    )  # fmt: skip
    effect, half, spread = (np.asarray(found[key], float) for key in ("mu_star", "mu_star_conf", "sigma"))
    table = {"factor": list(factors), "effect": effect, "low": effect - half, "high": effect + half, "spread": spread}
    counted = [name in counts for name in factors]
    per = np.where(counted, STEP, 1.0)  # effects are per unit, and lucks are not some way apart
    return pd.DataFrame({name: column if name == "factor" else column * per for name, column in table.items()})


def as_shares(table: "pd.DataFrame") -> "pd.DataFrame":
    """Indices as they are said and drawn: estimates and ends below 0 or above 1 are as good as these."""
    said = [column for column in table if column.startswith(("first_", "total_"))]
    return table.assign(**table[said].clip(0, 1))


def _problem(factors: Sequence[str]) -> dict[str, object]:
    """The unit cube, as SALib asks for it."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def known_samples(y: ArrayLike, size: int, told_by: Sequence[int] | None = None) -> Floats:
    """Samples of a design in which every value is known, ``(n_samples, size)``.

    Parameters
    ----------
    told_by : sequence of int, optional
        Points of a sample that must not be alike in all of them; all of its points by default.

    Raises
    ------
    DesignError
        Where there are fewer than two, or they have nothing to explain.
    """
    blocks = np.asarray(y, float).reshape(-1, size)
    whole = blocks[np.isfinite(blocks).all(axis=1)]
    if len(whole) < 2:
        raise DesignError(
            f"{len(whole)} of {len(blocks)} samples are known at all of their {size} points, and two are needed.",
            fix="See the failures in the folder, or take narrower ranges.",
        )
    tell = whole if told_by is None else whole[:, told_by]
    if np.ptp(tell) <= 1e-12 * np.abs(tell).max():
        which = "points" if told_by is None else "base points"
        raise DesignError(
            f"the same at all {which} of the {len(whole)} samples that are known: there is nothing to explain.",
            fix="Take more samples, or vary other factors.",
        )
    return whole
