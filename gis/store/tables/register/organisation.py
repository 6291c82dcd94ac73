"""Organisations: social organisations and non-public firms."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.kinds.organisation import CATEGORIES
from gis.store.tables.kinds import OfKind, ShowsGround, TellsOfReal
from gis.store.tables.location.located import Located, located_rules


class Organisation(Located, OfKind, ShowsGround, TellsOfReal, Base):
    """A body with a seat in the area; its contact is a person, and never in a list."""

    __tablename__ = "organisation"
    record_kind = "organisations"
    found_by = ("registration_number", "name")
    row_label = "t.name"
    title = "name"

    name: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text, server_default="other")
    registration_number: Mapped[str | None] = mapped_column(Text)
    members: Mapped[int | None]
    contact_name: Mapped[str | None] = mapped_column(Text)
    contact_phone: Mapped[str | None] = mapped_column(Text)
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (
        CheckConstraint(one_of("category", tuple(CATEGORIES)), name="category_is_known"),
        CheckConstraint("members >= 0", name="members_is_not_negative"),
        Index("ix_organisation_name", "name", "id"),
        Index("ix_organisation_registration_number", "registration_number"),
        Index("ix_organisation_import_batch_id", "import_batch_id"),
        *located_rules("organisation"),
    )
