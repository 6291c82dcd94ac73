"""Taking the map sheets of a plan: read, and written down in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.access.audit import write_audit
from gis.store.plan.sheets import SheetGround, read_sheet_ground


def take_sheets(session: Session, scope: Scope, plan_id: int, *, now: datetime) -> SheetGround:
    """Read what the sheets of a plan show.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to look at plans.
    """
    read = read_sheet_ground(session, scope, plan_id, today=now.date())
    write_audit(
        session,
        scope,
        "plan.print",
        now=now,
        object_kind="plan",
        object_id=plan_id,
        community_id=read.plan.community_id,
    )
    return read
