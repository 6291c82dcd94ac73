"""Which households a person was shown on a day; what lasts is in the audit trail."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class Disclosure(Base):
    """A household shown to a person: one's own in clear, or a number outside the own grids."""

    __tablename__ = "disclosure"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    household_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (CheckConstraint("kind IN ('seen', 'number')", name="kind_is_known"),)
