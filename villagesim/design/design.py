"""Which points to run: grids, samples, or a table of one's own, over anything that a scenario sets.

A factor names what it sets by a path:

- ``parameters.income_growth``: a parameter;
- ``policies.<label>.<setting>``: a setting of the policy of this label, in every strategy that holds one, also
  ``policies.land_trust.start``, ``policies.land_trust.split.0``, ``policies.land_trust.target.n``,
  and ``policies.land_trust.target``, as a scenario file writes targets, or in words: ``lowest(20)``;
- ``fund.yearly``: the county's money for support;
- ``merger.decree``: the date of the decree; the announcement moves along;
- ``merger.announcement``: the date of the announcement alone;
- ``place.map``: which map of the merger, of those that the scenario names in ``[place] maps``;
- ``draw``: which of the uncertain maps and endowments; 0 is the likeliest map;
- ``replication``: which luck.

Points keep their number from the design to the results.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.arrays import Floats
from villagesim.checks import is_number, whole
from villagesim.dates import first_of_month, month_key
from villagesim.design.factors import applied, is_whole, settled
from villagesim.errors import DesignError, placed
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Design",
    "Factor",
    "applied",
    "from_table",
    "grid",
    "in_words",
    "is_whole",
    "latin_hypercube",
    "morris",
    "sobol",
    "uncertain",
]

WHOLE = ("draw", "replication")
"""Factors that count something."""


@dataclass(frozen=True)
class Factor:
    """Something that is varied, over a range or over a list of values.

    Attributes
    ----------
    path : str
        What it sets, as ``parameters.income_growth``.
    low, high : number or date, optional
        Ends of the range, both included; every value in between is equally likely. Dates fall on firsts of a month, and
        where a whole number is set, whole numbers alone are values.
    values : tuple, optional
        Instead of a range: the values, all equally likely.
    """

    path: str
    low: float | date | None = None
    high: float | date | None = None
    values: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        if self.values is not None:
            object.__setattr__(self, "values", tuple(self.values))
            if not self.values or self.low is not None or self.high is not None:
                raise DesignError(
                    "give either low and high, or values with at least one value.", at=[f"factor {self.path}"]
                )
            return
        if self.low is None or self.high is None:
            raise DesignError(
                "a range needs low and high.", fix="Give both, or a list of values.", at=[f"factor {self.path}"]
            )
        if isinstance(self.low, date) or isinstance(self.high, date):
            with placed(f"factor {self.path}"):
                for name in ("low", "high"):
                    object.__setattr__(self, name, first_of_month(getattr(self, name), name, DesignError))
        elif not all(is_number(end) for end in (self.low, self.high)):
            raise DesignError(
                f"low = {self.low!r} and high = {self.high!r} must be finite numbers.", at=[f"factor {self.path}"]
            )
        if not self.low < self.high:  # type: ignore[operator]
            raise DesignError(
                f"low = {self.low} is not below high = {self.high}.",
                fix="Exchange them, or give values.",
                at=[f"factor {self.path}"],
            )

    def at(self, unit: float, *, whole: bool = False) -> Any:
        """Value at a place of the unit interval, from 0 (the low end or first value) to 1; ``whole``: a whole number."""
        low, high = self.low, self.high
        if self.values is not None:
            return self.values[_cell(unit, len(self.values))]
        if isinstance(low, date) and isinstance(high, date):
            key = month_key(low) + _cell(unit, month_key(high) - month_key(low) + 1)
            return date(key // 12, key % 12 + 1, 1)
        assert isinstance(low, int | float)
        assert isinstance(high, int | float)
        if whole or self.path in WHOLE:
            if low != int(low) or high != int(high):
                raise DesignError(
                    f"low = {low:g} and high = {high:g} must be whole numbers.",
                    fix="Correct them.",
                    at=[f"factor {self.path}"],
                )
            return int(low) + _cell(unit, int(high) - int(low) + 1)
        return min(low + unit * (high - low), high)


@dataclass(frozen=True, eq=False)
class Design:
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

    @property
    def paths(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(self.points.columns)

    @property
    def numbers(self) -> "pd.DataFrame":
        """The points as numbers: dates as months since the year 0, other values that are no numbers by their place."""
        return self.points.apply(_as_numbers)

    def settled(self, scenario: Scenario) -> "Design":
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
                rows.append(settled(scenario, values))  # type: ignore[arg-type]
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


def grid(factors: Sequence[Factor]) -> Design:
    """Every combination of the values of all factors; the last factor changes fastest.

    Raises
    ------
    DesignError
        Where a factor has a range instead of values.
    """
    for factor in _checked(factors):
        if factor.values is None:
            raise DesignError(
                "a grid needs values.",
                fix="Give some, as values = [1, 2, 3], or choose another kind of design.",
                at=[f"factor {factor.path}"],
            )
    rows = list(product(*(factor.values or () for factor in factors)))
    return Design(tuple(factors), _table(factors, rows), "grid")


def latin_hypercube(factors: Sequence[Factor], n: int, seed: int) -> Design:
    """``n`` points such that each factor takes ``n`` values spread evenly over its range. Source: McKay et al. 1979."""
    from scipy.stats.qmc import LatinHypercube

    whole(n, "n", least=1, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    unit = LatinHypercube(len(_checked(factors)), rng=np.random.default_rng(seed)).random(n)
    return _sampled(factors, unit, "latin_hypercube")


def sobol(factors: Sequence[Factor], n: int, seed: int) -> Design:
    """Points for first-order and total-order indices: ``n`` x (number of factors + 2). Source: Saltelli 2010.

    Parameters
    ----------
    n : int
        Base sample, a power of two.
    """
    from SALib.sample.sobol import sample

    whole(n, "n", least=2, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    if n & (n - 1):
        raise DesignError(
            f"n = {n} must be a power of two for a Sobol' design, as {2 ** (n.bit_length() - 1)} or"
            f" {2 ** n.bit_length()}."
        )
    return _sampled(factors, sample(_problem(factors), n, calc_second_order=False, seed=seed), "sobol")


def morris(factors: Sequence[Factor], r: int, seed: int) -> Design:
    """Points for elementary effects: ``r`` trajectories x (number of factors + 1), on four levels. Source: Morris 1991."""
    from SALib.sample.morris import sample

    whole(r, "r", least=1, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    return _sampled(factors, sample(_problem(factors), r, num_levels=4, seed=seed), "morris")


def from_table(table: "pd.DataFrame | str | Path") -> Design:
    """Points of one's own: a column a factor, named by its path; a column ``point`` numbers them.

    Raises
    ------
    DesignError
        Where a file cannot be read, or the numbers of the points are not unique whole numbers of at least 0.
    """
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        path = Path(table)
        try:
            table = pd.read_csv(path)
        except OSError as problem:
            raise DesignError(
                f"cannot be read ({problem.strerror}).", fix="Give the path of a CSV file.", at=[path]
            ) from None
        except ValueError as problem:
            raise DesignError(f"is not a table: {problem}.", fix="Save it as CSV, in UTF-8.", at=[path]) from None
    if "point" in table.columns:
        table = table.set_index("point")
        numbers = table.index
        if not (pd.api.types.is_integer_dtype(numbers) and numbers.is_unique and (numbers >= 0).all()):
            raise DesignError(
                "the column point must hold different whole numbers of at least 0.", fix="Correct it, or leave it out."
            )
    else:
        table = table.reset_index(drop=True)
    for path in table.columns:
        is_number = pd.to_numeric(table[path], errors="coerce").notna()
        if is_number.any() and not is_number.all() and table[path].notna().all():
            row = (~is_number).idxmax()
            raise DesignError(
                f"{path} = {table.loc[row, path]!r} is not a number, as the others are.",
                fix="Correct it.",
                at=[f"design point {row}"],
            )
    if table.empty:
        raise DesignError("the table of design points holds none.", fix="Give at least one row and one column.")
    if table.isna().to_numpy().any():
        row, column = np.argwhere(table.isna().to_numpy())[0]
        raise DesignError(
            f"{table.columns[column]} is empty.", fix="Give it a value.", at=[f"design point {table.index[row]}"]
        )
    columns = {str(path): [_plain(value) for value in table[path]] for path in table.columns}
    factors = [Factor(path, values=tuple(dict.fromkeys(values))) for path, values in columns.items()]
    points = pd.DataFrame(columns, index=table.index.rename("point"))
    return Design(tuple(_checked(factors)), points, "table")


def uncertain(scenario: Scenario) -> list[Factor]:
    """What is not known: all assumptions, over their ranges, and the date of the decree where the scenario names some."""
    factors = [
        Factor(f"parameters.{p.name}", p.low, p.high)
        for p in scenario.parameters.values()
        if p.is_assumption and p.low < p.high
    ]
    if scenario.decree_between is not None:
        factors.append(Factor("merger.decree", *scenario.decree_between))
    return factors


def in_words(path: str, scenario: Scenario | None = None) -> str:
    """A factor as it is written in a sentence, and with its unit, as on an axis, where the scenario is given."""
    named = {
        "fund.yearly": ("fund", "yuan a year"),
        "merger.decree": ("date of the decree", ""),
        "merger.announcement": ("date of the announcement", ""),
        "place.map": ("map of the merger", ""),
        "draw": ("draw of map and endowments", ""),
    }
    name = path.removeprefix("parameters.")
    plain = name.removeprefix("policies.").replace("_", " ").replace(".", ": ", 1).replace(".", " ")
    words, unit = named.get(path, (plain, ""))
    if scenario is None:
        return words
    if name != path:
        unit = scenario.parameters[name].unit
    return f"{words} [{unit}]" if unit else words


def _sampled(factors: Sequence[Factor], unit: Floats, kind: str) -> Design:
    rows = [[factor.at(float(u)) for factor, u in zip(factors, row, strict=True)] for row in unit]
    return Design(tuple(factors), _table(factors, rows), kind, unit)


def _table(factors: Sequence[Factor], rows: Sequence[Sequence[Any]]) -> "pd.DataFrame":
    import pandas as pd

    points = pd.DataFrame(rows, columns=[factor.path for factor in factors])
    return points.rename_axis(index="point")


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """The unit cube, as SALib asks for it."""
    names = [factor.path for factor in _checked(factors)]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _checked(factors: Sequence[Factor]) -> Sequence[Factor]:
    if not factors:
        raise DesignError("a design needs at least one factor.")
    paths = [factor.path for factor in factors]
    for path in paths:
        if paths.count(path) > 1:
            raise DesignError(f"factor {path} is there twice.", fix="Leave one out.")
    return factors


def _cell(unit: float, n: int) -> int:
    """Which of ``n`` equal parts of the unit interval."""
    return min(int(unit * n), n - 1)


def _plain(value: Any) -> Any:
    """A value of a table as Python has it."""
    if isinstance(value, datetime):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def _as_numbers(column: "pd.Series") -> "pd.Series":
    values = column.tolist()
    if all(is_number(value) or isinstance(value, bool) for value in values):
        return column.astype(float)
    if all(isinstance(value, date) for value in values):
        return column.map(month_key).astype(float)
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return column.map(places).astype(float)
