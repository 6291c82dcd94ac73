"""Imports as the administrator reads them: each batch, and what was refused in it."""

from __future__ import annotations

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.tables import DataSource, ImportBatch, ImportDefect, UserAccount

MOST_DEFECTS = 1000
"""At most this many defects of a batch are listed."""


def list_batches(session: Session, scope: Scope, *, limit: int = 200) -> list[Row]:
    """List the imports, newest first, with the number of defects; needs ``import``."""
    require(scope, "import")
    defects = select(func.count()).where(ImportDefect.batch_id == ImportBatch.id).scalar_subquery()
    query = (
        select(
            ImportBatch.id,
            ImportBatch.kind,
            ImportBatch.file_name,
            ImportBatch.state,
            ImportBatch.rows_read,
            ImportBatch.rows_stored,
            ImportBatch.created_at,
            ImportBatch.undone_at,
            ImportBatch.correction,
            ImportBatch.misplacement,
            ImportBatch.doubts,
            DataSource.name.label("source"),
            UserAccount.name.label("by"),
            defects.label("defects"),
        )
        .outerjoin(DataSource, DataSource.id == ImportBatch.source_id)
        .outerjoin(UserAccount, UserAccount.id == ImportBatch.created_by)
        .order_by(ImportBatch.id.desc())
    )
    return list(session.execute(query.limit(limit)))


def find_batch(session: Session, batch_id: int, *, lock: bool = False) -> ImportBatch | None:
    """Find an import, whoever may see it; ``lock`` keeps it for this transaction."""
    return session.get(ImportBatch, batch_id, with_for_update=lock or None)


def known_batch(session: Session, batch_id: int) -> ImportBatch:
    """Get an import that is known to be there, whoever may see it."""
    return session.get_one(ImportBatch, batch_id)


def get_batch(
    session: Session, scope: Scope, batch_id: int
) -> tuple[ImportBatch, list[ImportDefect]]:
    """Get one import with what was refused in it; needs ``import``.

    Raises
    ------
    NotFound
        There is no such import.
    """
    require(scope, "import")
    batch = find_batch(session, batch_id)
    if batch is None:
        raise NotFound("there is no such import")
    query = select(ImportDefect).where(ImportDefect.batch_id == batch_id).order_by(ImportDefect.id)
    return batch, list(session.scalars(query.limit(MOST_DEFECTS)))
