"""Files that are never half-written: under a temporary name first, flushed, then renamed."""

import errno
import os
import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from villagesim.errors import StoreError

LEFT_OVER = re.compile(r"\..+\.[0-9a-f]{4,8}")
"""Name of a file that is being written, or that a killed writer left behind."""


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file under a temporary name, flush it to disk, then give it its name.

    Raises
    ------
    StoreError
        Where the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise StoreError(
            f"{printable(path)} cannot be written ({os.strerror(problem.errno or errno.EIO)}).",
            fix="Free some space and go on with --resume, or give another folder.",
        ) from None
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def clear_left_overs(folder: Path) -> None:
    """Remove what killed writers left half-written, in a folder and below it."""
    for path in folder.rglob(".*"):
        if LEFT_OVER.fullmatch(path.name) and not path.is_dir():
            path.unlink(missing_ok=True)


def hashed(content: bytes) -> str:
    """Hash of some bytes."""
    return blake2b(content, digest_size=12).hexdigest()


def printable(path: Path) -> str:
    """A path as it can be printed and written, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
