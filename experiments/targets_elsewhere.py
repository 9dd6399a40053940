"""What was published of other places, beside what the library gives for a county made from what is known of each.

QUESTION: does the income side come near what was published elsewhere, without having been fitted to it?
DESIGN: a county of its own for every place, as small as its figures allow, central parameters, 5 replications, seed 1.
OUTPUT: docs/targets.md. Run with `make pages`.

What is published of a place goes in (villages, mean income, shares, money, the line of its list); what is not, stays at the
library's central values, and the page says so. Rows of places/elsewhere.csv whose use is "calibrate" have been seen when ranges
were set; "validate" were only looked at; neither is fitted here.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

import villagesim as vs
from villagesim.agents.projects import KINDS
from villagesim.arrays import Floats
from villagesim.parameters import DEFAULTS
from villagesim.places.endowments import Published
from villagesim.places.merger_map import likeliest_map
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.policies import CleanUp, FirstSecretary, LandTrust, Policy, SeedMoney, Stakes, WeakVillageList
from villagesim.targets import poorest
from villagesim.timetable import Budget, Timetable

ROOT = Path(__file__).parents[1]
REPLICATIONS, SEED = 5, 1
SEASONS = 40
"""Replications where prices and weather, which are common to a county, decide."""
IN_PREFECTURE = 0.97
"""Spread of log operating income between the villages of a prefecture. Source: I1.91 (Anqing)."""
IN_COUNTY = 0.74
"""The same of all collective income in a county of Shandong. Source: I1.93 (Ningyang)."""
JOINT = {kind: float(kind == "joint") for kind in KINDS}
OWN = {kind: float(kind == "own") for kind in KINDS}
ORDINARY = 300_000, 0.8
"""Mean income [yuan] and spread of a county where no figure says more. Source: assumption."""


@dataclass(frozen=True)
class Row:
    """One line of the page.

    Attributes
    ----------
    source : row of ``places/elsewhere.csv``
    came_out : what the library gives, in the unit of that row; two are the ends of what is not known
    said : what went in, and why it misses
    """

    source: str
    came_out: Sequence[float]
    said: str


# Counties


def above(mean: float, spread: float, level: float) -> float:
    """Share of a lognormal at or above a level."""
    return float(norm.sf((np.log(level / mean) + spread**2 / 2) / spread))


def half_above(mean: float, spread: float) -> tuple[float, float, float]:
    """Mean, median, and the half above it: what makes incomes lognormal with this mean and spread."""
    return mean, mean * float(np.exp(-(spread**2) / 2)), 0.5


def mean_of(level: float, share: float, spread: float) -> float:
    """Mean of the lognormal of which this share lies at or above a level."""
    return float(level * np.exp(-spread * norm.isf(share) + spread**2 / 2))


def county(
    n: int, mean: float, level: float, share: float, years: int = 2, start: int = 2021, thresholds: Sequence[float] = (),
    residents: int = 500, arable: float = 1_100, **parameters: Any,
) -> vs.Scenario:  # fmt: skip
    """A county that merges nothing, with money for all that is asked for; residents and arable land [mu] are a village's."""
    codes = [f"379999{101 + i // 100}{200 + i % 100}" for i in range(n)]
    roll = Roll.of((code, f"village {i}") for i, code in enumerate(codes))
    return vs.Scenario(
        title="a county elsewhere",
        timetable=Timetable(date(start, 1, 1), date(start + years, 1, 1)),
        place=Place(roll, roll, likeliest_map(roll, roll)),
        published=Published(residents * n, mean, level, share, arable * n, thresholds=tuple(thresholds)),
        parameters=DEFAULTS.with_values(parameters),
        budget=Budget(1e10, start),
    )


def runs(scenario: vs.Scenario, *policies: Policy, replications: int = REPLICATIONS) -> list[vs.Run]:
    endowment = scenario.endow(SEED)
    strategy = list(policies) or None
    return [vs.simulate(scenario, strategy, SEED, r, endowment=endowment) for r in range(replications)]


def mean(found: Sequence[vs.Run], figure: Callable[[vs.Run], float]) -> float:
    return float(np.mean([figure(run) for run in found]))


def at(name: str, month: str, per: float = 1.0) -> Callable[[vs.Run], float]:
    return lambda run: float(run.outcomes[name][run.record.labels.index(month)]) / per


def rise(name: str, first: str, last: str) -> Callable[[vs.Run], float]:
    """Between the ends of two months [%]."""
    return lambda run: 100 * (at(name, last)(run) / at(name, first)(run) - 1)


def gain(found: Sequence[vs.Run], others: Sequence[vs.Run], name: str, month: str) -> float:
    """Mean difference to the same without the policy."""
    return float(np.mean([at(name, month)(a) - at(name, month)(b) for a, b in zip(found, others, strict=True)]))


def a_list(scenario: vs.Scenario, line: float, **more: Any) -> WeakVillageList:
    return WeakVillageList(start=scenario.timetable.start, lines=(line,), **more)


# Places


def ningbo() -> list[Row]:
    """Operating income is the income of this county: 1.62 M a village, 54.4% at or above 500,000 at the end of 2021."""
    n, helped, month = 500, 29, "2024-12"

    def place(growth: float) -> vs.Scenario:
        of_ningbo = {"value": growth, "low": 0.0, "high": 0.15, "source": "Q29"}
        return county(n, 1.62e6, 5e5, 0.544, years=3, start=2022, income_growth=of_ningbo)

    grants = SeedMoney(
        start=date(2022, 1, 1), form="cooperative", projects=helped, grant=403_000, target=poorest(n // 2)
    )
    listed = WeakVillageList(start=date(2022, 1, 1), lines=(5e5,), quota=0.8)
    as_there = 1.12 / 1.02 - 1  # 12% nominal, with prices as usual
    found, alone = [runs(place(growth), grants, listed) for growth in (0.03, as_there)], runs(place(0.03))
    grew = [100 * (mean(each, at("reported_collective_income", month)) / 1.62e6) ** (1 / 3) - 100 for each in found]
    return [
        Row("Q29.1", [100 * mean(each, at("reported_share_above_500k", month)) for each in found],
            "A list of 500,000 for eight in ten and 50 M yuan of grants a year for the poorer half; real growth 3%, and 12% nominal as there."),
        Row("Q29.4", grew, "Growth of a place goes in: 3% real, and 12% nominal. What comes out is nominal, as what is published."),
        Row("Q28.4", [gain(found[0], alone, "collective_income", month) * n / (3 * helped) / 1000],
            "403,000 yuan a helped village (50 M for 124). The published gain is a third of the grant, each year: no kind of project"
            " yields that. Land and rents that a city can give are not in it."),
        Row("Q29.3", [100 * mean(found[0], unfinished)],
            "Projects that do not earn in the calendar year of their grant, by kind; grants are spread over the year."),
    ]  # fmt: skip


def unfinished(run: vs.Run) -> float:
    """Share of granted projects that do not earn in the year of the grant."""
    granted = run.projects[run.projects["granted"] > 0]
    return 1 - float((year_of(granted["earning_since"]) == year_of(granted["founded"])).mean())


def year_of(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).dt.year


def suqian() -> list[Row]:
    """Operating income 616,000 a village, 35% of all."""

    def invested(run: vs.Run) -> float:
        """In the last year, in assets of own business a year before [%]."""
        return 100 * float(run.record.column("invested")[-12:].sum() / run.record.column("operating_assets")[-13].sum())

    incomes = half_above(616_000 / 0.35, IN_PREFECTURE)
    grew = [
        mean(runs(county(200, *incomes, asset_return=0.24, reinvested_share=saved)), invested) for saved in (0.15, 0.40)
    ]
    return [
        Row("Q30.4", grew,
            "Paid for worn assets and for projects in a year, in assets of own business; an account puts 15% or 40% of its surplus"
            " aside. The rest must have come from outside: money of the province, loans, revaluation."),
    ]  # fmt: skip


def anqing() -> list[Row]:
    """Operating income 190,600, 46.9% at or above 100,000 in 2018; a list of 100,000 until 2021, and 100 M yuan a year with it."""
    scenario = county(482, 190_600, 1e5, 0.469, years=3, start=2019)
    listed = a_list(scenario, 1e5)
    found = [runs(scenario, listed), runs(scenario, listed, Stakes(start=scenario.timetable.start, money=100e6 / 3))]
    real = [100 * mean(each, at("share_above_100k", "2021-12")) for each in found]
    return [
        Row("I1.79", [100 * mean(each, at("reported_share_above_100k", "2021-12")) for each in found],
            f"A list of 100,000 yuan for all at the usual pressure, without money and with 100 M yuan of stakes a year (assumed)."
            f" Earned by {real[0]:.0f} and {real[1]:.0f}%: most of the rise is booked."),
    ]  # fmt: skip


def china() -> list[Row]:
    """36.3% at or above 50,000 at the end of 2018; no village with nothing at all."""
    scenario = county(500, mean_of(5e4, 0.363, IN_PREFECTURE), 5e4, 0.363, years=1, start=2019)
    found = [runs(scenario), runs(scenario, a_list(scenario, 5e4, quota=0.5))]
    return [
        Row("I1.02", [100 * mean(each, at("reported_share_above_50k", "2019-12")) - 36.3 for each in found],
            "Growth alone, and with a list of 50,000 for half of the villages in its first year. How many were pressed is not"
            " published, and villages with no income at all are not in the library."),
    ]  # fmt: skip


def hebei() -> list[Row]:
    """44.1% at or above 100,000; the spread of a prefecture; a list of 50,000 for all."""
    scenario = county(500, mean_of(1e5, 0.441, IN_PREFECTURE), 1e5, 0.441, years=3, start=2019)
    found = runs(scenario, a_list(scenario, 5e4))
    return [
        Row("I1.03", [100 * mean(found, at("reported_share_above_50k", "2021-12"))],
            "44.1% at or above 100,000 goes in, with the spread of Anqing and three years of a list of 50,000."),
        Row("I1.04", [100 * mean(found, at("reported_share_above_100k", "2021-12"))], "An input, after three years of growth."),
    ]  # fmt: skip


def longquan() -> list[Row]:
    """71.6% of 444 villages below 10,000 yuan, a list of 10,000 for a year."""
    scenario = county(444, mean_of(1e4, 0.284, IN_PREFECTURE), 1e4, 0.284, years=1, start=2012, thresholds=(1e4,))
    found = runs(scenario, a_list(scenario, 1e4))
    return [
        Row("I1.25", [mean(found, lambda run: 100 * (at("reported_share_above_10k", "2012-12")(run) - 0.284) / 0.716)],
            "A list of 10,000 for all at the usual pressure; nearly all of it is booked, by half of those who may."),
    ]  # fmt: skip


def shandong() -> list[Row]:
    """A county like Ningyang; the lowest 16.5% on a fixed list for two years."""
    share = above(323_700, IN_COUNTY, 2e5)
    scenario = county(553, 323_700, 2e5, share, start=2023, thresholds=(2e5,))
    found = runs(scenario, a_list(scenario, 2e5, lowest=0.165))
    return [
        Row("I1.34", [mean(found, lambda run: 100 * (at("reported_share_above_200k", "2024-12")(run) / share - 1))],
            "The lowest 16.5% are on a list of 200,000, in a county like Ningyang. Those just below 200,000 are not on it."),
    ]  # fmt: skip


def gansu() -> list[Row]:
    """114,300 yuan a village in 2022; the line of its list is not published: 100,000 and 200,000."""
    found = []
    for line in (1e5, 2e5):
        scenario = county(500, *half_above(114_300, IN_PREFECTURE), years=1, start=2023)
        found.append(
            100
            * (
                mean(runs(scenario, a_list(scenario, line, pressure=1.0)), at("reported_collective_income", "2023-12"))
                / 114_300
                - 1
            )
        )
    return [
        Row("I1.73", found,
            "Lists of 100,000 and of 200,000 at full pressure. Nobody books more than it earns, so that no list doubles a mean; a"
            " doubling within a year is one-offs, gross books or another count."),
    ]  # fmt: skip


def ningyang() -> list[Row]:
    """323,700 yuan a village, the published spread, a list of 100,000."""
    scenario = county(553, *half_above(323_700, IN_COUNTY), years=1, start=2022)
    found = runs(scenario, a_list(scenario, 1e5))
    said = "Mean and spread go in, with a list of 100,000 for all: the spread was reckoned from these shares, so this is no test."
    return [
        Row("I1.28", [100 * mean(found, at("reported_share_above_100k", "2022-12"))], said),
        Row("I1.30", [100 * mean(found, at("reported_share_above_500k", "2022-12"))], "As above."),
        Row("I1.31", [100 - 100 * mean(found, at("share_in_deficit", "2022-12"))],
            "The budget pays what office and services need beyond 60% of income, so that few fall short here."),
    ]  # fmt: skip


def zhaohu() -> list[Row]:
    """47 villages of two or three parts, ten teams for a year, after a survey."""
    brought = []
    for parts in (2, 3):
        scenario = county(47 * parts, *half_above(*ORDINARY), start=2022, residents=300, arable=700)
        campaign = CleanUp(start=scenario.timetable.start, end=date(2023, 1, 1), officers=10)
        brought.append(
            mean(runs(scenario, campaign), lambda run: float(run.record.column("gain")[12].sum()) / 47 / 1000)
        )
    return [
        Row("Q20.2", brought,
            "Two and three parts a village, ten teams for a year (assumed). Unbilled land was set by this town: no test."),
    ]  # fmt: skip


def only_land(months: int) -> list[float]:
    """What billed land brings a village of one and of 1.67 parts [yuan a year], when teams have worked so many months."""
    scenario = county(150, *half_above(*ORDINARY), start=2019)
    until = date(2019 + months // 12, months % 12 + 1, 1)

    def billed(run: vs.Run) -> float:
        items = run.items
        in_time = pd.to_datetime(items["settled"]) < pd.Timestamp(until)
        return float(items["worth"][(items["kind"] == "land") & in_time].sum()) / 150

    one = mean(runs(scenario, CleanUp(start=scenario.timetable.start, officers=60)), billed)
    return [one, 1.67 * one]


def land_that_is_billed() -> list[Row]:
    """Villages of one part, and of 1.67 parts as in Zhangqiu; teams enough."""
    return [
        Row("I3.15", [yuan / DEFAULTS["unbilled_rent"].value for yuan in only_land(3)],
            "Teams enough for three months; one part a village, and 1.67. After a month of survey some 15% is ripe in two: the town's"
            " land was ripe at once. So was what S2 tells of: it needs 3.5 a year in place of 1.5."),
        Row("I3.15", [DEFAULTS["unbilled_land"].value * parts for parts in (1.0, 1.67)], "The same, all that there is: a parameter."),
        Row("I3.02", [yuan / 1000 for yuan in only_land(12)], "Teams enough for a year. Much of its land is pasture."),
    ]  # fmt: skip


def own_farming(n: int) -> list[vs.Run]:
    """Villages that begin in November and farm themselves; the collective keeps all of a gain. Seasons are common: more of them."""
    all_of_it = {"value": 1.0, "low": 0.6, "high": 1.0, "source": "to see the whole result"}
    scenario = county(n, *half_above(*ORDINARY), years=3, start=2022, own_collective_share=all_of_it)
    trust = LandTrust(start=scenario.timetable.start, villages=n, own_share=1.0, gross=True, cost_per_mu=0.0)
    return runs(scenario, trust, replications=SEASONS)


def sown(run: vs.Run) -> Floats:
    """Land of the first season, by village."""
    area = run.record.column("sown")[12]
    return area[area > 0]


def weiqiao() -> list[Row]:
    """45 villages that begin to farm in the autumn of 2022."""
    found = own_farming(45)
    return [
        Row("Q13.1", [mean(found, lambda run: sown(run).mean())],
            "1,100 mu a village, of which a part can be enrolled by the terrain. What joins first is an assumption; this row checks it."),
        Row("Q13.2", [mean(found, lambda run: at("own_farming_result", "2023-12")(run) / sown(run).sum())],
            f"Mean of {SEASONS} seasons, after rent and before it is shared. The published one was an expectation."),
    ]  # fmt: skip


def yantai() -> list[Row]:
    """Own farming in its first and second season."""
    found = own_farming(45)
    years = [
        mean(found, lambda run, month=month: at("own_farming_result", month)(run) / len(sown(run)) / 1000)
        for month in ("2023-12", "2024-12")
    ]
    turnover = mean(found, lambda run: float(run.record.column("turnover")[24].sum()) / len(sown(run)) / 1000)
    return [
        Row("Q24.1", [min(years), years[0] + turnover],
            f"Own farming of wheat and maize, all of a gain kept: net {years[0]:.0f} in the first season and {years[1]:.0f} in the"
            " second; and gross, all that the first one sells. Its co-operatives grow fruit."),
    ]  # fmt: skip


def jinan() -> list[Row]:
    """First secretaries in the lowest third for two years; what they bring as income counts."""
    scenario = county(300, *half_above(*ORDINARY), years=3, start=2022)
    found, alone = (
        runs(scenario, FirstSecretary(start=scenario.timetable.start, target=poorest(100, "collective_income"))),
        runs(scenario),
    )
    a_village = [gain(found, alone, "collective_income", f"{year}-12") * 3 / 1000 for year in (2022, 2023, 2024)]
    return [
        Row("Q10.1", [min(a_village), max(a_village)], f"In the first, second, third year {', '.join(f'{x:.0f}' for x in a_village)}."
            " What helpers bring was set by this figure: no test."),
        Row("I2.49", [min(a_village), max(a_village)], "As above, in place of a helper from a department."),
    ]  # fmt: skip


def grants_of_500k() -> list[Row]:
    """Grants in the third year of their life, 453,000 yuan each into parts of another's business, and the usual mix of 355,000."""
    brought = []
    for size, kinds in ((453_000, JOINT), (7.458e6 / 21, {})):
        scenario = county(200, *half_above(*ORDINARY), years=4)
        money = SeedMoney(
            start=scenario.timetable.start, end=date(2022, 1, 1), form="chain", projects=200, grant=size, **kinds
        )
        alone = runs(scenario)
        brought.append(gain(runs(scenario, money), alone, "project_income", "2024-12") / 200)
    return [
        Row("I2.17", [100 * brought[0] / 453_000], "Parts in another's business, two to three years after the grant, net of those that fail."),
        Row("Q27.3", [brought[1] / 1000], "7.458 M yuan in firms of 21 villages, the usual mix of kinds."),
    ]  # fmt: skip


def over_years() -> list[Row]:
    """Eight years without policy: growth, what own investment yields; and what becomes of own business."""
    found = [
        runs(county(200, *half_above(*ORDINARY), years=8, start=2013, reinvested_share=saved)) for saved in (0.15, 0.40)
    ]
    owned = SeedMoney(start=date(2013, 1, 1), end=date(2014, 1, 1), form="chain", projects=200, **OWN)
    own_business = runs(county(200, *half_above(*ORDINARY), years=8, start=2013), owned)

    def yields(run: vs.Run) -> float:
        return 100 * at("project_income", "2020-12")(run) / float(run.projects["own"].sum())

    return [
        Row("I1.43", [100 * (mean(each, at("nominal_collective_income", "2020-12")) / ORDINARY[0]) ** (1 / 8) - 100 for each in found],
            "Real growth of 3%, what 15% and 40% of surpluses set aside bring, and prices; no programme. The published one, nominal too,"
            " has all programmes, and the asset census, in it."),
        Row("I2.28", [mean(each, yields) for each in found], "What own investments of eight years bring in the last, in what was paid for them."),
        Row("I2.58", [mean(own_business, nothing_from)], "Own business by grants, seven to eight years on: ended, idle from birth, or at a loss."),
    ]  # fmt: skip


def nothing_from(run: vs.Run) -> float:
    """Granted own businesses that bring nothing [%]."""
    own = run.projects[run.projects["granted"] > 0]
    return 100 * float((own["ended"].notna() | own["idle"] | (own["rate"] < 0)).mean())


PLACES: tuple[Callable[[], list[Row]], ...] = (
    ningbo, suqian, anqing, china, hebei, longquan, shandong, gansu, ningyang, zhaohu, land_that_is_billed, weiqiao, yantai, jinan,
    grants_of_500k, over_years,
)  # fmt: skip


# The page


def verdict(published: float, came_out: Sequence[float], unit: str) -> str:
    """Hit: within a tenth, or 3 points of a share of villages; near: within a third, or 8 points; else a miss.

    Between: the ends are further apart than that, and it lies between them.
    """
    low, high = min(came_out), max(came_out)
    off = max(low - published, published - high, 0.0)
    hit, near = (
        (3.0, 8.0)
        if unit.startswith(("% of villages", "percentage points"))
        else (abs(published) / 10, abs(published) / 3)
    )
    if off == 0 and high - low > near:
        return "between"
    return "hit" if off <= hit else "near" if off <= near else "miss"


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.1f}"


def page(rows: Sequence[Row]) -> str:
    with (ROOT / "experiments" / "places" / "elsewhere.csv").open(encoding="utf-8") as file:
        published = {row["id"]: row for row in csv.DictReader(file)}
    lines = [
        "# Targets from elsewhere",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        "What was published of other places, beside what the library gives for a county made from what is known of each:",
        f"central parameters, means of {REPLICATIONS} replications, nothing fitted. Two figures are the ends of what is not known. *Seen* says",
        "that ranges of parameters were set with the figure in sight, so that a hit says little; *only looked at* that they were",
        "not. A hit is within a tenth, or 3 points of a share of villages; near is within a third, or 8 points; between: the two",
        "ends are further apart than that, with the published figure inside. Where only operating income (经营收益) was",
        "published, all income of the county is taken to be that. Addresses: `experiments/places/elsewhere.csv`.",
        "",
        "| | place | published | came out | | side | what went in, and why it misses |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    side = {"calibrate": "seen", "validate": "only looked at", "context": "context"}
    for row in rows:
        source = published[row.source]
        value, unit = float(source["value"]), source["unit"].partition(" (")[0]
        got = " to ".join(figure(each) for each in sorted(row.came_out))
        place = f"{source['place']}, {source['year']}" if source["year"] not in source["place"] else source["place"]
        found = verdict(value, row.came_out, unit)
        lines.append(
            f"| {row.source} | {place}: {source['quantity']} | {source['value']} {unit} | {got} |"
            f" {f'**{found}**' if found == 'miss' else found} | {side[source['use']]} | {row.said} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    rows = [row for place in PLACES for row in place()]
    (ROOT / "docs" / "targets.md").write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
