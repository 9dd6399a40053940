"""What the totals say: how many vanished units a new unit took in, by what it is.

A county's numbers of vanished and new units by group of townships are regressed on each other, with a pull to what
301 counties had. What kept villages took in is what their group has left over.
"""

import numpy as np

from villagesim.arrays import Floats, Ints

FRESH, RENAMED, KEPT, NEW_COMMUNITY, MOVED, OLD_COMMUNITY = range(6)
"""What a new unit is: name and code are new; name or code lives on; a community that is new; a unit that came from
elsewhere or became a community; a community that stood before."""
USUAL = np.array([2.1, 0.85, 0.35, 0.5, 0.6, 0.1])
"""Vanished units that one of each took in [units]. Source: least squares over the joined groups of townships of 301
counties, 2019 to 2020."""
PULL = np.array([1.5, 1.5, 5.0, 1.5, 1.5, 5.0])
"""Weight of the usual numbers in the regression of a county [units squared]. Source: tried on the same counties."""
SHRUNK = 5.0
"""Kept villages by which the remainder of a group is drawn to the county's figure [villages]. Source: as before."""
LEAST = 0.02
"""Units that any unit takes in at least, so that nothing is impossible [units]. Source: assumption."""


def expected(kind: Ints, group: Ints, n_vanished: Floats) -> Floats:
    """Vanished units that each new unit took in, as the totals have it.

    Parameters
    ----------
    kind : int64 array of shape (n_new,)
        :data:`FRESH` to :data:`OLD_COMMUNITY`.
    group : int64 array of shape (n_new,)
    n_vanished : float array of shape (n_groups,)
        Vanished units of each group.

    Returns
    -------
    float array of shape (n_new,)
    """
    n_groups, n_kinds = len(n_vanished), len(USUAL)
    n = np.bincount(group * n_kinds + kind, minlength=n_groups * n_kinds).reshape(n_groups, n_kinds).astype(float)
    county = np.linalg.solve(n.T @ n + np.diag(PULL), n.T @ n_vanished + PULL * USUAL)
    county = np.maximum(county, LEAST)
    others = n @ county - n[:, KEPT] * county[KEPT]
    left_over = np.maximum(n_vanished - others, 0)
    kept = (left_over + SHRUNK * county[KEPT]) / (n[:, KEPT] + SHRUNK)
    return np.where(kind == KEPT, np.maximum(kept, LEAST)[group], county[kind])
