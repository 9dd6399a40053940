"""Where do form and fact drift apart, whose accounts stay apart, which floors and desks hold, and where does income come from?

DESIGN: paired replications of no merger, nothing but the merger, and two strategies: one whose accounts are followed, one whose
desks and income are; and two of our own, ranking alone and ranking with inspectors (one visit a village and year), from the month on
in which the policies of the second one begin. The figure of the floors uses the settlement of a land trust alone: keyed paths of prices
and weather, constant land. Of a place where nothing merges only floors and desks are drawn.
Quick: three townships, 5 replications, 500 paths. Full: Zhangqiu, 30 and 4,000, five integrations and all four policies together.
OUTPUT: of the full version docs/figures/integration_by_dimension.png, separate_accounts.png, floor_and_default.png, desks.png,
income_waterfall.png, and docs/desks.md. Written by `make pages`; some one and a half minutes on two cores.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any, ClassVar
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import villagesim as vs
from villagesim.agents.committees import INTEGRATIONS, MILESTONES
from villagesim.agents.settlement import Season, next_log_price, season, settle
from villagesim.arrays import Floats
from villagesim.languages import ENGLISH, language
from villagesim.observer import EndedCase, Observer
from villagesim.outcomes.formulas import ALL_INCOME, accounts
from villagesim.parameters import DEFAULTS, Parameters
from villagesim.plots.desks import HALF, draw_desks
from villagesim.plots.floor_and_default import draw_floor_and_default
from villagesim.plots.income_waterfall import draw_income_waterfall
from villagesim.plots.integration_by_dimension import draw_integration_by_dimension
from villagesim.plots.separate_accounts import draw_separate_accounts
from villagesim.plots.style import note_on_names
from villagesim.policies import Inspection, Policy, Ranking
from villagesim.questions import Question, load_question
from villagesim.questions.answer import Answer
from villagesim.randomness import Draws
from villagesim.runs.exports import write_figure
from villagesim.runs.runner import cores, processes
from villagesim.scenario import NO_MERGER, Scenario
from villagesim.statistics.intervals import mean_interval, median, prediction_band
from villagesim.wording import band_of, effect

ROOT = Path(__file__).parents[1]
ALONE, WATCHED = "ranking alone", "ranking with inspection"
VISITED = 60
"""Villages that an inspector visits in a year."""
PARTS = {"2": (2, 2), "3": (3, 3), "4": (4, 4), "5 or more": (5, 99)}
SPREADS, EQUITIES = (0.05, 0.07, 0.10), (150.0, 250.0, 400.0)
FLOORS = tuple(np.arange(600.0, 1101.0, 50.0).tolist())
COLLECTIVE_FLOOR, SPLIT = 100.0, (0.50, 0.0, 0.40, 0.0, 0.10)
OPERATORS, SEASONS = 5, 5
CHUNKS = 8
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


def begin_of(scenario: Scenario, strategy: str) -> str:
    """Day on which the first policy of a strategy begins; of one without any that of the run."""
    return f"{min([policy.start for policy in scenario.strategies[strategy]], default=scenario.timetable.start)}"


def ranked(scenario: Scenario, begin: str) -> dict[str, list[Policy]]:
    """Ranking alone, and with as many inspectors as make one visit a village and year."""
    ranking, officers = Ranking(start=begin), max(round(len(scenario.place.after) / VISITED), 1)
    return {ALONE: [ranking], WATCHED: [ranking, Inspection(start=begin, officers=officers)]}


def one_replication(scenario: Scenario, programme: str, together: str, seed: int, replication: int) -> Numbers:
    """All that the figures need of one replication."""
    endowment = scenario.endow(seed, 0, replication)
    run = partial(vs.simulate, scenario, seed=seed, replication=replication, endowment=endowment)
    begin, cases = begin_of(scenario, together), Cases()
    last = run(together, observers=[cases])
    found: Numbers = {"months": last.record.labels, "desks": desks(last, cases.ended, begin[:7])}
    if not (scenario.merges and last.record.is_merged.any()):
        return found
    without, baseline = run(NO_MERGER), run(scenario.baseline)
    others = {name: run(policies) for name, policies in ranked(scenario, begin).items()}
    followed = last if programme == together else run(programme)
    return found | {
        "villages": [int(one.record.n_villages[at]) for one, at in ((without, 0), (baseline, -1))],
        "integration": {name: by_dimension(one) for name, one in {scenario.baseline: baseline, **others}.items()},
        "apart": {one.strategy: still_apart(one) for one in (baseline, followed)},
        "income": incomes(without, baseline, last),
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
    """Share of villages merged by the first decree with several accounts, by number of parts and month from then on."""
    record = run.record
    n_parts = record.by_village(np.ones_like(record.village_of, float))
    first = int(np.flatnonzero(record.is_merged.any(axis=1))[0])
    apart = accounts(record) > 1
    shares = {}
    for label, (least, most) in PARTS.items():
        group = (n_parts[-1] >= least) & (n_parts[-1] <= most) & record.is_merged[first] & record.is_merged[-1]
        if group.any():
            shares[label] = (int(group.sum()), np.array([1.0, *apart[first:, group].mean(axis=1)]))
    return shares


def desks(run: vs.Run, cases: Sequence[EndedCase], begin: str) -> Numbers:
    """Officers, busy time, time there and waits of each desk: over all months with policies, the first and the last twelve."""
    record, history = run.record, run.history
    from_start = record.labels.index(begin)
    spans = {
        "all": slice(from_start, None),
        "first": slice(from_start, from_start + 12),
        "last": slice(max(len(record.labels) - 12, from_start), None),
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
    for name in found[0]["integration"]:
        middle = median(np.array([numbers["integration"][name] for numbers in found]))
        for integration, (real, reported) in zip(INTEGRATIONS, middle, strict=True):
            columns = {"strategy": name, "integration": integration, "month": found[0]["months"]}
            tables.append(pd.DataFrame(columns | {"real": real, "reported": reported}))
    return pd.concat(tables, ignore_index=True)


def in_words(found: Sequence[Numbers]) -> str:
    """Mean of the five integrations at the end, real and reported, by strategy."""
    said = []
    for name in found[0]["integration"]:
        real, reported = np.mean([numbers["integration"][name][:, :, -1].mean(axis=0) for numbers in found], axis=0)
        said.append(f"{name} {real:.3f} real, {reported:.3f} reported")
    return f"Mean of the five at the end: {'; '.join(said)}."


def accounts_table(found: Sequence[Numbers]) -> pd.DataFrame:
    """Survival curves of those numbers of parts that are there in every replication."""
    tables = []
    for name, first in found[0]["apart"].items():
        for parts in (parts for parts in PARTS if all(parts in numbers["apart"][name] for numbers in found)):
            shares = np.array([numbers["apart"][name][parts][1] for numbers in found])
            low, high = prediction_band(shares)
            columns = {"strategy": name, "parts": parts, "n_villages": first[parts][0]}
            years = np.arange(shares.shape[1]) / 12
            tables.append(
                pd.DataFrame(columns | {"years": years, "middle": shares.mean(axis=0), "low": low, "high": high})
            )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def desk_table(found: Sequence[Numbers]) -> pd.DataFrame:
    """A row a desk and span: over all months with policies, the first and the last twelve."""
    rows = []
    for span in ("all", "first", "last"):
        for kind in DESKS:
            values = np.array([numbers["desks"][kind][span] for numbers in found])
            low, high = prediction_band(values)
            with catch_warnings():
                simplefilter("ignore", RuntimeWarning)  # a desk without officers has no mean wait
                middle = np.nanmean(values, axis=0)
            of_county = kind == "audit teams"
            places = zip(*(found[0]["desks"][k] for k in ("names", "codes")), strict=True)
            for i, (place, code) in enumerate([("county", "county")] if of_county else places):
                rows.append(
                    {
                        "span": span, "desk": kind, "place": place, "code": code, "officers": round(float(middle[2, i]), 1),
                        "utilisation": middle[0, i], "utilisation_low": low[0, i], "utilisation_high": high[0, i],
                        "wait": middle[1, i], "wait_low": low[1, i], "wait_high": high[1, i],
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def income_table(found: Sequence[Numbers], together: str) -> pd.DataFrame:
    """Levels and the changes between them, each as a mean with both intervals."""
    levels = np.array([numbers["income"] for numbers in found]).T
    before, after = found[0]["villages"]
    first, last = (month.removesuffix("-12") for month in (found[0]["months"][0], found[0]["months"][-1]))
    steps = (
        (f"{first}, before the merger ({before} villages)", "level", levels[0]),
        (f"arithmetic: same money, {after} villages", "arithmetic", levels[1] - levels[0]),
        ("trend and luck, without merger", "trend", levels[2] - levels[1]),
        ("the merger's real effect", "merger", levels[3] - levels[2]),
        (together, "policy", levels[4] - levels[3]),
        (f"{last}, with all of it ({after} villages)", "level", levels[4]),
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


def paths_of(numbers: Sequence[int], seed: int, parameters: Parameters = DEFAULTS) -> Floats:
    """Share of operators that default within five settlements, ``(n_paths, n_spreads, n_equities, n_floors)``.

    Operators of one path share prices and the county's weather, as in a run; land is constant, one mu each.
    """
    keys = np.arange(OPERATORS)
    harvests = np.empty((2, SEASONS, len(SPREADS), len(numbers), OPERATORS))
    for j, spread in enumerate(SPREADS):
        p = parameters.with_values({"price_sd": spread})
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
            fallen = five_years(parameters, harvests.reshape(2, SEASONS, n), floor, equity)
            defaults[:, :, k, f] = fallen.reshape(shape).mean(axis=2).T
    return defaults


def five_years(parameters: Parameters, harvests: Floats, floor: float, equity: float) -> Any:
    """Which operators default, ``(n,)``."""
    n = harvests.shape[-1]
    one, fallen = np.ones(n), np.zeros(n, bool)
    reserve, own = np.zeros(n), np.full(n, equity)
    cap = np.full(n, parameters.reserve_cap)
    for year in range(SEASONS):
        result = settle(
            parameters, Season(harvests[0, year], harvests[1, year]), one, floor * one, COLLECTIVE_FLOOR * one,
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


@contextmanager
def at_work(workers: int | None) -> Iterator[Callable[..., Iterable[Any]]]:
    """What maps a function over arguments: here, or on so many processes."""
    if (workers or cores()) == 1:
        yield map
    else:
        with processes(workers or cores()) as executor:
            yield executor.map


class CoreAnswer(Answer):
    """Figures of those tables that the place has."""

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures."""
        return tuple(name for name in self.kind.figures if name in self.tables)


@dataclass(frozen=True, kw_only=True)
class CoreFigures(Question):
    """What the core processes show at a glance.

    Attributes
    ----------
    strategy : str, optional
        Whose desks and income are shown; the last of the scenario where left out.
    programme : str, optional
        Whose accounts are followed; the same where left out.
    replications, paths : int
    """

    name: ClassVar[str] = "core_figures"
    figures: ClassVar[tuple[str, ...]] = (
        "income_waterfall", "integration_by_dimension", "separate_accounts", "desks", "floor_and_default",
    )  # fmt: skip
    answers = CoreAnswer
    strategy: str | None = None
    programme: str | None = None
    replications: int
    paths: int

    def answer(self, runs: Any) -> Answer:
        """Run all of it on all cores."""
        scenario = runs.scenario
        together = self.strategy or list(scenario.strategies)[-1]
        programme = self.programme or together
        replicate = partial(one_replication, scenario, programme, together, runs.seed)
        settled = partial(paths_of, seed=runs.seed, parameters=scenario.parameters)
        found = []
        with at_work(runs.workers) as each:
            shares = each(settled, [chunk.tolist() for chunk in np.array_split(np.arange(self.paths), CHUNKS)])
            for numbers in each(replicate, range(self.replications)):
                found.append(numbers)
                if runs.progress:
                    runs.progress(len(found), self.replications)
            floors = floor_table(np.concatenate(list(shares)))
        merging = "income" in found[0]
        tables = {"income_waterfall": income_table(found, together)} if merging else {}
        tables |= {"integration_by_dimension": integration_table(found)} if merging else {}
        tables |= {"separate_accounts": accounts_table(found)} if merging else {}
        tables = {name: table for name, table in tables.items() if len(table)}
        tables |= {"desks": desk_table(found), "floor_and_default": floors}
        begin = begin_of(scenario, together)[:7]
        facts = {"together": together, "begin": begin, "integration": in_words(found) if merging else ""}
        return self.said(said(tables, together), tables, **facts)

    @staticmethod
    def draw(answer: Answer, name: str) -> Figure:
        """Draw one of the figures, in English, as all of the study of the library itself."""
        with language(ENGLISH):
            return DRAW[name](answer, f"{answer.known.title}. ")


def said(tables: Mapping[str, pd.DataFrame], together: str) -> str:
    """The answer in a sentence."""
    if "income_waterfall" in tables:
        steps = tables["income_waterfall"].set_index("kind").drop(index="level")
        parts = "; ".join(f"{kind} {effect(row / 1000)}" for kind, row in steps[["value", "low", "high"]].iterrows())
        return f"Income per village, thousand yuan, with {together}, 95%: {parts}."
    whole = tables["desks"].query("span == 'all'")
    idle = int((whole["utilisation"] < HALF).sum())
    return (
        f"Nothing merges here. With {together} {idle} of {int(whole['utilisation'].notna().sum())} desks are busy less than"
        " half of their time."
    )


def marks_of(answer: Answer) -> dict[str, str]:
    """Upright lines: decrees, elections, and where policies start."""
    dates = {name: month for name, month in answer.known.dates.items() if name != "announcement"}
    return dates | {"policies start": answer.facts["begin"]}


def rests_on(answer: Answer) -> str:
    maps = answer.known.maps(answer.asked.replications)
    return f"{maps[0].upper()}{maps[1:]}, one draw of endowments, central parameters: not a forecast."


def chance(answer: Answer) -> str:
    return band_of(answer.asked.replications, "90% of them")


def draw_integration(answer: Answer, place: str) -> Figure:
    caption = (
        f"{place}Medians of {answer.asked.replications} replications; the shaded gap exists on paper only. Ranking puts pressure on"
        f" villages; inspection: one visit a village and year. {answer.facts['integration']}"
    )
    return draw_integration_by_dimension(answer.tables["integration_by_dimension"], marks_of(answer), caption=caption)


def draw_apart(answer: Answer, place: str) -> Figure:
    table = answer.tables["separate_accounts"]
    caption = (
        f"{place}Villages merged by the first decree; lines: means of {answer.asked.replications} replications; bands:"
        f" {chance(answer)} (one county's chance). Policies start in {answer.facts['begin']}."
        f"{' Villages are counted on the first of the drawn maps.' if answer.known.drawn_maps else ''}"
        f"{note_on_names(table['strategy'].unique())}"
    )
    return draw_separate_accounts(table, caption=caption)


def draw_floors(answer: Answer, place: str) -> Figure:
    caption = (
        f"On top of a floor of {COLLECTIVE_FLOOR:.0f} yuan to the collective; constant land, five settlements,"
        f" {answer.asked.paths:,} paths of prices and weather; bars: simulation error, 95%.\nPrices vary: standard deviation of the"
        " log price, common to both crops."
    )
    return draw_floor_and_default(answer.tables["floor_and_default"], caption=caption)


def draw_busy(answer: Answer, place: str) -> Figure:
    table = answer.tables["desks"]
    whole, first = (table[table["span"] == span].reset_index(drop=True) for span in ("all", "first"))
    caption = (
        f"{place}With {answer.facts['together']}, {answer.facts['begin']} to the end; bars: means of {answer.asked.replications}"
        f" replications, lines: {chance(answer)}; officers in brackets; diamonds: the first twelve months with policies."
        f" The wait is that of the cases that were taken up.{note_on_names(whole['place'])}"
    )
    return draw_desks(whole.assign(utilisation_first=first["utilisation"]), caption=caption)


def draw_income(answer: Answer, place: str) -> Figure:
    caption = (
        f"{place}Collective income of the last twelve months, mean per village; means of {answer.asked.replications} replications,"
        f" paired; lines: {chance(answer)} (one county's {'luck and map' if answer.known.drawn_maps else 'chance'}). Thick: simulation error.\n{rests_on(answer)}"
    )
    return draw_income_waterfall(answer.tables["income_waterfall"], caption=caption)


DRAW: dict[str, Callable[[Answer, str], Figure]] = {
    "income_waterfall": draw_income, "integration_by_dimension": draw_integration, "separate_accounts": draw_apart,
    "desks": draw_busy, "floor_and_default": draw_floors,
}  # fmt: skip


def desk_page(answer: Answer) -> str:
    """The page of desks: utilisation and wait of each, and what they mean."""
    table = answer.tables["desks"]
    whole, first, last = (table[table["span"] == span] for span in ("all", "first", "last"))
    lines = [
        "# How busy the desks are",
        "",
        "Written by `make pages`; do not edit by hand.",
        "",
        fill(
            f"Strategy `{answer.facts['together']}` of scenarios/zhangqiu.toml, means of {answer.asked.replications} replications, seed"
            f" {answer.asked.seed}, March 2022 to"
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


SCENARIO = "places/three_townships.toml"
QUESTION = CoreFigures(replications=5, paths=500)
FULL = {
    "scenario": "../scenarios/zhangqiu.toml", "strategy": "four together", "programme": "five integrations",
    "replications": 30, "paths": 4000,
}  # fmt: skip


def main() -> None:
    _, scenario, question = load_question(__file__, full=True, allow_code=True)
    answer = question.ask(scenario)
    for name in answer.figures:
        write_figure(ROOT / "docs" / "figures", name, answer.figure(name), ("png",))
        plt.close("all")
    (ROOT / "docs" / "desks.md").write_text(desk_page(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
