"""The time zone of the platform: what a time without a zone means, and which day a moment is.

One zone holds for everything (see `gis.store.area.platform`). A time written without a zone is what
its clocks show. Where the clocks are changed, the offset before the change is meant: an hour that
comes twice is the first of the two, and a time that the clocks leave out is as much later (in
Zurich on 31 March 2024, 02:30 is 03:30). That is the rule of ISO 8601 profiles such as RFC 5545.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from gis.errors import InvalidInput

DEFAULT_TIME_ZONE = "Asia/Shanghai"


def zone_named(name: str) -> ZoneInfo:
    """Give the time zone of an IANA name.

    Examples
    --------
    >>> zone_named("Asia/Shanghai").key
    'Asia/Shanghai'
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            "time zone “{name}” is not known; give a name such as Asia/Shanghai or Europe/Zurich",
            name=name,
        ) from None


def moment_of(written: datetime, zone: ZoneInfo) -> datetime:
    """Give the moment that a written time means; one that states its zone is taken as it is.

    Examples
    --------
    >>> shanghai, zurich = zone_named("Asia/Shanghai"), zone_named("Europe/Zurich")
    >>> str(moment_of(datetime(2024, 5, 1, 7, 30), shanghai))
    '2024-05-01 07:30:00+08:00'
    >>> str(moment_of(datetime(2024, 3, 31, 2, 30), zurich))
    '2024-03-31 03:30:00+02:00'
    >>> str(moment_of(datetime(2024, 10, 27, 2, 30), zurich))
    '2024-10-27 02:30:00+02:00'
    """
    if written.tzinfo is None:
        written = written.replace(tzinfo=zone, fold=0)
    return on_the_clock(written, zone)


def on_the_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """Give a moment as the clocks of the zone show it; its offset is fixed.

    The fixed offset keeps differences between two such times exact: Python takes the difference
    of two times of one `ZoneInfo` by the clock.

    Examples
    --------
    >>> str(on_the_clock(datetime(2024, 4, 30, 23, 30, tzinfo=UTC), zone_named("Asia/Shanghai")))
    '2024-05-01 07:30:00+08:00'
    """
    local = moment.astimezone(UTC).astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Give the moment a day begins.

    Examples
    --------
    >>> str(start_of_day(date(2024, 5, 1), zone_named("Europe/Zurich")))
    '2024-05-01 00:00:00+02:00'
    """
    return moment_of(datetime.combine(day, time.min), zone)


def clock_text(moment: datetime) -> str:
    """Write a time as its clock shows it, so that reading it again gives the same moment.

    A time of a zone (a `ZoneInfo`) is written without offset, unless the clocks show it twice; a
    time that knows only its offset keeps it.

    Examples
    --------
    >>> zurich = zone_named("Europe/Zurich")
    >>> clock_text(datetime(2024, 5, 1, 7, 30, tzinfo=zurich))
    '2024-05-01 07:30:00'
    >>> clock_text(datetime(2024, 10, 27, 2, 30, tzinfo=zurich, fold=1))
    '2024-10-27 02:30:00+01:00'
    """
    shown = moment if moment.tzinfo is None or is_ambiguous(moment) else moment.replace(tzinfo=None)
    return shown.isoformat(sep=" ", timespec="seconds")


def is_ambiguous(moment: datetime) -> bool:
    """Say whether a time needs its offset: the clocks show it twice, or no zone is known.

    Examples
    --------
    >>> is_ambiguous(datetime(2024, 5, 1, 7, 30, tzinfo=UTC))
    True
    """
    if not isinstance(moment.tzinfo, ZoneInfo):
        return moment.tzinfo is not None
    first, second = (moment.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first != second
