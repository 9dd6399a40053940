"""Where results are kept: Parquet parts and a manifest that is derived from them.

Everything is written under a temporary name, flushed, and renamed, so that nothing is ever half-written.
"""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd

LIBRARIES = ("villagesim", "simpy", "numpy", "scipy", "pandas", "pyarrow")


class Store:
    """A folder with the results of one design.

    Parameters
    ----------
    folder : Path
    design : dict
        What the results follow from: scenario, strategies, seed, replications.

    Raises
    ------
    StoreError
        Where the folder holds something else, or cannot be written to.
    """

    def __init__(self, folder: Path, design: Mapping[str, Any]) -> None:
        self.folder, self.design = Path(folder), dict(design)
        self.id = _hash(json.dumps(self.design, sort_keys=True).encode())
        self._manifest = self.folder / "manifest.json"
        try:
            self._refuse_strangers()
            self.folder.mkdir(parents=True, exist_ok=True)
            self.write_manifest(complete=False)
            shutil.rmtree(self.folder / "parts", ignore_errors=True)
        except OSError as problem:
            raise StoreError(f"{self.folder} cannot be written to ({problem.strerror}). Give another folder.") from None

    def discard(self) -> None:
        """Remove the parts, and the folder if it holds no tables yet."""
        shutil.rmtree(self.folder / "parts", ignore_errors=True)
        if {path.name for path in self.folder.iterdir()} <= {"manifest.json"}:
            shutil.rmtree(self.folder)

    def _refuse_strangers(self) -> None:
        """Refuse a folder that holds anything but results of the same design."""
        if not self.folder.exists() or not any(self.folder.iterdir()):
            return
        if not self._manifest.exists():
            raise StoreError(f"{self.folder} is not empty and holds no results. Give a new or an empty folder.")
        try:
            manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
            there, complete = dict(manifest["design"]), bool(manifest["complete"])
        except (ValueError, TypeError, KeyError):
            raise StoreError(f"{self._manifest} is damaged. Give another folder, or remove this one first.") from None
        other = [key for key in self.design if self.design[key] != there.get(key)]
        only_parts = {path.name for path in self.folder.iterdir()} <= {"manifest.json", "parts"}
        if other and (complete or not only_parts):
            raise StoreError(
                f"{self.folder} holds other results: they differ in {', '.join(other)}.\n"
                "  Nothing was changed. Give another folder with --out, or remove this one first."
            )

    def part(self, kind: str, number: int) -> Path:
        """File of one part, as ``county-0003``."""
        return self.folder / "parts" / f"{kind}-{number:04d}.parquet"

    def read(self, kind: str) -> "pd.DataFrame":
        """All parts of one kind, in their order."""
        import pandas as pd

        parts = sorted((self.folder / "parts").glob(f"{kind}-*.parquet"))
        return pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)

    def write_table(self, name: str, table: "pd.DataFrame") -> list[Path]:
        """Write a table as Parquet and as CSV."""
        files = [self.folder / "tables" / f"{name}.{ending}" for ending in ("parquet", "csv")]
        write_parquet(files[0], table)
        write_whole(files[1], lambda file: table.to_csv(file, index=False, float_format="%.10g"))
        return files

    def write_figure(self, name: str, figure: Any) -> list[Path]:
        """Write a figure as PNG and SVG."""
        files = []
        for ending in ("png", "svg"):
            path = self.folder / "figures" / f"{name}.{ending}"
            metadata = {"Date": None} if ending == "svg" else {"Software": f"villagesim {version('villagesim')}"}
            write_whole(path, partial(figure.savefig, format=ending, metadata=metadata))
            files.append(path)
        return files

    def write_manifest(self, *, complete: bool = True) -> Path:
        """Derive the manifest from the design and the files that are there; not complete while the runs go on."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
        content = {
            "id": self.id,
            "complete": complete,
            "design": self.design,
            "environment": fingerprint(),
            "files": {str(path.relative_to(self.folder)): _hash(path.read_bytes()) for path in files},
        }
        text = json.dumps(content, indent=1, ensure_ascii=False)
        write_whole(self._manifest, lambda file: file.write_text(text + "\n", encoding="utf-8"))
        return self._manifest


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
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        raise StoreError(
            f"{path} cannot be written ({problem.strerror}). Free some space, or give another folder."
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
