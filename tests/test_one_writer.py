"""Each column has one process that writes it; all others only read it, or make deposits where that is allowed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from checks import fixed, policy_of, simulate, with_world
from laws.law_checks import check_same_history

import villagesim as vs
from villagesim.policies import KINDS
from villagesim.policies.administration import Administration
from villagesim.randomness import Draws
from villagesim.simulation import PROCESSES
from villagesim.timetable import Budget
from villagesim.world import DEPOSITS, World

GROUPS = (
    "members", "residents", "committees", "cooperatives", "contracts", "secretaries", "land_trusts", "ratings", "projects",
    "alliances", "endowment",
)  # fmt: skip


def seen(value: Any) -> Any:
    """A view that cannot be written, where the value is an array."""
    if not isinstance(value, np.ndarray):
        return value
    view = value.view()
    view.flags.writeable = False
    return view


class ReadOnly:
    """Stands before a world, or a group of its agents, and lets through only what may be written."""

    def __init__(self, target: Any, name: str, allowed: frozenset[str]) -> None:
        for attribute, value in (("target", target), ("name", name), ("allowed", allowed)):
            object.__setattr__(self, "_" + attribute, value)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if self._name == "world" and name in GROUPS:
            return ReadOnly(value, name, self._allowed)
        return value if f"{self._name}.{name}" in self._allowed else seen(value)

    def __setattr__(self, name: str, value: Any) -> None:
        column = f"{self._name}.{name}"
        if column not in self._allowed:
            raise AssertionError(f"{column} is written but not declared in `writes`")
        setattr(self._target, name, value)


def guarded(world: World, process: type) -> Any:
    """The world as a process may see it."""
    return ReadOnly(world, "world", frozenset((*process.writes, *DEPOSITS)))


class Policies:
    """What policies may write: deposits, like everybody."""

    writes: tuple[str, ...] = ()


def guarded_run(scenario: vs.Scenario, strategy: str) -> vs.Run:
    """As ``simulate``, with every process kept to what it declares, and every policy to deposits."""
    endowment, draws = scenario.endow(1), Draws.of_replication(1, 0)
    world = World(scenario.timetable, endowment, scenario.parameters, draws, scenario.budget)
    for process in PROCESSES:
        process(guarded(world, process))
    Administration(guarded(world, Policies), scenario.strategies[strategy])
    world.run()
    return with_world(world, scenario, strategy)


def test_a_run_with_guards_is_the_ordinary_run(one_town: vs.Scenario, town_run: Callable[[str], vs.Run]) -> None:
    """No process writes what it has not declared, and the guards change no bit."""
    check_same_history(guarded_run(one_town, "both"), town_run("both"))


def test_a_run_of_all_policies_with_guards_is_the_ordinary_run(one_town: vs.Scenario) -> None:
    """Nor does anybody where all policies act, books are forced together and rights frozen."""
    late = ("three_unchanged", "inspection", "community_conversion")
    policies = tuple(policy_of(kind, "2022-06-01" if kind in late else "2021-03-01") for kind in KINDS)
    hard = one_town.with_parameters(pressure=0.5, forced_share=0.6, relapse_at_handover=fixed(0.9))
    timetable = replace(one_town.timetable, elections=(date(2022, 9, 1), date(2023, 9, 1)))
    scenario = replace(hard, timetable=timetable, strategies={"all": policies}, budget=Budget(1e9, 2021))
    run = guarded_run(scenario, "all")
    check_same_history(run, simulate(scenario, "all"))
    assert {"report_false", "report_exposed", "accounts_pooled", "relapse", "new_income_pooled"} <= set(run.events.kind)


def test_the_guard_knows_all_groups_of_columns(one_town: vs.Scenario) -> None:
    """A new kind of agent comes under the guard by an entry in the list of groups."""
    world = World(one_town.timetable, one_town.endow(1), one_town.parameters, Draws.of_replication(1, 0))
    found = {name for name, value in vars(world).items() if type(value).__module__.startswith("villagesim.agents.")}
    assert found <= set(GROUPS)
    assert set(GROUPS) - found == {"endowment"}


def test_no_column_has_two_writers() -> None:
    """Every column is declared by one process at most."""
    writers = Counter(column for process in PROCESSES for column in process.writes)
    assert not [column for column, n in writers.items() if n > 1 and column not in DEPOSITS]


def test_every_declared_column_exists(town_run: Callable[[str], vs.Run]) -> None:
    """What is declared, deposits too, is an attribute of the world or of a group of agents."""
    world = town_run("both").world
    for column in (*DEPOSITS, *(column for process in PROCESSES for column in process.writes)):
        group, name = column.split(".")
        assert hasattr(world if group == "world" else getattr(world, group), name), column


class Thief:
    """A process that writes what belongs to others."""

    writes = ("members.trust",)

    def __init__(self, world: World, deed: Callable[[World], None]) -> None:
        deed(world)


def set_debt(world: World) -> None:
    world.cooperatives.debt[:] = 0.0


def replace_cash(world: World) -> None:
    world.cooperatives.cash = np.zeros(world.n_rows)


def move_village(world: World) -> None:
    world.village_of[0] = 1


def decree(world: World) -> None:
    world.decreed = True


def birth(world: World) -> None:
    world.endowment.residents[0] += 1


def settle_disputes(world: World) -> None:
    world.residents.open_disputes *= 0.5


def mend_contract(world: World) -> None:
    world.contracts.faulty[0] = False


@pytest.mark.parametrize("deed", [set_debt, replace_cash, move_village, decree, birth, settle_disputes, mend_contract])
def test_an_undeclared_writer_is_caught(one_town: vs.Scenario, deed: Callable[[World], None]) -> None:
    """The twin: writing one value of a foreign column, or putting another array in its place, is noticed."""
    world = World(one_town.timetable, one_town.endow(1), one_town.parameters, Draws.of_replication(1, 0))
    with pytest.raises((AssertionError, ValueError), match=r"not declared|read-only"):
        Thief(guarded(world, Thief), deed)


def test_a_declared_column_and_deposits_can_be_written(one_town: vs.Scenario) -> None:
    """The guard does not stop what is allowed."""
    world = World(one_town.timetable, one_town.endow(1), one_town.parameters, Draws.of_replication(1, 0))
    view = guarded(world, Thief)
    view.members.trust[:] = 0.25
    view.members.trust_shock += 0.5
    view.to_pool.append(3)
    assert (world.members.trust == 0.25).all()
    assert (world.members.trust_shock == 0.5).all()
    assert world.to_pool == [3]
