"""The rank test of the calibration: 200 planted cases through the whole chain, and faults that it must see.

DESIGN: points of the design of `make evidence`, whose runs are kept in out/evidence, as planted truth; see
villagesim/calibrating/planted.py. Faults are tried on fewer cases. OUTPUT: a table; exit code 1 where the chain is refused, or a
fault is not. Run with `make evidence-check`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from calibration import POINTS, SEED

from villagesim.calibrating.calibrated import calibrated
from villagesim.calibrating.planted import planted
from villagesim.calibrating.posterior import Matched

CASES, SPOILT = 200, 100


def without_what_is_left(chain: Matched) -> Matched:
    """Luck and all that is not calibrated is forgotten, and so are places' own values."""
    return replace(chain, covariance=1e-6 * np.diag(np.diag(chain.covariance)))


def half_as_wide(chain: Matched) -> Matched:
    """All spreads are halved."""
    numbers = tuple(replace(number, error=number.error / 2) for number in chain.numbers)
    return replace(chain, covariance=chain.covariance / 4, numbers=numbers)


def turned_surfaces(chain: Matched) -> Matched:
    """The surfaces lean the other way."""
    coefficients = chain.surfaces.coefficients.copy()
    coefficients[1 : chain.surfaces.n_parameters + 1] *= -1
    return replace(chain, surfaces=replace(chain.surfaces, coefficients=coefficients))


FAULTS: tuple[Callable[[Matched], Matched], ...] = (without_what_is_left, half_as_wide, turned_surfaces)


def main(folder: Path) -> int:
    found = calibrated(POINTS, SEED, folder)
    right = planted(found, CASES)
    print(right.table().to_string(index=False))
    print(f"{len(right.ranks)} cases, {right.left_out.mean():.2f} numbers a case that no value fits")
    refused = right.problems()
    for problem in refused:
        print("REFUSED:", problem)
    unseen = []
    for fault in FAULTS:
        problems = planted(found, SPOILT, fault).problems()
        print(f"{fault.__name__}: {'; '.join(problems[:3]) or 'NOT SEEN'}")
        unseen += [] if problems else [fault]
    return 1 if refused or unseen else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
