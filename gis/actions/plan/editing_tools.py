"""What the machine does for a planner: tools that propose moves for a working copy.

Nothing is stored: a proposal is shown, and taken as a step (`gis.actions.plan.workspace.take_step`)
or refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.effects import locks_of, standing_of
from gis.actions.plan.favour import favour_terms
from gis.actions.plan.working_ground import Standing
from gis.actions.plan.workspace import WorkingCopy, new_number, open_copy
from gis.domain.editing import UNASSIGNED, difference
from gis.errors import InvalidInput
from gis.geometry.redraw.border import move_border
from gis.geometry.redraw.faults import Fault, find_faults
from gis.geometry.redraw.figures import measure_grids
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes
from gis.geometry.redraw.propose import NEW_GRID, propose_plan
from gis.geometry.redraw.rebalance import rebalance_around
from gis.geometry.redraw.repair import Repair, assign_unassigned, fix_enclaves, make_contiguous
from gis.geometry.redraw.split import (
    Split,
    larger_grid,
    merge_grids,
    split_by_line,
    split_in_halves,
)

MOST_POINTS = 5_000
"""Points of a drawn line."""

PROPOSE_LIMIT_S = 20.0
"""Longest a proposal of a whole plan is sought; the best so far is given then."""


@dataclass(frozen=True)
class Table:
    """A working copy as the tools take it: rows of the ground, their grids, their locks."""

    session: Session
    copy: WorkingCopy
    standing: Standing
    labels: np.ndarray
    locks: Locks

    def members(self, number: int) -> np.ndarray:
        """Give the rows of a grid.

        Raises
        ------
        InvalidInput
            The grid has no block.
        """
        rows = np.flatnonzero(self.labels == str(number))
        if not len(rows):
            raise InvalidInput("grid {grid} has no blocks; choose a grid of this plan", grid=number)
        return rows

    def line(self, points: Sequence[Sequence[float]]) -> shapely.LineString:
        """Give a drawn line, of lon and lat, in the metric system of the blocks."""
        return to_metric_line(points, self.standing.request.blocks)

    @property
    def shapes(self) -> np.ndarray:
        """Give the polygons of the blocks in metres."""
        return np.asarray(self.standing.request.blocks.geometry.array, dtype=object)


@dataclass(frozen=True)
class ToolResult:
    """What a tool proposes: the kind of step, the grid of each block that moves, and what to know.

    ``crossed``: blocks a line runs through; ``held``: blocks a lock keeps; ``left``: faults that
    could not be mended; ``before, after``: figures of the grids concerned, by number.
    """

    kind: str
    moves: dict[int, int]
    before: pd.DataFrame
    after: pd.DataFrame
    faults: tuple[Fault, ...]
    block_ids: np.ndarray
    crossed: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    left: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class _Found:
    """The division a tool comes to, and the rows of which something is to be said."""

    kind: str
    labels: np.ndarray
    crossed: Collection[int] = ()
    held: Collection[int] = ()
    left: Collection[Fault] = field(default_factory=tuple)


def run_tool(
    work: Work,
    plan_id: int,
    tool: str,
    options: Mapping[str, object],
) -> ToolResult:
    """Let a tool propose moves for a person's working copy.

    Parameters
    ----------
    tool
        One of `TOOLS`.
    options
        What it asks for: ``grid``, ``grids`` and ``into``, ``a`` and ``b`` (grid numbers), ``line``
        (lon, lat), ``around`` (grid numbers), ``favour``, ``fresh``.

    Raises
    ------
    InvalidInput
        The tool is unknown, lacks something, or cannot do what is asked: why, and what to do.
    """
    if tool not in TOOLS:
        raise InvalidInput(
            "“{tool}” is no tool; expected one of {tools}", tool=tool, tools=", ".join(TOOLS)
        )
    table = open_table(work, plan_id)
    return _result(table, TOOLS[tool](table, options))


def open_table(work: Work, plan_id: int) -> Table:
    """Lay a person's working copy out for the tools."""
    copy = open_copy(work, plan_id)
    standing = standing_of(work.session, work.scope, copy, today=work.now.date())
    labels = standing.labels_of(copy.division.number)
    return Table(work.session, copy, standing, labels, locks_of(standing, copy.division))


def _result(table: Table, found: _Found) -> ToolResult:
    ground, ids = table.standing.ground, table.standing.ground.block_id
    after = table.standing.numbers_of(found.labels)
    moves = difference(table.copy.division.number, after)
    rows = [ground.row_of[block] for block in moves]
    touched = sorted({*table.labels[rows].tolist(), *found.labels[rows].tolist()} - {""}, key=int)
    return ToolResult(
        kind=found.kind,
        moves=moves,
        before=_figures(ground, table.labels, touched),
        after=_figures(ground, found.labels, touched),
        faults=tuple(find_faults(ground, found.labels, table.locks)),
        block_ids=ids,
        crossed=tuple(int(ids[row]) for row in found.crossed),
        held=tuple(int(ids[row]) for row in found.held),
        left=tuple(found.left),
    )


def _figures(ground: WorkingGround, labels: np.ndarray, touched: list[str]) -> pd.DataFrame:
    there = set(labels.tolist())
    figures = measure_grids(ground, labels, [name for name in touched if name in there])
    figures.index = pd.Index([int(name) for name in figures.index], name="number")
    return figures


# -- the tools ---------------------------------------------------------------------------------


def _split_line(table: Table, options: Mapping) -> _Found:
    grid = grid_of(options, "grid")
    line = table.line(_points(options))
    split = split_by_line(table.standing.ground, table.shapes, table.members(grid), line)
    return _split(table, grid, split)


def _split_halves(table: Table, options: Mapping) -> _Found:
    grid = grid_of(options, "grid")
    return _split(table, grid, split_in_halves(table.standing.ground, table.members(grid)))


def _split(table: Table, grid: int, split: Split) -> _Found:
    """Let the larger part go on as the grid; the smaller becomes a new one."""
    if (table.locks.held[split.smaller]).any():
        raise InvalidInput(
            "grid {grid} is locked, or blocks of it are; release the locks first", grid=grid
        )
    labels = table.labels.astype(object)
    labels[split.smaller] = str(new_number(table.session, table.copy))
    return _Found("split", as_codes(labels), crossed=split.crossed.tolist())


def _merge(table: Table, options: Mapping) -> _Found:
    wanted = [str(n) for n in grids_of(options, "grids")]
    into = None if options.get("into") is None else grid_of(options, "into")
    for number in wanted:
        if table.locks.held[table.members(int(number))].any():
            raise InvalidInput(
                "grid {grid} is locked, or blocks of it are; release the locks first", grid=number
            )
    home = larger_grid(table.standing.ground, table.labels, wanted) if into is None else str(into)
    return _Found("merge", merge_grids(table.labels, wanted, home))


def _border(table: Table, options: Mapping) -> _Found:
    a, b = str(grid_of(options, "a")), str(grid_of(options, "b"))
    found = move_border(
        table.standing.ground,
        table.shapes,
        table.labels,
        a,
        b,
        table.line(_points(options)),
        locks=table.locks,
    )
    held = [*found.held.tolist(), *found.returned.tolist()]
    return _Found("border", found.code, crossed=found.crossed.tolist(), held=held)


def _repair(mend: Callable[..., Repair]) -> Callable[[Table, Mapping], _Found]:
    def run(table: Table, _wishes: Mapping) -> _Found:
        repair = mend(table.standing.ground, table.labels, table.locks)
        return _Found("repair", repair.code, left=repair.left)

    return run


def _rebalance(table: Table, options: Mapping) -> _Found:
    around = [str(n) for n in grids_of(options, "around")] if options.get("around") else []
    saved = table.standing.labels_of(table.copy.base)
    proposal = rebalance_around(
        table.standing.ground,
        table.labels,
        around,
        previous_code=saved,
        locks=table.locks,
        objective=table.standing.request.objective,
    )
    return _Found("rebalance", proposal.code, left=proposal.faults)


def _propose(table: Table, options: Mapping) -> _Found:
    request = table.standing.request
    proposal = propose_plan(
        table.standing.ground,
        request.blocks,
        table.labels,
        barriers=request.barriers,
        locks=table.locks,
        fresh=options.get("fresh") is True,
        target=request.target,
        objective=favour_terms(options.get("favour") or None),
        time_limit_s=PROPOSE_LIMIT_S,
        effort=0.3,
    )
    first = new_number(table.session, table.copy)
    codes = proposal.code.tolist()
    fresh = sorted({c for c in codes if c.startswith(NEW_GRID)}, key=lambda c: int(c[1:]))
    numbers = {code: str(first + place) for place, code in enumerate(fresh)}
    labels = np.array([numbers.get(c, c) for c in codes], dtype="U8")
    return _Found("propose", labels, left=proposal.faults)


TOOLS: dict[str, Callable[[Table, Mapping], _Found]] = {
    "split_line": _split_line,
    "split_halves": _split_halves,
    "merge": _merge,
    "border": _border,
    "contiguous": _repair(make_contiguous),
    "enclaves": _repair(fix_enclaves),
    "unassigned": _repair(assign_unassigned),
    "rebalance": _rebalance,
    "propose": _propose,
}
"""Every tool by the name it is asked for."""


# -- what tools are asked with -----------------------------------------------------------------


def grid_of(options: Mapping, name: str) -> int:
    """Read the number of a grid."""
    value = options.get(name)
    if type(value) is not int or value <= UNASSIGNED:
        raise InvalidInput("{name}: expected the number of a grid", name=name)
    return value


def grids_of(options: Mapping, name: str) -> list[int]:
    """Read numbers of grids."""
    values = options.get(name)
    if not isinstance(values, list) or any(type(v) is not int or v <= UNASSIGNED for v in values):
        raise InvalidInput("{name}: expected a list of grid numbers", name=name)
    return values


def _points(options: Mapping) -> Sequence[Sequence[float]]:
    return points_of(options.get("line"))


def points_of(line: object) -> list[list[float]]:
    """Read a drawn line: at least two points of lon and lat.

    Raises
    ------
    InvalidInput
        It is not such a list, or a point is not on Earth.

    Examples
    --------
    >>> points_of([[108.5, 25.9], [108.6, 25.9]])
    [[108.5, 25.9], [108.6, 25.9]]
    """
    if (
        not isinstance(line, list)
        or len(line) < 2
        or not all(isinstance(p, list) and len(p) == 2 for p in line)
    ):
        raise InvalidInput("line: expected at least two points [lon, lat]")
    if not all(_is_degree(lon, 180) and _is_degree(lat, 90) for lon, lat in line):
        raise InvalidInput("line: expected lon from -180 to 180 and lat from -90 to 90")
    if len(line) > MOST_POINTS:
        raise InvalidInput(
            "line: expected at most {most:,} points; draw a simpler line", most=MOST_POINTS
        )
    return line


def _is_degree(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def to_metric_line(
    points: Sequence[Sequence[float]], blocks: gpd.GeoDataFrame
) -> shapely.LineString:
    """Give a line of lon and lat in the system of some blocks."""
    line = gpd.GeoSeries([shapely.LineString(points)], crs=4326)
    return line.to_crs(blocks.crs).iloc[0]
