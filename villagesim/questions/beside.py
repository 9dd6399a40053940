"""Two comparisons of one county beside each other, as of one wave of mergers and of two: the second less the first.

Luck is keyed by village and date, so a replication of the one is that of the other but for what their scenarios give: decrees,
and whatever else is told. The world without merger is the check: where decrees are all that differs, it is the same in both.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools, Floats
from villagesim.errors import DesignError
from villagesim.languages import _, named
from villagesim.outcomes.of_levels import MECHANICAL
from villagesim.plots.style import note_on_names
from villagesim.questions.comparison_answer import ComparisonAnswer
from villagesim.questions.given import MAP, OF_STRATEGIES, ROLL
from villagesim.questions.labels import label_of_parts, weaker
from villagesim.questions.money import costs
from villagesim.questions.over_time import INCOME, OF_MERGED, OTHER_NUMBER, OTHER_VILLAGES, since_start
from villagesim.questions.verdicts import DIFFERENCE, NOT_COMPARED, listed
from villagesim.scenario import NO_MERGER
from villagesim.statistics.differences import difference_interval, difference_intervals, paired
from villagesim.statistics.intervals import prediction_band, verdict
from villagesim.statistics.simultaneous import simultaneous_quantile
from villagesim.wording import month as month_in_words
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from villagesim.outcomes import Outcome

BY_RESIDENT, IN_FACT = "income_per_resident", "real_integration"
MOST_TOLD = 8
"""Parts in which scenarios differ that a note names."""


@dataclass(frozen=True, eq=False)
class TwoWorlds:
    """The second of two comparisons less the first, replication by replication, at the end of a month, by default the last.

    Raises
    ------
    VillagesimError
        Where they cannot be paired, or have no such month.
    """

    first: ComparisonAnswer
    second: ComparisonAnswer
    at: str | None = None

    def __post_init__(self) -> None:
        _check_kind(self.first, self.second)
        for what, of, fix in (
            ("the version of the library that made them", _version, "Run both anew, with one version."),
            ("the villages before the merger", _villages, "Give two folders of one county."),
            ("their months", lambda answer: answer.months, "Give two folders of one county."),
            ("the seed", lambda answer: answer.facts["seed"], "Run both with the same --seed and --replications."),
            ("their replications", _replications, "Run both with the same --seed and --replications."),
        ):
            if of(self.first) != of(self.second):
                raise DesignError(f"the two folders cannot be paired: they differ in {what}.", fix=fix)
        self.first.rank(self.at)
        if not self.strategies:
            raise DesignError(
                "the two folders have no strategy in common.", fix="Compare strategies of the same names."
            )

    @property
    def month(self) -> str:
        """Month at whose end all is compared."""
        return self.at or self.first.months[-1]

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """Those of both, but for no merger."""
        return tuple(name for name in self.first.strategies if name in self.second.strategies and name != NO_MERGER)

    @cached_property
    def table(self) -> "pd.DataFrame":
        """A row an outcome and strategy.

        Columns: ``at, outcome, unit, strategy``; means ``first`` and ``second``; ``difference`` of the second less the first in
        the same replications with its interval, which holds for all strategies of an outcome together; ``differs``, ``verdict``
        and ``margin``, as in a comparison, the margin by scenario and baseline of the first; ``rests_on``, in a word;
        ``cost_first`` and ``cost_second``, paid until then [yuan], ``cost_difference`` with its interval.
        """
        import pandas as pd

        paid = {name: self._paid(name) for name in self.strategies}
        names = dict.fromkeys((INCOME, BY_RESIDENT, *self.first.known.headline_outcomes))
        there = [name for name in names if name in self.second.known.outcomes]
        return pd.DataFrame([row | paid[row["strategy"]] for name in there for row in self._rows(name)])

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in three lines: income, integration, and whether no merger is the same, as it should."""
        rows = dict(list(self.table.groupby("outcome", sort=False)))
        income = BY_RESIDENT if (rows[INCOME]["verdict"] == OTHER_NUMBER).any() else INCOME
        title, when = named(self.first.outcome(income).title), month_in_words(self.month)
        what = title if income == BY_RESIDENT else _("{title} per village", title=title)
        what = _("Second less first at the end of {month}: {what}, in yuan of the start", month=when, what=what)
        lines = [self.first.sentence(what, income, rows[income])]
        if IN_FACT in rows:
            lines.append(self.first.sentence(named(self.first.outcome(IN_FACT).title), IN_FACT, rows[IN_FACT]))
        return (*lines, self._check_in_words())

    @cached_property
    def not_the_same(self) -> tuple[str, ...]:
        """Outcomes of the world without merger that are not the same in both, in any month of any replication."""
        worlds = [(answer, answer.strategies.index(NO_MERGER)) for answer in (self.first, self.second)]
        return tuple(
            name for name in self.first.known.outcomes
            if name in self.second.known.outcomes and not name.startswith(MECHANICAL)  # that of a map, not of this world
            and not _same(*(answer.each_run(name)[row] for answer, row in worlds)).all()
        )  # fmt: skip

    @cached_property
    def differs_in(self) -> tuple[str, ...]:
        """Paths of what the scenarios give otherwise, decrees apart, as ``fund.yearly``; of strategies those that both ran.

        The map is told where both have the same decrees: else it goes with them.
        """
        one, other = self.first.known.given, self.second.known.given
        run = {f"{OF_STRATEGIES}.{name}" for name in {*self.first.strategies} & {*self.second.strategies}}
        skipped = {name for name in {**one, **other} if name.startswith(f"{OF_STRATEGIES}.")} - run
        skipped |= set() if self.same_decrees else {MAP}
        return tuple(name for name in {**one, **other} if name not in skipped and one.get(name) != other.get(name))

    @property
    def same_decrees(self) -> bool:
        """Whether both have their decrees in the same months, so that a map that differs is no matter of decrees."""
        return self.first.known.decrees == self.second.known.decrees

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the pair, a sentence each."""
        found = []
        if self.differs_in:
            paths = [*self.differs_in[:MOST_TOLD], *["..."] * (len(self.differs_in) > MOST_TOLD)]
            found.append(_("Also differs: {paths}.", paths=_(", ").join(paths)))
        if self.same_decrees:
            found.append(_("Both have their decrees in the same months."))
        if self._in_one:
            found.append(_("In one folder only, and left out: {names}.", names=listed(self._in_one)))
        barred = self.table[self.table["verdict"] == OTHER_NUMBER]
        if len(barred):
            found.append(
                _(
                    "With other numbers of villages in {month} means per village and shares of villages are no gain: {names}."
                    " Compare by resident.",
                    month=month_in_words(self.month), names=listed(dict.fromkeys(barred["strategy"])),
                )
            )  # fmt: skip
        if (self.table["verdict"] == OTHER_VILLAGES).any():
            found.append(
                _(
                    "Integration and accounts are of the villages merged by {month}, which are not the same in both.",
                    month=month_in_words(self.month),
                )
            )
        return tuple(found)

    def _check_in_words(self) -> str:
        if not self.not_the_same:
            return _(
                "Check: {name} is the same in all runs, as it should be: one county, in the same luck.",
                name=named(NO_MERGER),
            )
        return _(
            "Warning: {name} is not the same in both ({n} outcomes differ): differences are not the decrees' alone.",
            name=named(NO_MERGER), n=len(self.not_the_same),
        )  # fmt: skip

    @property
    def _in_one(self) -> list[str]:
        return sorted({*self.first.strategies} ^ {*self.second.strategies})

    def _rows(self, name: str) -> list[dict[str, Any]]:
        found, answers = self.first.outcome(name), (self.first, self.second)
        rows = [[answer.strategies.index(strategy) for strategy in self.strategies] for answer in answers]
        one, other = (answer.at(name, self.month)[own] for answer, own in zip(answers, rows, strict=True))
        changes, matters = paired(other, one), self.first.margin(name, self.month)
        quantile = simultaneous_quantile(changes, 0.95, self.first.facts["seed"])
        intervals = difference_intervals(changes, found.bounds, quantile=quantile)
        barred = self._barred(found)
        table = []
        for k, strategy in enumerate(self.strategies):
            each = intervals[k]
            row = {
                "at": self.month, "outcome": name, "unit": found.unit, "strategy": strategy, "first": one[k].mean(),
                "second": other[k].mean(), **NOT_COMPARED, "margin": matters, "rests_on": "",
            }  # fmt: skip
            if not found.per_village:
                row["verdict"] = OTHER_VILLAGES
            if not barred[k]:
                row |= dict(zip(DIFFERENCE, (each.mean, each.low, each.high), strict=True)) | {
                    "differs": each.differs, "verdict": str(verdict(each, matters, found.direction)),
                    "rests_on": self._label(name, strategy) if each.n_differ else "",
                }  # fmt: skip
            table.append(row)
        return table

    def _label(self, name: str, strategy: str) -> str:
        """What a difference rests on, in a word, by what either scenario gives."""
        outcomes, moved = self.first.known.outcomes, {}
        for part in outcomes[name].parts or (name,):
            one, other = (
                answer.at(part, self.month)[answer.strategies.index(strategy)] for answer in (self.first, self.second)
            )
            moved[part] = float(np.nan_to_num(paired(other, one).mean()))
        labels = weaker(*(answer.facts.get("labels", {}).get(strategy, {}) for answer in (self.first, self.second)))
        return label_of_parts(outcomes, moved, labels) if labels else ""

    def _barred(self, found: "Outcome") -> Bools:
        """Strategies whose worlds do not compare in this month by an outcome, as it is of other villages or of more of them."""
        at = self.first.months.index(self.month)
        if OF_MERGED in f"{found.meaning} {found.unit}":
            return np.asarray(self._other_number[:, at] | self._between_decrees)
        return np.asarray(self._other_number[:, at] & found.per_village)

    @property
    def _between_decrees(self) -> bool:
        """Whether in this month some decree of either has come and some has not, and they are not the same."""
        come = [day <= self.month for answer in (self.first, self.second) for day in answer.known.decrees]
        return not self.same_decrees and any(come) and not all(come)

    @cached_property
    def _other_number(self) -> Bools:
        """Strategies with another number of villages, by month, by what the same income is per village and per resident."""
        counted = []
        for answer in (self.first, self.second):
            rows = [answer.strategies.index(strategy) for strategy in self.strategies]
            each, resident = (answer.values(name)[rows] for name in (INCOME, BY_RESIDENT))
            by_village = np.divide(resident, each, out=np.full_like(each, np.nan), where=each != 0)
            counted.append(answer.known.residents * by_village)
        return np.asarray(~_same(*np.round(counted, 6)).all(axis=1))

    @cached_property
    def over_time(self) -> "pd.DataFrame":
        """A row a strategy and month, as drawn: the difference of income with its bands, and levels of both.

        Columns: ``outcome, unit, strategy, order, month``; ``difference, low, high, band_low, band_high, margin, verdict``, as in
        the table `differences` of a comparison, of income per village, or per resident where any month has other numbers of
        villages; ``first, second`` of it, of integration in fact (``first_integration``) and of what is paid (``first_cost``).
        """
        import pandas as pd

        name = BY_RESIDENT if self._other_number.any() else INCOME
        found, months, answers = self.first.outcome(name), self.first.months, (self.first, self.second)
        rows = [[answer.strategies.index(strategy) for strategy in self.strategies] for answer in answers]
        levels = {
            ending: [values(answer)[own] for answer, own in zip(answers, rows, strict=True)]
            for ending, values in (
                ("", lambda answer: answer.values(name)),
                ("_integration", lambda answer: answer.values(IN_FACT)),
                ("_cost", lambda answer: since_start(answer.values("support_cost"))),
            )
        }
        changes = paired(*levels[""][::-1])
        matters = [self.first.margin(name, month) for month in months]
        quantiles = [simultaneous_quantile(x, 0.95, self.first.facts["seed"]) for x in np.moveaxis(changes, 2, 0)]
        parts = []
        for k, strategy in enumerate(self.strategies):
            own = [
                difference_interval(x, found.bounds, quantile=q) for x, q in zip(changes[k].T, quantiles, strict=True)
            ]
            band = prediction_band(changes[k])
            told: dict[str, Any] = {
                "outcome": name, "unit": found.unit, "strategy": strategy, "order": self.first.known.order(strategy),
                "month": months, "difference": [x.mean for x in own], "low": [x.low for x in own], "high": [x.high for x in own],
                "band_low": band[0], "band_high": band[1], "margin": matters,
                "verdict": [verdict(x, m, found.direction).word for x, m in zip(own, matters, strict=True)],
            }  # fmt: skip
            for ending, both in levels.items():
                told |= {
                    f"{which}{ending}": x[k].mean(axis=0) for which, x in zip(("first", "second"), both, strict=True)
                }
            parts.append(pd.DataFrame(told))
        return pd.concat(parts, ignore_index=True)

    def figure(self) -> "Figure":
        """Draw the second less the first over time, a row a strategy, beside levels, integration and cost of both."""
        from villagesim.plots.differences import has_cost
        from villagesim.plots.worlds import draw_worlds

        decrees = sorted({*self.first.known.decrees, *self.second.known.decrees})
        caption = one_after_another(
            (
                _("The second comparison less the first."), self.first.differences_mean,
                _("Upright dotted lines: decrees of either ({months}).", months=_(", ").join(map(month_in_words, decrees)))
                if decrees else "",
                _("Integration between decrees is of other villages in either.") if has_cost() else "", self.first.rests_on,
                _("Scenarios differ in {n} more than decrees: differences are not the decrees' alone.", n=len(self.differs_in))
                if self.differs_in else "",
                note_on_names(self.strategies),
            )
        )  # fmt: skip
        return draw_worlds(self.over_time, decrees, caption, self.first.n_replications)

    def _paid(self, strategy: str) -> dict[str, float]:
        one, other = (costs(answer, strategy, self.month) for answer in (self.first, self.second))
        more = difference_interval(paired(other, one))
        names = ("cost_first", "cost_second", "cost_difference", "cost_difference_low", "cost_difference_high")
        return dict(zip(names, (one.mean(), other.mean(), more.mean, more.low, more.high), strict=True))


def _same(one: Floats, other: Floats) -> Bools:
    """Where two are the same number, but for rounding, or neither is defined."""
    alike: Bools = np.equal(paired(one, other), 0) | (np.isnan(one) & np.isnan(other))
    return alike


def _check_kind(*answers: Any) -> None:
    for answer in answers:
        if not isinstance(answer, ComparisonAnswer):
            rule = f"a folder holds the answer to {answer.kind.name!r}, not that of villagesim compare without --draws."
            raise DesignError(rule, fix="Give two folders that villagesim compare wrote.")
        if not answer.known.given:
            raise DesignError(
                "a folder was written by an earlier version, which did not keep what its scenario gave.",
                fix="Run it again into a new folder.",
            )


def _version(answer: ComparisonAnswer) -> Any:
    return answer.about.get("code")


def _villages(answer: ComparisonAnswer) -> str:
    return answer.known.given[ROLL]


def _replications(answer: ComparisonAnswer) -> list[int]:
    """Those in which no run failed."""
    return sorted(set(answer.runs["replication"]))
