"""Counts by block, refreshed set-wise; only rows that change are written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store.area.months import month_of

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

_GRIDS = """
UPDATE grid g SET households = s.households, people = s.people
FROM (SELECT a.grid_id, sum(l.households) AS households, sum(l.people) AS people
      FROM block_assignment a JOIN block_load l ON l.block_id = a.block_id
      JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
      GROUP BY a.grid_id) s
WHERE s.grid_id = g.id AND (g.households, g.people) IS DISTINCT FROM (s.households, s.people)
"""


def refresh_block_load(session: Session, now: datetime) -> None:
    """Count accepted households and their people by block."""
    session.execute(text(_LOAD), {"now": now})


def refresh_block_counts(session: Session, now: datetime) -> None:
    """Count accepted incidents by block, topic and month of the platform."""
    session.execute(text(_COUNTS), {"now": now})


def refresh_grid_load(session: Session) -> None:
    """Sum the load of the blocks into the grids of every plan whose blocks are in use."""
    session.execute(text(_GRIDS))
