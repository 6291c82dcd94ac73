"""Putting plans in force: today, from an earlier day, or from a day to come.

A plan published for a day to come is announced: its codes are settled and the plan in force ends
on that day, but the pointer that readers follow is flipped only when the day has come.
"""

from __future__ import annotations

import logging
from datetime import date, datetime

from sqlalchemy.orm import Session

from gis.actions.grid_codes import Succession, foresee, settle_plan, succeed
from gis.domain.access import SYSTEM, Scope, require
from gis.domain.plan import next_state
from gis.errors import Conflict, GisError, NotFound
from gis.store import plan_drafts
from gis.store.audit import write_audit
from gis.store.former_grids import overlaps_between
from gis.store.ground import current_build
from gis.store.plans import live_plan_id
from gis.store.tables import Plan

_log = logging.getLogger(__name__)


def publish_plan(
    session: Session,
    scope: Scope,
    plan_id: int,
    *,
    effective_from: date,
    note: str = "",
    now: datetime,
) -> Succession:
    """Put an approved plan in force from a day; readers see the old plan or the new, never both.

    Grids that go on keep their code and so their worker; new grids get codes never used before.
    From a day to come, the plan is announced and `put_due_in_force` does the rest on that day.

    Returns
    -------
    Succession
        What it changes: households, codes kept, new and retired, grids without a worker.

    Raises
    ------
    Conflict
        Not approved, its blocks have been rebuilt since, the day is not after the beginning of the
        plan now in force, or another plan is announced already.
    """
    plan = plan_for(session, scope, plan_id, "plan.publish")
    plan_drafts.lock_community(session, plan.community_id)
    session.refresh(plan)
    next_state(plan.state, "publish")
    _refuse_day(session, plan, effective_from)
    overlaps = settle_plan(session, plan, live_plan_id(session, plan.community_id))
    plan.published_by, plan.published_at = scope.user_id, now
    if effective_from > now.date():
        former = plan_drafts.announce(session, plan, effective_from)
        done = foresee(session, plan, overlaps, former)
    else:
        former = plan_drafts.put_in_force(session, plan, effective_from, now)
        done = succeed(session, plan, overlaps, former, actor_id=scope.user_id, now=now)
        _audit_end(session, scope, former, plan, now)
    told = {"effective_from": effective_from.isoformat(), "note": note.strip(), **done.figures}
    audit_step(session, scope, plan, "publish", now, replaces=former.id if former else None, **told)
    return done


def withdraw_plan(
    session: Session, scope: Scope, plan_id: int, *, note: str = "", now: datetime
) -> Plan:
    """Take back the publication of a plan whose day has not come; it is approved again.

    Raises
    ------
    Conflict
        The plan is not published, or in force already.
    """
    plan = plan_for(session, scope, plan_id, "plan.publish")
    plan_drafts.lock_community(session, plan.community_id)
    session.refresh(plan)
    state = next_state(plan.state, "withdraw")
    live = live_plan_id(session, plan.community_id) == plan.id
    if live or plan.effective_from <= now.date():
        raise Conflict("this plan is in force; publish another one in its place")
    plan_drafts.take_back(session, plan, state)
    audit_step(session, scope, plan, "withdraw", now, note=note)
    return plan


def put_due_in_force(session: Session, *, now: datetime) -> tuple[list[int], list[int]]:
    """Put in force every announced plan whose day has come; asking again changes nothing.

    Returns
    -------
    begun, failed
        Ids of plans. One that fails is left as it was, and tried again when asked again.
    """
    begun, failed = [], []
    for plan_id in plan_drafts.due_plans(session, now.date()):
        try:
            with session.begin_nested():
                if _begin(session, plan_id, now):
                    begun.append(plan_id)
        except GisError as error:
            _log.warning("plan %s could not be put in force: %s", plan_id, error)
            failed.append(plan_id)
    return begun, failed


def _begin(session: Session, plan_id: int, now: datetime) -> bool:
    """Put one announced plan in force; False when somebody else has done it."""
    plan = session.get(Plan, plan_id)
    plan_drafts.lock_community(session, plan.community_id)
    session.refresh(plan)
    live_id = live_plan_id(session, plan.community_id)
    if plan.state != "published" or live_id == plan.id:
        return False
    overlaps = overlaps_between(session, plan.id, live_id)
    former = plan_drafts.put_in_force(session, plan, plan.effective_from, now)
    done = succeed(session, plan, overlaps, former, actor_id=plan.published_by, now=now)
    _audit_end(session, SYSTEM, former, plan, now)
    audit_step(
        session, SYSTEM, plan, "begin", now, replaces=former.id if former else None, **done.figures
    )
    return True


def _refuse_day(session: Session, plan: Plan, effective_from: date) -> None:
    build = current_build(session, plan.community_id)
    if build is None or build.id != plan.build_id:
        raise Conflict("the blocks were rebuilt since this plan was drawn; branch it or draw anew")
    announced = plan_drafts.announced_plan(session, plan.community_id)
    if announced is not None:
        raise Conflict(
            f"plan “{announced.name}” is to come into force on {announced.effective_from};"
            " withdraw it first"
        )
    earliest = plan_drafts.earliest_start(session, plan.community_id)
    if earliest is not None and effective_from < earliest:
        raise Conflict(f"the plan in force began the day before {earliest}; choose a later day")


def plan_for(session: Session, scope: Scope, plan_id: int, permission: str) -> Plan:
    """Get a plan of the area that a person may take a step with.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; the roles lack the permission.
    """
    plan = session.get(Plan, plan_id)
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    require(scope, permission, plan.community_id)
    return plan


def audit_step(
    session: Session, scope: Scope, plan: Plan, step: str, now: datetime, **detail: object
) -> None:
    """Record a step of a plan; ``note`` is what the person wrote to whom it concerns."""
    told = {k: v.strip() if k == "note" else v for k, v in detail.items() if v != ""}
    write_audit(
        session,
        scope,
        f"{step} plan",
        now=now,
        object_kind="plan",
        object_id=plan.id,
        community_id=plan.community_id,
        detail=told,
    )


def _audit_end(
    session: Session, scope: Scope, former: Plan | None, plan: Plan, now: datetime
) -> None:
    if former is not None:
        day = plan.effective_from.isoformat()
        audit_step(
            session, scope, former, "supersede", now, replaced_by=plan.id, effective_from=day
        )
