"""The rank test of the calibration: 200 planted cases through the whole chain, and faults that it must see.

DESIGN: points of the design of `make evidence`, whose runs are kept in out/evidence, as planted truth; see
villagesim/calibrating/planted.py. Faults are tried on fewer cases. OUTPUT: docs/rank_test.md; exit code 1 where the chain is
refused, or a fault is not. Run with `make evidence-check`.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from calibration import OF, POINTS, SEED

from villagesim.calibrating.calibrated import calibrated
from villagesim.calibrating.planted import FALSE_ALARM, SIZES, Planted, planted
from villagesim.calibrating.posterior import Matched

ROOT = Path(__file__).parents[1]
CASES, SPOILT = 200, 50


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


def page(right: Planted, refused: list[str], seen: dict[str, list[str]]) -> str:
    table = [
        f"| `{row['path'].removeprefix('parameters.')}` | {row['chance']:.2g} | {row['inside_50']:.1%} |"
        f" {row['inside_90']:.1%} | {row['width']:.0%} |"
        for row in right.table().to_dict("records")
    ]
    inside = [float((np.abs(right.ranks - 0.5) <= size / 2).mean()) for size in SIZES]
    faults = [
        f"- {name.replace('_', ' ')}: {'seen, by ' + '; '.join(found[:2]) if found else '**not seen**'}"
        for name, found in seen.items()
    ]
    return "\n".join(
        [
            "# Rank test of the calibration",
            "",
            "Written by `make evidence-check`; do not edit by hand.",
            "",
            f"{len(right.ranks)} planted cases: points of the design with the figures that real runs gave, places' own values",
            "and errors added, each put through a chain that rests on other points. Where the chain is right, the truth ranks",
            "evenly in its posterior.",
            f"Chance of a false alarm of all tests together: {FALSE_ALARM:.0%}.",
            "",
            f"**{'Refused: ' + '; '.join(refused) if refused else 'Not refused'}.** Over all parameters {inside[0]:.1%}",
            f"lie inside intervals of 50% and {inside[1]:.1%} inside those of 90%. A first chain was refused with 45.9% and",
            "88.1%: its covariance was not yet taken larger for being estimated, and own values of places were turned back at",
            "the ends of ranges. Turning back alone costs 1 to 2 points, as an example of one parameter shows: such values do",
            "stay within.",
            "",
            f"Faults, put in on {SPOILT} cases:",
            "",
            *faults,
            "",
            "| parameter | chance of ranks so uneven | inside 50% | inside 90% | width, mean |",
            "| --- | --- | --- | --- | --- |",
            *table,
            "",
        ]
    )  # fmt: skip


def main(folder: Path) -> int:
    found = calibrated(POINTS, SEED, folder, OF)
    right = planted(found, CASES)
    refused = right.problems()
    seen = {fault.__name__: planted(found, SPOILT, fault).problems() for fault in FAULTS}
    (ROOT / "docs" / "rank_test.md").write_text(page(right, refused, seen), encoding="utf-8")
    print(*refused, sep="\n")
    return 1 if refused or not all(seen.values()) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
