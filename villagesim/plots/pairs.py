"""Parameters that go together in a posterior, a panel a pair."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from villagesim.arrays import Floats
from villagesim.languages import _
from villagesim.plots.captions import title_and_caption, wrapped
from villagesim.plots.style import COLOURS, MM, TEXT, abreast, drawn, inches
from villagesim.plots.whiskers import tick_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_pairs(
    pairs: Sequence[tuple[str, str, float]],
    rows: Mapping[str, Floats],
    bounds: Mapping[str, tuple[float, float]],
    words: Mapping[str, str],
    caption: str,
) -> "Figure":
    """Draw the rows of a posterior over two parameters at a time, within the ranges of their priors.

    Parameters
    ----------
    pairs : sequence of (one, other, correlation)
    rows : dict of path to (n_rows,)
    words : dict of path to str
        Parameters as they are written, with their units.
    """
    from matplotlib import pyplot as plt

    across = abreast(len(pairs), 58.0)
    down = -(-len(pairs) // across)
    with drawn():
        figure, axes = plt.subplots(
            down, across, figsize=(inches(), (58 * down) / MM), layout="constrained", squeeze=False
        )
        for ax in axes.flat[len(pairs) :]:
            ax.remove()
        for ax, (one, other, correlation) in zip(axes.flat, pairs, strict=False):
            ax.plot(rows[one], rows[other], ".", color=COLOURS[2], ms=4.5, alpha=0.6, mew=0)
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_major_formatter(tick_text)
            ax.set_xlim(bounds[one])
            ax.set_ylim(bounds[other])
            ax.set_xlabel(wrapped(words[one], inches() / across - 0.6, TEXT))
            ax.set_ylabel(wrapped(words[other], 1.7, TEXT))
            ax.set_title(_("correlation {size}", size=f"{correlation:.2f}"))
        title_and_caption(figure, _("Parameters that published numbers tie to each other"), caption)
    return figure
