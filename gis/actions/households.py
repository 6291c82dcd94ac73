"""Reading households: every list, detail and revealed phone leaves one line in the audit trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store import households
from gis.store.audit import write_audit
from gis.store.households import HouseholdDetail, HouseholdRow


def read_households(
    session: Session, scope: Scope, *, grid_code: str | None = None, now: datetime
) -> list[HouseholdRow]:
    """List the households a person looks after, phones masked, along the streets."""
    rows = households.list_households(session, scope, grid_code=grid_code)
    write_audit(
        session,
        scope,
        "household.list",
        now=now,
        object_kind="grid",
        object_id=",".join(sorted({r.grid_code for r in rows})[:20]) or None,
        detail={"rows": len(rows)},
    )
    return rows


def open_household(
    session: Session, scope: Scope, household_id: UUID, *, now: datetime
) -> HouseholdDetail:
    """Open one household, its phone masked."""
    detail = households.get_household(session, scope, household_id)
    _audit(session, scope, "household.view", household_id, detail.community_id, now)
    return detail


def reveal_phone(
    session: Session, scope: Scope, household_id: UUID, *, now: datetime
) -> str | None:
    """Give the whole phone number of one household."""
    phone, community_id = households.phone_of(session, scope, household_id)
    _audit(session, scope, "household.reveal_phone", household_id, community_id, now)
    return phone


def _audit(
    session: Session,
    scope: Scope,
    action: str,
    household_id: UUID,
    community_id: int,
    now: datetime,
) -> None:
    write_audit(
        session,
        scope,
        action,
        now=now,
        object_kind="household",
        object_id=household_id,
        community_id=community_id,
    )
