"""Barriers as the checker sees them: short pieces of known kind and strength.

Long rivers have thousands of vertices; pieces of one segment keep every test of nearness short.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

BARRIER_KINDS = ("river", "rail", "motorway", "main_road", "wall", "minor_road", "path")
"""Kinds of barrier, the strongest first."""

UNKNOWN_KIND = "minor_road"
"""What a barrier without a known kind counts as."""

BARRIER_REACH_M = 3.0
"""A border this near to a barrier follows it."""

STRONG_KINDS = ("river", "rail", "motorway")
"""Barriers that nobody crosses on foot but where another way leads over them."""

CROSSING_KINDS = ("main_road", "minor_road", "path")
"""Ways that lead over a strong barrier where they meet it."""


@dataclass(frozen=True)
class BarrierPieces:
    """Barriers cut at every vertex.

    Parameters
    ----------
    kind
        (n,) place of each piece's kind in `BARRIER_KINDS`.
    shape
        (n,) lines of one segment; and barriers given as polygons, whole, beside their outline.
    """

    kind: np.ndarray
    shape: np.ndarray

    def lines_of(self, kinds: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Give the lines of some kinds: their kinds (places in `BARRIER_KINDS`) and shapes."""
        wanted = np.isin(self.kind, [BARRIER_KINDS.index(k) for k in kinds])
        wanted &= shapely.get_dimensions(self.shape) == 1
        return self.kind[wanted], self.shape[wanted]


def cut_barriers(barriers: gpd.GeoDataFrame) -> BarrierPieces:
    """Cut barriers into pieces; a polygon gives its outline and its inside.

    Examples
    --------
    >>> pieces = cut_barriers(gpd.GeoDataFrame({"kind": ["rail"]},
    ...     geometry=[shapely.LineString([(0, 0), (5, 0), (5, 5)])]))
    >>> [BARRIER_KINDS[k] for k in pieces.kind], shapely.length(pieces.shape).tolist()
    (['rail', 'rail'], [5.0, 5.0])
    """
    shapes = np.asarray(barriers.geometry.array, dtype=object)
    kinds = _kind_places(barriers)
    flat = shapely.get_dimensions(shapes) == 2
    lines = np.where(flat, shapely.boundary(shapes), shapes)
    parts, owner = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    inner = part[1:] == part[:-1]
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[inner])
    return BarrierPieces(
        np.concatenate([kinds[owner[part[1:][inner]]], kinds[flat]]),
        np.concatenate([np.asarray(segments, dtype=object), shapes[flat]]),
    )


def _kind_places(barriers: gpd.GeoDataFrame) -> np.ndarray:
    column = barriers["kind"] if "kind" in barriers else [UNKNOWN_KIND] * len(barriers)
    place = {kind: i for i, kind in enumerate(BARRIER_KINDS)}
    return np.array([place.get(kind, place[UNKNOWN_KIND]) for kind in column], dtype=np.int64)
