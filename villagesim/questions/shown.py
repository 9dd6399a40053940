"""Which strategies a figure shows: those that are asked for, else as many of the last ones as can be told apart."""

from collections.abc import Mapping, Sequence

from villagesim.errors import DesignError, nearest
from villagesim.languages import _
from villagesim.plots.style import strategy_name
from villagesim.questions.setting import Setting

MOST = {"distribution": 8, "fan": 16, "hindcast": 8, "map": 4, "money": 16, "trajectories": 8}
"""Strategies in a figure at most, where none are asked for."""


def shown(
    figure: str, asked: Sequence[str] | None, there: Sequence[str], setting: Setting, always: Sequence[str] = ()
) -> tuple[list[str], str]:
    """Strategies of a figure, and a sentence that names those it leaves out, and how they are drawn.

    Parameters
    ----------
    asked : sequence of str, optional
        As they were asked for.
    there : sequence of str
        Those that can be drawn.
    always : sequence of str
        Those of them that are drawn in any case.

    Raises
    ------
    DesignError
        Where one is asked for that is not there.
    """
    if asked is not None:
        if strange := [name for name in asked if name not in there]:
            raise DesignError(f"{strange[0]!r} is no strategy of the figure.", fix=nearest(str(strange[0]), there))
        return list(dict.fromkeys(asked)), ""
    others = [name for name in there if name not in always]
    most = MOST[figure] - (len(there) - len(others))
    lost = others[:-most]
    if not lost:
        return list(there), ""
    names = _("; ").join(strategy_name(name, setting.order(name)) for name in lost)
    said = _(
        "Not drawn: {names}; villagesim report with --figure {figure} and --strategies draws them.",
        names=names,
        figure=figure,
    )
    return [name for name in there if name not in lost], said


def ends_in_words(ends: Mapping[str, Sequence[str]], strategies: Sequence[str]) -> str:
    """What the triangles below the panels are, in a sentence; nothing where no policy ends."""
    return _("Triangles below a panel: policies end.") if any(ends.get(name) for name in strategies) else ""
