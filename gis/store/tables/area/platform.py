"""What is decided once for a whole database."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class Platform(Base):
    """The one row of decisions that all counts rest on.

    ``time_zone`` is the IANA name of the zone whose days and months are counted; every connection
    works in it (`gis.database.engine`).
    """

    __tablename__ = "platform"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default="1")
    time_zone: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("id = 1", name="is_one_row"),)
