"""Drawing the grids of one community: from blocks to numbered, checked polygons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InfeasibleDivision
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.divide import divide_ground, report_terms
from gis.geometry.partition.flags import Flag, explain_grids
from gis.geometry.partition.ground import build_ground
from gis.geometry.partition.numbers import number_grids
from gis.geometry.partition.objective import Objective
from gis.geometry.partition.obstacles import Obstacle, find_obstacles
from gis.geometry.partition.request import Request, read_request
from gis.geometry.partition.search import Progress
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
        (seconds, weight outside the band, objective) of each better division, from the first on.
    obstacles
        What could be said before the search.
    """

    assignment: pd.Series
    grids: gpd.GeoDataFrame
    quality: DivisionQuality
    flags: tuple[Flag, ...]
    terms: pd.DataFrame
    history: tuple[tuple[float, float, float], ...]
    obstacles: tuple[Obstacle, ...]


def draw_grids(
    blocks: gpd.GeoDataFrame,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    target: float | None = None,
    n_grids: int | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    previous: Mapping | pd.Series | None = None,
    locked: Mapping | Set | None = None,
    exclusive: Mapping | pd.Series | None = None,
    issued: Collection[int] = (),
    objective: Objective | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    progress: Progress | None = None,
    effort: float = 1.0,
) -> Division:
    """Divide the blocks of one community into grids.

    Where the ground cannot meet the band, the nearest division is given and flagged; a request that
    contradicts itself is refused before any work.

    Parameters
    ----------
    blocks
        ``block_id``, the weight column, optionally ``people`` and ``workload`` (balanced too); a
        clean coverage of polygons.
    weight, minimum, maximum, target
        Column to balance, its band (inclusive), and the usual size (the middle of the band).
    n_grids
        Number of common grids; chosen between the feasible bounds when missing.
    barriers
        Lines with ``kind``; borders along them are cheap.
    previous
        Grid number of each block_id before; few households change grid, numbers are kept.
    locked
        Blocks that stay: a set of block_ids (they keep `previous`), or block_id -> grid number.
    exclusive
        Label of each block_id that belongs to a grid of its own kind (a school, a hospital, a
        market): the blocks of a label are one grid, without a band, numbered from 901.
    issued
        Numbers ever used in the community; a new grid gets none of them.
    objective
        Weights of the terms.
    seed, time_limit_s, effort
        Same input and seed, same grids; a limit cuts the work, effort multiplies it.
    progress
        Called with the fraction done and a message.

    Raises
    ------
    InvalidInput
        A column is missing, there are no blocks, or the band is not one.
    InfeasibleDivision
        The request contradicts itself: which rule, where, and the smallest change that helps.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2, 3, 4], "households": 200},
    ...                           geometry=shapely.box([0, 1, 2, 3], 0, [1, 2, 3, 4], 1), crs=32632)
    >>> draw_grids(blocks, weight="households", minimum=300, maximum=500).assignment.tolist()
    [1, 1, 2, 2]
    """
    request = read_request(
        blocks,
        weight=weight,
        minimum=minimum,
        maximum=maximum,
        target=target,
        n_grids=n_grids,
        previous=previous,
        locked=locked,
        exclusive=exclusive,
        issued=issued,
        objective=objective,
        seed=seed,
        effort=effort,
    )
    obstacles = find_obstacles(
        blocks,
        weight=weight,
        minimum=minimum,
        maximum=maximum,
        n_grids=n_grids,
        previous=previous,
        locked=locked,
        exclusive=exclusive,
    )
    _refuse(obstacles)
    clock = Deadline(time_limit_s)
    ground = build_ground(blocks, request, barriers)
    outcome = divide_ground(ground, request, clock, progress)
    part = np.full(len(blocks), -1, np.int64)
    part[ground.rows] = outcome.part
    special = request.label >= 0
    part[special] = part.max() + 1 + request.label[special]
    shapes = to_metric(blocks, metric_crs_of(blocks)).geometry.to_numpy()
    polygons = [shapely.union_all(shapes[part == p]) for p in range(part.max() + 1)]
    number = number_grids(request, part, np.array(polygons, object))
    assignment = pd.Series(number[part], index=blocks["block_id"].to_numpy(), name="grid")
    quality = measure_division(
        blocks,
        assignment,
        weight=weight,
        minimum=minimum,
        maximum=maximum,
        barriers=barriers,
        previous=previous,
        locked=dict(
            zip(blocks["block_id"][request.locked], request.number[request.locked], strict=True)
        ),
        exclusive=exclusive,
    )
    flags = explain_grids(
        quality, request.weight, number[part], minimum=minimum, maximum=maximum, word=weight
    )
    return Division(
        assignment=assignment,
        grids=_grid_rows(quality, flags, dict(zip(number, polygons, strict=True)), blocks),
        quality=quality,
        flags=flags,
        terms=report_terms(ground, request, outcome, number[part]),
        history=outcome.history,
        obstacles=obstacles + tuple(_proven(blocks, rows, request) for rows in outcome.proven),
    )


def _proven(blocks: gpd.GeoDataFrame, rows: np.ndarray, request: Request) -> Obstacle:
    """Say that every division of some blocks was looked at and none meets the band."""
    facts = {"blocks": len(rows), "minimum": request.minimum, "maximum": request.maximum}
    return Obstacle(
        "no_division",
        f"Every division of these {len(rows)} blocks was looked at; none has all grids within"
        f" {request.minimum:g}-{request.maximum:g}.",
        "Widen the band, or cut a large block.",
        tuple(blocks["block_id"].to_numpy()[rows]),
        False,
        facts,
    )


def _grid_rows(
    quality: DivisionQuality,
    flags: tuple[Flag, ...],
    polygons: dict[int, shapely.Geometry],
    blocks: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Give one row per grid: what was measured, what is odd, and its polygon."""
    table = quality.grids.reset_index()
    table["flags"] = [", ".join(f.rule for f in flags if f.grid == g) for g in table["grid"]]
    table["reason"] = [" ".join(f.reason for f in flags if f.grid == g) for g in table["grid"]]
    rows = gpd.GeoDataFrame(
        table, geometry=[polygons[g] for g in table["grid"]], crs=metric_crs_of(blocks)
    )
    return rows if blocks.crs is None else rows.to_crs(blocks.crs)


def _refuse(obstacles: tuple[Obstacle, ...]) -> None:
    """Raise the first obstacle that no division can get around."""
    for obstacle in obstacles:
        if obstacle.stops:
            raise InfeasibleDivision(
                obstacle.message,
                rule=obstacle.rule,
                remedy=obstacle.remedy,
                blocks=list(obstacle.blocks),
            )
