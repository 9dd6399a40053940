"""What a file truly is: a regular file of a size that can be read, and the encoding of its text."""

import bz2
import codecs
import gzip
import io
import lzma
import re
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from villagesim.errors import VillagesimError
from villagesim.text import plain

MIB = 2**20
LARGEST = 64
"""Size of the largest file that is read [MiB]: the villages of the whole country take 45."""
SIGNATURES = {
    b"PK\x03\x04": "a zip archive, or an office file",
    b"\x28\xb5\x2f\xfd": "compressed (zstd)",
    b"7z\xbc\xaf": "compressed (7-Zip)",
    b"Rar!": "compressed (RAR)",
    b"\xd0\xcf\x11\xe0": "a file of old Office (as .xls or .doc)",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "an SQLite database",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x7fELF": "a program",
}
"""First bytes of files that are no text."""
UNPACK: dict[bytes, tuple[str, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": ("gzip", lambda file: gzip.GzipFile(fileobj=file)),  # type: ignore[dict-item, return-value]
    b"BZh": ("bzip2", bz2.BZ2File),  # type: ignore[dict-item]
    b"\xfd7zXZ": ("xz", lzma.LZMAFile),  # type: ignore[dict-item]
}
"""How what is packed in one of these ways is read, by its first bytes."""
PACKED = {
    "compressed": "Give the text itself, unpacked.",
    "a zip": "Give the text that it holds, unpacked; a workbook that is damaged, or of another program, save again.",
}
"""Ways out of kinds that hold other files, which may well be text, by what they begin with."""
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
COMMON_CHINESE = 0.8
"""Share of the Chinese characters of a text that are in GB 2312, as in every text of today; a text of another encoding
that is taken for GB18030 holds others."""
SAMPLE = 2**18
"""Characters from the beginning by which the encoding is judged."""
UNSEEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
"""Characters without width, which copying from web pages and address bars leaves behind."""
PIECE = 40
"""Characters of a file that a message shows at most."""


def read_bytes(path: Path, what: str, *, error: type[VillagesimError], most: int = LARGEST) -> bytes:
    """Content of a regular file of at most ``most`` MiB.

    Raises
    ------
    VillagesimError
        Of the type ``error``; ``what`` says which path should have been given.
    """
    fix = f"Give the path of {what}."
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
            raise error(f"cannot be read (it is {kind}, no file).", fix=fix, at=[path])
        with path.open("rb") as file:
            raw = file.read(most * MIB + 1)
    except OSError as problem:
        raise error(f"cannot be read ({problem.strerror}).", fix=fix, at=[piece(str(path), 200)]) from None
    except ValueError as problem:
        if isinstance(problem, VillagesimError):
            raise
        raise error("cannot be read (no file can have this name).", fix=fix, at=[piece(str(path), 200)]) from None
    if len(raw) > most * MIB:
        raise error(
            f"is larger than {most} MiB, the most that is read.", fix="Cut it down to the rows you need.", at=[path]
        )
    return raw


def unzipped(raw: bytes, name: str, *, error: type[VillagesimError], most: int = LARGEST) -> bytes:
    """What a file compressed with gzip, bzip2 or xz holds; any other content as it is.

    Raises
    ------
    VillagesimError
        Where it is damaged, or holds more than ``most`` MiB.
    """
    kind, opened = next((how for first, how in UNPACK.items() if raw.startswith(first)), ("", None))
    if opened is None:
        return raw
    try:
        with opened(io.BytesIO(raw)) as file:
            held = file.read(most * MIB + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        raise error(f"is a damaged {kind} file.", fix="Fetch it again, or give the text itself.", at=[name]) from None
    if len(held) > most * MIB:
        raise error(f"holds more than {most} MiB.", fix="Cut it down to the rows you need.", at=[name])
    return held


def encoding_of(
    raw: bytes, name: str, *, error: type[VillagesimError], fix: str = "Save it again as 'CSV UTF-8'."
) -> str:
    """Tell the encoding of a text: UTF-8, UTF-16, UTF-32 or GB18030.

    Raises
    ------
    VillagesimError
        Where it is no text, said by its true name, or in none of these.
    """
    kind = next((kind for first, kind in SIGNATURES.items() if raw.startswith(first)), None)
    if kind is not None:
        way = next((way for word, way in PACKED.items() if kind.startswith(word)), fix)
        raise error(f"is {kind}, no text.", fix=way, at=[name])
    marked = next((encoding for mark, encoding in MARKS.items() if raw.startswith(mark)), None)
    if marked is None and b"\0" in raw:
        is_wide = min(raw[::2].count(0), raw[1::2].count(0)) == 0
        kind = "UTF-16 without a byte order mark" if is_wide else "no text: it holds zero bytes"
        raise error(f"is {kind}.", fix=fix, at=[name])
    try:
        raw.decode(marked or "utf-8")
    except UnicodeDecodeError as problem:
        if marked is None and _is_gb18030(raw):
            return "gb18030"
        row = raw.count(b"\n", 0, problem.start) + 1
        raise error(
            f"the byte {raw[problem.start]:#04x} is not {'UTF-8, nor is the text GB18030' if marked is None else marked}.",
            fix=fix,
            at=(name, f"row {row}"),
        ) from None
    return marked or "utf-8"


def _is_gb18030(raw: bytes) -> bool:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = re.findall(r"[^\x00-\x7f]", text[:SAMPLE])
    common = sum(_is_common(character) for character in foreign)
    return common >= COMMON_CHINESE * len(foreign)


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def cleaned(text: str) -> str:
    """Text without blanks around it and characters that nobody sees."""
    return text.strip().strip(UNSEEN).strip()


def piece(text: str, most: int = PIECE) -> str:
    """A short piece of a file for a message: plain text on one line."""
    return f"{plain(text[:most])}..." if len(text) > most else plain(text)
