"""Which points to run: factors, grids, samples, tables of one's own, and what a factor sets in a scenario."""

from villagesim.design.design import Design
from villagesim.design.drawn import held, uncertain
from villagesim.design.factor import Factor, in_words, unit_of
from villagesim.design.factors import applied
from villagesim.design.samples import grid, latin_hypercube, morris, sobol
from villagesim.design.tables import from_table
from villagesim.errors import name_nearest

__all__ = [
    "Design",
    "Factor",
    "applied",
    "from_table",
    "grid",
    "held",
    "in_words",
    "latin_hypercube",
    "morris",
    "sobol",
    "uncertain",
    "unit_of",
]

name_nearest(__name__)
