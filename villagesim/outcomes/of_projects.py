"""Outcomes of projects, of seed money and of own investment: how many live, what they bring, what is lost, who has them."""

import numpy as np

from villagesim.arrays import Floats
from villagesim.outcomes import formulas
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record

RETURNS = tuple(f"{kind}_return" for kind in ("bought", "built", "lent", "joint", "own"))
"""Parameters that say what projects of each kind bring."""
KINDS = tuple(
    f"{policy}.{kind}" for policy in ("seed_money", "stakes") for kind in ("bought", "built", "lent", "joint", "own")
)
"""Settings of policies that say how often money goes into each."""


def share_lost(record: Record) -> Floats:
    """Seed money lost with projects that ended, of all there has been; NaN before the first."""
    founded, lost = (record.column(f"project_capital_{what}") for what in ("founded", "lost"))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(founded > 0, lost / founded, np.nan)


def share_richer_half(record: Record) -> Floats:
    """Part of the seed money in living projects that lies in the richer half of villages; NaN where there is none.

    Richer: above the median of recurrent collective income without projects, of the last twelve months.
    """
    sources = [name for name in formulas.RECURRENT_INCOME if name != "income_project"]
    income = record.by_village(record.rolling(*sources))
    capital = record.by_village(record.column("project_capital"))
    shares = np.full(len(income), np.nan)
    for month in np.flatnonzero(capital.any(axis=1)).tolist():
        median = np.median(income[month][record.is_village[month]])
        shares[month] = capital[month][income[month] > median].sum() / capital[month].sum()
    return np.minimum(shares, 1.0)  # sums of the same numbers in another order may differ in the last bit


OF_PROJECTS = (
    Outcome(
        "projects_alive", "Projects", "projects", "of seed money and of own investment since the start, not ended", 0,
        lambda record: record.column("projects_alive"), margin=1.0, relative=False, history=False,
    ),
    Outcome(
        "project_income", "Collective income from projects", "yuan a year, all villages",
        "of seed money and of own investment, net of losses, last twelve months", +1, formulas.total("income_project"),
        formulas.village_sum("income_project"), history=False, moved_by=(*RETURNS, *KINDS, "stakes.promised"),
    ),
    Outcome(
        "project_losses", "Losses of projects", "yuan a year, all villages",
        "of single projects, borne by collectives, last twelve months", -1, formulas.total("project_loss"),
        formulas.village_sum("project_loss"),
    ),
    Outcome(
        "project_deaths", "Projects that ended", "projects a year", "dead, with their firm or their term, last twelve months", -1,
        lambda record: record.rolling("projects_ended"), margin=1.0, relative=False,
    ),
    Outcome(
        "outside_money", "Money from outside", "yuan a year, all villages",
        "brought by first secretaries, into projects and as income, last twelve months", 0,
        formulas.total("outside_capital", "income_outside"), formulas.village_sum("outside_capital", "income_outside"),
    ),
    Outcome(
        "share_project_capital_lost", "Seed money lost", "share of seed money",
        "with projects that ended, since the start", -1, share_lost, margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "share_project_capital_richer_half", "Projects in the richer half", "share of seed money in living projects",
        "in villages above the median of recurrent income without projects", 0, share_richer_half,
        lambda record: record.by_village(record.column("project_capital")),
        margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
)  # fmt: skip
