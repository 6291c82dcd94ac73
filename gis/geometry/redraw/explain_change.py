"""Which rules a change breaks, and what else would have to change: codes, no words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.geometry.redraw.faults import Fault, find_faults, is_legal
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.moves import Move, list_moves
from gis.geometry.redraw.repair import assign_unassigned, make_contiguous


@dataclass(frozen=True)
class ChangeReason:
    """What a change does to the rules.

    Parameters
    ----------
    broken
        Faults that the change brings; those before it are left out.
    mended
        Faults that it ends.
    legal
        Whether the division after it can be saved.
    further
        The smallest further changes that were found to make it so; none if it is legal.
    left
        Faults that would still stop it.
    """

    broken: list[Fault]
    mended: list[Fault]
    legal: bool
    further: list[Move]
    left: list[Fault]


def explain_change(
    ground: WorkingGround,
    code: np.ndarray,
    after: np.ndarray,
    *,
    locks: Locks | None = None,
) -> ChangeReason:
    """Tell which rules a change breaks, and what else would have to change.

    What was changed stays where the change put it if that can be; blocks moved against a lock and
    exclusive ground go back.

    Parameters
    ----------
    code, after
        (n,) the division before and after the change.
    locks
        What must stay.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": range(6), "households": [9, 5, 5] * 2},
    ...     geometry=[shapely.box(x, y, x + 9, y + 9) for y in (9, 0) for x in (0, 9, 18)],
    ...     crs=32632)
    >>> ground = make_working_ground(frame, minimum=1, maximum=99)
    >>> told = explain_change(ground, np.array(list("abbabb")), np.array(list("abaabb")))
    >>> [f.rule for f in told.broken], told.further
    (['not_connected'], [Move(rows=(1,), was='b', now='a')])
    """
    code, after = as_codes(code), as_codes(after)
    locks = no_locks(len(code)) if locks is None else locks
    grids = set(code.tolist()) - {""}
    was, now = (find_faults(ground, c, locks, grids=grids) for c in (code, after))
    before = {(f.rule, f.codes) for f in was}
    later = {(f.rule, f.codes) for f in now}
    legal = is_legal(now)
    mended = after if legal else _make_legal(ground, code, after, locks)
    left = [f for f in find_faults(ground, mended, locks, grids=grids) if f.stops]
    return ChangeReason(
        broken=[f for f in now if (f.rule, f.codes) not in before],
        mended=[f for f in was if (f.rule, f.codes) not in later],
        legal=legal,
        further=list_moves(after, mended),
        left=left,
    )


def _make_legal(
    ground: WorkingGround, code: np.ndarray, after: np.ndarray, locks: Locks
) -> np.ndarray:
    """Make a change legal: first leaving what it moved, then without regard to it."""
    back = (locks.held & (after != locks.keep)) | (~ground.is_common & (after != code))
    joined = np.isin(after, sorted(locks.closed)) & (after != locks.keep)
    emptied = np.isin(code, sorted(set(code.tolist()) - set(after.tolist()) - {""}))
    kept = np.where(back | joined | emptied, code, after)
    changed = np.flatnonzero((kept != code) & (kept != ""))
    tries = [_mend(ground, kept, locks.holding(kept, changed)), _mend(ground, kept, locks)]
    legal = [c for c in tries if is_legal(find_faults(ground, c, locks))]
    return legal[0] if legal else tries[1]


def _mend(ground: WorkingGround, code: np.ndarray, locks: Locks) -> np.ndarray:
    assigned = assign_unassigned(ground, code, locks)
    return make_contiguous(ground, assigned.code, locks).code
