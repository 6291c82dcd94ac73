"""Ways of writing a day and a time; what could mean another day or time is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.exchange.dates import parse_date, parse_datetime
from gis.exchange.numerals import chinese_from_count

MOMENTS = st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2199, 12, 31)).map(
    lambda m: m.replace(microsecond=0)
)


def in_chinese(moment):
    """Write a day as documents do: 二〇二四年五月一日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(moment.year))
    return f"{year}年{chinese_from_count(moment.month)}月{chinese_from_count(moment.day)}日"


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
        f"{moment.year}·{moment.month}·{moment.day} {moment:%H:%M:%S}",
        f"{moment.day} {moment:%B} {moment.year} {moment:%H:%M:%S}",
        f"{moment:%b} {moment.day}, {moment.year} {moment:%H:%M:%S}",
        f"{moment.year}年{moment.month}月{moment.day}日 星期{'一二三四五六日'[moment.weekday()]}"
        f" {moment:%H:%M:%S}",
        f"{in_chinese(moment)}{moment:%H:%M:%S}",
    ):
        assert parse_datetime(text) == moment, text
    offset = parse_datetime(f"{moment.isoformat()}+08:00")
    assert offset == moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert parse_datetime(f"{moment.isoformat()}Z") == moment.replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2024-5-1 下午3点", 15), ("2024年5月1日 凌晨2点", 2), ("2024-05-01 早上7点整", 7),
     ("2024-05-01 中午12点", 12), ("2024-05-01 晚上8点", 20), ("2024年五月一日 十五时", 15)],
)  # fmt: skip
def test_words_for_a_part_of_the_day_tell_the_hour(text, hour):
    assert parse_datetime(text) == dt.datetime(2024, 5, 1, hour)


@pytest.mark.parametrize("text", ["2024-05-01 07:30-09:00", "2024-05-01 07:30 - 09:00"])
def test_a_span_of_time_is_no_time_zone(text):
    with pytest.raises(ValueError, match="span of time"):
        parse_datetime(text)
    assert parse_datetime("2024-05-01T07:30-05:00").utcoffset() == dt.timedelta(hours=-5)


@pytest.mark.parametrize(
    "text",
    ["2024-05-01 晚上13:00", "2024-05-01 晚上1点", "2024-05-01 中午8点", "01-May-24",
     "31 Smarch 2024", "2024-03-05 24:00", "2024-03-05 上午13:00", "2024-03-05 25:00 PM",
     "202403052430",
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
