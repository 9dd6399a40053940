"""``python -m villagesim``: the command line, as ``villagesim`` starts it."""

import sys
from pathlib import Path

if Path.cwd() != Path(__file__).resolve().parents[1]:  # what lies in the current folder is no library
    sys.path[:] = [place for place in sys.path if place not in ("", str(Path.cwd()))]

from villagesim.cli import main

if __name__ == "__main__":
    main()
