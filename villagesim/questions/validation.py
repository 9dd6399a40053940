"""Published numbers that set nothing, beside what the library foretells of counties made like their places.

Every place is run over draws of all that is not well known, with an endowment and luck of its own in each draw. To what comes
out the error of the published figure and of its reporting is added. A forecast is as good as its score beside two that need
no model. Figures of one place hang together, so that intervals of coverage are narrower than they should be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import names, size
from villagesim.design import Design, latin_hypercube, uncertain
from villagesim.design.joint import from_posterior
from villagesim.errors import DesignError, nearest
from villagesim.evidence import PublishedPlace, PublishedTarget, read_places, read_targets, scenario_of
from villagesim.evidence.figures import compared
from villagesim.evidence.made import AS_THERE, is_spread_by_parameter
from villagesim.evidence.naive import naive
from villagesim.evidence.posterior import read_posterior
from villagesim.languages import _, marked
from villagesim.plots.validation import place_in_words
from villagesim.questions.answer import Answer
from villagesim.questions.question import Question, Runs
from villagesim.runs.sweep import Swept
from villagesim.scenario import Scenario
from villagesim.statistics.forecasts import crps, rank_in, share_interval, with_error
from villagesim.wording import between, number, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SIZES = (0.5, 0.9)
"""Intervals, by the share of cases that they should hold."""
NAIVE = ("nothing_changes", "grows_as_nation")
"""Forecasts that need no model."""
INERT = ("booked_start", "booked_start_most", "income_sd")
"""Parameters that are not drawn: places say what was earned at the start, and most how incomes spread."""


@dataclass(frozen=True, kw_only=True)
class Validation(Question):
    """Where published numbers that set nothing lie in what the library foretells.

    Attributes
    ----------
    places : names
        Keys of places that validate; all by default.
    draws : int
        Of what is not well known, at least 20, by place.
    posterior : bool
        What numbers of other places inform is drawn from their posterior; by default over its range, and nothing was fitted.
    """

    name: ClassVar[str] = "validate"
    lists: ClassVar[Mapping[str, Any]] = {}
    read_as: ClassVar[Mapping[str, Any]] = {"places": tuple[str, ...]}
    grows: ClassVar[tuple[str, ...]] = ()
    places: tuple[str, ...] = ()
    draws: int = 100
    posterior: bool = False

    def __post_init__(self) -> None:
        size(self.draws, "draws", least=20, error=DesignError)
        known = judging()
        for place in names(self.places, "places", error=DesignError) if self.places else ():
            if place in read_places() and place not in known:
                raise DesignError(
                    f"{place!r} is not a place that validates: its numbers set values.", fix="Give another place."
                )
            if place not in known:
                raise DesignError(f"{place!r} is not a place that validates.", fix=nearest(place, known))

    def answer(self, runs: Runs) -> Answer:
        """Run all places over the draws, and set what was published beside."""
        import pandas as pd

        known, rows, factors = read_places(), [], 0
        for key in self.places or judging():
            place, scenario = known[key], scenario_of(key)
            design = drawn(place, scenario, self.draws, runs.seed)
            if self.posterior:
                design = from_posterior(design, scenario, read_posterior(), runs.seed)
            found = replace(runs, announce=None).sweep(
                key, design, scenario=scenario,
                strategies=strategies_of(key, scenario), outcomes=sorted({t.outcome for t in targets_of(key)}),
                every_month=True, independent_points=True,
            )  # fmt: skip
            factors = max(factors, len(found.design.paths))
            endowment = scenario.endow(runs.seed)
            rows += [_row(target, place, found, endowment.income + endowment.booked) for target in targets_of(key)]
        table = pd.DataFrame(rows)
        order = (table["inside_90"].astype(int), -(table["rank"] - 0.5).abs(), table["id"])
        table = table.iloc[np.lexsort(order[::-1])].reset_index(drop=True)
        coverage = _coverage(table)

        def caption() -> str:
            fitted = _("Parameters that numbers of other places inform come from their posterior.")
            return _(
                "{n} published numbers of {places} places, {draws} draws of {factors} parameters and settings, a run each, with"
                " the errors of the figures and of their reporting. Bars: 90%, each on a scale on which its half is 1. The line"
                " is what was published. {fitted}",
                n=len(table), places=table["place"].nunique(), draws=self.draws, factors=factors,
                fitted=fitted if self.posterior else _("Nothing was fitted."),
            )  # fmt: skip

        tables = {self.name: table, "coverage": coverage}
        return self.said(lambda: _headline(table, coverage), tables, caption=caption)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw every interval beside what was published."""
        from villagesim.plots.validation import draw_validation

        return draw_validation(answer.tables["validate"], answer.fact("caption"))


def judging() -> list[str]:
    """Places that validate, by their keys."""
    return sorted({target.place for target in read_targets().values() if target.use == "validate"})


def targets_of(place: str) -> list[PublishedTarget]:
    """Numbers of a place that judge."""
    return [target for target in read_targets().values() if target.place == place and target.use == "validate"]


def strategies_of(place: str, scenario: Scenario) -> list[str]:
    """What is run: the programme, and none where a number says what it added."""
    gains = any(target.how == "gain" for target in targets_of(place))
    return [AS_THERE, *([scenario.baseline] if gains else [])]


def any_scenario(places: Sequence[str] = ()) -> Scenario:
    """A scenario that counts villages at every level that any of these places, by default all, is counted at."""
    scenarios = [scenario_of(place) for place in places or judging()]
    levels = [level for scenario in scenarios for level in scenario.published.thresholds]
    title = scenarios[0].title if len(scenarios) == 1 else marked("Places of published numbers")
    published = replace(scenarios[0].published, thresholds=tuple(dict.fromkeys(levels)))
    return replace(scenarios[0], title=title, published=published)


def drawn(place: PublishedPlace, scenario: Scenario, draws: int, seed: int) -> Design:
    """Draws of all that is not well known, each with an endowment of its own."""
    left_out = INERT[:2] if is_spread_by_parameter(place) else INERT
    factors = [
        factor for factor in uncertain(scenario, [AS_THERE]) if factor.path.removeprefix("parameters.") not in left_out
    ]
    design = latin_hypercube(factors, draws, seed)
    return replace(design, points=design.points.assign(draw=range(1, draws + 1)))


def _without(found: Swept) -> list[str]:
    return [strategy for strategy in found.strategies if strategy != AS_THERE]


def _at(target: PublishedTarget, found: Swept, strategy: str, month: str) -> Floats:
    """Values of the target's outcome at the end of a month, ``(n_draws,)``."""
    values: Floats = found.runs.at(target.outcome, month)[found.strategies.index(strategy), :, 0]
    return values


def _row(target: PublishedTarget, place: PublishedPlace, found: Swept, incomes: Floats) -> dict[str, Any]:
    """One number beside its forecast."""
    there, *others_too = (partial(_at, target, found, strategy) for strategy in (AS_THERE, *_without(found)))
    without = others_too[0] if others_too else None
    sample = compared(target, place, there, without)
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        raise DesignError(f"{target.id} is defined in no draw.", fix="Take more draws.")
    before = there(found.runs.months[0])
    before = before[np.isfinite(before)]
    usual = naive(target, place, incomes, float(np.median(before)) if len(before) else float("nan"))
    error, limits = target.total_error, (0.0, 1.0) if target.is_share and target.how == "level" else (-np.inf, np.inf)
    forecast, *others = (
        np.clip(with_error(each, error), *limits) for each in (sample, *(np.array([value]) for value in usual))
    )
    ends = {
        f"{end}_{share:.0%}".rstrip("%"): float(np.quantile(forecast, 0.5 + side * share / 2))
        for share in SIZES
        for end, side in (("low", -1), ("high", 1))
    }
    value = target.value
    return {
        "id": target.id, "place": place.name, "published_as": target.quantity, "outcome": target.outcome, "how": target.how,
        "unit": target.unit if target.how in ("level", "rise", "gain") else "", "at": target.at, "published": value,
        "error": error, "median": float(np.median(forecast)), **ends,
        **{f"inside_{s:.0%}".rstrip("%"): ends[f"low_{s:.0%}"[:-1]] <= value <= ends[f"high_{s:.0%}"[:-1]] for s in SIZES},
        "rank": rank_in(forecast, value), "crps": crps(forecast, value),
        **{f"crps_{name}": crps(each, value) for name, each in zip(NAIVE, others, strict=True)},
        "seen": place.seen, "draws": len(sample),
    }  # fmt: skip


def _coverage(table: "pd.DataFrame") -> "pd.DataFrame":
    """How many numbers lie inside, of all and of those that nobody had looked at."""
    import pandas as pd

    rows = []
    for which, some in (("all", table), ("not seen before", table[~table["seen"]])):
        for share in SIZES:
            n, inside = len(some), int(some[f"inside_{share:.0%}".rstrip("%")].sum())
            low, high = share_interval(inside, n) if n else (0.0, 1.0)
            rows.append(
                {"numbers": which, "stated": share, "n": n, "inside": inside, "share": inside / n if n else np.nan,
                 "low": low, "high": high}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _headline(table: "pd.DataFrame", coverage: "pd.DataFrame") -> str:
    missed = [
        _(
            "{id} ({place}: published {published}, foretold {foretold})",
            id=row["id"], place=place_in_words(row["place"]), published=number(row["published"]),
            foretold=between(row["low_90"], row["high_90"]),
        )
        for row in table[~table["inside_90"]].to_dict("records")
    ]  # fmt: skip
    first = _("None is outside of the 90% intervals.")
    if missed:
        first = _("Outside of the 90% intervals: {missed}.", missed=_("; ").join(missed))
    inside = [
        _(
            "{inside} of {n} inside those of {stated} ({ends}%)",
            inside=row["inside"], n=row["n"], stated=percent(row["stated"]), ends=between(100 * row["low"], 100 * row["high"]),
        )
        for row in coverage[coverage["numbers"] == "all"].to_dict("records")
    ]  # fmt: skip
    nothing, nation = (int((table["crps"] < table[f"crps_{name}"]).sum()) for name in NAIVE)
    return _(
        "{first} {inside}. The score is better than that of 'nothing changes' in {nothing} and than that of national growth in"
        " {nation} of {n}.",
        first=first, inside=_(", ").join(inside), nothing=nothing, nation=nation, n=len(table),
    )  # fmt: skip
