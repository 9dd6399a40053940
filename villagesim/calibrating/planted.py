"""The rank test of the whole chain: posteriors of planted cases, in which the truth must rank evenly.

A case is a point of the design: parameters, all that is not calibrated, and luck as in its runs, and figures that real runs
gave. To these places' own values and the errors of the figures are added. Its chain rests on other points. Where the chain is
right, the rank of the truth in its posterior is uniform, and intervals hold it as often as they say. Cases are held against
one chance of a false alarm for all parameters together.

Source: Talts et al. 2018, arXiv:1804.06788; Cook, Gelman and Rubin 2006, Journal of Computational and Graphical Statistics 15,
675-692.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from villagesim.arrays import Floats
from villagesim.calibrating.calibrated import FOLDS, Calibrated
from villagesim.calibrating.numbers import OWN, scaled
from villagesim.calibrating.posterior import Matched
from villagesim.randomness import Draws

if TYPE_CHECKING:
    import pandas as pd

FALSE_ALARM = 0.01
"""Chance that a chain which is right is refused."""
SIZES = (0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Planted:
    """Ranks of planted values in their posteriors, 0 to 1, and widths of these over those of the prior.

    Attributes
    ----------
    paths : tuple of str
    ranks, widths : (n_cases, n_parameters)
    left_out : (n_cases,)
        Numbers that no value was found to fit, though one was planted.
    """

    paths: tuple[str, ...]
    ranks: Floats
    widths: Floats
    left_out: Floats

    def table(self) -> "pd.DataFrame":
        """By parameter: chance of ranks so uneven or more, how many cases lie inside, mean width; the least even first."""
        import pandas as pd
        from scipy.stats import kstest

        rows = [
            {"path": path, "chance": kstest(ranks, "uniform").pvalue, "width": width,
             **{f"inside_{size:.0%}".rstrip("%"): float((np.abs(ranks - 0.5) <= size / 2).mean()) for size in SIZES}}
            for path, ranks, width in zip(self.paths, self.ranks.T, self.widths.mean(axis=0), strict=True)
        ]  # fmt: skip
        return pd.DataFrame(rows).sort_values("chance", ignore_index=True)

    def problems(self) -> list[str]:
        """What refuses the chain: uneven ranks, and coverage of all parameters together that is not as stated."""
        from scipy.stats import kstest, norm

        k, n = len(self.paths), len(self.ranks)
        tests = {
            f"ranks of {path}": kstest(ranks, "uniform").pvalue
            for path, ranks in zip(self.paths, self.ranks.T, strict=True)
        }
        for size in SIZES:
            inside = (np.abs(self.ranks - 0.5) <= size / 2).mean(
                axis=1
            )  # parameters of one case go together: a case counts once
            z = (inside.mean() - size) / max(inside.std(ddof=1) / np.sqrt(n), 1e-9)
            tests[f"{inside.mean():.1%} inside intervals of {size:.0%}"] = 2 * norm.sf(abs(z))
        return [f"{what}: {chance:.2g}" for what, chance in tests.items() if chance < FALSE_ALARM / (k + len(SIZES))]


def planted(
    found: Calibrated, n: int, spoilt: Callable[[Matched], Matched] = lambda chain: chain, steps: int = 1_000
) -> Planted:
    """Plant ``n`` points of the design, and look where they rank.

    Parameters
    ----------
    spoilt : Matched -> Matched
        What is wrong with the chain, where that is to be seen.
    """
    figures = scaled(found.numbers, found.figures)
    complete = np.flatnonzero(np.isfinite(figures).all(axis=1))[:n]
    columns = [list(found.bounds).index(path) for path in found.chosen]
    chains = [(right, spoilt(right)) for right in found.without]
    ranks, widths, left_out = [], [], []
    for case in complete:
        right, chain = chains[case % FOLDS]
        truth = found.unit[case, columns]
        values = _published(right, truth, figures[case], int(case), found.seed)
        used = chain.fits(values)
        unit = chain.posterior(values, used, int(case), steps).unit
        ranks.append((unit < truth).mean(axis=0))
        widths.append(unit.std(axis=0) * np.sqrt(12))
        left_out.append((~used).sum())
    return Planted(tuple(found.chosen), np.array(ranks), np.array(widths), np.array(left_out))


def _published(chain: Matched, truth: Floats, figures: Floats, case: int, seed: int) -> Floats:
    """What would be published of a case: figures of its runs, places' own values, and errors."""
    draws, slopes = Draws(seed, "planted"), chain.surfaces.slopes
    direct = chain.surfaces.at(truth[np.newaxis])[0, len(figures) :]
    places = {place: k for k, place in enumerate(dict.fromkeys(number.place for number in chain.numbers))}
    own = OWN * draws.normal("own", case, np.arange(len(places))[:, np.newaxis], np.arange(len(slopes)))
    of_place = own[[places[number.place] for number in chain.numbers]]
    errors = chain.errors * draws.normal("error", case, np.arange(len(chain.numbers)))
    return np.concatenate([figures, direct]) + (of_place * slopes.T).sum(axis=1) + errors
