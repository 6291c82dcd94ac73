"""Grid codes in the database: proposed by open plans, issued, retired, and what became of them.

A code is issued once, when the first plan that has it comes into force: only then does somebody
work, count and report under it. Until then open plans propose codes, and several may propose the
same: no draft uses a number up, however often a planner draws, and what was given up is not
missing in the sequence. From its issue on a code is never given to other ground.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.store.tables import DivisionUnit, Grid, GridCode


def find_code(session: Session, code: str) -> GridCode | None:
    """Find a grid code, whether proposed, issued or retired."""
    return session.get(GridCode, code)


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


def community_code(session: Session, community_id: int) -> str:
    """Give the division code of a community."""
    return session.get_one(DivisionUnit, community_id).code
