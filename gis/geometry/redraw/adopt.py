"""An existing division taken over: its polygons, or a table, become an assignment of blocks. Pure.

Nothing is lost silently: what was cut, lay in a gap or twice, or found no block is told; and a
division that hangs together is proposed beside what the file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.redraw.faults import Fault, find_faults
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import as_codes
from gis.geometry.redraw.moves import list_moves
from gis.geometry.redraw.repair import Repair, assign_unassigned, make_contiguous

SMALLEST_SHARE = 0.05
"""A polygon that holds less of a block than this does not get it, even if no other does."""

CUT_SHARE = 0.01
"""A block is cut when more than this share of it lies outside the polygon that gets it."""

SMALLEST_OVERLAP_M2 = 1.0


@dataclass(frozen=True)
class Adoption:
    """An assignment made from something else.

    Parameters
    ----------
    code
        (n,) grid of each block as the source says, '' where it says nothing.
    cut
        One row per block that the source divides: ``row, block_id, code, share`` of what counts
        (households or buildings where known, else ground) that the grid holds, ``other`` and
        ``other_share`` of the next grid ('' and 0 where the rest is gap).
    faults
        What the division breaks as the source says it.
    repair
        The division proposed: every block assigned, every grid connected, by the smallest change.
    empty
        Codes of the source that got no block.
    without
        Rows of blocks the source says nothing of.
    totals
        ``gap_m2``: ground in no polygon; ``outside_m2``: polygons beyond the ground;
        ``overlap_m2``; for a table ``rows, unknown_blocks, without_code, without_block``.
    overlaps
        Codes of polygons that overlap, and m², the largest first.
    """

    code: np.ndarray
    cut: pd.DataFrame
    faults: list[Fault]
    repair: Repair
    empty: list[str]
    without: np.ndarray
    totals: dict[str, float]
    overlaps: list[tuple[str, str, float]] = field(default_factory=list)


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
    return _adopt(ground, names, share, totals, twice)


def _grids(polygons: gpd.GeoDataFrame, codes: Sequence[str] | None) -> tuple[list[str], np.ndarray]:
    """Give the codes and the one valid shape of each grid."""
    if codes is None and "code" not in polygons:
        raise InvalidInput(
            f"the polygons have no column 'code', only {list(polygons.columns)}; say which column"
            " holds the codes of the grids"
        )
    given = as_codes(polygons["code"].to_numpy() if codes is None else np.asarray(codes, object))
    shapes = shapely.make_valid(np.asarray(polygons.geometry.array, dtype=object))
    if len(given) != len(shapes):
        raise InvalidInput(f"{len(given)} codes were given for {len(shapes)} polygons")
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


def _adopt(
    ground: WorkingGround,
    names: list[str],
    share: np.ndarray,
    totals: dict[str, float],
    overlaps: list[tuple[str, str, float]],
) -> Adoption:
    """Give each block to the grid with the largest share, the first of equals; and report."""
    order = np.argsort(-share, axis=1, kind="stable")
    best = order[:, 0]
    most = np.take_along_axis(share, order, axis=1)
    known = most[:, 0] >= SMALLEST_SHARE
    code = as_codes(np.where(known, np.array(names, dtype=object)[best], ""))
    rows = np.flatnonzero(known & (most[:, 0] < 1 - CUT_SHARE))
    second = order[rows, 1] if share.shape[1] > 1 else best[rows]
    next_share = most[rows, 1] if share.shape[1] > 1 else np.zeros(len(rows))
    cut = pd.DataFrame(
        {
            "row": rows,
            "block_id": ground.block_id[rows],
            "code": code[rows],
            "share": most[rows, 0].round(4),
            "other": np.where(next_share > 0, np.array(names, dtype=object)[second], ""),
            "other_share": next_share.round(4),
        }
    )
    assigned = assign_unassigned(ground, code)
    joined = make_contiguous(ground, assigned.code)
    return Adoption(
        code=code,
        cut=cut,
        faults=find_faults(ground, code, grids=names),
        repair=_together(code, assigned, joined),
        empty=sorted(set(names) - set(code.tolist())),
        without=np.flatnonzero(~known),
        totals=totals,
        overlaps=overlaps,
    )


def _together(code: np.ndarray, assigned: Repair, joined: Repair) -> Repair:
    """Tell two repairs, one after the other, as one."""
    return Repair(joined.code, list_moves(code, joined.code), assigned.left + joined.left)


def adopt_table(
    ground: WorkingGround,
    table: pd.DataFrame,
    *,
    block: str = "block_id",
    code: str = "code",
    weight: str | None = None,
) -> Adoption:
    """Give each block to the grid that most rows of a table name: blocks, or households in them.

    Parameters
    ----------
    table
        One row per block, or one per household with the block it lies in.
    block, code, weight
        Columns with the block's id, the grid's code, and what a row counts (1 unless given).

    Raises
    ------
    InvalidInput
        A column is missing, or no row names a block of the ground.

    Examples
    --------
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2], "households": 3},
    ...     geometry=shapely.box([0, 10], 0, [10, 20], 10), crs=32632)
    >>> ground = make_working_ground(blocks, minimum=1, maximum=99)
    >>> homes = pd.DataFrame({"block_id": [1, 1, 1, 2, 9], "code": ["a", "a", "b", "b", "b"]})
    >>> adoption = adopt_table(ground, homes)
    >>> adoption.code.tolist(), adoption.cut[["code", "other"]].values.tolist()
    (['a', 'b'], [['a', 'b']])
    """
    for column in (block, code, *([weight] if weight else [])):
        if column not in table:
            raise InvalidInput(f"the table has no column '{column}', only {list(table.columns)}")
    row = table[block].map(ground.row_of)
    given = as_codes(table[code].to_numpy(dtype=object))
    counts = np.ones(len(table)) if weight is None else table[weight].fillna(0).to_numpy(float)
    usable = row.notna().to_numpy() & (given != "")
    names = sorted(set(given[given != ""].tolist()))
    if not usable.any():
        raise InvalidInput(
            f"no row of the table names a block of this community and a grid; check the columns"
            f" '{block}' and '{code}'"
        )
    place = np.searchsorted(np.array(names), given[usable])
    share = np.zeros((ground.n_blocks, len(names)))
    np.add.at(share, (row[usable].to_numpy(np.int64), place), counts[usable])
    total = share.sum(axis=1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    totals = {
        "rows": float(len(table)),
        "unknown_blocks": float((table[block].notna() & row.isna()).sum()),
        "without_block": float(table[block].isna().sum()),
        "without_code": float((given == "").sum()),
    }
    return _adopt(ground, names, share, totals, [])
