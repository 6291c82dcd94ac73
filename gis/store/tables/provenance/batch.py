"""Imports: each file read, what was refused in it and why, and where the data come from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class DataSource(Base):
    """Where data come from: attribution and licence, and what a reader of the map must know."""

    __tablename__ = "data_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    notice_zh: Mapped[str | None] = mapped_column(Text)
    notice_en: Mapped[str | None] = mapped_column(Text)
    synthetic: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (UniqueConstraint("name"),)


class ImportBatch(Base):
    """One import: a file (or a generator) read into one kind of record, whole or not at all.

    ``misplacement`` is what a check of its coordinates found; ``correction`` is how they are read.
    ``doubts`` holds what is doubtful of the points of many rows together, as messages by what they
    are about (see `gis.actions.provenance.kept_doubts`); null where nobody looked.
    ``keeps_former`` says that what it replaced is kept (`FormerRow`), so that it can be undone.
    ``tally`` counts its rows by what was stored before: new, changed, unchanged, missing; null for
    imports of releases that did not compare.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(Text)
    mapping: Mapped[dict] = mapped_column(JSONB, server_default="{}")
    state: Mapped[str] = mapped_column(Text)
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_stored: Mapped[int] = mapped_column(server_default="0")
    correction: Mapped[str | None] = mapped_column(Text)
    misplacement: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    doubts: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    tally: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("data_source.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    keeps_former: Mapped[bool] = mapped_column(server_default="false")
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('committed', 'refused', 'undone')", name="state_is_known"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_moment"),
        Index("ix_import_batch_kind", "kind"),
    )


class ImportDefect(Base):
    """One rejected row of a refused import; personal values are masked before they get here."""

    __tablename__ = "import_defect"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"))
    row_number: Mapped[int | None]
    field: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    said: Mapped[list | str | None] = mapped_column(JSONB(none_as_null=True))
    """The message with its values, as `gis.messages` writes it; earlier releases kept none."""

    __table_args__ = (Index("ix_import_defect_batch_id", "batch_id"),)


class FormerRow(Base):
    """What a row was before an import changed it; no ``former``: the import made the row.

    Triggers keep it while an import stores (`gis.store.provenance.former_rows`); shapes are kept as
    text, to the last digit. Rows that bear the number of their import are not kept as made.
    """

    __tablename__ = "import_former_row"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    table_name: Mapped[str] = mapped_column(Text, primary_key=True)
    row_id: Mapped[str] = mapped_column(Text, primary_key=True)
    former: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (Index("ix_import_former_row_row_id", "table_name", "row_id"),)
