"""Villages of hamlets on hillsides: where they lie, their lanes and houses, the roads between.

Pure; plane coordinates in metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse.csgraph import minimum_spanning_tree

from gis.synthetic.shapes import make_boxes, winding_line
from gis.synthetic.streets import Way
from gis.synthetic.terrain import Terrain

LANE_M = 36.0
FRONT_M = 15.5
MOST_HOUSES = 240
APART_M = 330.0


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
    """Tell how fit each place is: foot of the hills best, never wet, urban or at the border."""
    points = shapely.points(places)
    far = [
        (shapely.distance(points, terrain.urban), 190.0),
        (shapely.distance(points, shapely.union_all([terrain.water])), 230.0),
        (shapely.distance(points, terrain.rail), 170.0),
        (shapely.distance(points, terrain.motorway), 190.0),
        (shapely.distance(points, terrain.territory.boundary), 260.0),
    ]
    fit = np.all([d > least for d, least in far], axis=0)
    to_foot = shapely.distance(points, terrain.valley.boundary)
    return np.where(fit, 0.15 + np.exp(-to_foot / 700.0), 0.0)


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
    village: int, middle: NDArray[np.float64], n_houses: int, rng: Generator
) -> Hamlet:
    """Set houses along curved lanes that follow the slope, crossed by one road."""
    n_houses = min(n_houses, 2 * MOST_HOUSES)
    half_m = np.sqrt(n_houses * LANE_M * FRONT_M / 2 / np.pi) + 22
    n_lanes = max(1, int(round(1.5 * half_m / LANE_M)))
    angle, bend = rng.uniform(0, np.pi), rng.uniform(-1, 1) / 900
    across = (np.arange(n_lanes) - (n_lanes - 1) / 2) * LANE_M

    def ground(along: NDArray[np.float64], over: NDArray[np.float64]) -> NDArray[np.float64]:
        y = over + bend * along**2
        cos, sin = np.cos(angle), np.sin(angle)
        return np.stack([along * cos - y * sin, along * sin + y * cos], axis=-1) + middle

    n_along = int(np.ceil(2.6 * half_m / FRONT_M / 2)) * 2
    slots = (np.arange(n_along) - (n_along - 1) / 2) * FRONT_M
    lane, side, along = (
        g.reshape(-1) for g in np.meshgrid(np.arange(n_lanes), [1.0, -1.0], slots, indexing="ij")
    )
    along = along + rng.uniform(-1.6, 1.6, len(along))
    depth = rng.uniform(8.5, 11.5, len(along))
    over = across[lane] + side * (depth / 2 + 3.0)
    far = np.hypot(along / 1.35, over) * rng.uniform(0.88, 1.2, len(along))
    far[np.abs(along) < 12.5] = np.inf
    near = np.sort(np.argsort(far, kind="stable")[:n_houses])
    centre = ground(along[near], over[near])
    turn = angle + np.arctan(2 * bend * along[near]) + rng.normal(0, 0.03, len(near))
    houses = make_boxes(*centre.T, rng.uniform(9.5, 13.2, len(near)), depth[near], turn)
    rank = np.argsort(np.lexsort((side[near], along[near], lane[near])))
    ways = _lanes_of(lane[near], along[near], across, ground)
    spine = np.linspace(across[0] - 30, across[-1] + 30, 9)
    road = shapely.LineString(np.round(ground(np.zeros(9), spine), 3))
    lanes = (Way("minor_road", None, road), *ways)
    return Hamlet(village, (float(middle[0]), float(middle[1])), houses, rank, lanes)


def _lanes_of(
    lane: NDArray[np.int64],
    along: NDArray[np.float64],
    across: NDArray[np.float64],
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
    hamlets: list[Hamlet],
    gates: NDArray[np.float64],
    rivers: tuple[shapely.LineString, ...],
    rng: Generator,
) -> list[shapely.LineString]:
    """Join all hamlets with the main roads by the shortest tree of winding roads.

    Parameters
    ----------
    hamlets
        Their roads through the middle are what is joined.
    gates
        (g, 2) points on main roads, which are joined with one another already.
    rivers
        Crossing one counts as a long way.
    """
    places = np.concatenate([np.array([h.middle for h in hamlets]), gates])
    n = len(hamlets)
    gap = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    lines = shapely.linestrings(
        np.stack(np.broadcast_arrays(places[:, None], places[None]), axis=2).reshape(-1, 2, 2)
    )
    wet = shapely.intersects(shapely.union_all(list(rivers)), lines).reshape(gap.shape)
    cost = gap + 1_200.0 * wet
    cost[n:, n:] = 1e-6
    np.fill_diagonal(cost, 0)
    a, b = minimum_spanning_tree(cost).nonzero()
    return [
        winding_line(_end(i, j, hamlets, places), _end(j, i, hamlets, places), rng)
        for i, j in sorted(zip(a.tolist(), b.tolist(), strict=True))
        if not (i >= n and j >= n)
    ]


def _end(
    i: int, other: int, hamlets: list[Hamlet], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Where a road to another place leaves: the nearer end of a hamlet's road, or the gate."""
    if i >= len(hamlets):
        return places[i]
    ends = shapely.get_coordinates(hamlets[i].lanes[0].line)[[0, -1]]
    return ends[np.argmin(np.hypot(*(ends - places[other]).T))]
