"""Measuring a division: every check in turn, on the polygons themselves."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis.errors import InvalidInput, Message
from gis.geometry.band import Band
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.quality.barriers import cut_barriers
from gis.geometry.quality.borders import measure_borders
from gis.geometry.quality.cover import check_cover, check_pieces, cover_totals
from gis.geometry.quality.cuts import find_cut
from gis.geometry.quality.figures import add_borders, check_band, grid_table, sum_up
from gis.geometry.quality.ground import join_grids, outline_of
from gis.geometry.quality.locks_and_exclusive import (
    check_exclusive,
    check_locks,
    exclusive_grids,
    labels_of,
)
from gis.geometry.quality.report import DivisionQuality, Violation
from gis.geometry.quality.stability import measure_stability
from gis.geometry.quality.straddling import measure_straddling


def measure_division(
    blocks: gpd.GeoDataFrame,
    assignment: Mapping | pd.Series,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    barriers: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    compounds: gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | shapely.Geometry | None = None,
    locked: Mapping | pd.Series | None = None,
    exclusive: Mapping | pd.Series | None = None,
    previous: Mapping | pd.Series | None = None,
) -> DivisionQuality:
    """Measure a division of blocks into grids and list every rule it breaks.

    Parameters
    ----------
    blocks
        ``block_id``, the weight column, optionally ``people`` and ``workload``, polygons.
    assignment
        Grid number of each block_id.
    weight, minimum, maximum
        Column that the band limits, and the band (inclusive); exclusive grids are outside it.
    barriers, buildings, compounds, boundary
        Lines borders should follow; shapes no grid may cut; what the blocks must cover.
    locked
        Grid number that a block_id must keep.
    exclusive
        Label of a block_id: blocks of one label are a grid of their own.
    previous
        Grid number of each block_id before, to tell what is kept.

    Raises
    ------
    InvalidInput
        A column is missing or block ids repeat.
    """
    _check_columns(blocks, weight)
    crs = metric_crs_of(blocks)
    blocks, grid, found = _match_blocks(to_metric(blocks, crs), assignment)
    shapes = blocks.geometry.to_numpy()
    numbers, row = np.unique(grid, return_inverse=True)
    matching = bool(shapely.coverage_is_valid(shapes))
    ground = join_grids(shapes, row, len(numbers), matching=matching)
    whole = shapely.union_all(ground)
    labels = labels_of(blocks["block_id"], exclusive)
    near = _metric_or_none(barriers, crs)
    table, borders = _measure_grids(blocks, row, numbers, ground, near, weight, labels)
    within = (table["weight"] >= minimum) & (table["weight"] <= maximum)
    table["in_band"] = within | table["exclusive"].notna()
    outline = whole if boundary is None else outline_of(boundary, crs)
    cover = cover_totals(shapes, whole, outline)
    cut = find_cut(numbers, ground, _metric_or_none(buildings, crs), "building")
    cut_compounds = find_cut(numbers, ground, _metric_or_none(compounds, crs), "compound")
    grid_of = pd.Series(grid, index=blocks["block_id"].to_numpy())
    found += check_cover(shapes, outline, cover, matching=matching)
    special = table["exclusive"].notna().to_numpy()
    rest = whole.difference(shapely.union_all(ground[special])) if special.any() else whole
    found += check_pieces(numbers[special], ground[special], whole)
    found += check_pieces(numbers[~special], ground[~special], rest)
    found += check_band(table, Band(minimum, maximum))
    found += cut + cut_compounds
    found += check_locks(grid_of, locked)
    found += check_exclusive(blocks["block_id"], labels, row, numbers)
    totals = sum_up(table, borders, has_barriers=near is not None) | cover
    totals |= {"buildings_cut": len(cut), "compounds_cut": len(cut_compounds)}
    totals |= measure_stability(grid_of, blocks[weight].fillna(0).to_numpy(float), previous)
    return DivisionQuality(table, borders, totals, tuple(found))


def _measure_grids(
    blocks: gpd.GeoDataFrame,
    row: np.ndarray,
    numbers: np.ndarray,
    ground: np.ndarray,
    barriers: gpd.GeoDataFrame | None,
    weight: str,
    labels: np.ndarray,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure each grid, and each border between two."""
    pieces = None if barriers is None else cut_barriers(barriers)
    borders = measure_borders(numbers, ground, pieces)
    exclusive = exclusive_grids(labels, row, len(numbers))
    table = grid_table(blocks, row, numbers, ground, weight, exclusive)
    table = add_borders(table, borders, has_barriers=barriers is not None)
    spots = shapely.point_on_surface(blocks.geometry.to_numpy())
    load = blocks[weight].fillna(0).to_numpy(float)
    straddling = measure_straddling(ground, pieces, spots, row, load)
    return pd.concat([table, straddling.set_axis(table.index)], axis=1), borders


def _metric_or_none(frame: gpd.GeoDataFrame | None, crs: CRS | None) -> gpd.GeoDataFrame | None:
    """Project a frame, if there is one with rows."""
    return None if frame is None or not len(frame) else to_metric(frame, crs)


def _check_columns(blocks: gpd.GeoDataFrame, weight: str) -> None:
    for column in ("block_id", weight):
        if column not in blocks.columns:
            raise InvalidInput(
                f"blocks have no column '{column}'; they have {list(blocks.columns)}"
            )
    twice = blocks["block_id"][blocks["block_id"].duplicated()].tolist()
    if twice:
        raise InvalidInput(f"block_id {twice[0]} stands in more than one row")


def _match_blocks(
    blocks: gpd.GeoDataFrame, assignment: Mapping | pd.Series
) -> tuple[gpd.GeoDataFrame, np.ndarray, list[Violation]]:
    """Pair blocks with grids; report what has no partner and go on with what has."""
    numbers = pd.Series(dict(assignment), dtype=object)
    found = []
    known = set(blocks["block_id"])
    unknown = [b for b in numbers.index if b not in known]
    if unknown:
        says = Message("{n} assigned blocks do not exist", n=len(unknown))
        found.append(Violation("unknown_block", says, blocks=tuple(unknown)))
    grid = blocks["block_id"].map(numbers)
    missing = grid.isna().to_numpy()
    if missing.any():
        ids = tuple(blocks["block_id"][missing])
        says = Message("{n} blocks are in no grid", n=len(ids))
        found.append(Violation("unassigned", says, blocks=ids))
    return blocks[~missing], grid[~missing].to_numpy(dtype=np.int64), found
