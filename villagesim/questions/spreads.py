"""What draws of what is not known say of a number: its mean and error, its bands, and in how many draws it is better or worse."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.languages import ENGLISH, _, language, named
from villagesim.statistics.differences import LEAST, difference_interval
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.luck import chance_alone, share_above, told
from villagesim.statistics.variance import split_variance
from villagesim.wording import share, tells_nothing

TOO_FEW_DRAWS = "undecided (too few draws)"
BAND = (0.05, 0.95)
"""Shares below the ends of a band."""


def changes(x: Floats, bounds: tuple[float, float]) -> dict[str, Any]:
    """Mean difference and its error, draws being what is independent, and its spreads, within what differences can be."""
    least, most = bounds
    mean = difference_interval(x.mean(axis=1), bounds)
    row = {"mean": mean.mean, "low": mean.low, "high": mean.high, "differs": mean.differs}
    return row | (_spreads(x, (least - most, most - least)) if mean.n_differ >= min(LEAST, (mean.n + 1) // 2) else {})


def levels(x: Floats, bounds: tuple[float, float]) -> dict[str, Any]:
    """Mean and its error, and its spreads, within the bounds of the outcome."""
    mean = mean_interval(x.mean(axis=1))
    return {"mean": mean.mean, "low": mean.low, "high": mean.high, "differs": mean.differs} | _spreads(x, bounds)


def _spreads(x: Floats, bounds: tuple[float, float]) -> dict[str, Any]:
    """Bands of luck, of what is not known, and of both, and what part of the variance is not known."""
    split = split_variance(x)
    row = {"share_uncertain": split.share, "share_uncertain_low": split.low, "share_uncertain_high": split.high}
    return row | (bands(x, bounds) if np.isfinite(x).all() else {})


def bands(x: Floats, bounds: tuple[float, float], *, series: bool = False) -> dict[str, Any]:
    """Ends of the bands, within the bounds, of runs ``(n_draws, n_replications, ...)``; none of what cannot be told from luck.

    That of luck ends where that of both together does at the latest: it is a part of it.
    """
    found = told(x, series=series)
    bands: dict[str, Any] = {}
    whole = np.clip(np.quantile(x, BAND, axis=(0, 1)), *bounds)
    for name, spread in (
        ("chance", found.mean + found.luck),
        ("uncertain", found.as_told[:, np.newaxis]),
        ("total", x),
    ):
        low, high = np.clip(np.quantile(spread, BAND, axis=(0, 1)), *(whole if name == "chance" else bounds))
        bands |= {f"{name}_low": low, f"{name}_high": high}
    return bands


def shares(x: Floats, matters: float, direction: int) -> dict[str, float]:
    """Draws that are better and worse by more than what matters, and what draws that are all alike would give."""
    row: dict[str, float] = {}
    up = told(x)
    better, worse = (up, up.turned()) if direction > 0 else (up.turned(), up)
    for word, found in (("better", better), ("worse", worse)):
        of = share_above(found, matters)
        row |= {f"share_{word}": of.value, f"share_{word}_low": of.low, f"share_{word}_high": of.high}
        row[f"luck_{word}"] = chance_alone(found, matters)
    return row


def beyond(shares: Mapping[str, Any]) -> str:
    """In how many draws a strategy is better or worse, in a sentence: what happens in none is not told."""
    if shares["verdict"] in (TOO_FEW_DRAWS, "-"):
        return named(shares["verdict"])
    said = [
        _("{word}: too few draws to tell", word=named(word))
        if tells_nothing(shares[f"share_{word}_low"], shares[f"share_{word}_high"])
        else _("{word} in {share} of draws", word=named(word), share=share(shares, f"share_{word}"))
        for word in ("better", "worse")
        if shares[f"share_{word}"] or tells_nothing(shares[f"share_{word}_low"], shares[f"share_{word}_high"])
    ]
    return _(", ").join(said) or _("in no draw beyond the margin")


def in_how_many(shares: Mapping[str, Any]) -> str:
    """In how many draws a strategy is better and worse, in words, as far as the draws can tell."""
    known = {
        word: not tells_nothing(shares[f"share_{word}_low"], shares[f"share_{word}_high"])
        for word in ("better", "worse")
    }
    if not any(known.values()):
        return TOO_FEW_DRAWS
    with language(ENGLISH):
        return ", ".join(
            f"{word} in {share(shares, f'share_{word}')}" if known[word] else f"{word}: not known" for word in known
        )
