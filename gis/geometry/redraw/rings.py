"""New vertices in the rings of polygons, all other coordinates kept byte for byte. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

Place = tuple[float, float]
Insertions = Mapping[tuple[Place, Place], Sequence[Place]]
"""Vertices to put into a segment, by its two ends, in order from the first end."""


def insert_vertices(shape: shapely.Geometry, insertions: Insertions) -> shapely.Geometry:
    """Put vertices into the segments of a polygon, whichever way its rings run.

    Examples
    --------
    >>> square = shapely.from_wkt("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))")
    >>> shapely.to_wkt(insert_vertices(square, {((2.0, 2.0), (2.0, 0.0)): [(2.0, 1.0)]}))
    'POLYGON ((0 0, 2 0, 2 1, 2 2, 0 2, 0 0))'
    """
    both = dict(insertions)
    both |= {(b, a): list(reversed(new)) for (a, b), new in insertions.items()}
    parts = [_insert(part, both) for part in shapely.get_parts(shape)]
    return shapely.multipolygons(parts) if shape.geom_type == "MultiPolygon" else parts[0]


def _insert(polygon: shapely.Polygon, insertions: Insertions) -> shapely.Polygon:
    rings = []
    for ring in shapely.get_rings(polygon):
        places = list(map(tuple, shapely.get_coordinates(ring).tolist()))
        full = [places[0]]
        for start, end in zip(places, places[1:], strict=False):
            full += [*insertions.get((start, end), ()), end]
        rings.append(full)
    return shapely.Polygon(rings[0], rings[1:])


def ring_segments(shape: shapely.Geometry) -> np.ndarray:
    """Give the segments of all rings: (s, 2, 2)."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    return np.stack([xy[:-1], xy[1:]], axis=1)[inner]
