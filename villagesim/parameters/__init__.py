"""What we believe, a file a theme: every number of the model with its meaning, unit, range and source."""

from villagesim.parameters import (
    careers,
    contracts,
    disputes,
    endowments,
    fusion,
    land_trust,
    ledger,
    merger,
    projects,
    ratings,
    reports,
    requests,
    transparency,
    trust,
    welfare,
)
from villagesim.parameters.parameter import Parameter, Parameters

THEMES = {
    module.__name__.rpartition(".")[2]: module.PARAMETERS
    for module in (
        endowments,
        merger,
        fusion,
        reports,
        ledger,
        contracts,
        land_trust,
        projects,
        careers,
        trust,
        disputes,
        requests,
        ratings,
        transparency,
        welfare,
    )
}
DEFAULTS = Parameters(p for theme in THEMES.values() for p in theme)

__all__ = ["DEFAULTS", "THEMES", "Parameter", "Parameters"]
