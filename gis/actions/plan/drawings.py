"""A draft drawn in the background: begun, heard of, given up or finished.

The state is kept in the database, so that every process of the server can answer for it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.store.access.audit import write_audit
from gis.store.plan import drawings
from gis.store.tables import Drawing

END_MESSAGES = {"done": "", "cancelled": "cancelled"}


def begin_drawing(session: Session, scope: Scope, community_id: int, *, now: datetime) -> int:
    """Begin a drawing of a community; gives its id.

    Raises
    ------
    Conflict
        One is under way already.
    """
    require(scope, "plan.edit", community_id)
    drawing = drawings.add_drawing(
        session, community_id=community_id, asked_by=scope.user_id, now=now
    )
    write_audit(
        session,
        scope,
        "drawing.begin",
        now=now,
        object_kind="drawing",
        object_id=drawing.id,
        community_id=community_id,
    )
    return drawing.id


def hear_drawing(
    session: Session, drawing_id: int, *, fraction: float, message: str, now: datetime
) -> bool:
    """Note how far a drawing is; tells whether it should go on."""
    drawing = session.get(Drawing, drawing_id, with_for_update=True)
    if drawing is None or drawing.state != "running":
        return False
    drawing.fraction = min(max(fraction, drawing.fraction), 1.0)
    drawing.message, drawing.heard_at = message, now
    return not drawing.cancel_wished


def end_drawing(
    session: Session,
    drawing_id: int,
    state: str,
    *,
    now: datetime,
    plan_id: int | None = None,
    message: str | None = None,
) -> None:
    """Note what came of a drawing: ``done`` with its plan, ``failed`` and why, ``cancelled``."""
    drawing = session.get(Drawing, drawing_id, with_for_update=True)
    if drawing is None or drawing.state != "running":
        return
    drawing.state, drawing.plan_id, drawing.heard_at = state, plan_id, now
    drawing.message = END_MESSAGES.get(state, "") if message is None else message
    if state == "done":
        drawing.fraction = 1.0


def cancel_drawing(session: Session, scope: Scope, drawing_id: int, *, now: datetime) -> Drawing:
    """Wish that a drawing stops; nothing of it is stored then."""
    drawing = drawings.get_drawing(session, scope, drawing_id)
    require(scope, "plan.edit", drawing.community_id)
    if drawing.state != "running" or drawing.cancel_wished:
        return drawing
    drawing.cancel_wished = True
    write_audit(
        session,
        scope,
        "drawing.cancel",
        now=now,
        object_kind="drawing",
        object_id=drawing.id,
        community_id=drawing.community_id,
    )
    return drawing
