"""One list of checks that every plan goes through, whoever made it: rule, grid, figure, place.

Where the checker of `measure_division` says what is broken, this says for every rule how things
stand: what was measured, what is allowed, and where to look. Nothing is shared with the solver.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis.geometry.band import Band
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.quality.barriers import cut_barriers
from gis.geometry.quality.check import CHECK_RULES, Check, Sight
from gis.geometry.quality.check_rules import JUDGES
from gis.geometry.quality.ground import join_grids, outline_of
from gis.geometry.quality.locks_and_exclusive import labels_of


def list_checks(
    blocks: gpd.GeoDataFrame,
    assignment: Mapping | pd.Series,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    barriers: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    compounds: gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | None = None,
    locked: Mapping | pd.Series | None = None,
    exclusive: Mapping | pd.Series | None = None,
    grids: Collection[int] = (),
) -> tuple[Check, ...]:
    """Go through every rule of a plan and tell how it stands.

    Parameters
    ----------
    blocks
        ``block_id``, the weight column, polygons in any CRS.
    assignment
        Grid number of each block_id; a block without one is in no grid.
    weight, minimum, maximum
        Column that the band limits, and the band (inclusive).
    barriers, buildings, compounds, boundary
        What borders should follow, what no grid may cut, what the plan must cover; a rule whose
        ground is None is told as not judged.
    locked
        Grid number that a block_id must keep.
    exclusive
        Label of a block_id: blocks of one label are a grid of their own, outside the band.
    grids
        Numbers the plan should have: one without blocks is empty.

    Returns
    -------
    checks
        In the order of `CHECK_RULES`: a row for each grid or place that breaks a rule; one for the
        whole plan where none does, with the figure that came nearest to it.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 200},
    ...     geometry=shapely.box([0, 90, 180], 0, [90, 180, 270], 90), crs=32632)
    >>> for check in list_checks(blocks, {1: 1, 2: 2, 3: 1}, weight="households", minimum=100,
    ...                          maximum=400):
    ...     if check.holds is False:
    ...         print(check.rule, check.grid, check.figure, check.most)
    connected 1 1.0 0.0
    """
    crs = metric_crs_of(blocks)
    near = to_metric(blocks, crs)
    number = near["block_id"].map(dict(assignment))
    known = number.notna().to_numpy()
    shapes = near.geometry.to_numpy()
    mine = near[known].reset_index(drop=True)
    numbers, row = np.unique(number[known].to_numpy(dtype=np.int64), return_inverse=True)
    sight = Sight(
        crs=crs,
        blocks=mine,
        row=row,
        numbers=numbers,
        ground=join_grids(mine.geometry.to_numpy(), row, len(numbers)),
        load=mine[weight].fillna(0).to_numpy(float),
        measure=weight,
        band=Band(float(minimum), float(maximum)),
        outline=shapely.union_all(shapes) if boundary is None else outline_of(boundary, crs),
        unassigned=shapes[~known],
        barriers=None if barriers is None else cut_barriers(to_metric(barriers, crs)),
        buildings=_metric(buildings, crs),
        compounds=_metric(compounds, crs),
        locked=dict(locked or {}),
        labels=labels_of(mine["block_id"], exclusive),
        wanted=frozenset(int(n) for n in grids),
    )
    return tuple(c for rule in CHECK_RULES for c in _broken_or_nearest(sight, JUDGES[rule](sight)))


def _broken_or_nearest(sight: Sight, checks: Iterator[Check]) -> list[Check]:
    """Keep what is broken, with its place; where nothing is, what came nearest to it."""
    found = list(checks)
    broken = [sight.placed(check) for check in found if check.holds is False]
    return broken or [replace(min(found, key=_room), grid=None)]


def _room(check: Check) -> float:
    """Give how far a figure is from what is not allowed."""
    if check.figure is None:
        return 0.0
    low = np.inf if check.least is None else check.figure - check.least
    high = np.inf if check.most is None else check.most - check.figure
    return float(min(low, high))


def _metric(frame: gpd.GeoDataFrame | None, crs: CRS | None) -> gpd.GeoDataFrame | None:
    """Project what a rule looks at; one that is not given is not judged."""
    return None if frame is None else to_metric(frame, crs)
