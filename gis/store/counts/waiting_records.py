"""Records that are in no count yet, because a person has yet to settle where they are."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import visible
from gis.store.tables.kinds import ToLocate, kinds_with


def count_waiting(session: Session, scope: Scope, kind: str, community_id: int) -> int:
    """Count the records of a kind in a community that wait for a person."""
    model = kinds_with(ToLocate)[kind]
    query = select(func.count()).where(model.community_id == community_id, model.status == "review")
    return session.scalar(query.where(visible(scope, model.community_id))) or 0
