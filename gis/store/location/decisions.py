"""What people decided about doubtful locations, and what they taught: texts that mean a place."""

from __future__ import annotations

from datetime import datetime

import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gis.store.tables import STORED_SRID, Address, AddressAlias, LocationDecision
from gis.store.tables.location.located import Located


def find_address(session: Session, address_id: int) -> Address | None:
    """Find an entry of the register."""
    return session.get(Address, address_id)


def find_decision(session: Session, decision_id: int) -> LocationDecision | None:
    """Find a decision."""
    return session.get(LocationDecision, decision_id)


def is_last(session: Session, decision: LocationDecision) -> bool:
    """Say whether nothing was decided about the same record since."""
    later = session.scalar(
        select(LocationDecision.id).where(
            LocationDecision.subject_id == decision.subject_id,
            LocationDecision.id > decision.id,
        )
    )
    return later is None


def add_decision(session: Session, **columns: object) -> int:
    """Store a decision; gives its id."""
    decision = LocationDecision(**columns)
    session.add(decision)
    session.flush()
    return decision.id


def put_alias(
    session: Session,
    text_key: str,
    *,
    address_id: int | None,
    point: tuple[float, float] | None,
    decided_by: int,
    now: datetime,
) -> int:
    """Keep which address, or point (lon, lat), a text means from now on; gives the alias id."""
    alias = session.scalar(select(AddressAlias).where(AddressAlias.text_key == text_key))
    if alias is None:
        alias = AddressAlias(text_key=text_key)
        session.add(alias)
    alias.address_id = address_id
    alias.geom = written_point(*point) if point else None
    alias.decided_by, alias.decided_at = decided_by, now
    session.flush()
    return alias.id


def forget_alias(session: Session, alias_id: int) -> None:
    """Forget what a text means."""
    session.execute(delete(AddressAlias).where(AddressAlias.id == alias_id))


def store_location(session: Session, row: Located) -> None:
    """Store a record as it is located now, and read it as the database has it."""
    session.flush()
    session.refresh(row)


def written_point(lon: float, lat: float) -> WKBElement:
    """Write a point as a column of points takes it."""
    return from_shape(shapely.Point(lon, lat), srid=STORED_SRID)
