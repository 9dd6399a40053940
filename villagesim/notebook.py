"""How a value shows in a notebook: a small HTML table, in which text of others stays text."""

from collections.abc import Iterable, Sequence
from html import escape


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """HTML of a table; what stands in its cells is escaped.

    Parameters
    ----------
    caption : str
        One line above the table.
    head : sequence of str
        Names of the columns, if any.
    rows : iterable of sequences
        Cells; each is shown as ``str`` gives it.
    """
    top = f"<thead>{_row('th', head)}</thead>" if head else ""
    body = "".join(_row("td", row) for row in rows)
    return f"<table><caption>{escape(caption)}</caption>{top}<tbody>{body}</tbody></table>"


def _row(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"
