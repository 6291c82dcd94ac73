"""What must stay as it is while grids are redrawn: blocks, whole grids, borders. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from gis.errors import InvalidInput
from gis.geometry.redraw.ground import WorkingGround


@dataclass(frozen=True)
class Locks:
    """Locks as everything here understands them.

    Parameters
    ----------
    keep
        (n,) code that a block must keep, '' where it is free.
    closed
        Grids that no further block may join.
    """

    keep: np.ndarray
    closed: frozenset[str] = frozenset()

    @property
    def held(self) -> np.ndarray:
        """(n,) whether a block must stay where it is."""
        return self.keep != ""

    def holding(self, code: np.ndarray, rows: np.ndarray) -> Locks:
        """Give these locks and further blocks locked where they are now."""
        keep = as_codes(self.keep).astype(object)
        keep[rows] = np.asarray(code)[rows]
        return Locks(as_codes(keep), self.closed)


def as_codes(code: object) -> np.ndarray:
    """Give codes as a plain array of text; missing ones are ''."""
    values = np.asarray(code)
    if values.dtype.kind == "U":
        return values
    return np.array(["" if c is None or c != c else str(c) for c in values.tolist()], dtype=str)


def no_locks(n_blocks: int) -> Locks:
    """Give locks that hold nothing."""
    return Locks(np.full(n_blocks, "", dtype="U1"))


def place_locks(
    ground: WorkingGround,
    code: np.ndarray,
    *,
    grids: Collection[str] = (),
    blocks: Iterable[int] = (),
    borders: Iterable[tuple[str, str]] = (),
) -> Locks:
    """Lock grids, blocks and borders where they are in a division.

    Parameters
    ----------
    code
        (n,) the division in which they were locked.
    grids
        Codes: all their blocks stay, no other joins.
    blocks
        Rows that stay in their grids.
    borders
        Pairs of codes: the blocks on both sides of the border between them stay.

    Raises
    ------
    InvalidInput
        A grid or border is not there, or a block lies in no grid.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3, 4], "households": 9},
    ...     geometry=shapely.box([0, 9, 18, 27], 0, [9, 18, 27, 36], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> place_locks(ground, np.array(["a", "a", "b", "b"]), borders=[("a", "b")]).keep.tolist()
    ['', 'a', 'b', '']
    """
    code = as_codes(code)
    held = np.zeros(len(code), bool)
    for grid in grids:
        mine = code == grid
        if not mine.any():
            raise InvalidInput(
                "grid {grid} has no blocks to lock; choose one of the division", grid=grid
            )
        held |= mine
    for row in blocks:
        if code[row] == "":
            raise InvalidInput(
                "block {block} lies in no grid; assign it first", block=ground.block_id[row]
            )
        held[row] = True
    for a, b in borders:
        held[_beside(ground, code, a, b)] = True
    return Locks(np.where(held, code, ""), frozenset(grids))


def _beside(ground: WorkingGround, code: np.ndarray, a: str, b: str) -> np.ndarray:
    """Give the rows of the blocks on both sides of the border between two grids."""
    left, right = code[ground.edges[:, 0]], code[ground.edges[:, 1]]
    between = ((left == a) & (right == b)) | ((left == b) & (right == a))
    if not between.any():
        raise InvalidInput("grids {a} and {b} have no border to lock; they do not touch", a=a, b=b)
    return np.unique(ground.edges[between])
