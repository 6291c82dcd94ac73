"""The ground of a fictional valley town: territory, two rivers, valley floor, rail, motorway.

Pure; plane coordinates in metres, the town's tile around (0, 0). What leaves the tile (rivers,
roads, the border itself) is drawn from the seed of the county and the place in the county, so that
tiles join to a county.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.drainage import make_drainage
from gis.synthetic.relief import Relief
from gis.synthetic.shapes import polygons_of

WIDTH_M = 10_400.0
HEIGHT_M = 8_400.0
BEYOND_M = 1_800.0
"""How far beyond a straight tile its winding border may lie."""

RIVER_HALF_WIDTH_M = 52.0
BANK_M = 26.0
ROAD_Y_M = -420.0
GORGE_M, BASIN_M, BASIN_LENGTH_M = 450.0, 750.0, 2_600.0
"""Half width of the valley floor at the border, what it gains at the town, and along how far."""

RAIL_ABOVE_FOOT_M, MOTORWAY_ABOVE_FOOT_M = 110.0, 190.0
STREAM_HALF_WIDTH_M = (1.5, 4.5)

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Terrain:
    """The ground before people came.

    Parameters
    ----------
    territory
        Land of the town.
    relief
        Its heights.
    rivers
        Centre lines, the large one first, each the way the water runs.
    streams
        Smaller waters, from spring to mouth.
    water
        Water surface of rivers and streams.
    valley
        Valley floor, water included.
    meeting
        Where the rivers meet; the middle of the town.
    urban
        Ground of the centre, around the meeting.
    rail, motorway, valley_road
        Lines from west to east through the whole tile.
    """

    territory: shapely.Polygon
    relief: Relief
    rivers: tuple[shapely.LineString, ...]
    streams: tuple[shapely.LineString, ...]
    water: shapely.Geometry
    valley: shapely.Geometry
    meeting: tuple[float, float]
    urban: shapely.Polygon
    rail: shapely.LineString
    motorway: shapely.LineString
    valley_road: shapely.LineString

    @property
    def corridor(self) -> shapely.Geometry:
        """Water and its banks, where nothing is built."""
        return self.water.buffer(BANK_M)


def make_terrain(column: int, row: int, seed: int, *, scale: float) -> Terrain:
    """Make the ground of the tile in a column and row of the county.

    Parameters
    ----------
    seed
        Seed of the county: same seed, same ground.
    scale
        Share of a full town: the centre shrinks with its root.
    """
    rng = np.random.default_rng([seed, 8, column + 1_000, row + 1_000])
    east_m = column * WIDTH_M
    large = _large_river(row, seed, east_m)
    x_meet = float(rng.uniform(-350, 350))
    meeting = (x_meet, float(large(np.array([x_meet]))[0]))
    territory = _territory(column, row, seed)
    urban = _urban_ground(meeting, rng, scale)
    small = _small_river(meeting, territory, rng)
    xs = np.arange(-WIDTH_M / 2 - BEYOND_M, WIDTH_M / 2 + BEYOND_M + 1, 40.0)
    floor = GORGE_M + BASIN_M * np.sqrt(scale) * np.exp(-((xs / BASIN_LENGTH_M) ** 2))
    river = _line(xs, large(xs))
    drainage = make_drainage(river, small, floor, territory, urban, east_m, rng)
    brooks = [_tapering(s, *STREAM_HALF_WIDTH_M) for s in drainage.streams]
    water = [river.buffer(RIVER_HALF_WIDTH_M), _tapering(small, 7.0, 30.0), *brooks]
    wide = [_floor_of(river, floor), _floor_of(small, np.linspace(60, 300, 2)), urban.buffer(330.0)]
    return Terrain(
        territory=territory,
        relief=Relief(drainage.channels, territory.exterior),
        rivers=(_inside(river, territory), small),
        streams=drainage.streams,
        water=shapely.union_all(water).intersection(territory),
        valley=_smooth(shapely.union_all(wide), 160.0).intersection(territory),
        meeting=meeting,
        urban=urban,
        rail=_inside(_line(xs, large(xs) - floor - RAIL_ABOVE_FOOT_M), territory),
        motorway=_inside(_line(xs, large(xs) + floor + MOTORWAY_ABOVE_FOOT_M), territory),
        valley_road=_inside(_line(xs, large(xs) + ROAD_Y_M), territory),
    )


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> shapely.LineString:
    return shapely.LineString(np.round(np.stack([x, y], axis=1), 3))


def _large_river(row: int, seed: int, east_m: float) -> Curve:
    """Draw the river of a row of tiles, one curve from the first tile to the last."""
    a, b = np.random.default_rng([seed, 9, row + 1_000]).uniform(0, 2 * np.pi, 2)
    return lambda x: 260 * np.sin((x + east_m) / 1_050 + a) + 90 * np.sin((x + east_m) / 430 + b)


def _small_river(
    meeting: tuple[float, float], territory: shapely.Polygon, rng: Generator
) -> shapely.LineString:
    """Draw a river that comes out of the northern hills down to the meeting."""
    a = rng.uniform(0, 2 * np.pi)
    x0, y0 = meeting
    lean = rng.uniform(-0.22, 0.22)
    top = territory.buffer(-450.0).bounds[3]
    y = np.arange(y0, top, 40.0)
    rise = np.clip((y - y0) / 900.0, 0, 1)
    x = x0 + rise * (190 * np.sin((y - y0) / 640 + a) - 190 * np.sin(a)) + lean * (y - y0)
    far = shapely.distance(territory.exterior, shapely.points(x, y))
    inside = (far > 430.0) & shapely.contains_xy(territory, x, y)
    last = len(y) if inside.all() else int(np.argmin(inside))
    return _line(x[:last][::-1], y[:last][::-1])


def _tapering(line: shapely.LineString, spring_m: float, mouth_m: float) -> shapely.Geometry:
    """Widen a river from its spring to its mouth."""
    xy = shapely.get_coordinates(line)
    half = np.linspace(spring_m, mouth_m, len(xy) - 1)
    pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    return shapely.union_all(shapely.buffer(pieces, half, quad_segs=4))


def _floor_of(line: shapely.LineString, half_m: NDArray[np.float64]) -> shapely.Geometry:
    """Draw the flat ground on both sides of a river, as wide as it is at each stretch."""
    stops = np.linspace(0, 1, 40)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, stops, normalized=True))
    half = np.interp(stops, np.linspace(0, 1, len(half_m)), half_m)
    pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    return shapely.union_all(shapely.buffer(pieces, half[1:], quad_segs=6))


def _smooth(shape: shapely.Geometry, by_m: float) -> shapely.Geometry:
    return shape.buffer(by_m).buffer(-2 * by_m).buffer(by_m).simplify(8.0)


def _urban_ground(meeting: tuple[float, float], rng: Generator, scale: float) -> shapely.Polygon:
    """Draw a rounded, slightly irregular outline around the meeting of the rivers."""
    t = np.linspace(0, 2 * np.pi, 73)[:-1]
    phase = rng.uniform(0, 2 * np.pi, 2)
    wave = 1 + 0.07 * np.sin(3 * t + phase[0]) + 0.05 * np.sin(5 * t + phase[1])
    root = np.sqrt(scale)
    x = meeting[0] + 1_330 * root * wave * np.cos(t)
    y = meeting[1] + 840 * root * wave * np.sin(t) + 60
    return shapely.Polygon(np.round(np.stack([x, y], axis=1), 3))


def _inside(line: shapely.LineString, territory: shapely.Polygon) -> shapely.LineString:
    """Give the part of a line through the tile, from its first border to its last."""
    parts = shapely.get_parts(line.intersection(territory))
    return max(parts, key=lambda part: part.length)


def _territory(column: int, row: int, seed: int) -> shapely.Polygon:
    """Join the four watersheds around a tile; neighbours share them to the last digit."""
    south = _border(column, row, seed, upright=False)
    north = _border(column, row + 1, seed, upright=False)
    west = _border(column, row, seed, upright=True)
    east = _border(column + 1, row, seed, upright=True)
    ring = np.concatenate([south[:-1], east[:-1], north[::-1][:-1], west[::-1][:-1]])
    ring -= [column * WIDTH_M, row * HEIGHT_M]
    return max(polygons_of(shapely.make_valid(shapely.Polygon(np.round(ring, 3)))), key=_area)


def _area(shape: shapely.Polygon) -> float:
    return shape.area


def _corner(column: int, row: int, seed: int) -> NDArray[np.float64]:
    """Say where four tiles meet: near the corner of the lattice, moved at random."""
    rng = np.random.default_rng([seed, 6, column + 1_000, row + 1_000])
    lattice = np.array([(column - 0.5) * WIDTH_M, (row - 0.5) * HEIGHT_M])
    return lattice + rng.uniform(-320, 320, 2)


def _border(column: int, row: int, seed: int, *, upright: bool) -> NDArray[np.float64]:
    """Draw one watershed between two tiles: it swings far to one side, then to the other.

    The swing makes the outline of a tile differ from a rectangle, whatever the seed, and leaves
    its area as it is; upright ones cross the river between their two swings.
    """
    rng = np.random.default_rng([seed, 7, column + 1_000, row + 1_000, int(upright)])
    ends = [(column, row), (column, row + 1) if upright else (column + 1, row)]
    start, end = (_corner(*at, seed) for at in ends)
    t = np.linspace(0, 1, 141)
    swing = rng.choice([-1.0, 1.0]) * rng.uniform(640, 800) * np.sin(2 * np.pi * t)
    calm = np.minimum(np.sin(np.pi * t) * 1.6, 1.0)
    for waves, height in ((4, 120), (7, 95), (12, 60), (21, 34), (36, 16)):
        shape = rng.uniform(0.75, 1.3, 2)
        swing += calm * height * rng.uniform(0.6, 1.2) * (
            np.sin(np.pi * waves * shape[0] * t + rng.uniform(0, 6.3))
        )  # fmt: skip
    across = np.array([start[1] - end[1], end[0] - start[0]])
    across = across / np.hypot(*across)
    line = start + t[:, None] * (end - start) + swing[:, None] * across
    line[[0, -1]] = start, end
    return np.round(line, 3)
