"""All that has a name, in the library or in a scenario with what it brings along."""

from collections.abc import Mapping

from villagesim.assembly import Assembly, assemble
from villagesim.component import Column, Component
from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.parameters import DEFAULTS, THEMES, Parameter, Parameters
from villagesim.policies import KINDS, Policy
from villagesim.policies.administration import Administration
from villagesim.processes import PROCESSES
from villagesim.scenario import Scenario


class Known:
    """Parameters, outcomes, columns, levers, processes and policies by name: the library's, and a scenario's own.

    Attributes
    ----------
    parameters : Parameters
    outcomes : Outcomes
    assembly : Assembly
    columns : dict of str to Column
    processes : dict of str to class
    policies : dict of str to class
        By their kinds; own ones where a strategy of the scenario holds them.
    """

    def __init__(self, scenario: Scenario | None = None) -> None:
        self.parameters: Parameters = scenario.parameters if scenario else DEFAULTS
        self.outcomes: Outcomes = scenario.outcomes if scenario else OUTCOMES
        self.assembly: Assembly = scenario.assembly if scenario else assemble((*PROCESSES, Administration))
        self.columns: Mapping[str, Column] = {column.name: column for column in self.assembly.all_columns}
        self.processes: Mapping[str, type[Component]] = {p.__name__: p for p in self.assembly.processes}
        strategies = scenario.strategies.values() if scenario else ()
        used = {type(policy) for policies in strategies for policy in policies if isinstance(policy, Policy)}
        own = sorted(used - {*KINDS.values()}, key=lambda policy: policy.kind)
        self.policies: Mapping[str, type[Policy]] = {**KINDS, **{policy.kind: policy for policy in own}}

    def names(self) -> list[str]:
        """All of them, but for settings of policies."""
        levers = self.assembly.levers
        return list({**self.parameters, **self.outcomes, **self.columns, **levers, **self.processes, **self.policies})

    def pullers(self, lever: str) -> list[str]:
        """Kinds of policies, then processes, that pull a lever."""
        pulled = [kind for kind, policy in self.policies.items() if lever in policy.pulls]
        return pulled + [name for name, process in self.processes.items() if lever in process.pulls]

    def themes(self) -> Mapping[str, list[Parameter]]:
        """Parameters by the theme of the library that they belong to; what a scenario brings along is ``own``."""
        found = {theme: [self.parameters[p.name] for p in group] for theme, group in THEMES.items()}
        own = [p for name, p in self.parameters.items() if name not in DEFAULTS]
        return found | ({"own": own} if own else {})
