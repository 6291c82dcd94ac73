"""What lies in blocks that are built anew, carried over to the new blocks.

Addresses, households, incidents and places of retired blocks are located again by their points,
every plan is told in which of its grids the new blocks lie, and counts move to the new blocks. What
lies in other blocks is not touched. Everything is set-wise and found by ``ix_*_block_id`` and
``ix_block_geom``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gis.database.bulk import copy_frame
from gis.store.area.months import month_of
from gis.store.ground.locate import block_at_point
from gis.store.tables import BlockLineage

_LOCATED = ("address", "household", "incident", "place")

_FLOWS = f"""
UPDATE block_lineage l SET households = f.n
FROM (SELECT t.block_id AS parent, {block_at_point("t.geom")} AS child, count(*) AS n
      FROM household t
      WHERE t.block_id = ANY(:retired) AND t.status = 'accepted' GROUP BY 1, 2) f
WHERE l.parent_id = f.parent AND l.child_id = f.child
"""  # noqa: S608  (nothing in it comes from outside)

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

_CARRY = """
INSERT INTO block_assignment (plan_id, block_id, community_id, grid_id, carried)
SELECT DISTINCT ON (plan_id, child_id) plan_id, child_id, :community, grid_id, true
FROM (SELECT a.plan_id, a.grid_id, l.child_id, sum(l.households) AS households,
             sum(l.share) AS share
      FROM block_lineage l JOIN block_assignment a ON a.block_id = l.parent_id
      WHERE l.child_id = ANY(:new) GROUP BY 1, 2, 3) pairs
ORDER BY plan_id, child_id, households DESC, share DESC, grid_id
"""

_WITHOUT_GRID = """
SELECT count(*) FROM block b JOIN live_plan p ON p.community_id = b.community_id
WHERE b.id = ANY(:new) AND NOT EXISTS (
    SELECT 1 FROM block_assignment a WHERE a.plan_id = p.plan_id AND a.block_id = b.id)
"""

_FORGET = "DELETE FROM {table} WHERE block_id = ANY(:retired)"

_LOAD = """
INSERT INTO block_load (block_id, households, people, counted_at)
SELECT b.id, count(h.id), coalesce(sum(h.people), 0), :now
FROM block b LEFT JOIN household h ON h.block_id = b.id AND h.status = 'accepted'
WHERE b.community_id = :community AND b.retired_at IS NULL GROUP BY b.id
ON CONFLICT (block_id) DO UPDATE
SET households = excluded.households, people = excluded.people, counted_at = :now
WHERE (block_load.households, block_load.people) IS DISTINCT FROM
      (excluded.households, excluded.people)
"""

_COUNTS = f"""
INSERT INTO block_incident_count (block_id, topic, month, incidents, counted_at)
SELECT i.block_id, i.topic, {month_of("i.occurred_at")}, count(*), :now
FROM incident i JOIN block b ON b.id = i.block_id
WHERE b.community_id = :community AND b.retired_at IS NULL AND i.status = 'accepted'
GROUP BY 1, 2, 3
ON CONFLICT (block_id, topic, month) DO UPDATE
SET incidents = excluded.incidents, counted_at = :now
WHERE block_incident_count.incidents <> excluded.incidents
"""  # noqa: S608  (nothing in it comes from outside)

_GRIDS = """
UPDATE grid g SET households = s.households, people = s.people
FROM (SELECT g.id, coalesce(sum(l.households), 0) AS households,
             coalesce(sum(l.people), 0) AS people
      FROM grid g LEFT JOIN block_assignment a ON a.grid_id = g.id
      LEFT JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
      LEFT JOIN block_load l ON l.block_id = b.id
      WHERE g.community_id = :community GROUP BY g.id) s
WHERE s.id = g.id AND (g.households, g.people) IS DISTINCT FROM (s.households, s.people)
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


def carry_over(
    session: Session,
    community_id: int,
    *,
    new: Sequence[int],
    retired: Sequence[int],
    now: datetime,
) -> dict[str, int]:
    """Bring everything from retired blocks to those in use; the lineage must be stored.

    A new block goes, in every plan, to the grid that most of the households located in it come
    from, else most of its ground.

    Returns
    -------
    dict
        ``located_again``: what lay in retired blocks; ``left_to_locate``: households, incidents
        and places of the community whose point lies in no block; ``blocks_without_grid``: new
        blocks on ground that the plan in force does not know.
    """
    values = {
        "community": community_id,
        "new": [int(i) for i in new],
        "retired": [int(i) for i in retired],
        "now": now,
    }
    session.execute(text(_FLOWS), values)
    moved = _locate_again(session, values)
    session.execute(text(_CARRY), values)
    for table in ("block_load", "block_incident_count"):
        session.execute(_on(table, _FORGET), values)
    for community in sorted({community_id, *moved} - {None}):
        for statement in (_LOAD, _COUNTS, _GRIDS):
            session.execute(text(statement), values | {"community": community})
    left = sum(session.scalar(_on(t, _UNLOCATED), values) for t in _LOCATED[1:])
    return {
        "located_again": sum(moved.values()),
        "left_to_locate": left,
        "blocks_without_grid": session.scalar(text(_WITHOUT_GRID), values),
    }


def _locate_again(session: Session, values: dict) -> Counter[int]:
    """Locate what lies in retired blocks; counts by the community where it lies now."""
    moved: Counter[int] = Counter()
    for table in _LOCATED:
        moved.update(dict(session.execute(_on(table, _LOCATE), values).all()))
    return moved


def _on(table: str, statement: str) -> TextClause:
    """Write a statement for one of the tables named here."""
    return text(statement.replace("{table}", table))
