"""The streets as lines: where two of them meet, and where a number lies in a side's range."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import shapely

from gis.address.names import compact
from gis.address.normalise import normalise, text_of
from gis.address.register import METRES_PER_DEGREE, distance_m
from gis.errors import InvalidInput

MEETING_TOLERANCE_M = 30.0
"""Streets whose lines come this close are taken to meet (dual carriageways, missing nodes)."""

_NODE_DEGREES = 1e-6
Point = tuple[float, float]


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
        self._ranges = _read_ranges(names, lines, streets)
        self._meetings: dict[tuple[str, str], tuple[list[Point], bool]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def middle(self, name: str) -> tuple[float, float, float]:
        """Give a point on the street near its middle, and the street's extent in metres."""
        shape = shapely.unary_union(self._lines[name])
        centre = shape.centroid
        point = shapely.shortest_line(shape, centre).coords[0]
        x0, y0, x1, y1 = shape.bounds
        return point[0], point[1], distance_m(x0, y0, x1, y1)

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
        a, b = (shapely.union_all(self._lines[n]) for n in (first, second))
        squeeze = np.cos(np.radians(a.centroid.y))
        line = shapely.shortest_line(a, b)
        (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
        gap_m = METRES_PER_DEGREE * np.hypot((x1 - x0) * squeeze, y1 - y0)
        if gap_m > MEETING_TOLERANCE_M:
            return [], False
        return [((x0 + x1) / 2, (y0 + y1) / 2)], False

    def locate_number(self, name: str, number: int) -> tuple[float, float, float] | None:
        """Give the point of a number within a side's range and the length it may be off.

        Only sides whose numbers have the parity of `number` are taken; the shortest range wins.
        """
        best = None
        for low, high, start, line in self._ranges.get(name, ()):
            inside = min(low, high) <= number <= max(low, high)
            if inside and (low - number) % 2 == 0 and (best is None or abs(high - low) < best[0]):
                best = (abs(high - low), low, high, start, line)
        if best is None:
            return None
        _, low, high, _, line = best
        share = 0.5 if high == low else (number - low) / (high - low)
        point = line.interpolate(share, normalized=True)
        x0, y0, x1, y1 = line.bounds
        return point.x, point.y, distance_m(x0, y0, x1, y1)


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


def _read_ranges(
    names: list[str], lines: np.ndarray, streets: pd.DataFrame
) -> dict[str, list[tuple[int, int, int, shapely.LineString]]]:
    """Collect (first, last, row, line) of each side; sides without numbers above 0 are left out."""
    ranges: dict[str, list[tuple[int, int, int, shapely.LineString]]] = defaultdict(list)
    for side in ("left", "right"):
        columns = (f"{side}_from", f"{side}_to")
        if not set(columns) <= set(streets.columns):
            continue
        ends = [pd.to_numeric(streets[c], errors="coerce").fillna(-1) for c in columns]
        for row, (first, last) in enumerate(zip(*ends, strict=True)):
            if names[row] and first > 0 and last > 0 and lines[row] is not None:
                line = shapely.line_merge(lines[row])
                if line.geom_type == "LineString":
                    ranges[compact(names[row])].append((int(first), int(last), row, line))
    return ranges
