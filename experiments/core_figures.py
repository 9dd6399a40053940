"""Five figures of the core model: form and fact, separate accounts, floors, desks, and where income comes from.

QUESTION: what do the core processes show at a glance? Where do reports and facts drift apart, whose accounts stay apart,
how high a floor can an operator bear, which desks are the bottleneck, and how much of the rise of income per village is
arithmetic, trend, merger, policy?
DESIGN: scenarios/zhangqiu.toml, 30 paired replications, seed 1, of no merger, nothing but the merger, five integrations and
all four policies together, and of two strategies of our own: ranking alone, and ranking with nine inspectors (one visit a
village and year), both from 1 March 2022. Drawn maps, one draw of endowments, central parameters. The figure of the floors
uses the settlement of a land trust alone: 4,000 keyed replications of prices and weather, constant land.
OUTPUT: docs/figures/integration_by_dimension.png, separate_accounts.png, floor_and_default.png, desks.png,
income_waterfall.png, and docs/desks.md. Run with `make pages`; some one and a half minutes on two cores.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

import villagesim as vs
from villagesim.agents.committees import INTEGRATIONS, MILESTONES
from villagesim.agents.settlement import Season, next_log_price, season, settle
from villagesim.arrays import Floats
from villagesim.observer import EndedCase, Observer
from villagesim.outcomes.formulas import ALL_INCOME, accounts
from villagesim.plots.desks import HALF, draw_desks
from villagesim.plots.floor_and_default import draw_floor_and_default
from villagesim.plots.income_waterfall import draw_income_waterfall
from villagesim.plots.integration_by_dimension import draw_integration_by_dimension
from villagesim.plots.separate_accounts import draw_separate_accounts
from villagesim.policies import Inspection, Policy, Ranking
from villagesim.randomness import Draws
from villagesim.runs.exports import write_figure
from villagesim.runs.runner import cores, processes
from villagesim.statistics.intervals import mean_interval, median, prediction_band

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "zhangqiu.toml"
REPLICATIONS, SEED = 30, 1
BASELINE, PROGRAMME, TOGETHER = "nothing but the merger", "five integrations", "four together"
START = "2022-03"
OWN: dict[str, list[Policy]] = {
    "ranking alone": [Ranking(start="2022-03-01")],
    "ranking with inspection": [Ranking(start="2022-03-01"), Inspection(start="2022-03-01", officers=9)],
}
RANKED = (BASELINE, *OWN)
PARTS = {"2": (2, 2), "3": (3, 3), "4": (4, 4), "5 or more": (5, 99)}
SPREADS, EQUITIES = (0.05, 0.07, 0.10), (150.0, 250.0, 400.0)
FLOORS = tuple(np.arange(600.0, 1101.0, 50.0).tolist())
COLLECTIVE_FLOOR, SPLIT = 100.0, (0.50, 0.0, 0.40, 0.0, 0.10)
OPERATORS, SEASONS, PATHS = 5, 5, 4000
Numbers = dict[str, Any]
DESKS = {
    "mediators": ("mediators", "mediator"),
    "facilitators": ("facilitators", "facilitator"),
    "audit teams": ("audit_teams", "audit"),
}
"""Desks in words, by name, and by the beginning of their columns."""


class Cases(Observer):
    """Keeps the cases that came to a desk."""

    def __init__(self) -> None:
        self.ended: list[EndedCase] = []

    def case_ended(self, case: EndedCase) -> None:
        """Note a case."""
        self.ended.append(case)


def one_replication(replication: int) -> Numbers:
    """All that the figures need of one replication."""
    scenario = vs.load_scenario(SCENARIO)
    endowment = scenario.endow(SEED, 0, replication)
    run = partial(vs.simulate, scenario, seed=SEED, replication=replication, endowment=endowment)
    without, baseline, programme = run("no merger"), run(BASELINE), run(PROGRAMME)
    cases = Cases()
    together = run(TOGETHER, observers=[cases])
    ranked = {BASELINE: baseline} | {name: run(policies) for name, policies in OWN.items()}
    return {
        "months": baseline.record.labels,
        "integration": {name: by_dimension(found) for name, found in ranked.items()},
        "apart": {found.strategy: still_apart(found) for found in (baseline, programme)},
        "desks": desks(together, cases.ended),
        "income": incomes(without, baseline, together),
    }


def by_dimension(run: vs.Run) -> Floats:
    """Milestones in fact and as reported, mean over merged villages, ``(5, 2, n_months)``."""
    record = run.record
    merged = record.is_merged
    with np.errstate(invalid="ignore"):
        mean = lambda values: np.where(merged, values, 0.0).sum(axis=1) / merged.sum(axis=1)  # noqa: E731
        both = [(mean(record.column(name)), mean(record.column(f"false_{name}"))) for name in INTEGRATIONS]
    return np.array([(real / n, (real + false) / n) for (real, false), n in zip(both, MILESTONES, strict=True)])


def still_apart(run: vs.Run) -> Numbers:
    """Share of merged villages with several accounts, by number of parts and month from the decree on."""
    record = run.record
    n_parts = record.by_village(np.ones_like(record.village_of, float))
    first = int(np.flatnonzero(record.is_merged.any(axis=1))[0])
    apart = accounts(record) > 1
    shares = {}
    for label, (least, most) in PARTS.items():
        group = (n_parts[-1] >= least) & (n_parts[-1] <= most) & record.is_merged[-1]
        shares[label] = (int(group.sum()), np.array([1.0, *apart[first:, group].mean(axis=1)]))
    return shares


def desks(run: vs.Run, cases: Sequence[EndedCase]) -> Numbers:
    """Officers, busy time, time there and waits of each desk: over all months with policies, the first and the last twelve."""
    record, history = run.record, run.history
    from_start = record.labels.index(START)
    spans = {
        "all": slice(from_start, None),
        "first": slice(from_start, from_start + 12),
        "last": slice(len(record.labels) - 12, None),
    }
    tops = [month.start + month.days for month in history.months]
    days = np.array([month.days for month in (history.months[0], *history.months)])
    flows = {}
    for kind, (desk, column) in DESKS.items():
        busy, there = (record.column(f"{column}_{what}") for what in ("busy", "capacity"))
        busy, there = (values.reshape(len(values), -1) for values in (busy, there))
        heard, waited = np.zeros_like(busy), np.zeros_like(busy)
        for case in cases:
            if case.heard and case.desk == desk:  # index 0 of the record is the state at the start
                month = np.searchsorted(tops, case.day) + 1
                heard[month, case.township] += 1
                waited[month, case.township] += case.waited
        flows[kind] = busy, there, waited, heard
    numbers: Numbers = {"names": list(history.place.township_names), "codes": list(history.place.townships)}
    for kind, (busy, there, waited, heard) in flows.items():
        numbers[kind] = {}
        for span, part in spans.items():
            with np.errstate(invalid="ignore", divide="ignore"):
                utilisation = busy[part].sum(axis=0) / there[part].sum(axis=0)
                wait = waited[part].sum(axis=0) / heard[part].sum(axis=0)
            numbers[kind][span] = np.array([utilisation, wait, there[part].sum(axis=0) / days[part].sum()])
    return numbers


def incomes(without: vs.Run, baseline: vs.Run, together: vs.Run) -> Floats:
    """Start per constituent; then, per village of today: start, and the end without merger, with it, and with policy."""
    total = [run.record.rolling(*ALL_INCOME).sum(axis=1) for run in (without, baseline, together)]
    before, after = without.record.n_villages[0], baseline.record.n_villages[-1]
    start, *ends = total[0][0], *(series[-1] for series in total)
    return np.array([start / before, start / after, *(end / after for end in ends)])


def integration_table(found: Sequence[Numbers]) -> pd.DataFrame:
    tables = []
    for name in RANKED:
        middle = median(np.array([numbers["integration"][name] for numbers in found]))
        for integration, (real, reported) in zip(INTEGRATIONS, middle, strict=True):
            columns = {"strategy": name, "integration": integration, "month": found[0]["months"]}
            tables.append(pd.DataFrame(columns | {"real": real, "reported": reported}))
    return pd.concat(tables, ignore_index=True)


def in_words(found: Sequence[Numbers]) -> str:
    """Mean of the five integrations at the end, real and reported, by strategy."""
    said = []
    for name in RANKED:
        real, reported = np.mean([numbers["integration"][name][:, :, -1].mean(axis=0) for numbers in found], axis=0)
        said.append(f"{name} {real:.3f} real, {reported:.3f} reported")
    return f"Mean of the five at the end: {'; '.join(said)}."


def accounts_table(found: Sequence[Numbers]) -> pd.DataFrame:
    tables = []
    for name in (BASELINE, PROGRAMME):
        for parts in PARTS:
            n_villages = found[0]["apart"][name][parts][0]
            shares = np.array([numbers["apart"][name][parts][1] for numbers in found])
            low, high = prediction_band(shares)
            columns = {"strategy": name, "parts": parts, "n_villages": n_villages}
            years = np.arange(shares.shape[1]) / 12
            tables.append(
                pd.DataFrame(columns | {"years": years, "middle": shares.mean(axis=0), "low": low, "high": high})
            )
    return pd.concat(tables, ignore_index=True)


def desk_table(found: Sequence[Numbers], span: str = "all") -> pd.DataFrame:
    rows = []
    for kind in ("mediators", "facilitators", "audit teams"):
        values = np.array([numbers["desks"][kind][span] for numbers in found])
        low, high = prediction_band(values)
        with catch_warnings():
            simplefilter("ignore", RuntimeWarning)  # a desk without officers has no mean wait
            middle = np.nanmean(values, axis=0)
        of_county = kind == "audit teams"
        places = (
            [("county", "county")]
            if of_county
            else zip(*(found[0]["desks"][k] for k in ("names", "codes")), strict=True)
        )
        for i, (place, code) in enumerate(places):
            rows.append(
                {
                    "desk": kind, "place": place, "code": code, "officers": round(float(middle[2, i]), 1),
                    "utilisation": middle[0, i], "utilisation_low": low[0, i], "utilisation_high": high[0, i],
                    "wait": middle[1, i], "wait_low": low[1, i], "wait_high": high[1, i],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def income_table(found: Sequence[Numbers]) -> pd.DataFrame:
    """Levels and the changes between them, each as a mean with both intervals."""
    values = np.array([numbers["income"] for numbers in found])
    levels = values.T
    steps = (
        ("2020, before the merger (890 villages)", "level", levels[0]),
        ("arithmetic: same money, 532 villages", "arithmetic", levels[1] - levels[0]),
        ("trend and luck, without merger", "trend", levels[2] - levels[1]),
        ("the merger's real effect", "merger", levels[3] - levels[2]),
        ("four policies together", "policy", levels[4] - levels[3]),
        ("2026, with all of it (532 villages)", "level", levels[4]),
    )
    rows = []
    for step, kind, own in steps:
        mean, (band_low, band_high) = mean_interval(own), prediction_band(own)
        certain = np.ptp(own) == 0
        rows.append(
            {
                "step": step, "kind": kind, "value": own.mean(), "low": mean.low, "high": mean.high,
                "band_low": np.nan if certain else float(band_low), "band_high": np.nan if certain else float(band_high),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def paths_of(numbers: Sequence[int], seed: int = SEED) -> Floats:
    """Share of operators that default within five settlements, ``(n_paths, n_spreads, n_equities, n_floors)``.

    Operators of one path share prices and the county's weather, as in a run; land is constant, one mu each.
    """
    keys = np.arange(OPERATORS)
    harvests = np.empty((2, SEASONS, len(SPREADS), len(numbers), OPERATORS))
    for j, spread in enumerate(SPREADS):
        p = vs.parameters.DEFAULTS.with_values({"price_sd": spread})
        for i, number in enumerate(numbers):
            draws, log_price = Draws.of_replication(seed, number), None
            for year in range(SEASONS):
                log_price = next_log_price(p, draws, year, log_price)
                harvest = season(p, draws, keys, year, log_price)
                harvests[:, year, j, i] = harvest.revenue, harvest.insured
    shape = (len(SPREADS), len(numbers), OPERATORS)
    n = int(np.prod(shape))
    defaults = np.empty((len(numbers), len(SPREADS), len(EQUITIES), len(FLOORS)))
    for k, equity in enumerate(EQUITIES):
        for f, floor in enumerate(FLOORS):
            fallen = five_years(harvests.reshape(2, SEASONS, n), floor, equity)
            defaults[:, :, k, f] = fallen.reshape(shape).mean(axis=2).T
    return defaults


def five_years(harvests: Floats, floor: float, equity: float) -> Any:
    """Which operators default, ``(n,)``."""
    n = harvests.shape[-1]
    one, fallen = np.ones(n), np.zeros(n, bool)
    reserve, own = np.zeros(n), np.full(n, equity)
    cap = np.full(n, vs.parameters.DEFAULTS.reserve_cap)
    for year in range(SEASONS):
        result = settle(
            vs.parameters.DEFAULTS, Season(harvests[0, year], harvests[1, year]), one, floor * one, COLLECTIVE_FLOOR * one,
            np.tile(SPLIT, (n, 1)), reserve, own, np.full(n, equity), cap,
        )  # fmt: skip
        fallen |= result.defaulted
        reserve, own = result.reserve, result.equity
    return fallen


def floor_table(shares: Floats) -> pd.DataFrame:
    error = 1.96 * shares.std(axis=0, ddof=1) / np.sqrt(len(shares))
    rows = [
        {
            "price_sd": spread,
            "equity": equity,
            "floor": floor,
            "share": shares[:, j, k, f].mean(),
            "error": error[j, k, f],
        }
        for j, spread in enumerate(SPREADS)
        for k, equity in enumerate(EQUITIES)
        for f, floor in enumerate(FLOORS)
    ]
    return pd.DataFrame(rows)


def desk_page(found: Sequence[Numbers]) -> str:
    """The page of desks: utilisation and wait of each, and what they mean."""
    whole, first, last = (desk_table(found, span) for span in ("all", "first", "last"))
    lines = [
        "# How busy the desks are",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        fill(
            f"Strategy `{TOGETHER}` of scenarios/zhangqiu.toml, means of {len(found)} replications, seed {SEED}, March 2022 to"
            " December 2026. *Time at work* is the share of the officers' working time (220 days a year) spent on cases;"
            " behind it stand the first and the last twelve months with policies. The wait is that in the queue, of cases"
            " that were taken up. A desk below one half is idle: more of them cannot help.",
            118,
        ),
        "",
        "![Utilisation and mean wait of each desk](figures/desks.png)",
        "",
    ]
    for kind in dict.fromkeys(whole["desk"]):
        n_idle = int((whole.loc[whole["desk"] == kind, "utilisation"] < HALF).sum())
        of = int((whole["desk"] == kind).sum())
        lines += [f"## {kind.capitalize()}: {n_idle} of {of} {'desk' if of == 1 else 'desks'} idle", ""]
        lines += [
            "| desk | officers | time at work | first, last year | mean wait, days | |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        rows = [table[table["desk"] == kind].itertuples() for table in (whole, first, last)]
        for row, early, late in zip(*rows, strict=True):
            name = row.place if row.place == row.code else f"{row.place} ({row.code})"
            lines.append(
                f"| {name} | {row.officers:g} | {share(row.utilisation)} | {share(early.utilisation)}, {share(late.utilisation)}"
                f" | {'-' if np.isnan(row.wait) else format(row.wait, '.1f')} | {verdict(row.utilisation, early.utilisation)} |"
            )
        lines.append("")
    return "\n".join(lines)


def share(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.0%}"


def verdict(whole: float, first: float) -> str:
    if np.isnan(whole):
        return "no officers"
    if whole >= HALF:
        return ""
    return (
        "idle: more of them cannot help"
        if first < HALF
        else "idle, but for the first year: more of them later cannot help"
    )


def save(name: str, figure: Any) -> None:
    write_figure(ROOT / "docs" / "figures", name, figure, ("png",))
    plt.close(figure)


def gather() -> tuple[list[Numbers], Floats]:
    """Run everything on all cores: what the replications gave, and the shares of operators in default."""
    with processes(cores()) as executor:
        chunks = np.array_split(np.arange(PATHS), 8)
        waiting = [executor.submit(paths_of, chunk.tolist()) for chunk in chunks]
        found = list(executor.map(one_replication, range(REPLICATIONS)))
        shares = np.concatenate([future.result() for future in waiting])
    return found, shares


def draw(found: Sequence[Numbers], shares: Floats) -> None:
    """Draw and write all figures and the page of desks."""
    dates = vs.load_scenario(SCENARIO).timetable
    marks = {"decree": f"{dates.decree:%Y-%m}", "policies start": START} | {
        f"election {day.year}": f"{day:%Y-%m}" for day in dates.elections
    }
    n = f"{REPLICATIONS} replications"
    save(
        "integration_by_dimension",
        draw_integration_by_dimension(
            integration_table(found), marks,
            caption=f"Zhangqiu, medians of {n}; the shaded gap exists on paper only. Ranking puts pressure on villages;"
            f" inspection: nine inspectors, one visit a village and year. {in_words(found)}",
        ),
    )  # fmt: skip
    save(
        "separate_accounts",
        draw_separate_accounts(
            accounts_table(found),
            caption=f"Zhangqiu; lines: means of {n}; bands: 90% of them (one county's chance). Five integrations from March"
            " 2022, eight months after the decree.",
        ),
    )
    save(
        "floor_and_default",
        draw_floor_and_default(
            floor_table(shares),
            caption=f"On top of a floor of {COLLECTIVE_FLOOR:.0f} yuan to the collective; constant land, five settlements,"
            f" {PATHS:,} paths of prices and weather; bars: simulation error, 95%.\nPrices vary: standard deviation of the log"
            " price, common to both crops.",
        ),
    )
    save(
        "desks",
        draw_desks(
            desk_table(found).assign(utilisation_first=desk_table(found, "first")["utilisation"]),
            caption=f"Zhangqiu, {TOGETHER}, March 2022 to December 2026; bars: means of {n}, lines: 90% of them; officers in"
            " brackets; diamonds: the first twelve months with policies. Dashed:"
            " half of the time; hatched: busy less than that. The wait is that of the cases that were taken up.",
        ),
    )
    save(
        "income_waterfall",
        draw_income_waterfall(
            income_table(found),
            caption=f"Zhangqiu, collective income of the last twelve months, mean per village; means of {n}, paired; lines: 90%"
            " of replications (one county's chance, luck and map).\nDrawn maps, one draw of endowments, central parameters: not a forecast.",
        ),
    )
    (ROOT / "docs" / "desks.md").write_text(desk_page(found), encoding="utf-8")


def main() -> None:
    draw(*gather())


if __name__ == "__main__":
    main()
