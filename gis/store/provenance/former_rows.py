"""What an import replaced: kept while it stores, put back when it is undone.

Triggers of the database keep the rows (migration 0020), whichever module writes them: of a row that
changes what it was, of a row that does not say which import made it that it is new. What is derived
from other rows (names of the search box, counts) is not kept, but made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Select, Table, delete, select, text, update
from sqlalchemy.orm import Session

from gis.database.answers import rows_changed
from gis.store.provenance.records import MODELS
from gis.store.tables import Base, FormerRow, ImportBatch

KEPT_FOR = timedelta(days=90)
"""So long an import can be undone; then what it replaced, persons too, is forgotten."""

_SETTING = "community_grid.import"


@contextmanager
def keeping_former(session: Session, batch: ImportBatch) -> Iterator[None]:
    """Keep what is replaced as long as this lasts, for an import that stores."""
    _forget_old(session, batch.created_at)
    batch.keeps_former = True
    session.flush()
    _keep_for(session, str(batch.id))
    yield
    session.flush()
    _keep_for(session, "")


def _keep_for(session: Session, batch: str) -> None:
    session.execute(
        text("SELECT set_config(:name, :batch, true)"), {"name": _SETTING, "batch": batch}
    )


def _forget_old(session: Session, now: datetime) -> None:
    old = ImportBatch.keeps_former, ImportBatch.created_at < now - KEPT_FOR
    gone = select(ImportBatch.id).where(*old)
    session.execute(delete(FormerRow).where(FormerRow.batch_id.in_(gone)))
    session.execute(update(ImportBatch).where(*old).values(keeps_former=False))


def kept_rows(batch_id: int, table: str | None = None, *, made: bool) -> Select:
    """Select the ids, as text, of kept rows (of one table) that an import made, or changed."""
    is_made = FormerRow.former.is_(None)
    query = select(FormerRow.row_id).where(FormerRow.batch_id == batch_id)
    query = query if table is None else query.where(FormerRow.table_name == table)
    return query.where(is_made if made else ~is_made)


def put_back(session: Session, batch_id: int) -> int:
    """Give every kept row what it was, and remove what the import made; gives how many rows.

    Nothing may rest on what is removed (see `gis.store.provenance.resting`).
    """
    names = session.scalars(
        select(FormerRow.table_name).where(FormerRow.batch_id == batch_id).distinct()
    ).all()
    n = sum(_restore(session, batch_id, Base.metadata.tables[name]) for name in sorted(names))
    for model in MODELS.values():
        made = delete(model).where(model.import_batch_id == batch_id)
        n += rows_changed(session.execute(made))
    for name in sorted(names):
        n += _remove(session, batch_id, Base.metadata.tables[name])
    session.execute(delete(FormerRow).where(FormerRow.batch_id == batch_id))
    session.expire_all()
    return n


def _restore(session: Session, batch_id: int, table: Table) -> int:
    columns = [c.name for c in table.columns if c.computed is None and not c.primary_key]
    assigned = ", ".join(f"{c} = r.{c}" for c in columns)
    statement = text(
        f"UPDATE {table.name} t SET {assigned} FROM import_former_row f,"  # noqa: S608  (names of columns)
        f" jsonb_populate_record(NULL::{table.name}, f.former) r"
        " WHERE f.batch_id = :batch AND f.table_name = :table AND f.former IS NOT NULL"
        " AND t.id = r.id"
    )
    values = {"batch": batch_id, "table": table.name}
    return rows_changed(session.execute(statement, values))


def _remove(session: Session, batch_id: int, table: Table) -> int:
    statement = text(
        f"DELETE FROM {table.name} t USING import_former_row f"  # noqa: S608  (a name of a table)
        " WHERE f.batch_id = :batch AND f.table_name = :table AND f.former IS NULL"
        " AND t.id::text = f.row_id"
    )
    values = {"batch": batch_id, "table": table.name}
    return rows_changed(session.execute(statement, values))
