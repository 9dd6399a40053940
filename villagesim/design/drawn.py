"""What is drawn where nobody says what: all that is not well known, over its range; and what is held instead.

Drawn are parameters that are assumptions or of confidence B, C or D, settings of policies with a documented range that nobody
has changed from their default, and the date of the decree and the mean income where a scenario names their ends. A draw is one
state of the world: a setting is the same in all policies of its kind. What articles and good studies give (S, A) is held:
none of them states an error. So is what only says how figures spread that the user's own table gives of every village.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from villagesim.checks import names
from villagesim.design.factor import Factor
from villagesim.errors import DesignError
from villagesim.places.endowments import SHARES
from villagesim.policies import Policy
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["held", "uncertain"]

JOINT = "drawn, from the posterior of published numbers"
GIVEN = "given by the own table, village by village"
SPREADS = {
    ("residents",): ("residents_sd",),
    ("members",): ("members_per_resident",),
    ("income",): ("income_sd", "income_township_correlation", "vanished_income_gap", "income_population_elasticity"),
    ("arable",): ("arable_sd",),
    ("debt",): ("debt_mean", "debt_sd", "share_without_debt"),
    SHARES: ("source_concentration", "share_operating", "share_rent", "share_subsidy", "share_other"),
}
"""Columns of a user's table, and the parameters that say nothing where all of them are whole."""


def uncertain(scenario: Scenario, strategies: Collection[str] | None = None) -> list[Factor]:
    """What is not known: parameters and settings over their ranges; decree and mean income between the ends that are named.

    Parameters
    ----------
    strategies : names, optional
        Only settings of policies that one of these holds; those of all strategies by default.

    Raises
    ------
    VillagesimError
        Where a strategy is unknown.
    """
    given = _given(scenario)
    factors = [
        Factor(f"parameters.{p.name}", p.low, p.high)
        for p in scenario.parameters.values()
        if p.low < p.high and not p.is_well_known and p.name not in given
    ]
    factors += [
        Factor(path, *policies[0].ranges[name][:2])
        for path, policies, name in _settings(scenario, strategies)
        if not _decided(policies, name)
    ]
    if scenario.decree_between is not None:
        factors.append(Factor("merger.decree", *scenario.decree_between))
    if scenario.mean_income_between is not None:
        factors.append(Factor("place.mean_income", *scenario.mean_income_between))
    return factors


def held(
    scenario: Scenario,
    factors: Sequence[Factor],
    strategies: Collection[str] | None = None,
    joint: "pd.DataFrame | None" = None,
) -> "pd.DataFrame":
    """What has a range and is not drawn over it, a row each: ``factor, value, low, high, unit, why``.

    Parameters
    ----------
    joint : DataFrame, optional
        Columns of factors that are drawn together, from a posterior; their value is the median.
    """
    import pandas as pd

    drawn, given, rows = {factor.path for factor in factors}, _given(scenario), []
    for p in scenario.parameters.values():
        if p.low < p.high and f"parameters.{p.name}" not in drawn:
            why = f"well known: {p.source}" if p.is_well_known else GIVEN if p.name in given else "left out"
            rows.append((f"parameters.{p.name}", p.value, p.low, p.high, p.unit, why))
    for path, policies, name in _settings(scenario, strategies):
        if not drawn & {path, *(f"policies.{policy.label}.{name}" for policy in policies)}:
            why = "decided: not its default" if _decided(policies, name) else "left out"
            values = sorted({float(getattr(policy, name)) for policy in policies})
            rows += [(path, value, *policies[0].ranges[name], why) for value in values]
    for path, column in () if joint is None else joint.items():
        p = scenario.parameters[str(path).removeprefix("parameters.")]
        rows.append((str(path), float(column.median()), p.low, p.high, p.unit, JOINT))
    return pd.DataFrame(rows, columns=["factor", "value", "low", "high", "unit", "why"])


def _given(scenario: Scenario) -> set[str]:
    """Parameters of endowments that change nothing, as the user's own table gives what they would spread."""
    whole = {name for name, values in scenario.table.items() if np.isfinite(values).all()}
    return {parameter for columns, own in SPREADS.items() if whole >= {*columns} for parameter in own}


def _settings(scenario: Scenario, strategies: Collection[str] | None) -> Iterator[tuple[str, list[Policy], str]]:
    """Settings with a documented range: path, the policies of their kind in all strategies, name."""
    everywhere: dict[str, list[Policy]] = {}
    kinds: dict[str, set[str]] = {}
    for policy in (policy for strategy in scenario.strategies.values() for policy in strategy):
        everywhere.setdefault(policy.kind, []).append(policy)
        kinds.setdefault(policy.label, set()).add(policy.kind)
    wanted = scenario.strategies if strategies is None else strategies
    none = isinstance(wanted, Collection) and not isinstance(wanted, str) and len(wanted) == 0
    chosen = () if none else names(wanted, "strategies", error=DesignError)
    there = {policy.kind for name in chosen for policy in scenario.strategy(name)[1]}
    for kind, policies in everywhere.items():
        if kind in there and all(len(kinds[policy.label]) == 1 for policy in policies):
            for name in policies[0].ranges:
                yield f"kinds.{kind}.{name}", policies, name


def _decided(policies: Sequence[Policy], name: str) -> bool:
    """Whether somebody chose another value than the default: that is a choice to be compared, not something unknown."""
    return any(getattr(policy, name) != type(policy).__dataclass_fields__[name].default for policy in policies)
