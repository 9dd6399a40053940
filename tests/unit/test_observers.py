"""Observers see months, events and cases, and change nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import villagesim as vs
from villagesim.dates import Month
from villagesim.errors import RunError
from villagesim.observer import EndedCase, Observer
from villagesim.outcomes import Record


class Watch(Observer):
    """Keeps all that it is shown."""

    def __init__(self) -> None:
        self.trust: list[float] = []
        self.events: list[tuple[float, str, int, dict[str, Any]]] = []
        self.cases: list[EndedCase] = []

    def month_closed(self, month: Month, record: Record) -> None:
        assert record.labels[-1] == month.label
        self.trust.append(float(record.column("trust")[-1].mean()))

    def happened(self, day: float, kind: str, village: int, facts: Mapping[str, Any]) -> None:
        self.events.append((day, kind, village, dict(facts)))

    def case_ended(self, case: EndedCase) -> None:
        self.cases.append(case)


def test_an_observer_sees_what_the_run_tells_and_changes_no_bit(one_town: vs.Scenario) -> None:
    """Months as in the record, events as in the history, and each case that the columns count."""
    watch = Watch()
    policies = one_town.strategies["both"]
    run = vs.simulate(one_town, policies, observers=[watch])
    assert run == vs.simulate(one_town, policies)
    assert watch.trust == run.record.column("trust")[1:].mean(axis=1).tolist()
    assert watch.events == list(run.history.events)
    assert {case.desk for case in watch.cases} == {"facilitators", "mediators"}
    heard = [case for case in watch.cases if case.desk == "mediators" and case.heard]
    assert len(heard) == run.record.column("heard").sum() > 100
    assert sum(case.waited for case in heard) == pytest.approx(run.record.column("waited").sum())
    townships = np.unique(run.history.place.township[run.record.column("heard").sum(axis=0) > 0])
    assert {case.township for case in heard} == set(townships)


class Meddler(Observer):
    """Tries to change what it is shown."""

    def month_closed(self, month: Month, record: Record) -> None:
        record.column("trust")[:] = 0.0


class OtherMeddler(Observer):
    """Tries to change the facts of an event."""

    def happened(self, day: float, kind: str, village: int, facts: Mapping[str, Any]) -> None:
        facts["changed"] = True  # type: ignore[index]


@pytest.mark.parametrize("meddler", [Meddler(), OtherMeddler()])
def test_an_observer_that_meddles_is_stopped(one_town: vs.Scenario, meddler: Observer) -> None:
    with pytest.raises((ValueError, TypeError), match=r"read-only|does not support item assignment"):
        vs.simulate(one_town, observers=[meddler])


def test_only_observers_observe(one_town: vs.Scenario) -> None:
    with pytest.raises(RunError, match=r"is not an observer\.\s+Give a list of those whose class"):
        vs.simulate(one_town, observers=[print])
