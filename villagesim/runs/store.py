"""Where results are kept: Parquet parts and a manifest that is derived from them.

Everything is written under a temporary name, flushed, and renamed, so that nothing is ever half-written.
"""

import errno
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TextIO

from villagesim.errors import StoreError
from villagesim.runs import codebook
from villagesim.runs.exports import write_csv

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

try:
    import fcntl
except ImportError:  # no such locks there: nobody is kept from writing to a folder in use
    fcntl = None  # type: ignore[assignment]

LOCK, OPENINGS = ".lock", 50
FAILURES = b"failures"
LIBRARIES = ("villagesim", "simpy", "numpy", "scipy", "pandas", "pyarrow")


class Store:
    """A folder with the results of one design; nobody else may write to it until it is closed.

    Parameters
    ----------
    folder : Path
    design : dict
        What the results follow from: scenario, strategies, seed, replications.
    resume : bool
        Keep the parts that are there.

    Raises
    ------
    StoreError
        Where the folder holds something else, is in use, or cannot be written to.
    """

    def __init__(self, folder: Path, design: Mapping[str, Any], *, resume: bool = False) -> None:
        self.folder, self.design = Path(folder).absolute(), dict(design)
        self.id = _hash(json.dumps(self.design, sort_keys=True).encode())
        self._manifest = self.folder / "manifest.json"
        try:
            self._lock = Lock(self.folder)
            try:
                if not self._manifest.exists() and self._contents():
                    raise StoreError(
                        f"{self.folder} is not empty and holds no results.", fix="Give a new or an empty folder."
                    )
                self._take_over(resume)
            except BaseException:
                self._lock.release()
                raise
        except OSError as problem:
            raise StoreError(
                f"{self.folder} cannot be written to ({problem.strerror}).", fix="Give another folder."
            ) from None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *problem: object) -> None:
        """Let others write; a folder in which nothing was made is removed."""
        parts = self.folder / "parts"
        if parts.exists() and not any(parts.iterdir()):
            parts.rmdir()
        if self._contents() == {"manifest.json"}:
            self._manifest.unlink()
        self._lock.release()
        with suppress(OSError):  # there is something in it, or another process has just begun to use it
            self.folder.rmdir()

    def _contents(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {LOCK}

    def _take_over(self, resume: bool) -> None:
        """Refuse a folder that holds anything but results of the same design; else make it ready."""
        if self._manifest.exists():
            try:
                manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
                there, complete = dict(manifest["design"]), bool(manifest["complete"])
            except (ValueError, TypeError, KeyError):
                raise StoreError(
                    f"{self._manifest} is damaged.", fix="Give another folder, or remove this one first."
                ) from None
            other = sorted(key for key in {*self.design, *there} if self.design.get(key) != there.get(key))
            if other:
                raise StoreError(
                    f"{self.folder} holds other results: they differ in {', '.join(other)}.",
                    fix="Nothing was changed. Give another folder with --out, or remove this one first.",
                )
            n_parts = len(list(self._files("county")))
            if n_parts and not complete and not resume:
                raise StoreError(
                    f"{self.folder} holds {n_parts} parts of these runs, which were broken off.",
                    fix="Go on with --resume, or remove the folder first.",
                )
        if not resume:
            shutil.rmtree(self.folder / "parts", ignore_errors=True)
        self.write_manifest(complete=False)

    def part(self, kind: str, number: int) -> Path:
        """File of one part, as ``county-00003``, to which :func:`write_part` adds a hash of what is in it."""
        return self.folder / "parts" / f"{kind}-{number:05d}.parquet"

    def present(self) -> set[int]:
        """Numbers of the parts that are there and whole; damaged ones are removed, to be made again."""
        whole: dict[str, bool] = {}
        for path in self._files("*"):
            name, _, content = path.stem.partition(".")
            number = name.rpartition("-")[2]
            whole[number] = whole.get(number, True) and _hash(path.read_bytes()) == content
        for number, is_whole in whole.items():
            if not is_whole:
                for path in self._files("*", number):
                    path.unlink()
        return {int(number) for number, is_whole in whole.items() if is_whole and self._files("county", number)}

    def read(self, kind: str) -> "pd.DataFrame":
        """All parts of one kind, in their order."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        tables = [pq.read_table(part).replace_schema_metadata() for part in self._files(kind)]
        return pa.concat_tables(tables).to_pandas()

    def failures(self) -> list[dict[str, object]]:
        """Runs that failed, in the order of the parts: ``point, replication, strategy, message``."""
        import pyarrow.parquet as pq

        found: list[dict[str, object]] = []
        for part in self._files("county"):
            found += json.loads((pq.read_metadata(part).metadata or {}).get(FAILURES, b"[]"))
        return found

    def _files(self, kind: str, number: str = "*") -> list[Path]:
        """One file a part: two workers may have made it, on machines that differ in the last bits."""
        found = sorted((self.folder / "parts").glob(f"{kind}-{number}.*.parquet"), reverse=True)
        return sorted({path.name.partition(".")[0]: path for path in found}.values())

    def write_table(self, name: str, table: "pd.DataFrame") -> list[Path]:
        """Write a table as Parquet and as CSV, and what its columns mean into the codebook."""
        files = [self.folder / "tables" / f"{name}.{ending}" for ending in ("parquet", "csv")]
        write_parquet(files[0], table)
        write_whole(files[1], partial(write_csv, table=table))
        book = self.folder / "tables" / codebook.FILE
        write_whole(book, partial(write_csv, table=codebook.extended(book, name, table.columns)))
        return files

    def write_text(self, name: str, text: str) -> Path:
        """Write a text."""
        path = self.folder / f"{name}.txt"
        write_whole(path, lambda file: file.write_text(f"{text}\n", encoding="utf-8"))
        return path

    def write_json(self, name: str, content: Mapping[str, Any]) -> Path:
        """Write plain data."""
        text = json.dumps(content, indent=1, ensure_ascii=False)
        write_whole(self.folder / name, lambda file: file.write_text(f"{text}\n", encoding="utf-8"))
        return self.folder / name

    def write_figure(self, name: str, figure: Any) -> list[Path]:
        """Write a figure as PNG and SVG; the same figure gives the same bytes."""
        from matplotlib import rc_context

        from villagesim.plots.style import settings

        files = []
        for ending in ("png", "svg"):
            path = self.folder / "figures" / f"{name}.{ending}"
            metadata = {"Date": None} if ending == "svg" else {"Software": f"villagesim {version('villagesim')}"}
            with rc_context(settings()):  # else every SVG has other ids
                write_whole(path, partial(figure.savefig, format=ending, metadata=metadata))
            files.append(path)
        return files

    def write_manifest(self, *, complete: bool = True) -> Path:
        """Derive the manifest from the design and the files that are there; not complete while the runs go on.

        What killed processes left half-written is removed, and what was made twice; workers that lost their parent may
        still be writing.
        """
        parts = self.folder / "parts"
        for left_over in {*parts.glob(".*"), *parts.glob("*-*.*.parquet")} - {*self._files("*")}:
            left_over.unlink(missing_ok=True)
        files = [
            path
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name != "manifest.json" and not path.name.startswith(".")
        ]
        content = {
            "id": self.id,
            "complete": complete,
            "design": self.design,
            "environment": fingerprint(),
            "files": {str(path.relative_to(self.folder)): _hash(path.read_bytes()) for path in files},
        }
        return self.write_json(self._manifest.name, content)


def read_whole(folder: Path) -> dict[str, Any]:
    """What the results in a folder follow from, once all its files are there and as they were written.

    Raises
    ------
    StoreError
        Where there are none, they are not complete, or a file is missing or has changed.
    """
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        about, complete, files = dict(manifest["design"]), bool(manifest["complete"]), dict(manifest["files"])
    except OSError:
        raise StoreError(
            f"{folder} holds no results: it has no manifest.json.", fix="Give the folder of --out."
        ) from None
    except (ValueError, TypeError, KeyError):
        raise StoreError(f"{path} is damaged.", fix="Run it again into another folder.") from None
    if not complete:
        raise StoreError(f"{folder} holds runs that were broken off.", fix="Go on with --resume.")
    for name, hashed in files.items():
        file = folder / name
        if not file.is_file() or _hash(file.read_bytes()) != hashed:
            said = "has changed since it was written" if file.is_file() else "is missing"
            raise StoreError(f"{file} {said}.", fix="Run it again with --resume, which writes what is not as it was.")
    return about


class Lock:
    """A file that says who writes to a folder, which is made where there is none.

    The system lets go of it when that process ends, however it ends.

    Raises
    ------
    StoreError
        Where another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        while True:
            self.file = self._opened()
            try:
                if fcntl is not None:
                    fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.file.seek(0)
                holder = self.file.read().strip()
                self.file.close()
                raise StoreError(
                    f"{folder} is being written to by {holder or 'another process'}.",
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
                return self.path.open("a+", encoding="utf-8")
            except (FileExistsError, FileNotFoundError):
                tries += 1
                if tries > OPENINGS:
                    raise

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let others write."""
        self.path.unlink(missing_ok=True)
        self.file.close()


def write_part(path: Path, table: "pa.Table", failures: Sequence[Mapping[str, object]] = ()) -> Path:
    """Write the rows of one part, and the runs that failed in it, whole or not at all; return its file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    named = table.replace_schema_metadata({FAILURES: json.dumps(list(failures), ensure_ascii=False)})
    buffer = pa.BufferOutputStream()
    pq.write_table(named, buffer)
    content = buffer.getvalue().to_pybytes()
    hashed = path.with_suffix(f".{_hash(content)}{path.suffix}")
    write_whole(hashed, lambda file: file.write_bytes(content))
    return hashed


def write_parquet(path: Path, table: "pd.DataFrame") -> None:
    """Write one table, whole or not at all."""
    write_whole(path, lambda file: table.to_parquet(file, index=False))


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
            f"{path} cannot be written ({os.strerror(problem.errno or errno.EIO)}).",
            fix="Free some space and go on with --resume, or give another folder.",
        ) from None


@cache
def code_hash() -> str:
    """Hash of the library's own source."""
    home = Path(__file__).parents[1]
    files = sorted(home.rglob("*.py"))
    return _hash(b"".join(str(f.relative_to(home)).encode() + f.read_bytes() for f in files))


def fingerprint() -> dict[str, Any]:
    """What the last bits of results may depend on: versions, platform, processor features."""
    import numpy as np

    features = getattr(getattr(np, "_core", None), "_multiarray_umath", None)
    found = getattr(features, "__cpu_features__", {})
    return {
        "python": sys.version.split()[0],
        "libraries": {name: version(name) for name in LIBRARIES},
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processor_features": _hash(json.dumps(sorted(name for name, there in found.items() if there)).encode()),
    }


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()
