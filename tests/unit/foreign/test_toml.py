"""TOML files: read with or without a mark, refused where no person could have written them."""

import time
from pathlib import Path

import pytest

from villagesim.errors import ScenarioError
from villagesim.foreign.toml import read_toml

BAD = {
    "one NUL": (b'a = 1\nb = "x\0y"\n', "holds a NUL character at line 2"),
    "UTF-16 without mark": ('a = "text"'.encode("utf-16-le"), "is UTF-16 without a byte order mark"),
    "UTF-16": ('a = "村"'.encode("utf-16"), "is not UTF-8 text, but UTF-16"),
    "GB18030": ('a = "村委会"'.encode("gb18030"), "is not UTF-8 text, but GB18030"),
    "workbook": (b"PK\x03\x04xxxx", "is a zip archive, or an office file"),
    "zero bytes": (b"a = 1\0\0", "is no text: it holds zero bytes"),
    "deep list": (b"a = " + b"[" * 300 + b"]" * 300, "a holds more than 20 lists or tables in each other"),
    "deeper list": (b"a = " + b"[" * 100_000 + b"]" * 100_000, "holds more than 20 lists in each other"),
    "deep key": (b"a." * 20_000 + b"a = 1", "holds a key of more than 20 parts"),
    "deep quoted key": (b"'a' . " * 20_000 + b"a = 1", "holds a key of more than 20 parts"),
    "deep table": (b"[" + b"a." * 20_000 + b"a]", "holds a key of more than 20 parts"),
    "digits without end": (b"a = " + b"9" * 5000, "holds a number of too many digits"),
    "date with strokes": (b"a = 1\nstart = 2021/3/1", "Write the date there as 2022-03-01"),
    "date of few digits": (b"start = 2021-3-1", "Write the date there as 2022-03-01"),
    "date in Chinese": ("start = 2021年3月1日".encode(), "Write the date there as 2022-03-01"),
    "quotation marks of full width": ("title = “村”".encode(), "in half width"),
    "sign of full width": ("a ＝ 3".encode(), "in half width"),
    "digits of full width": ("a = １２".encode(), "in half width"),
    "signs of full width in quotation marks": ('a = "“ ＝" b'.encode(), "Look there for a quotation mark"),
    "many digits": (b"[b]\na = " + b"9" * 400, "a = 99999999999999999999... is larger than 1e+15"),
    "large number": (b"a = [1, -1e308]", "a = -1e+308 is larger than 1e+15"),
    "too large": (b"#" * (2**21 + 1), "is larger than 2 MiB"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_a_file_is_refused_at_once(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    begun = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        read_toml(path, "a scenario file", error=ScenarioError)
    assert said in str(caught.value)
    assert time.perf_counter() - begun < 2


def test_a_mark_and_what_is_not_too_much_are_read(tmp_path: Path) -> None:
    """The twins: twenty lists, a long text, an endless number (which the shape refuses), many keys."""
    path = tmp_path / "a.toml"
    text = "a = " + "[" * 19 + "]" * 19 + '\nb = "' + "a.b " * 50_000 + '"\nc = inf\n'
    path.write_bytes(b"\xef\xbb\xbf" + (text + "\n".join(f"d.k{i} = 1" for i in range(3000))).encode())
    content = read_toml(path, "a scenario file", error=ScenarioError)
    assert content["c"] == float("inf")
    assert len(content["d"]) == 3000
