"""What is wrong with a working division: rule, grids, blocks, figures; no sentences. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.geometry.redraw.figures import home_piece, measure_grids, number_codes
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes
from gis.geometry.redraw.topology import label_parts, shut_in

STOPPING_RULES = frozenset(
    {"unassigned", "empty", "not_connected", "lock_broken", "exclusive_mixed", "exclusive_split"}
)
"""Rules that a division must keep to be saved; the others are told as warnings."""


@dataclass(frozen=True)
class Fault:
    """One rule that a working division breaks.

    Parameters
    ----------
    rule
        ``unassigned, empty, not_connected, lock_broken, exclusive_mixed, exclusive_split`` (these
        stop), ``below_minimum, above_maximum, enclave``.
    codes
        Grids concerned; for an enclave the one around it first.
    blocks
        Rows concerned: the blocks off the largest part, the blocks shut in, the blocks moved
        against a lock, the exclusive ground that is mixed or split.
    figures
        Numbers that go with it.
    """

    rule: str
    codes: tuple[str, ...] = ()
    blocks: tuple[int, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Tell whether the division cannot be saved with it."""
        return self.rule in STOPPING_RULES


@dataclass(frozen=True)
class Sight:
    """A working division as the rules look at it: ``grid`` (n,) places of ``names``, -2: none."""

    ground: WorkingGround
    code: np.ndarray
    names: list[str]
    grid: np.ndarray
    table: pd.DataFrame
    locks: Locks | None
    wanted: Collection[str]

    def blocks_of(self, name: str) -> np.ndarray:
        """Give the rows of a grid."""
        return np.flatnonzero(self.grid == self.names.index(name))


def find_faults(
    ground: WorkingGround,
    code: np.ndarray,
    locks: Locks | None = None,
    *,
    grids: Collection[str] = (),
) -> list[Fault]:
    """List every rule that a working division breaks, those first that stop it from being saved.

    Parameters
    ----------
    code
        (n,) grid of each block, '' for none.
    locks
        What must stay.
    grids
        Codes the division should have: one without blocks is empty.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": 200},
    ...     geometry=shapely.box([0, 9, 18], 0, [9, 18, 27], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=300, maximum=500)
    >>> [(f.rule, f.codes, f.blocks) for f in find_faults(ground, np.array(["a", "", "a"]))]
    [('unassigned', (), (1,)), ('not_connected', ('a',), (2,))]
    """
    names, grid = number_codes(code)
    table = measure_grids(ground, code)
    sight = Sight(ground, as_codes(code), names, grid, table, locks, grids)
    found = [fault for rule in _RULES for fault in rule(sight)]
    return sorted(found, key=lambda fault: not fault.stops)


def is_legal(faults: list[Fault]) -> bool:
    """Tell whether a division with these faults may be saved."""
    return not any(fault.stops for fault in faults)


def stray_parts(ground: WorkingGround, grid: np.ndarray, mine: np.ndarray) -> list[np.ndarray]:
    """Give the parts of a grid that hang on its main part by nothing, the lightest first.

    Of the parts in one piece of the community the main one has most households; ties go to more
    ground, then to the smallest row. A grid over several pieces has a main part in each.
    """
    graph = ground.graph
    part = label_parts(graph.indptr, graph.neighbour, grid, mine)[mine]
    if not len(part) or part.max() == 0:
        return []
    piece = home_piece(ground, mine)
    parts = [mine[part == p] for p in range(part.max() + 1)]

    def load(rows: np.ndarray) -> tuple[float, float, int]:
        return (
            float(ground.households[rows].sum()),
            float(ground.area_m2[rows].sum()),
            -int(rows[0]),
        )

    main: dict[int, int] = {}
    for p, rows in enumerate(parts):
        home = int(piece[np.flatnonzero(part == p)[0]])
        if home not in main or load(rows) > load(parts[main[home]]):
            main[home] = p
    strays = [rows for p, rows in enumerate(parts) if p not in main.values()]
    return sorted(strays, key=load)


def _unassigned(sight: Sight) -> Iterator[Fault]:
    rows = np.flatnonzero(sight.code == "")
    if len(rows):
        households = float(sight.ground.households[rows].sum())
        yield Fault("unassigned", (), tuple(rows.tolist()), {"households": households})


def _empty(sight: Sight) -> Iterator[Fault]:
    for name in sorted(set(sight.wanted) - set(sight.names)):
        yield Fault("empty", (name,))


def _not_connected(sight: Sight) -> Iterator[Fault]:
    table = sight.table
    for name in table.index[table["n_parts"] > table["n_pieces"]]:
        strays = stray_parts(sight.ground, sight.grid, sight.blocks_of(name))
        rows = np.sort(np.concatenate(strays)) if strays else np.zeros(0, np.int64)
        figures = {
            "parts": float(table["n_parts"][name]),
            "pieces": float(table["n_pieces"][name]),
            "households": float(sight.ground.households[rows].sum()),
        }
        yield Fault("not_connected", (name,), tuple(rows.tolist()), figures)


def _out_of_band(sight: Sight) -> Iterator[Fault]:
    limits = {"below_minimum": sight.ground.minimum, "above_maximum": sight.ground.maximum}
    for name, off in sight.table["deviation"].items():
        if off:
            rule = "below_minimum" if off < 0 else "above_maximum"
            weight = limits[rule] + off
            yield Fault(rule, (name,), (), {"weight": weight, "limit": limits[rule], "off": off})


def _enclaves(sight: Sight) -> Iterator[Fault]:
    for name in sight.table.index[sight.table["enclaves"] > 0]:
        for rows in enclosed_groups(sight.ground, sight.grid, sight.blocks_of(name)):
            inside = sorted(set(sight.code[rows].tolist()) - {""})
            households = float(sight.ground.households[rows].sum())
            figures = {"households": households}
            yield Fault("enclave", (name, *inside), tuple(rows.tolist()), figures)


def enclosed_groups(ground: WorkingGround, grid: np.ndarray, mine: np.ndarray) -> list[np.ndarray]:
    """Give the connected groups of blocks that a grid shuts in; exclusive ground alone is none."""
    graph = ground.graph
    label, queue = np.full(ground.n_blocks, -1), np.empty(ground.n_blocks, np.int64)
    at_edge = ground.outline_m > 0
    rows, group = shut_in(graph.indptr, graph.neighbour, grid, mine, at_edge, label, queue)
    groups = [np.sort(rows[group == g]) for g in np.unique(group)]
    common = [rows for rows in groups if ground.is_common[rows].any()]
    return sorted(common, key=lambda rows: int(rows[0]))


def _broken_locks(sight: Sight) -> Iterator[Fault]:
    if sight.locks is None:
        return
    keep, code = sight.locks.keep, sight.code
    left = (keep != "") & (keep != code)
    for name in np.unique(keep[left]).tolist():
        rows = np.flatnonzero(left & (keep == name))
        yield Fault("lock_broken", (name,), tuple(rows.tolist()))
    for name in sorted(sight.locks.closed):
        rows = np.flatnonzero((code == name) & (keep != name))
        if len(rows):
            yield Fault("lock_broken", (name,), tuple(rows.tolist()))


def _exclusive(sight: Sight) -> Iterator[Fault]:
    """Exclusive ground of one name is one whole grid and nothing else."""
    labels = sight.ground.exclusive
    special = ~sight.ground.is_common
    for place in np.unique(sight.grid[special & (sight.grid >= 0)]):
        mine = sight.grid == place
        if len(set(labels[mine].tolist())) > 1:
            rows = np.flatnonzero(mine & special)
            yield Fault("exclusive_mixed", (sight.names[place],), tuple(rows.tolist()))
    for label in sorted(set(labels[special].tolist())):
        mine = labels == label
        held = sorted(set(sight.code[mine].tolist()) - {""})
        if len(held) > 1:
            yield Fault("exclusive_split", tuple(held), tuple(np.flatnonzero(mine).tolist()))


_RULES: tuple[Callable[[Sight], Iterator[Fault]], ...] = (
    _unassigned,
    _empty,
    _not_connected,
    _broken_locks,
    _exclusive,
    _out_of_band,
    _enclaves,
)
