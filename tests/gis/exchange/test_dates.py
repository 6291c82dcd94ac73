"""Ways of writing a day and a time; what could mean another day or time is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.exchange.dates import parse_date, parse_datetime

MOMENTS = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2199, 12, 31)).map(
    lambda m: m.replace(microsecond=0)
)


@given(MOMENTS)
def test_every_way_of_writing_a_moment_is_read_as_the_same(moment):
    half = "上午" if moment.hour < 12 else "下午"
    twelve = f"{(moment.hour - 1) % 12 + 1}:{moment:%M:%S}"
    for text in (
        moment.isoformat(),
        f"{moment:%Y/%m/%d %H:%M:%S}",
        f"{moment:%Y%m%d%H%M%S}",
        f"{moment.year}年{moment.month}月{moment.day}日 {half}{twelve}",
        f"{moment:%Y-%m-%d} {twelve} {'AM' if moment.hour < 12 else 'pm'}",
    ):
        assert parse_datetime(text) == moment, text
    offset = parse_datetime(f"{moment.isoformat()}+08:00")
    assert offset == moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert parse_datetime(f"{moment.isoformat()}Z") == moment.replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    ["2024-03-05 24:00", "2024-03-05 上午13:00", "2024-03-05 25:00 PM", "202403052430",
     "2024-03-05 下午", "1849-12-31", "2200-01-01", "9999-12-31 23:59", "2024-02-30"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="2024-03-05"):
        parse_datetime(text)


def test_a_moment_in_a_zone_is_no_day_unless_it_is_midnight_there():
    assert parse_date("1990-05-02T00:00:00Z") == dt.date(1990, 5, 2)
    assert parse_date("1990-05-02 13:30") == dt.date(1990, 5, 2)
    with pytest.raises(ValueError, match="not a day"):
        parse_date("1990-05-01T16:00:00.000Z")
