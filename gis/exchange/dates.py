"""Dates and times as people write them in tables; what could mean two days is refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from gis.errors import Message
from gis.exchange.numerals import count_from_chinese

EXCEL_EPOCH = dt.datetime(1899, 12, 30)
EARLIEST, LATEST = dt.date(1850, 1, 1), dt.date(2199, 12, 31)
_DATE = re.compile(
    r"^(?P<year>\d{4})(?:[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
    r"|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号]|(?P<m3>\d{2})(?P<d3>\d{2}))"
    r"(?:(?:[T ]|(?<=[日号]))\s*(?P<time>\S.*))?$"
)
_COMPACT = re.compile(r"^(\d{8})(\d{2})(\d{2})(\d{2})?$")
_HALVES = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "凌晨", "am"), "am"),
    **dict.fromkeys(("下午", "傍晚", "pm"), "pm"),
    **dict.fromkeys(("晚上", "晚间"), "night"),
    "中午": "noon",
}
"""Words for a part of the day that say which twelve hours are meant."""

_TIME = re.compile(
    rf"^(?P<before>{'|'.join(_HALVES)})?\s*(?P<hour>\d{{1,2}})"
    r"(?:[时点]整?$|[:时点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})(?:\.\d+)?秒?)?分?)?"
    r"\s*(?P<after>[AaPp][Mm])?\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?(?=$|\s|[上下早清凌中傍晚\d])")
_SPREAD_DATE = re.compile(
    r"^(\d{4})\s*[-/.·•。—–−‐\s]\s*(\d{1,2})\s*[-/.·•。—–−‐\s]\s*(\d{1,2})(?!\d)"
)
_YEAR_BY_DIGIT = re.compile(r"^[〇○零一二三四五六七八九]{4}(?=年)")
_NUMERAL = re.compile(r"[一二三四五六七八九十廿卅两零〇]{1,3}(?=[月日号时点分])")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_NAMED = (
    re.compile(rf"^(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]+(?P<year>\d{{4}})(?!\d)"),
    re.compile(rf"^{_MONTH}[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+(?P<year>\d{{4}})(?!\d)"),
)
_SPAN = re.compile(r"\s\d{1,2}:\d{2}\s*-\s*\d{2}:?\d{2}$")
_SERIAL = re.compile(r"^\d{1,7}(?:\.\d+)?$")


def parse_date(value: object) -> dt.date:
    """Read a date; a time of day after it is dropped.

    A time with a zone says a moment, which is one day here and another there: only a midnight is
    taken for its day.

    Raises
    ------
    ValueError
        Not a date, a day that does not exist, or one that could mean two days.

    Examples
    --------
    >>> [str(parse_date(t)) for t in ("2024/3/5", "2024年3月5日", "20240305", 45356)]
    ['2024-03-05', '2024-03-05', '2024-03-05', '2024-03-05']
    >>> parse_date("05/03/24")
    Traceback (most recent call last):
        ...
    ValueError: could be day/month or month/day; write it as 2024-03-05
    """
    moment = parse_datetime(value)
    if moment.tzinfo is not None and moment.time() != dt.time.min:
        raise ValueError("is a moment in a time zone, not a day; write it as 2024-03-05")
    return moment.date()


def parse_datetime(value: object) -> dt.datetime:
    """Read a date with an optional time of day; midnight without one.

    The result knows its zone only where one is written; what it means without one, the platform
    decides (`gis.domain.local_time`).

    Raises
    ------
    ValueError
        As for `parse_date`.

    Examples
    --------
    >>> str(parse_datetime("2010-01-01T01:50")), str(parse_datetime("2024年3月5日 14时30分"))
    ('2010-01-01 01:50:00', '2024-03-05 14:30:00')
    >>> str(parse_datetime("2024/3/5 下午2:30")), str(parse_datetime("202403051430"))
    ('2024-03-05 14:30:00', '2024-03-05 14:30:00')
    >>> str(parse_datetime("2024-03-05 08:00:00+08:00"))
    '2024-03-05 08:00:00+08:00'
    """
    text = unicodedata.normalize("NFKC", str(value)).strip()
    text = _COMPACT.sub(_spread, _plainly(text))
    if _SPAN.search(text):
        raise ValueError("is a span of time; write when it begins, such as 2024-03-05 14:30")
    match = _DATE.match(text)
    if match:
        return _from_parts(match)
    if _SERIAL.match(text):
        return _from_serial(float(text))
    if re.match(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b", text):
        raise ValueError("could be day/month or month/day; write it as 2024-03-05")
    raise ValueError("is not a date; write it as 2024-03-05")


def _plainly(text: str) -> str:
    """Write numerals in digits, names of months and odd signs as plain dates have them."""
    text = _YEAR_BY_DIGIT.sub(lambda m: "".join(str(_digit(sign)) for sign in m[0]), text)
    text = _NUMERAL.sub(lambda m: str(_counted(m[0])), text)
    text = _WEEKDAY.sub(" ", text).strip().replace("点半", "点30分").replace("时半", "时30分")
    for pattern in _NAMED:
        match = pattern.match(text)
        month = match["month"].lower() if match else ""
        if match and month[:3] in _MONTHS:
            number = _MONTHS.index(month[:3]) + 1
            return f"{match['year']}-{number}-{match['day']}{text[match.end() :]}"
    return _SPREAD_DATE.sub(r"\1-\2-\3", text)


def _digit(sign: str) -> int:
    return "〇一二三四五六七八九".find(sign) if sign not in "○零" else 0


def _counted(numeral: str) -> int | str:
    count = count_from_chinese(numeral)
    return numeral if count is None else count


def _from_parts(match: re.Match[str]) -> dt.datetime:
    month = match["m1"] or match["m2"] or match["m3"]
    day = match["d1"] or match["d2"] or match["d3"]
    try:
        date = dt.date(int(match["year"]), int(month), int(day))
    except ValueError:
        raise ValueError("is a day that does not exist; write it as 2024-03-05") from None
    if date < EARLIEST:
        raise ValueError(Message("lies before {year}; write it as 2024-03-05", year=EARLIEST.year))
    if date > LATEST:
        raise ValueError(Message("lies after {year}; write it as 2024-03-05", year=LATEST.year))
    hour, minute, second, zone = _time_of_day(match["time"])
    return dt.datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=zone)


def _time_of_day(text: str | None) -> tuple[int, int, int, dt.tzinfo | None]:
    if text is None:
        return 0, 0, 0, None
    match = _TIME.match(text.strip())
    if not match:
        raise ValueError("has a time of day that cannot be read; write it as 2024-03-05 14:30")
    hour, minute, second = (int(match[p] or 0) for p in ("hour", "minute", "second"))
    hour = _of_half_day(hour, _HALVES.get(match["before"] or (match["after"] or "").lower()))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError("has a time of day that does not exist; write it as 2024-03-05 14:30")
    return hour, minute, second, _zone(match["zone"])


def _spread(digits: re.Match[str]) -> str:
    """Write date and time of twelve or fourteen digits with the signs between them."""
    return f"{digits[1]} {digits[2]}:{digits[3]}:{digits[4] or '00'}"


def _of_half_day(hour: int, half: str | None) -> int:
    """Give the hour of a day for one before or after noon; 25 where there is none."""
    if half == "am":
        return hour % 12 if hour <= 12 else 25
    if half == "pm" and hour <= 12:
        return hour % 12 + 12
    if half == "night":
        return hour % 12 + 12 if hour in range(5, 12) or hour in range(17, 24) else 25
    if half == "noon":
        return hour if hour in (11, 12, 13, 14) else {1: 13, 2: 14}.get(hour, 25)
    return hour


def _zone(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= dt.timedelta(hours=24):
        raise ValueError("has a time zone that does not exist")
    return dt.timezone(-offset if text[0] == "-" else offset)


def _from_serial(serial: float) -> dt.datetime:
    """Read a day count of a spreadsheet (1900 system)."""
    if not 20_000 <= serial <= 80_000:
        raise ValueError("is not a date; write it as 2024-03-05")
    moment = EXCEL_EPOCH + dt.timedelta(days=serial)
    return moment.replace(microsecond=0) if serial % 1 else moment
