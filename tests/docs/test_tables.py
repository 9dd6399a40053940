"""The tables of the documentation are those that the code makes, and every table that it can make is shown."""

from dataclasses import make_dataclass
from pathlib import Path

import pytest

from villagesim.docstrings import attributes
from villagesim.errors import VillagesimError
from villagesim.reference.tables import MARKED, OTHERS, keys, main, tables, written

ROOT = Path(__file__).resolve().parents[2]


def test_making_the_tables_changes_nothing() -> None:
    text = {page.name: page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *ROOT.glob("docs/*.md"))}
    stale = [name for name, page in text.items() if written(page) != page]
    assert not stale, f"{', '.join(stale)}: run `make tables`"
    shown = [found.group(2) for page in text.values() for found in MARKED.finditer(page)]
    assert len(shown) == len({*shown})
    assert {name for name in tables() if not name.startswith(("parameters ", "keys of "))} < {*shown}
    assert OTHERS in shown


def test_a_changed_row_is_made_anew_and_an_unknown_mark_is_refused(tmp_path: Path) -> None:
    """The twin: what somebody wrote by hand between the marks does not last."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: keys code -->\n| by hand |\n<!-- end -->\nafter\n", encoding="utf-8")
    main(str(page))
    text = page.read_text(encoding="utf-8")
    assert "by hand" not in text
    assert "| `processes` | list of texts | - | `[]` |" in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    with pytest.raises(VillagesimError, match="keys cod --> is no table"):
        written("<!-- table: keys cod -->\n<!-- end -->\n")


def test_what_a_docstring_says_of_a_key_is_read_in_parts() -> None:
    class Fair:
        """A fair.

        Attributes
        ----------
        stalls, tents : int, at least 0
            Of them ``all``, in one row,
            in the open [stalls].
        """

    assert attributes(Fair) == dict.fromkeys(
        ("stalls", "tents"), ("int, at least 0", "Of them `all`, in one row, in the open [stalls].")
    )


def test_a_key_without_words_is_refused() -> None:
    with pytest.raises(VillagesimError, match="Fair does not say what stalls is"):
        keys(make_dataclass("Fair", [("stalls", int)]))
