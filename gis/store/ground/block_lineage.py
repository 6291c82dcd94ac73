"""What lies in blocks that are built anew, located again in the new blocks by its points.

Set-wise, found by ``ix_*_block_id`` and ``ix_block_geom``; what lies elsewhere is not touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import TextClause, text
from sqlalchemy.orm import DeclarativeBase, Session

from gis.database.bulk import copy_frame
from gis.store.ground.locate import block_at_point
from gis.store.tables import BlockLineage
from gis.store.tables.kinds import LiesInBlock, ToLocate, tables_with

_LOCATE = f"""
WITH moved AS (
    UPDATE {{table}} t
    SET block_id = b.id, community_id = COALESCE(b.community_id, t.community_id)
    FROM (SELECT id, {block_at_point("s.geom")} AS block_id
          FROM {{table}} s WHERE s.block_id = ANY(:retired)) f
    LEFT JOIN block b ON b.id = f.block_id
    WHERE t.id = f.id
    RETURNING t.community_id)
SELECT community_id, count(*) FROM moved GROUP BY community_id
"""  # noqa: S608  (nothing in it comes from outside)
"""By the border rule; a point on the border of the community may so change to its neighbour."""

_UNLOCATED = """
SELECT count(*) FROM {table} t
WHERE t.community_id = :community AND t.block_id IS NULL AND t.status = 'accepted'
"""


def save_lineage(
    session: Session, children: Sequence[int], parents: Sequence[Sequence[tuple[int, float]]]
) -> None:
    """Store of each new block the former blocks it was made of, with their shares of its area."""
    n_parents = [len(p) for p in parents]
    pairs = [pair for own in parents for pair in own]
    frame = pd.DataFrame(
        {
            "child_id": np.repeat(np.asarray(children, dtype=int), n_parents),
            "parent_id": [parent for parent, _ in pairs],
            "share": [min(share, 1.0) for _, share in pairs],
        }
    )
    copy_frame(session, BlockLineage, frame)


def locate_again(session: Session, retired: Sequence[int]) -> Counter[int]:
    """Locate what lies in retired blocks; counts by the community where it lies now."""
    moved: Counter[int] = Counter()
    values = {"retired": [int(i) for i in retired]}
    for table in tables_with(LiesInBlock):
        moved.update(dict(session.execute(_on(table, _LOCATE), values).all()))
    return moved


def count_unlocated(session: Session, community_id: int) -> int:
    """Count the records of a community whose point lies in no block."""
    values = {"community": community_id}
    return sum(session.scalar(_on(table, _UNLOCATED), values) for table in tables_with(ToLocate))


def _on(table: type[DeclarativeBase], statement: str) -> TextClause:
    """Write a statement for a table."""
    return text(statement.replace("{table}", table.__tablename__))
