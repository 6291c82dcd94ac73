"""The steps of a plan: submitted, approved by a second person, returned, published, retired."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.editions import stopping_defects
from gis.actions.plan.publishing import (
    audit_step,
    plan_for,
    publish_plan,
    publish_plans,
    withdraw_plan,
)
from gis.actions.plan.working_ground import read_standing
from gis.domain.access import Scope
from gis.domain.plan import next_state
from gis.errors import Conflict, InvalidInput
from gis.geometry.redraw.faults import find_faults
from gis.store.ground.blocks import current_build
from gis.store.plan import plan_drafts, workspaces
from gis.store.plan.plan_grids import grid_names
from gis.store.tables import Plan

__all__ = [
    "Submission",
    "approve_plan",
    "publish_plan",
    "publish_plans",
    "retire_plan",
    "return_plan",
    "submit_plan",
    "withdraw_plan",
]


@dataclass(frozen=True)
class Submission:
    """A plan handed in, and who else has edits of it that can no longer be saved."""

    plan: Plan
    unsaved_by: tuple[str, ...]


def submit_plan(work: Work, plan_id: int, *, note: str = "") -> Submission:
    """Hand a draft in for approval. Others' unsaved edits stay, but wait for its return.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to edit plans.
    Conflict
        The plan is no draft, its blocks were built anew, or the person has unsaved edits of it.
    InvalidInput
        It breaks a rule that a plan must keep: which, and where.
    """
    plan = plan_for(work.session, work.scope, plan_id, "plan.edit")
    plan_drafts.lock_plan(work.session, plan)
    state = next_state(plan.state, "submit")
    _refuse_unsaved(work.session, work.scope, plan)
    _refuse_illegal(work, plan)
    plan.state, plan.submitted_by, plan.submitted_at = state, work.scope.user_id, work.now
    others = tuple(
        o.name for o in workspaces.list_others(work.session, plan.id, work.scope.user_id)
    )
    audit_step(work, plan, "submit", note=note, unsaved=len(others))
    return Submission(plan, others)


def approve_plan(work: Work, plan_id: int, *, note: str = "") -> Plan:
    """Approve a submitted plan; never by the person who submitted it."""
    plan = plan_for(work.session, work.scope, plan_id, "plan.approve")
    if work.scope.user_id is not None and plan.submitted_by == work.scope.user_id:
        raise Conflict("a plan is approved by a second person, not by the one who submitted it")
    plan.state = next_state(plan.state, "approve")
    plan.approved_by, plan.approved_at = work.scope.user_id, work.now
    audit_step(work, plan, "approve", note=note)
    return plan


def return_plan(work: Work, plan_id: int, *, remarks: str) -> Plan:
    """Return a submitted plan to its planner with remarks; it is a draft again."""
    plan = plan_for(work.session, work.scope, plan_id, "plan.approve")
    if not remarks.strip():
        raise Conflict("say in the remarks what is to be changed")
    plan.state = next_state(plan.state, "return")
    plan.remarks = remarks.strip()
    plan.submitted_by = plan.submitted_at = plan.approved_by = plan.approved_at = None
    audit_step(work, plan, "return", note=remarks)
    return plan


def retire_plan(work: Work, plan_id: int, *, note: str = "") -> Plan:
    """Give up a plan that was never published."""
    plan = plan_for(work.session, work.scope, plan_id, "plan.edit")
    plan.state = next_state(plan.state, "retire")
    audit_step(work, plan, "retire", note=note)
    return plan


def _refuse_unsaved(session: Session, scope: Scope, plan: Plan) -> None:
    own = workspaces.find_workspace(session, plan.id, scope.user_id)
    if own is not None and own.changes:
        raise Conflict("you have unsaved changes of this plan; save or discard them first")


def _refuse_illegal(work: Work, plan: Plan) -> None:
    """Refuse a plan on former blocks, or one whose saved assignment breaks a stopping rule."""
    build = current_build(work.session, plan.community_id)
    if build is None or build.id != plan.build_id:
        raise Conflict("the blocks were built anew since this plan was drawn; branch it first")
    community = plan_drafts.community_of(work.session, work.scope, plan.community_id)
    standing = read_standing(work.session, work.scope, community, plan, today=work.now.date())
    labels = standing.labels_of(workspaces.saved_numbers(work.session, plan.id))
    codes = {number: row.code for number, row in grid_names(work.session, plan.id).items()}
    if defects := stopping_defects(find_faults(standing.ground, labels), codes):
        raise InvalidInput("this plan cannot be submitted as it is; repair it first", defects)
