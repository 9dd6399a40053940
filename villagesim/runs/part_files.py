"""Parts as files: each says inside of which runs it is, which part of them, and which points and replications it holds.

What is not as it was written is made again; what belongs to something else is refused by its name, and stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.errors import StoreError
from villagesim.runs.writing import LEFT_OVER, hashed, printable, write_whole

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Key = tuple[int, int]
"""Point and replication: what is run and kept together."""
NAME = re.compile(r"(county|villages)-(\d{5,9})\.([0-9a-f]{24})\.parquet")
ABOUT = b"villagesim"


@dataclass(frozen=True)
class PartAbout:
    """What a part says of itself.

    Attributes
    ----------
    design : str
        Id of the runs that it belongs to.
    number : int
    chunks : tuple of (point, replication)
    villages : bool
        Whether the rows of all villages are kept beside it.
    """

    design: str
    number: int
    chunks: tuple[Key, ...]
    villages: bool = False


@dataclass(frozen=True, eq=False)
class HeldPart:
    """A part that is there and whole."""

    about: PartAbout
    path: Path
    failures: Sequence[Mapping[str, Any]]
    idle: Sequence[Mapping[str, Any]] = ()


class PartFiles:
    """The parts of one design in a folder."""

    def __init__(self, folder: Path, design: str) -> None:
        self.folder, self.design = folder, design

    def file(self, kind: str, number: int) -> Path:
        """File of one part, as ``county-00003``, to which :func:`write_part` adds a hash of what is in it."""
        return self.folder / f"{kind}-{number:05d}.parquet"

    def clear(self) -> None:
        """Remove all parts.

        Raises
        ------
        StoreError
            Where something else is among them.
        """
        for path in list(self._files()):
            path.unlink(missing_ok=True)

    def held(self) -> dict[Key, HeldPart]:
        """What is there and whole; of what was made twice, and of what is damaged, nothing is left.

        Raises
        ------
        StoreError
            Where a file is no part of these runs.
        """
        read = {path: self._read(path) for path in sorted(self._files())}
        whole: dict[str, dict[int, HeldPart]] = {"county": {}, "villages": {}}
        for path, part in read.items():
            if part is not None:
                whole[path.name.partition("-")[0]].setdefault(part.about.number, part)
        found: dict[Key, HeldPart] = {}
        kept = {part.path for part in whole["villages"].values()}
        for number, part in sorted(whole["county"].items()):
            beside = whole["villages"].get(number)
            new = [key for key in part.about.chunks if key not in found]
            if new and (not part.about.villages or (beside is not None and beside.about == part.about)):
                found |= dict.fromkeys(new, part)
                kept.add(part.path)
        for path in read.keys() - kept:
            path.unlink(missing_ok=True)
        return found

    def rows(self, kind: str, parts: Mapping[Key, HeldPart], **how: Any) -> "pd.DataFrame":
        """Rows of these points and replications, in the order of the parts; ``how`` as for ``pyarrow.parquet.read_table``.

        Raises
        ------
        StoreError
            Where a part has gone since it was looked at.
        """
        import pyarrow as pa

        tables = []
        for part, keys in _by_part(parts):
            table = self._rows_of(kind, part, **how)
            if len(keys) < len(part.about.chunks):
                runs = zip(table["point"].to_pylist(), table["replication"].to_pylist(), strict=True)
                table = table.filter(pa.array([run in keys for run in runs]))
            tables.append(table)
        return pa.concat_tables(tables, promote_options="permissive").to_pandas()

    def _rows_of(self, kind: str, part: HeldPart, **how: Any) -> "pa.Table":
        import pyarrow.parquet as pq

        try:
            path = part.path if kind == "county" else min(self.folder.glob(f"{kind}-{part.about.number:05d}.*.parquet"))
            return pq.read_table(path, **how).replace_schema_metadata()
        except (OSError, ValueError):
            raise StoreError(
                f"{printable(part.path)} has gone while the results were read.", fix="Go on with --resume."
            ) from None

    def _files(self) -> Iterator[Path]:
        if not self.folder.exists() and not self.folder.is_symlink():
            return
        if not self.folder.is_dir():
            raise _foreign(self.folder, "is no folder, but the parts of these runs belong there")
        for path in self.folder.iterdir():
            if NAME.fullmatch(path.name) and path.is_file():
                yield path
            elif not (LEFT_OVER.fullmatch(path.name) and not path.is_dir()) and path.exists():
                raise _foreign(path, "is no part of these runs")

    def _read(self, path: Path) -> HeldPart | None:
        """A part as it stands, or nothing where it is ours but not as it was written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        named = NAME.fullmatch(path.name)
        assert named is not None
        try:
            content = path.read_bytes()
            if hashed(content) != named[3]:
                return None
            file = pq.ParquetFile(pa.BufferReader(content))
            said = json.loads((file.metadata.metadata or {})[ABOUT])
            design, number = str(said["design"]), int(said["number"])
            chunks = tuple((int(point), int(replication)) for point, replication in said["chunks"])
            failures, idle, rows = list(said["failures"]), list(said["idle"]), said["rows"]
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError, KeyError, ValueError, TypeError, RecursionError):
            raise _foreign(path, "is no part of these runs") from None
        if design != self.design:
            raise _foreign(path, "is a part of other runs (of another seed, scenario or version)")
        if number != int(named[2]) or rows != _of_rows(content, file.schema_arrow):
            return None
        return HeldPart(PartAbout(design, number, chunks, bool(said["villages"])), path, failures, idle)


def write_part(
    path: Path, table: "pa.Table", about: PartAbout, failures: Sequence[Mapping[str, object]] = (),
    idle: Sequence[Mapping[str, object]] = (),
) -> Path:  # fmt: skip
    """Write the rows of one part, what it is, which runs failed and which policies never acted, whole or not at all.

    Returns
    -------
    Path
        Its file.
    """
    said = {**asdict(about), "failures": list(failures), "idle": list(idle)}
    bare = _content(table, {})
    content = _content(table, {ABOUT: json.dumps({**said, "rows": _of_rows(bare, table.schema)}, ensure_ascii=False)})
    path = path.with_suffix(f".{hashed(content)}{path.suffix}")
    write_whole(path, lambda file: file.write_bytes(content))
    return path


def _content(table: "pa.Table", metadata: Mapping[bytes, Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(dict(metadata)), buffer)
    return bytes(buffer.getvalue().to_pybytes())


def _of_rows(content: bytes, schema: "pa.Schema") -> str:
    """Hash of the rows of a Parquet file and their columns, without what it says of itself, which stands at its end."""
    end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    columns = [(field.name, str(field.type)) for field in schema]
    return hashed(content[:end] + json.dumps(columns).encode())


def _by_part(parts: Mapping[Key, HeldPart]) -> list[tuple[HeldPart, set[Key]]]:
    by_number: dict[int, tuple[HeldPart, set[Key]]] = {}
    for key, part in parts.items():
        by_number.setdefault(part.about.number, (part, set()))[1].add(key)
    return [by_number[number] for number in sorted(by_number)]


def _foreign(path: Path, why: str) -> StoreError:
    return StoreError(
        f"{printable(path)} {why}.", fix="Nothing was changed. Remove it, or give another folder with --out."
    )
