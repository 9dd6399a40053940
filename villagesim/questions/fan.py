"""How collective income is spread over villages, strategy by strategy: the places 5, 25, 50, 75 and 95 in a hundred."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from villagesim.languages import _
from villagesim.outcomes.of_income import PLACES, at_place
from villagesim.plots.style import note_on_names
from villagesim.questions.over_time import InTheSameRuns, first_drawn, upright
from villagesim.questions.shown import ends_in_words, shown
from villagesim.scenario import NO_MERGER
from villagesim.statistics.intervals import prediction_band
from villagesim.wording import LEAST_FOR_TAILS, one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Spread(InTheSameRuns, Protocol):
    """What is needed of an answer besides, to say what its figure rests on."""

    @property
    def sample(self) -> str:
        """How many runs of what, in words."""

    @property
    def rests_on(self) -> str:
        """What the figures rest on, in a sentence."""


def fan(answer: InTheSameRuns) -> "pd.DataFrame":
    """A row a strategy, month from the decree on and place: how incomes are spread over the villages in force.

    Columns: ``strategy, order, month, place`` (5: so many villages in a hundred have less), ``mean`` over units, and one
    county's chance, ``band_low, band_high``, which is empty of a single unit [yuan per village and year].
    """
    import pandas as pd

    begin = first_drawn(answer)
    parts = []
    for k, strategy in enumerate(answer.strategies):
        if strategy == NO_MERGER:  # over another number of villages, or the baseline itself
            continue
        told = {"strategy": strategy, "order": answer.known.order(strategy), "month": answer.months[begin:]}
        for place in PLACES:
            x = answer.values(at_place(place))[k][:, begin:]
            low, high = prediction_band(x)
            own = {"place": place, "mean": x.mean(axis=0), "band_low": low, "band_high": high}
            parts.append(pd.DataFrame(told | own))
    return pd.concat(parts, ignore_index=True)


def draw_fan_of(answer: Spread, strategies: Sequence[str] | None = None) -> "Figure":
    """Draw it, a panel a strategy; the last 16 where there are more and none are asked for."""
    from villagesim.plots.fan import draw_fan

    n = answer.values(at_place(PLACES[0])).shape[1]
    chance = ""
    if n > 1:
        few, sample = n < LEAST_FOR_TAILS, answer.sample
        chance = _("lowest and highest of {sample}", sample=sample) if few else _("90% of {sample}", sample=sample)
    means = (
        _("Lines and bands: means of {sample}.", sample=answer.sample)
        if chance
        else _("One replication: it says nothing about chance.")
    )
    places = _(
        "Places among the villages in force, from the decree on, in yuan of the start; a village need not keep its place."
    )
    marks, lines = upright(answer)
    table, ends = fan(answer), answer.known.ends
    chosen, lost = shown("fan", strategies, list(table["strategy"].unique()), answer.known, [answer.baseline])
    said = (places, means, lines, answer.rests_on, ends_in_words(ends, chosen), lost, note_on_names(answer.strategies))
    return draw_fan(table, answer.baseline, marks, one_after_another(said), chance, ends=ends, strategies=chosen)
