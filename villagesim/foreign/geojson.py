"""Polygons of a GeoJSON file, with what it says of them (RFC 7946): longitude and latitude in degrees."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import VillagesimError
from villagesim.foreign.cells import check_position
from villagesim.foreign.source import encoding_of, piece, read_bytes, unzipped

MOST_FEATURES, MOST_POINTS = 50_000, 500_000
"""Of a file: all townships of the country are some 40,000."""
KINDS = ("Polygon", "MultiPolygon")


class Feature(NamedTuple):
    """An area of a file.

    Attributes
    ----------
    number : int
        Its place in the file, from 1.
    properties : dict
    polygons : list of list of (n_points, 2) arrays
        Rings of each, the outer one first; longitude and latitude [degrees].
    """

    number: int
    properties: Mapping[str, Any]
    polygons: list[list[Floats]]


def read_geojson(path: Path, what: str, *, error: type[VillagesimError]) -> list[Feature]:
    """Read a FeatureCollection of polygons.

    Raises
    ------
    VillagesimError
        Of the type ``error``, where it is none, or larger than a map of a province can be; ``what`` says which file it
        should be.
    """
    raw = unzipped(read_bytes(path, what, error=error), path.name, error=error)
    text = raw.decode(encoding_of(raw, path.name, error=error, fix="Save it as GeoJSON in UTF-8."))
    fix = f"Give {what}: a FeatureCollection of polygons in degrees of longitude and latitude."
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise error(f"is not JSON: {piece(str(problem), 120)}.", fix=fix, at=[path.name]) from None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind != "FeatureCollection" or not isinstance(content.get("features"), list):
        said = f"its type is {kind!r:.40}" if kind else "it has no type"
        raise error(f"is not a FeatureCollection of GeoJSON ({said}).", fix=fix, at=[path.name])
    if not 0 < len(content["features"]) <= MOST_FEATURES:
        rule = f"has {len(content['features']):,} features, and must have 1 to {MOST_FEATURES:,}."
        raise error(rule, fix=fix, at=[path.name])
    found = [
        _FeatureReader(path.name, number, error).feature(each)
        for number, each in enumerate(content["features"], start=1)
    ]
    points = sum(len(ring) for feature in found for rings in feature.polygons for ring in rings)
    if points > MOST_POINTS:
        fix = "Cut it down to your county, or simplify the outlines."
        raise error(f"has {points:,} points, more than {MOST_POINTS:,}.", fix=fix, at=[path.name])
    return found


class _FeatureReader:
    """Reads one feature."""

    def __init__(self, name: str, number: int, error: type[VillagesimError]) -> None:
        self.at, self.number, self.error = (name, f"feature {number}"), number, error

    def feature(self, content: Any) -> Feature:
        content = content if isinstance(content, dict) else {}
        geometry = content.get("geometry")
        geometry = geometry if isinstance(geometry, dict) else {}
        kind = geometry.get("type")
        if kind not in KINDS:
            self.refuse(f"is {kind!r:.40}, and must be a {' or a '.join(KINDS)}")
        properties = content.get("properties")
        polygons = geometry.get("coordinates")
        polygons = [polygons] if kind == "Polygon" else polygons
        return Feature(
            self.number, properties if isinstance(properties, dict) else {},
            [[self.ring(ring) for ring in self.some(rings)] for rings in self.some(polygons)],
        )  # fmt: skip

    def some(self, parts: Any) -> Iterator[Any]:
        if not isinstance(parts, list) or not parts:
            self.refuse("has no coordinates")
        return iter(parts)

    def ring(self, points: Any) -> Floats:
        try:
            ring = np.array([point[:2] for point in points])
        except (TypeError, ValueError):
            ring = np.array([])
        if ring.ndim != 2 or ring.shape[1] != 2 or ring.dtype.kind not in "if" or not np.isfinite(ring).all():
            self.refuse("has a ring that is not a list of pairs of numbers")
        if len(ring) < 4:
            self.refuse(f"has a ring of {len(ring)} points, and must have at least 4")
        ends = ring.min(axis=0), ring.max(axis=0)
        for lon, lat in ends:
            check_position(float(lon), float(lat), self.at, self.error)
        return ring.astype(float)

    def refuse(self, why: str) -> NoReturn:
        raise self.error(f"{why}.", fix="Leave it out, or correct the file.", at=self.at)
