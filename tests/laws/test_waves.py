"""Several decrees: all laws hold whatever merges when, and each oracle is a run with one decree.

Rolls are made at random: dozens of villages in two or three townships, of which any go together, in up to three waves.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from checks import fixed, policy_of, simulate
from laws import law_checks as law
from laws.test_random_scenarios import STRATEGY, check_all, first, random_scenario, synthetic_place

import villagesim as vs
from villagesim.arrays import regrouped
from villagesim.places.endowments import Published
from villagesim.places.merger_map import MergerMap
from villagesim.places.place import Place
from villagesim.places.rolls import Roll
from villagesim.places.waves import in_waves
from villagesim.scenario import ALWAYS
from villagesim.timetable import Budget, Decree, Timetable


def by_township(place: Place, n_waves: int) -> np.ndarray:
    """Whole townships, one after the other."""
    return np.minimum(place.township, n_waves - 1)


def at_random(luck: Random, n_rows: int, n_waves: int) -> np.ndarray:
    """Anybody at any time, so that new villages merge again; somebody in each wave."""
    wave = np.array([luck.randrange(n_waves) for _ in range(n_rows)])
    wave[:n_waves] = range(n_waves)
    return wave


def staggered(scenario: vs.Scenario, wave: np.ndarray, months: list[int], announced: int = 2) -> vs.Scenario:
    """The same scenario with a decree in each of these months."""
    decrees = tuple(Decree(first(max(month - announced, 0)), first(month)) for month in months)
    return replace(
        scenario,
        place=in_waves(scenario.place, wave),
        timetable=replace(scenario.timetable, decrees=decrees),
    )


def rows_of(run: vs.Run, rows: np.ndarray) -> dict[str, np.ndarray]:
    """All raw columns that have the rows of constituents, of these rows."""
    n, record = len(rows), run.record
    found = {name: record.column(name) for names in record.recorder.names.values() for name in names}
    return {name: values[:, rows] for name, values in found.items() if values.ndim == 2 and values.shape[1] == n}


def assert_same(one: vs.Run, other: vs.Run, rows: np.ndarray) -> None:
    """No bit differs in these rows."""
    mine, theirs = rows_of(one, rows), rows_of(other, rows)
    assert not [name for name in mine if mine[name].tobytes() != theirs[name].tobytes()]
    assert len(mine) > 40


@pytest.mark.parametrize("seed", range(12))
def test_all_laws_hold_in_waves(seed: int) -> None:
    """Whatever policies, parameters, luck and dates; the last seeds let new villages merge again."""
    luck = Random(f"waves {seed}")
    scenario = random_scenario(luck)
    n_months = 12 * (scenario.timetable.stop.year - scenario.timetable.start.year)
    n_months += scenario.timetable.stop.month - scenario.timetable.start.month
    n_waves = luck.randint(2, 3)
    months = sorted(luck.sample(range(n_months), n_waves))
    wave = by_township(scenario.place, n_waves) if seed < 3 else at_random(luck, len(scenario.place.before), n_waves)
    scenario = staggered(scenario, wave, months[: int(wave.max()) + 1], luck.randint(0, 4))
    for strategy in (STRATEGY, "no merger"):
        check_all(simulate(scenario, strategy), scenario)


@pytest.fixture(scope="module")
def busy() -> vs.Scenario:
    """Two townships over three years in which much is voted, pooled and let; nothing but mergers."""
    luck = Random("busy")
    scenario = random_scenario(luck)
    place = synthetic_place(Random("two or three townships"))
    n = len(place.before)
    published = replace(scenario.published, residents=500 * n, arable=1_100.0 * n, mean_income=5e5, share_above=0.4)
    changes = {
        "attempt_rate": fixed(2.0),
        "vote_base_account": fixed(3.0),
        "vote_base_assembly": fixed(2.0),
        "pressure": 0.5,
    }
    return vs.Scenario(
        "busy", Timetable(first(0), first(40), (Decree(first(2), first(5)),)), place, published,
    ).with_parameters(**changes)  # fmt: skip


@pytest.fixture(scope="module")
def once(busy: vs.Scenario) -> Callable[[int], vs.Run]:
    """The run in which all merges in one month."""
    return cache(lambda month: simulate(staggered(busy, np.zeros(len(busy.place.before), int), [month])))


def test_townships_that_merge_at_different_times_are_as_if_each_did_so_alone(
    busy: vs.Scenario, once: Callable[[int], vs.Run]
) -> None:
    """Nothing but the county's luck and prices joins them: no bit differs from the run with one decree on their day."""
    place = busy.place
    waves = by_township(place, 2)
    run = simulate(staggered(busy, waves, [5, 17]))
    assert {"accounts_pooled", "report_false", "vote_won", "project_founded"} <= set(run.events.kind)
    for wave, month in enumerate((5, 17)):
        assert_same(run, once(month), waves == wave)


def test_a_decree_that_changes_nothing_changes_no_bit(busy: vs.Scenario, once: Callable[[int], vs.Run]) -> None:
    """All has merged before; only its own two events are more."""
    place, nobody_waits = busy.place, np.zeros(len(busy.place.before), int)
    run = once(5)
    again = Place(place.before, place.after, place.map, in_waves(place, nobody_waits).waves)
    decrees = (Decree(first(3), first(5)), Decree(first(15), first(17)))
    twice = replace(busy, place=again, timetable=replace(busy.timetable, decrees=decrees))
    found = simulate(twice)
    assert_same(found, run, np.ones(len(place.before), bool))
    more = [event for event in found.history.events if event not in run.history.events]
    assert [kind for _, kind, _, _ in more] == ["announcement", "decree"]


def test_villages_that_merge_again_take_along_what_they_have(busy: vs.Scenario) -> None:
    """Hosts are villages of the day before; accounts and registers stay joined; others have no shock; cadres add up."""
    place = busy.place
    wave = at_random(Random("again"), len(place.before), 2)
    run = simulate(staggered(busy, wave, [5, 29]))
    record, (one, two) = run.record, (villages for _, villages in run.record.decrees)
    changed = regrouped(one, two)
    merged_again = [v for v in np.unique(one) if (one == v).sum() > 1 and changed[v]]
    assert merged_again
    assert np.isin(np.unique(two), np.unique(one)).all()
    k = 30  # at the end of the month of the second decree
    for v in merged_again:
        parts = one == v
        assert len(np.unique(two[parts])) == 1, "a village has come apart"
    pooled = record.account_of[k - 1] != np.arange(len(one))
    assert pooled.any()
    assert (record.account_of[k][pooled] != np.arange(len(one))[pooled]).all(), "an account has come apart"
    real = record.column("leadership")[k]
    assert (real[np.unique(two[changed])] >= 1).all()
    later = simulate(staggered(busy, wave, [5, 39])).record.column("trust")[k]
    removed = ~np.isin(one, two)
    assert (record.column("trust")[k][~changed] == later[~changed]).all()
    assert (record.column("trust")[k][removed] < later[removed]).all()


@pytest.mark.parametrize(
    "policies",
    [
        (),
        (policy_of("three_unchanged", first(0), end=first(20)),),
        (policy_of("three_unchanged", first(0)),),
        (policy_of("accounts_by_order", first(0)), policy_of("inspection", first(8))),
        (
            policy_of("land_trust", first(0), villages=100),
            policy_of("weak_village_list", first(6)),
            policy_of("alliances", first(6)),
        ),
    ],
    ids=lambda policies: "+".join(policy.kind for policy in policies) or "none",
)
def test_all_laws_hold_where_villages_merge_again(busy: vs.Scenario, policies: tuple[vs.policies.Policy, ...]) -> None:
    """Whatever has been shared, pooled, leased and listed by then; the fund is full."""
    wave = at_random(Random("again"), len(busy.place.before), 3)
    scenario = replace(staggered(busy, wave, [5, 18, 29]), budget=Budget(1e9, 2021), strategies={"own": policies})
    run = simulate(scenario, "own")
    check_all(run, scenario)
    kinds = set(run.events.kind)
    assert ("new_income_pooled" in kinds) == any(policy.kind == "three_unchanged" for policy in policies)
    assert not any(policy.kind == "land_trust" for policy in policies) or "season_settled" in kinds


# splits


def with_splits(place: Place, luck: Random, n: int) -> Place:
    """The place with some villages that are split: a part goes to another village of the township, or makes one of its own."""
    split = sorted(luck.sample(range(len(place.before)), n))
    codes, names, village, shares, first = [], [], [], [], {}
    after = list(zip(place.after.codes, place.after.names, strict=True))
    for row, (code, name) in enumerate(zip(place.before.codes, place.before.names, strict=True)):
        first[row] = len(codes)
        codes += [f"{code}#1", f"{code}#2"] if row in split else [code]
        names += [name] * (1 + (row in split))
        village.append(int(place.map.village[row]))
        if row in split:
            others = [
                k
                for k in np.unique(place.map.village[place.township == place.township[row]]).tolist()
                if k != village[-1]
            ]
            if others and luck.random() < 0.6:
                village.append(luck.choice(others))
            else:
                village.append(len(after))
                after.append((f"{code[:9]}{390 - len(after)}", f"new {name}"))
            shares += [0.6, 0.4]
        else:
            shares.append(1.0)
    hosts = [first[row] for row in place.map.known_host.tolist()] + [-1] * (len(after) - len(place.after))
    order = sorted(range(len(after)), key=lambda k: after[k])
    rank = np.argsort(order)
    before, n_rows = Roll(tuple(codes), tuple(names)), len(codes)
    merger = MergerMap(rank[village], ("user",) * n_rows, np.ones(n_rows), np.array(hosts)[order])
    return Place(before, Roll.of(after), merger, shares=np.array(shares))


@pytest.mark.parametrize("seed", range(8))
def test_all_laws_hold_where_villages_are_split(seed: int) -> None:
    """In one decree with mergers, and in two; whatever policies, parameters, luck and dates."""
    luck = Random(f"splits {seed}")
    scenario = random_scenario(luck)
    place = with_splits(synthetic_place(luck), luck, 3)
    n, whole = len(place.before), len(place.whole.before)
    published = Published(500 * whole, 6e5, 5e5, 0.4, 1_100.0 * whole)
    changes = {
        "place": place,
        "published": published,
        "table": {},
        "strategies": {**ALWAYS, STRATEGY: split_policies(luck)},
    }
    months, wave = [luck.randint(1, 7)], np.zeros(n, int)
    if seed % 2:
        months, wave = sorted(luck.sample(range(1, 8), 2)), at_random(luck, n, 2)
    found = staggered(replace(scenario, **changes), wave, months)
    run = simulate(found, STRATEGY)
    check_all(run, found)
    assert "account_parted" in set(run.events.kind)
    assert len(np.unique(run.record.account_of[0])) == whole
    law.check_nothing_merges(simulate(found, "no merger"))


def split_policies(luck: Random) -> tuple[vs.policies.Policy, ...]:
    """Land in trust before the decree, and a few others."""
    kinds = luck.sample(
        ["three_unchanged", "clean_up", "ranking", "alliances", "five_integrations", "weak_village_list"], 3
    )
    return (
        policy_of("land_trust", first(0), villages=100),
        *(policy_of(kind, first(luck.randint(0, 7))) for kind in kinds),
    )


def test_a_village_that_will_be_split_is_one_until_the_decree(busy: vs.Scenario) -> None:
    """Its account earns, owes and has what that of the whole does; its people, land and money are shared out."""
    place = with_splits(busy.place, Random("split"), 4)
    whole = replace(busy, place=place.whole)
    parted = staggered(replace(busy, place=place), np.zeros(len(place.before), int), [5])
    first_part = np.flatnonzero(place.committee == np.arange(len(place.before)))
    mine, theirs = parted.endow(1), whole.endow(1)
    for name in ("residents", "members", "arable", "income", "debt"):
        together = np.bincount(place.committee, getattr(mine, name))[first_part]
        assert np.allclose(together, getattr(theirs, name), rtol=1e-12)
    one, other = simulate(parted), simulate(whole)
    for name in ("account_income", "cash", "debt", "spending"):
        found = one.record.column(name)[:3, first_part]
        assert np.allclose(found, other.record.column(name)[:3], rtol=1e-9), name
    later = np.setdiff1d(np.arange(len(place.before)), first_part)
    assert not one.record.column("cash")[:6, later].any()
    assert (one.record.account_of[6][later] != place.committee[later]).all()
    new = later[one.record.is_village[6][later]]
    seats = one.events[(one.events.kind == "secretary_took_office") & (one.events.date == first(5))]
    assert len(new) > 0
    assert len(seats) == len(new)
    assert not one.record.column("n_replaced")[6, new].any()
    money = one.accounts.groupby("month")[["opening", "closing", "transfer_in", "transfer_out"]].sum()
    assert money.transfer_out.iloc[5] > 0
    assert np.allclose(money.transfer_in, money.transfer_out)
    assert np.allclose(money.opening.iloc[1:], money.closing.iloc[:-1])
