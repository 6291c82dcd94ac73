"""Drawing the grids of one community: from blocks to numbered, checked polygons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.errors import InfeasibleDivision
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.divide import Outcome, divide_ground
from gis.geometry.partition.division import Division, describe_grids, join_blocks
from gis.geometry.partition.ground import Ground, build_ground
from gis.geometry.partition.numbers import number_grids
from gis.geometry.partition.objective import Objective
from gis.geometry.partition.obstacles import Obstacle, list_obstacles
from gis.geometry.partition.request import Request, read_request
from gis.geometry.partition.search import Progress


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
    use_time: bool = True,
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
        Same input and seed, same grids; effort multiplies the usual work. With a limit rounds of
        work fitted to it go on until it has passed, unless the best grids are proven.
    use_time
        False: a limit only cuts the usual work short.
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
    >>> import shapely
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
        use_time=use_time,
    )
    obstacles = list_obstacles(request, blocks)
    _refuse(obstacles)
    ground = build_ground(blocks, request, barriers)
    outcome = divide_ground(ground, request, Deadline(time_limit_s), progress)
    division = describe_grids(
        blocks,
        request,
        ground,
        _numbered(blocks, request, _all_parts(request, ground, outcome)),
        barriers=barriers,
        exclusive=exclusive,
        unit=outcome.unit,
        proven=outcome.proven,
    )
    return replace(division, history=outcome.history, obstacles=obstacles + division.obstacles)


def _all_parts(request: Request, ground: Ground, outcome: Outcome) -> np.ndarray:
    """Give the part of every block: those divided, then one for each exclusive grid."""
    part = np.full(len(request.label), -1, np.int64)
    part[ground.rows] = outcome.part
    special = request.label >= 0
    part[special] = part.max() + 1 + request.label[special]
    return part


def _numbered(blocks: gpd.GeoDataFrame, request: Request, part: np.ndarray) -> pd.Series:
    """Give the grid number of each block_id."""
    polygons = join_blocks(blocks, part)
    number = number_grids(request, part, np.array(list(polygons.values()), object))
    return pd.Series(number[part], index=blocks["block_id"].to_numpy(), name="grid")


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
