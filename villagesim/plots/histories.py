"""Who became what, township by township: how many units had which fate, and how sure the links of vanished ones are."""

from typing import TYPE_CHECKING

from villagesim.languages import _, named
from villagesim.plots.captions import title_and_caption
from villagesim.plots.style import MM, drawn, inches, note_on_names, readable
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FATES = {
    "kept": ("#bbbbbb", ""), "recoded": ("#56B4E9", "...."), "renamed": ("#0072B2", ""), "moved": ("#CC79A7", "xxxx"),
    "community": ("#009E73", "----"), "merged": ("#D55E00", "////"), "split": ("#882255", "++++"), "left": ("#000000", ""),
    "unknown": ("#E69F00", "oo"),
}  # fmt: skip
"""Colour and pattern of each fate."""
MOST = 45
"""Townships drawn at most: those of which the most changes."""


def draw_history(links: "pd.DataFrame", townships: "pd.DataFrame", title: str) -> "Figure":
    """Draw fates of units by old township as bars, and the likelihood of links of vanished units as dots beside them.

    Parameters
    ----------
    links : DataFrame
        ``old_code, fate, share, likelihood, name_level``, a row a link.
    townships : DataFrame
        ``old_township, old_name, new_township, new_name, fate``, a row a township and heir.
    """
    from matplotlib import pyplot as plt

    own = links[links["old_code"] != ""]
    code = own["old_code"].str[:9]
    counts = own.pivot_table(index=code, columns="fate", values="share", aggfunc="sum", fill_value=0)
    changed = counts.drop(columns="kept", errors="ignore").sum(axis=1)
    shown = changed.sort_values(ascending=False, kind="stable").index[:MOST]
    counts = counts.loc[shown[::-1]]
    heirs = townships.drop_duplicates("old_township").set_index("old_township")
    with drawn():
        figure, (left, right) = plt.subplots(
            1,
            2,
            figsize=(inches(), (28 + 4.4 * len(counts)) / MM),
            layout="constrained",
            sharey=True,
            width_ratios=(4, 1),
        )
        start = 0 * changed.loc[counts.index]
        for fate, (colour, pattern) in FATES.items():
            if fate in counts:
                how = {"color": colour, "hatch": pattern, "ec": "white", "lw": 0, "height": 0.78}
                left.barh(range(len(counts)), counts[fate], left=start, label=named(fate), **how)
                start = start + counts[fate]
        left.set_yticks(range(len(counts)), [_label(heirs, township) for township in counts.index])
        left.set_ylim(-0.7, len(counts) - 0.3)
        left.set_xlabel(_("units before [number]"))
        left.legend(ncols=5, loc="lower left", bbox_to_anchor=(0, 1))
        gone = own[own["name_level"] != ""]
        for at, township in enumerate(counts.index):
            stated = gone.loc[gone["old_code"].str[:9] == township, "likelihood"]
            right.plot(stated, [at] * len(stated), "o", ms=3, alpha=0.3, color=FATES["merged"][0], mew=0)
            if len(stated):
                right.plot(stated.mean(), at, "|", ms=9, color="#000000")
        right.set_visible(len(gone) > 0)
        right.set_xlim(0, 1)
        right.set_xlabel(_("likelihood of links"))
        right.tick_params(left=False)
        title_and_caption(
            figure, readable(title, _("Who became what")), _caption(own, gone, len(shown), len(changed), heirs)
        )
    return figure


def _label(heirs: "pd.DataFrame", township: str) -> str:
    """Name of a township, and of its heir where that is called otherwise."""
    one = heirs.loc[township]
    old, new = (
        readable(one["old_name"], township),
        readable(one["new_name"], one["new_township"]) if one["new_name"] else _("gone"),
    )
    return old if one["old_name"] == one["new_name"] else f"{old} \N{RIGHTWARDS ARROW} {new}"


def _caption(own: "pd.DataFrame", gone: "pd.DataFrame", shown: int, every: int, heirs: "pd.DataFrame") -> str:
    said = [_("What became of the units of each old township.")]
    if len(gone):
        links = _(
            "Right: likelihood of each link of a vanished unit, and mean. Of {n:,} such links about {right:,.0f} are right;"
            " {weak:.0%} have a likelihood under .5.",
            n=len(gone), right=gone["likelihood"].sum(), weak=(gone["likelihood"] < 0.5).mean(),
        )  # fmt: skip
        said.append(links)
    if shown < every:
        said.append(_("The {shown} of {every} townships with the most changes.", shown=shown, every=every))
    return one_after_another((*said, note_on_names(heirs["old_name"])))
