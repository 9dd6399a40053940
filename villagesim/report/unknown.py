"""Which assumptions decide an answer, as far as it was asked over them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.languages import _, marked, named
from villagesim.plots.indices import CHANCE
from villagesim.questions.answer import Answer
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.scenario import NO_MERGER
from villagesim.statistics.indices import TOO_WIDE
from villagesim.text import plain
from villagesim.wording import factor_in_words

if TYPE_CHECKING:
    import pandas as pd

MOST, MOST_NAMED = 3, 6
"""Assumptions that are told of, and those that are named of all that were varied."""
OUTCOME = "collective_income"
NONE = marked("None of the assumptions that were varied stands out beyond chance.")
OTHERWISE = marked("Which of them matter was not asked: villagesim sensitivity answers it.")
TOLD = {
    "uncertainty": marked("Which of them matter cannot be told: there are fewer than five draws, or nothing differs in them."),
    "sensitivity": marked("Intervals of what they decide are too wide to say which of them matter: a larger n narrows them."),
    "sweep": marked("What each does stands point by point above; intervals hold chance alone."),
    "worth": marked("What each does, and what knowing it could win, stands above."),
    "robust": OTHERWISE,
    "discover": marked("Under which of them the target is missed stands above."),
    "calibrate": marked("Which values of them go with published figures stands above."),
    "validate": OTHERWISE,
    "forecast": marked("How much of the spread comes from them stands in tables/spread.csv."),
    "attribute": marked("The parts at both ends stand in tables/ends.csv; intervals hold chance alone."),
}  # fmt: skip
"""Kinds that vary what is not known, and what their answers say of it."""


def unknown(answer: Answer) -> dict[str, Any]:
    """What is not known: assumptions ``found`` to decide the answer, and what is ``said`` of all that were varied.

    Nothing is said where nothing was varied.
    """
    found = deciding(answer)
    names = varied(answer)
    if found or not names:
        return {"found": found or [], "said": []}
    more = len(names) - MOST_NAMED
    told = _(", ").join(plain(factor_in_words(name)) for name in names[:MOST_NAMED])
    told = _("{names} and {n} more", names=told, n=more) if more > 0 else told
    last = NONE if found is not None else TOLD[answer.kind.name]
    return {"found": [], "said": [_("Varied: {names}. All else stands at its central value.", names=told), named(last)]}


def varied(answer: Answer) -> list[str]:
    """Paths of all that is not known and was varied; what is decided, as shares of a budget, is none of it."""
    import pandas as pd

    if answer.kind.name not in TOLD:
        return []
    stages = [
        stage for name, stage in answer.stages.items()
        if answer.kind.name != "attribute" or name.endswith(("_low", "_high"))  # other points close roads
    ]  # fmt: skip
    tables = [stage.points for stage in stages if stage.points is not None]
    values = pd.concat(tables) if tables else pd.DataFrame()
    return [str(name) for name in values if name not in ("point", CHANCE) and values[name].nunique() > 1]


def deciding(answer: Answer) -> list[dict[str, str]] | None:
    """The assumptions that go furthest with an answer, three at most, of those that chance alone would not single out.

    None where that was not looked at, or cannot be told.

    Of an answer over draws: rank correlation of what was drawn with the difference in collective income, strategy by
    strategy, beyond what the largest of as many correlations of nothing would be in one of twenty cases. Of indices of
    sensitivity: the largest shares of the variance, where their intervals leave out nothing.
    """
    if answer.kind.name == "uncertainty" and isinstance(answer, StrategiesAnswer):
        return _of_draws(answer)
    if answer.kind.name == "sensitivity":
        return _of_indices(answer.tables["sensitivity"])
    return None


def _of_draws(answer: StrategiesAnswer) -> list[dict[str, str]] | None:
    points = answer.stages[""].points
    if points is None:
        return None
    found: list[tuple[float, str, str]] = []
    tested = False
    base = answer.at(OUTCOME)[answer.strategies.index(answer.baseline)]
    table = (
        points.set_index("point")
        .loc[list(answer._table.points or ())]
        .select_dtypes("number")
        .drop(columns="draw", errors="ignore")
    )
    for strategy, own in zip(answer.strategies, answer.at(OUTCOME), strict=True):
        if strategy in (answer.baseline, NO_MERGER, *answer.idle):
            continue
        correlations = _correlations(table, own - base)
        tested |= correlations is not None
        for name, r in () if correlations is None else correlations.items():
            found.append((r, str(name), strategy))
    if not tested:
        return None
    found.sort(key=lambda each: -abs(each[0]))
    how = _("rank correlation {r:+.2f} with what {strategy} adds to collective income")
    return [
        {"what": plain(factor_in_words(name)),
         "how": plain(how.format(r=r, strategy=named(strategy, "strategy")))}
        for r, name, strategy in found[:MOST]
    ]  # fmt: skip


def _correlations(table: "pd.DataFrame", change: Any) -> "pd.Series[float] | None":
    """Rank correlations that chance alone would not single out, by column; None where there is nothing to tell them by."""
    from scipy.special import stdtrit

    ranks = table.loc[:, table.nunique() > 1].rank()
    n, k = ranks.shape
    if n < 5 or not k or np.ptp(change) == 0:
        return None
    r = ranks.corrwith(type(ranks.iloc[:, 0])(change, index=ranks.index).rank())
    t = stdtrit(n - 2, 1 - 0.05 / (2 * k))
    return r[r.abs() > t / np.sqrt(n - 2 + t**2)]


def _of_indices(table: "pd.DataFrame") -> list[dict[str, str]] | None:
    others = table[table["factor"] != CHANCE]
    known = others[others["verdict"] != TOO_WIDE]
    found = known[known["total_low"] > 0].sort_values("total_order", ascending=False).head(MOST)
    if found.empty and len(known) < len(others):
        return None
    return [
        {"what": plain(factor_in_words(str(row["factor"]))),
         "how": _("has a share in {share:.0%} of the variance", share=row["total_order"])}
        for row in found.to_dict("records")
    ]  # fmt: skip
