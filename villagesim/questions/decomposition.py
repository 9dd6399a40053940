"""A rise taken apart: the runs that it takes, the steps that add up to it, and these at both ends of what is not known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.design import from_table
from villagesim.errors import DesignError
from villagesim.languages import _, marked, named
from villagesim.outcomes.of_levels import USUAL
from villagesim.policies import Policy
from villagesim.policies.strategy import Strategy
from villagesim.questions.question import Runs, last_month, values
from villagesim.questions.roads import (
    AS_IT_IS,
    SUMS,
    Values,
    ends_of,
    layers,
    mechanical_part,
    readings,
    roads_of,
    with_roads_that_close,
    worlds,
)
from villagesim.runs.sweep import Swept
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.simulation import simulate
from villagesim.statistics.differences import difference_interval, paired, without_rounding
from villagesim.statistics.intervals import prediction_band, widened
from villagesim.statistics.shapley import coalitions, leave_one_out, order_error, order_half_width, orders, shapley
from villagesim.wording import one_after_another

if TYPE_CHECKING:
    import pandas as pd

ALL = marked("all together")
ALL_ELSE, TREND = (marked("all else"), marked("merger otherwise")), (marked("trend"), marked("merger"))
"""Steps between arithmetic and policies, with roads and without."""
START, ARITHMETIC, END, CHANGE = marked("start"), marked("arithmetic"), marked("end"), marked("change")
Step = tuple[str, str, Floats]
"""A step, its kind, and what it is: all readings up to each, ``(n_replications, n_readings)``."""


@dataclass(frozen=True, eq=False)
class End:
    """The parts at one end, and what each set of policies comes to there, ``(n_sets, n_replications, n_readings)``."""

    steps: list[Step]
    worth: Floats


@dataclass(frozen=True, eq=False)
class Rise:
    """A rise that is taken apart: runs, and the sums made of them."""

    runs: Runs
    scenario: Scenario
    strategy: Strategy
    outcome: str
    at: str | None
    replications: int
    policies: dict[str, tuple[Policy, ...]]
    joining: Ints
    ends: dict[str, Values]

    @classmethod
    def of(
        cls, runs: Runs, chosen: str, policies: dict[str, tuple[Policy, ...]], outcome: str, at: str | None,
        replications: int, pairs: int, over: Sequence[str] | None,
    ) -> "Rise":  # fmt: skip
        """Look at what is asked.

        Raises
        ------
        DesignError
            Where it cannot be answered.
        """
        scenario, found = runs.scenario, runs.scenario.outcomes[outcome]
        if scenario.merges and found.per_village and outcome not in SUMS and not mechanical_part(outcome):
            known = ", ".join((*SUMS, *filter(mechanical_part, scenario.outcomes)))
            raise DesignError(
                f"outcome = {outcome!r}: how much of it is arithmetic is not known.",
                fix=f"Take one that does not count villages, as income_per_resident, or {known}.",
            )
        strategy = scenario.strategies[chosen]
        published = replace(scenario.published, thresholds=(*scenario.published.thresholds, *USUAL))
        own = replace(with_roads_that_close(scenario), published=published)
        ends, joining = ends_of(scenario, strategy, outcome, over), orders(len(policies), pairs, runs.seed)
        return cls(runs, own, strategy, outcome, at, replications, policies, joining, ends)

    @property
    def month(self) -> str:
        """Month that is looked at."""
        return last_month(self.scenario, self.at)

    @property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """How the outcome is read."""
        return readings(self.outcome)

    @property
    def roads(self) -> tuple[str, ...]:
        """Roads that are told apart: none for what is no income."""
        return roads_of(self.scenario, self.outcome)

    @property
    def merged(self) -> bool:
        """Whether there are fewer villages at the end."""
        return bool(self.decreed)

    @property
    def decreed(self) -> list[str]:
        """Months of the decrees that have come by the end."""
        return [month for day in self.scenario.timetable.decree_days if (month := f"{day:%Y-%m}") <= self.month]

    @property
    def fewer(self) -> float:
        """What summing the parts multiplies a sum per village by."""
        place, n = self.scenario.place, len(self.decreed)
        return len(place.whole.before) / len(place.waves[n - 1].after) if n else 1.0

    @property
    def says(self) -> str:
        """What the steps between arithmetic and policies are, in words."""
        if not self.roads:
            trend = _("Trend: the world without merger.")
            merger = _("Merger: {baseline}, less that world.", baseline=named(self.scenario.baseline))
            return one_after_another((trend, merger)) if self.scenario.merges else trend
        return (
            _(
                "All else: what happens without merger, trend, investment and wear. Merger otherwise: what the merger does where"
                " no rent is lost from the books and no freed office is let. The roads after these: what each adds on average"
                " over all orders in which they can be opened (Shapley values)."
            )
            if self.scenario.merges
            else _(
                "All else: what happens without trend, investment and wear. The roads after it: what each adds on average over"
                " all orders in which they can be opened (Shapley values)."
            )
        )

    def n(self, ends: Mapping[str, End]) -> int:
        """Replications in which all is defined."""
        return int(self.whole(ends).sum())

    def sweep(self, name: str, points: Sequence[Values], strategies: Mapping[str, Any]) -> Swept:
        """Run strategies at some points, each in the same replications."""
        import pandas as pd

        own = replace(self.scenario, strategies=strategies)
        months, outcomes = [self.month], [outcome for _, outcome in self.readings]
        if NO_MERGER in strategies and self.merged and (part := mechanical_part(self.outcome)):
            months.append(self.decreed[-1])
            outcomes.append(part)
        table = pd.DataFrame([{"draw": 0, **values} for values in points])
        return self.runs.sweep(
            "_".join(f"{self.outcome} {name}".replace(",", "").split()), from_table(table), scenario=own,
            replications=self.replications, outcomes=outcomes, at=list(dict.fromkeys(months)),
        )  # fmt: skip

    def set_of(self, one: int) -> str:
        """Name of a set of policies as a strategy."""
        return f"set {one}" if one else self.scenario.baseline

    def levels(self, found: Swept, strategy: str, month: str | None = None) -> Floats:
        """All readings of a strategy, ``(n_points, n_replications, n_readings)``."""
        row, month = found.strategies.index(strategy), month or self.month
        return np.stack([values(found, name, month)[row] for _, name in self.readings], axis=-1)

    def decompose(self) -> dict[str, End]:
        """Run everything, and take the rise apart at every end."""
        parts = [*self.policies.values()]
        sets = {
            self.set_of(int(one)): replace(
                self.strategy, policies=sum((own for k, own in enumerate(parts) if one >> k & 1), ())
            )
            for one in coalitions(self.joining)
            if one
        }
        unmerged, baseline = ({name: self.scenario.strategies[name]} for name in (NO_MERGER, self.scenario.baseline))
        places: dict[str, list[int]] = {}
        if self.roads:
            points, places = worlds(self.scenario, self.roads, self.ends)
            open_roads = self.levels(self.sweep("worlds", points, baseline), self.scenario.baseline)
            closed_and_open = [points[0], points[places[AS_IT_IS][-1]]]
            without = self.sweep("no merger", closed_and_open, unmerged) if self.scenario.merges else None
        found: dict[str, End] = {}
        for name, end in self.ends.items():
            every = baseline | sets if self.roads else unmerged | baseline | sets
            swept = self.sweep(f"sets {'' if name == AS_IT_IS else name}", [end], every)
            worth = np.stack([self.levels(swept, self.set_of(int(one)))[0] for one in coalitions(self.joining)])
            if self.roads:
                world = open_roads[places[name]]
                before = self.after_summing(without) if without else (None, world[0])
                found[name] = End(self.steps_of(before, world, worth), worth)
            else:
                found[name] = End(self.steps_of(self.after_summing(swept), worth[:1], worth), worth)
        return found

    def after_summing(self, found: Swept) -> tuple[Floats, Floats]:
        """What summing alone does as things are, and the first world without merger as it is when parts are summed."""
        plain = self.levels(found, NO_MERGER)[0]
        arithmetic = np.zeros_like(plain)
        if not self.merged:
            return arithmetic, plain
        if part := mechanical_part(self.outcome):
            row = found.strategies.index(NO_MERGER)
            decreed, now = (values(found, part, month)[row] for month in (self.decreed[-1], self.month))
            added = decreed[-1] - self.levels(found, NO_MERGER, self.decreed[-1])[-1, :, 0]
            return arithmetic + added[:, np.newaxis], plain + (now[0] - plain[:, 0])[:, np.newaxis]
        if self.outcome in SUMS:
            return arithmetic + self.start() * (self.fewer - 1), plain * self.fewer
        return arithmetic, plain

    def start(self) -> Floats:
        """All readings on the first day, ``(n_readings,)``."""
        start = simulate(self.scenario, NO_MERGER, self.runs.seed).start
        return np.array([float(start[name]) for _, name in self.readings])

    def steps_of(self, before: tuple[Floats | None, Floats], world: Floats, worth: Floats) -> list[Step]:
        """All steps from the first day to the end."""
        arithmetic, without = before
        scenario, start = self.scenario, np.zeros(without.shape) + self.start()
        summed = start if arithmetic is None else start + arithmetic
        names = ALL_ELSE if self.roads else TREND
        known = np.isfinite(without).any()
        rows: list[Step] = [(START, "level", start)]
        if scenario.merges:
            rows.append((ARITHMETIC, "arithmetic", summed - start))
        rows.append((names[0], "trend", without - summed))
        if scenario.merges:
            rows.append((names[1], "merger", paired(world[0], without)))
        if not known:  # integration: not defined where nothing is merged
            rows = [(scenario.baseline, "level", worth[0])]
        elif not scenario.outcomes[self.outcome].history:
            rows = [(NO_MERGER, "level", without), *rows[3:]]
        if self.roads:
            joining = orders(len(self.roads))
            rows += [(road, "road", x) for road, x in zip(self.roads, shapley(world, joining), strict=True)]
        rows += [(label, "policy", x) for label, x in zip(self.policies, shapley(worth, self.joining), strict=True)]
        rows += [(END, "level", worth[-1]), (CHANGE, "change", worth[-1] - rows[0][2])]
        return [(step, kind, without_rounding(x, worth)) for step, kind, x in rows]

    def whole(self, ends: Mapping[str, End]) -> Bools:
        """Replications in which everything is defined at all ends.

        Raises
        ------
        DesignError
            Where there are fewer than two.
        """
        defined = [np.isfinite(end.worth).all(axis=(0, 2)) for end in ends.values()]
        defined += [np.isfinite(x).all(axis=1) for end in ends.values() for _, _, x in end.steps]
        found: Bools = np.all(defined, axis=0)
        if found.sum() < 2:
            raise DesignError(
                f"outcome = {self.outcome!r} is defined for all sets of policies at the end of {self.month} in"
                f" {found.sum()} of {len(found)} replications, and two are needed.",
                fix="Choose another outcome or month.",
            )
        return found

    def steps(self, ends: Mapping[str, End]) -> "pd.DataFrame":
        """All steps from the first day to the end, with intervals, and between which values they lie over all ends."""
        import pandas as pd

        whole, found = self.whole(ends), self.scenario.outcomes[self.outcome]
        central = ends[AS_IT_IS]
        drawn = dict(zip(self.policies, order_half_width(central.worth[:, whole, -1], self.joining), strict=True))
        table = []
        for place, (step, kind, x) in enumerate(central.steps):
            over = [float(end.steps[place][2][whole, -1].mean()) for end in ends.values()]
            row = {"step": step, "kind": kind, "unit": found.unit}
            row |= _interval(x[whole, -1], kind, found.bounds, drawn.get(step, 0.0))
            table.append(row | {"over_low": min(over), "over_high": max(over)})
        return pd.DataFrame(table)

    def by_reading(self, ends: Mapping[str, End]) -> "pd.DataFrame":
        """Each step in its layers: recurrent or real, one-off, due to prices, and booked only; they add up to the step."""
        import pandas as pd

        whole, found = self.whole(ends), self.scenario.outcomes[self.outcome]
        largest = float(np.abs(ends[AS_IT_IS].worth[:, whole]).max())
        table = []
        for place, (step, kind, _values) in enumerate(ends[AS_IT_IS].steps):
            each = {name: layers(end.steps[place][2][whole], largest) for name, end in ends.items()}
            for k, (word, _outcome) in enumerate(self.readings):
                over = [float(added[:, k].mean()) for added in each.values()]
                row = {"step": step, "kind": kind, "reading": word, "unit": found.unit}
                row |= _interval(each[AS_IT_IS][:, k], kind, found.bounds, 0.0)
                table.append(row | {"over_low": min(over), "over_high": max(over)})
        return pd.DataFrame(table)

    def at_ends(self, ends: Mapping[str, End]) -> "pd.DataFrame":
        """Means of all steps at each end, and what stands there."""
        import pandas as pd

        whole = self.whole(ends)
        table = [
            {
                "end": name, "sets": ", ".join(f"{path.partition('.')[2]} = {value}" for path, value in self.ends[name].items()),
                "step": step, "kind": kind, "value": float(x[whole, -1].mean()),
            }
            for name, end in ends.items() for step, kind, x in end.steps
        ]  # fmt: skip
        return pd.DataFrame(table)

    def together(self, worth: Floats) -> "pd.DataFrame":
        """Of each policy: its Shapley value, what is lost without it, and the difference of the two."""
        import pandas as pd

        worth = worth[..., -1]
        worth = worth[:, np.isfinite(worth).all(axis=0)]
        joining, (least, most) = self.joining, self.scenario.outcomes[self.outcome].bounds
        values_, lost, error = shapley(worth, joining), leave_one_out(worth, joining), order_error(worth, joining)
        drawn = order_half_width(worth, joining)
        rows: list[dict[str, Any]] = []
        all_add = worth[-1] - worth[0]
        parts = [*zip(self.policies, values_, lost, error, drawn, strict=True), (ALL, all_add, all_add, 0.0, 0.0)]
        for label, shared, alone, one_error, width in parts:
            row: dict[str, Any] = {"policy": label}
            for name, x, further in (
                ("shapley", shared, width), ("left_out", alone, 0.0), ("interaction", alone - shared, width),
            ):  # fmt: skip
                bounds = (2 * least, 2 * most) if name == "interaction" else (least, most)
                one = widened(difference_interval(without_rounding(x, worth), bounds), further)
                row |= {name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}
            rows.append(row | {"order_error": one_error})
        return pd.DataFrame(rows)


def _interval(x: Floats, kind: str, bounds: tuple[float, float], drawn: float) -> dict[str, Any]:
    """Simulation error and one county's chance of a step, by one method for all: they add up, and so do their errors.

    What is the same in all replications, as the first day and what follows from it alone, has no interval; a level lies
    where it can be.
    """
    levels = kind in ("level", "arithmetic")
    difference = difference_interval(x) if levels else difference_interval(x, bounds)
    found, differs = (difference, "-") if levels else (widened(difference, drawn), difference.differs)
    low, high = found.low, found.high
    if kind == "level" and bounds[0] <= x.min() and x.max() <= bounds[1]:
        low, high = max(low, bounds[0]), min(high, bounds[1])
    band_low, band_high = prediction_band(x)
    return {
        "value": found.mean, "low": low, "high": high, "band_low": float(band_low), "band_high": float(band_high),
        "differs": differs,
    }  # fmt: skip
