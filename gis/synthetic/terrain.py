"""The ground of a fictional valley town: territory, two rivers, valley floor, rail, motorway.

Pure; plane coordinates in metres, the town's tile around (0, 0). Everything that leaves the tile
does so at the same height on both sides, so that tiles join to a county.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

WIDTH_M = 10_400.0
HEIGHT_M = 8_400.0
RIVER_HALF_WIDTH_M = 52.0
BANK_M = 26.0
RAIL_Y_M = -2_350.0
MOTORWAY_Y_M = 2_600.0
ROAD_Y_M = -420.0
MARGIN_M = 700.0

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Terrain:
    """The ground before people came.

    Parameters
    ----------
    territory
        Land of the town.
    rivers
        Centre lines, the large one first.
    water
        Water surface of both rivers.
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
    rivers: tuple[shapely.LineString, ...]
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


def make_terrain(column: int, row: int, seed: int, rng: Generator, *, scale: float) -> Terrain:
    """Make the ground of the tile in a column and row of the county.

    Parameters
    ----------
    seed
        Seed of the county: both neighbours of a tile border draw the same border from it.
    rng
        Randomness inside the tile.
    scale
        Share of a full town: the centre shrinks with its root.
    """
    large = _large_river(rng)
    x_meet = float(rng.uniform(-350, 350))
    meeting = (x_meet, float(large(np.array([x_meet]))[0]))
    small = _small_river(meeting, rng)
    xs = np.arange(-WIDTH_M / 2 - MARGIN_M, WIDTH_M / 2 + MARGIN_M + 1, 40.0)
    river = shapely.LineString(np.round(np.stack([xs, large(xs)], axis=1), 3))
    road = shapely.LineString(np.round(np.stack([xs, large(xs) + ROAD_Y_M], axis=1), 3))
    territory = _territory(column, row, seed)
    urban = _urban_ground(meeting, rng, scale)
    wide = [_valley_of(river, 780.0), _valley_of(small, 430.0), urban.buffer(330.0)]
    water = shapely.union_all([river.buffer(RIVER_HALF_WIDTH_M), _tapering(small)])
    return Terrain(
        territory=territory,
        rivers=(_inside(river, territory), small),
        water=water.intersection(territory),
        valley=_smooth(shapely.union_all(wide), 260.0).intersection(territory),
        meeting=meeting,
        urban=urban,
        rail=_inside(_through(RAIL_Y_M, rng, 160.0), territory),
        motorway=_inside(_through(MOTORWAY_Y_M, rng, 220.0), territory),
        valley_road=_inside(road, territory),
    )


def _window(x: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """1 in the middle, falling smoothly to 0 before the border of the tile."""
    t = np.clip((half - MARGIN_M - np.abs(x)) / 1_500.0, 0, 1)
    return t * t * (3 - 2 * t)


def _large_river(rng: Generator) -> Curve:
    a, b = rng.uniform(0, 2 * np.pi, 2)
    return lambda x: (
        _window(x, WIDTH_M / 2) * (260 * np.sin(x / 1_050 + a) + 90 * np.sin(x / 430 + b))
    )


def _small_river(meeting: tuple[float, float], rng: Generator) -> shapely.LineString:
    """Draw a river that comes out of the northern hills down to the meeting."""
    a = rng.uniform(0, 2 * np.pi)
    x0, y0 = meeting
    y = np.arange(y0, HEIGHT_M / 2 - 450.0, 40.0)
    rise = np.clip((y - y0) / 900.0, 0, 1)
    lean = rng.uniform(-0.22, 0.22) * (y - y0)
    x = x0 + rise * (190 * np.sin((y - y0) / 640 + a) - 190 * np.sin(a)) + lean
    return shapely.LineString(np.round(np.stack([x, y], axis=1)[::-1], 3))


def _tapering(line: shapely.LineString) -> shapely.Geometry:
    """Widen a river from its spring to its mouth."""
    xy = shapely.get_coordinates(line)
    half = np.linspace(7.0, 30.0, len(xy) - 1)
    pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    return shapely.union_all(shapely.buffer(pieces, half, quad_segs=4))


def _valley_of(line: shapely.LineString, half_m: float) -> shapely.Geometry:
    return line.simplify(60.0).buffer(half_m)


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


def _through(y_end: float, rng: Generator, sway: float) -> shapely.LineString:
    """Draw a line from west to east, swaying inside the tile only."""
    x = np.arange(-WIDTH_M / 2 - MARGIN_M, WIDTH_M / 2 + MARGIN_M + 1, 50.0)
    a, b = rng.uniform(0, 2 * np.pi, 2)
    y = y_end + _window(x, WIDTH_M / 2) * sway * (np.sin(x / 1_300 + a) + 0.4 * np.sin(x / 600 + b))
    return shapely.LineString(np.round(np.stack([x, y], axis=1), 3))


def _inside(line: shapely.LineString, territory: shapely.Polygon) -> shapely.LineString:
    parts = shapely.get_parts(line.intersection(territory))
    return shapely.line_merge(shapely.MultiLineString(list(parts))) if len(parts) > 1 else parts[0]


def _territory(column: int, row: int, seed: int) -> shapely.Polygon:
    """Join the four winding borders of a tile; neighbours share them to the last digit."""
    south = _border(column, row, seed, upright=False)
    north = _border(column, row + 1, seed, upright=False)
    west = _border(column, row, seed, upright=True)
    east = _border(column + 1, row, seed, upright=True)
    ring = np.concatenate([south[:-1], east[:-1], north[::-1][:-1], west[::-1][:-1]])
    ring -= [column * WIDTH_M, row * HEIGHT_M]
    return shapely.Polygon(np.round(ring, 3))


def _border(column: int, row: int, seed: int, *, upright: bool) -> NDArray[np.float64]:
    """Draw one border of the lattice of tiles, straight at its ends and its middle third."""
    rng = np.random.default_rng([seed, 7, column + 1_000, row + 1_000, int(upright)])
    t = np.linspace(0, 1, 61)
    a, b = rng.uniform(0, 2 * np.pi, 2)
    calm = np.sin(np.pi * t) ** 2
    shift = calm * (130 * np.sin(9 * t + a) + 90 * np.sin(21 * t + b))
    corner = np.array([(column - 0.5) * WIDTH_M, (row - 0.5) * HEIGHT_M])
    if upright:
        line = np.stack([shift, t * HEIGHT_M], axis=1)
    else:
        line = np.stack([t * WIDTH_M, shift], axis=1)
    line += rng.normal(0, 14, line.shape) * calm[:, None]
    return np.round(corner + line, 3)
