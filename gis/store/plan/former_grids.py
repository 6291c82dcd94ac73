"""In which grid of an earlier plan the blocks of another lie, also when they were built anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Executable, select, text
from sqlalchemy.orm import Session

from gis.analysis.overlaps import overlaps_of
from gis.database.bulk import read_frame
from gis.domain.lineage import Overlap
from gis.store.counts.counted import Counted, count_join
from gis.store.tables import Block, BlockAssignment, Grid
from gis.words import measures

_BY_LINEAGE = text("""
WITH RECURSIVE line AS (
    SELECT id, id AS ancestor, 0 AS depth FROM unnest(CAST(:blocks AS integer[])) AS wanted (id)
    UNION ALL
    SELECT line.id, block.parent_id, depth + 1 FROM line JOIN block ON block.id = line.ancestor
    WHERE block.parent_id IS NOT NULL
)
SELECT DISTINCT ON (line.id) line.id AS block_id, grid.code FROM line
JOIN block_assignment a ON a.plan_id = :plan AND a.block_id = line.ancestor
JOIN grid ON grid.id = a.grid_id
ORDER BY line.id, depth
""")

_BY_AREA = text("""
SELECT DISTINCT ON (block_id) block_id, code FROM (
    SELECT wanted.id AS block_id, grid.code,
           sum(ST_Area(ST_Intersection(wanted.geom, former.geom))) AS shared
    FROM block wanted
    JOIN block former ON former.community_id = wanted.community_id
                     AND former.geom && wanted.geom
    JOIN block_assignment a ON a.plan_id = :plan AND a.block_id = former.id AND NOT a.carried
    JOIN grid ON grid.id = a.grid_id
    WHERE wanted.id = ANY(CAST(:blocks AS integer[]))
    GROUP BY wanted.id, grid.code
) AS pairs
WHERE shared > 0
ORDER BY block_id, shared DESC, code
""")


_OVERLAPS = text(f"""
SELECT before.code AS parent, grid.code AS child,
       coalesce(sum(h.n), 0) AS households, sum(b.area_m2) AS area_m2
FROM block_assignment a
JOIN grid ON grid.id = a.grid_id
JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
{count_join("h", measures.HOUSEHOLDS, "b.id")}
LEFT JOIN block_assignment f ON f.plan_id = :base AND f.block_id = b.id
LEFT JOIN grid before ON before.id = f.grid_id
WHERE a.plan_id = :plan
GROUP BY before.code, grid.code ORDER BY before.code, grid.code
""")  # noqa: S608  (nothing in it comes from outside)


def former_codes(session: Session, plan_id: int, block_ids: Sequence[int]) -> pd.Series:
    """Give the grid code of blocks under a plan that may have been drawn on other blocks.

    A block is in the grid it was assigned to, or one it was split from was; a block built anew
    comes from the grid that has most of its ground. Blocks on new ground are left out.

    Returns
    -------
    Series
        Grid code by block id.
    """
    wanted = [int(b) for b in block_ids]
    same = _read(session, _BY_LINEAGE, plan_id, wanted)
    rest = sorted(set(wanted) - set(same.index))
    if not rest:
        return same
    return pd.concat([same, _read(session, _BY_AREA, plan_id, rest)])


def _read(session: Session, query: Executable, plan_id: int, blocks: list[int]) -> pd.Series:
    rows = read_frame(session, query, {"plan": plan_id, "blocks": blocks})
    return pd.Series(rows["code"].to_numpy(object), index=rows["block_id"].to_numpy(np.int64))


def assigned_blocks(session: Session, plan_id: int) -> pd.DataFrame:
    """Read the blocks of a plan: ``block_id, code, households, people, area_m2``.

    Those in use; where none is any more, those the plan was drawn on.
    """
    households, people = Counted(measures.HOUSEHOLDS), Counted(measures.PEOPLE)
    query = (
        select(
            Block.id.label("block_id"),
            Grid.code,
            households.n,
            people.n,
            Block.area_m2,
            Block.retired_at.is_(None).label("in_use"),
            BlockAssignment.carried,
        )
        .join(BlockAssignment, BlockAssignment.block_id == Block.id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .outerjoin(households.rows, households.of(Block.id))
        .outerjoin(people.rows, people.of(Block.id))
        .where(BlockAssignment.plan_id == plan_id)
        .order_by(Block.id)
    )
    blocks = read_frame(session, query)
    wanted = blocks["in_use"] if blocks["in_use"].any() else ~blocks["carried"].astype(bool)
    return blocks[wanted].drop(columns=["in_use", "carried"]).reset_index(drop=True)


def overlaps_between(session: Session, plan_id: int, base_id: int | None) -> list[Overlap]:
    """Sum the blocks of a plan by the grid they are in under a base plan (None: there is none)."""
    rows = session.execute(_OVERLAPS, {"plan": plan_id, "base": base_id}).all()
    if rows and (base_id is None or all(row.parent for row in rows)):
        return [Overlap(r.parent, r.child, int(r.households), float(r.area_m2)) for r in rows]
    blocks = assigned_blocks(session, plan_id)
    former = pd.Series(dtype=object)
    if base_id is not None:
        former = former_codes(session, base_id, blocks["block_id"].tolist())
    return overlaps_of(blocks, blocks.set_index("block_id")["code"], former)
