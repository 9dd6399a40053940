"""Options that commands have in common."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

ScenarioFile = Annotated[Path, typer.Argument(help="Scenario file (TOML), or packaged:one_town.", show_default=False)]
Seed = Annotated[int, typer.Option(help="Which luck; the same seed gives the same results.")]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Run code of your own that the scenario names.")]
Workers = Annotated[int | None, typer.Option(help="Processes; one a core by default.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for figures and tables.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")]
Dask = Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://10.0.0.5:8786.")]
TimeLimit = Annotated[float | None, typer.Option(help="Seconds that a run may take; one that takes longer has failed.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Start it, though it takes more than an hour or the machine's memory.")
]


def named(given: list[str], known: Iterable[str]) -> tuple[str, ...]:
    """Names that an option was given: each time one that is known, commas and all, or several divided by commas."""
    known = list(known)
    found: list[str] = []
    for value in given:
        parts = value.split(",")
        while parts:
            ways = range(len(parts), 0, -1)
            n = next((n for n in ways if ",".join(parts[:n]).strip() in known), 1)
            found.append(",".join(parts[:n]).strip())
            parts = parts[n:]
    return tuple(found)
