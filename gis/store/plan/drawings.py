"""Drafts being drawn in the background, as every process of the server sees them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import Conflict, Message, NotFound
from gis.store.tables import Drawing

SILENCE = timedelta(seconds=60)
"""A drawing that nobody has heard of for so long has died with its process."""

DIED = Message("the process that drew was stopped; draw again")


def add_drawing(
    session: Session, *, community_id: int, asked_by: int | None, now: datetime
) -> Drawing:
    """Take the one place of a community for a drawing.

    Raises
    ------
    Conflict
        Another draft of the community is being drawn.
    """
    end_silent(session, now)
    drawing = Drawing(
        community_id=community_id,
        asked_by=asked_by,
        asked_at=now,
        heard_at=now,
        state="running",
        fraction=0.0,
        message="",
        cancel_wished=False,
    )
    try:
        with session.begin_nested():
            session.add(drawing)
            session.flush()
    except IntegrityError:
        raise Conflict(
            "a draft of this community is being drawn already; wait for it, or cancel it"
        ) from None
    return drawing


def end_silent(session: Session, now: datetime) -> None:
    """Mark as failed what was drawn by processes that are no more."""
    session.execute(
        update(Drawing)
        .where(Drawing.state == "running", Drawing.heard_at < now - SILENCE)
        .values(state="failed", message=str(DIED))
    )


def get_drawing(session: Session, scope: Scope, drawing_id: int) -> Drawing:
    """Get a drawing of the area.

    Raises
    ------
    NotFound
        No such drawing, or its community lies outside the area.
    """
    require(scope, "plan.edit")
    drawing = session.get(Drawing, drawing_id)
    if drawing is None or not scope.covers(drawing.community_id):
        raise NotFound("there is no such drawing in your area")
    return drawing


def running_drawing(session: Session, community_id: int, *, now: datetime) -> Drawing | None:
    """Find what is being drawn in a community now."""
    return session.scalar(
        select(Drawing).where(
            Drawing.community_id == community_id,
            Drawing.state == "running",
            Drawing.heard_at >= now - SILENCE,
        )
    )
