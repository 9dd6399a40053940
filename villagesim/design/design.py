"""Points to run, as values: what each factor is at each, with a number that stays from the design to the results."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from villagesim.arrays import Floats
from villagesim.checks import is_number
from villagesim.dates import month_key
from villagesim.design.factor import WHOLE, Factor
from villagesim.design.factors import applied, is_whole, resolved
from villagesim.errors import placed
from villagesim.frozen import Copied, Value
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Design", "table_of"]


@dataclass(frozen=True, eq=False)
class Design(Value):
    """Points to run.

    Attributes
    ----------
    factors : tuple of Factor
    points : DataFrame
        A row a point, with the index ``point``, and a column a factor, named by its path.
    kind : str
        ``grid``, ``latin_hypercube``, ``sobol``, ``morris`` or ``table``.
    unit : (n_points, n_factors) array, optional
        Places of the points in the unit cube, for samples.
    """

    factors: tuple[Factor, ...]
    points: "pd.DataFrame"
    kind: str
    unit: Floats | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._freeze(factors=tuple(self.factors))

    def __repr__(self) -> str:
        points = self.points
        return f"<design: {len(points)} points of {len(points.columns)} factors ({self.kind})>"

    def _repr_html_(self) -> str:
        points: str = self.points.to_html(max_rows=10, max_cols=10)
        return points

    @property
    def paths(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(self.points.columns)

    @property
    def numbers(self) -> "pd.DataFrame":
        """The points as numbers: dates as months since the year 0, other values that are no numbers by their place."""
        return self.points.apply(_as_numbers)

    def resolved(self, scenario: Scenario) -> "Design":
        """Return the design as this scenario runs it: whole numbers where it sets some, dates as dates.

        Raises
        ------
        VillagesimError
            Where a point cannot be run.
        """
        import pandas as pd

        sampled, rows = self._with_whole_numbers(scenario), []
        for number, values in zip(sampled.index, sampled.to_dict("records"), strict=True):
            with placed(f"design point {number}"):
                rows.append(resolved(scenario, values))  # type: ignore[arg-type]
                applied(scenario, rows[-1])
        points = pd.DataFrame(rows, index=self.points.index, columns=self.points.columns)
        return replace(self, points=points)

    def _with_whole_numbers(self, scenario: Scenario) -> "pd.DataFrame":
        """Points of a sample, with all whole numbers of a range equally likely where the scenario sets whole numbers."""
        points = self.points
        if self.unit is None:
            return points
        for factor, unit in zip(self.factors, self.unit.T, strict=True):
            if factor.values is None and factor.path not in WHOLE and is_whole(scenario, factor.path):
                points = points.assign(**{factor.path: [factor.at(float(u), whole=True) for u in unit]})
        return points


Design.points = Copied("points")  # type: ignore[assignment]


def table_of(factors: Sequence[Factor], rows: Sequence[Sequence[Any]]) -> "pd.DataFrame":
    """Points as a table: a row a point, numbered from 0, a column a factor."""
    import pandas as pd

    points = pd.DataFrame(rows, columns=[factor.path for factor in factors])
    return points.rename_axis(index="point")


def _as_numbers(column: "pd.Series") -> "pd.Series":
    values = column.tolist()
    if all(is_number(value) or isinstance(value, bool) for value in values):
        return column.astype(float)
    if all(isinstance(value, date) for value in values):
        return column.map(month_key).astype(float)
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return column.map(places).astype(float)
