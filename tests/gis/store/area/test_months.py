"""Months are those of the platform's clocks: every count against Python's own zones."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from gis.domain.local_time import moment_of, zone_named
from gis.store import tables as t
from gis.store.area.platform import set_time_zone
from gis.store.counts.recount import recount
from tests.counted import incident_counts
from tests.factories import NOW

ZONES = ("Asia/Shanghai", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe")


@st.composite
def moments_near_the_ends_of_months(draw):
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    first = datetime(draw(st.integers(1988, 2030)), draw(st.integers(1, 12)), 1)
    minutes = draw(st.integers(-26 * 60, 26 * 60))
    return first.replace(tzinfo=zone).astimezone(UTC) + timedelta(minutes=minutes)


def put_incidents(session, town, moments) -> int:
    """Leave nothing but incidents of noise at these moments in the first block; gives its id."""
    pattern = town.incidents[0]
    session.execute(delete(t.BlockCount))
    session.execute(delete(t.Incident))
    rows = [
        {"number": f"M{nth}", "topic": "noise", "occurred_at": at, "block_id": pattern.block_id,
         "community_id": pattern.community_id, "status": "accepted", "level": "number",
         "score": 1.0, "geom": pattern.geom, "import_batch_id": pattern.import_batch_id}
        for nth, at in enumerate(moments)
    ]  # fmt: skip
    session.execute(t.Incident.__table__.insert(), rows)
    return pattern.block_id


def counted(session) -> dict[date, int]:
    return {month: n for (_, _, month), n in incident_counts(session).items()}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(ZONES), st.lists(moments_near_the_ends_of_months(), min_size=1, max_size=12))
def test_counts_by_month_are_those_of_the_calendar(session, town, zone, moments):
    with session.begin_nested() as undone:
        set_time_zone(session, zone_named(zone))
        block = put_incidents(session, town, moments)
        local = [m.astimezone(ZoneInfo(zone)) for m in moments]
        expected = Counter(date(m.year, m.month, 1) for m in local)
        community = session.scalar(select(t.Block.community_id).where(t.Block.id == block))
        for which in ({}, {"blocks": [block]}, {"blocks": [], "communities": [community]}):
            session.execute(delete(t.BlockCount))
            recount(session, now=NOW, **which)
            assert counted(session) == expected
        undone.rollback()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", [date(2024, 5, 1), date(2024, 4, 1), date(2025, 1, 1)])
def test_the_last_minute_of_a_month_quarter_or_year_and_the_first_of_the_next(
    session, town, zone, first
):
    set_time_zone(session, zone_named(zone))
    midnight = datetime(first.year, first.month, 1)
    ends = [moment_of(midnight + timedelta(minutes=m), ZoneInfo(zone)) for m in (-1, 0)]
    put_incidents(session, town, ends)
    recount(session, now=NOW)
    before = (first - timedelta(days=1)).replace(day=1)
    assert counted(session) == {before: 1, first: 1}
