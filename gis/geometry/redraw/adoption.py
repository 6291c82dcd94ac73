"""An assignment of blocks made from the shares that grids have in them, with its report. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.geometry.redraw.faults import Fault, find_faults
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import as_codes
from gis.geometry.redraw.moves import list_moves
from gis.geometry.redraw.repair import Repair, assign_unassigned, make_contiguous

SMALLEST_SHARE = 0.05
"""A polygon that holds less of a block than this does not get it, even if no other does."""

CUT_SHARE = 0.01
"""A block is cut when more than this share of it lies outside the polygon that gets it."""


@dataclass(frozen=True)
class Adoption:
    """An assignment made from something else.

    Parameters
    ----------
    code
        (n,) grid of each block as the source says, '' where it says nothing.
    cut
        One row per block that the source divides: ``row, block_id, code, share`` of what counts
        (households or buildings where known, else ground) that the grid holds, ``other`` and
        ``other_share`` of the next grid ('' and 0 where the rest is gap).
    faults
        What the division breaks as the source says it.
    repair
        The division proposed: every block assigned, every grid connected, by the smallest change.
    empty
        Codes of the source that got no block.
    without
        Rows of blocks the source says nothing of.
    totals
        ``gap_m2``: ground in no polygon; ``outside_m2``: polygons beyond the ground;
        ``overlap_m2``; for a table ``rows, unknown_blocks, without_code, without_block``.
    overlaps
        Codes of polygons that overlap, and m², the largest first.
    """

    code: np.ndarray
    cut: pd.DataFrame
    faults: list[Fault]
    repair: Repair
    empty: list[str]
    without: np.ndarray
    totals: dict[str, float]
    overlaps: list[tuple[str, str, float]] = field(default_factory=list)


def adopt_shares(
    ground: WorkingGround,
    names: list[str],
    share: np.ndarray,
    totals: dict[str, float],
    overlaps: list[tuple[str, str, float]],
) -> Adoption:
    """Give each block to the grid with the largest share, the first of equals; and report."""
    order = np.argsort(-share, axis=1, kind="stable")
    best = order[:, 0]
    most = np.take_along_axis(share, order, axis=1)
    known = most[:, 0] >= SMALLEST_SHARE
    code = as_codes(np.where(known, np.array(names, dtype=object)[best], ""))
    rows = np.flatnonzero(known & (most[:, 0] < 1 - CUT_SHARE))
    second = order[rows, 1] if share.shape[1] > 1 else best[rows]
    next_share = most[rows, 1] if share.shape[1] > 1 else np.zeros(len(rows))
    cut = pd.DataFrame(
        {
            "row": rows,
            "block_id": ground.block_id[rows],
            "code": code[rows],
            "share": most[rows, 0].round(4),
            "other": np.where(next_share > 0, np.array(names, dtype=object)[second], ""),
            "other_share": next_share.round(4),
        }
    )
    assigned = assign_unassigned(ground, code)
    joined = make_contiguous(ground, assigned.code)
    return Adoption(
        code=code,
        cut=cut,
        faults=find_faults(ground, code, grids=names),
        repair=_together(code, assigned, joined),
        empty=sorted(set(names) - set(code.tolist())),
        without=np.flatnonzero(~known),
        totals=totals,
        overlaps=overlaps,
    )


def _together(code: np.ndarray, assigned: Repair, joined: Repair) -> Repair:
    """Tell two repairs, one after the other, as one."""
    return Repair(joined.code, list_moves(code, joined.code), assigned.left + joined.left)
