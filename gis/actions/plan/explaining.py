"""Why a border runs where it does, and what a change would break: for a planner's questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.actions.access.work import Work
from gis.actions.plan.editing_tools import Table, open_table
from gis.domain.editing import UNASSIGNED
from gis.errors import InvalidInput
from gis.geometry.redraw import explain_border as borders
from gis.geometry.redraw import explain_change as changes
from gis.geometry.redraw.explain_border import BorderReason
from gis.geometry.redraw.faults import Fault


@dataclass(frozen=True)
class ChangeExplained:
    """What a change does to the rules, by block ids and grid numbers.

    ``further``: the smallest further moves found that would make it legal; ``left``: faults that
    would still stop it.
    """

    legal: bool
    broken: tuple[Fault, ...]
    mended: tuple[Fault, ...]
    further: dict[int, int]
    left: tuple[Fault, ...]
    block_ids: np.ndarray


def explain_border(work: Work, plan_id: int, a: int, b: int) -> BorderReason:
    """Tell what speaks for the border between two grids of a working copy.

    Raises
    ------
    InvalidInput
        The grids do not touch.
    """
    table = open_table(work, plan_id)
    return borders.explain_border(
        table.standing.ground,
        table.labels,
        str(a),
        str(b),
        locks=table.locks,
        objective=table.standing.request.objective,
    )


def explain_change(work: Work, plan_id: int, moves: Mapping[int, int]) -> ChangeExplained:
    """Tell which rules moving blocks would break, and what else would have to move.

    Raises
    ------
    InvalidInput
        A block is not one of the community in use.
    """
    table = open_table(work, plan_id)
    after = _after(table, moves)
    told = changes.explain_change(table.standing.ground, table.labels, after, locks=table.locks)
    ids = table.standing.ground.block_id
    further = {
        int(ids[row]): int(move.now or UNASSIGNED) for move in told.further for row in move.rows
    }
    return ChangeExplained(
        legal=told.legal,
        broken=tuple(told.broken),
        mended=tuple(told.mended),
        further=further,
        left=tuple(told.left),
        block_ids=ids,
    )


def _after(table: Table, moves: Mapping[int, int]) -> np.ndarray:
    row_of = table.standing.ground.row_of
    after = table.labels.astype(object)
    for block, number in moves.items():
        if block not in row_of:
            raise InvalidInput(
                "block {block} is not one of this community in use; load the page again",
                block=block,
            )
        after[row_of[block]] = str(number) if number else ""
    return after.astype(str)
