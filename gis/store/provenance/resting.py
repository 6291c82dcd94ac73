"""What rests on an import: rows that refer to what it made, and later imports of the same rows.

Which tables refer to which is read from the tables themselves, so a new one is asked, too. What
else was done with its rows is known to the subjects that did it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    cast,
    exists,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from gis.store.provenance.former_rows import kept_rows
from gis.store.provenance.records import MODELS
from gis.store.tables import Base, FormerRow

DERIVED = frozenset({"search_name", "search_key", "search_door", "block_count"})
"""Tables made from others, which follow by themselves."""

_OUTLINES = "division_unit"


@dataclass(frozen=True)
class Rest:
    """Something that rests on an import.

    Parameters
    ----------
    what
        A table whose rows refer to what the import made, or another word for what it is.
    n
        How many.
    through
        Table that they refer to.
    """

    what: str
    n: int
    through: str = ""


def list_references(session: Session, batch_id: int) -> list[Rest]:
    """List the tables whose rows refer to what an import made, and do not go with it."""
    session.flush()
    found: list[Rest] = []
    for name, table in Base.metadata.tables.items():
        if name not in DERIVED:
            found += _referring(session, batch_id, table)
    return [rest for rest in found if rest.n]


def count_later(session: Session, batch_id: int) -> int:
    """Count the later imports that changed rows which an import changed or made."""
    return session.scalar(_later_imports(batch_id)) or 0


def _later_imports(batch_id: int) -> Select:
    later = FormerRow.__table__.alias("later")
    own = exists().where(
        FormerRow.batch_id == batch_id,
        FormerRow.table_name == later.c.table_name,
        FormerRow.row_id == later.c.row_id,
    )
    made = later.c.former["import_batch_id"].as_integer() == batch_id
    of_later = later.c.batch_id > batch_id, or_(own, made)
    return select(func.count(later.c.batch_id.distinct())).where(*of_later)


def _referring(session: Session, batch_id: int, table: Table) -> list[Rest]:
    """Count the rows of a table that refer to what the import made and do not go with it."""
    found = []
    for constraint in table.foreign_key_constraints:
        for part in constraint.elements:
            through = part.column.table
            made = _made(batch_id, through)
            if made is None or part.column.name != "id":
                continue
            rows = select(func.count()).select_from(table).where(part.parent.in_(made))
            stay = _stays(batch_id, table)
            n = session.scalar(rows if stay is None else rows.where(stay)) or 0
            found.append(Rest(table.name, n, through.name))
    return found


def _made(batch_id: int, table: Table) -> Select | None:
    """Select the ids of the rows of a table that go when the import is undone."""
    if table.name == _OUTLINES:
        return select(cast(FormerRow.row_id, Integer)).where(
            FormerRow.row_id.in_(kept_rows(batch_id, table.name, made=True)),
            FormerRow.table_name == table.name,
        )
    if table.name not in {m.__tablename__ for m in MODELS.values()}:
        return None
    return select(table.c.id).where(
        table.c.import_batch_id == batch_id, ~_was_of_another(batch_id, table)
    )


def _was_of_another(batch_id: int, table: Table) -> ColumnElement[bool]:
    """Say that a row is kept as one that another import made."""
    return exists().where(
        FormerRow.batch_id == batch_id,
        FormerRow.table_name == table.name,
        FormerRow.row_id == cast(table.c.id, Text),
        FormerRow.former["import_batch_id"].as_integer() != batch_id,
    )


def _stays(batch_id: int, table: Table) -> ColumnElement[bool] | None:
    """Say which rows of a table neither go with the import nor are put back."""
    if "id" not in table.c:
        return None
    kept = union(
        kept_rows(batch_id, table.name, made=True), kept_rows(batch_id, table.name, made=False)
    )
    stays = cast(table.c.id, Text).not_in(kept)
    return stays & (table.c.import_batch_id != batch_id) if "import_batch_id" in table.c else stays
