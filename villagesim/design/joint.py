"""Some factors of a design with values that go together: rows of a posterior, in place of places spread over their ranges."""

from collections.abc import Sequence
from dataclasses import replace

from villagesim.arrays import Floats
from villagesim.design.design import Design
from villagesim.evidence.posterior import JointPosterior
from villagesim.parameters import DEFAULTS
from villagesim.scenario import Scenario

__all__ = ["from_posterior", "informed", "with_rows"]


def with_rows(design: Design, paths: Sequence[str], rows: Floats) -> Design:
    """Return a sample in which these factors have the values of rows, a row a point; others that it lacks are left out.

    Parameters
    ----------
    rows : (n_points, n_paths)
    """
    assert design.unit is not None
    own = {factor.path: k for k, factor in enumerate(design.factors)}
    unit, points = design.unit.copy(), design.points
    for path, values in zip(paths, rows.T, strict=True):
        if path in own:
            factor = design.factors[own[path]]
            unit[:, own[path]] = (values - factor.low) / (factor.high - factor.low)  # type: ignore[operator]
            points = points.assign(**{path: values})
    return replace(design, unit=unit, points=points)


def from_posterior(design: Design, scenario: Scenario, posterior: JointPosterior, seed: int) -> Design:
    """Return a sample in which what published numbers inform comes from rows of the posterior.

    What the scenario sets itself, a value or a range, keeps its range.
    """
    rows, paths = posterior.drawn(len(design.points), seed), informed(design, scenario, posterior)
    return with_rows(design, paths, rows[:, [posterior.paths.index(path) for path in paths]])


def informed(design: Design, scenario: Scenario, posterior: JointPosterior) -> list[str]:
    """What of a design comes from the posterior: all of it that the scenario leaves alone."""
    known, own = scenario.parameters, {factor.path for factor in design.factors}
    return [
        path for path in posterior.paths
        if path in own
        and (not path.startswith("parameters.") or known[(name := path.removeprefix("parameters."))] == DEFAULTS[name])
    ]  # fmt: skip
