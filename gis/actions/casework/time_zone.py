"""Giving the platform another time zone: months are counted again in the same transaction."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.domain.access import require
from gis.domain.local_time import zone_named
from gis.errors import CommandHint, InvalidInput
from gis.store.area import platform
from gis.store.casework import incident_times
from gis.store.counts.recount import recount

KEEP = ("moments", "clock-times")
"""What stays of the stored times of incidents when the zone changes."""


def change_time_zone(work: Work, name: str, *, keep: str | None) -> int:
    """Count days and months in another zone from now on.

    Parameters
    ----------
    name
        IANA name of the zone.
    keep
        ``moments``: the stored moments were right, only days and months are to be counted
        otherwise. ``clock-times``: files told the times on local clocks, and the zone so far was
        wrong. Needed once incidents are stored.

    Returns
    -------
    int
        Incidents counted again.

    Raises
    ------
    Conflict
        Another process is at work on the database in the zone so far.
    InvalidInput
        No such zone; or incidents are stored and ``keep`` is not said.
    """
    require(work.scope, "user.manage")
    zone = zone_named(name)
    platform.refuse_other_connections(work.session)
    before = platform.read_time_zone(work.session)
    n_incidents = incident_times.count_incidents(work.session)
    if n_incidents and keep not in KEEP:
        raise InvalidInput(
            "{n:,} incidents are stored; say what stays: their moments, or their clock times where"
            " files told the time on local clocks and {zone} was wrong{hint}",
            n=n_incidents,
            zone=before.key,
            hint=CommandHint("--keep moments, or --keep clock-times"),
        )
    if keep == "clock-times":
        incident_times.keep_clock_times(work.session, zone)
    platform.set_time_zone(work.session, zone)
    recount(work.session, now=work.now)
    told = {"from": before.key, "to": zone.key, "keep": keep, "incidents": n_incidents}
    work.audit("time_zone.change", object_kind="platform", detail=told)
    return n_incidents
