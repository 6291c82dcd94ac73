"""The steps of a plan: submitted, approved by a second person, returned, published, retired."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from gis.actions.grid_codes import Succession, settle_plan, succeed
from gis.domain.access import Scope, require
from gis.domain.plan import next_state
from gis.errors import Conflict, NotFound
from gis.store import plan_drafts
from gis.store.audit import write_audit
from gis.store.ground import current_build
from gis.store.plans import live_plan_id
from gis.store.tables import Plan


def submit_plan(session: Session, scope: Scope, plan_id: int, *, now: datetime) -> Plan:
    """Hand a draft in for approval.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such plan in the area; no right to edit plans; the plan is not a draft.
    """
    plan = _plan_for(session, scope, plan_id, "plan.edit")
    _step(session, scope, plan, "submit", now)
    plan.submitted_by, plan.submitted_at = scope.user_id, now
    session.flush()
    return plan


def approve_plan(session: Session, scope: Scope, plan_id: int, *, now: datetime) -> Plan:
    """Approve a submitted plan; never by the person who submitted it."""
    plan = _plan_for(session, scope, plan_id, "plan.approve")
    if scope.user_id is not None and plan.submitted_by == scope.user_id:
        raise Conflict("a plan is approved by a second person, not by the one who submitted it")
    _step(session, scope, plan, "approve", now)
    plan.approved_by, plan.approved_at = scope.user_id, now
    session.flush()
    return plan


def return_plan(
    session: Session, scope: Scope, plan_id: int, *, remarks: str, now: datetime
) -> Plan:
    """Return a submitted plan to its planner with remarks; it is a draft again."""
    plan = _plan_for(session, scope, plan_id, "plan.approve")
    if not remarks.strip():
        raise Conflict("say in the remarks what is to be changed")
    _step(session, scope, plan, "return", now)
    plan.remarks = remarks.strip()
    plan.submitted_by = plan.submitted_at = plan.approved_by = plan.approved_at = None
    session.flush()
    return plan


def publish_plan(
    session: Session, scope: Scope, plan_id: int, *, effective_from: date, now: datetime
) -> Succession:
    """Put an approved plan in force from a day; readers see the old plan or the new, never both.

    Grids that go on keep their code and so their worker; new grids get codes never used before.

    Returns
    -------
    Succession
        What it changes: households, codes kept, new and retired, grids without a worker.

    Raises
    ------
    Conflict
        Not approved, its blocks have been rebuilt since, or the day is not after the beginning
        of the plan now in force, or lies in the future.
    """
    plan = _plan_for(session, scope, plan_id, "plan.publish")
    plan_drafts.lock_community(session, plan.community_id)
    session.refresh(plan)
    next_state(plan.state, "publish")
    build = current_build(session, plan.community_id)
    if build is None or build.id != plan.build_id:
        raise Conflict("the blocks were rebuilt since this plan was drawn; draw it again")
    if effective_from > now.date():
        raise Conflict(f"{effective_from} is in the future; publish on the day it takes effect")
    earliest = plan_drafts.earliest_start(session, plan.community_id)
    if earliest is not None and effective_from < earliest:
        raise Conflict(f"the plan in force began the day before {earliest}; choose a later day")
    overlaps = settle_plan(session, plan, live_plan_id(session, plan.community_id))
    former = plan_drafts.put_in_force(session, plan, effective_from, now)
    plan.published_by, plan.published_at = scope.user_id, now
    session.flush()
    done = succeed(session, plan, overlaps, former, actor_id=scope.user_id, now=now)
    replaces = former.id if former else None
    _audit(session, scope, plan, "publish", now, replaces=replaces, **done.figures)
    return done


def retire_plan(session: Session, scope: Scope, plan_id: int, *, now: datetime) -> Plan:
    """Give up a plan that was never published."""
    plan = _plan_for(session, scope, plan_id, "plan.edit")
    _step(session, scope, plan, "retire", now)
    session.flush()
    return plan


def _plan_for(session: Session, scope: Scope, plan_id: int, permission: str) -> Plan:
    plan = session.get(Plan, plan_id)
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    require(scope, permission, plan.community_id)
    return plan


def _step(session: Session, scope: Scope, plan: Plan, step: str, now: datetime) -> None:
    plan.state = next_state(plan.state, step)
    _audit(session, scope, plan, step, now)


def _audit(
    session: Session, scope: Scope, plan: Plan, step: str, now: datetime, **detail: object
) -> None:
    write_audit(
        session,
        scope,
        f"{step} plan",
        now=now,
        object_kind="plan",
        object_id=plan.id,
        community_id=plan.community_id,
        detail=detail,
    )
