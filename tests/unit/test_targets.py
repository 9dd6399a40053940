"""Targets: whom a rule picks, by what is observed on the day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from checks import simulate

import villagesim as vs
from villagesim.errors import PolicyError, VillagesimError
from villagesim.policies import Policy
from villagesim.policies.policy import ActivePolicy
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.targets import Target, poorest, richest, townships, villages
from villagesim.world import World


@pytest.fixture
def at_start(one_town: vs.Scenario) -> World:
    """The three townships on the first day, before anything has happened."""
    return World(
        one_town.timetable, one_town.endow(1), one_town.parameters, Draws.of_replication(1, 0), processes=PROCESSES
    )


@pytest.fixture
def at_end(town_run: Callable[[str], vs.Run]) -> World:
    """The three townships after three years, merged."""
    return town_run("both").world


def test_all_are_all(at_start: World) -> None:
    """The rule that picks everybody."""
    assert Target().rows(at_start).all()


@pytest.mark.parametrize("name", ["相公庄街道", "370114013"])
def test_a_township_by_name_or_code(at_start: World, name: str) -> None:
    """All constituents of the township and no other."""
    place = at_start.place
    rows = townships(name).rows(at_start)
    i = place.township_names.index(name) if name in place.township_names else place.townships.index(name)
    assert (rows == (place.township == i)).all()
    assert rows.any()
    assert not rows.all()


def test_two_townships_are_the_union(at_start: World) -> None:
    """Names add up."""
    one, other = townships("相公庄街道").rows(at_start), townships("白云湖街道").rows(at_start)
    assert (townships("相公庄街道", "白云湖街道").rows(at_start) == (one | other)).all()


def test_a_village_by_its_code_before_the_decree(at_start: World) -> None:
    """A constituent is a village of its own then."""
    code = at_start.place.before.codes[5]
    assert np.flatnonzero(villages([code]).rows(at_start)).tolist() == [5]


def test_a_village_by_its_code_in_force(at_end: World) -> None:
    """After the decree the code of the new village reaches all its constituents."""
    host = int(np.flatnonzero(at_end.committees.merged)[0])
    parts = at_end.village_of == host
    assert parts.sum() >= 2
    place = at_end.place
    assert (villages([place.after.codes[place.map.village[host]]]).rows(at_end) == parts).all()
    vanished = int(np.flatnonzero(parts & (np.arange(at_end.n_rows) != host))[0])
    active = ActivePolicy(
        vs.policies.LandTrust(start="2022-03-01"), at_end, villages([place.before.codes[vanished]]).rows(at_end)
    )
    assert (active.rows == parts).all()


def test_a_target_on_the_day_of_the_decree_sees_the_new_villages(one_town: vs.Scenario) -> None:
    """The richest are picked among the villages as they are from that day on, by the sums of their parts."""
    seen = {}

    @dataclass(frozen=True, kw_only=True)
    class Spy(Policy):
        kind: ClassVar[str] = "spy"

        def begin(self, active: ActivePolicy) -> None:
            seen["picked"] = set(active.world.village_of[active.picked].tolist())
            seen["income"] = active.world.by_village(active.world.cooperatives.income_12m)

    simulate(one_town, [Spy(start="2021-07-01", target=richest(5, "collective_income"))])
    assert seen["picked"] == set(np.argsort(-seen["income"])[:5].tolist())


@pytest.mark.parametrize("world", ["at_start", "at_end"])
@pytest.mark.parametrize("n", [1, 7, 73])
def test_the_poorest_and_the_richest(world: str, n: int, request: pytest.FixtureRequest) -> None:
    """Exactly n villages, whole ones, and none outside that is poorer (richer)."""
    here: World = request.getfixturevalue(world)
    values, is_village = here.observed("income_per_member"), here.is_village
    for target, sign in ((poorest(n), 1), (richest(n), -1)):
        rows = target.rows(here)
        assert (rows == rows[here.village_of]).all()
        picked, left = rows & is_village, ~rows & is_village
        assert picked.sum() == n
        if left.any():
            assert (sign * values[picked]).max() <= (sign * values[left]).min()


def test_another_outcome_ranks_otherwise(at_end: World) -> None:
    """The weakest by trust are not the poorest."""
    assert (poorest(10, "trust").rows(at_end) != poorest(10).rows(at_end)).any()


def test_equals_go_by_code(at_start: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all are equal the lower codes are picked, from above and from below."""
    monkeypatch.setattr(at_start, "observed", lambda name: np.ones(at_start.n_rows))
    for target in (poorest(4), richest(4)):
        assert np.flatnonzero(target.rows(at_start)).tolist() == [0, 1, 2, 3]


def test_villages_of_which_nothing_is_observed_are_not_picked(at_start: World, at_end: World) -> None:
    """Integration is not defined where nothing was merged: nobody is the weakest there."""
    assert not poorest(10, "real_integration").rows(at_start).any()
    merged = at_end.committees.merged
    picked = poorest(10_000, "real_integration").rows(at_end)
    assert ((picked & at_end.is_village) == merged).all()


def test_more_than_there_are_is_all(at_start: World) -> None:
    """Asking for more villages than there are picks all."""
    assert poorest(10_000).rows(at_start).all()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"rule": "townships"}, "needs names"),
        ({"rule": "villages"}, "needs names"),
        ({"rule": "lowest"}, "needs how many"),
        ({"rule": "highest", "n": 0}, "needs how many"),
        ({"rule": "all", "names": ("x",)}, "takes no names"),
        ({"names": ("x",)}, "takes no names"),
        ({"rule": "lowest", "n": 3, "names": ("x",)}, "takes no names"),
        ({"n": 3}, "takes no n"),
        ({"outcome": "trust"}, "takes no outcome.* 'lowest' or 'highest' or 'just_below'"),
        ({"rule": "random", "n": 3, "outcome": "trust"}, "takes no outcome"),
        ({"rule": "lowest", "n": 3, "within": 0.2}, "takes no within.* 'just_below'"),
        ({"rule": "lowest", "n": 3, "level": 2.0}, "takes no level"),
        ({"rule": "lowst", "n": 3}, "rule = 'lowst' is not a rule. Did you mean 'lowest'"),
    ],
)
def test_half_a_rule_is_refused(settings: dict[str, object], said: str) -> None:
    """What would be ignored in silence is said at once."""
    with pytest.raises(PolicyError, match=said):
        Target(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (townships("相公庄"), "'相公庄' is none of the townships here.*'相公庄街道'"),
        (villages(["370114001299"]), "'370114001299' is none of the villages here"),
        (poorest(3, "gini_income"), "'gini_income' is not observed by village"),
        (poorest(3, "incom_per_member"), "Did you mean 'income_per_member'"),
    ],
)
def test_what_the_place_does_not_have_is_refused(one_town: vs.Scenario, target: Target, said: str) -> None:
    """Before the run, not in it."""
    with pytest.raises(VillagesimError, match=said):
        target.check(one_town.place, one_town.outcomes)
    with pytest.raises(VillagesimError, match=said):
        simulate(one_town, [vs.policies.LandTrust(start="2022-03-01", target=target)])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(), "all"),
        (poorest(20), "lowest(20)"),
        (richest(20, "collective_income"), "highest(20, collective_income)"),
        (Target(rule="random", n=7), "random(7)"),
        (townships("秀水镇", "140322100"), "townships(秀水镇, 140322100)"),
        (villages(["140302100200"]), "villages(140302100200)"),
        (Target(rule="just_below", outcome="trust", level=500_000, within=0.2), "just_below(trust, 500000, 0.2)"),
        (Target(rule="just_below", level=0.5), "just_below(reported_income_per_member, 0.5)"),
    ],
)
def test_targets_are_written_in_words_and_read_again(target: Target, words: str) -> None:
    """What is a default at the end is left out; spaces do not matter."""
    assert target.words == words
    assert Target.of(words) == target
    assert Target.of(words.replace("(", " ( ").replace(",", " ,")) == target


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("poorst(20)", "'poorst' is not a rule"),
        ("lowest(many)", r"'lowest\(many\)' is not a target\.\s+Write one as .*lowest\(n, outcome\)"),
        ("lowest(3, trust, 5)", "is not a target"),
        ("lowest(3", "is not a target"),
        ("all()", ""),
        ("lowest", "needs how many"),
    ],
)
def test_words_that_are_no_target_are_refused(words: str, said: str) -> None:
    """With how to write one; empty brackets do no harm."""
    if said:
        with pytest.raises(PolicyError, match=said):
            Target.of(words)
    else:
        assert Target.of(words) == Target()


def test_an_offer_that_has_ended_does_not_stand_in_the_way_of_the_next(one_town):
    """Two land trusts one after the other: the second wins land though the first has the earlier label."""
    first = vs.policies.LandTrust(start="2022-03-01", end="2022-12-01", label="a", villages=20)
    second = vs.policies.LandTrust(start="2022-12-01", label="b", household_floor=850)
    run = simulate(one_town, [first, second])
    paid = run.payments.groupby("policy")["paid"].sum()
    assert paid["a"] > 0
    assert paid["b"] > 0
