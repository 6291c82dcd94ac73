"""The names behind the search box: written when the register, divisions or records change."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.store.location.named_records import for_each_table

_UNITS = """
INSERT INTO search_name (kind, name, name_en, community_id, unit_id)
SELECT u.level, left(u.name, 120), u.name_en, CASE WHEN u.level = 'community' THEN u.id END, u.id
FROM division_unit u WHERE u.level IN ('county', 'town', 'community') AND u.geom IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM search_name n WHERE n.unit_id = u.id AND n.name = left(u.name, 120)
                  AND n.name_en IS NOT DISTINCT FROM u.name_en)
"""
_OLD_UNITS = """
DELETE FROM search_name n USING division_unit u WHERE n.unit_id = u.id
  AND (n.name, n.name_en) IS DISTINCT FROM (left(u.name, 120), u.name_en)
"""
_RECORDS = """
INSERT INTO search_name (kind, name, community_id, record_id)
SELECT '{table}', left(r.{title}, 120), r.community_id, r.id FROM {table} r
WHERE r.status = 'accepted' AND r.geom IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM search_name n WHERE n.record_id = r.id)
"""
_OLD_RECORDS = """
DELETE FROM search_name n WHERE n.kind = '{table}' AND NOT EXISTS (
  SELECT 1 FROM {table} r WHERE r.id = n.record_id AND r.status = 'accepted'
    AND (left(r.{title}, 120), r.community_id) IS NOT DISTINCT FROM (n.name, n.community_id))
"""
_STALE_DOORS = """
DELETE FROM search_door d USING address a, search_name n
WHERE a.id = d.address_id AND n.id = d.name_id
  AND n.community_id IS DISTINCT FROM a.community_id
"""
_UNNAMED = """
SELECT a.id, a.text, a.town, a.community, a.street, a.number, a.estate, a.building, a.stairwell,
       a.room, a.community_id
FROM address a
WHERE a.geom IS NOT NULL AND NOT EXISTS (SELECT 1 FROM search_door d WHERE d.address_id = a.id)
ORDER BY a.id
"""
_STAGE = """
CREATE TEMP TABLE new_door (address_id int, community_id int, kind text, name text, door text)
ON COMMIT DROP
"""
_NAMES = """
INSERT INTO search_name (kind, name, community_id)
SELECT DISTINCT kind, name, community_id FROM new_door
ON CONFLICT (kind, name, community_id) WHERE unit_id IS NULL AND record_id IS NULL DO NOTHING
"""
_DOORS = """
INSERT INTO search_door (name_id, address_id, door)
SELECT n.id, d.address_id, d.door FROM new_door d
JOIN search_name n ON n.kind = d.kind AND n.name = d.name AND n.unit_id IS NULL
  AND n.record_id IS NULL AND n.community_id IS NOT DISTINCT FROM d.community_id
ON CONFLICT DO NOTHING
"""
_COUNT = """
UPDATE search_name n SET n_doors = c.n
FROM (SELECT name_id, count(*) AS n FROM search_door GROUP BY name_id) c
WHERE c.name_id = n.id AND n.n_doors <> c.n
"""
_IDLE = """
DELETE FROM search_name n WHERE n.unit_id IS NULL AND n.record_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM search_door d WHERE d.name_id = n.id)
"""


def sync_units(session: Session) -> None:
    """Name every division unit once, as it is called now."""
    session.execute(text(_OLD_UNITS))
    session.execute(text(_UNITS))


def sync_records(session: Session) -> None:
    """Name every located record of the named kinds once, as it is called and where it lies now."""
    for statement in (_OLD_RECORDS, _RECORDS):
        for of_table in for_each_table(statement):
            session.execute(text(of_table))


def unnamed_addresses(session: Session) -> pd.DataFrame:
    """Read the addresses without a name, after taking the names of those that moved."""
    session.execute(text(_STALE_DOORS))
    return read_frame(session, text(_UNNAMED))


def add_doors(session: Session, doors: pd.DataFrame) -> None:
    """Put addresses under their names; names that are new get an entry.

    Parameters
    ----------
    doors
        ``address_id, community_id, kind, name, door``.
    """
    session.execute(text(_STAGE))
    plain = doors.astype(object).where(doors.notna(), None)
    cursor = session.connection().connection.cursor()
    with cursor.copy("COPY new_door FROM STDIN") as copy:
        for row in plain.itertuples(index=False):
            copy.write_row([int(v) if isinstance(v, float | np.integer) else v for v in row])
    session.execute(text("ANALYZE new_door"))
    for statement in (_NAMES, _DOORS, "DROP TABLE new_door"):
        session.execute(text(statement))


def names_without_keys(session: Session) -> list[tuple[int, str, str | None]]:
    """List the names that have no key yet: id, name, English name."""
    query = """
        SELECT n.id, n.name, n.name_en FROM search_name n
        WHERE NOT EXISTS (SELECT 1 FROM search_key k WHERE k.name_id = n.id)
    """
    return [tuple(row) for row in session.execute(text(query))]


def add_keys(session: Session, keys: Iterable[tuple[int, str, int]]) -> None:
    """Store keys of names: name id, key, rank."""
    cursor = session.connection().connection.cursor()
    with cursor.copy("COPY search_key (name_id, key, rank) FROM STDIN") as copy:
        for row in keys:
            copy.write_row(row)


def drop_idle_names(session: Session) -> None:
    """Forget names that nothing has any more, and count the doors of the others."""
    session.execute(text(_IDLE))
    session.execute(text(_COUNT))
