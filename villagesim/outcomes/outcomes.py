"""Outcomes by name: the library's own, and those that a user brings along."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from villagesim.errors import OutcomeError, nearest
from villagesim.outcomes.definitions import SHIPPED
from villagesim.outcomes.of_levels import named, of_levels
from villagesim.outcomes.outcome import Outcome

KEYS = ("place", "point", "draw", "strategy", "replication", "month", "village")
"""Columns that tables of results have beside their outcomes: no outcome may be called so."""
LEVELS = "A level of income gets its outcomes by [place] thresholds = [250_000]."
OTHER_NAME = "Choose another name."


class Outcomes(Mapping[str, Outcome]):
    """All outcomes of a scenario by name, in the order in which tables show them; cannot be changed.

    Attributes
    ----------
    own : tuple of Outcome
        Those of the user's own; they come after those of the library.
    levels : tuple of float
        Incomes of the place that villages are counted at [yuan per year]: each has a share, a mechanical one, and who is near.
    """

    own: tuple[Outcome, ...]
    levels: tuple[float, ...]
    _by_name: dict[str, Outcome]

    def __init__(self, own: Iterable[Outcome] = (), levels: Iterable[float] = ()) -> None:
        own, levels = tuple(own), tuple(map(float, levels))
        by_name = {outcome.name: outcome for outcome in of_levels(levels)}
        by_name = {shipped.name: shipped for shipped in SHIPPED} | by_name
        titles = {shipped.title: shipped.name for shipped in by_name.values()}
        for outcome in own:
            if not isinstance(outcome, Outcome):
                fix = "Make it with villagesim.Outcome(name, title, unit, ...)."
                raise OutcomeError(f"outcomes: {outcome!r} is not an outcome.", fix=fix)
            if outcome.name in KEYS:
                raise OutcomeError(f"outcomes: {outcome.name} is the name of a key of all tables. Choose another name.")
            if outcome.name in by_name:
                raise OutcomeError(f"outcomes: there is an outcome {outcome.name} already.", fix=OTHER_NAME)
            if outcome.title in titles:
                raise OutcomeError(
                    f"outcomes: {outcome.name} has the title of {titles[outcome.title]}, {outcome.title!r}.",
                    fix="Give it another title, by which it can be told apart.",
                )
            by_name[outcome.name] = outcome
        object.__setattr__(self, "own", own)
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "_by_name", by_name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(
            "outcomes cannot be changed. Give your own with the scenario, as Scenario(..., outcomes=[...])."
        )

    def __getitem__(self, name: str) -> Outcome:
        if name not in self._by_name:
            level = f" {LEVELS}" if named(str(name)) else ""
            raise OutcomeError(f"{name} is not an outcome.", fix=nearest(str(name), self._by_name) + level)
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcomes) and (self.own, self.levels) == (other.own, other.levels)

    def __hash__(self) -> int:
        return hash((self.own, self.levels))

    def __reduce__(self) -> Any:
        return Outcomes, (self.own, self.levels)

    def __repr__(self) -> str:
        own = f", own: {', '.join(outcome.name for outcome in self.own)}" if self.own else ""
        return f"<{len(self)} outcomes{own}>"

    def by_village(self) -> list[str]:
        """Names of the outcomes that are observed by village."""
        return [name for name, outcome in self.items() if outcome.village is not None]


OUTCOMES = Outcomes()
"""The library's outcomes; those of a scenario are ``scenario.outcomes``."""
