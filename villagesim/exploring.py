"""The command ``villagesim explore``: a page to play with, on this machine alone."""

from pathlib import Path
from typing import Annotated

import typer

from villagesim.errors import RunError
from villagesim.extras import way_to
from villagesim.languages import _
from villagesim.options import ScenarioFile, Seed, Workers, named
from villagesim.terminal import command, say

SHOWN = 3
"""Strategies that are shown at first."""


def explore(
    scenario: ScenarioFile,
    strategies: Annotated[
        list[str] | None, typer.Option(help="Shown at first; a name, or several divided by commas. Three by default.")
    ] = None,
    replications: Annotated[int, typer.Option(help="Pairs of runs until it stops.", min=2, max=1000)] = 30,
    folder: Annotated[Path, typer.Option("--out", help="Folder for settings that are saved.")] = Path("explored"),
    port: Annotated[int, typer.Option(help="Port on this machine; a free one by default.", min=0, max=65535)] = 0,
    seed: Seed = 1,
    workers: Workers = None,
) -> None:
    """Open a page with sliders: what strategies change, drawn while pairs of runs come in. Ctrl-C ends it."""
    try:
        from villagesim.explore import server
    except ModuleNotFoundError:
        raise RunError(
            _("explore needs the extra [explore]."), fix=_("Install it: {command}", command=way_to("explore"))
        ) from None
    from villagesim.checks import whole
    from villagesim.explore.pool import Pool
    from villagesim.files.scenario import load_scenario
    from villagesim.runs.runner import cores
    from villagesim.scenario import RESERVED

    loaded = load_scenario(scenario)
    own = [name for name in loaded.strategies if name not in RESERVED]
    shown = named(strategies, loaded.strategies) if strategies else tuple(own[:SHOWN])
    for name in shown:
        loaded.strategy(name)
    pool = Pool(whole(workers, "workers", least=1) if workers is not None else cores())
    try:
        listening = server.listening(port)
        explorer = server.Explorer(
            loaded, scenario, pool, folder, shown, seed=seed, replications=replications, command=tuple(command())
        )
        explorer.warm()
        address = f"http://{server.LOOPBACK}:{listening.getsockname()[1]}/{explorer.token}/"
        say(_("Open in a browser: {address}", address=address))
        say(_("It answers to this machine alone. Ctrl-C ends it."))
        server.serve(explorer, listening)
    except KeyboardInterrupt:
        say(_("Stopped."))
    finally:
        pool.close()
