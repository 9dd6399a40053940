"""Who writes to a folder: one process at a time."""

import errno
import os
import platform
import stat
from pathlib import Path
from typing import Self, TextIO

from villagesim.errors import StoreError
from villagesim.runs.writing import missing, printable, remove_empty

try:
    import fcntl
except ImportError:  # no such locks there: nobody is kept from writing to a folder in use
    fcntl = None  # type: ignore[assignment]

LOCK, OPENINGS = ".lock", 50


class Lock:
    """A file that says who writes to a folder, which is made where there is none, and is gone again where nothing is written.

    The system lets go of it when that process ends, however it ends.

    Raises
    ------
    StoreError
        Where another process holds it, or something else stands in its place.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._made = missing(folder) or [folder]  # another that made it may leave it to this one
        while True:
            try:
                self.file = self._opened()
            except OSError:
                remove_empty(self._made)
                raise
            try:
                if fcntl is not None:
                    fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.file.seek(0)
                holder = self.file.read().strip()
                self.file.close()
                raise StoreError(
                    f"{printable(folder)} is being written to by {holder or 'another process'}.",
                    fix="Wait until it is done, or give another folder with --out.",
                ) from None
            if self._is_there():
                break
            self.file.close()  # its holder has just removed it
        self.file.truncate(0)
        self.file.write(f"process {os.getpid()} on {platform.node()}\n")
        self.file.flush()

    def _opened(self) -> TextIO:
        """Make the folder and open the file, again where its last user removes the folder in between."""
        tries = 0
        while True:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                return self._plain_file()
            except (FileExistsError, FileNotFoundError):
                tries += 1
                if tries > OPENINGS:
                    raise

    def _plain_file(self) -> TextIO:
        """Open it, never through a link: what that leads to is not ours to write to."""
        ways = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            file = os.fdopen(os.open(self.path, ways, 0o644), "a+", encoding="utf-8")
        except OSError as problem:
            if problem.errno in (errno.ELOOP, errno.EISDIR):
                raise self._in_the_way() from None
            raise
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            file.close()
            raise self._in_the_way()
        return file

    def _in_the_way(self) -> StoreError:
        return StoreError(
            f"{printable(self.path)} is a link, a folder or a device, where a file belongs that says who writes here.",
            fix="Nothing was changed. Remove it, or give another folder with --out.",
        )

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.file.fileno()), self.path.lstat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let others write, and remove what was made and is empty."""
        self.path.unlink(missing_ok=True)
        self.file.close()
        remove_empty(self._made)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.release()
