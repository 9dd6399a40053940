"""Calibration: prior and posterior of every parameter, and the published figures before and after."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches
from villagesim.plots.whiskers import Series, draw_whiskers, series_of
from villagesim.statistics.posterior import FITS, NOT_INFORMED, TOO_FEW
from villagesim.wording import estimate, month

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


NO_VALUE = marked("no value fits")


def draw_posterior(main: "pd.DataFrame", fit: "pd.DataFrame", words: Mapping[str, str], caption: str) -> "Figure":
    """Draw the parameters on the left and the published figures on the right.

    Parameters
    ----------
    main : DataFrame
        From `posterior_table`.
    fit : DataFrame
        ``target, published, error, surprise, verdict``, and ``prior`` and ``posterior`` with their ends.
    words : dict of str to str
        Factors as they are written.
    """
    from matplotlib import pyplot as plt

    with drawn():
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(inches(), (36 + 9 * max(len(main), len(fit))) / MM), layout="constrained"
        )
        draw_parameters(left, main, words)
        draw_fit(right, fit)
        title = _("What published figures say of the parameters, and whether they can be met")
        title_and_caption(figure, title, _("{said}. {caption}", said=_said(main, fit, words), caption=caption))
    return figure


def draw_parameters(ax: "Axes", main: "pd.DataFrame", words: Mapping[str, str]) -> None:
    """Draw each posterior within the range of its prior."""
    ends = ["posterior", "posterior_low", "posterior_high"]
    within = main[ends].sub(main["low"], axis=0).div(main["high"] - main["low"], axis=0)
    ones = np.ones(len(main))
    prior = Series(_("prior"), 0.5 * ones, 0.05 * ones, 0.95 * ones)
    names = [
        _noted(words[factor], verdict if verdict in (NOT_INFORMED, TOO_FEW) else "")
        for factor, verdict in main[["factor", "verdict"]].to_numpy()
    ]
    xlabel = _("place within the prior's range, 0 lowest, 1 highest")
    draw_whiskers(ax, names, [prior, series_of(within, *ends, label=_("posterior"))], xlabel, zero=False)
    ax.set_title(_("Parameters"))


def draw_fit(ax: "Axes", fit: "pd.DataFrame") -> None:
    """Draw how far prior and posterior are from each published figure, in its own standard errors."""
    series = []
    for name in ("prior", "posterior"):
        ends = [name, f"{name}_low", f"{name}_high"]
        off = fit[ends].sub(fit["published"], axis=0).div(fit["error"], axis=0)
        series.append(series_of(off, *ends, label=named(name)))
    names = [
        _noted(target_in_words(target), "" if fits == FITS else TOO_FEW if fits == TOO_FEW else NO_VALUE)
        for target, fits in fit[["target", "verdict"]].to_numpy()
    ]
    draw_whiskers(ax, names, series, _("difference to the published figure [its standard errors]"))
    ax.set_title(_("Published figures (at zero)"))


def target_in_words(target: str) -> str:
    """A published figure by its title and month."""
    title, comma, at = target.rpartition(", ")
    return _("{title}, {month}", title=named(title), month=month(at)) if comma else named(target)


def _noted(words: str, note: str) -> str:
    return _("{what} ({size})", what=words, size=named(note)) if note else words


def _said(main: "pd.DataFrame", fit: "pd.DataFrame", words: Mapping[str, str]) -> str:
    if TOO_FEW in set(fit["verdict"]):
        return _("Too few runs are accepted to say what the figures inform of")
    broken = fit[fit["verdict"] != FITS]
    if len(broken):
        target = target_in_words(broken.sort_values("surprise")["target"].iloc[0])
        return _("No value within the priors fits {target}", target=target)
    informed = main[main["verdict"] != NOT_INFORMED].sort_values("width")
    said = _("The figures inform {n} of {m} parameters", n=len(informed), m=len(main))
    if not len(informed):
        return said
    row = informed.iloc[0]
    size = estimate(row, "posterior", "posterior_low", "posterior_high")
    return _("{said}, most {what}: {size}", said=said, what=words[row["factor"]], size=size)
