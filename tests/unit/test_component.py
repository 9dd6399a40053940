"""What processes and policies declare is checked: unknown, twice, or never read is refused with its names."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest

import villagesim as vs
from villagesim.assembly import assemble
from villagesim.component import Column, Component, Lever
from villagesim.errors import PolicyError, RunError, ScenarioError
from villagesim.parameters import Parameter
from villagesim.policies import KINDS
from villagesim.policies.administration import Administration
from villagesim.policies.policy import ActivePolicy
from villagesim.process import Process
from villagesim.processes import PROCESSES


def column(name: str, **changes: Any) -> Column:
    return Column(**{"name": name, "meaning": "", "unit": "count", "per": "county", "kind": "flow"} | changes)


def lever(name: str, **changes: Any) -> Lever:
    return Lever(**{"name": name, "meaning": "", "unit": "share", "per": "village", "rule": "level"} | changes)


class Quiet(Process):
    """Nothing happens."""


class Festival(Process):
    """A festival in every village that calls for one, and a column that counts them."""

    columns = (column("festivals", read="n"),)
    levers = (lever("calls"),)

    def start(self) -> None:
        self.n = 0
        self.world.calendar.declare("births", "festival", self.hold)

    def hold(self, month: Any) -> None:
        self.n = int((self.world.levers.calls.now > 0.5).sum())


@dataclass(frozen=True, kw_only=True)
class CallForFestivals(vs.Policy):
    """Every village it reaches holds one."""

    kind: ClassVar[str] = "call_for_festivals"
    pulls = ("calls",)

    def begin(self, active: ActivePolicy) -> None:
        active.pull("calls", lambda: 1.0 * active.rows)


def derived(base: type, **declared: Any) -> type:
    """A class that declares something else."""
    return type("Changed", (base,), declared)


REFUSED = {
    "two columns of one name": (derived(Quiet, columns=(column("debt"),)), "columns: 'debt' is declared twice, by Ledger"),
    "one column twice": (derived(Quiet, columns=(column("a"), column("a"))), "'a' is declared twice, by Changed"),
    "two owners": (derived(Quiet, owns=("members.trust",)), "state: 'members.trust' is declared twice, by Trust and"),
    "two levers": (derived(Quiet, levers=(lever("pressure"),)), "levers: 'pressure' is declared twice, by Reports"),
    "two offers": (derived(Quiet, offers=("report",)), "offers: 'report' is declared twice, by Reports and Changed"),
    "two parameters": (
        derived(Quiet, parameters=(Parameter("run_up", "", "", 1, 0, 2, "assumption"),)), "there is a parameter 'run_up' already"
    ),
    "an unknown lever": (derived(Quiet, pulls=("presure",)), "pulls the lever 'presure', (?s:.*)Did you mean 'pressure'"),
    "an unknown offer": (derived(Quiet, needs=("rapport",)), "needs 'rapport', (?s:.*)Did you mean 'report'"),
    "a deposit that nobody takes": (derived(Quiet, deposits=("members.trust",)), "adds to 'members.trust', which no"),
    "a lever of which only the name is used": (
        derived(Quiet, levers=(lever("calls"),), start=lambda self: self.calls), "'calls' and never reads it"
    ),
    "a lever that is never read": (derived(Quiet, levers=(lever("calls"),)), "lever 'calls' and never reads it"),
    "a parameter that is never read": (
        derived(Quiet, parameters=(Parameter("calls", "", "", 1, 0, 2, "assumption"),)), "'calls' and never reads it"
    ),
    "an offer without a method": (derived(Quiet, offers=("singing",)), "offers 'singing', and has no method"),
    "a lever after an unknown one": (
        derived(Festival, levers=(lever("calls", after=("presure",)),)), "after 'presure', (?s:.*)Did you mean 'pressure'"
    ),
    "levers in a ring": (derived(Festival, levers=(lever("calls", after=("calls",)),)), "each of calls comes after"),
}  # fmt: skip


@pytest.mark.parametrize(("process", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_stand_together_is_refused(one_town: vs.Scenario, process: type[Component], message: str) -> None:
    """Before anything runs."""
    with pytest.raises(ScenarioError, match=message):
        vs.simulate(replace(one_town, processes=(process,)))


def test_a_process_brings_a_column_and_a_lever(one_town: vs.Scenario) -> None:
    """The policy pulls the lever, the process reads it, the record holds the column."""
    scenario = replace(one_town, processes=(Festival,))
    run = vs.simulate(scenario, [CallForFestivals(start="2022-01-01")])
    festivals = run.record.column("festivals")[1:].tolist()
    assert festivals == [0.0] * 12 + [117.0] * 24
    assert not vs.simulate(scenario).record.column("festivals").any()


def test_a_policy_is_kept_to_the_levers_it_names(one_town: vs.Scenario) -> None:
    """A lever that no process of the run declares, and one that it does not say it pulls."""
    with pytest.raises(ScenarioError, match="CallForFestivals pulls the lever 'calls', which no process declares"):
        vs.simulate(one_town, [CallForFestivals(start="2022-01-01")])
    silent = derived(CallForFestivals, pulls=())
    with pytest.raises(PolicyError, match=r"pulls the lever 'calls' without saying so\. Say it: pulls = \('calls',\)"):
        vs.simulate(replace(one_town, processes=(Festival,)), [silent(start="2022-01-01")])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: derived(Quiet, columns=column("a")), r"Changed: columns = .* is not a tuple of Column"),
        (lambda: derived(Quiet, columns=(lever("a"),)), "is not a tuple of Column"),
        (
            lambda: derived(Quiet, deposits="members.trust_shock"),
            "deposits = 'members.trust_shock' is not a tuple of str",
        ),
        (lambda: derived(CallForFestivals, pulls="calls"), "pulls = 'calls' is not a tuple of str"),
        (lambda: column("a", per="villages"), "column a: per = 'villages' (?s:.*)Did you mean 'village'"),
        (lambda: column("a", kind="stock"), "column a: kind = 'stock' is not one of flow, level"),
        (lambda: column("two words"), "column 'two words' has no usable name"),
        (lambda: lever("a", rule="sum"), "lever a: rule = 'sum' is not one of rate, level, capacity, coverage"),
        (lambda: lever("a", stage="policy"), "lever a: stage = 'policy' (?s:.*)Did you mean 'policies'"),
    ],
)
def test_a_declaration_with_a_wrong_word_is_refused(make: Any, message: str) -> None:
    """Where it is written: a lever of an unknown stage would never be combined, one of an unknown rule be a union."""
    with pytest.raises(ScenarioError, match=message):
        make()


def test_a_process_acts_at_a_stage_that_there_is(one_town: vs.Scenario) -> None:
    lost = derived(Festival, start=lambda self: self.world.calendar.declare("birth", "festival", self.hold))
    with pytest.raises(RunError, match=r"festival: 'birth' is not a stage of the month\. Did you mean 'births'"):
        vs.simulate(replace(one_town, processes=(lost,)))


@pytest.mark.parametrize(
    "read",
    ["m", lambda process: process.m, lambda process: [1, 2, 3], lambda process: None, lambda process: 1 // process.n],
)
def test_a_column_that_cannot_be_read_is_named(one_town: vs.Scenario, read: Any) -> None:
    """No traceback: the process, the column and the month."""
    blind = derived(Festival, columns=(column("festivals", read=read),))
    with pytest.raises(RunError, match="at the end of 2021-01, Changed: the column 'festivals' cannot be read"):
        vs.simulate(replace(one_town, processes=(blind,)))


UNFIT = {
    "a part": (lambda n: np.full(n, 0.7), r"it gives 0\.7, and whole = True keeps whole numbers below 2\*\*31 only"),
    "no number": (lambda n: np.full(n, np.nan), "it gives nan, and whole = True"),
    "too many": (lambda n: np.full(n, 3_000_000_000), "it gives 3000000000, and whole = True"),
    "text": (lambda n: ["7"] * n, r"it gives values of the type str.*, where real numbers are asked"),
    "complex": (lambda n: np.full(n, 1j), "it gives values of the type complex128, where real numbers are asked"),
    "nothing": (lambda n: [None] * n, "it gives values of the type object, where real numbers are asked"),
    "dates": (
        lambda n: np.full(n, np.datetime64("2021-01-01")),
        "it gives values of the type datetime64.*, where real numbers are asked",
    ),
    "masked": (lambda n: np.ma.masked_array(np.ones(n), True), "it gives a masked array"),
    "one in a list": (lambda n: [3], r"it gives the shape \(1,\), where \(117,\) is asked"),
    "one for all": (lambda n: 3, r"it gives the shape \(\), where \(117,\) is asked"),
}


@pytest.mark.parametrize(("given", "said"), UNFIT.values(), ids=UNFIT)
def test_a_column_of_ones_own_is_not_cast(one_town: vs.Scenario, given: Any, said: str) -> None:
    """A number that is none, or not whole, or one where there are many, is nothing that anybody wrote."""
    read = column("festivals", per="village", whole=True, read=lambda process: given(process.world.n_rows))
    with pytest.raises(RunError, match=f"the column 'festivals' cannot be read: {said}"):
        vs.simulate(replace(one_town, processes=(derived(Festival, columns=(read,)),)))


def test_history_of_ones_own_is_not_cast(one_town: vs.Scenario) -> None:
    """One value may stand for all; a part of one is no whole number."""
    for share in (1.0, 0.5):
        before = column("festivals", read="n", whole=True, before=lambda world, share=share: share)
        scenario = replace(one_town, processes=(derived(Festival, columns=(before,)),))
        if share == 1:
            assert vs.simulate(scenario).record.rolling("festivals")[0] == 12
        else:
            with pytest.raises(RunError, match=r"before the start, .*: it gives 0\.5, and whole = True"):
                vs.simulate(scenario)


class CallBehindAMask(CallForFestivals):
    """Nobody can see what it asks for."""

    kind: ClassVar[str] = "call_behind_a_mask"

    def begin(self, active: ActivePolicy) -> None:
        active.pull("calls", lambda: np.ma.masked_array(np.ones(len(active.rows)), True))


def test_a_masked_contribution_is_refused(one_town: vs.Scenario) -> None:
    """Whatever stands below the mask would be taken."""
    with pytest.raises(PolicyError, match="to the lever 'calls'"):
        vs.simulate(replace(one_town, processes=(Festival,)), [CallBehindAMask(start="2021-03-01")])


def test_all_that_the_library_declares_stands_together() -> None:
    """Every policy too; and every lever is pulled by somebody, so none is there for nothing."""
    assembly = assemble((*PROCESSES, Administration))
    for policy in KINDS.values():
        assembly.check(policy)
    pulled = {name for component in (*PROCESSES, *KINDS.values()) for name in component.pulls}
    assert pulled == set(assembly.levers)
    for declared in (*assembly.all_columns, *assembly.all_levers.values()):
        assert declared.meaning, declared
        assert declared.unit, declared
