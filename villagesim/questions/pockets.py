"""Figures of money: what each pocket has gained and paid over time, and what strategies cost and bring, run by run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from villagesim.languages import _, named
from villagesim.plots.style import note_on_names
from villagesim.questions.fan import Spread
from villagesim.questions.over_time import cost_and_effect, pockets
from villagesim.questions.shown import ends_in_words, shown
from villagesim.wording import discounted, month, one_after_another

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Discounting(Spread, Protocol):
    """What is needed of an answer besides."""

    @property
    def discount(self) -> float:
        """What a yuan of next year is worth less [share]."""


def draw_money_of(answer: Discounting, strategies: Sequence[str] | None = None) -> "Figure":
    """Draw what each pocket has gained and paid so far, and when a strategy has paid for itself."""
    from villagesim.plots.money import draw_pockets

    caption = _(
        "Means of {sample}, sums since the start beyond {baseline}, in yuan of the start, {discounted}. Triangle: from"
        " this month on county and collectives together have, on average, not less than without; sure where the 95% interval of"
        " the end says so. What households are paid is no part"
        " of that. {rests_on}",
        sample=answer.sample, baseline=named(answer.baseline), discounted=discounted(answer.discount),
        rests_on=answer.rests_on,
    )  # fmt: skip
    table, ends = pockets(answer, answer.discount), answer.known.ends
    chosen, lost = shown("money", strategies, list(table["strategy"].unique()), answer.known)
    caption = one_after_another((caption, ends_in_words(ends, chosen), lost, note_on_names(answer.strategies)))
    return draw_pockets(table[table["strategy"].isin(chosen)], caption, ends)


def draw_cost_and_effect_of(answer: Discounting) -> "Figure":
    """Draw what every strategy costs and brings, run by run."""
    from villagesim.plots.money import draw_cost_and_effect

    caption = _(
        "At the end of {month}, sums since the start beyond {baseline}, in yuan of the start, {discounted}."
        " Small: {sample}; large: their mean. Above the dashed line a strategy brings more than it costs. {rests_on}",
        month=month(answer.months[-1]), baseline=named(answer.baseline), discounted=discounted(answer.discount),
        sample=answer.sample, rests_on=answer.rests_on,
    )  # fmt: skip
    what = _("income of collectives and saving of the county, since the start")
    caption = one_after_another((caption, note_on_names(answer.strategies)))
    return draw_cost_and_effect(cost_and_effect(answer, answer.discount), what, caption)
