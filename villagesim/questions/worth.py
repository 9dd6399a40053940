"""What is worth knowing first: how much a choice among strategies could win by a survey of each thing that is not known.

Every draw is one state of all that is not well known, run by all strategies with luck of its own. What knowing one thing, or
all of a theme, could win at most stands beside what it does over its range, with its sign. Maps and endowments are drawn as
well; what knowing them is worth is only in the bound of knowing everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from re import split
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import size
from villagesim.design import Design, Factor, held, in_words, latin_hypercube
from villagesim.errors import DesignError
from villagesim.languages import _, marked, named
from villagesim.parameters import THEMES
from villagesim.plots.worth import draw_themes, draw_worth, scale_of, thing
from villagesim.questions.answer import Answer
from villagesim.questions.judged import BALANCE, Judged, judged, outcomes_of, windows
from villagesim.questions.question import Question, Runs, Strategies, check_names, last_month
from villagesim.questions.robustness import without_luck
from villagesim.questions.setting import Setting
from villagesim.questions.uncertainty import uncertainty_design
from villagesim.runs.sweep import Swept
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.statistics.intervals import mean_interval
from villagesim.statistics.worth import FEWEST, along, enough_draws, of_all, of_luck, of_part
from villagesim.wording import (
    amount,
    between,
    divided,
    effect,
    in_unit,
    month,
    number,
    one_after_another,
    scale,
    signed,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FIRST = 5
"""Things of the headline."""
ENDS = ("", "_low", "_high")
WORTH = ("worth", "worth_low", "worth_high")

OF_THE_SCENARIO = {
    "merger": (marked("Dates of the merger"), "year", marked("a range of the scenario")),
    "place": (marked("What the place began with"), "yuan per village and year", "a range of the scenario"),
}
"""Theme, unit and source of what is no parameter and no setting, by the beginning of its path."""


@dataclass(frozen=True, kw_only=True)
class Worth(Question):
    """What is worth knowing before a strategy is chosen.

    Attributes
    ----------
    strategies : tuple of str, optional
        What is chosen among, the baseline always; all of the scenario by default, but for the world without merger.
    outcome : str
        What they are judged by: `balance`, income of collectives and saving of the county less what support costs, by village
        and year since the start; `balance_last_year`, where what was paid earlier does not count; or an outcome.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    factors : tuple of Factor
        What is not known; all that is not well known, over its range, where none are given.
    draws : int
        At least 10, and twice as many as things of a theme, or nothing is said of the theme as a whole.
    replications : int
        Of each draw. One is enough to say what a part is worth; two take luck out of the bound of knowing everything.
    """

    name: ClassVar[str] = "worth"
    figures: ClassVar[tuple[str, ...]] = ("worth", "themes")
    read_as: ClassVar[Mapping[str, Any]] = {"strategies": tuple[str, ...]}
    strategies: Strategies | None = None
    outcome: str = BALANCE
    at: str | None = None
    factors: tuple[Factor, ...] = ()
    draws: int = 200
    replications: int = 1

    def __post_init__(self) -> None:
        size(self.draws, "draws", least=FEWEST, error=DesignError)
        size(self.replications, "replications", least=1, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run all strategies in all draws, and say what is worth knowing."""
        names, outcomes = self._choices(runs.scenario), outcomes_of(self.outcome, runs.scenario)
        check_names(runs.scenario, names, outcomes)
        found = runs.sweep(
            "draws", self.design(runs.scenario, names, runs.seed), strategies=names, replications=self.replications,
            independent_points=True, outcomes=outcomes, at=windows(runs.scenario, last_month(runs.scenario, self.at)),
        )  # fmt: skip
        return self.of(found)

    def design(self, scenario: Scenario, strategies: Sequence[str], seed: int) -> Design:
        """Draws of what is not known, each with a map and endowments of its own.

        Raises
        ------
        DesignError
            Where everything is known.
        """
        if not self.factors:
            return uncertainty_design(scenario, self.draws, seed, strategies)
        design = latin_hypercube(self.factors, self.draws, seed)
        drawn = {} if "draw" in design.paths else {"draw": range(1, self.draws + 1)}
        return replace(design, points=design.points.assign(**drawn))

    def _choices(self, scenario: Scenario) -> tuple[str, ...]:
        """Strategies to choose among, the baseline first."""
        wanted = [name for name in scenario.strategies if name != NO_MERGER or not scenario.merges]
        names = tuple(dict.fromkeys((scenario.baseline, *(wanted if self.strategies is None else self.strategies))))
        if NO_MERGER in names and scenario.merges:
            raise DesignError(f"{NO_MERGER!r} cannot be chosen once it is decreed.", fix="Leave it out.")
        if len(names) < 2:
            raise DesignError("strategies: there is nothing to choose from.", fix="Name one with policies.")
        return names

    def of(self, found: Swept) -> Answer:
        """Answer from draws that were run before, by all strategies at the months of :func:`windows`."""
        import pandas as pd

        runs, known = found.runs.whole("point"), Setting.of(found.scenario)
        points = list(runs.points or ())
        if len(points) < FEWEST:
            raise DesignError(f"{len(points)} draws are whole, and {FEWEST} at least are needed.")
        what, money = (judged(name, runs, found.scenario) for name in (self.outcome, BALANCE))
        choice = _Choice(what, money, runs.strategies, known.baseline)
        x = found.design.numbers.loc[points].drop(columns="draw")
        x = x.loc[:, x.nunique() > 1]
        columns = {path: x[path].to_numpy(float) / (12 if path.startswith("merger.") else 1) for path in x.columns}
        luck = of_luck(choice.values, columns.values())
        rows = [
            {"factor": path, **_words(found.scenario, path), "low": own.min(), "high": own.max()} | choice.worth_of(own)
            for path, own in columns.items()
        ]
        main = _ranked(pd.DataFrame(rows).assign(**choice.effects(np.stack(list(columns.values()), axis=1))), luck)
        themes, luck_of_themes = self._themes(choice, main, columns)
        know_all = max(of_all(choice.without_luck), main["worth"].max(), themes["worth"].max())
        facts = {
            "best": choice.best, "other": choice.other, "title": what.title, "unit": what.unit,
            "gain": choice.gain.mean, "gain_low": choice.gain.low, "gain_high": choice.gain.high, "know_all": know_all,
            "luck": luck, "luck_of_themes": luck_of_themes,
            "in_yuan": what.in_yuan, "villages": known.n_after, "draws": len(points),
            "replications": runs.n_replications, "at": runs.months[-1], "strategies": list(runs.strategies),
            "place": known.title, "seed": found.seed, "named": bool(self.factors),
        }  # fmt: skip
        tables = {"worth": main, "themes": themes, "held": held(found.scenario, found.design.factors, runs.strategies)}
        return self.said(lambda: _headline(main, facts), tables, **facts)

    @staticmethod
    def _themes(choice: "_Choice", main: "pd.DataFrame", columns: Mapping[str, Floats]) -> "tuple[pd.DataFrame, float]":
        """What knowing all factors of a theme is worth, a row a theme, and what luck alone gives to the largest."""
        import pandas as pd

        rows, parts = [], []
        for theme, own in main.groupby("theme", sort=True):
            row = {"theme": theme, "factors": len(own)}
            if enough_draws(len(own)) <= choice.values.shape[1]:
                parts.append(np.stack([columns[path] for path in own["factor"]], axis=1))
                row |= choice.worth_of(parts[-1])
            rows.append(dict.fromkeys((*WORTH, "worth_yuan", "changes"), np.nan) | row)
        luck = of_luck(choice.values, parts) if parts else np.nan
        table = pd.DataFrame(rows).sort_values("worth", ascending=False, kind="stable", ignore_index=True)
        first = ["theme", "factors"]
        return table[[*first, *(c for c in table if c not in first)]].assign(beyond_luck=table["worth"] > luck), luck

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw what is worth knowing beside what it does, or what whole themes are worth."""
        return (draw_themes if name == "themes" else draw_worth)(answer.tables[name], answer.facts)


class _Choice:
    """A choice among strategies that all ran in the same draws."""

    def __init__(self, what: Judged, money: Judged, strategies: Sequence[str], baseline: str) -> None:
        self.what, means = what, what.values.mean(axis=2)
        if not np.isfinite(means).all():
            raise DesignError(f"{what.title} is not defined in all draws.", fix="Choose another outcome or month.")
        self.values = what.direction * means
        best, second = np.argsort(-self.values.mean(axis=1), kind="stable")[:2]
        other = second if strategies[best] == baseline else strategies.index(baseline)
        self.best, self.other = strategies[best], strategies[other]
        wealth = money.values.mean(axis=2)
        self.moved = {
            "on_gain": means[best] - means[other], "on_level": means[best],
            "yuan_on_gain": wealth[best] - wealth[other], "yuan_on_level": wealth[best],
        }  # fmt: skip
        self.gain = mean_interval(self.moved["on_gain"])

    @property
    def without_luck(self) -> Floats:
        """Values of all draws without their luck, as far as there are replications to tell it."""
        x = self.what.direction * self.what.values
        return without_luck(x - x.mean(axis=0))

    def worth_of(self, factors: Floats) -> dict[str, float]:
        """What knowing factors together is worth, in the unit of the outcome and in yuan by village and year."""
        found = of_part(self.values, factors)
        row = dict(zip(WORTH, (found.value, found.low, found.high), strict=True))
        return row | {"worth_yuan": found.value * self.what.in_yuan, "changes": found.changes}

    def effects(self, factors: Floats) -> dict[str, Floats]:
        """What factors do from their lowest to their highest value: to the gain of the best strategy, and to what it comes to."""
        found = {name: along(values, factors) for name, values in self.moved.items()}
        return {f"{name}{end}": row for name, rows in found.items() for end, row in zip(ENDS, rows, strict=True)}


def _ranked(table: "pd.DataFrame", luck: float) -> "pd.DataFrame":
    """What is worth more than luck gives first, then what moves the gain most for sure, then the level."""
    table = table.assign(beyond_luck=table["worth"] > luck)
    keys = (
        -table["worth"].where(table["beyond_luck"], 0.0), -_at_least(table, "on_gain"), -_at_least(table, "on_level"),
        -table["on_gain"].abs(),
    )  # fmt: skip
    table = table.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    return table


def _at_least(table: "pd.DataFrame", name: str) -> "pd.Series":
    """How large an effect is at least, whatever its sign; nothing where it may be none."""
    low, high = table[f"{name}_low"], table[f"{name}_high"]
    return np.maximum(np.maximum(low, -high), 0.0)


def _words(scenario: Scenario, path: str) -> dict[str, str]:
    """What a factor is, its unit, and the theme that it belongs to."""
    name = path.removeprefix("parameters.")
    if name == path:
        theme, unit, source = OF_THE_SCENARIO.get(path.partition(".")[0], (marked("Settings of policies"), "", ""))
        return {"meaning": in_words(path), "unit": unit, "theme": theme, "source": source}
    parameter = scenario.parameters[name]
    theme = next(
        (title_of(theme) for theme, own in THEMES.items() if any(p.name == name for p in own)), marked("Of your own")
    )
    return {"meaning": parameter.meaning, "unit": parameter.unit, "theme": theme, "source": parameter.source}


def title_of(theme: str) -> str:
    """A theme of parameters in words: what its module says that it is about."""
    said = import_module(f"villagesim.parameters.{theme}").__doc__ or theme
    return split(r"[(:.]", said)[0].strip()


def _headline(main: "pd.DataFrame", facts: Mapping[str, Any]) -> str:
    """What is worth knowing first, what everything is worth, and what the gain and the level hang on."""
    told, most = main[main["beyond_luck"]].head(FIRST), main.loc[main["worth"].idxmax()]
    per, unit = scale_of(main, facts["unit"], "worth")
    about = {"n": len(facts["strategies"]), "title": within(facts["title"]), "bound": _bound(facts)}
    if told.empty:
        first = _(
            "Of no single thing is it sure, as far as {draws} draws tell, that knowing it would change the choice among {n}"
            " strategies by {title}: {bound}.",
            draws=facts["draws"], **about,
        )  # fmt: skip
        if most["worth"] > 0:
            size = in_unit(_interval({name: most[name] / per for name in WORTH}, *WORTH), unit)
            first = one_after_another(
                (
                    first,
                    _("Most may be won by {thing}: {size}, which luck alone gives too.", thing=thing(most), size=size),
                )
            )
    else:
        rows = divided(told, per, *WORTH)
        things = _("; ").join(
            _("{thing}, {size}", thing=thing(row), size=_interval(row, *WORTH)) for row in rows.to_dict("records")
        )
        first = _(
            "Worth knowing first for the choice among {n} strategies by {title} [{unit}]: {things}; {bound}.",
            unit=unit, things=things, **about,
        )  # fmt: skip
    ends = ("gain", "gain_low", "gain_high")
    per, unit = scale(facts["unit"], abs(facts["gain"]))
    ahead = {
        "best": named(facts["best"], "strategy"), "other": named(facts["other"], "strategy"), "month": month(facts["at"]),
        "gain": in_unit(effect({name: facts[name] / per for name in ends}, *ends), unit),
        "movers": _movers(main, facts["unit"], "on_gain", _("that gain")),
    }  # fmt: skip
    second = (
        _("On average '{best}' is ahead of '{other}' at the end of {month} by {gain}, undecided: {movers}.", **ahead)
        if facts["gain_low"] <= 0 <= facts["gain_high"]
        else _("The best mean at the end of {month} is that of '{best}', by {gain} over '{other}': {movers}.", **ahead)
    )
    third = _(
        "From the least to the most that is drawn of each, {movers}.",
        movers=_movers(main, facts["unit"], "on_level", _("what it comes to")),
    )
    return _("{first} {second} {third} Intervals: 95%.", first=first, second=second, third=third)


def _bound(facts: Mapping[str, Any]) -> str:
    """What knowing everything would be worth, and how much of what a thing seems to be worth is luck."""
    per, unit = facts["in_yuan"], facts["unit"]
    size = amount(facts["know_all"], unit)
    if per == per:
        whole = amount(facts["know_all"] * per * facts["villages"], "yuan")
        size = _("{size} ({whole} a year in all)", size=size, whole=whole)
    if facts["replications"] == 1:
        size = _("{size}, with the luck of one replication in it,", size=size)
    return _(
        "knowing everything that was drawn would be worth {size} on average, without an interval, and luck alone makes a"
        " thing look worth {luck}",
        size=size, luck=amount(facts["luck"], unit),
    )  # fmt: skip


def _movers(main: "pd.DataFrame", unit: str, name: str, what: str) -> str:
    """What moves an amount most, for sure."""
    size = _at_least(main, name)
    rows = main.assign(size=size)[size > 0].sort_values("size", ascending=False, kind="stable").head(3)
    if rows.empty:
        return _("no single thing moves {what} by more than luck does", what=what)
    things = _("; ").join(
        _("{thing} ({size})", thing=thing(row), size=amount(row[name], unit, signed)) for row in rows.to_dict("records")
    )
    return _("{what} moves most with {things}", what=what, things=things)


def _interval(row: Mapping[str, Any], value: str, low: str, high: str) -> str:
    return _("{value} ({ends})", value=number(row[value]), ends=between(row[low], row[high]))
