"""Worker processes that pages share: pairs of runs as they are finished, and an end to those that nobody waits for."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from villagesim.errors import RunError
from villagesim.explore.pairs import Asked, Pair, make_pair
from villagesim.runs.parts import Chunk, Task
from villagesim.runs.runner import ExecutorFactory, Processes, processes

KEPT = 8
"""Settings whose runs are kept: a slider that is moved back shows at once what it showed."""


class Pool:
    """Workers, what they have made, and a file for each generation of runs that somebody waits for.

    A page that asks anew is a new generation: the file of the one before goes, and with it its runs, at once those that wait,
    the others before their next strategy.
    """

    def __init__(self, workers: int, executors: ExecutorFactory = processes) -> None:
        self.workers, self.executors = workers, executors
        self.executor: Executor = executors(workers)
        self.kept: OrderedDict[Any, dict[int, Pair]] = OrderedDict()
        self.folder = TemporaryDirectory(prefix="villagesim-")

    def warm(self, task: Task) -> None:
        """Start all workers, and let them load what runs need."""
        for _ in range(self.workers):
            self.executor.submit(make_pair, task, Chunk(0, 0), Path(self.folder.name) / "none")

    def close(self) -> None:
        """End all workers at once."""
        self._end()
        self.folder.cleanup()

    async def pairs(self, task: Task, asked: Asked, replications: int) -> AsyncIterator[dict[int, Pair]]:
        """All pairs so far, each time that more have come in; the same replications as ``compare`` has.

        Raises
        ------
        RunError
            Where a worker died.
        """
        found = self.kept.setdefault(asked.runs, {})
        self.kept.move_to_end(asked.runs)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        todo = iter([replication for replication in range(replications) if replication not in found])
        if found:
            yield found
        wanted = Path(self.folder.name) / token_hex(8)
        wanted.touch()
        waiting: dict[asyncio.Future[Pair | None], int] = {}
        try:
            while True:
                for replication in todo:
                    chunk = Chunk(0, replication, values=asked.values)
                    waiting[asyncio.wrap_future(self.executor.submit(make_pair, task, chunk, wanted))] = replication
                    if len(waiting) == self.workers:
                        break
                if not waiting:
                    break
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for future in done:
                    replication = waiting.pop(future)
                    if (pair := future.result()) is not None:
                        found[replication] = pair
                yield found
        except BrokenExecutor:
            self._end()
            self.executor = self.executors(self.workers)
            raise RunError("a worker process died.", fix="Memory may be short: try again with --workers 1.") from None
        finally:
            wanted.unlink(missing_ok=True)
            for future in waiting:
                future.cancel()

    def _end(self) -> None:
        if isinstance(self.executor, Processes):
            self.executor.kill()
        else:
            self.executor.shutdown(cancel_futures=True)
