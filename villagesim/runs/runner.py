"""Many runs on all cores or on a cluster.

Which worker does what, in which order, and after how many interruptions, never shows in the results.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Any

from villagesim.ending import end_process
from villagesim.errors import RunError
from villagesim.runs.parts import Part, make_part

ExecutorFactory = Callable[[int], Executor]
Progress = Callable[[int, int], None]
Make = Callable[[Any], Path]


def run_parts(
    parts: Iterable[Any],
    workers: int,
    done: Callable[[Any, Path], None],
    executors: ExecutorFactory | None = None,
    n_done: int = 0,
    make: Make = make_part,
) -> list[Any]:
    """Make all parts, in this process where there is one worker, else on an executor.

    A part whose worker dies is made again on fresh workers: once among others, then alone.

    Parameters
    ----------
    done : callable
        Called with every part that is made, and its file.
    executors : callable, optional
        Makes an executor of so many workers; by default fresh processes.
    n_done : int
        Parts that had been made before.
    make : callable
        Makes a part, and gives its file; parts have a ``number``.

    Returns
    -------
    list of parts
        Those whose worker died every time.

    Raises
    ------
    VillagesimError
        Where workers die and not one part was made.
    """
    if workers == 1 and executors is None:
        for part in parts:
            done(part, make(part))
        return []
    return _WorkerPool(workers, executors or processes, done, n_done, make).make(iter(parts))


class _WorkerPool:
    """An executor that is replaced when it breaks; the parent holds no more than two parts a worker at a time."""

    def __init__(
        self, workers: int, executors: ExecutorFactory, done: Callable[[Any, Path], None], n_done: int, make: Make
    ) -> None:
        self.workers, self.executors, self.done, self.n_done = workers, executors, done, n_done
        self.make_part = make
        self.deaths: Counter[int] = Counter()
        self.again: list[Part] = []
        self.lost: list[Part] = []

    def make(self, parts: Iterator[Part]) -> list[Part]:
        while True:
            with _closing(self.executors(self.workers)) as executor:
                hit = self.until_broken(executor, parts)
                if hit:
                    _end(executor)
            if not hit:
                break
            for part in hit:
                self.deaths[part.number] += 1
                if self.deaths[part.number] == 1:
                    self.again.append(part)
                else:
                    self.alone(part)
        if self.lost and not self.n_done:
            self.give_up()
        return self.lost

    def until_broken(self, executor: Executor, parts: Iterator[Part]) -> list[Part]:
        """Make parts until there are none left, or the executor breaks; return what it was at then."""
        pending: dict[Future[Path], Part] = {}
        try:
            return self._until_broken(executor, parts, pending)
        except BaseException:
            if not isinstance(executor, Processes):  # of which what waits ends with the processes
                for future in pending:
                    future.cancel()
            raise

    def _until_broken(
        self, executor: Executor, parts: Iterator[Part], pending: "dict[Future[Path], Part]"
    ) -> list[Part]:
        hit: list[Part] = []
        while not hit:
            while len(pending) < 2 * self.workers:
                part = self.again.pop() if self.again else next(parts, None)
                if part is None:
                    break
                try:
                    pending[executor.submit(self.make_part, part)] = part
                except BrokenExecutor:
                    hit.append(part)
                    break
            if not pending:
                break
            finished, _ = wait(pending, return_when=FIRST_COMPLETED)
            hit += [part for future in finished if not self.made(future, part := pending.pop(future))]
        if hit:
            wait(pending)
            hit += [part for future, part in pending.items() if not self.made(future, part)]
        return hit

    def made(self, future: "Future[Path]", part: Part) -> bool:
        """Whether a part was made; a cluster that has tried in vain to make it is taken at its word."""
        try:
            written = future.result()
        except BrokenExecutor:
            return False
        except CancelledError:
            raise RunError(
                "the cluster has given up its work: its scheduler may be gone.",
                fix="Go on with --resume when it is back, or without it.",
            ) from None
        except Exception as problem:
            if type(problem).__name__ != "KilledWorker":
                raise
            self.lost.append(part)
            return True
        self.n_done += 1
        self.done(part, written)
        return True

    def alone(self, part: Part) -> None:
        """Give a part its last chance."""
        with _closing(self.executors(1)) as executor:
            try:
                made = self.made(executor.submit(self.make_part, part), part)
            except BrokenExecutor:
                made = False
            if not made:
                _end(executor)
        if not made:
            self.lost.append(part)
        if len(self.lost) > 1 and not self.n_done:
            self.give_up()

    def give_up(self) -> None:
        raise RunError(
            "worker processes died, and no run was finished.",
            fix='In a script, put what it does under `if __name__ == "__main__":`, so that workers do not run it'
            " again. If memory is short, use fewer workers (--workers 1). Code of your own must not end the process.",
        )


@contextmanager
def _closing(executor: Executor) -> Iterator[Executor]:
    """Let go of an executor in the end; where work is broken off, its processes end at once, whatever they are at.

    What waits elsewhere was cancelled one by one before: executors of Dask and MPI do not all take ``cancel_futures``.
    """
    try:
        yield executor
    except BaseException:
        _end(executor)
        raise
    finally:
        executor.shutdown(wait=False)


def _end(executor: Executor) -> None:
    if isinstance(executor, Processes):
        executor.kill()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(ProcessPoolExecutor):
    """Fresh processes, which load nothing from the current folder and can be ended at any time."""

    def __init__(self, workers: int) -> None:
        self.context = _Remembering()
        super().__init__(workers, mp_context=self.context, initializer=_serve)
        # before Python 3.11.5 what was on its way to workers that have died would be waited for without end
        self._call_queue.cancel_join_thread()  # type: ignore[attr-defined]

    def kill(self) -> None:
        """End all processes, and wait until nothing looks after them: at the end of the program it would be in the way."""
        for process in self.context.started:
            if process.pid is not None:
                process.kill()
        self.shutdown()


class _Worker(SpawnProcess):
    """Leaves Ctrl-C to the parent from its first moment on, where the system lets it."""

    def start(self) -> None:
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with _later():
                super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _later() -> Iterator[None]:
    """Ctrl-C that another thread hears waits: a worker that is half told what to do would say at length what it misses."""
    usual = signal.getsignal(signal.SIGINT)
    heard: list[Any] = []
    if not callable(usual) or current_thread() is not main_thread():
        yield
        return
    signal.signal(signal.SIGINT, lambda *what: heard.append(what))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if heard:
        usual(*heard[0])


class _Remembering(SpawnContext):
    """Remembers which processes it started."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Worker] = []

    def Process(self, *arguments: Any, **settings: Any) -> _Worker:  # type: ignore[override]  # noqa: N802
        process = _Worker(*arguments, **settings)
        self.started.append(process)
        return process


def processes(workers: int) -> Executor:
    """Fresh processes with one thread each for linear algebra; a file in the current folder is not taken for a library."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONSAFEPATH"):
        os.environ.setdefault(name, "1")
    return Processes(workers)


def _serve() -> None:
    """Leave Ctrl-C to the parent, and end when it is killed, so that no worker is left behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            end_process(1)

    Thread(target=watch, daemon=True).start()
