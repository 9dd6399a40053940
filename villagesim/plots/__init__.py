"""Figures, a module each: tidy tables and axes in, axes out."""

from villagesim.errors import name_nearest
from villagesim.plots.allocations import draw_allocations
from villagesim.plots.boxes import draw_boxes
from villagesim.plots.captions import title_and_caption
from villagesim.plots.desks import draw_desks
from villagesim.plots.differences import draw_differences
from villagesim.plots.distribution import draw_distribution
from villagesim.plots.fan import draw_fan
from villagesim.plots.floor_and_default import draw_floor_and_default
from villagesim.plots.income_waterfall import draw_income_waterfall
from villagesim.plots.indices import draw_indices
from villagesim.plots.integration_by_dimension import draw_integration_by_dimension
from villagesim.plots.maps import draw_map, draw_maps
from villagesim.plots.money import draw_cost_and_effect, draw_pockets
from villagesim.plots.panels import Panels, draw_panels
from villagesim.plots.parts import draw_parts
from villagesim.plots.posterior import draw_posterior
from villagesim.plots.robustness import draw_robustness
from villagesim.plots.separate_accounts import draw_separate_accounts
from villagesim.plots.style import settings
from villagesim.plots.sweeps import draw_heat_map, draw_points
from villagesim.plots.trajectories import draw_trajectories
from villagesim.plots.uncertainty import draw_uncertainty
from villagesim.plots.villages import draw_villages
from villagesim.plots.whiskers import Series, draw_lines, draw_whiskers

__all__ = [
    "Panels",
    "Series",
    "draw_allocations",
    "draw_boxes",
    "draw_cost_and_effect",
    "draw_desks",
    "draw_differences",
    "draw_distribution",
    "draw_fan",
    "draw_floor_and_default",
    "draw_heat_map",
    "draw_income_waterfall",
    "draw_indices",
    "draw_integration_by_dimension",
    "draw_lines",
    "draw_map",
    "draw_maps",
    "draw_panels",
    "draw_parts",
    "draw_pockets",
    "draw_points",
    "draw_posterior",
    "draw_robustness",
    "draw_separate_accounts",
    "draw_trajectories",
    "draw_uncertainty",
    "draw_villages",
    "draw_whiskers",
    "settings",
    "title_and_caption",
]

name_nearest(__name__)
