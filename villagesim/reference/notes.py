"""What can be read from a scenario and would else pass unnoticed: figures that are hardly in their unit, policies without effect.

Each rule takes a scenario and yields sentences. A note refuses nothing: some places are unlike all others.
"""

from collections.abc import Iterator
from math import log
from statistics import NormalDist

import numpy as np

from villagesim.languages import ENGLISH, _, in_others, language, marked, named
from villagesim.places.endowments import COLUMNS
from villagesim.policies import LandTrust
from villagesim.reference.without_effect import WITHOUT_EFFECT, called
from villagesim.scenario import Scenario

BANDS = {
    marked("residents a village"): (50.0, 20_000.0),
    marked("yuan a village"): (1_000.0, 1e8),
    marked("yuan a resident"): (10.0, 200_000.0),
    marked("mu a village"): (20.0, 100_000.0),
    marked("mu a resident"): (0.4, 50.0),
    marked("yuan a village and year"): (100.0, 1e7),
}
"""Where means of counties lie, with room: from 100 to 9,000 residents a village, 50 to 5,000 yuan a resident, none to 15 mu
a resident. Source: assumption, around the places that come with the library."""
GIVEN = {"residents": 30.0, "members": 30.0, "income": 100.0, "arable": 10.0, "debt": 1_000.0}
"""How many times the mean of a user's own figures may lie above or below the mean of the place. Source: assumption."""
WIDEST = 2.0
"""Standard deviation of log incomes beyond which a share and a mean hardly go together. Source: assumption; in the places
that come with the library it is about 0.8 to 1."""

LOOKED_AT = 4
"""Drawn maps of which the numbers of villages are told."""


def notes(scenario: Scenario) -> list[str]:
    """All notes on a scenario, those of the reading of its files first."""
    return [*scenario.notes, *(note for rule in RULES for note in rule(scenario))]


def by_language(scenario: Scenario) -> dict[str, list[str]]:
    """All notes on a scenario, in every language."""

    def tell() -> list[str]:
        return [named(note) for note in notes(scenario)]

    with language(ENGLISH):
        return {ENGLISH: tell()} | in_others(tell)


def totals(scenario: Scenario) -> Iterator[str]:
    """Totals of the place that are hardly in their unit."""
    published, n = scenario.published, len(scenario.place.whole.before)
    ratios = {
        "residents": [("residents a village", published.residents / n)],
        "mean_income": [
            ("yuan a village", published.mean_income),
            ("yuan a resident", published.mean_income * n / max(published.residents, 1)),
        ],
        "threshold": [("yuan a village", published.threshold)],
        "arable": [
            ("mu a village", published.arable / n),
            ("mu a resident", published.arable / max(published.residents, 1)),
        ],
    }
    for name, found in ratios.items():
        for band, value in found:
            if value and (hint := _outside(band, value)):
                yield _(
                    "[place] {name} = {value:,.10g} is {hint}", name=name, value=getattr(published, name), hint=hint
                )
                break


def money(scenario: Scenario) -> Iterator[str]:
    """A fund that is hardly in yuan."""
    yearly = scenario.budget.yearly
    if yearly and (hint := _outside("yuan a village and year", yearly / len(scenario.place.whole.before))):
        yield _("[fund] yearly = {value:,.10g} is {hint}", value=yearly, hint=hint)


def shares(scenario: Scenario) -> Iterator[str]:
    """A published share and a mean that hardly go together."""
    published = scenario.published
    if not 0 < published.share_above < 1 or published.counted_after:
        return
    z, ratio = NormalDist().inv_cdf(1 - published.share_above), log(published.threshold / published.mean_income)
    root = max(z**2 - 2 * ratio, 0.0) ** 0.5
    spread = min((sd for sd in (z - root, z + root) if sd > 1e-9), default=0.0)
    if spread > WIDEST:
        yield _(
            "[place] share_above = {share:.3g} at {threshold:,.0f} yuan and mean_income = {mean:,.0f} hardly go together: log"
            " incomes would spread by {spread:.1f}, where places have about 1; see that the share is no percentage and that"
            " both are in yuan",
            share=published.share_above, threshold=published.threshold, mean=published.mean_income, spread=spread,
        )  # fmt: skip


def own_figures(scenario: Scenario) -> Iterator[str]:
    """Figures of a user's own table that are far from the means of the place."""
    published, n, p = scenario.published, len(scenario.place.whole.before), scenario.parameters
    residents = published.residents / n
    means = {
        "residents": residents,
        "members": residents * p.members_per_resident,
        "income": published.mean_income,
        "arable": published.arable / n,
        "debt": p.debt_mean,
    }
    for name in (name for name in means if name in scenario.table):
        values = scenario.table[name]
        given = values[np.isfinite(values)]
        mean = float(given.mean()) if len(given) else 0.0
        if mean > 0 and means[name] > 0 and not 1 / GIVEN[name] <= mean / means[name] <= GIVEN[name]:
            yield _(
                "{name} of the table is {mean:,.6g} in the mean of {n} villages, that of the place {other:,.6g}: see that both"
                " are in the same unit, or name it in the heading, as income(万元)",
                name=named(COLUMNS[name]), mean=mean, n=len(given), other=means[name],
            )  # fmt: skip


def floors(scenario: Scenario) -> Iterator[str]:
    """Floors of a land trust that are more than the land brings."""
    p = scenario.parameters
    yields = p.wheat_yield * p.wheat_price + p.maize_yield * p.maize_price
    for name, policies in scenario.strategies.items():
        for policy in policies:
            if isinstance(policy, LandTrust) and (floor := policy.household_floor + policy.collective_floor) > yields:
                yield _(
                    "{policy} guarantees {floor:,.0f} yuan a mu, more than two crops bring ({yields:,.0f} before any cost): see"
                    " that the floors are by mu, not by hectare",
                    policy=called(policy, name), floor=floor, yields=yields,
                )  # fmt: skip


def lines(scenario: Scenario) -> Iterator[str]:
    """Lines that policies hold incomes of villages against, and that are hardly in yuan."""
    for name, policies in scenario.strategies.items():
        for policy in policies:
            held = {each: getattr(policy, each, ()) for each in ("lines", "line", "threshold")}
            target = policy.target
            if target.rule == "just_below" and scenario.outcomes[target.outcome].unit.endswith("per village and year"):
                held["level"] = target.level
            for setting, given in held.items():
                for value in given if isinstance(given, tuple) else (given,):
                    if value and (hint := _outside("yuan a village", value)):
                        yield _(
                            "{setting} of {policy} is {hint}", setting=setting, policy=called(policy, name), hint=hint
                        )


def villages_by_code(scenario: Scenario) -> Iterator[str]:
    """Villages that are named after one map, where each replication has another."""
    if not scenario.has_drawn_maps:
        return
    merged = {
        code
        for wave in scenario.place.waves
        for code, n in zip(wave.after.codes, wave.map.n_constituents, strict=True)
        if n >= 2
    }
    for name, policies in scenario.strategies.items():
        for policy in policies:
            target = policy.target
            if target.rule == "villages" and (made := [code for code in target.names if code in merged]):
                yield _(
                    "the target of {policy} names villages by code that the merger makes, {n:,} ({codes}): each replication has a"
                    " map of its own, so their parts are others in each; if they were chosen after one map, say maps_of_runs ="
                    ' "likeliest"',
                    policy=called(policy, name), n=len(made), codes=made[0] + " ..." * (len(made) > 1),
                )  # fmt: skip


def numbers_of_maps(scenario: Scenario) -> Iterator[str]:
    """Maps of replications that leave other numbers of villages than the likeliest, which titles and tables of units tell."""
    if not scenario.has_drawn_maps:
        return
    likeliest = len(scenario.place.after)
    drawn = [len(scenario.place_of(1, replication=k).after) for k in range(LOOKED_AT)]
    if {*drawn} != {likeliest}:
        yield _(
            "the likeliest map leaves {n:,} villages, and maps drawn for replications other numbers (the first {k}: {low:,} to"
            " {high:,}): a community is counted only where a village went into it, and of some that is not sure",
            n=likeliest, k=LOOKED_AT, low=min(drawn), high=max(drawn),
        )  # fmt: skip


RULES = (totals, money, shares, own_figures, floors, lines, numbers_of_maps, villages_by_code, *WITHOUT_EFFECT)


def _outside(band: str, value: float) -> str:
    """In words that a value is outside of its band, and in which unit it would not be; else nothing."""
    low, high = BANDS[band]
    if low <= value <= high:
        return ""
    units = {"公顷": 15.0, "万亩": 1e4} if band.startswith("mu") else {"万": 1e4}
    fits = [unit for unit, factor in units.items() if low <= value * factor <= high]
    return _(
        "{value} {band}, outside of {low:,.10g} to {high:,.10g}{hint}; see that it is in its unit",
        value=f"{value:,.0f}" if value >= 100 else f"{value:.3g}", band=named(band), low=low, high=high,
        hint=_(": it looks like a figure in {unit}", unit=fits[0]) if fits else "",
    )  # fmt: skip
