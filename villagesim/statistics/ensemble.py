"""Draws from a density over the unit cube, by walkers that move along the lines between them.

Walkers move over log odds, where the cube has no edges. The two halves of them move in turn, each walker along the line to
one of the other half, which needs no scale and no tuning.

Source: Goodman and Weare 2010, Communications in Applied Mathematics and Computational Science 5, 65-80; Gelman et al. 2013,
Bayesian Data Analysis, chapter 11 (convergence).
"""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, log_expit, logit

from villagesim.arrays import Floats
from villagesim.randomness import Draws

__all__ = ["convergence", "walked"]

STRETCH = 2.0
"""Most that a walker's distance to the other one is stretched."""


def walked(
    log_density: Callable[[Floats], Floats], k: int, draws: Draws, *, walkers: int, steps: int, every: int
) -> Floats:
    """Walk, and keep all walkers every so many steps, the first half of all steps left out.

    Parameters
    ----------
    log_density : (n, k) -> (n,)
        Of the density over the unit cube, up to a constant.
    walkers : int
        An even number, more than twice ``k``.

    Returns
    -------
    (n_kept, walkers, k)
        Places in the unit cube.
    """

    def density(z: Floats) -> Floats:
        return np.asarray(log_density(expit(z)) + (log_expit(z) + log_expit(-z)).sum(axis=1))

    half, kept = walkers // 2, []
    z = logit(draws.uniform("start", np.arange(walkers)[:, np.newaxis], np.arange(k)))
    log_p = density(z)
    keys = np.arange(steps)[:, np.newaxis, np.newaxis], np.arange(2)[:, np.newaxis], np.arange(half)
    partners = (draws.uniform("partner", *keys) * half).astype(int)
    stretches = ((STRETCH - 1) * draws.uniform("stretch", *keys) + 1) ** 2 / STRETCH
    lots = np.log(draws.uniform("accept", *keys))
    sides = slice(None, half), slice(half, None)
    for step in range(steps):
        for side, mine in enumerate(sides):
            partner, stretch = z[sides[1 - side]][partners[step, side]], stretches[step, side]
            tried = partner + stretch[:, np.newaxis] * (z[mine] - partner)
            log_tried = density(tried)
            taken = lots[step, side] < (k - 1) * np.log(stretch) + log_tried - log_p[mine]
            z[mine] = np.where(taken[:, np.newaxis], tried, z[mine])
            log_p[mine] = np.where(taken, log_tried, log_p[mine])
        if step >= steps // 2 and step % every == 0:
            kept.append(expit(z))
    return np.array(kept)


def convergence(kept: Floats) -> Floats:
    """Potential scale reduction of each parameter, ``(k,)``: 1 where first and second half of all walks tell the same."""
    n = len(kept) // 2 * 2
    halves = logit(kept[:n]).reshape(2, n // 2, *kept.shape[1:]).swapaxes(1, 2).reshape(-1, n // 2, kept.shape[2])
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    between = halves.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((n / 2 - 1) / (n / 2) + between / within))
