"""Decrees of a scenario file: one ``[merger]``, or several ``[[merger]]`` in the order of their dates."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from villagesim.dates import first_of_month
from villagesim.errors import ScenarioError, placed
from villagesim.files.shape import MergerTable, PlaceTable
from villagesim.files.tables import checked
from villagesim.places.map_of_history import MapOfHistory, Maps
from villagesim.places.rolls import PACKAGED
from villagesim.places.units.history import history
from villagesim.places.units.reading import Source, read_editions
from villagesim.places.units.said import read_said
from villagesim.places.waves import MapsInWaves, Scope
from villagesim.scenario import LIKELIEST
from villagesim.timetable import Decree


class Mergers:
    """All mergers of a file; what is decreed on one day is one decree.

    Attributes
    ----------
    tables : list of (where, MergerTable)
        In the order of the file.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        found = content.get("merger", [])
        several = isinstance(found, list)
        self.tables: list[tuple[str, MergerTable]] = []
        for number, table in enumerate(found if several else [], start=1):
            with placed(where := f"[[merger]] {number}"):
                if not isinstance(table, dict):
                    raise ScenarioError("it is not a table.", fix="Write it as a [[merger]] block.")
                self.tables.append((where, checked(MergerTable, table)))

    def add(self, table: MergerTable | None) -> None:
        """Take the one ``[merger]`` of a file in."""
        if table is not None and not self.tables:
            self.tables.append(("[merger]", table))

    def with_one(self, content: dict[str, Any]) -> dict[str, Any]:
        """The file with the first of several mergers as its only one."""
        return content | {"merger": content["merger"][0]} if self.tables else content

    def __bool__(self) -> bool:
        return bool(self.tables)

    @property
    def one_by_one(self) -> bool:
        """Whether each has an edition of its own."""
        return any(table.after for _, table in self.tables)

    @property
    def days(self) -> list[list[tuple[str, MergerTable]]]:
        """Tables by the day of their decree."""
        return [list(group) for _, group in groupby(self.tables, key=lambda each: each[1].decree)]

    @property
    def last_of_day(self) -> list[bool]:
        """Of each table, whether the next one is of a later day."""
        return [k == len(group) for group in self.days for k in range(1, len(group) + 1)]

    @property
    def in_waves(self) -> bool:
        """Whether there are several, or one with an edition or villages of its own."""
        return len(self.tables) > 1 or self.one_by_one or any(t.townships or t.villages for _, t in self.tables)

    def decrees(self, start: date, end: date) -> tuple[Decree, ...]:
        """Dates of all decrees, checked against those of the run.

        Raises
        ------
        ScenarioError
        """
        found = []
        for where, table in self.tables:
            with placed(where):
                announcement = first_of_month(table.announcement, "announcement")
                decree = first_of_month(table.decree, "decree")
                if not start <= announcement <= decree <= end:
                    raise ScenarioError(
                        f"announcement = {announcement} and decree = {decree} are not in order within {start} to {end}.",
                        fix="The announcement comes first, and both lie within the run.",
                    )
            found.append(Decree(announcement, decree))
        for (one, other), (where, _) in zip(pairwise(found), self.tables[1:], strict=True):
            if other.day < one.day:
                raise ScenarioError(
                    f"the decree of {other.day} stands after that of {one.day}.",
                    fix="Write them in the order of their dates.",
                    at=[where],
                )
            if other.day == one.day and other != one:
                raise ScenarioError(
                    f"announcement = {other.announcement}, and the other decree of {one.day} is announced on"
                    f" {one.announcement}.",
                    fix="What is decreed on one day is one decree: give both the same announcement.",
                    at=[where],
                )
        return tuple(dict.fromkeys(found))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Whom each decree is for."""
        found = []
        for group in self.days:
            tables = [table for _, table in group]
            named = all(table.townships or table.villages for table in tables)
            names = ([name for table in tables for name in getattr(table, key)] for key in ("townships", "villages"))
            found.append(Scope(*map(tuple, names)) if named else Scope())
        return tuple(found)

    def maps(self, place: PlaceTable, folder: Path, notes: list[str]) -> dict[str, Maps]:
        """Maps of the merger over all decrees, the scenario's own first, and others that it names.

        Raises
        ------
        VillagesimError
            Where keys contradict each other, or a file cannot be taken.
        """
        self._check(place)
        afters = (
            [table.after or place.after or "" for _, table in self.tables] if self.one_by_one else [place.after or ""]
        )
        rolls = [roll if roll.startswith(PACKAGED) else folder / roll for roll in (place.before, *afters)]
        counties = [place.county, *[place.county_after or place.county] * len(afters)]
        another = 'Say it in [place]: county = "{}" and county_after = "{}".'
        editions = read_editions(list(map(Source, rolls, counties)), notes, another)

        def step(number: int, file: str | None) -> MapOfHistory:
            before, after = editions[number : number + 2]
            with placed(self.tables[number][0] if self.one_by_one else "[place]"):
                said = read_said(folder / file, before, after, notes) if file else None
                kinds = tuple(dict.fromkeys((*place.kinds, *(["community"] if number else []))))
                found = history(before, after, said=said, place_all=place.unknown == LIKELIEST)
                return MapOfHistory(found, kinds, () if number else place.townships)

        if self.one_by_one:
            steps = tuple(step(number, table.map) for number, (_, table) in enumerate(self.tables))
            return {LIKELIEST: MapsInWaves(steps, tuple(self.last_of_day))}
        if self.in_waves:
            return {place.map or LIKELIEST: MapsInWaves((step(0, place.map),), scopes=self.scopes)}
        return {name or LIKELIEST: step(0, name) for name in (place.map, *place.maps)}

    def _check(self, place: PlaceTable) -> None:
        """Refuse keys that contradict each other, in ``[place]`` and here."""
        for where, table in self.tables[1:]:
            if table.decree_between:
                raise ScenarioError("decree_between is for the first decree alone.", fix="Leave it out.", at=[where])
        if not self.one_by_one:
            self._check_one_pair(place)
            return
        for where, table in self.tables:
            if not table.after:
                fix = "Give each [[merger]] its own, or all of them one in [place]."
                raise ScenarioError("after is missing, which other mergers have.", fix=fix, at=[where])
            if table.townships or table.villages:
                fix = "Leave them out: what merges is what differs between the editions."
                raise ScenarioError("townships and villages do not go with after.", fix=fix, at=[where])
        for key in ("after", "map", "maps"):
            if getattr(place, key):
                rule = f"{key} stands here, and the mergers have rolls of their own."
                raise ScenarioError(
                    rule, fix="Leave it out here; each merger has its own after and map.", at=["[place]"]
                )

    def _check_one_pair(self, place: PlaceTable) -> None:
        """Refuse what does not go with one pair of rolls for all decrees."""
        if not place.after:
            fix = 'Add after = "...", here or in each [[merger]].'
            raise ScenarioError("after is missing: a [merger] needs the roll after it.", fix=fix, at=["[place]"])
        if place.maps and self.in_waves:
            raise ScenarioError("maps need one decree for all.", fix="Leave them out.", at=["[place]"])
        for where, table in self.tables:
            if table.map:
                fix = 'Give the roll after it, too: after = "..."; or one map for all in [place].'
                raise ScenarioError("map needs the roll that it leads to.", fix=fix, at=[where])
        if sum(not (scope.townships or scope.villages) for scope in self.scopes) > 1:
            fix = "Name townships or villages in all of them but one, which is for all who are left."
            raise ScenarioError("several decrees name nobody.", fix=fix, at=["[[merger]]"])
