"""Counts by block, refreshed set-wise; only rows that change are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store.area.months import month_of
from gis.store.ground.locate import block_at_point

_LOAD = """
INSERT INTO block_load (block_id, households, people, counted_at)
SELECT b.id, count(h.id), coalesce(sum(h.people), 0), :now
FROM block b LEFT JOIN household h ON h.block_id = b.id AND h.status = 'accepted'
WHERE b.retired_at IS NULL
GROUP BY b.id
ON CONFLICT (block_id) DO UPDATE
SET households = excluded.households, people = excluded.people, counted_at = excluded.counted_at
WHERE (block_load.households, block_load.people) IS DISTINCT FROM
      (excluded.households, excluded.people)
"""

_COUNTS = f"""
WITH counted AS (
    SELECT block_id, topic, {month_of("occurred_at")} AS month,
           count(*) AS incidents
    FROM incident WHERE block_id IS NOT NULL AND status = 'accepted' GROUP BY 1, 2, 3
), gone AS (
    DELETE FROM block_incident_count c
    WHERE NOT EXISTS (SELECT 1 FROM counted n WHERE n.block_id = c.block_id
                      AND n.topic = c.topic AND n.month = c.month)
)
INSERT INTO block_incident_count (block_id, topic, month, incidents, counted_at)
SELECT block_id, topic, month, incidents, :now FROM counted
ON CONFLICT (block_id, topic, month) DO UPDATE
SET incidents = excluded.incidents, counted_at = excluded.counted_at
WHERE block_incident_count.incidents <> excluded.incidents
"""  # noqa: S608  (nothing in it comes from outside)

_FLOWS = f"""
UPDATE block_lineage l SET households = f.n
FROM (SELECT t.block_id AS parent, {block_at_point("t.geom")} AS child, count(*) AS n
      FROM household t
      WHERE t.block_id = ANY(:retired) AND t.status = 'accepted' GROUP BY 1, 2) f
WHERE l.parent_id = f.parent AND l.child_id = f.child
"""  # noqa: S608  (nothing in it comes from outside)

_FORGET = "DELETE FROM {table} WHERE block_id = ANY(:retired)"

_LOAD_OF_COMMUNITY = """
INSERT INTO block_load (block_id, households, people, counted_at)
SELECT b.id, count(h.id), coalesce(sum(h.people), 0), :now
FROM block b LEFT JOIN household h ON h.block_id = b.id AND h.status = 'accepted'
WHERE b.community_id = :community AND b.retired_at IS NULL GROUP BY b.id
ON CONFLICT (block_id) DO UPDATE
SET households = excluded.households, people = excluded.people, counted_at = :now
WHERE (block_load.households, block_load.people) IS DISTINCT FROM
      (excluded.households, excluded.people)
"""

_COUNTS_OF_COMMUNITY = f"""
INSERT INTO block_incident_count (block_id, topic, month, incidents, counted_at)
SELECT i.block_id, i.topic, {month_of("i.occurred_at")}, count(*), :now
FROM incident i JOIN block b ON b.id = i.block_id
WHERE b.community_id = :community AND b.retired_at IS NULL AND i.status = 'accepted'
GROUP BY 1, 2, 3
ON CONFLICT (block_id, topic, month) DO UPDATE
SET incidents = excluded.incidents, counted_at = :now
WHERE block_incident_count.incidents <> excluded.incidents
"""  # noqa: S608  (nothing in it comes from outside)


def refresh_block_load(session: Session, now: datetime) -> None:
    """Count accepted households and their people by block."""
    session.execute(text(_LOAD), {"now": now})


def refresh_block_counts(session: Session, now: datetime) -> None:
    """Count accepted incidents by block, topic and month of the platform."""
    session.execute(text(_COUNTS), {"now": now})


def count_flows(session: Session, retired: Sequence[int]) -> None:
    """Count how many households of retired blocks lie in each block made of them.

    Asked before they are located again; the lineage must be stored.
    """
    session.execute(text(_FLOWS), {"retired": [int(i) for i in retired]})


def move_counts(
    session: Session, community_ids: Iterable[int], retired: Sequence[int], now: datetime
) -> None:
    """Forget the counts of retired blocks, and count those in use of communities again."""
    values = {"retired": [int(i) for i in retired]}
    for table in ("block_load", "block_incident_count"):
        session.execute(text(_FORGET.replace("{table}", table)), values)
    for community_id in community_ids:
        for statement in (_LOAD_OF_COMMUNITY, _COUNTS_OF_COMMUNITY):
            session.execute(text(statement), {"community": community_id, "now": now})
