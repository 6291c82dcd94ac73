"""The rules of names on a map, held against what a page has written; no browser here.

Names are as the map tells them: ``kind, name, code, x, y, angle, half, boxes`` in pixels of its
window; ``at`` and the ``ends`` of its line of writing in degrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

POINTS = ("county", "town", "community", "grid")
LINES = ("main_road", "river", "street")
OFF_LINE_PX = 12.0
"""A name leans on a bend at most so far from its line: half the height of its letters."""


@dataclass(frozen=True)
class Fault:
    """A name that breaks a rule, and how."""

    rule: str
    name: str
    says: str

    def __str__(self) -> str:
        """Give the line of the report."""
        return f"{self.rule}: {self.name} {self.says}"


def faults_of(
    names: Sequence[Mapping[str, Any]],
    lines: Mapping[str, shapely.Geometry],
    homes: Mapping[str, shapely.Geometry],
) -> list[Fault]:
    """List the names that break a rule.

    Parameters
    ----------
    names
        What is written in the window.
    lines
        By name, the lines of the ground that bear it, in pixels.
    homes
        By code, the part of an area that its name belongs in, in degrees (`home_of`).

    Examples
    --------
    >>> north = {"kind": "grid", "name": "001", "code": "a", "at": [0.5, 0.5],
    ...     "boxes": [[0, 0, 30, 16]], "ends": [[0.1, 0.5], [0.9, 0.5]]}
    >>> south = north | {"name": "002", "boxes": [[20, 10, 50, 26]], "at": [3, 3]}
    >>> for fault in faults_of([north, south], {}, {"a": shapely.box(0, 0, 1, 1)}):
    ...     print(fault)
    over: 001 and 002
    outside: 002 stands outside its area
    """
    return [*_over(names), *_outside(names, homes), *_off_line(names, lines)]


def home_of(shape: shapely.Geometry, lon: float, lat: float) -> shapely.Geometry:
    """Give the part of an area in which its people live: the one that holds a point, or all.

    Examples
    --------
    >>> parts = shapely.union_all([shapely.box(0, 0, 9, 9), shapely.box(20, 0, 21, 1)])
    >>> home_of(parts, 20.5, 0.5).bounds
    (20.0, 0.0, 21.0, 1.0)
    """
    parts = shapely.get_parts(shape)
    own = parts[shapely.intersects_xy(parts, lon, lat)]
    return own[0] if len(own) else shape


def _over(names: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    boxes = [shapely.box(*np.array(name["boxes"], dtype=float).T) for name in names]
    whole = np.array([shapely.union_all(parts) for parts in boxes], dtype=object)
    tree = shapely.STRtree(whole)
    for one, other in tree.query(whole, predicate="intersects").T.tolist():
        if one < other and shapely.intersection(whole[one], whole[other]).area > 0:
            yield Fault("over", names[one]["name"], f"and {names[other]['name']}")


def _outside(
    names: Sequence[Mapping[str, Any]], homes: Mapping[str, shapely.Geometry]
) -> Iterator[Fault]:
    for name in names:
        home = homes.get(name["code"]) if name["kind"] in POINTS else None
        if home is None:
            continue
        if not shapely.intersects_xy(home, *name["at"]):
            yield Fault("outside", name["name"], "stands outside its area")
        elif name["kind"] == "grid" and not shapely.LineString(name["ends"]).within(home):
            yield Fault("outside", name["name"], "reaches beyond its grid")


def _off_line(
    names: Sequence[Mapping[str, Any]], lines: Mapping[str, shapely.Geometry]
) -> Iterator[Fault]:
    for name in names:
        if name["kind"] not in LINES:
            continue
        way = np.array([np.cos(name["angle"]), np.sin(name["angle"])]) * name["half"]
        middle = np.array([name["x"], name["y"]])
        spots = shapely.points([middle - way, middle, middle + way])
        off_px = float(shapely.distance(spots, lines[name["name"]]).max())
        if off_px > OFF_LINE_PX:
            yield Fault("off its line", name["name"], f"by {off_px:.0f} px")
