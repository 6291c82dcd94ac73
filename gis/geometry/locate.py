"""Find the polygon each point lies in, for a million points a second and more. Pure.

One border rule for the whole project: a point on a border shared by several polygons belongs to
the one with the smallest row; polygons in the order of their ids make this the smallest id. A
point on the outer border is inside.

Coordinates are taken as they are, in whatever system points and polygons share.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from gis.errors import InvalidInput
from gis.geometry.raster import OUTSIDE, UNDECIDED, fill_polygon, locate_points, mark_polygon

MOST_CELLS_PER_SIDE = 4096
LEAST_CELLS_PER_SIDE = 64
CELLS_PER_SEGMENT = 60
PLAIN_SIDES = (1e-140, 1e150)
FEWEST_STEPS = 2.0**30
"""Extents beyond these sides, or of fewer steps between neighbouring numbers, are left to GEOS."""

EdgeCells = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Of the cells that borders touch: offsets, rows of polygons to test, rows that fill the cells."""


class PolygonLocator:
    """An index of polygons that answers in which one points lie.

    Parameters
    ----------
    polygons
        (n,) polygons or multipolygons, or a frame of them; missing and empty ones hold nothing.
    cells_per_side
        Size of the raster; chosen by the number of segments when not given.

    Raises
    ------
    InvalidInput
        Something in it is not a polygon, or has a coordinate that is not a finite number.

    Examples
    --------
    >>> locator = PolygonLocator([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    >>> locator.locate([1.0, 2.0, 3.0, 9.0], [1.0, 1.0, 2.0, 1.0]).tolist()
    [0, 0, 1, -1]
    """

    def __init__(self, polygons: Iterable, *, cells_per_side: int | None = None) -> None:
        shapes = polygons.geometry if hasattr(polygons, "geometry") else polygons
        self.polygons = np.asarray(list(shapes), dtype=object)
        self._refuse_other_kinds()
        self._segments, self._starts = _all_segments(self.polygons)
        self._refuse_no_numbers()
        self._tree = shapely.STRtree(self.polygons)
        self._place_raster(cells_per_side)
        self._raster, self._edge = self._draw_raster()

    def _refuse_other_kinds(self) -> None:
        kinds = shapely.get_type_id(self.polygons)
        odd = np.flatnonzero(~np.isin(kinds, (-1, 3, 6)) & ~shapely.is_empty(self.polygons))
        if len(odd):
            raise InvalidInput(
                f"row {odd[0] + 1} holds a {self.polygons[odd[0]].geom_type}: expected polygons; "
                "leave lines and points out"
            )

    def _refuse_no_numbers(self) -> None:
        odd = np.flatnonzero(~np.isfinite(self._segments).all(axis=1))
        if len(odd):
            row = np.searchsorted(self._starts, odd[0], side="right")
            raise InvalidInput(
                f"row {row} has a coordinate that is not a finite number; leave it out or mend it"
            )

    def _place_raster(self, cells_per_side: int | None) -> None:
        """Choose corner, size and resolution of the raster."""
        n_segments = len(self._segments)
        if cells_per_side is None:
            cells_per_side = int(np.sqrt(n_segments * CELLS_PER_SEGMENT))
            cells_per_side = np.clip(cells_per_side, LEAST_CELLS_PER_SIDE, MOST_CELLS_PER_SIDE)
        self._n = int(cells_per_side)
        corners = self._segments.reshape(-1, 2)
        low = corners.min(axis=0) if n_segments else np.zeros(2)
        high = corners.max(axis=0) if n_segments else np.zeros(2)
        self._x0, self._y0 = float(low[0]), float(low[1])
        with np.errstate(over="ignore"):
            self._width, self._height = (high - low).tolist()
        side, step = max(self._width, self._height), np.spacing(np.abs(corners).max(initial=0.0))
        least, most = PLAIN_SIDES
        self._is_plain = max(FEWEST_STEPS * step, least) < side < most
        self._per_cell = self._n / side if self._is_plain else 1.0
        self._slack = 1e-6 / self._per_cell + 4 * step

    def _draw_raster(self) -> tuple[np.ndarray, EdgeCells]:
        """Fill the raster polygon by polygon, and list what edge cells must test."""
        if not self._is_plain:
            nothing = np.zeros(0, dtype=np.int64)
            return np.zeros((0, 0), dtype=np.int32), (nothing, nothing, nothing)
        n, place = self._n, (self._x0, self._y0, self._per_cell, self._n)
        full = np.full((n, n), OUTSIDE, dtype=np.int32)
        touched = np.zeros((n, n), dtype=np.bool_)
        room = np.empty(4096, dtype=np.int64)
        cells, owners = [], []
        for row in range(len(self.polygons)):
            own = self._segments[self._starts[row] : self._starts[row + 1]]
            if not len(own):
                continue
            listed, room = self._mark(own, touched, room)
            fill_polygon(own, row, *place, touched, full, np.empty(len(own)))
            touched.ravel()[listed] = False
            cells.append(listed)
            owners.append(np.full(len(listed), row, dtype=np.int64))
        return _with_edge_cells(full, cells, owners)

    def _mark(
        self, segments: np.ndarray, touched: np.ndarray, room: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """List the cells one border touches, with more room as long as it takes."""
        while True:
            count = mark_polygon(
                segments, self._x0, self._y0, self._per_cell, self._n, self._slack, touched, room
            )
            if count >= 0:
                return room[:count].copy(), room
            touched.ravel()[room] = False
            room = np.empty(4 * len(room), dtype=np.int64)

    @property
    def cells_per_side(self) -> int:
        """Cells of the raster along a side."""
        return self._n

    @property
    def n_bytes(self) -> int:
        """Memory of the raster and its lists, the polygons themselves left out."""
        arrays = (self._raster, *self._edge, self._segments, self._starts)
        return sum(a.nbytes for a in arrays)

    def locate(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Give the smallest row of the polygons that cover each point.

        Parameters
        ----------
        x, y
            (p,) coordinates in the system of the polygons.

        Returns
        -------
        (p,) row numbers; -1 outside, and for coordinates that are not numbers.
        """
        x = np.ascontiguousarray(x, dtype=float)
        y = np.ascontiguousarray(y, dtype=float)
        if not self._is_plain:
            return self.locate_exactly(x, y)
        found = locate_points(
            x, y, self._x0, self._y0, self._per_cell, self._n, self._width, self._height,
            self._raster, self._edge, self._segments, self._starts,
        )  # fmt: skip
        open_ones = np.flatnonzero(found == UNDECIDED)
        found[open_ones] = self.locate_exactly(x[open_ones], y[open_ones])
        return found

    def locate_exactly(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Answer like `locate`, point by point with exact predicates: slower, and its oracle."""
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        points = shapely.points(np.asarray(x)[known], np.asarray(y)[known])
        point, polygon = self._tree.query(points, predicate="intersects")
        found = np.full(len(x), len(self.polygons), dtype=np.int64)
        point = known[point]
        np.minimum.at(found, point, polygon)
        return np.where(found < len(self.polygons), found, OUTSIDE)


def _all_segments(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the segments of all polygons in row order: (s, 4) and (n + 1,) offsets."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    segments = np.ascontiguousarray(np.hstack([xy[:-1], xy[1:]])[inner])
    row = owner[ring_part[ring[1:][inner]]]
    return segments, np.searchsorted(row, np.arange(len(polygons) + 1))


def _with_edge_cells(
    full: np.ndarray, cells: list[np.ndarray], owners: list[np.ndarray]
) -> tuple[np.ndarray, EdgeCells]:
    """Give numbers to the edge cells in the raster and give their lists of polygons."""
    nothing = np.zeros(0, dtype=np.int64)
    cell, owner = np.concatenate([nothing, *cells]), np.concatenate([nothing, *owners])
    order = np.lexsort((owner, cell))
    edge, first = np.unique(cell[order], return_index=True)
    offsets = np.append(first, len(cell))
    filling = full.ravel()[edge].astype(np.int64)
    full.ravel()[edge] = -2 - np.arange(len(edge))
    return full, (offsets, owner[order], filling)
