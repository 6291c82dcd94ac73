"""The whole plan drawn again around what is locked, as a proposal. Pure."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from gis.errors import InvalidInput
from gis.geometry.partition import Objective, draw_grids
from gis.geometry.partition.numbers import FIRST_EXCLUSIVE
from gis.geometry.partition.search import Progress
from gis.geometry.redraw.figures import number_codes
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.rebalance import Proposal, compare

NEW_GRID = "+"
"""Grids that the proposal adds are named + and a number; the plan gives them codes."""


def propose_plan(
    ground: WorkingGround,
    blocks: gpd.GeoDataFrame,
    code: np.ndarray,
    *,
    barriers: gpd.GeoDataFrame | None = None,
    locks: Locks | None = None,
    fresh: bool = False,
    n_grids: int | None = None,
    target: float | None = None,
    objective: Objective | None = None,
    seed: int = 0,
    time_limit_s: float | None = None,
    progress: Progress | None = None,
    effort: float = 1.0,
) -> Proposal:
    """Draw all grids again but those that are locked.

    Parameters
    ----------
    blocks
        The frame the ground was made from, in the same order.
    code
        (n,) the division to stay near to.
    locks
        Closed grids are left out of the drawing, single locked blocks keep their grids.
    fresh
        Draw without regard to where blocks are now; only locks are kept.
    n_grids
        Number of grids without the exclusive and the closed ones.
    barriers, target, objective, seed, time_limit_s, progress, effort
        As `draw_grids` takes them.

    Raises
    ------
    InvalidInput
        The blocks are not those of the ground, or all grids are locked.
    InfeasibleDivision
        The request contradicts itself.
    """
    if not np.array_equal(blocks["block_id"].to_numpy(), ground.block_id):
        raise InvalidInput("these are not the blocks of the ground; read both from the same build")
    now = as_codes(code)
    locks = no_locks(ground.n_blocks) if locks is None else locks
    rows = np.flatnonzero(~np.isin(now, sorted(locks.closed)))
    if not len(rows):
        raise InvalidInput("all grids are locked; unlock those that may be drawn again")
    number_of = _numbers(ground, now)
    ids = ground.block_id
    kept = rows[locks.held[rows]]
    near = kept if fresh else rows[now[rows] != ""]
    division = draw_grids(
        blocks.iloc[rows],
        weight=ground.measure,
        minimum=ground.minimum,
        maximum=ground.maximum,
        target=target,
        n_grids=n_grids,
        barriers=barriers,
        previous={int(ids[r]): number_of[now[r]] for r in near} or None,
        locked={int(ids[r]): number_of[locks.keep[r]] for r in kept} or None,
        exclusive={int(ids[r]): ground.exclusive[r] for r in rows if ground.exclusive[r]} or None,
        issued=tuple(number_of.values()),
        objective=objective,
        seed=seed,
        time_limit_s=time_limit_s,
        progress=progress,
        effort=effort,
        use_time=False,
    )
    after = now.astype(object)
    after[rows] = _names(division.assignment.loc[ids[rows]].to_numpy(), number_of)
    after = as_codes(after)
    codes = sorted(set(now[rows].tolist()) | set(after[rows].tolist()) - {""})
    return compare(ground, now, after, [c for c in codes if c], locks, objective)


def _numbers(ground: WorkingGround, code: np.ndarray) -> dict[str, int]:
    """Give each code a number as the drawing counts them: exclusive grids from 901."""
    names, grid = number_codes(code)
    special = {names[g] for g in np.unique(grid[~ground.is_common & (grid >= 0)])}
    common = [name for name in names if name not in special]
    numbers = {name: place for place, name in enumerate(common, 1)}
    return numbers | {name: FIRST_EXCLUSIVE + p for p, name in enumerate(sorted(special))}


def _names(numbers: np.ndarray, number_of: dict[str, int]) -> list[str]:
    """Give the code of each number; new numbers are named + and counted on."""
    code_of = {number: name for name, number in number_of.items()}
    fresh = sorted(set(numbers.tolist()) - set(code_of))
    code_of |= {number: f"{NEW_GRID}{place}" for place, number in enumerate(fresh, 1)}
    return [code_of[number] for number in numbers.tolist()]
