"""What we believe, a file a theme: every number of the model with its meaning, unit, range and source.

Every module of this package that has ``PARAMETERS`` is a theme; no list names them.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from villagesim.errors import name_nearest
from villagesim.parameters.parameter import Parameter, Parameters

THEMES = MappingProxyType(
    {
        name: import_module(f"{__name__}.{name}").PARAMETERS
        for name in sorted(module.name for module in iter_modules(__path__))
        if name != "parameter"
    }
)
"""Parameters of each theme, by the name of its module."""
DEFAULTS = Parameters(p for theme in THEMES.values() for p in theme)

__all__ = ["DEFAULTS", "THEMES", "Parameter", "Parameters"]

name_nearest(__name__)
