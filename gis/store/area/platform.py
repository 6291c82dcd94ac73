"""The time zone of the platform: kept in the database, so that all processes count alike.

It is decided when the database is made, and may be decided anew as long as no incident is stored.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select, text, update
from sqlalchemy.orm import Session

from gis.domain.local_time import zone_named
from gis.errors import CommandHint, Conflict, InvalidInput
from gis.store.tables import Platform

APPLICATION = "community-grid"
"""Name that our own connections carry (`gis.database.engine`)."""

_OTHERS = text("""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()
""")
_KNOWN = text("SELECT count(*) FROM pg_timezone_names WHERE name = :zone")


def read_time_zone(session: Session | Connection) -> ZoneInfo:
    """Give the zone of the platform."""
    return zone_named(session.scalars(select(Platform.time_zone)).one())


def require_time_zone(engine: Engine, stated: str | None) -> ZoneInfo:
    """Give the zone of the platform; refuse a setting that says another.

    Raises
    ------
    Conflict
        ``stated`` is not the zone the database was made with.
    """
    with engine.connect() as connection:
        zone = read_time_zone(connection)
    if stated is not None and zone_named(stated).key != zone.key:
        raise Conflict(
            "COMMUNITY_GRID_TIME_ZONE says {stated}, but this database counts in {zone}; take the"
            " setting away, or give the database another zone{hint}",
            stated=stated,
            zone=zone.key,
            hint=CommandHint("community-grid time-zone"),
        )
    return zone


def set_time_zone(session: Session | Connection, zone: ZoneInfo) -> None:
    """Keep another zone; this connection works in it from here on.

    Raises
    ------
    InvalidInput
        The database server does not know the zone.
    """
    if not session.scalar(_KNOWN, {"zone": zone.key}):
        raise InvalidInput("the database server does not know time zone “{zone}”", zone=zone.key)
    session.execute(update(Platform).values(time_zone=zone.key))
    session.execute(select(func.set_config("TimeZone", zone.key, False)))


def refuse_other_connections(session: Session) -> None:
    """Refuse while another process of ours works in the zone so far."""
    others = session.scalar(_OTHERS, {"name": APPLICATION})
    if others:
        raise Conflict(
            "{n} other connections are at work on this database; stop the server{hint} and other"
            " commands first",
            n=others,
            hint=CommandHint("community-grid serve"),
        )
