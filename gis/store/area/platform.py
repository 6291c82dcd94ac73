"""The time zone of the platform: kept in the database, so that all processes count alike.

It is decided when the database is made, and may be decided anew as long as no incident is stored.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select, text, update
from sqlalchemy.orm import Session

from gis.domain.local_time import moment_of, zone_named
from gis.errors import CommandHint, Conflict, InvalidInput
from gis.store.tables import Incident, Platform

APPLICATION = "community-grid"
"""Name that our own connections carry (`gis.database.engine`)."""

_OTHERS = text("""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()
""")
_AT_ONCE = 50_000
_KNOWN = text("SELECT count(*) FROM pg_timezone_names WHERE name = :zone")
_CLOCKS = text("""
UPDATE incident SET
    occurred_at = s.occurred_at,
    closed_at = CASE WHEN s.closed_at IS NOT NULL THEN greatest(s.closed_at, s.occurred_at) END
FROM unnest(CAST(:ids AS uuid[]), CAST(:occurred AS timestamptz[]), CAST(:closed AS timestamptz[]))
     AS s (id, occurred_at, closed_at)
WHERE incident.id = s.id
""")


def read_time_zone(session: Session | Connection) -> ZoneInfo:
    """Give the zone of the platform."""
    return zone_named(session.scalar(select(Platform.time_zone)))


def count_incidents(session: Session | Connection) -> int:
    """Count what is counted by month."""
    return session.scalar(select(func.count()).select_from(Incident))


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


def settle_time_zone(engine: Engine, stated: str | None) -> ZoneInfo:
    """Take over the zone of the settings while no incident is stored; later it must agree."""
    if stated is not None:
        with engine.begin() as connection:
            if not count_incidents(connection):
                set_time_zone(connection, zone_named(stated))
        engine.dispose()
    return require_time_zone(engine, stated)


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


def keep_clock_times(session: Session, zone: ZoneInfo) -> int:
    """Move every incident so that the clocks of another zone show what those so far show.

    Returns
    -------
    int
        Incidents moved.
    """
    rows = session.execute(select(Incident.id, Incident.occurred_at, Incident.closed_at)).all()
    moved = [
        [id_, *(None if t is None else moment_of(t.replace(tzinfo=None), zone) for t in times)]
        for id_, *times in rows
    ]
    for first in range(0, len(moved), _AT_ONCE):
        ids, occurred, closed = map(list, zip(*moved[first : first + _AT_ONCE], strict=True))
        session.execute(_CLOCKS, {"ids": ids, "occurred": occurred, "closed": closed})
    return len(moved)


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
