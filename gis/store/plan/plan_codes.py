"""The codes of a plan with what each was before: stored once it came into force, else foretold."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.domain.lineage import trace_descent
from gis.store.plan.former_grids import overlaps_between
from gis.store.plan.plans import get_plan, live_plan_id
from gis.store.tables import GridLineage, Plan

COLUMNS = ("former_code", "code", "households", "reason", "effective_from")


def list_lineage(session: Session, scope: Scope, plan_id: int) -> list[dict]:
    """List what each grid of a plan got from a former one, by `COLUMNS`.

    Of a plan that is or was in force it is what was written down on that day. Of an open one it
    is what would be if it came into force now; such rows have no ``effective_from``.
    """
    plan = get_plan(session, scope, plan_id)
    query = (
        select(
            GridLineage.parent_code.label("former_code"),
            GridLineage.child_code.label("code"),
            GridLineage.households,
            GridLineage.reason,
            GridLineage.effective_from,
        )
        .where(GridLineage.plan_id == plan_id)
        .order_by(GridLineage.child_code, GridLineage.parent_code)
    )
    stored = [dict(row) for row in session.execute(query).mappings()]
    return stored or _foretold(session, plan)


def _foretold(session: Session, plan: Plan) -> list[dict]:
    if plan.state in ("published", "superseded"):
        return []
    overlaps = overlaps_between(session, plan.id, live_plan_id(session, plan.community_id))
    rows = [(d.parent, d.child, d.households, d.reason, None) for d in trace_descent(overlaps)]
    rows.sort(key=lambda row: (row[1], row[0] or ""))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]
