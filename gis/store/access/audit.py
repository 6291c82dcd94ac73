"""The audit trail: entries are written in the transaction of what they tell about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.store.tables import AuditEntry
from gis.words.events import EVENTS, spellings


def write_audit(
    session: Session,
    scope: Scope | None,
    action: str,
    *,
    now: datetime,
    object_kind: str | None = None,
    object_id: object | None = None,
    community_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record who did or saw what; ``scope`` is None before anybody has signed in.

    ``action`` is one of `gis.words.events.EVENTS`; ``detail`` must hold nothing personal: ids,
    counts and the names of fields.

    Raises
    ------
    KeyError
        There is no such event.
    """
    if action not in EVENTS:
        raise KeyError(f"there is no event {action}")
    session.add(
        AuditEntry(
            at=now,
            actor_id=scope.user_id if scope else None,
            actor=scope.login if scope else "anonymous",
            action=action,
            object_kind=object_kind,
            object_id=None if object_id is None else str(object_id),
            community_id=community_id,
            detail=dict(detail or {}),
        )
    )
    session.flush()


def write_audits(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Record many things at once, in their order; rows have the columns of `AuditEntry`."""
    if unknown := {row["action"] for row in rows} - set(EVENTS):
        raise KeyError(f"there is no event {', '.join(map(str, unknown))}")
    if rows:
        session.execute(insert(AuditEntry), [dict(row) for row in rows])


def list_audit(
    session: Session,
    scope: Scope,
    *,
    actor: str | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> Sequence[AuditEntry]:
    """List entries, newest first; needs ``audit.view``. Uses the primary key.

    ``action`` is the beginning of an event's name, or of what an entry says; ``since`` and
    ``until`` (exclusive) bound the time.
    """
    require(scope, "audit.view")
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    conditions = (
        (actor, lambda: AuditEntry.actor == actor),
        (action, lambda: _begins(action or "")),
        (since, lambda: AuditEntry.at >= since),
        (until, lambda: AuditEntry.at < until),
        (before_id, lambda: AuditEntry.id < before_id),
    )
    for value, condition in conditions:
        if value:
            query = query.where(condition())
    return session.scalars(query).all()


def _begins(beginning: str) -> ColumnElement[bool]:
    """Choose entries of the events with this beginning, and whatever else is written so."""
    as_written = AuditEntry.action.startswith(beginning, autoescape=True)
    return or_(as_written, AuditEntry.action.in_(spellings(beginning)))
