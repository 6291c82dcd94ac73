"""Where the ground lies that is known, and how far from it other things are. Pure.

Everything is taken by its bounding box in degrees (west, south, east, north). That is exact enough
to tell what lies beside a town from what lies in another province, and quick for a million rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.geometry.crs import LON_LAT
from gis.geometry.zones import EASTINGS_M, WEB_MERCATOR, Zone, likely_zones, meridian_of

FAR_M = 50_000.0
"""Farther than this from everything known, a thing is asked about: a wrong zone of three degrees
moves by 190 km and more, neighbours of a county lie nearer."""

_METRES_PER_DEGREE = 111_320.0
_EARTH = Geod(ellps="WGS84")


class Neighbourhood:
    """The ground that is known, to hold other places against.

    Parameters
    ----------
    boxes
        (n, 4) west, south, east, north in degrees, at least one.
    names
        (n,) what is there, for messages.

    Examples
    --------
    >>> town = Neighbourhood([(114.12, 30.08, 114.14, 30.1)], ["West"])
    >>> [round(float(m) / 1000) for m in town.distance_m([(117.126, 30.06, 117.126, 30.06)])]
    [288]
    """

    def __init__(self, boxes: object, names: Sequence[str] = ()) -> None:
        self.boxes = np.asarray(boxes, dtype=float).reshape(-1, 4)
        self.names = list(names)
        south, north = self.boxes[:, 1].min(), self.boxes[:, 3].max()
        self._narrowing = max(0.05, float(np.cos(np.radians((south + north) / 2))))
        self._tree = shapely.STRtree(self._flat(self.boxes))

    def _flat(self, boxes: np.ndarray) -> np.ndarray:
        """Draw boxes in a plane where both directions count alike in the neighbourhood."""
        west, south, east, north = boxes.T
        return shapely.box(west * self._narrowing, south, east * self._narrowing, north)

    def distance_m(self, boxes: object) -> np.ndarray:
        """Give how far each of (m, 4) boxes lies from the nearest ground; nan where it has none."""
        return self._nearest(np.asarray(boxes, dtype=float).reshape(-1, 4))[0]

    def nearest_name(self, box: object) -> str | None:
        """Give the name of the ground nearest to a box."""
        _, nearest = self._nearest(np.asarray(box, dtype=float).reshape(1, 4))
        return self.names[nearest[0]] if nearest[0] >= 0 and self.names else None

    def _nearest(self, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away_m = np.full(len(boxes), np.nan)
        nearest = np.full(len(boxes), -1)
        known = np.flatnonzero(np.isfinite(boxes).all(axis=1))
        if not len(known):
            return away_m, nearest
        flat = self._flat(boxes[known])
        at, found = self._tree.query_nearest(flat, all_matches=False)
        nearest[known[at]] = found
        away_m[known[at]] = _box_distance_m(boxes[known[at]], self.boxes[found])
        return away_m, nearest

    def landing_zones(self, x: float, y: float, *, most: int = 3) -> list[Zone]:
        """List systems in metres in which numbers come to lie near here, nearest first.

        Parameters
        ----------
        x, y
            The middle of the numbers, as given.
        most
            How many are given at most.

        Examples
        --------
        >>> town = Neighbourhood([(114.12, 30.08, 114.14, 30.1)])
        >>> town.landing_zones(12704398.0, 3514226.0)
        [Zone(epsg=3857, is_swapped=False)]
        >>> town.landing_zones(3329114.0, 512258.0)[0]
        Zone(epsg=4547, is_swapped=True)
        """
        landed = []
        for is_swapped, (east, north) in enumerate([(x, y), (y, x)]):
            for order, code in enumerate(self._codes(east, north)):
                away_m = self._landing_m(code, east, north)
                if away_m <= FAR_M:
                    landed.append((away_m, is_swapped, order, code))
        return [Zone(code, is_swapped=bool(turned)) for _, turned, _, code in sorted(landed)[:most]]

    def _codes(self, east: float, north: float) -> list[int]:
        """List the systems worth trying: China's zones, the UTM zones here, Web Mercator."""
        numbers = np.array([east]), np.array([north])
        codes = [z.epsg for z in likely_zones(*numbers, mercator=False) if not z.is_swapped]
        if len(codes) > 1:
            codes = [c for c in codes if self._has_meridian(_meridian(c))]
        if EASTINGS_M[0] <= east <= EASTINGS_M[1] and 0 <= north <= 10_000_000:
            lon = (self.boxes[:, 0].min() + self.boxes[:, 2].max()) / 2
            zone = int((lon + 180) // 6) + 1
            codes += [32600 + z for z in range(max(1, zone - 1), min(60, zone + 1) + 1)]
        return [*codes, WEB_MERCATOR] if max(abs(east), abs(north)) <= 20_040_000 else codes

    def _has_meridian(self, meridian: float) -> bool:
        """Say whether any of the ground lies so near a meridian that it may be mapped by it."""
        return bool(np.any((self.boxes[:, 0] < meridian + 6) & (self.boxes[:, 2] > meridian - 6)))

    def _landing_m(self, code: int, east: float, north: float) -> float:
        lon, lat = _to_lon_lat(code).transform(east, north)
        if not (np.isfinite(lon) and np.isfinite(lat)):
            return np.inf
        return float(self.distance_m((lon, lat, lon, lat))[0])


@lru_cache(maxsize=128)
def _to_lon_lat(code: int) -> Transformer:
    return Transformer.from_crs(code, LON_LAT, always_xy=True)


@lru_cache(maxsize=128)
def _meridian(code: int) -> float:
    return meridian_of(CRS.from_epsg(code)) or 0.0


def _box_distance_m(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Give the distances between boxes, 0 where they meet."""
    (w, s, e, n), (west, south, east, north) = boxes.T, others.T
    lat = np.clip((south + north) / 2, s, n)
    other_lat = np.clip(lat, south, north)
    lon = np.clip((west + east) / 2, w, e)
    other_lon = np.clip(lon, west, east)
    return np.asarray(_EARTH.inv(lon, lat, other_lon, other_lat)[2], dtype=float)


def bounds_of(shapes: object) -> np.ndarray:
    """Give the (n, 4) boxes of shapes; nan for those that are missing."""
    return shapely.bounds(np.asarray(shapes, dtype=object)).reshape(-1, 4)


def find_strays(boxes: object, known: Neighbourhood | None) -> np.ndarray:
    """Say which things lie far from everything, one another included.

    What lies within `FAR_M` of known ground, or of something else that does, belongs. Where nothing
    is known the largest group belongs, if it holds more than half of the things.

    Parameters
    ----------
    boxes
        (n, 4) west, south, east, north in degrees.
    known
        Ground known before, or None.

    Returns
    -------
    (n,) metres to the nearest thing that belongs, or, where nothing does, to the nearest other
    group; 0 for what belongs itself.

    Examples
    --------
    >>> towns = [(10.0 + i / 100, 50, 10.01 + i / 100, 50.01) for i in range(3)]
    >>> (find_strays([*towns, (14, 50, 14.01, 50.01)], None) > 0).tolist()
    [False, False, False, True]
    """
    boxes = np.asarray(boxes, dtype=float).reshape(-1, 4)
    away_m = np.zeros(len(boxes))
    rows = np.flatnonzero(np.isfinite(boxes).all(axis=1))
    near = None if known is None else known.distance_m(boxes[rows]) <= FAR_M
    if not len(rows) or (near is not None and near.all()):
        return away_m
    group = _groups(boxes[rows])
    if near is not None:
        belongs = np.isin(group, np.unique(group[near]))
    else:
        sizes = np.bincount(group)
        belongs = (group == sizes.argmax()) & (sizes.max() * 2 > len(rows))
    for i in np.flatnonzero(~belongs):
        others = boxes[rows[belongs if belongs.any() else group != group[i]]]
        ground = [known.boxes] if known is not None else []
        if len(others) or ground:
            home = Neighbourhood(np.concatenate([*ground, others]))
            away_m[rows[i]] = home.distance_m(boxes[rows[i]])[0]
    return away_m


def _groups(boxes: np.ndarray) -> np.ndarray:
    """Give each box the number of its group: boxes within `FAR_M` of one another are of one."""
    lat = np.clip(np.abs((boxes[:, 1] + boxes[:, 3]) / 2), 0, 85)
    narrowing = float(np.cos(np.radians(np.median(lat))))
    west, south, east, north = boxes.T
    flat = shapely.box(west * narrowing, south, east * narrowing, north)
    reach = FAR_M / _METRES_PER_DEGREE
    left, right = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=reach)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(boxes), len(boxes)))
    return connected_components(graph, directed=False)[1]
