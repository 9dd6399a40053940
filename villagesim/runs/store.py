"""Where results are kept: Parquet parts and a manifest that is derived from them.

Everything is written under a temporary name, flushed, and renamed, so that nothing is ever half-written. Tables, figures and
texts are written beside what is there, and take its place once all of them are there: whoever is broken off spoils nothing.
"""

import json
import platform
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from villagesim.errors import StoreError
from villagesim.languages import _
from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.runs import codebook
from villagesim.runs.exports import USUAL_FORMATS, write_csv, write_figure
from villagesim.runs.lock import LOCK, Lock
from villagesim.runs.other_results import differences
from villagesim.runs.part_files import PartFiles
from villagesim.runs.writing import (
    MANIFEST,
    clear_left_overs,
    hashed,
    printable,
    refuse_among_results,
    remove_empty,
    take_place,
    write_whole,
)

if TYPE_CHECKING:
    import pandas as pd

LIBRARIES = ("villagesim", "simpy", "numpy", "scipy", "pandas", "pyarrow")
WRITING = ".writing"
"""Where all but parts and manifest is written until it takes its place."""
WRITTEN = ("tables", "figures", "sweeps")
"""Folders that are written."""
DERIVED = ("figures", "stata")
"""Folders of what is drawn or exported of results that are there."""
PAGES, EXPORTED = ".html", ".dta"
"""Endings of what is made of results and is none of them: it may be written anew, in another language too."""


class Store:
    """A folder with the results of one design; nobody else may write to it until it is closed.

    Parameters
    ----------
    folder : Path
    design : dict
        What the results follow from: scenario, strategies, seed, replications.
    resume : bool
        Keep the parts that are there. Those of a folder that is complete are kept in any case.
    grows : collection of str
        Keys of the design, as ``replications``, that say how many runs there are and not what each of them is: a folder
        goes on with others than it was begun with.
    within : Store, optional
        The store that this one lies below: what is written takes its place together with that of the other.

    Attributes
    ----------
    goes_on : bool
        Parts that were there are kept.
    writing : Path
        Folder in which everything but parts is written, until :meth:`write_manifest`.

    Raises
    ------
    StoreError
        Where the folder holds something else, is in use, or cannot be written to.
    """

    def __init__(
        self, folder: Path, design: Mapping[str, Any], *, resume: bool = False, grows: Collection[str] = (),
        within: "Store | None" = None,
    ) -> None:  # fmt: skip
        self.folder, self.design, self.grows = Path(folder).absolute(), dict(design), frozenset(grows)
        same = {key: value for key, value in self.design.items() if key not in self.grows}
        self.outcomes: Outcomes = OUTCOMES  # what columns of tables mean
        self.id = hashed(json.dumps(same, sort_keys=True).encode())
        self.parts = PartFiles(self.folder / "parts", self.id)
        self._columns: dict[str, list[str]] = {}  # of the tables that were written
        self.earlier: list[dict[str, Any]] = []  # other environments in which runs in the folder were made
        self._outgrown = False  # whether what is drawn in the folder is of other results than will be there
        self._manifest = self.folder / MANIFEST
        self.goes_on, self._within = resume, within
        self.writing = self.folder / WRITING
        if within is not None:
            self.writing = within.writing / self.folder.relative_to(within.folder)
        try:
            if within is None:
                refuse_among_results(self.folder)
            self._lock = Lock(self.folder)
            try:
                if not self._manifest.exists() and self._contents():
                    raise StoreError(
                        f"{printable(self.folder)} is not empty and holds no results.",
                        fix="Give a new or an empty folder.",
                    )
                self._take_over()
            except BaseException:
                self._lock.release()
                raise
        except OSError as problem:
            raise StoreError(
                f"{printable(self.folder)} cannot be written to ({problem.strerror}).", fix="Give another folder."
            ) from None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *problem: object) -> None:
        """Let others write; a folder in which nothing was made is removed."""
        clear_left_overs(self.parts.folder)
        with suppress(OSError):  # there are some
            self.parts.folder.rmdir()
        if self._within is None:
            rmtree(self.writing, ignore_errors=True)
        if self._contents() == {MANIFEST}:
            self._manifest.unlink()
        self._lock.release()

    def _contents(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {LOCK}

    def _take_over(self) -> None:
        """Refuse a folder that holds anything but results of the same design; else make it ready."""
        if links := sorted(path for path in self.folder.iterdir() if path.is_symlink() and path.is_dir()):
            raise StoreError(
                f"{printable(links[0])} is a link to a folder: what is in it would not be in the manifest.",
                fix="Nothing was changed. Put the folder itself there, or make all of --out a link.",
            )
        if stray := [path for path in map(self.folder.joinpath, WRITTEN) if path.exists() and not path.is_dir()]:
            raise StoreError(
                f"{printable(stray[0])} is no folder, but results belong there.",
                fix="Nothing was changed. Remove it, or give another folder with --out.",
            )
        there = self._there() if self._manifest.exists() else {}
        if self.goes_on:
            self.parts.held()
        else:
            self.parts.clear()
        clear_left_overs(self.folder)
        if self.writing.is_symlink() or self.writing.is_file():
            self.writing.unlink()
        rmtree(self.writing, ignore_errors=True)
        if not there.get("complete"):
            self._write(self.folder, {"complete": False, "files": {}})
        elif self.earlier:
            self._write(self.folder, {"complete": True, "design": there["design"], "files": there["files"]})

    def _there(self) -> dict[str, Any]:
        """What the manifest says, if it is of the same design, and these runs may go on."""
        try:
            manifest = dict(json.loads(_bytes_of(self._manifest)))
            there, complete = dict(manifest["design"]), bool(manifest["complete"])
            environments = [dict(one) for one in (*manifest.get("earlier", ()), manifest.get("environment", ()))]
            manifest["files"] = dict(manifest["files"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise StoreError(
                f"{printable(self._manifest)} is damaged.", fix="Give another folder, or remove this one first."
            ) from None
        other = sorted(key for key in {*self.design, *there} if self.design.get(key) != there.get(key))
        if other and not (self.goes_on and self.grows.issuperset(other)):
            raise self._differs(other, there)
        self._outgrown = bool(other)
        n_parts = len(list(self.parts.folder.glob("county-*")))
        if n_parts and not complete and not self.goes_on:
            raise StoreError(
                f"{printable(self.folder)} holds {n_parts} parts of these runs, which were broken off.",
                fix="Go on with --resume, or remove the folder first.",
            )
        self.goes_on = self.goes_on or complete
        if self.goes_on:
            self.earlier = [one for one in environments if one != fingerprint()]
        return manifest

    @property
    def made_elsewhere(self) -> str:
        """Say what runs in the folder were made with that is not there now; empty where that is nothing."""
        now = _flat(fingerprint())
        found: dict[str, None] = {}
        for one in map(_flat, self.earlier):
            found |= {
                _("{name} {before}, now {now}", name=name, before=one.get(name), now=now[name]): None
                for name in now
                if one.get(name) != now[name]
            }
        said = _(
            "Runs of this folder were made with {libraries}: figures agree to many digits, not to the bit.",
            libraries=_("; ").join(found),
        )
        return said if found else ""

    def _differs(self, keys: list[str], there: Mapping[str, Any]) -> StoreError:
        folder = printable(self.folder)
        if self.grows.issuperset(keys):
            return StoreError(
                f"{folder} holds these runs with other {', '.join(keys)}.",
                fix="Go on with --resume, which makes those that are not there, or give another folder with --out.",
            )
        return StoreError(
            " ".join([f"{folder} holds other results.", *differences(there, self.design, self.grows)]),
            fix="Nothing was changed. Give another folder with --out, or remove this one first.",
        )

    def write_table(self, name: str, table: "pd.DataFrame") -> None:
        """Write a table as Parquet and as CSV; what its columns mean is in the codebook once there is a manifest."""
        write_parquet(self.writing / "tables" / f"{name}.parquet", table)
        write_whole(self.writing / "tables" / f"{name}.csv", partial(write_csv, table=table, name=name))
        self._columns[name] = [str(column) for column in table.columns]

    def write_text(self, name: str, text: str) -> None:
        """Write a text."""
        write_whole(self.writing / f"{name}.txt", lambda file: file.write_text(f"{text}\n", encoding="utf-8"))

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write plain data."""
        _write_json(self.writing / name, content)

    def write_figure(self, name: str, figure: Any, formats: Sequence[str] = USUAL_FORMATS) -> None:
        """Write a figure in these formats."""
        write_figure(self.writing / "figures", name, figure, formats)

    def write_manifest(self) -> Path:
        """Derive the codebook and the manifest from all that is there, and let what was written take its place.

        What killed processes left half-written is removed, as workers that lost their parent may still be writing; and so are
        figures, pages and exported tables of the results that have become others.
        """
        clear_left_overs(self.folder)
        if self._columns:
            book = Path("tables", codebook.FILE)
            table = codebook.extended(self.folder / book, self._columns, self.outcomes)
            write_whole(self.writing / book, partial(write_csv, table=table))
        stale = self._stale()
        there = {name: path for name, path in sorted(self._files().items()) if path not in stale}
        files = {str(name): hashed(path.read_bytes()) for name, path in there.items()}
        self._write(self.writing, {"complete": True, "files": files})
        if self._within is None:
            take_place(self.writing, self.folder, last=MANIFEST)
        for path in stale:
            path.unlink(missing_ok=True)
        remove_empty([self.folder / room for room in DERIVED])
        return self._manifest

    def _stale(self) -> set[Path]:
        """What was drawn or exported of results that have become others, and is not written anew."""
        if not self._outgrown:
            return set()
        return {path for path in made_of(self.folder) if not (self.writing / path.relative_to(self.folder)).exists()}

    def _files(self) -> dict[Path, Path]:
        """Files of the folder by name, and where each is: those that were written before those that were there."""
        return {
            name: path
            for home in (self.folder, self.writing)
            for path in home.rglob("*")
            if (name := path.relative_to(home)).parts[0] != WRITING
            and path.is_file()
            and path.name != MANIFEST
            and path.suffix not in (PAGES, EXPORTED)
            and not path.name.startswith(".")
            and printable(path) == str(path)  # names that cannot be written down are none of ours
        }

    def _write(self, folder: Path, said: Mapping[str, Any]) -> None:
        """Write what a manifest says, into the folder of this name."""
        about = {"id": self.id, "design": self.design, "environment": fingerprint()}
        earlier = {"earlier": self.earlier} if self.earlier else {}
        _write_json(folder / MANIFEST, {**about, **earlier, **said})


def made_of(folder: Path) -> set[Path]:
    """Figures, pages and exported tables in a folder of results."""
    made = [*folder.glob(f"*{PAGES}"), *(path for room in DERIVED for path in (folder / room).glob("*"))]
    return {path for path in made if path.is_file()}


def read_whole(folder: Path) -> dict[str, Any]:
    """What the results in a folder follow from, once all its files are there and as they were written.

    Raises
    ------
    StoreError
        Where there are none, they are not complete, or a file is missing or has changed.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(_bytes_of(path))
        about, complete, files = dict(manifest["design"]), bool(manifest["complete"]), dict(manifest["files"])
    except OSError:
        raise StoreError(
            f"{folder} holds no results: it has no manifest.json.", fix="Give the folder of --out."
        ) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{path} is damaged.", fix="Run it again into another folder.") from None
    if not complete:
        fix = "Give the command that wrote it again, with --resume."
        fix = "Give the command that wrote it again." if "replication" in about else fix
        raise StoreError(f"{folder} holds runs that were broken off.", fix=fix)
    for name, known in files.items():
        file = folder / name
        if file.suffix in (PAGES, EXPORTED):
            continue
        if strays := [each for each in (*reversed(file.parents), file) if each.exists() and not _fits(each, file)]:
            raise StoreError(
                f"{strays[0]} is in the place of a {'file' if strays[0] == file else 'folder'} of results.",
                fix="Remove it, and give the command that wrote the results again.",
            )
        try:
            said = "" if hashed(file.read_bytes()) == known else "has changed since it was written"
        except FileNotFoundError:
            said = "is missing"
        except OSError as problem:
            said = f"cannot be read ({problem.strerror})"
        if said:
            raise StoreError(
                f"{file} {said}.", fix="Give the command that wrote it again: what is not as it was is written anew."
            )
    return about


def _fits(path: Path, file: Path) -> bool:
    """Whether what is there is what belongs there: a plain file, or a folder that it lies in; a pipe would never end."""
    return path.is_file() if path == file else path.is_dir()


def _bytes_of(path: Path) -> bytes:
    """Content of a manifest, none where it is something else than a file."""
    return path.read_bytes() if path.is_file() or not path.exists() else b""


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_whole(path, lambda file: file.write_text(f"{text}\n", encoding="utf-8"))


def write_parquet(path: Path, table: "pd.DataFrame") -> None:
    """Write one table, whole or not at all."""
    write_whole(path, lambda file: table.to_parquet(file, index=False))


@cache
def code_hash() -> str:
    """Hash of the library's own source."""
    home = Path(__file__).parents[1]
    files = sorted(home.rglob("*.py"))
    return hashed(b"".join(str(f.relative_to(home)).encode() + f.read_bytes() for f in files))


def _flat(environment: Mapping[str, Any]) -> dict[str, Any]:
    return {**environment, **environment.get("libraries", {}), "libraries": None}


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
        "processor_features": hashed(json.dumps(sorted(name for name, there in found.items() if there)).encode()),
    }
