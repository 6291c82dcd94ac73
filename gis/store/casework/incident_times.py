"""When incidents occurred, and the time zone of the platform that their months are counted in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session

from gis.domain.local_time import moment_of, zone_named
from gis.store.area.platform import require_time_zone, set_time_zone
from gis.store.tables import Incident

_AT_ONCE = 50_000
_CLOCKS = text("""
UPDATE incident SET
    occurred_at = s.occurred_at,
    closed_at = CASE WHEN s.closed_at IS NOT NULL THEN greatest(s.closed_at, s.occurred_at) END
FROM unnest(CAST(:ids AS uuid[]), CAST(:occurred AS timestamptz[]), CAST(:closed AS timestamptz[]))
     AS s (id, occurred_at, closed_at)
WHERE incident.id = s.id
""")


def count_incidents(session: Session | Connection) -> int:
    """Count what is counted by month."""
    return session.scalars(select(func.count()).select_from(Incident)).one()


def settle_time_zone(engine: Engine, stated: str | None) -> ZoneInfo:
    """Take over the zone of the settings while no incident is stored; later it must agree."""
    if stated is not None:
        with engine.begin() as connection:
            if not count_incidents(connection):
                set_time_zone(connection, zone_named(stated))
        engine.dispose()
    return require_time_zone(engine, stated)


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
