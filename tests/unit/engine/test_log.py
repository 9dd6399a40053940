"""Events of a run: what is logged cannot be changed, however deep, and costs nothing until it is looked at."""

import pickle

import numpy as np
import pytest

from villagesim.engine.log import Log
from villagesim.frozen import frozen_inside


def test_what_is_looked_at_cannot_be_changed():
    """Facts are a mapping without setters; arrays and lists are taken as they were on the day."""
    seen, names = np.array([1, 2]), ["a"]
    log = Log([(3.0, "told", -1, frozen_inside({"seen": seen, "names": names}))])
    seen[0], names[0] = 9, "z"
    (event,) = log
    facts = event[3]
    assert facts["seen"].tolist() == [1, 2]
    assert facts["names"] == ("a",)
    with pytest.raises(TypeError):
        facts["seen"] = 1
    with pytest.raises(ValueError, match="read-only"):
        facts["seen"][0] = 1
    with pytest.raises(TypeError):
        log[0] = event


def test_a_log_is_a_sequence_that_travels():
    """Slices, equality and the way to another process."""
    events = [(float(day), "told", day, {"day": day}) for day in range(4)]
    log = Log(events)
    assert log == events
    assert log[1:3] == events[1:3]
    assert log[-1] == events[-1]
    assert pickle.loads(pickle.dumps(log)) == log
    assert log != Log(events[:-1])
    assert repr(log) == "<log: 4 events>"
