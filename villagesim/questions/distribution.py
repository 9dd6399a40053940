"""Who gains and who loses by a strategy: differences to the baseline by group of constituents, in the same replications."""

from typing import TYPE_CHECKING

import numpy as np

from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.questions.over_time import NEVER_ACTED
from villagesim.questions.strategies_answer import StrategiesAnswer
from villagesim.statistics.differences import difference_intervals, paired
from villagesim.statistics.intervals import verdict

if TYPE_CHECKING:
    import pandas as pd


def distribution(answer: StrategiesAnswer, at: str | None = None) -> "pd.DataFrame":
    """A row a quantity, group and strategy at the end of a month, by default the last.

    Columns: ``quantity, unit, by, group, strategy, order`` (in the scenario), ``baseline`` and ``mean``; ``difference`` to the
    baseline in the same replications, with an interval that holds for all groups and strategies of a quantity together
    (Bonferroni; none where too few replications differ, see ``differs``); ``verdict``: better means that the group gains; over
    draws of what is not known ``share_better, share_worse`` of them, luck taken out, with intervals, and of draws that are alike.
    """
    import pandas as pd

    others = [strategy for strategy in answer.strategies if strategy != answer.baseline]
    n_comparisons = max(len(others) * sum(map(len, GROUPS.values())), 1)
    month, rows = at or answer.months[-1], []
    for quantity in QUANTITIES:
        for by, group in ((by, group) for by, names in GROUPS.items() for group in names):
            name = f"{quantity}_{group}"
            values, margin, found = (
                answer.at(name, month),
                answer.margin(name, month),
                answer.known.outcomes[name],
            )
            baseline = values[answer.strategies.index(answer.baseline)]
            own_values = values[[answer.strategies.index(strategy) for strategy in others]]
            differences = difference_intervals(paired(own_values, baseline), found.bounds, n_comparisons=n_comparisons)
            for strategy, own, difference in zip(others, own_values, differences, strict=True):
                row = {
                    "at": month, "quantity": quantity, "unit": found.unit, "by": by, "group": group,
                    "strategy": strategy, "order": answer.known.order(strategy),
                    "baseline": float(np.mean(baseline)), "mean": float(np.mean(own)),
                    "difference": difference.mean, "difference_low": difference.low, "difference_high": difference.high,
                    "differs": difference.differs,
                    "verdict": NEVER_ACTED if strategy in answer.idle else str(verdict(difference, margin, found.direction)),
                }  # fmt: skip
                rows.append(row | answer.shares(strategy, name, month))
    return pd.DataFrame(rows)
