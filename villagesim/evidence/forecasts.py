"""Forecasts on record: tables of quantiles, each of one day, which are never changed."""

from typing import TYPE_CHECKING

from villagesim.errors import DesignError, nearest
from villagesim.evidence.places import DATA

if TYPE_CHECKING:
    import pandas as pd

FORECASTS = DATA / "forecasts"
"""Folder of the tables, named by their days."""


def recorded(day: str = "") -> "pd.DataFrame":
    """The forecast that was written on a day, by default the last one.

    Returns
    -------
    DataFrame
        A row a line of the forecast: ``day, share_read_as, strategy, outcome, reading, unit, at``, ``mean`` and quantiles ``q01``
        to ``q99`` of all ``runs``, and the digests of ``code``, ``scenario`` and ``posterior`` with the ``seed``. Shares are
        0 to 1.

    Raises
    ------
    DesignError
        Where there is none of that day.
    """
    import pandas as pd

    if not isinstance(day, str):
        raise DesignError(f"day = {day!r} is no day.", fix="Write it as 2026-11-29.")
    days = sorted(path.stem for path in FORECASTS.glob("*.csv"))
    if not days or (day and day not in days):
        raise DesignError(f"no forecast of {day or 'any day'} is on record.", fix=nearest(day, days) if days else "")
    return pd.read_csv(FORECASTS / f"{day or days[-1]}.csv", keep_default_na=False, na_values=["nan"])
