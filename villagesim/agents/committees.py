"""Village committees (村两委): one a constituent before the decree, one a village after it."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.parameters import Parameters

INTEGRATIONS = ("leadership", "operation", "deliberation", "economy", "livelihood")
"""The five integrations: 班子建设, 村级运行, 议事决策, 经济管理, 民生保障. Source: S0.five."""
MILESTONES = np.array([2, 2, 2, 1, 1])
"""Milestones of each integration; the first of leadership is passed by the decree itself. Source: assumption."""
LEADERSHIP, OPERATION, DELIBERATION, ECONOMY, LIVELIHOOD = range(5)


@dataclass
class CommitteeColumns:
    """Columns by village, read at the row of its host; shape ``(n_rows,)`` unless stated.

    Attributes
    ----------
    merged : the village has two or more constituents
    passed : (n_rows, 5) milestones passed in fact, by integration
    false_reports : (n_rows, 5) milestones reported that are not real, by integration
    cohesion : how far its parts hold together [index 0 to 1]
    surplus_cadres : paid cadres of a removed committee who are still there, by constituent
    community : it was converted to an urban community (村改社区), by constituent
    """

    merged: Bools
    passed: Ints
    false_reports: Ints
    cohesion: Floats
    surplus_cadres: Ints
    community: Bools

    @classmethod
    def at_start(cls, n: int, p: Parameters) -> "CommitteeColumns":
        """Nobody has merged; every committee holds together as an unmerged one does."""
        return cls(
            merged=np.zeros(n, bool),
            passed=np.zeros((n, len(INTEGRATIONS)), np.int64),
            false_reports=np.zeros((n, len(INTEGRATIONS)), np.int64),
            cohesion=np.full(n, p.cohesion_unmerged),
            surplus_cadres=np.zeros(n, np.int64),
            community=np.zeros(n, bool),
        )
