"""Blocks that were built since an import changed the ground they were cut from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


def count_built_since(session: Session, batch_id: int, since: datetime) -> int:
    """Count the communities whose blocks were built from what an import made or changed."""
    return session.scalar(text(_BUILT), {"batch": batch_id, "since": since}) or 0


def count_gone_places(session: Session, batch_id: int) -> int:
    """Count the records that would be put back into blocks which are not in use any more."""
    return session.scalar(text(_GONE), {"batch": batch_id}) or 0


_BUILT = """
WITH changed AS (
    SELECT geom FROM barrier WHERE import_batch_id = :batch
    UNION ALL
    SELECT geom FROM building WHERE import_batch_id = :batch
    UNION ALL
    SELECT geom FROM compound WHERE import_batch_id = :batch
    UNION ALL
    SELECT CAST(former ->> 'geom' AS geometry) FROM import_former_row
    WHERE batch_id = :batch AND former ->> 'geom' IS NOT NULL
      AND table_name IN ('barrier', 'building', 'compound', 'division_unit')
)
SELECT count(DISTINCT b.community_id) FROM block_build b
JOIN division_unit u ON u.id = b.community_id
WHERE b.built_at >= :since AND EXISTS (SELECT FROM changed c WHERE u.geom && c.geom)
"""

_GONE = """
SELECT count(*) FROM import_former_row f
WHERE f.batch_id = :batch AND f.former ->> 'block_id' IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM block b
    WHERE b.id = CAST(f.former ->> 'block_id' AS int) AND b.retired_at IS NULL)
"""
