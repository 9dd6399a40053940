"""How good a forecast was: where what happened lies in it, how often it should lie inside, and a score that cannot be gamed.

Source: Gneiting and Raftery 2007, Journal of the American Statistical Association 102, 359-378 (scores); Dawid 1984, Journal
of the Royal Statistical Society A 147, 278-292 (ranks); Clopper and Pearson 1934, Biometrika 26, 404-413 (shares).
"""

import numpy as np

from villagesim.arrays import Floats

__all__ = ["crps", "rank_in", "share_interval", "with_error"]


def with_error(sample: Floats, error: float, n: int = 51) -> Floats:
    """A sample to which a normal error is added that does not depend on it, without any luck: by ``n`` equally likely values.

    Parameters
    ----------
    sample : (n_sample,)
    error : float
        Its standard deviation, in the unit of the sample.

    Returns
    -------
    (n_sample * n,)
    """
    from scipy.special import ndtri

    steps = ndtri((np.arange(n) + 0.5) / n)
    return (np.asarray(sample, float)[:, np.newaxis] + error * steps / steps.std()).ravel()


def crps(sample: Floats, value: float) -> float:
    """Continuous ranked probability score of a forecast that is a sample: 0 is best, in the unit of the sample.

    It is ``mean |x - value| - mean |x - x'| / 2``: of a forecast of one number its absolute error.
    """
    ranked = np.sort(np.asarray(sample, float))
    n = len(ranked)
    apart = 2.0 * float(((2 * np.arange(1, n + 1) - n - 1) * ranked).sum()) / n**2
    return float(np.abs(ranked - value).mean()) - apart / 2


def rank_in(sample: Floats, value: float) -> float:
    """Share of a forecast below what happened, 0 to 1, ties by half: uniform where forecasts are right."""
    sample = np.asarray(sample, float)
    return float((sample < value).mean() + (sample == value).mean() / 2)


def share_interval(n_inside: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of a share of which ``n_inside`` of ``n`` were seen, if they do not depend on each other."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(n_inside, n - n_inside + 1, tail)) if n_inside else 0.0
    high = float(betaincinv(n_inside + 1, n - n_inside, 1 - tail)) if n_inside < n else 1.0
    return low, high
