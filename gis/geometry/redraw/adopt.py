"""An existing division taken over: its polygons become an assignment of blocks. Pure.

Nothing is lost silently: what was cut, lay in a gap or twice, or found no block is told; and a
division that hangs together is proposed beside what the file says.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.redraw.adoption import Adoption, adopt_shares
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import as_codes

SMALLEST_OVERLAP_M2 = 1.0


def adopt_division(
    ground: WorkingGround,
    blocks: gpd.GeoDataFrame,
    polygons: gpd.GeoDataFrame,
    codes: Sequence[str] | None = None,
    *,
    buildings: gpd.GeoDataFrame | None = None,
) -> Adoption:
    """Give each block to the polygon that holds most of it.

    Where buildings are given, the households in them decide (``households``, where there are any),
    else their area; in blocks without buildings the ground does.

    Parameters
    ----------
    blocks
        The frame the ground was made from, in the same order.
    polygons, codes
        The division; rows of one code are one grid. Codes are taken from its column ``code`` unless
        given.

    Raises
    ------
    InvalidInput
        There are no polygons, they have no codes, or none lies on the ground.

    Examples
    --------
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 9},
    ...     geometry=shapely.box([0, 10, 20], 0, [10, 20, 30], 10), crs=32632)
    >>> ground = make_working_ground(blocks, minimum=1, maximum=99)
    >>> drawn = gpd.GeoDataFrame({"code": ["a", "b"]},
    ...     geometry=[shapely.box(0, 0, 14, 10), shapely.box(14, 0, 28, 10)], crs=32632)
    >>> adoption = adopt_division(ground, blocks, drawn)
    >>> adoption.code.tolist(), adoption.cut["share"].tolist(), adoption.totals["gap_m2"]
    (['a', 'b', 'b'], [0.6, 0.8], 20.0)
    """
    if not np.array_equal(blocks["block_id"].to_numpy(), ground.block_id):
        raise InvalidInput("these are not the blocks of the ground; read both from the same build")
    crs = metric_crs_of(blocks)
    shapes = np.asarray(to_metric(blocks, crs).geometry.array, dtype=object)
    names, areas = _grids(to_metric(polygons, crs), codes)
    inner = _overlaps(shapes, areas)
    if inner["area_m2"].sum() <= 0:
        raise InvalidInput(
            "no polygon lies on this community; check the reference system and the community"
        )
    share = _shares(ground, inner, len(names))
    if buildings is not None and len(buildings):
        share = _by_buildings(share, shapes, areas, to_metric(buildings, crs))
    whole, pieces = shapely.union_all(shapes), shapely.union_all(areas)
    twice = _twice(names, areas)
    totals = {
        "gap_m2": float(shapely.difference(whole, pieces).area),
        "outside_m2": float(shapely.difference(pieces, whole).area),
        "overlap_m2": float(sum(m2 for _, _, m2 in twice)),
    }
    return adopt_shares(ground, names, share, totals, twice)


def _grids(polygons: gpd.GeoDataFrame, codes: Sequence[str] | None) -> tuple[list[str], np.ndarray]:
    """Give the codes and the one valid shape of each grid."""
    if codes is None and "code" not in polygons:
        raise InvalidInput(
            "the polygons have no column 'code', only {columns}; say which column "
            "holds the codes of the grids",
            columns=list(polygons.columns),
        )
    given = as_codes(polygons["code"].to_numpy() if codes is None else np.asarray(codes, object))
    shapes = shapely.make_valid(np.asarray(polygons.geometry.array, dtype=object))
    if len(given) != len(shapes):
        raise InvalidInput(
            "{n_codes} codes were given for {n_polygons} polygons",
            n_codes=len(given),
            n_polygons=len(shapes),
        )
    usable = (given != "") & (shapely.area(shapes) > 0)
    names = sorted(set(given[usable].tolist()))
    if not names:
        raise InvalidInput("the division holds no polygon with a code and an area")
    areas = [shapely.union_all(shapes[usable & (given == name)]) for name in names]
    return names, np.array(areas, dtype=object)


def _overlaps(shapes: np.ndarray, areas: np.ndarray) -> pd.DataFrame:
    """Give the common area of each block and grid."""
    grid, row = shapely.STRtree(shapes).query(areas, predicate="intersects")
    area = shapely.area(shapely.intersection(shapes[row], areas[grid]))
    return pd.DataFrame({"row": row, "grid": grid, "area_m2": area})


def _shares(ground: WorkingGround, inner: pd.DataFrame, k: int) -> np.ndarray:
    """(n, k) share of each block's ground that each grid holds."""
    share = np.zeros((ground.n_blocks, k))
    share[inner["row"], inner["grid"]] = inner["area_m2"]
    return share / np.maximum(ground.area_m2, 1e-9)[:, None]


def _by_buildings(
    share: np.ndarray, shapes: np.ndarray, areas: np.ndarray, buildings: gpd.GeoDataFrame
) -> np.ndarray:
    """Let the buildings, or the households in them, decide where a block has any."""
    footprints = np.asarray(buildings.geometry.array, dtype=object)
    spot = shapely.point_on_surface(footprints)
    which, row = shapely.STRtree(shapes).query(spot, predicate="intersects")
    which, first = np.unique(which, return_index=True)
    row = row[first]
    place, grid = shapely.STRtree(areas).query(footprints[which], predicate="intersects")
    held = shapely.area(shapely.intersection(footprints[which][place], areas[grid]))
    size = shapely.area(footprints[which])
    weight = size
    if "households" in buildings:
        homes = buildings["households"].fillna(0).to_numpy(float)[which]
        lived = np.bincount(row, homes, len(shapes))[row] > 0
        weight = np.where(lived, homes, size)
    found = np.zeros_like(share)
    np.add.at(found, (row[place], grid), weight[place] * held / size[place])
    total = np.bincount(row, weight, len(shapes))
    return np.where(total[:, None] > 0, found / np.maximum(total, 1e-9)[:, None], share)


def _twice(names: list[str], areas: np.ndarray) -> list[tuple[str, str, float]]:
    """List the pairs of grids that overlap, the largest overlap first."""
    a, b = shapely.STRtree(areas).query(areas, predicate="intersects")
    a, b = a[a < b], b[a < b]
    common = shapely.area(shapely.intersection(areas[a], areas[b]))
    found = [
        (names[i], names[j], round(float(m2), 1))
        for i, j, m2 in zip(a.tolist(), b.tolist(), common, strict=True)
        if m2 > SMALLEST_OVERLAP_M2
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))
