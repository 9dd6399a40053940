"""Points to run, as values: what each factor is at each, with a number that stays from the design to the results."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from villagesim.arrays import Floats
from villagesim.checks import is_number
from villagesim.dates import month_key
from villagesim.design.factor import WHOLE, Factor
from villagesim.design.factors import applied, is_whole, settled
from villagesim.errors import placed
from villagesim.frozen import Copied, Value
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Design", "table_of"]

SMALL, TRIED = 1_000, 200
"""Points of a design that is small, and those of a larger one that are put together with the scenario before it is run."""


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

        Each value is looked at. Whether a point as a whole can be run is tried for all of a small design; of one of more
        than 1,000 points for 200, spread evenly and with the ends of all factors. Others that cannot be are failed runs.

        Raises
        ------
        VillagesimError
            Where a point cannot be run.
        """
        import pandas as pd

        sampled = self.with_whole_numbers(scenario)
        numbers = sampled.index.tolist()
        columns = {path: settled(scenario, path, sampled[path].tolist(), numbers) for path in sampled.columns}
        points = pd.DataFrame(columns, index=self.points.index, columns=self.points.columns)
        for row in self._tried(points):
            with placed(f"design point {numbers[row]}"):
                applied(scenario, {path: column[row] for path, column in columns.items()})
        return replace(self, points=points)

    @staticmethod
    def _tried(points: "pd.DataFrame") -> list[int]:
        """Rows of the points that are tried."""
        n = len(points)
        rows = set(range(n) if n <= SMALL else range(0, n, -(-n // TRIED)))
        if n > SMALL:
            for path in points.columns:
                order = _as_numbers(points[path]).to_numpy()
                rows |= {int(order.argmin()), int(order.argmax())}
        return sorted(rows)

    def with_whole_numbers(self, scenario: Scenario) -> "pd.DataFrame":
        """Return the points of a sample, with all whole numbers of a range equally likely where the scenario sets some."""
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
