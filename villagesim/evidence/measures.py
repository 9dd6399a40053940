"""Measures of a run that were published somewhere and are no outcomes of the library.

Each looks at a run at the end of a month, given by its row in the record (0 is the month before the start).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from villagesim.arrays import Floats
from villagesim.parameters import Parameters
from villagesim.run import Run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Measure:
    """A figure of a run at the end of a month.

    Attributes
    ----------
    meaning, unit : str
    value : (Run, row, Parameters) -> float
        NaN where it is not defined.
    """

    meaning: str
    unit: str
    value: Callable[[Run, int, Parameters], float]


def _share(found: "pd.Series") -> float:
    return float(found.mean()) if len(found) else float("nan")


def _day_after(run: Run, row: int) -> "pd.Timestamp":
    import pandas as pd

    return pd.Timestamp(run.record.labels[row]) + pd.offsets.MonthBegin(1)


def _granted(run: Run) -> "pd.DataFrame":
    return run.projects[run.projects["granted"] > 0]


def projects_unfinished(run: Run, row: int, p: Parameters) -> float:
    """Projects granted in the calendar year that do not earn at its end."""
    end = _day_after(run, row)
    this_year = _granted(run)
    this_year = this_year[this_year["founded"].astype("datetime64[ns]").dt.year == int(run.record.labels[row][:4])]
    return _share(~(this_year["earning_since"].astype("datetime64[ns]") < end))


def investment_yield(run: Run, row: int, p: Parameters) -> float:
    """What projects brought in twelve months, in what accounts paid for theirs."""
    return float(run.values("project_income")[row] / run.projects["own"].sum())


def nominal_operating_income(run: Run, row: int, p: Parameters) -> float:
    """Operating income of a village in twelve months, in yuan of the year."""
    return float(run.values("operating_income")[row] * run.record.column("price_level")[row])


def own_without_return(run: Run, row: int, p: Parameters) -> float:
    """Granted projects that ended, never worked, or make a loss."""
    granted = _granted(run)
    return _share(granted["ended"].notna() | granted["idle"] | (granted["rate"] < 0))


def grants_dead_or_idle(run: Run, row: int, p: Parameters) -> float:
    """Granted projects that ended or never worked."""
    granted = _granted(run)
    return _share(granted["ended"].notna() | granted["idle"])


def villages_with_a_petition(run: Run, row: int, p: Parameters) -> float:
    """Villages with at least one petition in twelve months."""
    first = max(row - 11, 0)
    counts = run.record.by_village(run.record.column("petitions"))[first : row + 1].sum(axis=0)
    return float((counts[run.record.is_village[row]] > 0).mean())


def left_the_class_below_10k(run: Run, row: int, p: Parameters) -> float:
    """Villages below 10,000 yuan before the start that report as much or more now."""
    above = run.values("reported_share_above_10k")
    return float((above[row] - above[0]) / (1 - above[0]))


def clean_up_gain(run: Run, row: int, p: Parameters) -> float:
    """What settled contracts, land and buildings bring a village in a year."""
    return float(run.record.column("gain")[row].sum() / run.record.n_villages[row])


def land_billed(run: Run, row: int, p: Parameters) -> float:
    """Unbilled land of a village that was billed."""
    items = run.items
    land = items[(items["kind"] == "land") & (items["settled"].astype("datetime64[ns]") < _day_after(run, row))]
    return float(land["worth"].sum() / p.unbilled_rent / run.record.n_villages[row])


def _sown(run: Run, row: int) -> Floats:
    area = run.record.column("sown")[row]
    return area[area > 0]


def land_sown(run: Run, row: int, p: Parameters) -> float:
    """Land that a village farms in trust, where it has some."""
    return float(_sown(run, row).mean()) if len(_sown(run, row)) else float("nan")


def own_result_a_mu(run: Run, row: int, p: Parameters) -> float:
    """Gain of own farming in twelve months on the land sown a year before, the households' part included."""
    sown = _sown(run, row - 12).sum()
    return float(run.values("own_farming_result")[row] / p.own_collective_share / sown) if sown else float("nan")


def own_farming_a_village(run: Run, row: int, p: Parameters) -> float:
    """Gain of own farming that the collective keeps, a village that sowed the year before."""
    n = len(_sown(run, row - 12))
    return float(run.values("own_farming_result")[row] / n) if n else float("nan")


def own_farming_so_far(run: Run, row: int, p: Parameters) -> float:
    """Gain of own farming that the collective has kept since the start, a village that farms."""
    n = len(_sown(run, row))
    ends = range(row % 12, row + 1, 12)
    return float(sum(run.values("own_farming_result")[end] for end in ends) / n) if n else float("nan")


def listed_twice(run: Run, row: int, p: Parameters) -> float:
    """Villages rated weak in two or more of the last five years."""
    stars = run.record.column("stars")[max(row - 59, 0) : row + 1 : 12]
    return float(((stars == 1).sum(axis=0) >= 2)[run.record.is_village[row]].mean())


def assets_bought(run: Run, row: int, p: Parameters) -> float:
    """Paid for assets of own business in twelve months, in those of a year before."""
    bought = run.record.column("invested")[row - 11 : row + 1].sum()
    return float(bought / run.record.column("operating_assets")[row - 12].sum())


def _debts(run: Run, row: int) -> "pd.DataFrame":
    items = run.items
    debts = items[items["kind"].isin(DEBTS)]
    return debts.assign(gone=debts["settled"].astype("datetime64[ns]") < _day_after(run, row))


def debt_resolved(run: Run, row: int, p: Parameters) -> float:
    """Of what was owed at the start, what was written off or netted."""
    debts = _debts(run, row)
    return float(debts["worth"][debts["gone"]].sum() / debts["worth"].sum())


def villages_out_of_debt(run: Run, row: int, p: Parameters) -> float:
    """Of the villages with debt at the start, those all of whose old debt is gone."""
    return _share(_debts(run, row).groupby("code")["gone"].all())


def villages_owing_1m(run: Run, row: int, p: Parameters) -> float:
    """Villages with a debt above 1 M yuan."""
    debts = run.record.by_village(run.record.column("debt"))[row][run.record.is_village[row]]
    return float((debts > 1e6).mean())


DEBTS = ("easy debt", "hard debt")
"""Kinds of items that are debts."""
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        function.__name__: Measure((function.__doc__ or "").strip().rstrip("."), unit, function)
        for function, unit in (
            (projects_unfinished, "share of projects"),
            (investment_yield, "of capital per year"),
            (nominal_operating_income, "yuan of the year per village and year"),
            (own_without_return, "share of projects"),
            (grants_dead_or_idle, "share of projects"),
            (villages_with_a_petition, "share of villages"),
            (left_the_class_below_10k, "share of villages below it"),
            (clean_up_gain, "yuan per village and year"),
            (land_billed, "mu per village"),
            (land_sown, "mu per village"),
            (own_result_a_mu, "yuan per mu and year"),
            (own_farming_a_village, "yuan per village and year"),
            (own_farming_so_far, "yuan per village"),
            (listed_twice, "share of villages"),
            (assets_bought, "per year"),
            (debt_resolved, "share of debt"),
            (villages_out_of_debt, "share of villages"),
            (villages_owing_1m, "share of villages"),
        )
    }
)
"""Measures by name."""
