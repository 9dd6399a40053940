"""A small county and a policy that makes trouble, for tests of what runs runs; workers import it by this name."""

import os
import time
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from os import _exit
from pathlib import Path
from typing import ClassVar

import villagesim as vs

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, kw_only=True)
class Trouble(vs.Policy):
    """Does nothing, raises, ends the process it runs in, or waits at the gate that process has, as it is told."""

    kind: ClassVar[str] = "trouble"
    what: str = "nothing"

    def begin(self, measure):
        if self.what == "raise":
            raise ZeroDivisionError("the reserves of nobody")
        if self.what == "die":
            _exit(9)
        if self.what == "wait" and "GATE" in os.environ:
            wait_at(Path(os.environ["GATE"]))


def wait_at(gate):
    """Wait where the gate closes behind three parts of a folder, until it is opened, a minute at most."""
    until, waiting = time.monotonic() + 60, gate / f"waiting-{os.getpid()}"
    while is_closed(gate) and time.monotonic() < until:
        waiting.touch()
        time.sleep(0.01)
    waiting.unlink(missing_ok=True)


def is_closed(gate):
    """Whether the file ``closed`` is there, and the folder of parts that it names holds three."""
    try:
        folder = (gate / "closed").read_text()
    except FileNotFoundError:
        return False
    return len(list(Path(folder).glob("county-*.parquet"))) >= 3


@cache
def small_scenario(what="nothing"):
    """One township over fifteen months, with trouble as a third strategy: some ten milliseconds a run."""
    town = vs.load_scenario(ROOT / "scenarios" / "one_town.toml")
    history = replace(town.history, townships=("白云湖街道",))
    return replace(
        town,
        place=history.likeliest,
        history=history,
        published=replace(town.published, residents=16_000, arable=40_000.0),
        timetable=replace(town.timetable, stop=date(2022, 4, 1)),
        strategies={
            "no merger": town.strategies["no merger"],
            "nothing but the merger": (),
            "trouble": (Trouble(start="2022-01-01", what=what),),
        },
    )
