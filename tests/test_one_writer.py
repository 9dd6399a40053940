"""State has one process that writes it; all others only read it, or make deposits, as processes and policies declare."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from checks import fixed, policy_of, simulate, with_world
from laws.law_checks import check_same_history

import villagesim as vs
from villagesim.component import Component
from villagesim.policies import KINDS, Policy
from villagesim.policies.administration import Administration
from villagesim.policies.policy import ActivePolicy
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.timetable import Budget
from villagesim.world import World

LISTS = {column for process in PROCESSES for column in process.takes if column.startswith("world.")}
"""Deposits that are no arrays: who has not declared them gets a copy."""


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
        if self._name == "world" and type(value).__module__.startswith(("villagesim.agents.", "villagesim.places.")):
            return ReadOnly(value, name, self._allowed)
        column = f"{self._name}.{name}"
        if column in self._allowed:
            return value
        return value.copy() if column in LISTS else seen(value)

    def __setattr__(self, name: str, value: Any) -> None:
        column = f"{self._name}.{name}"
        if column not in self._allowed:
            raise AssertionError(f"{column} is written and not declared")
        setattr(self._target, name, value)


def guarded(world: World, component: type[Component] | Component) -> Any:
    """The world as a process or a policy may see it."""
    declared = (*component.owns, *component.takes, *component.deposits)
    return ReadOnly(world, "world", frozenset(declared))


class Office(Administration):
    """The county's office, in which every policy is kept to what it declares."""

    def activated(self, policy: Policy) -> ActivePolicy:
        return ActivePolicy(policy, guarded(self.world, policy), policy.target.rows(self.world, policy.label))


def new_world(scenario: vs.Scenario) -> World:
    """The first day, before any process."""
    draws, processes = Draws.of_replication(1, 0), (*PROCESSES, Administration)
    return World(
        scenario.timetable, scenario.endow(1), scenario.parameters, draws, scenario.budget, processes=processes
    )


def guarded_run(scenario: vs.Scenario, strategy: str) -> vs.Run:
    """As ``simulate``, with every process and every policy kept to what it declares."""
    world = new_world(scenario)
    for process in PROCESSES:
        process(guarded(world, process))
    Office(world, scenario.strategies[strategy].policies)
    world.run()
    return with_world(world, scenario, strategy)


def test_a_run_with_guards_is_the_ordinary_run(one_town: vs.Scenario, town_run: Callable[[str], vs.Run]) -> None:
    """Nobody writes what it has not declared, and the guards change no bit."""
    check_same_history(guarded_run(one_town, "both"), town_run("both"))


def test_a_run_of_all_policies_with_guards_is_the_ordinary_run(one_town: vs.Scenario) -> None:
    """Nor does anybody where all policies act, books are forced together and rights frozen."""
    late = ("three_unchanged", "inspection", "community_conversion", "accounts_by_order")
    policies = tuple(policy_of(kind, "2022-06-01" if kind in late else "2021-03-01") for kind in KINDS)
    hard = one_town.with_parameters(pressure=0.5, forced_share=0.6, relapse_at_handover=fixed(0.9))
    timetable = replace(one_town.timetable, elections=(date(2022, 9, 1), date(2023, 9, 1)))
    scenario = replace(hard, timetable=timetable, strategies={"all": policies}, budget=Budget(1e9, 2021))
    run = guarded_run(scenario, "all")
    check_same_history(run, simulate(scenario, "all"))
    assert {"report_false", "report_exposed", "accounts_pooled", "relapse", "new_income_pooled"} <= set(run.events.kind)


def test_all_state_that_is_declared_exists(one_town: vs.Scenario) -> None:
    """What is owned, taken or added to is an attribute of the world or of a group of agents."""
    world = new_world(one_town)
    for component in (*PROCESSES, *KINDS.values()):
        for column in (*component.owns, *component.takes, *component.deposits):
            group, name = column.split(".")
            assert hasattr(world if group == "world" else getattr(world, group), name), column


class Thief(Component):
    """A process that writes what belongs to others."""

    owns = ("members.trust",)
    deposits = ("members.trust_shock", "world.to_pool")


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
    with pytest.raises((AssertionError, ValueError), match=r"not declared|read-only"):
        deed(guarded(new_world(one_town), Thief))


def test_an_undeclared_deposit_is_lost(one_town: vs.Scenario) -> None:
    """The twin for lists: what is added without a word does not arrive, so that the run would be another one."""
    world = new_world(one_town)
    guarded(world, Thief).to_share.append(3)
    assert world.to_share == []


def test_declared_state_and_deposits_can_be_written(one_town: vs.Scenario) -> None:
    """The guard does not stop what is allowed."""
    world = new_world(one_town)
    view = guarded(world, Thief)
    view.members.trust[:] = 0.25
    view.members.trust_shock += 0.5
    view.to_pool.append(3)
    assert (world.members.trust == 0.25).all()
    assert (world.members.trust_shock == 0.5).all()
    assert world.to_pool == [3]
