"""Sweeps as files: a question, a scenario, a design, factors; read from TOML, which is data and runs no code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from villagesim.errors import ScenarioError, VillagesimError
from villagesim.experiment.design import Design, Factor, from_table, grid, latin_hypercube, morris, sobol
from villagesim.scenario import Scenario
from villagesim.scenario_file import load_scenario
from villagesim.tables import checked, read_toml

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


@dataclass(frozen=True, kw_only=True)
class SweepFile:
    """Keys of the file of a sweep.

    Attributes
    ----------
    question : str
        What it is to answer.
    scenario : str
        File of the scenario, seen from the sweep's file.
    design : DesignTable
    replications : int
    strategies, outcomes, at : tuple of str, optional
        As for `sweep`; the first outcome is drawn.
    """

    question: str
    scenario: str
    design: DesignTable
    replications: int = 1
    strategies: tuple[str, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    at: tuple[str, ...] | None = None


def load_sweep(path: str | Path, seed: int = 1, *, allow_code: bool = False) -> tuple[SweepFile, Scenario, Design]:
    """Read the file of a sweep, the scenario that it names, and make its design.

    Raises
    ------
    VillagesimError
        With file, place, value, rule and a way out, where it cannot be run as it is.
    """
    path = Path(path)
    content = read_toml(path, "the file of a sweep")
    listed = content.pop("factor", [])
    try:
        file: SweepFile = checked(SweepFile, content)
        scenario = load_scenario(path.parent / file.scenario, allow_code=allow_code)
        if not isinstance(listed, list):
            raise ScenarioError("[factor] must be a list of tables. Write [[factor]] with two brackets.")
        factors = [read_factor(scenario, number, table) for number, table in enumerate(listed, start=1)]
        design = _design(file.design, factors, path.parent, seed).settled(scenario)
    except VillagesimError as problem:
        message = str(problem)
        raise type(problem)(message if message.startswith(str(path.parent)) else f"{path}, {message}") from None
    return file, scenario, design


def read_factor(scenario: Scenario, number: int, table: Mapping[str, Any]) -> Factor:
    """Factor of a ``[[factor]]``; a parameter without range has its own."""
    path = table.get("path")
    if isinstance(path, str) and path.startswith("parameters.") and set(table) == {"path"}:
        parameter = scenario.parameters[path.removeprefix("parameters.")]
        table = {"path": path, "low": parameter.low, "high": parameter.high}
    try:
        factor: Factor = checked(Factor, table)
    except VillagesimError as problem:
        raise type(problem)(f"[[factor]] {number}: {problem}") from None
    return factor


def _design(wanted: DesignTable, factors: list[Factor], folder: Path, seed: int) -> Design:
    if wanted.kind == "table":
        if wanted.table is None or factors:
            raise ScenarioError(
                '[design] kind = "table" takes its factors from a file: give table = "...", no [[factor]].'
            )
        return from_table(folder / wanted.table)
    if wanted.table is not None:
        raise ScenarioError(f'[design] table = {wanted.table!r} needs kind = "table". Leave one out.')
    if wanted.kind == "grid":
        if wanted.n is not None:
            raise ScenarioError("[design] n: a grid has as many points as its values make. Leave n out.")
        return grid(factors)
    if wanted.n is None:
        raise ScenarioError("[design] n is missing. Add how many points or trajectories, as n = 16.")
    return SAMPLES[wanted.kind](factors, wanted.n, seed)
