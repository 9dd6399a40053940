"""What is too large is refused in words and at once; what is large and is not begins soon."""

import time
from datetime import date

import pytest
from unit.runs.faulty_policies import small_scenario

import villagesim as vs
from villagesim.design import Factor, factors, from_table, grid, latin_hypercube, morris, sobol
from villagesim.errors import DesignError, VillagesimError
from villagesim.files.tables import checked
from villagesim.policies import LandTrust
from villagesim.questions.sweep import Sweep
from villagesim.questions.trial import Trial
from villagesim.questions.uncertainty import Uncertainty

GROWTH = Factor("parameters.income_growth", 0.0, 0.06)
MANY = [Factor(f"parameters.p{k}", 0.0, 0.1) for k in range(200)]
THOUSAND = tuple(float(k) for k in range(1_000))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: grid([Factor(f"fund.{k}", values=THOUSAND) for k in "abc"]), "1,000,000,000 points, more than 1,000,000"),
        (lambda: grid([Factor(f"fund.{k}", values=THOUSAND) for k in "abcdefg"]), r"10\^21 points"),
        (lambda: latin_hypercube([GROWTH], 10**8, 1), "n = 100,000,000 must be at most 1,000,000"),
        (lambda: sobol([GROWTH], 2**30, 1), "n = 1,073,741,824 must be at most"),
        (lambda: sobol([GROWTH], 2**19, 1), "has 1,572,864 points"),
        (lambda: morris([GROWTH], 10**9, 1), "r = 1,000,000,000"),
        (lambda: morris([GROWTH], 10**6, 1), "has 2,000,000 points"),
        (lambda: latin_hypercube(MANY, 10**5, 1), "100,000 points of 200 factors are 20,000,000 values"),
        (lambda: morris(MANY, 4_000, 1), "804,000 points of 200 factors"),
        (lambda: sobol(MANY, 2**12, 1), "827,392 points of 200 factors"),
        (lambda: vs.compare(small_scenario(), 10**9), "replications = 1,000,000,000"),
        (lambda: vs.compare(small_scenario(), 10**5000), "replications is beyond"),
        (lambda: Trial(strategy="both", replications=10**9), "replications = 1,000,000,000"),
        (lambda: Uncertainty(draws=10**8), "draws = 100,000,000"),
        (
            lambda: Sweep(design=latin_hypercube([GROWTH], 2_000, 1), replications=1_000).ask(small_scenario()),
            "2,000 points with 1,000 replications are 2,000,000",
        ),
    ],
)  # fmt: skip
def test_sizes_beyond_reason_are_refused_at_once(make, words):
    """With the number, and within a second of processor time."""
    begun = time.process_time()
    with pytest.raises(VillagesimError, match=words):
        make()
    assert time.process_time() - begun < 1


def test_a_table_of_too_many_points_is_refused_before_it_is_read(tmp_path):
    """Three million rows, counted in 12 MB."""
    (tmp_path / "points.csv").write_bytes(b"parameters.income_growth\n" + 3_000_000 * b"0.1\n")
    begun = time.process_time()
    with pytest.raises(DesignError, match=r"points\.csv has 3,000,000 points, more than 1,000,000"):
        from_table(tmp_path / "points.csv")
    assert time.process_time() - begun < 1


def test_columns_of_numbers_are_not_gone_through_value_by_value(monkeypatch):
    """A hundred thousand points of all assumptions are ten million values."""
    monkeypatch.setattr(factors, "_of_kind", None)
    path = GROWTH.path
    assert factors.settled(small_scenario(), path, [0.01, 0.02], [0, 1]) == [0.01, 0.02]
    with pytest.raises(TypeError):
        factors.settled(small_scenario(), path, [0.01, float("nan")], [0, 1])


def test_a_hundred_thousand_points_begin_soon():
    """From the design to the first run; each value is looked at, and points that are tried are a few hundred."""
    scenario = small_scenario()
    design = latin_hypercube([GROWTH, Factor("fund.yearly", 1e6, 2e6)], 100_000, 1)
    begun = time.process_time()
    resolved = design.resolved(scenario)
    assert time.process_time() - begun < 2
    assert len(resolved.points) == 100_000
    bent = design.points
    bent.loc[77_777, "fund.yearly"] = -1.0
    with pytest.raises(DesignError, match=r"design point 77777.*at least 0"):
        vs.design.from_table(bent.reset_index()).resolved(scenario)


def test_a_thousand_policies_are_read_in_linear_time():
    """The model of a policy is made once."""
    begun = time.process_time()
    made = [checked(LandTrust, {"start": date(2022, 3, 1), "label": f"trust {k}"}) for k in range(1_000)]
    assert len(made) == 1_000
    assert time.process_time() - begun < 1
