"""Residents who came before their household: they wait under its number, and are nobody's."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import any_, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from gis.database.answers import rows_changed
from gis.store.tables import Resident

_ADOPT = text("""
UPDATE resident r SET household_id = h.id, household_number = NULL
FROM household h WHERE h.number = r.household_number
""")


def adopt_residents(session: Session) -> int:
    """Give residents who wait their household, where it has come; gives how many."""
    session.flush()
    return rows_changed(session.execute(_ADOPT))


def count_residents_of(session: Session, numbers: Collection[str]) -> int:
    """Count the residents who wait for households with some numbers."""
    wanted = any_(literal([str(n) for n in numbers], ARRAY(Text)))
    query = select(func.count()).select_from(Resident).where(Resident.household_number == wanted)
    return session.scalar(query) or 0
