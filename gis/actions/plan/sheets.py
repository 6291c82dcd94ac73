"""Taking the map sheets of a plan: read, and written down in the audit trail."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.store.plan.sheets import SheetGround, read_sheet_ground


def take_sheets(work: Work, plan_id: int) -> SheetGround:
    """Read what the sheets of a plan show.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to look at plans.
    """
    read = read_sheet_ground(work.session, work.scope, plan_id, today=work.now.date())
    work.audit(
        "plan.print",
        object_kind="plan",
        object_id=plan_id,
        community_id=read.plan.community_id,
    )
    return read
