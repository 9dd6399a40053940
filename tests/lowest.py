"""Constraints for pip that hold every library of ``setup.cfg`` at its lowest version: ``python lowest.py setup.cfg``."""

import sys
from configparser import ConfigParser
from pathlib import Path


def lowest(settings: Path) -> list[str]:
    """What users need, each at the lowest version that is said to do: ``numpy==1.26``."""
    found = ConfigParser()
    found.read(settings, encoding="utf-8")
    lines = found["options"]["install_requires"].split() + found["options.extras_require"]["excel"].split()
    return [line.replace(">=", "==") for line in lines]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lowest(Path(sys.argv[1]))) + "\n")
