"""What is kept of every county of a cohort once its runs have been looked at."""

import math
from typing import TYPE_CHECKING, Any

from villagesim.places.provinces import province_of
from villagesim.runs.cohort import CountyRuns, CountyTask
from villagesim.runs.counties import TRAITS, CohortCounty
from villagesim.scenario import Scenario
from villagesim.statistics.differences import difference_interval, paired

if TYPE_CHECKING:
    import pandas as pd


class Seen:
    """What is kept of every county once it has been looked at."""

    def __init__(self, at: str | None, by_year: bool, task: CountyTask, refused: dict[str, str]) -> None:
        self.at, self.by_year, self.task, self.refused = at, by_year, task, refused
        self.effects: list[dict[str, Any]] = []
        self.traits: list[dict[str, Any]] = []
        self.years: list[pd.DataFrame] = []
        self.counties: list[CohortCounty] = []
        self.usual: list[int] = []

    def look(self, made: CountyRuns) -> None:
        """Take a county's effects and traits; replications in which a run failed are left out whole."""
        county, failed = made.county, {row["replication"] for row in made.failures}
        frame = made.frame
        if len(frame):
            frame = frame[~frame["replication"].isin(failed)]
        if frame.empty:
            self.refused[county.key] = str(made.failures[0]["message"])
            return
        labels = {"county": county.key, "county_name": county.name, "province": province_of(county.code)}
        at = self.at or frame["month"].max()
        told = {name: float(frame[f"trait_{name}"].iloc[0]) for name in TRAITS}
        self.traits.append(labels | told | {
            "at": at, "seed": county.seed(self.task.seed), "replications": frame["replication"].nunique(), "failed": len(failed),
        })  # fmt: skip
        self._add_effects(frame[frame["month"] == at], labels)
        self.counties.append(county)
        if self.by_year:
            self._add_years(frame, labels)

    def _add_effects(self, frame: "pd.DataFrame", labels: dict[str, Any]) -> None:
        against, *strategies = self.task.strategies
        known = self.task.scenario.outcomes
        wide = frame.set_index(["strategy", "replication"]).sort_index()
        for strategy in strategies:
            for name in self.task.outcomes:
                x = paired(wide.loc[strategy][name].to_numpy(float), wide.loc[against][name].to_numpy(float))
                found = difference_interval(x, known[name].bounds)
                row = labels | {
                    "strategy": strategy,
                    "outcome": name,
                    "unit": known[name].unit,
                    "at": frame["month"].iloc[0],
                }
                sd = float(x.std(ddof=1)) if len(x) > 1 else math.nan
                self.effects.append(row | found.row() | {"sd": sd, "replications": len(x)})

    def _add_years(self, frame: "pd.DataFrame", labels: dict[str, Any]) -> None:
        """One world of the county, year by year, with the strategy and without."""
        against, strategy = self.task.strategies
        own = frame[(frame["replication"] == frame["replication"].min()) & frame["month"].str.endswith("-12")]
        outcomes = list(self.task.outcomes)
        on, off = (own[own["strategy"] == name].set_index("month")[outcomes] for name in (strategy, against))
        table = on.add_suffix("_with").join(off.add_suffix("_without")).reset_index()
        table.insert(0, "county", labels["county"])
        table.insert(1, "year", table.pop("month").str[:4].astype(int))
        self.years.append(table)
        self.usual.append(_first_year(self.task.scenario, strategy))


def _first_year(scenario: Scenario, strategy: str) -> int:
    return min((policy.start.year for policy in scenario.strategies[strategy]), default=0)
