"""Spikes of polygons in degrees: ways there and back that enclose nothing."""

from __future__ import annotations

import numpy as np
import shapely

from gis.geometry.local_plane import Plane

SPIKE_M = 1e-3
"""A corner narrower than this is a spike: what came together here was one line."""

Shapes = np.ndarray


def without_spikes(shapes: Shapes) -> Shapes:
    """Take out corners at which a ring turns back on itself, nearer than what is welded.

    Overlays of lines that run beside one another leave such corners; no two outlines can meet in
    them.

    Examples
    --------
    >>> thorn = shapely.Polygon([(0, 0), (4, 0), (4, 2), (6, 2), (4, 2), (4, 4), (0, 4)])
    >>> shapely.to_wkt(without_spikes(np.array([thorn]))).tolist()
    ['POLYGON ((0 0, 4 0, 4 2, 4 4, 0 4, 0 0))']
    """
    result = np.asarray(shapes, dtype=object).copy()
    for row, shape in enumerate(result):
        if shape is None or shapely.is_empty(shape):
            continue
        plane = Plane(shapely.get_coordinates(shape))
        parts = [_part_without_spikes(part, plane) for part in shapely.get_parts(shape)]
        if any(changed for _, changed in parts):
            kept = [part for part, _ in parts if part is not None]
            one = len(kept) == 1
            result[row] = kept[0] if one else shapely.multipolygons(kept)
    return result


def _part_without_spikes(
    part: shapely.Polygon, plane: Plane
) -> tuple[shapely.Polygon | None, bool]:
    rings = [shapely.get_coordinates(r) for r in shapely.get_rings(part)]
    bare = [_ring_without_spikes(r, plane) for r in rings]
    if all(len(b) == len(r) for b, r in zip(bare, rings, strict=True)):
        return part, False
    shell, *holes = bare
    holes = [h for h in holes if len(h) >= 4]
    return (shapely.Polygon(shell, holes) if len(shell) >= 4 else None), True


def _ring_without_spikes(ring: np.ndarray, plane: Plane) -> np.ndarray:
    """Take the spikes out of a closed ring, (n, 2); fewer than 4 rows when nothing is left."""
    ring = ring[:-1]
    while len(ring) >= 3:
        xy = plane(ring)
        before, after = np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0)
        turns_back = ((xy - before) * (after - xy)).sum(axis=1) < 0
        corner = np.flatnonzero(turns_back)
        near = np.minimum(
            _off_m(after[corner], before[corner], xy[corner]),
            _off_m(before[corner], xy[corner], after[corner]),
        )
        spikes = corner[near <= SPIKE_M]
        if not len(spikes):
            own = (ring != np.roll(ring, 1, axis=0)).any(axis=1)
            return np.vstack([ring[own], ring[own][:1]])
        apart = np.concatenate([[True], np.diff(spikes) > 1])
        ring = np.delete(ring, spikes[apart], axis=0)
        if not len(ring):
            break
    return ring


def _off_m(points: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Give how far points lie from segments; (k,)."""
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    return shapely.distance(shapely.points(points), lines)
