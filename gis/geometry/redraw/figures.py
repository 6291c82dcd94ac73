"""The figures of grids in a working division, by sums over the blocks they hold. Pure, metres.

Only the grids asked about are looked at, so that the effect of an edit is told at once. The
figures are those that `gis.geometry.quality` measures on the polygons.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from gis.geometry.redraw.ground import MEASURES, WorkingGround
from gis.geometry.redraw.locks import as_codes
from gis.geometry.redraw.topology import label_parts, shut_in

OTHER, NONE = -1, -2
"""Numbers of blocks in a grid not asked about, and in no grid."""


def measure_grids(
    ground: WorkingGround, code: np.ndarray, which: Iterable[str] | None = None
) -> pd.DataFrame:
    """Measure grids of a working division.

    Parameters
    ----------
    code
        (n,) grid of each block, '' for none.
    which
        Grids to measure; all when missing.

    Returns
    -------
    One row per code, in the order of ``which`` (ascending otherwise): ``n_blocks, households,
    people, workload``; ``deviation`` from the band in its measure (below 0: under the minimum; 0
    inside it and for an exclusive grid); ``area_m2, perimeter_m, compactness`` (Polsby-Popper);
    ``border_m`` with other grids and ``barrier_share`` of it (NaN without border); ``n_parts``
    connected by shared borders, ``n_pieces`` of the community they lie in (more parts than pieces:
    not contiguous); ``enclaves``: groups of other common ground that the grid shuts in;
    ``exclusive``: name of the exclusive grid that it is, or ''.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": [200, 200, 90]},
    ...     geometry=shapely.box([0, 9, 18], 0, [9, 18, 27], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=300, maximum=500)
    >>> table = measure_grids(ground, np.array(["a", "a", "b"]))
    >>> table[["households", "deviation", "perimeter_m"]].values.tolist()
    [[400.0, 0.0, 54.0], [90.0, -210.0, 36.0]]
    """
    names, grid = number_codes(code, which)
    rows = np.flatnonzero(grid >= 0)
    own, k = grid[rows], len(names)
    table = pd.DataFrame(index=pd.Index(names, dtype="str", name="code"))
    table["n_blocks"] = np.bincount(own, minlength=k)
    loads = [_sums(own, ground.loads[rows, i], k) for i in range(len(MEASURES))]
    for name, load in zip(MEASURES, loads, strict=True):
        table[name] = load if name == "workload" else np.rint(load).astype(np.int64)
    special = _exclusive(ground, rows, own, k)
    weight = loads[MEASURES.index(ground.measure)]
    table["deviation"] = np.where(special == "", off_band(ground, weight), 0.0)
    table["area_m2"] = _sums(own, ground.area_m2[rows], k)
    _add_borders(table, ground, grid, rows)
    table["n_parts"], table["n_pieces"] = _count_parts(ground, grid, rows, special)
    table["enclaves"] = _count_enclaves(ground, grid, rows, k)
    table["exclusive"] = pd.Series(special, table.index, dtype="str")
    return table


def number_codes(
    code: np.ndarray, which: Iterable[str] | None = None
) -> tuple[list[str], np.ndarray]:
    """Give the codes asked about, and each block the place of its code among them."""
    code = as_codes(code)
    if which is None:
        place, names = pd.factorize(code, sort=True)
        first = int(len(names) > 0 and names[0] == "")
        grid = np.where(place >= first, place - first, NONE)
        return [str(name) for name in names[first:]], grid.astype(np.int64)
    names = [str(c) for c in dict.fromkeys(which) if c]
    grid = np.where(code == "", NONE, OTHER).astype(np.int64)
    for place, name in enumerate(names):
        grid[code == name] = place
    return names, grid


def _sums(place: np.ndarray, values: np.ndarray, k: int) -> np.ndarray:
    """Add values up by place: (k,), decimal even where there are none."""
    return np.bincount(place, values, k).astype(float)


def off_band(ground: WorkingGround, weight: np.ndarray) -> np.ndarray:
    """Give how far weights lie outside the band, below 0 under its minimum."""
    return np.minimum(weight - ground.minimum, 0.0) + np.maximum(weight - ground.maximum, 0.0)


def _exclusive(ground: WorkingGround, rows: np.ndarray, own: np.ndarray, k: int) -> np.ndarray:
    """Give the name of the grids that hold ground of one exclusive name only, else ''."""
    found = np.full(k, "", dtype=object)
    for grid in np.unique(own[~ground.is_common[rows]]):
        held = set(ground.exclusive[rows[own == grid]].tolist())
        found[grid] = held.pop() if len(held) == 1 else ""
    return found


def _add_borders(
    table: pd.DataFrame, ground: WorkingGround, grid: np.ndarray, rows: np.ndarray
) -> None:
    """Add the perimeter, and what the border with other grids follows."""
    k = len(table)
    left, right = grid[ground.edges[:, 0]], grid[ground.edges[:, 1]]
    inner = (left == right) & (left >= 0)
    perimeter = _sums(grid[rows], ground.perimeter_m[rows], k)
    perimeter -= 2 * _sums(left[inner], ground.shared_m[inner], k)
    cut = (left != right) & (left != NONE) & (right != NONE)
    border, along = np.zeros(k), np.zeros(k)
    for side in (left, right):
        mine = cut & (side >= 0)
        border += _sums(side[mine], ground.shared_m[mine], k)
        along += _sums(side[mine], ground.along_m[mine], k)
    perimeter = np.maximum(perimeter, 0.0)
    area = table["area_m2"].to_numpy()
    table["perimeter_m"] = perimeter
    table["compactness"] = np.divide(
        4 * np.pi * area, perimeter**2, out=np.zeros(k), where=perimeter > 0
    )
    table["border_m"] = border
    table["barrier_share"] = np.divide(along, border, out=np.full(k, np.nan), where=border > 0)


def _count_parts(
    ground: WorkingGround, grid: np.ndarray, rows: np.ndarray, special: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Count the connected parts of each grid, and the pieces of the community they lie in."""
    k = len(special)
    part = label_parts(ground.graph.indptr, ground.graph.neighbour, grid, rows)
    _, first = np.unique(part[rows], return_index=True)
    n_parts = np.bincount(grid[rows[first]], minlength=k)
    own = grid[rows]
    piece = home_piece(ground, rows)
    pairs = np.unique(own * (ground.n_blocks + 1) + piece)
    return n_parts, np.bincount(pairs // (ground.n_blocks + 1), minlength=k)


def home_piece(ground: WorkingGround, rows: np.ndarray) -> np.ndarray:
    """Give the piece of the community that each block may be joined within.

    Common blocks are joined within the common ground, exclusive ones within the whole.
    """
    return np.where(ground.is_common[rows], ground.common_piece[rows], ground.piece[rows])


def _count_enclaves(
    ground: WorkingGround, grid: np.ndarray, rows: np.ndarray, k: int
) -> np.ndarray:
    """Count the groups of common ground that each grid shuts in."""
    graph, at_edge = ground.graph, ground.outline_m > 0
    label, queue = np.full(ground.n_blocks, -1), np.empty(ground.n_blocks, np.int64)
    order = rows[np.argsort(grid[rows], kind="stable")]
    ends = np.cumsum(np.bincount(grid[rows], minlength=k))
    found = np.zeros(k, np.int64)
    for place, mine in enumerate(np.split(order, ends[:-1]) if k else ()):
        if len(mine):
            inside, group = shut_in(
                graph.indptr, graph.neighbour, grid, mine, at_edge, label, queue
            )
            found[place] = len(np.unique(group[ground.is_common[inside]])) if len(inside) else 0
    return found
