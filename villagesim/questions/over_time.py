"""What every strategy changes month by month from the decree on: paired differences with their bands, levels, cost so far."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from villagesim.arrays import Floats
from villagesim.engine.recorder import N_HISTORY
from villagesim.languages import _
from villagesim.outcomes.of_levels import NOMINAL, REPORTED
from villagesim.questions.margin import margin
from villagesim.questions.setting import Setting
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_interval, paired
from villagesim.statistics.intervals import SAME_DIFFERENCE, Interval, verdict
from villagesim.wording import month as month_in_words
from villagesim.wording import quoted

if TYPE_CHECKING:
    import pandas as pd


INCOME = "collective_income"
"""The outcome that comes first."""
NEVER_ACTED = "never acted"
"""Verdict on a strategy none of whose policies was begun, reached anybody, and was paid enough to do anything."""
OTHER_NUMBER = "other number of villages"
"""Verdict on a strategy by what counts villages, where its own map leaves another number of them than the baseline."""
OTHER_VILLAGES = "other villages"
"""Verdict on what is of merged villages alone, where those of two worlds are not the same."""
BARRED = (OTHER_NUMBER, OTHER_VILLAGES)
"""Verdicts that say why there is none."""
OF_MERGED = "merged villages"
"""What unit or meaning says of an outcome of merged villages alone."""
TO_HOUSEHOLDS = ("dividends", "member_dividends", "welfare_paid")
"""Outcomes of what households are paid [yuan a year]."""


class InTheSameRuns(Protocol):
    """What is needed of an answer about strategies; a unit is a replication, or a draw of what is not known."""

    @property
    def strategies(self) -> tuple[str, ...]:
        """Those shown, the baseline among them."""

    @property
    def baseline(self) -> str:
        """The one that all others are held against."""

    @property
    def idle(self) -> tuple[str, ...]:
        """Strategies whose policies never acted."""

    @property
    def known(self) -> Setting:
        """What is known of the scenario."""

    @property
    def months(self) -> tuple[str, ...]:
        """Months by their labels."""

    @property
    def n_merged(self) -> float | Floats:
        """Villages of two or more constituents."""

    @property
    def one_decree(self) -> bool:
        """Whether the decrees come on the same days in all runs."""

    @property
    def of_draws(self) -> bool:
        """Whether a unit is a draw of what is not known."""

    @property
    def after_the_decree(self) -> str | None:
        """The first month in which the decree is in force in all runs."""

    def values(self, name: str) -> Floats:
        """One outcome, ``(n_strategies, n_units, n_months)``."""

    def compares(self, strategy: str, name: str) -> bool:
        """Whether a difference to the baseline means something."""

    def verdict_at_the_end(self, strategy: str, name: str) -> str:
        """What stands in place of the verdict on the mean; empty where nothing does."""

    def changes_over_time(self, name: str) -> dict[str, dict[str, Any]]:
        """Of each strategy that can be compared, by month: ``intervals`` of its difference, and ends of bands."""


def barred(known: Setting, strategy: str, name: str) -> str:
    """Why a difference of a strategy to the baseline means nothing: other villages, or another number of them; else empty."""
    if known.counts_others(strategy, name):
        return OTHER_NUMBER
    found = known.outcomes[name]
    others = known.leaving_others([strategy]) and OF_MERGED in f"{found.meaning} {found.unit}"
    return OTHER_VILLAGES if others else ""


def since_start(rolling: Floats) -> Floats:
    """Sums since the start of differences whose sums over twelve months are given, months last; equal before the start."""
    total = np.array(rolling, float)
    for month in range(N_HISTORY, total.shape[-1]):
        total[..., month] += total[..., month - N_HISTORY]
    return total


def discounted(sums: Floats, rate: float) -> Floats:
    """Sums since the start, months last, of flows that are worth less the later they come, by a yearly ``rate`` [share]."""
    flows = np.diff(sums, axis=-1, prepend=0.0)
    return (flows * worth(rate, sums.shape[-1])).cumsum(axis=-1) if rate else sums


def worth(rate: float, n_months: int) -> Floats:
    """What a yuan of each month is worth at the start, ``(n_months,)``, at a yearly rate."""
    return np.asarray((1 + rate) ** (-np.arange(n_months) / N_HISTORY))


def month_from(months: Sequence[str], first: int, balance: Floats) -> str:
    """Month from the first on from which a balance, ``(n_months,)``, is never below nothing; ``-`` where it ends so."""
    short = ~(balance[first:] >= 0)
    after = first + (len(short) - int(short[::-1].argmax()) if short.any() else 0)
    return months[after] if after < len(months) else "-"


def pays(balance: Interval, cost: float) -> str:
    """Whether county and collectives together have more than without, as far as one per cent of the cost matters."""
    if not cost > 0:
        return "-"
    words = {"higher": "yes", "lower": "no", "practically equal": "even"}
    words[SAME_DIFFERENCE] = "even" if abs(balance.mean) <= 0.01 * cost else "yes" if balance.mean > 0 else "no"
    said = str(verdict(balance, 0.01 * cost, 0))
    return words.get(said, said)


def share_paid_back(balance: Floats) -> float:
    """Of how many draws the balance, ``(n_draws,)``, is not below nothing in the end [share]."""
    return float((balance >= 0).mean())


def differences(answer: InTheSameRuns) -> "pd.DataFrame":
    """A row a strategy that can be compared and month, the baseline first, from the decree on.

    Columns: ``outcome, unit, strategy, order, month``; ``difference`` of collective income to the baseline in the same runs,
    its 95% interval ``low, high`` (for all strategies together, each month by itself), and one county's chance, ``band_low,
    band_high`` (over draws of what is not known ``uncertain_low, uncertain_high`` and ``total_low, total_high`` instead, 90%
    each); ``margin`` and ``verdict`` of the month, on the mean; ``in_draws``, in how many draws it is better and worse at the
    end of the run; means of ``collective_income``, of ``reported``, the same as it is reported,
    in yuan of the start too, and of integration in fact and as reported, or of trust where nothing merges; ``cost`` so far
    beyond that of the baseline [yuan].
    """
    import pandas as pd

    begin = first_drawn(answer)
    shown = [s for s in answer.strategies if s == answer.baseline or (s != NO_MERGER and answer.compares(s, INCOME))]
    shown.sort(key=lambda strategy: strategy != answer.baseline)
    means = {name: values.mean(axis=1)[:, begin:] for name, values in levels(answer).items()}
    matters = _margins(answer)[begin:]
    found = answer.known.outcomes[INCOME]
    changes = answer.changes_over_time(INCOME)
    parts = []
    for strategy in shown:
        row = answer.strategies.index(strategy)
        own = {name: values[begin:] for name, values in changes.pop(strategy, {}).items()}
        intervals = own.pop("intervals", [])
        words = [verdict(each, m, found.direction).word for each, m in zip(intervals, matters, strict=False)]
        words = [NEVER_ACTED] * len(words) if strategy in answer.idle else words
        told = {
            "outcome": INCOME, "unit": found.unit, "strategy": strategy, "order": answer.known.order(strategy),
            "month": answer.months[begin:], "difference": [each.mean for each in intervals] or np.nan,
            "low": [each.low for each in intervals] or np.nan, "high": [each.high for each in intervals] or np.nan,
        }  # fmt: skip
        if intervals and strategy not in answer.idle and (said := answer.verdict_at_the_end(strategy, INCOME)):
            told["in_draws"] = said
        told |= own | {"margin": matters, "verdict": words or "baseline"}
        parts.append(pd.DataFrame(told | {name: values[row] for name, values in means.items()}))
    return pd.concat(parts, ignore_index=True)


def upright(answer: InTheSameRuns) -> tuple[dict[str, str], str]:
    """Later decrees and elections behind the first month that is drawn, by name, and what is said of their lines."""
    begin = answer.months[first_drawn(answer)]
    decrees = {f"decree {day}": day for day in answer.known.later_decrees if day > begin}
    elections = {name: day for name, day in answer.known.dates.items() if name.startswith("election") and day > begin}
    if not decrees:
        return elections, _("Upright dotted lines: elections.") if elections else ""
    months = _(", ").join(map(month_in_words, decrees.values()))
    if elections:
        return decrees | elections, _("Upright dotted lines: later decrees ({months}), and elections.", months=months)
    return decrees, _("Upright dotted lines: later decrees ({months}).", months=months)


def left_out(answer: InTheSameRuns) -> str:
    """Strategies that are not drawn, as they leave another number of villages, in a sentence; nothing where there are none."""
    lost = answer.known.leaving_others(answer.strategies)
    names = _(", ").join(map(quoted, lost))
    return _("Not drawn, as they leave another number of villages: {names}.", names=names) if lost else ""


def first_drawn(answer: InTheSameRuns) -> int:
    """Rank of the first month from the decree on, or of the first of all."""
    return answer.months.index(answer.after_the_decree) if answer.after_the_decree in answer.months else 0


def levels(answer: InTheSameRuns) -> dict[str, Floats]:
    """Levels beside the differences, by unit and month, ``(n_strategies, n_units, n_months)``."""
    merges = answer.known.merges and np.max(answer.n_merged) > 0
    names = ("real_integration", "reported_integration") if merges else ("trust",)
    cost = answer.values("support_cost")
    baseline = cost[answer.strategies.index(answer.baseline)]
    found = {INCOME: answer.values(INCOME), "reported": as_reported(answer, INCOME)}
    return found | {name: answer.values(name) for name in names} | {"cost": since_start(paired(cost, baseline))}


def as_reported(answer: InTheSameRuns, name: str, values: "Callable[[str], Floats] | None" = None) -> Floats:
    """An outcome as it is reported, in yuan of the start as the real one: by the price level of each month."""
    values = values or answer.values
    if f"{NOMINAL}{name}" not in answer.known.outcomes:
        return values(f"{REPORTED}{name}")
    real, nominal, reported = (values(f"{reading}{name}") for reading in ("", NOMINAL, REPORTED))
    prices = np.divide(nominal, real, out=np.ones_like(real), where=real != 0)
    return np.divide(reported, prices, out=np.full_like(reported, np.nan), where=prices != 0)


def _margins(answer: InTheSameRuns) -> Floats:
    """Smallest difference that matters in each month."""
    values, baseline = answer.values(INCOME), answer.strategies.index(answer.baseline)
    return np.array([margin(answer.known, INCOME, month, baseline) for month in np.moveaxis(values, -1, 0)])


def step(answer: InTheSameRuns) -> "pd.DataFrame":
    """What the decrees alone change on their day without any policy: income of all villages, villages, income per village.

    A row each, ``what, unit, before, after, decrees`` (how many) and ``month``: the world without merger in the month of the
    first decree, and what the steps of the decrees make of it, less what the same months bring without merger; nothing that
    comes between two decrees is in it. Empty where no decree in the run merges anything, no merger was not run, or nothing is
    earned.
    """
    import pandas as pd

    merges = answer.one_decree and np.max(answer.n_merged) > 0 and NO_MERGER in answer.strategies
    at = [answer.months.index(month) for month in answer.known.decrees if month in answer.months[1:]] if merges else []
    worlds = [answer.strategies.index(name) for name in (NO_MERGER, answer.baseline) if at]
    each, resident = (answer.values(name)[worlds].mean(axis=1) for name in (INCOME, "income_per_resident"))
    total = resident * answer.known.residents
    with np.errstate(divide="ignore", invalid="ignore"):
        figures = {"all": ("yuan a year", total), "villages": ("villages", total / each), "each": ("yuan a year", each)}
        rows = [
            (
                what,
                unit,
                x[0, at[0]],
                x[0, at[0]] * np.prod([x[1, k] * x[0, k - 1] / (x[1, k - 1] * x[0, k]) for k in at]),
            )
            for what, (unit, x) in figures.items()
            if at
        ]
    table = pd.DataFrame(rows, columns=["what", "unit", "before", "after"])
    table = table.assign(decrees=len(at), month=answer.months[at[0]] if at else "-")
    return table if np.isfinite(table[["before", "after"]].to_numpy(float)).all() else table.iloc[:0]


def pockets(answer: InTheSameRuns, rate: float = 0.0) -> "pd.DataFrame":
    """A row a strategy and month: means of what each pocket has gained or paid since the start, beyond the baseline [yuan].

    Columns: ``strategy, order, month, cost`` (paid by the county's fund), ``saving`` (of the county), ``collectives`` (their
    income), ``households`` (dividends, and welfare) and ``balance``, saving and income of collectives less cost;
    ``pays, pays_back`` and ``share_paid_back``, as in the table `money`.

    Parameters
    ----------
    rate : float
        What a yuan of next year is worth less [share].
    """
    import pandas as pd

    units = _sums(answer, rate)
    units["balance"] = units["saving"] + units["collectives"] - units["cost"]
    sums, ends = {name: x.mean(axis=1) for name, x in units.items()}, units["balance"][..., -1]
    paid = np.asarray(answer.values("support_cost").any(axis=1))
    back = [
        month_from(answer.months, int(own.argmax()), balance) if cost[-1] > 0 else "-"
        for own, balance, cost in zip(paid, sums["balance"], sums["cost"], strict=True)
    ]
    parts = [
        pd.DataFrame(
            {
                "strategy": strategy,
                "order": answer.known.order(strategy),
                "month": answer.months,
                "pays_back": back[k],
                "pays": pays(difference_interval(ends[k]), sums["cost"][k, -1]),
            }
            | ({"share_paid_back": share_paid_back(ends[k])} if answer.of_draws else {})
            | {name: x[k] for name, x in sums.items()}
        )
        for k, strategy in enumerate(answer.strategies)
        if strategy not in (answer.baseline, NO_MERGER)
    ]
    return pd.concat(parts, ignore_index=True)


def cost_and_effect(answer: InTheSameRuns, rate: float = 0.0) -> "pd.DataFrame":
    """A row a strategy and unit: ``strategy, order, cost`` and ``effect``, both since the start [yuan], discounted by a rate."""
    import pandas as pd

    sums = {name: x[..., -1] for name, x in _sums(answer, rate).items()}
    cost, effect = sums["cost"], sums["collectives"] + sums["saving"]
    parts = [
        pd.DataFrame(
            {
                "strategy": s,
                "order": answer.known.order(s),
                "cost": cost[k],
                "effect": effect[k],
            }
        )
        for k, s in enumerate(answer.strategies)
        if s not in (answer.baseline, NO_MERGER)
    ]
    return pd.concat(parts, ignore_index=True)


def _sums(answer: InTheSameRuns, rate: float) -> dict[str, Floats]:
    """What each pocket has gained and paid since the start, beyond the baseline [yuan], by unit and month."""
    baseline = answer.strategies.index(answer.baseline)
    yearly = {
        "cost": answer.values("support_cost"), "saving": answer.values("fiscal_saving"),
        "collectives": answer.known.residents * answer.values("income_per_resident"),
        "households": np.sum([answer.values(name) for name in TO_HOUSEHOLDS], axis=0),
    }  # fmt: skip
    return {name: discounted(since_start(paired(x, x[baseline])), rate) for name, x in yearly.items()}
