"""Names that many counties have: one that reappears far away is then mostly another village of the same name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from villagesim.frozen import Frozen

FILE = Path(__file__).parents[1] / "data" / "namesakes.csv"


@cache
def common_names() -> Mapping[str, int]:
    """From cores of names to the number of other counties that have one, of 301; names of one county are left out."""
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    return Frozen({core: int(n) - 1 for core, n in (line.split(",") for line in lines)})
