"""Grid codes in the database: proposed by open plans, issued, retired, and what became of them.

A code is issued once, when the first plan that has it comes into force: only then does somebody
work, count and report under it. Until then open plans propose codes, and several may propose the
same: no draft uses a number up, however often a planner draws, and what was given up is not
missing in the sequence. From its issue on a code is never given to other ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.domain.lineage import Descent
from gis.store.balance import OPEN_STATES, has_worker
from gis.store.tables import DivisionUnit, Grid, GridCode, GridLineage, GridWorker, Plan


def issued_codes(session: Session, community_id: int) -> set[str]:
    """Give every code that is or was in force in a community, retired ones too."""
    query = select(GridCode.code).where(
        GridCode.community_id == community_id, GridCode.issued_at.is_not(None)
    )
    return set(session.scalars(query))


def propose_codes(session: Session, community_id: int, codes: Iterable[str]) -> None:
    """Let an open plan use codes, without issuing them."""
    rows = [{"code": c, "community_id": community_id, "issued_at": None} for c in sorted(codes)]
    if rows:
        session.execute(upsert(GridCode.__table__).on_conflict_do_nothing(), rows)


def codes_of(session: Session, plan_id: int) -> dict[str, str]:
    """Give the codes of a plan in order, each with the kind of its grid."""
    query = select(Grid.code, Grid.kind).where(Grid.plan_id == plan_id).order_by(Grid.code)
    return dict(session.execute(query).all())


def recode_plan(session: Session, plan: Plan, codes: Mapping[str, str]) -> None:
    """Give the grids of an open plan other codes, all at once (they may change places)."""
    changed = {old: new for old, new in codes.items() if old != new}
    if not changed:
        return
    propose_codes(session, plan.community_id, changed.values())
    session.execute(
        text(
            "UPDATE grid SET code = c.after FROM unnest(CAST(:before AS text[]),"
            " CAST(:after AS text[])) AS c (before, after)"
            " WHERE grid.plan_id = :plan AND grid.code = c.before"
        ),
        {"plan": plan.id, "before": list(changed), "after": list(changed.values())},
    )
    session.expire_all()


def issue_codes(session: Session, plan_id: int, now: datetime) -> None:
    """Issue the codes of a plan that comes into force; those issued before keep their day."""
    session.execute(
        update(GridCode)
        .where(
            GridCode.code.in_(select(Grid.code).where(Grid.plan_id == plan_id)),
            GridCode.issued_at.is_(None),
        )
        .values(issued_at=now)
    )


def retire_codes(session: Session, codes: Iterable[str], day: date, now: datetime) -> list[str]:
    """Retire codes from a day on; who worked under them ends that day. Gives their codes."""
    codes = list(codes)
    if not codes:
        return []
    session.execute(update(GridCode).where(GridCode.code.in_(codes)).values(retired_at=now))
    standing = GridWorker.grid_code.in_(codes) & (
        GridWorker.valid_to.is_(None) | (GridWorker.valid_to > day)
    )
    released = session.scalars(select(GridWorker.grid_code).where(standing).distinct()).all()
    session.execute(delete(GridWorker).where(standing, GridWorker.valid_from >= day))
    session.execute(update(GridWorker).where(standing).values(valid_to=day))
    return sorted(released)


def add_lineage(
    session: Session,
    plan: Plan,
    descents: Iterable[Descent],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Store what the grids of a plan in force got from those before."""
    rows = [
        {
            "community_id": plan.community_id,
            "plan_id": plan.id,
            "parent_code": d.parent,
            "child_code": d.child,
            "households": d.households,
            "effective_from": plan.effective_from,
            "at": now,
            "actor_id": actor_id,
            "reason": d.reason,
        }
        for d in descents
    ]
    if rows:
        session.execute(insert(GridLineage), rows)


def open_plans(session: Session, community_id: int) -> list[Plan]:
    """List the plans of a community on which someone still has to act."""
    query = select(Plan).where(Plan.community_id == community_id, Plan.state.in_(OPEN_STATES))
    return list(session.scalars(query.order_by(Plan.id)))


def count_unstaffed(session: Session, plan_id: int, day: date) -> int:
    """Count the grids of a plan whose code has no worker on a day."""
    query = select(func.count()).select_from(Grid).where(Grid.plan_id == plan_id, ~has_worker(day))
    return session.scalar(query)


def community_code(session: Session, community_id: int) -> str:
    """Give the division code of a community."""
    return session.scalar(select(DivisionUnit.code).where(DivisionUnit.id == community_id))
