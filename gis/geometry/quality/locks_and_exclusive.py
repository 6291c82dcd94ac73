"""What was asked to hold beside the band: locks kept, exclusive ground apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gis.errors import Message
from gis.geometry.quality.report import Violation


def check_locks(grid_of: pd.Series, locked: Mapping | pd.Series | None) -> list[Violation]:
    """List the locks that are broken.

    Parameters
    ----------
    grid_of
        Grid number by block_id.
    locked
        Grid number that a block must keep.

    Examples
    --------
    >>> [v.message for v in check_locks(pd.Series({7: 1}), {7: 2})]
    ['1 block locked to grid 2 lies elsewhere']
    """
    wanted = pd.Series(dict(locked or {}), dtype=object)
    broken = wanted[[grid_of.get(block) != number for block, number in wanted.items()]]
    found = []
    for number, blocks in broken.groupby(broken):
        said = "{n} blocks locked to grid {grid} lie elsewhere"
        says = Message(said, n=len(blocks), grid=number)
        found.append(Violation("lock_broken", says, int(number), tuple(blocks.index)))
    return found


def labels_of(ids: pd.Series, exclusive: Mapping | pd.Series | None) -> np.ndarray:
    """Give each block's exclusive label, or None: (n,)."""
    labels = {} if exclusive is None else dict(exclusive)
    return np.array([labels.get(block) for block in ids], dtype=object)


def exclusive_grids(labels: np.ndarray, row: np.ndarray, n_grids: int) -> np.ndarray:
    """Give the label of the grids that are exclusive ground only, else None: (grids,)."""
    found = np.full(n_grids, None, dtype=object)
    for grid in np.unique(row[[label is not None for label in labels]]):
        held = set(labels[row == grid])
        found[grid] = held.pop() if len(held) == 1 else None
    return found


def check_exclusive(
    ids: pd.Series, labels: np.ndarray, row: np.ndarray, numbers: np.ndarray
) -> list[Violation]:
    """List exclusive ground that shares a grid with anything else, or lies in several grids."""
    blocks = ids.to_numpy()
    is_exclusive = np.array([label is not None for label in labels], dtype=bool)
    found = []
    for grid in np.unique(row[is_exclusive]):
        mine = row == grid
        held = list(dict.fromkeys(labels[mine & is_exclusive]))
        if len(held) > 1 or not is_exclusive[mine].all():
            beside = (
                " and ".join(map(str, held)) if len(held) > 1 else f"{held[0]} and other ground"
            )
            says = f"grid {numbers[grid]} holds {beside}; exclusive ground is a grid of its own"
            ids_here = tuple(blocks[mine & is_exclusive])
            found.append(Violation("exclusive_mixed", says, int(numbers[grid]), ids_here))
    for label in dict.fromkeys(labels[is_exclusive]):
        mine = labels == label
        held = numbers[np.unique(row[mine])]
        if len(held) > 1:
            says = f"{label} lies in several grids: {', '.join(map(str, held))}"
            found.append(Violation("exclusive_split", says, int(held[0]), tuple(blocks[mine])))
    return found
