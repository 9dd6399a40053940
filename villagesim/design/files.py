"""Designs as files write them: the keys of ``[design]``, and the tables ``[[factor]]``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from villagesim.design.design import Design
from villagesim.design.factor import Factor
from villagesim.design.samples import grid, latin_hypercube, morris, sobol
from villagesim.design.tables import from_table
from villagesim.errors import DesignError
from villagesim.files.tables import checked
from villagesim.scenario import Scenario

SAMPLES = {"latin_hypercube": latin_hypercube, "sobol": sobol, "morris": morris}


@dataclass(frozen=True, kw_only=True)
class DesignTable:
    """Keys of ``[design]``.

    Attributes
    ----------
    kind : str
    n : int, optional
        Points (latin_hypercube), base sample (sobol), or trajectories (morris).
    table : str, optional
        CSV file of points, seen from the sweep's file.
    """

    kind: Literal["grid", "latin_hypercube", "sobol", "morris", "table"]
    n: int | None = None
    table: str | None = None


def read_factor(scenario: Scenario, table: Mapping[str, Any]) -> Factor:
    """Factor of a ``[[factor]]``; a parameter without range has its own."""
    path = table.get("path")
    if isinstance(path, str) and path.startswith("parameters.") and set(table) == {"path"}:
        parameter = scenario.parameters[path.removeprefix("parameters.")]
        table = {"path": path, "low": parameter.low, "high": parameter.high}
    factor: Factor = checked(Factor, table)
    values = factor.values or ()
    if again := [value for k, value in enumerate(values) if value in values[:k]]:
        raise DesignError(
            f"values holds {again[0]!s} twice: the same runs would be made again, and counted as evidence.",
            fix="Leave one out.",
            at=[f"factor {factor.path}"],
        )
    return factor


def design_of(wanted: DesignTable, factors: list[Factor], folder: Path, seed: int) -> Design:
    """Make the design that a ``[design]`` and its factors say."""
    if wanted.kind == "table":
        if wanted.table is None or factors:
            raise DesignError(
                'kind = "table" takes its factors from a file: give table = "...", no [[factor]].', at=["[design]"]
            )
        return from_table(folder / wanted.table)
    if wanted.table is not None:
        raise DesignError(f'table = {wanted.table!r} needs kind = "table".', fix="Leave one out.", at=["[design]"])
    if wanted.kind == "grid":
        if wanted.n is not None:
            raise DesignError("a grid has as many points as its values make.", fix="Leave n out.", at=["[design]", "n"])
        return grid(factors)
    if wanted.n is None:
        raise DesignError("n is missing.", fix="Add how many points or trajectories, as n = 16.", at=["[design]"])
    return SAMPLES[wanted.kind](factors, wanted.n, seed)
