"""Files and folders that are never half-written: under a temporary name first, flushed, then renamed."""

import errno
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import TemporaryDirectory

from villagesim.errors import StoreError

MANIFEST = "manifest.json"
"""What says what a folder of results holds."""
OURS = re.compile(rb'\{\s*"id": "[0-9a-f]{24}"')
"""How it begins, as no other file of this name does."""
LEFT_OVER = re.compile(r"\..+\.[0-9a-f]{4,8}")
"""Name of a file that is being written, or that a killed writer left behind."""


@contextmanager
def made_folders(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; where what follows fails, those that were made for it and are empty are gone again."""
    made = missing(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        remove_empty(made)
        raise


def missing(folder: Path) -> list[Path]:
    """A folder and those above it, as far as they are not there, from inside to outside."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def results_around(path: Path) -> Path | None:
    """The folder of results that a path lies in, if it lies in one."""
    for folder in Path(os.path.realpath(path)).parents:
        manifest = folder / MANIFEST
        with manifest.open("rb") if manifest.is_file() else BytesIO() as file:
            if OURS.match(file.read(64)):
                return folder
    return None


def refuse_among_results(folder: Path) -> None:
    """Refuse a folder that lies in one of results, whose manifest would hold what is written.

    Raises
    ------
    StoreError
    """
    if around := results_around(folder):
        raise StoreError(
            f"{printable(folder)} is among results, those of {printable(around)}.",
            fix="Nothing was changed. Give a folder elsewhere.",
        )


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders, from inside to outside, in which there is nothing."""
    for each in folders:
        with suppress(OSError):  # there is something in it, or another process has just begun to use it
            each.rmdir()


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file under a temporary name, flush it to disk, then give it its name.

    Raises
    ------
    StoreError
        Where the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with made_folders(path.parent):
            try:
                write(temporary)
                with temporary.open("rb") as file:
                    os.fsync(file.fileno())
                temporary.replace(path)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
    except OSError as problem:
        raise _refused(path, problem) from None


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder with a temporary name to be filled; it gets its own when all is there, and is gone where something failed.

    Raises
    ------
    StoreError
        Where something stands there that is not an empty folder, or the disk refuses.
    """
    final = path.resolve()
    try:
        refuse_among_results(path)
        if final.exists() and not (final.is_dir() and not any(final.iterdir())):
            kind = "is not empty" if final.is_dir() else "is a file"
            raise StoreError(f"{printable(path)} {kind}.", fix="Give a folder that is new or empty.")
        temporary = final.with_name(f".{final.name}.{token_hex(4)}")
        with made_folders(temporary):
            try:
                yield temporary
                if final.exists():
                    for each in list(temporary.iterdir()):
                        each.rename(final / each.name)
                    temporary.rmdir()
                else:
                    temporary.rename(final)
            except BaseException:
                rmtree(temporary, ignore_errors=True)
                raise
    except OSError as problem:
        raise StoreError(
            f"{printable(path)} cannot be written ({os.strerror(problem.errno or errno.EIO)}).",
            fix="Give another folder.",
        ) from None


@contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """Give an empty folder; what is written to it takes its place in another folder when all is there, or is gone.

    Raises
    ------
    StoreError
        Where the disk refuses.
    """
    try:
        with made_folders(folder), TemporaryDirectory(dir=folder, prefix=".") as half:
            yield Path(half)
            take_place(Path(half), folder)
    except OSError as problem:
        raise _refused(folder, problem) from None


def take_place(new: Path, folder: Path, last: str = "") -> None:
    """Let all files of a folder take their places in another, those of one name last.

    Raises
    ------
    StoreError
        Where the disk refuses.
    """
    for path in sorted(filter(Path.is_file, new.rglob("*")), key=lambda path: (path.name == last, -len(path.parts))):
        place = folder / path.relative_to(new)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
        except OSError as problem:
            raise _refused(place, problem) from None


def clear_left_overs(folder: Path) -> None:
    """Remove what killed writers left half-written, in a folder and below it."""
    for path in folder.rglob(".*"):
        if LEFT_OVER.fullmatch(path.name) and not path.is_dir():
            path.unlink(missing_ok=True)


def _refused(path: Path, problem: OSError) -> StoreError:
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return StoreError(
        f"{printable(path)} cannot be written ({os.strerror(problem.errno or errno.EIO)}).",
        fix="Free some space and give the command again, with --resume where it has that."
        if full
        else "Give another folder.",
    )


def hashed(content: bytes) -> str:
    """Hash of some bytes."""
    return blake2b(content, digest_size=12).hexdigest()


def printable(path: Path) -> str:
    """A path as it can be printed and written, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
