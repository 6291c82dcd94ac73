"""A division as people read it: numbered polygons, measured, with what is odd and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import Message
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.partition.divide import report_terms
from gis.geometry.partition.flags import Flag, explain_grids
from gis.geometry.partition.ground import Ground, build_ground
from gis.geometry.partition.objective import Objective
from gis.geometry.partition.obstacles import Obstacle
from gis.geometry.partition.relax import Changes
from gis.geometry.partition.remedies import say_limit, word_changes
from gis.geometry.partition.request import Request, read_request
from gis.geometry.quality import DivisionQuality, measure_division


@dataclass(frozen=True)
class Division:
    """The grids of a community.

    Parameters
    ----------
    assignment
        Grid number of each block_id.
    grids
        One polygon row per grid with its figures, flags and reasons.
    quality
        What the independent checker measured.
    flags
        What is odd, in words.
    terms
        One row per grid number and a last row ``total``: every term of the objective, one unit
        being the border cost of a usual grid; ``out_of_band`` in the unit of the weight.
    history
        (seconds, weight outside the band, objective) of each better division, from the first on;
        empty where nothing was sought.
    obstacles
        What could be said before the search, and what it proved.
    """

    assignment: pd.Series
    grids: gpd.GeoDataFrame
    quality: DivisionQuality
    flags: tuple[Flag, ...]
    terms: pd.DataFrame
    history: tuple[tuple[float, float, float], ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def first_valid_s(self) -> float | None:
        """Seconds to the first division inside the band; None when there was none."""
        return next((seconds for seconds, outside, _ in self.history if outside == 0), None)


def assess_grids(
    blocks: gpd.GeoDataFrame,
    assignment: Mapping | pd.Series,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    target: float | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    previous: Mapping | pd.Series | None = None,
    locked: Mapping | Set | None = None,
    exclusive: Mapping | pd.Series | None = None,
    objective: Objective | None = None,
) -> Division:
    """Measure and explain a division that a person made, as `draw_grids` does its own.

    Parameters
    ----------
    assignment
        Grid number of each block_id; every block has one.
    blocks, weight, minimum, maximum, target, barriers, previous, locked, exclusive, objective
        As `draw_grids` takes them.

    Raises
    ------
    InvalidInput
        A column is missing, there are no blocks, the band is not one, or a block has no grid.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 200},
    ...                           geometry=shapely.box([0, 1, 2], 0, [1, 2, 3], 1), crs=32632)
    >>> found = assess_grids(blocks, {1: 4, 2: 4, 3: 7}, weight="households", minimum=300,
    ...                      maximum=500)
    >>> found.quality.grids["in_band"].tolist(), [f.rule for f in found.flags]
    ([True, False], ['below_minimum'])
    """
    request = read_request(
        blocks,
        weight=weight,
        minimum=minimum,
        maximum=maximum,
        target=target,
        previous=previous,
        locked=locked,
        exclusive=exclusive,
        objective=objective,
    )
    numbers = pd.Series(dict(assignment)).reindex(blocks["block_id"].to_numpy()).rename("grid")
    ground = build_ground(blocks, request, barriers)
    own = np.unique(numbers.to_numpy()[ground.rows])
    edge = numbers.to_numpy()[ground.rows]
    cut = edge[ground.graph.source] != edge[ground.graph.neighbour]
    unit = 0.5 * float(ground.border_cost[cut].sum()) / max(len(own), 1)
    return describe_grids(
        blocks, request, ground, numbers, barriers=barriers, exclusive=exclusive, unit=unit or 1.0
    )


def describe_grids(
    blocks: gpd.GeoDataFrame,
    request: Request,
    ground: Ground,
    assignment: pd.Series,
    *,
    barriers: gpd.GeoDataFrame | None,
    exclusive: Mapping | pd.Series | None,
    unit: float,
    proven: tuple[tuple[np.ndarray, Changes], ...] = (),
) -> Division:
    """Measure the polygons of an assignment and say what is odd about each.

    Parameters
    ----------
    unit
        Cost that counts 1 in the terms.
    proven
        Rows of the blocks of each ground of which it is proven that no division meets the band,
        and the changes that would help there.
    """
    number = assignment.to_numpy()
    quality = measure_division(
        blocks,
        assignment,
        weight=request.measure,
        minimum=request.band.minimum,
        maximum=request.band.maximum,
        barriers=barriers,
        previous=None
        if (request.number < 0).all()
        else dict(zip(blocks["block_id"], request.number, strict=True)),
        locked=dict(
            zip(blocks["block_id"][request.locked], request.number[request.locked], strict=True)
        ),
        exclusive=exclusive,
    )
    flags = explain_grids(
        quality,
        request.weight,
        number,
        band=request.band,
        measure=request.measure,
        proven={int(n) for rows, _ in proven for n in np.unique(number[rows])},
    )
    return Division(
        assignment=assignment,
        grids=_grid_rows(quality, flags, blocks, number),
        quality=quality,
        flags=flags,
        terms=report_terms(ground, request, unit, number),
        obstacles=tuple(_say_proven(blocks, rows, request, changes) for rows, changes in proven),
    )


def join_blocks(blocks: gpd.GeoDataFrame, part: np.ndarray) -> dict[int, shapely.Geometry]:
    """Give the polygon of each part in metres: the union of its blocks."""
    shapes = to_metric(blocks, metric_crs_of(blocks)).geometry.to_numpy()
    return {int(p): shapely.union_all(shapes[part == p]) for p in np.unique(part)}


def _say_proven(
    blocks: gpd.GeoDataFrame, rows: np.ndarray, request: Request, changes: Changes
) -> Obstacle:
    """Say that every division of some blocks was looked at and none meets the band."""
    whole = len(rows) == len(request.common)
    asked = request.n_grids if whole else None
    into = Message(" into {n} grids", n=asked) if asked else ""
    facts = {"blocks": len(rows), **request.band._asdict()}
    facts |= {"grids": asked, "other_grids": changes.n_parts}
    for name, change in (("raised", changes.maximum), ("lowered", changes.minimum)):
        facts[name] = say_limit(change.value, up=name == "raised") if change else None
        facts[f"{name}_exact"] = bool(change and change.exact)
    facts["widened"] = say_limit(changes.both.value, up=True) if changes.both else None
    facts["widened_exact"] = bool(changes.both and changes.both.exact)
    remedy = word_changes(changes, "grids")
    return Obstacle(
        "no_division",
        Message(
            "Every division of these {n} blocks{into} was looked at; none has all grids within"
            " {low:g}-{high:g}.",
            n=len(rows),
            into=into,
            low=request.band.minimum,
            high=request.band.maximum,
        ),
        str(remedy) if remedy else "Widen the band, or cut a large block.",
        tuple(blocks["block_id"].to_numpy()[rows]),
        False,
        facts,
    )


def _grid_rows(
    quality: DivisionQuality,
    flags: tuple[Flag, ...],
    blocks: gpd.GeoDataFrame,
    number: np.ndarray,
) -> gpd.GeoDataFrame:
    """Give one row per grid: what was measured, what is odd, and its polygon."""
    polygons = join_blocks(blocks, number)
    table = quality.grids.reset_index()
    table["flags"] = [", ".join(f.rule for f in flags if f.grid == g) for g in table["grid"]]
    table["reason"] = [" ".join(f.reason for f in flags if f.grid == g) for g in table["grid"]]
    rows = gpd.GeoDataFrame(
        table, geometry=[polygons[g] for g in table["grid"]], crs=metric_crs_of(blocks)
    )
    return rows if blocks.crs is None else rows.to_crs(blocks.crs)
