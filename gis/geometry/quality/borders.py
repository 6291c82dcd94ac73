"""The borders between grids: how long, and along which barrier each metre runs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.quality.barriers import (
    BARRIER_KINDS,
    BARRIER_REACH_M,
    BarrierPieces,
    cut_barriers,
)

OPEN = len(BARRIER_KINDS)
"""Number of open ground, after all kinds."""


def trace_borders(
    grids: gpd.GeoDataFrame, *, barriers: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Draw the borders between grids, cut where they leave one barrier for another.

    Parameters
    ----------
    grids
        ``grid`` (any name of it) and polygons of a coverage.
    barriers
        Lines with ``kind``.

    Returns
    -------
    borders
        ``grid_a, grid_b, kind`` ('' over open ground), ``length_m`` and lines, in the CRS of
        `grids`.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame({"grid": [1, 2]},
    ...     geometry=[shapely.box(0, 0, 50, 40), shapely.box(50, 0, 90, 40)], crs=32632)
    >>> wall = gpd.GeoDataFrame({"kind": ["wall"]},
    ...     geometry=[shapely.LineString([(52, 0), (52, 40)])], crs=32632)
    >>> trace_borders(halves, barriers=wall)[["grid_a", "grid_b", "kind", "length_m"]].values
    array([[1, 2, 'wall', 40.0]], dtype=object)
    """
    crs = metric_crs_of(grids)
    names = grids["grid"].to_numpy()
    ground = to_metric(grids, crs).geometry.to_numpy()
    near = None if barriers is None or not len(barriers) else to_metric(barriers, crs)
    a, b, lines = neighbour_lines(ground)
    row, kind, piece = follow_kinds(lines, None if near is None else cut_barriers(near))
    kinds = np.array([*BARRIER_KINDS, ""], dtype=object)
    table = {"grid_a": names[a[row]], "grid_b": names[b[row]], "kind": kinds[kind]}
    table["length_m"] = shapely.length(piece)
    return gpd.GeoDataFrame(table, geometry=piece, crs=crs).to_crs(grids.crs or crs)


def neighbour_lines(ground: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the pairs of shapes that share a border: rows a < b, and the lines they share."""
    a, b = shapely.STRtree(ground).query(ground, predicate="intersects")
    a, b = a[a < b], b[a < b]
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    outline = shapely.boundary(ground)
    lines = shapely.intersection(outline[a], outline[b])
    long = shapely.length(lines) > 0
    return a[long], b[long], lines[long]


def follow_kinds(
    lines: np.ndarray, barriers: BarrierPieces | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut lines by the strongest barrier within reach.

    Returns
    -------
    row, kind, piece
        (p,) row of the line, kind number (`OPEN` on open ground), and the piece of the line.
    """
    rest = np.array(lines, dtype=object)
    rows, kinds, pieces = [], [], []
    for kind, line, near in _reaches(lines, barriers):
        along = shapely.intersection(rest[line], near)
        rest[line] = shapely.difference(rest[line], near)
        rows.append(line)
        kinds.append(np.full(len(line), kind))
        pieces.append(along)
    row = np.concatenate([*rows, np.arange(len(lines))]).astype(np.int64)
    kind = np.concatenate([*kinds, np.full(len(lines), OPEN)]).astype(np.int64)
    piece = np.concatenate([*pieces, rest])
    some = shapely.length(piece) > 0
    return row[some], kind[some], piece[some]


def _reaches(lines: np.ndarray, barriers: BarrierPieces | None):  # noqa: ANN202  (yields)
    """Give for each kind, strongest first, the lines near it and the ground within its reach."""
    if barriers is None or not len(lines):
        return
    tree = shapely.STRtree(barriers.shape)
    line, piece = tree.query(lines, predicate="dwithin", distance=BARRIER_REACH_M)
    for kind in np.unique(barriers.kind[piece]):
        mine = barriers.kind[piece] == kind
        rows, group = np.unique(line[mine], return_inverse=True)
        order = np.argsort(group, kind="stable")
        near = shapely.geometrycollections(
            barriers.shape[piece[mine][order]], indices=group[order].astype(np.intp)
        )
        yield int(kind), rows, shapely.buffer(near, BARRIER_REACH_M)


def measure_borders(
    numbers: np.ndarray, ground: np.ndarray, barriers: BarrierPieces | None
) -> pd.DataFrame:
    """Measure the border of every two neighbouring grids, and what it follows."""
    a, b, lines = neighbour_lines(ground)
    row, kind, piece = follow_kinds(lines, barriers)
    metres = np.bincount(
        row * (OPEN + 1) + kind, shapely.length(piece), len(lines) * (OPEN + 1)
    ).reshape(len(lines), OPEN + 1)
    table = pd.DataFrame({"grid_a": numbers[a], "grid_b": numbers[b]})
    table["length_m"] = shapely.length(lines)
    for place, name in enumerate(BARRIER_KINDS):
        table[f"{name}_m"] = metres[:, place]
    table["barrier_m"] = metres[:, :OPEN].sum(axis=1)
    return table
