"""State has one process that writes it; all others only read it, or make deposits, as processes and policies declare."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import simpy
from checks import fixed, policy_of, simulate
from laws.law_checks import check_same_history

import villagesim as vs
from villagesim.component import Component
from villagesim.errors import PolicyError, RunError
from villagesim.guard import guarded
from villagesim.policies import KINDS
from villagesim.policies.administration import Administration
from villagesim.process import Process
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.timetable import Budget
from villagesim.world import World


def new_world(scenario: vs.Scenario) -> World:
    """The first day, before any process."""
    draws, processes = Draws.of_replication(1, 0), (*PROCESSES, Administration)
    return World(
        scenario.timetable, scenario.endow(1), scenario.parameters, draws, scenario.budget, processes=processes
    )


def guarded_run(monkeypatch: pytest.MonkeyPatch, scenario: vs.Scenario, strategy: str) -> vs.Run:
    """As ``simulate``, with every process and policy kept to what it declares, as code of a user's own is."""

    def kept(component: Component | type[Component], world: World) -> World:
        return world if isinstance(component, Administration) else guarded(component, world)

    with monkeypatch.context() as patch:
        for room in ("process", "policies.administration", "world"):
            patch.setattr(f"villagesim.{room}.seen_by", kept)
        return simulate(scenario, strategy)


def test_a_run_with_guards_is_the_ordinary_run(
    one_town: vs.Scenario, town_run: Callable[[str], vs.Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody writes what it has not declared, and the guards change no bit."""
    check_same_history(guarded_run(monkeypatch, one_town, "both"), town_run("both"))


def test_a_run_of_all_policies_with_guards_is_the_ordinary_run(
    one_town: vs.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does anybody where all policies act, books are forced together and rights frozen."""
    late = ("three_unchanged", "inspection", "community_conversion", "accounts_by_order")
    policies = tuple(policy_of(kind, "2022-06-01" if kind in late else "2021-03-01") for kind in KINDS)
    hard = one_town.with_parameters(pressure=0.5, forced_share=0.6, relapse_at_handover=fixed(0.9))
    timetable = replace(one_town.timetable, elections=(date(2022, 9, 1), date(2023, 9, 1)))
    scenario = replace(hard, timetable=timetable, strategies={"all": policies}, budget=Budget(1e9, 2021))
    run = guarded_run(monkeypatch, scenario, "all")
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


def add_by_a_function(world: World) -> None:
    np.add.at(world.members.entitlement, [0], 1.0)


def add_through_a_part(world: World) -> None:
    world.cooperatives.cash[3:5] += 1.0


def write_the_record(world: World) -> None:
    world.recorder.column("trust")[:] = 0.0


def write_the_past(world: World) -> None:
    world.as_record().column("trust")[:] = 0.0


def write_a_lever(world: World) -> None:
    world.levers.pressure.now[:] = 1.0


def swap_a_lever(world: World) -> None:
    world.levers.pressure.now = np.ones(world.n_rows)


def pull_a_lever(world: World) -> None:
    world.levers.pressure.set("thief", lambda: 1.0)


def let_a_lever_go(world: World) -> None:
    world.levers["pressure"].drop("ranking")


def ask_a_favour(world: World) -> None:
    world.offers.report(0, 0)


def ask_for_what_nobody_does(world: World) -> None:
    world.offers.rapport(0, 0)


def keep_it_there(world: World) -> None:
    world.members.luck = np.ones(world.n_rows)


def print_money(world: World) -> None:
    world.fund.pay_in(10**12)


def take_money(world: World) -> None:
    world.fund.get(1)


def set_the_clock(world: World) -> None:
    world.env._now = 5.0


def empty_the_queue(world: World) -> None:
    world.env._queue.clear()


def stop_the_calendar(world: World) -> None:
    world.calendar.close()


def tell_tales(world: World) -> None:
    world.observers.happened(0.0, "tale", -1, {})


def unlock_a_view(world: World) -> None:
    world.cooperatives.debt.flags.writeable = True


def unlock_a_plain_view(world: World) -> None:
    world.cooperatives.debt.view(np.ndarray).setflags(write=True)


def write_what_is_below(world: World) -> None:
    world.cooperatives.debt.base[:] = 0.0


DEEDS = {
    print_money: r"Thief uses world\.fund\.pay_in, which is the library's own\. Open are level, capacity",
    take_money: r"Thief uses world\.fund\.get",
    set_the_clock: r"Thief uses world\.env\._now, (?s:.*)Open are now, timeout, process, event",
    empty_the_queue: r"Thief uses world\.env\._queue",
    stop_the_calendar: r"Thief uses world\.calendar\.close, (?s:.*)declare",
    tell_tales: r"Thief uses world\.observers\.happened, (?s:.*)Keep what it knows",
    unlock_a_view: "cannot set WRITEABLE flag",
    unlock_a_plain_view: "cannot set WRITEABLE flag",
    write_what_is_below: "read-only",
    set_debt: "Thief writes cooperatives.debt, which belongs to Ledger(?s:.*)takes: cooperatives.trust_income",
    replace_cash: "Thief writes cooperatives.cash, which belongs to Ledger",
    move_village: r"Thief writes world.village_of, which belongs to Merger(?s:.*)or pull a lever\.$",
    decree: "Thief writes world.decreed, which belongs to Merger",
    birth: "read-only",
    settle_disputes: "Thief writes residents.open_disputes, which belongs to Disputes",
    mend_contract: "Thief writes contracts.faulty, which belongs to Assets",
    add_by_a_function: "Thief writes members.entitlement, which ",
    add_through_a_part: "Thief writes cooperatives.cash, which belongs to Ledger",
    write_the_record: "read-only",
    write_the_past: "read-only",
    write_a_lever: r"Thief writes the lever 'pressure'\. Pull it: pulls = \('pressure',\)",
    swap_a_lever: "Thief writes the lever 'pressure'",
    pull_a_lever: "Thief pulls the lever 'pressure' without saying so",
    let_a_lever_go: "Thief pulls the lever 'pressure' without saying so",
    ask_a_favour: r"Thief calls the offer 'report' without saying so\. Say it: needs = \('report',\)",
    ask_for_what_nobody_does: "calls the offer 'rapport', which no process makes. Did you mean 'report'",
    keep_it_there: "Thief writes members.luck, which is not its own. Keep what it knows in attributes of its own",
}


@pytest.mark.parametrize(("deed", "said"), DEEDS.items(), ids=[deed.__name__ for deed in DEEDS])
def test_an_undeclared_writer_is_refused_by_name(
    one_town: vs.Scenario, deed: Callable[[World], None], said: str
) -> None:
    """The twin: writing one value of a foreign column, or putting another array in its place, is noticed."""
    with pytest.raises((RunError, PolicyError, ValueError), match=said):
        deed(guarded(Thief, new_world(one_town)))


class Waiting(Process):
    """Waits with the parts of simpy, as they are documented."""

    def start(self) -> None:
        env = self.world.env
        self.desk, self.told, WAITED[:] = simpy.Resource(env), simpy.Event(env), []
        self.world.process(self.story())
        env.process(self.other())

    def story(self) -> Iterator[simpy.Event]:
        env = self.world.env
        with self.desk.request() as turn:
            yield turn | env.timeout(50)
            yield self.told | simpy.Timeout(env, 100)
            WAITED.append(env.now)
            yield env.any_of([env.event(), env.timeout(5)]) & simpy.Event(env).succeed()
            WAITED.append(env.now)

    def other(self) -> Iterator[simpy.Event]:
        yield self.world.env.timeout(7)
        self.told.succeed()


WAITED: list[float] = []


def test_simpy_is_what_it_is_behind_a_guard(one_town: vs.Scenario) -> None:
    """Events made with the clock that one's own code sees can be mixed with the library's."""
    vs.simulate(replace(one_town, processes=(Waiting,)))
    assert WAITED == [7, 12]


def test_an_undeclared_deposit_is_refused(one_town: vs.Scenario) -> None:
    """Lists and tables that others take are shown as what cannot be added to; a deposit of an array says what to declare."""
    view = guarded(Thief, new_world(one_town))
    with pytest.raises(AttributeError, match="append"):
        view.to_share.append(3)
    with pytest.raises(TypeError, match="item assignment"):
        view.trust_offers["thief"] = None
    with pytest.raises(
        RunError, match=r"adds to cooperatives.top_up without saying so(?s:.*)deposits = \('cooperatives.top_up',\)"
    ):
        view.cooperatives.top_up += 1.0


def test_what_is_made_of_what_is_seen_is_ones_own(one_town: vs.Scenario) -> None:
    """Copies and results can be written, and are what they would be without a guard."""
    world = new_world(one_town)
    view, trust = guarded(Thief, world), world.committees.cohesion
    part = view.committees.cohesion[trust > -1]
    part[0] = 7.0
    part += 1.0
    doubled = 2 * view.committees.cohesion
    doubled[:] = 0.0
    assert type(doubled) is np.ndarray
    mask = view.is_village
    mask &= False
    assert (part[0], trust[0]) == (8.0, world.committees.cohesion[0])
    assert view.committees.cohesion is view.committees.cohesion
    assert view.members.trust is world.members.trust


def test_declared_state_and_deposits_can_be_written(one_town: vs.Scenario) -> None:
    """The guard does not stop what is allowed."""
    world = new_world(one_town)
    view = guarded(Thief, world)
    view.members.trust[:] = 0.25
    view.members.trust_shock += 0.5
    view.to_pool.append(3)
    assert (world.members.trust == 0.25).all()
    assert (world.members.trust_shock == 0.5).all()
    assert world.to_pool == [3]
