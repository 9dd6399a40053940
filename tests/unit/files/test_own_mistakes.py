"""A mistake in code of a user's own is one message: the class, the day, the line; the original stays chained to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pytest
from simpy import Event

import villagesim as vs
from villagesim.component import Column, Lever
from villagesim.errors import OutcomeError, PolicyError, RunError, ScenarioError, VillagesimError
from villagesim.observer import Observer
from villagesim.outcomes import Outcome
from villagesim.policies import KINDS, Condition
from villagesim.policies.per_village import PerVillage
from villagesim.policies.policy import ActivePolicy
from villagesim.process import Process
from villagesim.timetable import Budget

BROKEN = ""
"""The hook that breaks."""


def hook(name: str) -> float:
    return 1 / 0 if name == BROKEN else 0.0


def broken(record: Any) -> Any:
    """An outcome that nobody can work out."""
    return np.zeros(len(record.labels)) / int(bool(hook("outcome")))


class Fair(Process):
    """Nothing of use."""

    columns = (
        Column(
            name="fair", meaning="", unit="count", per="county", kind="flow", read=lambda self: hook("column"),
            before=lambda world: hook("before"),
        ),
    )  # fmt: skip
    levers = (
        Lever(
            name="fairs", meaning="", unit="share", per="constituent", rule="level", base=lambda world: hook("base"),
        ),
    )  # fmt: skip

    def start(self) -> None:
        hook("start")
        self.world.calendar.declare("births", "fair", self.hold)
        self.world.process(self.story())

    def hold(self, month: Any) -> None:
        hook("hold")
        assert self.world.levers.fairs.now is not None

    def story(self) -> Iterator[Event]:
        yield self.world.env.timeout(40)
        hook("story")


@dataclass(frozen=True, kw_only=True)
class Pay(PerVillage):
    """Pays for nothing."""

    kind: ClassVar[str] = "pay"
    pulls = ("fairs",)
    cost_per_village: float = 10.0

    def begin(self, active: ActivePolicy) -> None:
        hook("begin")

    def claim(self, active: ActivePolicy, month: Any) -> float:
        hook("claim")
        return super().claim(active, month)

    def does(self, active: ActivePolicy, month: Any, paid_share: float) -> bool:
        hook("does")
        return True

    def serve(self, active: ActivePolicy, served: Any, month: Any) -> None:
        hook("serve")
        active.pull("fairs", lambda: hook("contribution") * served)

    def finish(self, active: ActivePolicy) -> None:
        if active.months == 3:
            hook("finish")
        super().finish(active)


class Watch(Observer):
    """Looks on."""

    def month_closed(self, *what: Any) -> None:
        hook("month_closed")

    def happened(self, *what: Any) -> None:
        hook("happened")

    def case_ended(self, *what: Any) -> None:
        hook("case_ended")


@pytest.fixture(scope="module")
def fair(one_town: vs.Scenario) -> vs.Scenario:
    """A year with a fair."""
    timetable = replace(one_town.timetable, stop=date(2022, 1, 1))
    return replace(one_town, timetable=timetable, budget=Budget(1e7, 2021), processes=[Fair])


def ask(fair: vs.Scenario, what: str, monkeypatch: pytest.MonkeyPatch) -> VillagesimError:
    """What is said when this hook breaks."""
    monkeypatch.setattr(f"{__name__}.BROKEN", what)
    with pytest.raises(VillagesimError) as caught:
        vs.simulate(fair, [Pay(start="2021-05-01", end="2021-09-01")], observers=[Watch()])
    return caught.value


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("start", "on 2021-01-01, Fair.start"), ("base", "on 2021-01-01, Fair.<lambda>"),
        ("hold", "on 2021-01-01, Fair.hold"), ("story", "on 2021-02-10, Fair.story"),
        ("begin", "on 2021-05-01, Pay.begin"), ("claim", "on 2021-05-01, Pay.claim"), ("does", "on 2021-05-01, Pay.does"),
        ("serve", "on 2021-05-01, Pay.serve"), ("contribution", "on 2021-05-01, Pay.serve.<locals>.<lambda>"),
        ("finish", "on 2021-07-01, Pay.finish"), ("month_closed", "on 2021-02-01, Watch.month_closed"),
        ("happened", "on 2021-03-26, Watch.happened"), ("case_ended", "on 2021-02-01, Watch.case_ended"),
    ],
)  # fmt: skip
def test_whatever_breaks_is_named(fair: vs.Scenario, monkeypatch: pytest.MonkeyPatch, what: str, where: str) -> None:
    problem = ask(fair, what, monkeypatch)
    assert where in str(problem)
    assert f"{__file__}, line " in str(problem)
    assert problem.fix == "The line is: return 1 / 0 if name == BROKEN else 0.0"
    assert problem.rule == "ZeroDivisionError: division by zero."
    assert isinstance(problem.__cause__, ZeroDivisionError)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("column", "at the end of 2021-01, Fair: the column 'fair' cannot be read: division by zero"),
        ("before", "before the start, Fair: the column 'fair' cannot be read: division by zero"),
    ],
)
def test_a_column_that_breaks_is_named(
    fair: vs.Scenario, monkeypatch: pytest.MonkeyPatch, what: str, said: str
) -> None:
    problem = ask(fair, what, monkeypatch)
    assert said in str(problem)
    assert isinstance(problem.__cause__, ZeroDivisionError)


def test_an_outcome_that_breaks_is_named(fair: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is asked for, and in a run whose policy waits for it."""
    monkeypatch.setattr(f"{__name__}.BROKEN", "outcome")
    own = replace(fair, outcomes=[Outcome("luck", "Luck", "share", "made up", +1, broken)])
    with pytest.raises(OutcomeError, match=rf"outcome luck, {__file__}, line \d+: ZeroDivisionError") as caught:
        vs.simulate(own).values("luck")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    waiting = Pay(start="2021-05-01", when=Condition(outcome="luck", at_least=0.5))
    with pytest.raises(RunError, match=r"on 2021-05-01, broken, .*: ZeroDivisionError") as found:
        vs.simulate(own, [waiting])
    assert isinstance(found.value.__cause__, ZeroDivisionError)


def test_code_that_ends_the_program_is_a_failed_run(fair: vs.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(self: Fair, month: Any) -> None:
        raise SystemExit(3)

    monkeypatch.setattr(Fair, "hold", leave)
    with pytest.raises(RunError, match=r"on 2021-01-01, .*leave, .*: it ends the program"):
        vs.simulate(fair)


@dataclass(frozen=True, kw_only=True)
class Give(vs.Policy):
    """Contributes what the test says."""

    kind: ClassVar[str] = "give"
    pulls = ("fairs", "attempt_rate", "mediators")
    of: str = "fairs"
    gives: ClassVar[Any]

    def begin(self, active: ActivePolicy) -> None:
        active.pull(self.of, lambda: self.gives)


def spoilt(value: float) -> Any:
    found = np.zeros(117)
    found[2] = value
    return found


@pytest.mark.parametrize(
    ("lever", "gives", "said"),
    [
        ("fairs", spoilt(np.nan), r"give contributes nan in VILLAGE to the lever 'fairs'"),
        ("attempt_rate", spoilt(-np.inf), r"contributes -inf in VILLAGE to the lever 'attempt_rate'"),
        ("fairs", np.nan, "contributes nan to the lever 'fairs'"),
        ("fairs", "much", r"contributes 'much' to the lever 'fairs'\.\s+Contribute a finite number, or 117 of them"),
        ("fairs", None, "contributes None to the lever 'fairs'"),
        ("fairs", np.zeros(3), r"contributes array\(\[0., 0., 0.\]\) to the lever 'fairs'"),
    ],
)
def test_what_is_no_contribution_is_refused_where_it_is_made(
    fair: vs.Scenario, monkeypatch: pytest.MonkeyPatch, lever: str, gives: Any, said: str
) -> None:
    """With the day, the policy, the lever, and the village."""
    monkeypatch.setattr(Give, "gives", gives, raising=False)
    before = fair.place.before
    said = said.replace("VILLAGE", rf"{before.names[2]} \({before.codes[2]}\)")
    with pytest.raises(PolicyError, match=rf"on 2021-05-01, Give, .*, line \d+: .*{said}"):
        vs.simulate(fair, [Give(start="2021-05-01", of=lever)])


def test_a_contribution_of_a_process_is_looked_at_too(fair: vs.Scenario) -> None:
    class Pusher(Process):
        """Pushes too hard."""

        pulls = ("pressure",)

        def start(self) -> None:
            self.pull("pressure", "pusher", lambda: np.inf)

    with pytest.raises(PolicyError, match=r"on 2021-01-01, Pusher, .*: pusher contributes inf to the lever 'pressure'"):
        vs.simulate(replace(fair, processes=[Fair, Pusher]))


def test_names_of_the_library_are_taken(fair: vs.Scenario) -> None:
    """A kind of policy, a process, an outcome, a column: each refused with its name."""
    with pytest.raises(PolicyError, match=r"Mine: kind = 'land_trust' is a policy of the library. Give it a name"):
        type("Mine", (vs.Policy,), {"kind": "land_trust"})
    with pytest.raises(ScenarioError, match=r"Trust is the name of a process of the library. Give yours another name"):
        replace(fair, processes=[type("Trust", (Process,), {})])
    with pytest.raises(OutcomeError, match="there is an outcome trust already"):
        replace(fair, outcomes=[Outcome("trust", "Luck", "share", "made up", +1, broken)])
    with pytest.raises(ScenarioError, match="columns: 'trust' is declared twice, by Trust and Mine"):
        replace(fair, processes=[type("Mine", (Process,), {"columns": (replace(Fair.columns[0], name="trust"),)})])
    derived = type("Mine", (KINDS["land_trust"],), {})
    assert derived.kind == "Mine"  # type: ignore[attr-defined]


def test_what_a_policy_expects_is_an_outcome(fair: vs.Scenario) -> None:
    """And a direction."""
    for wrong in ("trust", ("trust", 2), ("trust",), (1, 1)):
        with pytest.raises(PolicyError, match=r"Mine: expects = .* is not an outcome and a direction"):
            type("Mine", (vs.Policy,), {"expects": wrong})
    hopeful = type("Mine", (Pay,), {"expects": ("trst", 1)})(start="2021-05-01")
    said = r"Mine expects to move 'trst', which is not an outcome\. Did you mean 'trust'"
    for strategy, scenario in (([hopeful], fair), ("own", replace(fair, strategies={"own": [hopeful]}))):
        with pytest.raises(PolicyError, match=said):
            vs.simulate(scenario, strategy)
