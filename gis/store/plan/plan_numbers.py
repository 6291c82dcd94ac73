"""The grid number of each block in use under any edition of a plan, whatever blocks it was on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.domain.editing import UNASSIGNED
from gis.store.plan.workspaces import numbers_at, saved_numbers
from gis.store.tables import Plan

_DRAWN_ON = """(NOT a.carried OR former.parent_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM block child WHERE child.parent_id = former.id)"""
"""Blocks a plan was drawn on, and of those that were cut the children: their moves are kept."""

_SHARED_GROUND = text(f"""
SELECT wanted.id AS block_id, former.id AS former_id,
       ST_Area(ST_Intersection(wanted.geom, former.geom)) AS shared
FROM block_assignment c
JOIN block wanted ON wanted.id = c.block_id AND wanted.retired_at IS NULL
                 AND wanted.parent_id IS NULL
JOIN block_assignment a ON a.plan_id = c.plan_id
JOIN block former ON former.id = a.block_id AND former.geom && wanted.geom AND {_DRAWN_ON}
WHERE c.plan_id = :plan AND c.carried
""")  # noqa: S608  (nothing in it comes from outside)

_NUMBERS_AS_DRAWN = text(f"""
SELECT a.block_id, grid.number
FROM block_assignment a JOIN grid ON grid.id = a.grid_id JOIN block former ON former.id = a.block_id
WHERE a.plan_id = :plan AND {_DRAWN_ON}
""")  # noqa: S608  (nothing in it comes from outside)


def numbers_of_edition(session: Session, plan: Plan, edition: int) -> dict[int, int]:
    """Give the grid number of each block in use under an edition of a plan, 0 for none.

    A block built anew since goes to the grid that had most of its ground under that edition.
    """
    newest = saved_numbers(session, plan.id)
    if edition == plan.edition:
        return newest
    numbers = numbers_at(session, plan, edition, newest)
    shared = read_frame(session, _SHARED_GROUND, {"plan": plan.id})
    if shared.empty:
        return numbers
    drawn_on = numbers_at(session, plan, edition, _numbers_as_drawn(session, plan.id))
    return numbers | _mostly(shared, drawn_on)


def _numbers_as_drawn(session: Session, plan_id: int) -> dict[int, int]:
    """Give the number of every block a plan was drawn on, retired ones too."""
    return dict(session.execute(_NUMBERS_AS_DRAWN, {"plan": plan_id}).all())


def _mostly(shared: pd.DataFrame, number: dict[int, int]) -> dict[int, int]:
    """Give each block the number that most of its ground had; ties go to the smaller one."""
    former = shared["former_id"].map(number).fillna(UNASSIGNED).astype(np.int64)
    sums = shared.assign(number=former).groupby(["block_id", "number"], as_index=False)["shared"]
    first = sums.sum().sort_values(["shared", "number"], ascending=[False, True])
    best = first.drop_duplicates("block_id").set_index("block_id")["number"]
    return {int(block): int(n) for block, n in best.items()}


def count_unassigned(session: Session, plan_id: int) -> int:
    """Count the blocks in use that a plan has in no grid."""
    return sum(n == UNASSIGNED for n in saved_numbers(session, plan_id).values())
