"""The streets as lines: where two of them meet, and where a number lies in a side's range."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import shapely

from gis.address.distance import distance_m
from gis.address.names import compact
from gis.address.normalise import normalise, text_of
from gis.address.side_ranges import SideRanges, Spot
from gis.errors import InvalidInput

MEETING_TOLERANCE_M = 30.0
"""Streets whose lines come this close are taken to meet (dual carriageways, missing nodes)."""

SQUARE_M = 120.0
"""Nodes of two streets within this extent are one crossing: a square, a dual carriageway."""

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
        self._meetings: dict[tuple[str, str], tuple[list[Spot], bool]] = {}

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

    def meetings(self, first: str, second: str) -> tuple[list[Spot], bool]:
        """Give the spots where two streets meet, and whether they share a node there.

        Nodes within `SQUARE_M` of one another are one crossing, that may be off by half their
        extent. Streets that share no node meet where their lines come closest, if that is
        within `MEETING_TOLERANCE_M`.
        """
        key = (first, second) if first <= second else (second, first)
        if key not in self._meetings:
            self._meetings[key] = self._find_meetings(*key)
        return self._meetings[key]

    def _find_meetings(self, first: str, second: str) -> tuple[list[Spot], bool]:
        shared = self._nodes[first] & self._nodes[second]
        if shared:
            return _merged(
                [(x * _NODE_DEGREES, y * _NODE_DEGREES) for x, y in sorted(shared)]
            ), True
        spot = self.approach(first, second)
        return ([spot] if spot[2] <= MEETING_TOLERANCE_M / 2 else []), False

    def approach(self, first: str, second: str) -> Spot:
        """Give the middle between two streets where they come closest, and half that gap."""
        line = shapely.shortest_line(self._whole(first), self._whole(second))
        (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
        return (x0 + x1) / 2, (y0 + y1) / 2, distance_m(x0, y0, x1, y1) / 2

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


def _merged(points: list[Point]) -> list[Spot]:
    """Join points that lie within `SQUARE_M` into their mean, in order."""
    if _extent_m(points) <= SQUARE_M:
        clusters = [points]
    else:
        clusters = []
        for point in points:
            home = next((c for c in clusters if _extent_m([*c, point]) <= SQUARE_M), None)
            if home is None:
                clusters.append([point])
            else:
                home.append(point)
    return [(*np.mean(c, axis=0).tolist(), _extent_m(c) / 2) for c in clusters]


def _extent_m(points: list[Point]) -> float:
    """Give the diagonal of the box around points."""
    (x0, y0), (x1, y1) = np.min(points, axis=0), np.max(points, axis=0)
    return distance_m(x0, y0, x1, y1)


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
