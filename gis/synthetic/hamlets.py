"""Villages of hamlets on hillsides: where they lie, their lanes and houses, the roads between.

Pure; plane coordinates in metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from gis.synthetic.country_roads import valley_ways
from gis.synthetic.relief import Relief
from gis.synthetic.shapes import make_boxes
from gis.synthetic.streets import Way
from gis.synthetic.terrain import Terrain

LANE_M = 36.0
FRONT_M = 15.5
MOST_HOUSES = 240
APART_M = 330.0
GENTLE_SLOPE = 0.22
"""Rise over run; steeper ground is seldom built on."""


@dataclass(frozen=True)
class Hamlet:
    """One hamlet of a village.

    Parameters
    ----------
    village
        Number of the village.
    middle
        Its middle.
    houses
        Footprints.
    rank
        (houses,) order of the houses: lane by lane, along each lane.
    lanes
        Lanes between the houses and the road through the middle.
    """

    village: int
    middle: tuple[float, float]
    houses: NDArray[np.object_]
    rank: NDArray[np.int64]
    lanes: tuple[Way, ...]


def hamlet_sites(
    places: NDArray[np.float64],
    village: NDArray[np.int64],
    n_houses: NDArray[np.int64],
    terrain: Terrain,
    borders: shapely.Geometry,
    rng: Generator,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Choose where the hamlets of each village lie and how many houses each has.

    Parameters
    ----------
    places
        (c, 2) possible middles, such as those of the cells of the open land.
    village
        (c,) village of each.
    n_houses
        (v,) houses of each village.
    borders
        Borders of the communities; hamlets keep off them where they can.

    Returns
    -------
    middle, owner, houses
        (h, 2), (h,) and (h,) middle, village and number of houses of each hamlet.
    """
    likes = _liking(places, terrain)
    to_border = shapely.distance(shapely.points(places), borders)
    likes = likes * np.clip(to_border / 210.0, 0.02, 1.0) ** 2
    taken = np.zeros((0, 2))
    rows: list[tuple[int, int]] = []
    houses: list[int] = []
    for k in np.argsort(-n_houses, kind="stable"):
        sizes = _sizes(int(n_houses[k]), rng)
        able = np.flatnonzero((village == k) & (likes > 0))
        order = able[np.argsort(-(likes[able] * rng.uniform(0.5, 1.0, len(able))), kind="stable")]
        chosen, taken = _apart(order, places, taken, len(sizes))
        rows += [(int(k), i) for i in chosen]
        houses += _sizes(int(n_houses[k]), rng, n=len(chosen))
    spots = np.array([i for _, i in rows])
    return places[spots], np.array([k for k, _ in rows]), np.array(houses)


def _sizes(n_houses: int, rng: Generator, *, n: int | None = None) -> list[int]:
    """Split the houses of a village over hamlets of 40 to 240 houses, roughly."""
    n = n or max(1, int(np.ceil(n_houses / rng.uniform(95, 170))))
    share = rng.dirichlet(np.full(n, 6.0))
    sizes = np.maximum(1, np.floor(share * n_houses)).astype(int)
    sizes[np.argmax(sizes)] += max(0, n_houses - int(sizes.sum()))
    return sizes.tolist()


def _liking(places: NDArray[np.float64], terrain: Terrain) -> NDArray[np.float64]:
    """Tell how fit each place is: gentle ground near a stream or the foot of the hills is best.

    Never wet, urban or at the border.
    """
    points = shapely.points(places)
    streams = shapely.union_all(list(terrain.streams))
    to_stream = (
        shapely.distance(points, streams) if len(terrain.streams) else np.full(len(points), np.inf)
    )
    far = [
        (shapely.distance(points, terrain.urban), 190.0),
        (shapely.distance(points, shapely.union_all(list(terrain.rivers))), 260.0),
        (to_stream, 75.0),
        (shapely.distance(points, terrain.rail), 170.0),
        (shapely.distance(points, terrain.motorway), 190.0),
        (shapely.distance(points, terrain.territory.boundary), 260.0),
    ]
    fit = np.all([d > least for d, least in far], axis=0)
    to_foot = shapely.distance(points, terrain.valley.boundary)
    near = 0.1 + np.exp(-to_foot / 450.0) + np.exp(-to_stream / 260.0)
    gentle = np.exp(-((terrain.relief.slope(places) / GENTLE_SLOPE) ** 2))
    return np.where(fit, near * (0.002 + gentle), 0.0)


def _apart(
    order: NDArray[np.int64], places: NDArray[np.float64], taken: NDArray[np.float64], n: int
) -> tuple[list[int], NDArray[np.float64]]:
    """Take places in order that keep their distance from all taken before."""
    chosen: list[int] = []
    for i in order:
        if len(chosen) == n:
            break
        if not len(taken) or np.hypot(*(taken - places[i]).T).min() > APART_M:
            chosen.append(int(i))
            taken = np.concatenate([taken, places[i : i + 1]])
    return chosen, taken


def build_hamlet(
    village: int,
    middle: NDArray[np.float64],
    n_houses: int,
    angle: float,
    bend: float,
    rng: Generator,
) -> Hamlet:
    """Set houses along lanes that follow the contours, crossed by one road up the slope.

    Parameters
    ----------
    angle, bend
        Direction of the contour through the middle, and its curvature; see `contours_at`.
    """
    n_houses = min(n_houses, 2 * MOST_HOUSES)
    half_m = float(half_width_m(n_houses))
    n_lanes = max(1, int(round(1.5 * half_m / LANE_M)))
    across = (np.arange(n_lanes) - (n_lanes - 1) / 2) * LANE_M

    def ground(along: NDArray[np.float64], over: NDArray[np.float64]) -> NDArray[np.float64]:
        y = over + bend * along**2
        cos, sin = np.cos(angle), np.sin(angle)
        return np.stack([along * cos - y * sin, along * sin + y * cos], axis=-1) + middle

    n_along = int(np.ceil(3.2 * half_m / FRONT_M / 2)) * 2
    slots = (np.arange(n_along) - (n_along - 1) / 2) * FRONT_M
    lane, side, along = (
        g.reshape(-1) for g in np.meshgrid(np.arange(n_lanes), [1.0, -1.0], slots, indexing="ij")
    )
    along = along + rng.uniform(-1.6, 1.6, len(along))
    depth = rng.uniform(8.5, 11.5, len(along))
    over = across[lane] + side * (depth / 2 + 3.0)
    far = np.hypot(along / 1.6, over) * rng.uniform(0.88, 1.2, len(along))
    far[np.abs(along) < 12.5] = np.inf
    near = np.sort(np.argsort(far, kind="stable")[:n_houses])
    centre = ground(along[near], over[near])
    turn = angle + np.arctan(2 * bend * along[near]) + rng.normal(0, 0.03, len(near))
    houses = make_boxes(centre, rng.uniform(9.5, 13.2, len(near)), depth[near], turn)
    rank = np.argsort(np.lexsort((side[near], along[near], lane[near])))
    ways = _lanes_of(lane[near], along[near], across, ground)
    spine = np.linspace(across[0] - 30, across[-1] + 30, 9)
    road = shapely.LineString(np.round(ground(np.zeros(9), spine), 3))
    lanes = (Way("minor_road", None, road), *ways)
    return Hamlet(village, (float(middle[0]), float(middle[1])), houses, rank, lanes)


def half_width_m(n_houses: ArrayLike) -> NDArray[np.float64]:
    """Say how far a hamlet of so many houses reaches from its middle."""
    n = np.minimum(n_houses, 2 * MOST_HOUSES)
    return np.sqrt(n * LANE_M * FRONT_M / 2 / np.pi) + 22


def contours_at(
    middle: NDArray[np.float64], half_m: NDArray[np.float64], relief: Relief
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the direction of the contours through places, and how they bend (1 / m).

    Parameters
    ----------
    middle
        (h, 2) places.
    half_m
        (h,) how far to follow the contour to both sides.
    """
    angle = relief.along(middle)
    both = np.concatenate([half_m, -half_m])[:, None] / 4
    path = relief.trace(np.concatenate([middle, middle]), both, 4, uphill=False)[:, 1:]
    far = np.concatenate(np.split(path, 2), axis=1) - middle[:, None]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    along, over = far[..., 0] * cos + far[..., 1] * sin, far[..., 1] * cos - far[..., 0] * sin
    bend = (over * along**2).sum(axis=1) / np.maximum((along**4).sum(axis=1), 1.0)
    most = 0.35 / half_m
    return angle, np.clip(bend, -most, most)


def _lanes_of(
    lane: NDArray[np.int64],
    along: NDArray[np.floating],
    across: NDArray[np.floating],
    ground: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
) -> list[Way]:
    """Draw each lane from its first to its last house, through the road in the middle."""
    ways = []
    for k, over in enumerate(across):
        here = along[lane == k]
        if len(here):
            t = np.linspace(min(here.min() - 8, 0), max(here.max() + 8, 0), 11)
            t = np.unique(np.concatenate([t, [0.0]]))
            ways.append(Way("path", None, shapely.LineString(ground(t, np.full(len(t), over)))))
    return ways


def village_roads(
    hamlets: list[Hamlet], gates: NDArray[np.float64], terrain: Terrain
) -> list[shapely.LineString]:
    """Join all hamlets with the main roads through the valleys.

    Parameters
    ----------
    hamlets
        Their roads through the middle are what is joined, at the end that is nearer.
    gates
        (g, 2) points on main roads, which are joined with one another already.
    """
    ends = [shapely.get_coordinates(h.lanes[0].line)[[0, -1]] for h in hamlets]
    return valley_ways(terrain, ends, gates)
