"""The grid number of each block in use under any edition of a plan, whatever blocks it was on."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.domain.editing import UNASSIGNED
from gis.store.bulk import read_frame
from gis.store.tables import BlockAssignment, Grid, Plan
from gis.store.workspaces import numbers_at, saved_numbers

_SHARED_GROUND = text("""
SELECT wanted.id AS block_id, former.id AS former_id,
       ST_Area(ST_Intersection(wanted.geom, former.geom)) AS shared
FROM block_assignment c
JOIN block wanted ON wanted.id = c.block_id AND wanted.retired_at IS NULL
JOIN block_assignment a ON a.plan_id = c.plan_id AND NOT a.carried
JOIN block former ON former.id = a.block_id AND former.geom && wanted.geom
WHERE c.plan_id = :plan AND c.carried
""")


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
    query = (
        select(BlockAssignment.block_id, Grid.number)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .where(BlockAssignment.plan_id == plan_id, ~BlockAssignment.carried)
    )
    return dict(session.execute(query).all())


def _mostly(shared: pd.DataFrame, number: dict[int, int]) -> dict[int, int]:
    """Give each block the number that most of its ground had; ties go to the smaller one."""
    former = shared["former_id"].map(number).fillna(UNASSIGNED).astype(np.int64)
    sums = shared.assign(number=former).groupby(["block_id", "number"], as_index=False)["shared"]
    first = sums.sum().sort_values(["shared", "number"], ascending=[False, True])
    best = first.drop_duplicates("block_id").set_index("block_id")["number"]
    return {int(block): int(n) for block, n in best.items()}
