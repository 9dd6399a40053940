"""The same support earlier or later?

DESIGN: three years of support from January 2021, and the same two years later, in the same draws of all that is not known:
clean-up, land trusts, projects for the poorer half, stakes for the villages nearest to 500,000 yuan; as much money a year,
begun with the same rules. Both under a list that asks four in five villages for 500,000 yuan from 2021 on, so that what is
reported can part from what is earned. Every December, and the mean of all years: income that comes earlier comes more often.
Quick: three townships, 20 draws. Full: Zhangqiu, 40.
"""

import numpy as np

from villagesim.policies import CleanUp, LandTrust, SeedMoney, Stakes, WeakVillageList
from villagesim.questions import DrawnContrasts
from villagesim.targets import Target

EARLY, LATE, ALL = "2021 to 2023", "2023 to 2025", "mean of all years"
INCOME = ("collective_income", "reported_collective_income")
SHARE = ("nominal_share_above_500k", "reported_share_above_500k")


def support(first, times):
    """Three years of support from January of a year; ``times`` that of the three townships."""
    dates = {"start": f"{first}-01-01", "end": f"{first + 3}-01-01"}
    return [
        WeakVillageList(start="2021-01-01", lines=(500_000.0,), quota=0.8),
        CleanUp(**dates, officers=round(1.4 * times)),
        LandTrust(**dates, villages=14 * times),
        SeedMoney(**dates, form="cooperative", projects=5 * times, target=Target(rule="lowest", n=36 * times)),
        Stakes(**dates, money=2.7e6 * times, line=500_000.0),
    ]


def strategies(times):
    return {LATE: support(2023, times), EARLY: support(2021, times)}


class EarlierOrLater(DrawnContrasts):
    """What two years earlier bring."""

    name = "earlier_or_later"
    note = "Support of 2021 to 2023 less the same of 2023 to 2025; end of each year, and the mean of these years."

    def rows(self, found, runs):
        early, late = (found.strategies.index(name) for name in (EARLY, LATE))
        for name in self.outcomes:
            x = found.values(name)
            years = [(month, x[..., found.rank(month)]) for month in self.at]
            for month, of_year in [*years, (ALL, np.mean([of_year for _, of_year in years], axis=0))]:
                yield self.row(runs, name, of_year[early], of_year[late], at=month, strategy=EARLY)

    def sentence(self, table):
        rows = {(row["at"], row["outcome"]): row for row in table.to_dict("records")}
        then, last = self.at[1], self.at[-1]
        share, booked = (self.words(rows[then, name]) for name in SHARE)
        return (
            f"Two years earlier: {self.words(rows[ALL, INCOME[0]], bands=True)} as a mean of all years,"
            f" {self.words(rows[last, INCOME[0]])} in {last}. Villages at or above 500,000 yuan in {then}: {share} earned,"
            f" {booked} reported."
        )


SCENARIO = "places/three_townships.toml"
QUESTION = EarlierOrLater(
    strategies=strategies(1), against=LATE, outcomes=(*INCOME, *SHARE), draws=20,
    at=tuple(f"{year}-12" for year in range(2021, 2031)),
)  # fmt: skip
FULL = {
    "scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(7), "draws": 40,
    "at": tuple(f"{year}-12" for year in range(2021, 2027)),
}  # fmt: skip
