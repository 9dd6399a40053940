"""Measures that were published somewhere and need more of a run than its record: its projects, its idle and unbilled items.

Each looks at a run at the end of a month, given by its row in the record (0 is the month before the start).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from types import MappingProxyType
from typing import TYPE_CHECKING

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
    own = float(run.projects["own"].sum())
    return float(run.values("project_income")[row]) / own if own else nan


def own_without_return(run: Run, row: int, p: Parameters) -> float:
    """Granted projects that ended, never worked, or make a loss."""
    granted = _granted(run)
    return _share(granted["ended"].notna() | granted["idle"] | (granted["rate"] < 0))


def grants_dead_or_idle(run: Run, row: int, p: Parameters) -> float:
    """Granted projects that ended or never worked."""
    granted = _granted(run)
    return _share(granted["ended"].notna() | granted["idle"])


def land_billed(run: Run, row: int, p: Parameters) -> float:
    """Unbilled land of a village that was billed."""
    items = run.items
    land = items[(items["kind"] == "land") & (items["settled"].astype("datetime64[ns]") < _day_after(run, row))]
    return float(land["worth"].sum() / p.unbilled_rent / run.record.n_villages[row])


def own_result_a_mu(run: Run, row: int, p: Parameters) -> float:
    """Gain of own farming in twelve months on the land sown a year before, the households' part included."""
    sown = run.record.column("sown")[row - 12].sum()
    return float(run.values("own_farming_result")[row] / p.own_collective_share / sown) if sown else float("nan")


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


DEBTS = ("easy debt", "hard debt")
"""Kinds of items that are debts."""
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        function.__name__: Measure((function.__doc__ or "").strip().rstrip("."), unit, function)
        for function, unit in (
            (projects_unfinished, "share of projects"),
            (investment_yield, "of capital per year"),
            (own_without_return, "share of projects"),
            (grants_dead_or_idle, "share of projects"),
            (land_billed, "mu per village"),
            (own_result_a_mu, "yuan per mu and year"),
            (debt_resolved, "share of debt"),
            (villages_out_of_debt, "share of villages"),
        )
    }
)
"""Measures by name."""
