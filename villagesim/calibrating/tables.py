"""What a calibration says, in tables: parameters, pairs of them, published numbers, and how good the surfaces are."""

from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.calibrating.calibrated import Calibrated
from villagesim.calibrating.chosen import widths
from villagesim.calibrating.numbers import Number, own_values
from villagesim.evidence import read_places, read_targets
from villagesim.statistics.posterior import DOES_NOT_FIT, FITS, NO_FIT, posterior_table, surprise

if TYPE_CHECKING:
    import pandas as pd

TOGETHER = 0.5
"""Correlation from which two parameters are shown as a pair."""
COVERS = (0.80, 0.97)
"""Share of points left out that an interval of 90% should hold."""
LEANS, END = 0.3, 0.1
"""Share of a posterior that, within this share of the range, leans on its end: the numbers ask for values beyond it."""
LEAST_TOLD = 0.02
"""Share by which a number must narrow a parameter to be named."""


def parameters(found: Calibrated) -> "pd.DataFrame":
    """Prior and posterior of each parameter, and which numbers inform it: by how much it would be wider without them."""
    table = posterior_table(found.chosen, found.rows, np.full(len(found.rows), 1 / len(found.rows)), found.seed)
    told = _told(found)
    names = np.array([number.id for number in found.numbers])[found.fits]
    table["informed_by"] = [
        ", ".join(f"{names[k]} {share:.0%}" for k in np.argsort(-own)[:4] if (share := own[k]) >= LEAST_TOLD)
        for own in told
    ]
    place = (found.rows - np.array(list(found.chosen.values()))[:, 0]) / np.ptp(list(found.chosen.values()), axis=1)
    ends = {"low": (place < END).mean(axis=0), "high": (place > 1 - END).mean(axis=0)}
    table["leans_on"] = np.select([share > LEANS for share in ends.values()], list(ends), "")
    table["width_strict"] = found.strict.unit.std(axis=0) * np.sqrt(12)
    table["foretold"] = found.expected.set_index("path").loc[list(found.chosen), "width"].to_numpy()
    return table.sort_values("width", ignore_index=True)


def _told(found: Calibrated) -> Floats:
    """By what share a parameter would be wider without a number, were all linear and normal, ``(n_parameters, n)``."""
    chain, used = found.of_all, found.fits
    slopes = chain.surfaces.slopes[:, used]
    covariance = chain.covariance[np.ix_(used, used)] + np.diag(chain.errors[used] ** 2)
    everything, n = widths(slopes, covariance), int(used.sum())
    without = [
        widths(slopes[:, others], covariance[np.ix_(others, others)])
        for others in (np.arange(n) != k for k in range(n))
    ]
    return np.stack(without, axis=1) / everything[:, np.newaxis] - 1


def pairs(found: Calibrated) -> "pd.DataFrame":
    """Parameters that go together in the posterior: ``one, other, correlation``, the closest first."""
    import pandas as pd

    paths, correlation = list(found.chosen), np.atleast_2d(np.corrcoef(found.rows.T))
    rows = [
        (paths[i], paths[j], correlation[i, j])
        for i, j in zip(*np.triu_indices(len(paths), 1), strict=True)
        if abs(correlation[i, j]) >= TOGETHER
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "correlation"])
    return table.sort_values("correlation", key=lambda column: -column.abs(), ignore_index=True)


def published(found: Calibrated, again: "pd.DataFrame") -> "pd.DataFrame":
    """Every number beside what prior and posterior give by runs, those that fit worst first.

    Parameters
    ----------
    again : DataFrame
        Figures of runs at rows of the posterior.
    """
    import pandas as pd

    chain, targets = found.of_all, read_targets()
    own = np.sqrt(np.diag(own_values(found.numbers, chain.surfaces.slopes)))
    far = chain.implausible(chain.values, chain.surfaces.at(found.walks.rows(1000, found.seed))).min(axis=0)
    rows = []
    for k, number in enumerate(found.numbers):
        error = float(np.hypot(number.error, own[k]))
        row: dict[str, Any] = {
            "id": number.id, "place": read_places()[number.place].name, "quantity": targets[number.id].quantity,
            "compared_with": targets[number.id].outcome, "published": targets[number.id].value,
            "error": targets[number.id].total_error,
        }  # fmt: skip
        for name, sample in (("prior", _prior(found, number)), ("posterior", _posterior(found, number, again))):
            sample = sample[np.isfinite(sample)]
            ends = number.back(np.quantile(np.asarray(sample), (0.05, 0.5, 0.95)))
            row |= dict(zip((f"{name}_low", name, f"{name}_high"), ends.tolist(), strict=True))
            chance = surprise(sample, np.full(len(sample), 1 / len(sample)), number.value, error)
            row[f"surprise_{name}"] = chance
        fits = bool(found.fits[k]) and row["surprise_posterior"] >= NO_FIT / len(found.numbers)
        rows.append(row | {"used": bool(found.fits[k]), "off": far[k], "verdict": FITS if fits else DOES_NOT_FIT})
    table = pd.DataFrame(rows)
    return table.sort_values(["surprise_posterior", "off"], ascending=[True, False], ignore_index=True)


def _prior(found: Calibrated, number: Number) -> Floats:
    if number.path:
        low, high = found.bounds[number.path]
        return np.linspace(low, high, 201)
    return number.scaled(found.figures[number.id].to_numpy())


def _posterior(found: Calibrated, number: Number, again: "pd.DataFrame") -> Floats:
    if number.path:
        values: Floats = found.rows[:, list(found.chosen).index(number.path)]
        return values
    return number.scaled(again[number.id].to_numpy())


def surfaces(found: Calibrated) -> "pd.DataFrame":
    """How good each surface is: ``id, scale, explained, error, covers, verdict`` by points left out, the worst first."""
    import pandas as pd

    chain = found.of_all
    rows = []
    for number, left, explained in zip(
        found.numbers, chain.surfaces.left_out.T, chain.surfaces.explained, strict=False
    ):
        left = left[np.isfinite(left)]
        spread = float(np.sqrt((left**2).mean()))
        covers = float((np.abs(left) < 1.645 * spread).mean())
        rows.append(
            {"id": number.id, "outcome": read_targets()[number.id].outcome, "scale": "log" if number.log else "as it is",
             "explained": explained, "left": spread, "error": number.error, "covers": covers, "points": len(left),
             "verdict": "normal" if COVERS[0] <= covers <= COVERS[1] else "not normal"}
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values("explained", ignore_index=True)
