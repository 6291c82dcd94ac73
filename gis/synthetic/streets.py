"""Streets of the centre: a warped lattice, a ring, roads along the rivers, bridges.

Pure; plane coordinates in metres. The lattice lives in (u, v) coordinates and is bent by one
smooth map, so streets meet exactly where their lattice lines cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.shapes import lines_of, polygons_of
from gis.synthetic.terrain import Terrain

HALF_WIDTH_M = {"motorway": 14.0, "main_road": 11.0, "minor_road": 6.0, "path": 2.0, "rail": 8.0}
"""Half of the ground a way takes, pavement included; nothing is built on it."""

MAIN_EVERY = 3
LANE_HALF_M = 4.5


@dataclass(frozen=True)
class Way:
    """A street, road or lane: its kind, name and line."""

    kind: str
    name: str | None
    line: shapely.LineString


@dataclass(frozen=True)
class Lattice:
    """Lattice lines in (u, v) and the map to the ground.

    Parameters
    ----------
    u, v
        Positions of the lines across and along, rising.
    main_u, main_v
        Whether each line is a main road.
    """

    u: NDArray[np.float64]
    v: NDArray[np.float64]
    main_u: NDArray[np.bool_]
    main_v: NDArray[np.bool_]
    middle: tuple[float, float]
    angle: float
    phase: NDArray[np.float64]

    def ground(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map lattice coordinates to metres, (n, 2)."""
        x = u + 42 * np.sin(v / 420 + self.phase[0]) + 14 * np.sin(v / 170 + self.phase[2])
        y = v + 38 * np.sin(u / 520 + self.phase[1]) + 12 * np.sin(u / 190 + self.phase[3])
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.round(np.stack([x * cos - y * sin, x * sin + y * cos], axis=1) + self.middle, 3)

    def line(self, *, across: bool, index: int, first: int, last: int) -> shapely.LineString:
        """Draw the part of a lattice line between two lines of the other family."""
        other = self.v if across else self.u
        stops = other[first : last + 1]
        t = np.unique(
            np.concatenate([np.linspace(a, b, 7) for a, b in zip(stops, stops[1:], strict=False)])
        )
        t = np.unique(np.round(np.concatenate([t, stops]), 6))
        fixed = np.full(len(t), (self.u if across else self.v)[index])
        return shapely.LineString(self.ground(fixed, t) if across else self.ground(t, fixed))


def make_lattice(terrain: Terrain, rng: Generator) -> Lattice:
    """Choose a lattice that covers the centre with some room to spare."""
    west, south, east, north = terrain.urban.bounds
    half_u, half_v = (east - west) * 0.62, (north - south) * 0.72
    u = _positions(half_u, 150, 225, rng)
    v = _positions(half_v, 120, 190, rng)
    return Lattice(
        u=u,
        v=v,
        main_u=np.arange(len(u)) % MAIN_EVERY == 1,
        main_v=np.arange(len(v)) % MAIN_EVERY == 1,
        middle=((west + east) / 2, (south + north) / 2),
        angle=float(rng.uniform(-0.2, 0.2)),
        phase=rng.uniform(0, 2 * np.pi, 4),
    )


def _positions(half: float, least: float, most: float, rng: Generator) -> NDArray[np.float64]:
    steps = rng.uniform(least, most, size=int(2 * half / least) + 1)
    at = np.cumsum(steps)
    at = at[at <= 2 * half]
    return np.round(at - at.mean(), 6)


def centre_streets(terrain: Terrain, rng: Generator, names: list[str]) -> list[Way]:
    """Lay out the streets of the centre.

    Main roads cross the rivers on bridges; minor streets end at the roads along the banks and
    run between main roads only, some of them left out so that blocks differ in size.

    Parameters
    ----------
    names
        Street names to take from, the ring and the river roads first.
    """
    lattice = make_lattice(terrain, rng)
    names = list(names)
    dry = terrain.urban.difference(terrain.corridor)
    ways = [Way("main_road", names.pop(0), shapely.LineString(terrain.urban.exterior.coords))]
    for bank in lines_of(terrain.corridor.boundary.intersection(terrain.urban), shortest_m=40):
        ways.append(Way("minor_road", names.pop(0), bank))
    for across in (True, False):
        lines, main = (lattice.u, lattice.main_u) if across else (lattice.v, lattice.main_v)
        for index in range(len(lines)):
            name = names.pop(0)
            if main[index]:
                last = len(lattice.v if across else lattice.u) - 1
                line = lattice.line(across=across, index=index, first=0, last=last)
                pieces = lines_of(line.intersection(terrain.urban))
                ways += [Way("main_road", name, p) for p in pieces]
            else:
                for run in _runs(lattice, across, index, rng):
                    pieces = lines_of(run.intersection(dry))
                    ways += [Way("minor_road", name, p) for p in pieces]
    return ways


def _runs(lattice: Lattice, across: bool, index: int, rng: Generator) -> list[shapely.LineString]:
    """Cut a minor line at the main lines it meets and leave some runs out."""
    main = lattice.main_v if across else lattice.main_u
    stops = np.unique(np.concatenate([[0], np.flatnonzero(main), [len(main) - 1]]))
    keeps = rng.random(len(stops) - 1) < 0.74
    return [
        lattice.line(across=across, index=index, first=int(a), last=int(b))
        for a, b, keep in zip(stops, stops[1:], keeps, strict=False)
        if keep
    ]


def join_ends(ways: list[Way], *, reach_m: float = 45.0) -> list[Way]:
    """Drop dead ends: minor pieces one end of which meets nothing and that are short."""
    lines = np.array([w.line for w in ways], dtype=object)
    tree = shapely.STRtree(lines)
    kept = []
    for i, way in enumerate(ways):
        ends = shapely.points(shapely.get_coordinates(way.line)[[0, -1]])
        meets = [
            any(j != i for j in tree.query(end, predicate="dwithin", distance=0.05)) for end in ends
        ]
        if way.kind != "minor_road" or all(meets) or way.line.length > reach_m:
            kept.append(way)
    return kept


@dataclass(frozen=True)
class CityBlock:
    """Ground between streets: up to their middle (``face``), and what they leave (``ground``)."""

    face: shapely.Polygon
    ground: shapely.Polygon


def city_blocks(ways: list[Way], terrain: Terrain) -> list[CityBlock]:
    """List the blocks of ground between the streets of the centre.

    Faces that lie along the water are left out.
    """
    network = shapely.union_all([w.line for w in ways], grid_size=0.01)
    faces = np.array(shapely.get_parts(shapely.polygonize([network])), dtype=object)
    inner = shapely.point_on_surface(faces)
    wet = shapely.intersects(terrain.corridor, inner)
    faces = faces[~wet & shapely.intersects(terrain.urban, inner)]
    main = shapely.union_all(
        [w.line.buffer(HALF_WIDTH_M["main_road"] + 2) for w in ways if w.kind == "main_road"]
    )
    shapely.prepare(main)
    ground = shapely.difference(shapely.buffer(faces, -HALF_WIDTH_M["minor_road"] - 1.5), main)
    return [
        CityBlock(face, part.simplify(0.3))
        for face, whole in zip(faces, ground, strict=True)
        for part in polygons_of(whole, smallest_m2=700)
    ]


def split_large(
    blocks: list[CityBlock], rng: Generator, *, most_m2: float
) -> tuple[list[CityBlock], list[Way]]:
    """Halve blocks that are too large, with a lane from street to street between the halves."""
    done: list[CityBlock] = []
    lanes: list[Way] = []
    rest = list(blocks)
    while rest:
        block = rest.pop(0)
        if block.ground.area <= most_m2:
            done.append(block)
            continue
        cut = _cross_cut(block.face, rng)
        faces = shapely.get_parts(
            shapely.polygonize([shapely.union_all([block.face.boundary, cut])])
        )
        aside = cut.buffer(LANE_HALF_M, cap_style="flat")
        halves = [
            CityBlock(face, part)
            for face in faces
            for part in polygons_of(
                block.ground.intersection(face).difference(aside), smallest_m2=700
            )
        ]
        lanes.append(Way("path", None, cut))
        rest += [h for h in halves if h.ground.area < block.ground.area * 0.85]
        done += [h for h in halves if h.ground.area >= block.ground.area * 0.85]
    return done, lanes


def _cross_cut(face: shapely.Polygon, rng: Generator) -> shapely.LineString:
    """Draw a line across the middle of the longer side, from border to border."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(face))
    sides = np.diff(box, axis=0)
    k = int(np.argmax(np.hypot(*sides.T)[:2]))
    share = rng.uniform(0.44, 0.56)
    a = box[k] + sides[k] * share
    b = box[(k + 3) % 4] + sides[k] * share
    parts = lines_of(shapely.LineString([a - (b - a), b + (b - a)]).intersection(face))
    return max(parts, key=lambda p: p.length)


def with_bridges(ways: list[Way], water: shapely.Geometry) -> list[tuple[Way, bool]]:
    """Cut ways at the water; the pieces above it are bridges."""
    shapely.prepare(water)
    out: list[tuple[Way, bool]] = []
    for way in ways:
        if not water.intersects(way.line):
            out.append((way, False))
            continue
        for bridge in (False, True):
            part = way.line.intersection(water) if bridge else way.line.difference(water)
            out += [(Way(way.kind, way.name, p), bridge) for p in lines_of(part)]
    return out
