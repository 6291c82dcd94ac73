"""Open sessions: a row for each signed-in browser, found by the digest of its token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from gis.database.answers import rows_changed
from gis.domain.sign_in import LONGEST_TIME
from gis.store.tables import UserSession


def add_session(session: Session, *, now: datetime, **columns: object) -> None:
    """Open a session, and forget those that have ended by their age."""
    session.execute(delete(UserSession).where(UserSession.began_at < now - LONGEST_TIME))
    session.add(UserSession(began_at=now, last_used_at=now, **columns))
    session.flush()


def find_session(session: Session, token_digest: str) -> UserSession | None:
    """Find an open session."""
    return session.get(UserSession, token_digest)


def list_sessions(session: Session, user_id: int) -> Sequence[UserSession]:
    """List the sessions of an account, the last used first."""
    query = select(UserSession).where(UserSession.user_id == user_id)
    return session.scalars(query.order_by(UserSession.last_used_at.desc())).all()


def touch_session(session: Session, token_digest: str, now: datetime) -> None:
    """Note that a session is in use."""
    query = update(UserSession).where(UserSession.token_digest == token_digest)
    session.execute(query.values(last_used_at=now))


def end_session(session: Session, token_digest: str) -> None:
    """End one session: its cookie, and every copy of it, is worth nothing."""
    session.execute(delete(UserSession).where(UserSession.token_digest == token_digest))


def end_sessions(session: Session, user_id: int) -> int:
    """End all sessions of an account; gives how many there were."""
    ended = session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    return rows_changed(ended)
