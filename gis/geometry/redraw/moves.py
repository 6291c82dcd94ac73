"""What one working division changes against another. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.geometry.redraw.locks import as_codes


@dataclass(frozen=True)
class Move:
    """Blocks that go from one grid to another; '' is no grid."""

    rows: tuple[int, ...]
    was: str
    now: str


def list_moves(before: np.ndarray, after: np.ndarray) -> list[Move]:
    """List what changed, by grid before and grid after.

    Examples
    --------
    >>> list_moves(np.array(["a", "a", "", "b"]), np.array(["a", "b", "b", "b"]))
    [Move(rows=(2,), was='', now='b'), Move(rows=(1,), was='a', now='b')]
    """
    before, after = as_codes(before), as_codes(after)
    rows = np.flatnonzero(before != after)
    pairs: dict[tuple[str, str], list[int]] = {}
    for row in rows.tolist():
        pairs.setdefault((str(before[row]), str(after[row])), []).append(row)
    return [Move(tuple(pairs[pair]), *pair) for pair in sorted(pairs)]
