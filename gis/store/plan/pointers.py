"""Which plan is in force where: many plans and pointers read and flipped by one statement each.

A county publishes a hundred plans in one transaction; asked one by one they would take seconds, in
which the rows of the plans are locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session

from gis.store.plan.balance import OPEN_STATES
from gis.store.tables import BlockBuild, LivePlan, Plan

ANNOUNCED = (Plan.state == "published") & ~exists().where(LivePlan.plan_id == Plan.id)
"""A plan that is published but not in force yet."""

_LOCK = text(
    "SELECT pg_advisory_xact_lock(7263001, c) FROM"
    " (SELECT c FROM unnest(CAST(:communities AS int[])) AS u (c) ORDER BY c) AS sorted"
)


def lock_communities(session: Session, community_ids: Collection[int]) -> None:
    """Let no drawing or publication of some communities be stored meanwhile, in one order."""
    session.execute(_LOCK, {"communities": sorted(community_ids)})


def plans_by_id(session: Session, plan_ids: Collection[int]) -> dict[int, Plan]:
    """Read some plans as they are now."""
    query = select(Plan).where(Plan.id.in_(plan_ids)).order_by(Plan.id)
    rows = session.scalars(query, execution_options={"populate_existing": True})
    return {plan.id: plan for plan in rows}


def current_builds(session: Session, community_ids: Collection[int]) -> dict[int, int]:
    """Give the build of the blocks in use of each community."""
    query = select(BlockBuild.community_id, BlockBuild.id)
    query = query.where(BlockBuild.community_id.in_(community_ids), BlockBuild.current)
    return dict(session.execute(query).all())


def live_plans(session: Session, community_ids: Collection[int]) -> dict[int, Plan]:
    """Give the plan in force of each community that has one."""
    query = (
        select(LivePlan.community_id, Plan)
        .join(Plan, Plan.id == LivePlan.plan_id)
        .where(LivePlan.community_id.in_(community_ids))
    )
    return dict(session.execute(query, execution_options={"populate_existing": True}).all())


def live_plan_ids(session: Session) -> set[int]:
    """Give every plan in force."""
    return set(session.scalars(select(LivePlan.plan_id)))


def announced_plans(session: Session, community_ids: Collection[int]) -> dict[int, Plan]:
    """Give the plan of each community that is published but not in force yet."""
    query = select(Plan).where(Plan.community_id.in_(community_ids), ANNOUNCED)
    return {plan.community_id: plan for plan in session.scalars(query)}


def due_plans(session: Session, today: date) -> dict[date, list[int]]:
    """List the announced plans whose day has come, by that day, the earlier first."""
    query = select(Plan).where(ANNOUNCED, Plan.effective_from <= today)
    found: dict[date, list[int]] = defaultdict(list)
    for plan in session.scalars(query.order_by(Plan.effective_from, Plan.id)):
        found[plan.begins].append(plan.id)
    return dict(found)


def open_plans_of(session: Session, community_ids: Collection[int]) -> list[Plan]:
    """List the plans of communities on which someone still has to act."""
    query = select(Plan).where(Plan.community_id.in_(community_ids), Plan.state.in_(OPEN_STATES))
    rows = session.scalars(query.order_by(Plan.id), execution_options={"populate_existing": True})
    return list(rows)


def flip_pointers(
    session: Session, plan_ids: Sequence[int], day: date, now: datetime, *, actor_id: int | None
) -> None:
    """Put plans in force from a day, and end those they replace; one pointer per community."""
    chosen = select(Plan.community_id).where(Plan.id.in_(plan_ids))
    replaced = select(LivePlan.plan_id).where(LivePlan.community_id.in_(chosen))
    session.execute(
        update(Plan)
        .where(Plan.id.in_(replaced), Plan.id.not_in(plan_ids))
        .values(state="superseded", effective_to=day, version=Plan.version + 1)
        .execution_options(synchronize_session=False)
    )
    publish_rows(session, plan_ids, day, now, actor_id=actor_id)
    session.execute(
        text(
            "INSERT INTO live_plan (community_id, plan_id, flipped_at)"
            " SELECT community_id, id, :now FROM plan WHERE id = ANY(CAST(:plans AS int[]))"
            " ON CONFLICT (community_id) DO UPDATE"
            " SET plan_id = excluded.plan_id, flipped_at = excluded.flipped_at"
        ),
        {"now": now, "plans": list(plan_ids)},
    )


def publish_rows(
    session: Session, plan_ids: Sequence[int], day: date, now: datetime, *, actor_id: int | None
) -> None:
    """Mark plans as published from a day; plans that are already keep who did it and when."""
    session.execute(
        update(Plan)
        .where(Plan.id.in_(plan_ids), Plan.state != "published")
        .values(
            state="published",
            effective_from=day,
            published_by=actor_id,
            published_at=now,
            version=Plan.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def end_on(session: Session, plan_ids: Collection[int], day: date | None) -> None:
    """Say on which day plans in force end; None: until further."""
    session.execute(
        update(Plan)
        .where(Plan.id.in_(plan_ids))
        .values(effective_to=day, version=Plan.version + 1)
        .execution_options(synchronize_session=False)
    )
