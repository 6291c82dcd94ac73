"""Which households a person has been shown today: for the daily limit and for logging once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.tables import Disclosure

SEEN, NUMBER = "seen", "number"
"""A household of one's own seen in clear; a number shown outside the own grids."""


def note_shown(
    session: Session, user_id: int, day: date, kind: str, ids: Sequence[UUID]
) -> list[UUID]:
    """Note households as shown on a day; gives those that were not yet, in their order."""
    if not ids:
        return []
    old = (Disclosure.user_id == user_id) & (Disclosure.day < day)
    session.execute(delete(Disclosure).where(old))
    rows = [{"user_id": user_id, "day": day, "kind": kind, "household_id": i} for i in ids]
    query = insert(Disclosure).values(rows).on_conflict_do_nothing()
    new = set(session.scalars(query.returning(Disclosure.household_id)))
    return [i for i in dict.fromkeys(ids) if i in new]


def begin_count(session: Session, user_id: int) -> None:
    """Let one request of a person count at a time, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(7_263_001, user_id)))


def was_shown(session: Session, user_id: int, day: date, kind: str, household_id: UUID) -> bool:
    """Say whether a household was shown on a day already."""
    return session.get(Disclosure, (user_id, day, kind, household_id)) is not None


def count_shown(session: Session, user_id: int, day: date, kind: str) -> int:
    """Count the households shown on a day."""
    query = select(func.count()).where(
        Disclosure.user_id == user_id, Disclosure.day == day, Disclosure.kind == kind
    )
    return session.scalar(query.select_from(Disclosure)) or 0
