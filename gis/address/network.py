"""The streets as lines: where two of them meet, and where a number lies in a side's range."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import shapely

from gis.address.names import compact
from gis.address.normalise import normalise, text_of
from gis.address.register import METRES_PER_DEGREE, distance_m
from gis.address.side_ranges import SideRanges
from gis.errors import InvalidInput

MEETING_TOLERANCE_M = 30.0
"""Streets whose lines come this close are taken to meet (dual carriageways, missing nodes)."""

_NODE_DEGREES = 1e-6
Point = tuple[float, float]
Box = tuple[float, float, float, float]


class StreetNetwork:
    """Street lines by name, EPSG:4326.

    Parameters
    ----------
    streets
        GeoDataFrame of lines with ``name`` and, where known, ``left_from, left_to, right_from,
        right_to`` in the direction of the line; a column ``alias`` may hold other names,
        separated by commas.
    """

    def __init__(self, streets: pd.DataFrame) -> None:
        if "name" not in streets.columns:
            raise InvalidInput("streets: column name is missing; add it")
        names = [normalise(text_of(n)) for n in streets["name"].tolist()]
        lines = np.asarray(streets.geometry)
        self.names = sorted(set(names) - {""})
        self.aliases = _read_aliases(names, streets)
        self._lines: dict[str, list[shapely.Geometry]] = defaultdict(list)
        for name, line in zip(names, lines, strict=True):
            if name and line is not None and not line.is_empty:
                self._lines[compact(name)].append(line)
        self._nodes = _nodes_of(self._lines)
        self.sides = SideRanges([compact(n) for n in names], lines, streets)
        self._shapes: dict[str, shapely.Geometry] = {}
        self._meetings: dict[tuple[str, str], tuple[list[Point], bool]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def middle(self, name: str, within: Box | None = None) -> tuple[float, float, float]:
        """Give a point on the street near its middle, and half the street's extent in metres.

        Parameters
        ----------
        within
            West, south, east, north of where to look, if any of the street lies there.
        """
        shape = self._whole(name)
        if within is not None and shape.intersects(shapely.box(*within)):
            shape = shape.intersection(shapely.box(*within))
        centre = shape.centroid
        point = shapely.shortest_line(shape, centre).coords[0]
        x0, y0, x1, y1 = shape.bounds
        return point[0], point[1], distance_m(x0, y0, x1, y1) / 2

    def meetings(self, first: str, second: str) -> tuple[list[Point], bool]:
        """Give the points where two streets meet, and whether they share a node there.

        Meetings nearer than 60 m to one another are one. Streets that share no node meet where
        their lines come closest, if that is within `MEETING_TOLERANCE_M`.
        """
        key = (first, second) if first <= second else (second, first)
        if key not in self._meetings:
            self._meetings[key] = self._find_meetings(*key)
        return self._meetings[key]

    def _find_meetings(self, first: str, second: str) -> tuple[list[Point], bool]:
        shared = self._nodes[first] & self._nodes[second]
        if shared:
            scaled = [(x * _NODE_DEGREES, y * _NODE_DEGREES) for x, y in sorted(shared)]
            return _merged(scaled), True
        a, b = self._whole(first), self._whole(second)
        squeeze = np.cos(np.radians(a.centroid.y))
        line = shapely.shortest_line(a, b)
        (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
        gap_m = METRES_PER_DEGREE * np.hypot((x1 - x0) * squeeze, y1 - y0)
        if gap_m > MEETING_TOLERANCE_M:
            return [], False
        return [((x0 + x1) / 2, (y0 + y1) / 2)], False

    def distance_m(self, name: str, lon: float, lat: float) -> float:
        """Give the distance of a point from a street."""
        x, y = shapely.shortest_line(self._whole(name), shapely.Point(lon, lat)).coords[0]
        return distance_m(lon, lat, x, y)

    def _whole(self, name: str) -> shapely.Geometry:
        shape = self._shapes.get(name)
        if shape is None:
            shape = self._shapes[name] = shapely.union_all(self._lines[name])
        return shape


def _nodes_of(lines: dict[str, list[shapely.Geometry]]) -> dict[str, set[tuple[int, int]]]:
    nodes: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, parts in lines.items():
        points = np.round(shapely.get_coordinates(parts) / _NODE_DEGREES).astype(np.int64)
        nodes[name] = set(map(tuple, points.tolist()))
    return nodes


def _merged(points: list[Point]) -> list[Point]:
    """Join points nearer than 60 m into their mean, in order."""
    clusters: list[list[Point]] = []
    for point in points:
        for cluster in clusters:
            if any(distance_m(*point, *other) <= 60.0 for other in cluster):
                cluster.append(point)
                break
        else:
            clusters.append([point])
    return [tuple(np.mean(c, axis=0).tolist()) for c in clusters]


def _read_aliases(names: list[str], streets: pd.DataFrame) -> list[tuple[str, str]]:
    if "alias" not in streets.columns:
        return []
    pairs = zip(names, streets["alias"].tolist(), strict=True)
    return [
        (normalise(alias), name)
        for name, written in pairs
        for alias in text_of(written).split(",")
        if name and alias.strip()
    ]
