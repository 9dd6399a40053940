"""How long one run may take."""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from villagesim.errors import RunError

AGAIN = 1.0
"""After so long a run that caught the interruption is interrupted again [seconds]."""


class _TooLong(BaseException):
    """Passes through ``except Exception`` of a user's own code."""


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Break off what takes longer, also an endless loop; code in C is waited for.

    Raises
    ------
    RunError
        Where it was broken off.
    """
    if seconds is None:
        yield
        return
    try:
        if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
            with _by_alarm(seconds):
                yield
        else:
            with _by_watcher(seconds):
                yield
    except _TooLong:
        raise RunError(
            f"it took longer than {seconds:g} seconds, the limit of a run.", fix="Set a longer one with --time-limit."
        ) from None


@contextmanager
def _by_alarm(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_watcher(seconds: float) -> Iterator[None]:
    """In a thread that is not the main one, as on a cluster, where no alarm rings."""
    running, over = threading.get_ident(), threading.Event()

    def watch() -> None:
        wait = seconds
        while not over.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(running), ctypes.py_object(_TooLong))
            wait = AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
