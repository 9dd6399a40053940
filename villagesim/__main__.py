"""``python -m villagesim``: the command line, as ``villagesim`` starts it."""

from villagesim.cli import main

if __name__ == "__main__":
    main()
