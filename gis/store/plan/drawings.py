"""Drafts being drawn, among the jobs: seen by everybody who may draw in their community."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import NotFound
from gis.store.jobs.queue import find_unfinished
from gis.store.tables import Job

TASK = "draw"


def drawing_key(community_id: int) -> str:
    """Give what only one drawing of a community may be about."""
    return f"draw {community_id}"


def get_drawing(session: Session, scope: Scope, drawing_id: int) -> Job:
    """Get a drawing of the area.

    Raises
    ------
    NotFound
        No such drawing, or its community lies outside the area.
    """
    require(scope, "plan.edit")
    drawing = session.get(Job, drawing_id)
    if drawing is None or drawing.task != TASK or not scope.covers(drawing.community_id):
        raise NotFound("there is no such drawing in your area")
    return drawing


def running_drawing(session: Session, community_id: int) -> Job | None:
    """Find what is being drawn in a community now, or waits to be."""
    return find_unfinished(session, drawing_key(community_id))
