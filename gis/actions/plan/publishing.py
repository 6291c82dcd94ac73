"""Putting plans in force: today, from an earlier day, or from a day to come.

Plans of many communities are published in one transaction, set by set, so that a county takes
effect at once. A plan published for a day to come is announced: its codes are settled and the plan
in force ends on that day, but the pointer that readers follow is flipped when the day has come.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.grid_codes import (
    Succession,
    apply_succession,
    measure_changes,
    predict_succession,
    settle_plans,
)
from gis.domain.access import Scope, require
from gis.domain.plan import next_state
from gis.errors import Conflict, GisError, InvalidInput, NotFound
from gis.store.access.audit import write_audits
from gis.store.plan import plan_drafts, pointers, successions
from gis.store.plan.plans import find_plan
from gis.store.tables import Plan

_log = logging.getLogger(__name__)


def publish_plan(
    work: Work,
    plan_id: int,
    *,
    effective_from: date,
    note: str = "",
) -> Succession:
    """Put one approved plan in force from a day; see `publish_plans`."""
    return publish_plans(work, [plan_id], effective_from=effective_from, note=note)[plan_id]


def publish_plans(
    work: Work,
    plan_ids: Sequence[int],
    *,
    effective_from: date,
    note: str = "",
) -> dict[int, Succession]:
    """Put approved plans in force from a day, all or none; readers see the old ones or the new.

    Grids that go on keep their code and so their worker; new grids get codes never used before.
    From a day to come, the plans are announced and `put_due_in_force` does the rest on that day.

    Parameters
    ----------
    plan_ids
        Plans of different communities.

    Returns
    -------
    dict
        By plan, what it changes: households, codes kept, new and retired, grids without a worker.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to publish plans.
    InvalidInput
        Two plans of one community.
    Conflict
        One is not approved, its blocks have been rebuilt since, the day is not after the beginning
        of the plan now in force, or another plan of its community is announced already.
    """
    plans = _plans_to_publish(work.session, work.scope, plan_ids)
    former = pointers.live_plans(work.session, {p.community_id for p in plans})
    _refuse_days(work.session, plans, former, effective_from)
    overlaps = settle_plans(work.session, plans, {c: p.id for c, p in former.items()})
    changes = measure_changes(work.session, plans, overlaps, former)
    ids = [plan.id for plan in plans]
    if effective_from > work.now.date():
        pointers.end_on(work.session, [p.id for p in former.values()], effective_from)
        pointers.publish_rows(
            work.session, ids, effective_from, work.now, actor_id=work.scope.user_id
        )
        done, ended = predict_succession(work.session, changes, effective_from), {}
    else:
        pointers.flip_pointers(
            work.session, ids, effective_from, work.now, actor_id=work.scope.user_id
        )
        done = apply_succession(
            work.session,
            plans,
            overlaps,
            changes,
            effective_from,
            actor_id=work.scope.user_id,
            now=work.now,
        )
        ended = former
    told = {"effective_from": effective_from.isoformat(), "note": note.strip()}
    _audit_all(work, "publish", plans, former, ended, done, told)
    work.session.expire_all()
    return done


def withdraw_plan(work: Work, plan_id: int, *, note: str = "") -> Plan:
    """Take back the publication of a plan whose day has not come; it is approved again.

    Raises
    ------
    Conflict
        The plan is not published, or in force already.
    """
    plan = plan_for(work.session, work.scope, plan_id, "plan.publish")
    plan_drafts.lock_plan(work.session, plan)
    state = next_state(plan.state, "withdraw")
    live = pointers.live_plans(work.session, {plan.community_id}).get(plan.community_id)
    if live is plan or plan.begins <= work.now.date():
        raise Conflict("this plan is in force; publish another one in its place")
    plan.state, plan.effective_from, plan.published_by, plan.published_at = state, None, None, None
    work.session.flush()
    if live is not None:
        live.effective_to = None
    audit_step(work, plan, "withdraw", note=note)
    return plan


def put_due_in_force(work: Work) -> tuple[list[int], list[int]]:
    """Put in force every announced plan whose day has come; asking again changes nothing.

    Those of one day together; should that fail, one by one. ``scope`` is who is recorded.

    Returns
    -------
    begun, failed
        Ids of plans. One that fails is left as it was, and tried again when asked again.
    """
    begun, failed = [], []
    for ids in pointers.due_plans(work.session, work.now.date()).values():
        done = _try_to_begin(work, ids)
        if done is None and len(ids) > 1:
            done = [i for one in ids for i in _try_to_begin(work, [one]) or []]
        begun += done or []
        live = pointers.live_plan_ids(work.session)
        failed += [i for i in ids if i not in live]
    return begun, failed


def _try_to_begin(work: Work, plan_ids: Sequence[int]) -> list[int] | None:
    """Put announced plans of one day in force; None when that is refused."""
    try:
        with work.session.begin_nested():
            return _begin(work, plan_ids)
    except GisError as error:
        _log.warning("plans %s could not be put in force: %s", list(plan_ids), error)
        return None


def _begin(work: Work, plan_ids: Sequence[int]) -> list[int]:
    """Put announced plans of one day in force; leaves out what somebody else has done."""
    found = pointers.plans_by_id(work.session, plan_ids)
    pointers.lock_communities(work.session, {p.community_id for p in found.values()})
    live = pointers.live_plan_ids(work.session)
    found = pointers.plans_by_id(work.session, plan_ids)
    plans = [p for p in found.values() if p.state == "published" and p.id not in live]
    if not plans:
        return []
    day = plans[0].begins
    former = pointers.live_plans(work.session, {p.community_id for p in plans})
    pairs = {p.id: former[p.community_id].id if p.community_id in former else None for p in plans}
    overlaps = successions.overlaps_of_plans(work.session, pairs)
    changes = measure_changes(work.session, plans, overlaps, former)
    pointers.flip_pointers(work.session, list(pairs), day, work.now, actor_id=None)
    actor = plans[0].published_by
    done = apply_succession(
        work.session, plans, overlaps, changes, day, actor_id=actor, now=work.now
    )
    told = {"effective_from": day.isoformat()}
    _audit_all(work, "begin", plans, former, former, done, told)
    work.session.expire_all()
    return list(pairs)


def _plans_to_publish(session: Session, scope: Scope, plan_ids: Sequence[int]) -> list[Plan]:
    """Get the plans, locked with their communities, or refuse what cannot be published."""
    found = pointers.plans_by_id(session, plan_ids)
    for plan_id in plan_ids:
        _require(scope, found.get(plan_id), "plan.publish")
    if len({p.community_id for p in found.values()}) < len(plan_ids):
        raise InvalidInput("publish one plan of each community; two of them are of the same one")
    pointers.lock_communities(session, {p.community_id for p in found.values()})
    plans = list(pointers.plans_by_id(session, plan_ids).values())
    for plan in plans:
        next_state(plan.state, "publish")
    return plans


def _refuse_days(
    session: Session, plans: Collection[Plan], former: Mapping[int, Plan], day: date
) -> None:
    communities = {plan.community_id for plan in plans}
    builds = pointers.current_builds(session, communities)
    announced = pointers.announced_plans(session, communities)
    for plan in plans:
        if builds.get(plan.community_id) != plan.build_id:
            raise Conflict(
                "the blocks were rebuilt since this plan was drawn; branch it or draw anew"
            )
        other = announced.get(plan.community_id)
        if other is not None:
            raise Conflict(
                "plan “{plan}” is to come into force on {effective_from}; withdraw it first",
                plan=other.name,
                effective_from=other.effective_from,
            )
        live = former.get(plan.community_id)
        if live is not None and day <= live.begins:
            earliest = live.begins + timedelta(days=1)
            raise Conflict(
                "the plan in force began the day before {earliest}; choose a later day",
                earliest=earliest,
            )


def plan_for(session: Session, scope: Scope, plan_id: int, permission: str) -> Plan:
    """Get a plan of the area that a person may take a step with.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; the roles lack the permission.
    """
    return _require(scope, find_plan(session, plan_id), permission)


def _require(scope: Scope, plan: Plan | None, permission: str) -> Plan:
    if plan is None or not scope.covers(plan.community_id):
        raise NotFound("there is no such plan in your area")
    require(scope, permission, plan.community_id)
    return plan


def audit_step(work: Work, plan: Plan, step: str, *, note: str = "", **detail: object) -> None:
    """Record a step of a plan; ``note`` is what the person wrote to whom it concerns."""
    written = {"note": note.strip()} if note else {}
    told = {k: v for k, v in detail.items() if v != ""} | written
    work.audit(
        f"plan.{step}",
        object_kind="plan",
        object_id=plan.id,
        community_id=plan.community_id,
        detail=told,
    )


def _audit_all(
    work: Work,
    step: str,
    plans: Collection[Plan],
    former: Mapping[int, Plan],
    ended: Mapping[int, Plan],
    done: Mapping[int, Succession],
    told: Mapping[str, object],
) -> None:
    """Record of each plan that it was published or began, and of each it replaced that it ended."""
    rows = []
    for plan in plans:
        live = former.get(plan.community_id)
        detail = {"replaces": live.id if live else None, **told, **done[plan.id].figures}
        rows.append((plan, step, detail))
        if plan.community_id in ended:
            end = {"replaced_by": plan.id, "effective_from": told["effective_from"]}
            rows.append((ended[plan.community_id], "supersede", end))
    common = {
        "at": work.now,
        "actor_id": work.scope.user_id,
        "actor": work.scope.login,
        "object_kind": "plan",
    }
    write_audits(
        work.session,
        [
            {
                **common,
                "action": f"plan.{step}",
                "object_id": str(plan.id),
                "community_id": plan.community_id,
                "detail": {k: v for k, v in detail.items() if v != ""},
            }
            for plan, step, detail in rows
        ],
    )
