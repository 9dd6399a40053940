"""The page of promises names tests that there are."""

import math
import re
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from villagesim.statistics.differences import UNBOUNDED, difference_bounds

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def missing(page: str) -> list[str]:
    """Tests that a page names and that are not there."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(page)
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]


def test_every_promise_has_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    rows = [row for row in page.partition("| promise | test |")[2].partition("\n\n")[0].splitlines()[2:] if row]
    assert len(rows) >= 20
    assert all(len(NAMED.findall(row)) == 1 for row in rows)
    assert not missing(page)


def test_a_test_that_is_not_there_is_noticed() -> None:
    page = "`tests/docs/test_promises.py::test_nothing` `tests/nowhere.py::test_it`"
    assert len(missing(page)) == 2


def held(samples: np.ndarray, mean: float, bounds: tuple[float, float] = UNBOUNDED) -> float:
    """Part of the samples, a row each, whose 95% interval holds the mean."""
    low, high, _ = difference_bounds(samples, bounds, float(stdtrit(samples.shape[1] - 1, 0.975)))
    return float(((low <= mean) & (mean <= high)).mean())


def test_limits_of_intervals_are_those_that_are_named() -> None:
    """As `make coverage` measures outcomes: 2,000 samples; 0.03 is three of their standard errors."""
    page = " ".join((ROOT / "docs" / "promises.md").read_text(encoding="utf-8").split())
    rng = np.random.default_rng(1)
    found = [
        held(rng.normal(0, 1, (2000, 10)), 0.0),
        held(rng.exponential(1, (2000, 10)), 1.0),
        held(rng.lognormal(0, 1, (2000, 10)), math.exp(0.5)),
        *(
            held(rng.normal(0, 0.01, (2000, n)) + 0.8 * (rng.random((2000, n)) < 0.01), 0.008, (0.0, 1.0))
            for n in (30, 100)
        ),
        held(0.8 * (rng.random((2000, 30)) < 0.01), 0.008, (0.0, 1.0)),
    ]
    named = re.search(
        r"in (\S+) of normal samples, (\S+) of exponential, (\S+) of lognormal .* in (\S+) of samples at n = 30, in (\S+) at"
        r" n = 100; the same event without noise, of a share, in (\S+)\.",
        page,
    )
    assert named, "the page names them"
    np.testing.assert_allclose([float(number) for number in named.groups()], found, atol=0.03)
