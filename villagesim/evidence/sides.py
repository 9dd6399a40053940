"""Which numbers may set values and which may only judge: a rule that looks at no result, so that nobody can choose.

1. Context: what sets up its place, follows from others, is a plan or a promise, or counts another thing (``aside``).
2. A place lies wholly on one side, with all that lies in it (``of``).
3. A place validates where none of its numbers, context or not, set a value or a range (``sets``); it is no country and no sample
   over several (``wide``); its figures rest on at least :data:`LEAST` villages; and an outcome was published of it in
   :data:`SINCE` or later. All other places calibrate.
4. A number that speaks to a parameter calibrates, or is context in a place that validates: a range judges nothing.
"""

from collections import defaultdict
from collections.abc import Mapping

from villagesim.evidence.places import PublishedPlace
from villagesim.evidence.targets import PublishedTarget

LEAST, SINCE = 20, 2020
"""Villages that a figure must rest on to judge, and the year from which it is late."""


def sides(targets: Mapping[str, PublishedTarget], places: Mapping[str, PublishedPlace]) -> dict[str, str]:
    """Use of every target by the rule, by its id: ``calibrate``, ``validate`` or ``context``.

    The columns ``use`` of the targets are not looked at.
    """
    groups: dict[str, list[PublishedTarget]] = defaultdict(list)
    for target in targets.values():
        groups[places[target.place].of or target.place].append(target)
    judges = {key for key, group in groups.items() if _judges(group, places)}
    uses = {}
    for key, group in groups.items():
        for target in group:
            open_to = "validate" if key in judges else "calibrate"
            if target.aside or (key in judges and not target.is_outcome):
                open_to = "context"
            uses[target.id] = open_to
    return uses


def _judges(group: list[PublishedTarget], places: Mapping[str, PublishedPlace]) -> bool:
    """Whether the place of these validates."""
    usable = [target for target in group if target.is_outcome and not target.aside]
    own = [places[target.place] for target in group]
    return (
        any(target.year >= SINCE for target in usable)
        and not any(target.sets for target in group)
        and not any(place.wide for place in own)
        and all(place.villages >= LEAST for place in own)
    )
