"""Ranges of settings as data say what the page of the policy says."""

import re
from inspect import cleandoc

from villagesim.policies import KINDS


def documented(kind):
    """Settings whose line in the docstring reads: Assumption, a to b [unit]."""
    pattern = r"^(\w+) : .*\n    .*?Assumption, ([\d.,]+) to ([\d.,]+) \[(.*)\]"
    found = re.findall(pattern, cleandoc(kind.__doc__), re.MULTILINE)
    return {name: (*(float(end.replace(",", "")) for end in ends), unit) for name, *ends, unit in found}


def test_ranges_are_those_of_the_docstrings():
    """Both ways, and each holds the default; four settings have one."""
    ranges = {kind: dict(policy.ranges) for kind, policy in KINDS.items()}
    assert ranges == {kind: documented(policy) for kind, policy in KINDS.items()}
    assert sum(map(len, ranges.values())) == 4
    for policy in KINDS.values():
        for name, (low, high, _) in policy.ranges.items():
            assert low <= policy.__dataclass_fields__[name].default <= high
