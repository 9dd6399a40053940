"""Where villages and townships lie, as far as a user tells: for tables and maps alone.

No run looks at it, so it is no part of what tells one scenario from another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.errors import RollError, joined
from villagesim.foreign.cells import check_position, code_in, division_of
from villagesim.foreign.geojson import Feature, read_geojson
from villagesim.foreign.headings import LAT, LON, TOWNSHIP, UNIT
from villagesim.foreign.source import piece
from villagesim.foreign.table import ForeignTable, open_table
from villagesim.frozen import Frozen, Value, read_only
from villagesim.places.divisions import UNHEADED
from villagesim.places.place import Place

FAR, LEAST_FAR = 5.0, 50.0
"""Times the usual distance from the middle, and kilometres at least, from which on a village lies far off. Source: assumption."""
KM_PER_DEGREE = 111.2
Position = tuple[float, float]
Outline = tuple[tuple[Floats, ...], ...]
"""Polygons, each a tuple of rings, ``(n_points, 2)``."""


@dataclass(frozen=True, eq=False)
class Geography(Value):
    """Where the villages of a place lie, and its townships.

    Attributes
    ----------
    lon, lat : (n_rows,)
        Of every constituent [degrees], NaN where it is not told.
    names : dict of str to str
        Names of townships by code, where somebody tells them.
    outlines : dict of str to Outline
        Of townships, by code.
    """

    lon: Floats
    lat: Floats
    names: Mapping[str, str] = field(default_factory=dict)
    outlines: Mapping[str, Outline] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._freeze(names=Frozen(self.names), outlines=Frozen(self.outlines))

    def __repr__(self) -> str:
        return f"<geography: {int(self.known.sum())} villages with coordinates, {len(self.outlines)} townships with outlines>"

    @cached_property
    def known(self) -> Bools:
        """Constituents with coordinates, ``(n_rows,)``."""
        return read_only(np.isfinite(self.lon))

    @property
    def digest(self) -> str:
        """Hash of the coordinates: what is added to rows of villages must be the same in all."""
        return blake2b(np.stack((self.lon, self.lat)).tobytes(), digest_size=12).hexdigest()

    def columns(self, rows: Ints) -> dict[str, Floats]:
        """Columns ``lon`` and ``lat`` of these rows, NaN for -1; none where no village has coordinates."""
        if not self.known.any():
            return {}
        found = {"lon": self.lon, "lat": self.lat}
        return {name: np.where(np.asarray(rows) < 0, np.nan, values[rows]) for name, values in found.items()}


def geography(place: Place, tables: list[Path], outlines: Path | None, notes: list[str]) -> Geography:
    """Read where villages lie from columns ``lon`` and ``lat`` of tables, and townships from a GeoJSON file.

    Parameters
    ----------
    tables : list of Path
        A later one goes before an earlier one.
    notes : list of str
        What must be known is added to it, as areas that are no township here.

    Raises
    ------
    RollError
        Where a position or an outline is none.
    """
    positions: dict[str, Position] = {}
    names: dict[str, str] = {}
    for path in tables:
        positions |= _read(path, place, names)
    lon, lat = np.array([positions.get(code, (np.nan, np.nan)) for code in place.codes]).T
    if far := _far_off(lon, lat):
        told = _some([f"{place.codes[row]} {place.before.names[row]}" for row in far])
        notes.append(f"{told} of the villages lie far off the others: see that lon and lat are right")
    known = zip(place.townships, place.township_names, strict=True)
    names |= {code: name for code, name in known if name != code}
    found = {} if outlines is None else _outlines(outlines, place, names, notes)
    return Geography(lon, lat, names, found)


def _read(path: Path, place: Place, names: dict[str, str]) -> dict[str, Position]:
    """Positions in a table of the villages of the place, where it has them; adds names of townships that it tells."""
    table = open_table(path, (UNIT,), (LON, LAT, TOWNSHIP), unheaded=UNHEADED)
    there = [at is not None for at in table.places[1:]]
    if there[0] != there[1]:
        rule = f"has a column {'lon' if there[0] else 'lat'}, and none of {'lat' if there[0] else 'lon'}."
        raise RollError(rule, fix="Give both, or none.", at=[path.name])
    positions, own = dict[str, Position](), set(place.codes)
    for row, (code, lon, lat, township) in table.rows([]) if any(there) else ():
        if township and code[:9] in place.townships:
            names.setdefault(code[:9], township)
        if code in own and (lon or lat):
            found = _position(table, lon, lat, row, code)
            if positions.setdefault(code, found) != found:
                fix = "A village lies in one place, in all years: keep one of the two."
                raise RollError(
                    f"code = {code} lies elsewhere than in a row above.", fix=fix, at=(path.name, f"row {row}")
                )
    return positions


def _position(table: ForeignTable, lon: str, lat: str, row: int, code: str) -> Position:
    at = (table.name, f"row {row} ({code})")
    if not (lon and lat):
        raise RollError(f"{'lat' if lon else 'lon'} is empty.", fix="Give both, or leave both empty.", at=at)
    found = table.figure(1, lon, row), table.figure(2, lat, row)
    check_position(*found, at, RollError)
    return found


def _far_off(lon: Floats, lat: Floats) -> list[int]:
    """Rows of villages that lie farther from the middle of all than any in a county should."""
    known = np.flatnonzero(np.isfinite(lon))
    if not len(known):
        return []
    middle = np.median(lon[known]), np.median(lat[known])
    east = (lon[known] - middle[0]) * np.cos(np.radians(middle[1]))
    off = KM_PER_DEGREE * np.hypot(east, lat[known] - middle[1])
    far: list[int] = known[off > max(LEAST_FAR, FAR * np.median(off))].tolist()
    return far


def _outlines(path: Path, place: Place, names: Mapping[str, str], notes: list[str]) -> dict[str, Outline]:
    """Outlines of the townships of a place: by a code among the properties of an area, else by a name."""
    features = read_geojson(path, "a GeoJSON file of townships", error=RollError)
    found: dict[str, Outline] = {}
    rest = []
    for feature in features:
        if code := next(filter(place.townships.__contains__, map(_township, feature.properties.values())), ""):
            found[code] = found.get(code, ()) + _outline(feature)
        else:
            rest.append(feature)
    by_name = {name: code for code, name in names.items() if code not in found and [*names.values()].count(name) == 1}
    nothing, of_name = [], dict[str, int]()
    for feature in rest:
        name = next((v for v in feature.properties.values() if isinstance(v, str) and v.strip() in by_name), "").strip()
        if not name:
            nothing.append(feature)
        elif name in of_name:
            rule = f"features {of_name[name]} and {feature.number} are both called {piece(name)!r}."
            raise RollError(rule, fix="Give codes of townships (9 digits) among their properties.", at=[path.name])
        else:
            of_name[name], found[by_name[name]] = feature.number, _outline(feature)
    if not found:
        rule = f"none of its {len(features):,} areas has the code or the name of a township of the place."
        raise RollError(rule, fix="Give a property with codes of 9 digits, as 370114001, or names.", at=[path.name])
    if nothing:
        notes.append(f"{path.name}: {_some([_called(f) for f in nothing])} of its areas match no township here")
    if missing := [names.get(code, code) for code in place.townships if code not in found]:
        notes.append(f"{path.name}: {_some(missing)} of the townships here have no outline")
    return found


def _township(value: Any) -> str:
    """Code of a township that a property may be, of 9 digits or with zeros behind."""
    code = code_in(str(value)) if isinstance(value, str | int) else ""
    found = division_of(code) if code.isdecimal() and len(code) in (9, 12) else ""
    return found if len(found) == 9 else ""


def _outline(feature: Feature) -> Outline:
    return tuple(tuple(rings) for rings in feature.polygons)


def _called(feature: Feature) -> str:
    return next(
        (piece(v, 20) for v in feature.properties.values() if isinstance(v, str) and v), f"feature {feature.number}"
    )


def _some(names: list[str]) -> str:
    return f"{len(names):,} ({joined(names[:3])}{' ...' if len(names) > 3 else ''})"
