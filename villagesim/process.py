"""Base of all processes: how things change by themselves."""

from collections.abc import Callable
from typing import Any

from villagesim.component import Component
from villagesim.guard import seen_by
from villagesim.world import World


class Process(Component):
    """One thing that goes on in a county; its docstring says what happens, after which theory, and what is left out.

    A subclass declares what it owns, reads and gives, and says in :meth:`start` what is dated. What happens to everybody
    is array work at a stage of the calendar; what happens to one is a generator that reads as its story, given to
    ``world.process``. The month's births trigger both.
    """

    def __init__(self, world: World) -> None:
        self.world: World = seen_by(self, world)
        world.join(self)
        self.start()

    def start(self) -> None:
        """Set up what it keeps, and declare its dates: ``self.world.calendar.declare(stage, owner, function)``."""

    def pull(self, lever: str, owner: str, contribution: Callable[[], Any]) -> None:
        """Contribute to a lever of another process, under a name of its own."""
        self.lever(self.world.levers, lever).set(owner, contribution)
