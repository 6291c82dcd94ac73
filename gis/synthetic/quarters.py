"""Filling the ground between streets: old-town houses, walled compounds, institutions, parks.

Pure; plane coordinates in metres. Every building stands inside its block of ground, clear of the
streets, which the block already leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.shapes import clear_of, clear_of_each_other, make_boxes, polygons_of
from gis.synthetic.streets import CityBlock, Way

INSTITUTIONS = ("hospital", "school", "school", "market", "office", "school", "worship", "market")


@dataclass
class Quarter:
    """What stands on one piece of ground between streets.

    Parameters
    ----------
    kind
        ``old_town``, ``slabs``, ``towers``, ``institution``, ``park`` or ``green``.
    ground
        The piece of ground.
    buildings
        Footprints.
    levels
        Usual storeys of each building.
    lanes
        Lanes inside, without names.
    wall
        Ground inside the wall of a compound or institution, or None.
    use
        Kind of institution, or None.
    """

    kind: str
    ground: shapely.Polygon
    buildings: NDArray[np.object_] = field(default_factory=lambda: np.array([], dtype=object))
    levels: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))
    lanes: list[Way] = field(default_factory=list)
    wall: shapely.Polygon | None = None
    use: str | None = None


def fill_quarters(
    blocks: list[CityBlock], *, middle: tuple[float, float], reach_m: float, rng: Generator
) -> list[Quarter]:
    """Decide what stands on each block and build it.

    Parameters
    ----------
    blocks
        Ground between streets.
    middle
        Middle of the town; the old town lies around it.
    reach_m
        About how far the town reaches.
    """
    kinds = _choose_kinds([b.ground for b in blocks], middle, reach_m, rng)
    uses = iter(INSTITUTIONS)
    build = {"old_town": _old_town, "slabs": _slabs, "towers": _towers}
    quarters = []
    for block, kind in zip(blocks, kinds, strict=True):
        if kind in build:
            quarters.append(build[kind](block, rng))
        elif kind == "institution":
            quarters.append(_institution(block.ground, next(uses, "school"), rng))
        else:
            quarters.append(Quarter(kind, block.ground))
    return quarters


def _choose_kinds(
    blocks: list[shapely.Polygon], middle: tuple[float, float], reach_m: float, rng: Generator
) -> list[str]:
    """Old town near the middle, compounds around it; slivers green, a few institutions."""
    kinds = []
    for block in blocks:
        far = float(np.hypot(*(np.array(block.centroid.coords[0]) - middle)) / reach_m)
        old = rng.random() < np.clip(1.35 - 1.4 * far, 0.22, 0.92)
        tall = rng.random() < np.clip(far * 0.3, 0.03, 0.16)
        if block.area < 2_600 or is_thin(block):
            kinds.append("green")
        elif old and block.area < 42_000:
            kinds.append("old_town")
        else:
            kinds.append("towers" if tall and block.area > 11_000 else "slabs")
    _set_some(
        kinds, blocks, "institution", min(len(INSTITUTIONS), len(blocks) // 9), 7e3, 32e3, rng
    )
    _set_some(kinds, blocks, "park", max(1, len(blocks) // 45), 9e3, 60e3, rng)
    return kinds


def _set_some(
    kinds: list[str],
    blocks: list[shapely.Polygon],
    kind: str,
    n: int,
    least_m2: float,
    most_m2: float,
    rng: Generator,
) -> None:
    able = [
        i
        for i, b in enumerate(blocks)
        if least_m2 < b.area < most_m2 and kinds[i] in ("old_town", "slabs", "towers")
    ]
    for i in rng.permutation(able)[:n]:
        kinds[int(i)] = kind


def is_thin(block: shapely.Polygon) -> bool:
    """Tell whether a block is too narrow for two rows of houses.

    Examples
    --------
    >>> is_thin(shapely.box(0, 0, 200, 15)), is_thin(shapely.box(0, 0, 60, 60))
    (True, False)
    """
    return block.buffer(-13).is_empty


@dataclass(frozen=True)
class _Axes:
    """Middle, direction and half extents of a block's longer side."""

    x: float
    y: float
    angle: float
    half_length: float
    half_depth: float

    def at(self, along: NDArray[np.floating], across: NDArray[np.floating]) -> NDArray[np.float64]:
        """Map block coordinates to metres."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.stack(
            [self.x + along * cos - across * sin, self.y + along * sin + across * cos], axis=-1
        )


def _axes_of(ground: shapely.Polygon) -> _Axes:
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(ground))
    sides = np.diff(box, axis=0)
    length = np.hypot(*sides.T)
    longer = sides[0] if length[0] >= length[1] else sides[1]
    x, y = box[:4].mean(axis=0)
    angle = float(np.arctan2(longer[1], longer[0]))
    return _Axes(float(x), float(y), angle, float(max(length[:2]) / 2), float(min(length[:2]) / 2))


def _old_town(block: CityBlock, rng: Generator) -> Quarter:
    """Build houses along the edges, and lanes with houses on both sides inside."""
    ground = block.ground
    lanes = _lanes(block, _axes_of(ground), rng)
    lane_lines = np.array([w.line for w in lanes], dtype=object)
    rim = _edge_houses(ground, rng)
    rim = rim[clear_of(rim, lane_lines, distance_m=2.2)]
    inner = _lane_houses(lane_lines, rng)
    inner = inner[shapely.contains_properly(ground, inner)] if len(inner) else inner
    houses = np.concatenate([rim, inner])
    houses = houses[clear_of(houses, lane_lines, distance_m=1.9)]
    houses = houses[clear_of_each_other(houses, distance_m=0.3)]
    return Quarter("old_town", ground, houses, rng.integers(2, 6, len(houses)), lanes)


def _edge_houses(ground: shapely.Polygon, rng: Generator) -> NDArray[np.object_]:
    """Set houses side by side along every edge, facing the street outside."""
    ring = shapely.get_coordinates(shapely.orient_polygons(ground).simplify(2.0).exterior)
    boxes = []
    for a, b in zip(ring[:-1], ring[1:], strict=True):
        length = float(np.hypot(*(b - a)))
        if length < 9:
            continue
        front = rng.uniform(7.0, 13.5, size=int(length / 7) + 1)
        left = np.concatenate(
            [[0.8], 0.8 + np.cumsum(front + rng.choice([0.35, 0.35, 2.5], len(front)))]
        )
        fits = left[:-1] + front <= length - 0.8
        front, left = front[fits], left[:-1][fits]
        depth = rng.uniform(9.5, 13.5, size=len(front))
        unit = (b - a) / length
        centre = (
            a
            + unit * (left + front / 2)[:, None]
            + [-unit[1], unit[0]] * (depth / 2 + 0.5)[:, None]
        )
        boxes.append(make_boxes(centre, front, depth, np.arctan2(unit[1], unit[0])))
    houses = np.concatenate(boxes) if boxes else np.array([], dtype=object)
    if not len(houses):
        return houses
    shapely.prepare(ground)
    return houses[shapely.covers(ground, houses)]


def _lanes(block: CityBlock, axes: _Axes, rng: Generator) -> list[Way]:
    """Draw lanes through the inside of a deep block, from street to street."""
    room = 2 * axes.half_depth - 2 * 15
    n = int(room // 30)
    if n < 1:
        return []
    lanes = []
    for across in (np.arange(n) - (n - 1) / 2) * (room / n):
        t = np.linspace(-axes.half_length - 60, axes.half_length + 60, 13)
        sway = 2.5 * np.sin(t / 40 + rng.uniform(0, 6))
        line = shapely.LineString(np.round(axes.at(t, across + sway), 3))
        inside = line.intersection(block.face)
        if inside.geom_type == "LineString" and inside.length > 40:
            lanes.append(Way("path", None, inside))
    return lanes


def _lane_houses(lanes: NDArray[np.object_], rng: Generator) -> NDArray[np.object_]:
    """Set houses on both sides of lanes."""
    rows = []
    for lane in lanes:
        for side in (1.0, -1.0):
            front = rng.uniform(7.5, 12.0, size=int(lane.length / 7.5))
            at = 14 + np.cumsum(front + 0.5) - front / 2
            at, front = at[at < lane.length - 14], front[at < lane.length - 14]
            depth = rng.uniform(8.5, 10.5, size=len(front))
            p = shapely.get_coordinates(shapely.line_interpolate_point(lane, at))
            q = shapely.get_coordinates(shapely.line_interpolate_point(lane, at + 1.0))
            unit = (q - p) / np.hypot(*(q - p).T)[:, None] if len(p) else p
            out = np.stack([-unit[:, 1], unit[:, 0]], axis=1) * side
            centre = p + out * (depth / 2 + 2.3)[:, None]
            angle = np.arctan2(unit[:, 1], unit[:, 0])
            rows.append(make_boxes(centre, front, depth, angle))
    return np.concatenate(rows) if rows else np.array([], dtype=object)


class _Rows(NamedTuple):
    """Sides of buildings in rows (the longer between two lengths), and how far apart they stand."""

    length_m: tuple[float, float]
    depth_m: float
    row_m: float
    gap_m: float


def _rows_of_boxes(ground: shapely.Polygon, rng: Generator, rows: _Rows) -> NDArray[np.object_]:
    """Set boxes in rows along the longer side, those that fit inside the ground."""
    axes = _axes_of(ground)
    n_rows = max(1, int((2 * axes.half_depth - 6) // rows.row_m))
    boxes = []
    for across in (np.arange(n_rows) - (n_rows - 1) / 2) * rows.row_m:
        length = float(rng.uniform(*rows.length_m))
        n = max(1, int((2 * axes.half_length - 4) // (length + rows.gap_m)))
        along = (np.arange(n) - (n - 1) / 2) * (length + rows.gap_m)
        centre = axes.at(along, np.full(n, across))
        boxes.append(make_boxes(centre, length, rows.depth_m, axes.angle))
    fitting = np.concatenate(boxes)
    shapely.prepare(ground)
    return fitting[shapely.covers(ground, fitting)]


def _walled(kind: str, ground: shapely.Polygon, rng: Generator, rows: _Rows) -> Quarter | None:
    """Build a walled compound, or nothing when no building fits."""
    walls = polygons_of(ground.buffer(-1.5, join_style="mitre"), smallest_m2=1_500)
    if len(walls) != 1:
        return None
    buildings = _rows_of_boxes(walls[0].buffer(-5), rng, rows)
    if not len(buildings):
        return None
    return Quarter(kind, ground, buildings, wall=walls[0])


def _slabs(block: CityBlock, rng: Generator) -> Quarter:
    """Build a compound of walk-up slabs."""
    rows = _Rows(length_m=(34.0, 54.0), depth_m=12.5, row_m=29.0, gap_m=9.0)
    quarter = _walled("slabs", block.ground, rng, rows)
    if quarter is None:
        return _old_town(block, rng)
    quarter.levels = np.full(len(quarter.buildings), rng.integers(5, 8))
    return quarter


def _towers(block: CityBlock, rng: Generator) -> Quarter:
    """Build a compound of towers."""
    rows = _Rows(length_m=(25.0, 32.0), depth_m=21.0, row_m=47.0, gap_m=19.0)
    quarter = _walled("towers", block.ground, rng, rows)
    if quarter is None:
        return _slabs(block, rng)
    quarter.levels = np.full(len(quarter.buildings), rng.integers(11, 25))
    return quarter


def _institution(ground: shapely.Polygon, use: str, rng: Generator) -> Quarter:
    """Build a walled institution nobody lives in."""
    rows = _Rows(length_m=(38.0, 62.0), depth_m=16.0, row_m=42.0, gap_m=16.0)
    quarter = _walled("institution", ground, rng, rows)
    if quarter is None:
        return Quarter("green", ground)
    quarter.use = use
    quarter.levels = np.full(len(quarter.buildings), rng.integers(2, 6))
    return quarter
