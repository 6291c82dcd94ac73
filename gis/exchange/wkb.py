"""Well-known binary from GeoJSON geometry, two-dimensional, checked number by number."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

from gis.errors import Message

MAX_RING_GAP_M = 1.0
METRES_PER_DEGREE = 111_320.0
MAX_COLLECTION_DEPTH = 8
_CODES = {
    "Point": 1,
    "LineString": 2,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}

TYPES = frozenset(_CODES)
"""Names of the types of geometry."""


class ShapeError(ValueError):
    """A geometry that cannot be read; `code` names the rule."""

    def __init__(self, message: str, code: str = "bad_shape") -> None:
        super().__init__(message)
        self.code = code


def wkb_from_geojson(geometry: object, *, depth: int = 0) -> bytes | None:
    """Write a GeoJSON geometry object as little-endian WKB; None for a missing or empty one.

    Raises
    ------
    ShapeError
        Unknown type, missing or non-finite numbers, an open ring, fewer points than the type
        needs, or collections nested too deep.

    Examples
    --------
    >>> wkb_from_geojson({"type": "Point", "coordinates": [9.5, 47.1, 450]}).hex()[:10]
    '0101000000'
    >>> wkb_from_geojson({"type": "Point", "coordinates": [1e999, 0]})
    Traceback (most recent call last):
        ...
    gis.exchange.wkb.ShapeError: a coordinate is not a finite number
    """
    if geometry is None:
        return None
    if isinstance(geometry, str):
        raise ShapeError("the geometry is a text; expected an object with type and coordinates")
    if not isinstance(geometry, dict) or geometry.get("type") not in _CODES:
        raise ShapeError("the geometry has no known type")
    if geometry["type"] == "GeometryCollection":
        return _collection(geometry.get("geometries"), depth)
    coordinates = geometry.get("coordinates")
    if isinstance(coordinates, str):
        raise ShapeError("the coordinates are texts; write them as numbers, without quotes")
    if not isinstance(coordinates, list):
        raise ShapeError("the geometry has no coordinates")
    return _write(geometry["type"], coordinates) if coordinates else None


def _collection(members: object, depth: int) -> bytes | None:
    if depth >= MAX_COLLECTION_DEPTH:
        raise ShapeError("collections are nested too deep", "nested_too_deep")
    if not isinstance(members, list):
        raise ShapeError("the geometry collection has no members")
    written = [wkb_from_geojson(member, depth=depth + 1) for member in members]
    parts = [part for part in written if part is not None]
    return _head("GeometryCollection", len(parts)) + b"".join(parts) if parts else None


def _write(kind: str, coordinates: list[object]) -> bytes:
    if kind == "Point":
        return struct.pack("<BI2d", 1, _CODES[kind], *_position(coordinates))
    if kind == "LineString":
        points = _positions(coordinates)
        if len(set(points)) < 2:
            raise ShapeError("a line needs two different points", "too_few_points")
        return _head(kind, len(points)) + _pack(points)
    if kind == "Polygon":
        rings = [_ring(ring) for ring in _lists(coordinates)]
        packed = b"".join(struct.pack("<I", len(ring)) + _pack(ring) for ring in rings)
        return _head(kind, len(rings)) + packed
    single = kind.removeprefix("Multi")
    parts = [_write(single, part) for part in _lists(coordinates) if part]
    return _head(kind, len(parts)) + b"".join(parts)


def _head(kind: str, count: int) -> bytes:
    return struct.pack("<BII", 1, _CODES[kind], count)


def _lists(values: list[object]) -> list[list[object]]:
    lists = [value for value in values if isinstance(value, list)]
    if len(lists) < len(values):
        raise ShapeError("the coordinates are not nested as the type asks")
    return lists


def _position(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) < 2:
        raise ShapeError("a position needs lon and lat")
    x, y = value[0], value[1]
    if isinstance(x, bool) or isinstance(y, bool):
        raise ShapeError("a coordinate is not a number")
    if isinstance(x, str) or isinstance(y, str):
        raise ShapeError("the coordinates are texts; write them as numbers, without quotes")
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        raise ShapeError("a coordinate is not a number")
    try:
        x, y = float(x), float(y)
    except OverflowError:
        raise ShapeError("a coordinate is not a finite number", "not_finite") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ShapeError("a coordinate is not a finite number", "not_finite")
    return x, y


def _positions(values: object) -> list[tuple[float, float]]:
    if not isinstance(values, list):
        raise ShapeError("the coordinates are not nested as the type asks")
    return [_position(value) for value in values]


def _pack(points: Sequence[tuple[float, float]]) -> bytes:
    return struct.pack(f"<{2 * len(points)}d", *(number for point in points for number in point))


def _ring(values: list[object]) -> list[tuple[float, float]]:
    """Read a ring; close it when less than a metre is missing."""
    points = _positions(values)
    if len(set(points)) < 3:
        raise ShapeError("an outline needs three different points", "too_few_points")
    if points[0] == points[-1]:
        return points
    gap_m = math.dist(points[0], points[-1])
    if all(abs(number) <= 360 for point in (points[0], points[-1]) for number in point):
        gap_m *= METRES_PER_DEGREE
    if gap_m >= MAX_RING_GAP_M:
        raise ShapeError(
            Message("the outline is open by {gap_m:.0f} m; close it", gap_m=gap_m), "open_ring"
        )
    return [*points, points[0]]
