"""``villagesim`` and ``python -m villagesim``: the command line, which ends quietly however early it is broken off."""

import sys


def main() -> None:
    """Run the command line; what is broken off while it loads leaves 130, as any command."""
    try:
        from villagesim.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    from pathlib import Path

    if Path.cwd() != Path(__file__).resolve().parents[1]:  # what lies in the current folder is no library
        sys.path[:] = [place for place in sys.path if place not in ("", str(Path.cwd()))]
    main()
