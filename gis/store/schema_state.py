"""What a database holds, told by its tables: nothing, another's, or ours of which release."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, text

from gis.database.migrate import current_revision, head_revision, is_known
from gis.store.tables import Base

_OWN_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        AND d.deptype = 'e')
    ORDER BY c.relname
"""
"""Tables that no extension brought; PostGIS alone leaves a database empty."""

_READABLE = text("SELECT has_table_privilege('alembic_version', 'SELECT')")

TABLES_NAMED = 3


class SchemaState(StrEnum):
    """How the tables of a database stand to this release."""

    EMPTY = "empty"
    FOREIGN = "foreign"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    CLOSED = "closed"
    """It holds tables that this role may not read: an older release's, or restored by hand."""


@dataclass(frozen=True)
class FoundSchema:
    """The state of a database, its revision where it has one, and a few of its tables."""

    state: SchemaState
    revision: str | None
    tables: tuple[str, ...]


def find_schema(connection: Connection) -> FoundSchema:
    """Tell what a database holds, without changing anything."""
    tables = set(connection.scalars(text(_OWN_TABLES)))
    strange = tuple(sorted(tables - {"alembic_version"}))
    if "alembic_version" in tables and not connection.scalar(_READABLE):
        ours = not strange or tables & set(Base.metadata.tables)
        state = SchemaState.CLOSED if ours else SchemaState.FOREIGN
        return FoundSchema(state, None, strange[:TABLES_NAMED])
    revision = current_revision(connection) if "alembic_version" in tables else None
    return FoundSchema(_state(revision, strange), revision, strange[:TABLES_NAMED])


def _state(revision: str | None, tables: tuple[str, ...]) -> SchemaState:
    if revision is None:
        return SchemaState.FOREIGN if tables else SchemaState.EMPTY
    if is_known(revision):
        return SchemaState.CURRENT if revision == head_revision() else SchemaState.OLDER
    return SchemaState.NEWER if set(tables) & set(Base.metadata.tables) else SchemaState.FOREIGN
