"""Periods: the months that counts are kept by, and the spans people choose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gis.errors import InvalidInput

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years in which something may have happened or been planned; others are slips of the pen."""


@dataclass(frozen=True)
class Period:
    """Whole months from ``first`` up to but not including ``end``; both are firsts of a month."""

    first: date
    end: date

    @property
    def months(self) -> int:
        """Number of months.

        Examples
        --------
        >>> parse_period("2025-Q1").months
        3
        """
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    @property
    def is_calendar(self) -> bool:
        """Say whether it is a month, a quarter or a year, not another span.

        Examples
        --------
        >>> parse_period("2025-Q1").is_calendar, parse_period("2025-01..2025-04").is_calendar
        (True, False)
        """
        return (self.months, self.first.month % self.months) in ((1, 0), (3, 1), (12, 1))

    def __str__(self) -> str:
        """Write the period the way `parse_period` reads it.

        Examples
        --------
        >>> str(parse_period("2025")), str(parse_period("2025-03")), str(parse_period("2025-Q2"))
        ('2025', '2025-03', '2025-Q2')
        """
        if self.months == 12 and self.first.month == 1:
            return f"{self.first.year}"
        if self.months == 1:
            return f"{self.first:%Y-%m}"
        if self.months == 3 and self.first.month in (1, 4, 7, 10):
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}..{add_months(self.end, -1):%Y-%m}"

    @classmethod
    def of_month(cls, first: date) -> Period:
        """Give the month that begins on a day."""
        return cls(first, add_months(first, 1))

    def previous(self) -> Period:
        """Give the period of the same length just before.

        Examples
        --------
        >>> str(parse_period("2025-Q1").previous())
        '2024-Q4'
        """
        return Period(add_months(self.first, -self.months), self.first)


def add_months(first: date, months: int) -> date:
    """Move a first of a month by some months.

    Examples
    --------
    >>> add_months(date(2025, 11, 1), 3)
    datetime.date(2026, 2, 1)
    """
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def calendar_periods(first: date, last: date) -> list[tuple[Period, Period | None]]:
    """List the years, quarters and months that touch a span of months, each with what holds it.

    Parameters
    ----------
    first, last
        First days of the first and of the last month.

    Returns
    -------
    periods
        Period and the larger one it is part of, None for a year; years first, months last.

    Examples
    --------
    >>> [str(p) for p, _ in calendar_periods(date(2025, 3, 1), date(2025, 4, 1))]
    ['2025', '2025-Q1', '2025-Q2', '2025-03', '2025-04']
    """
    years: dict[Period, Period | None] = {}
    quarters: dict[Period, Period | None] = {}
    months: dict[Period, Period | None] = {}
    month = first
    while month <= last:
        start = month.replace(month=1)
        year = Period(start, add_months(start, 12))
        start = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        quarter = Period(start, add_months(start, 3))
        years[year], quarters[quarter], months[Period.of_month(month)] = None, year, quarter
        month = add_months(month, 1)
    return [*years.items(), *quarters.items(), *months.items()]


def parse_period(text: str) -> Period:
    """Read ``2025``, ``2025-03``, ``2025-Q1`` or ``2025-01..2025-06``.

    Raises
    ------
    InvalidInput
        Not one of these forms, an end before the start, or a year that cannot be meant.

    Examples
    --------
    >>> parse_period("2025-01..2025-06").months
    6
    """
    text = text.strip()
    if match := re.fullmatch(r"(\d{4})", text):
        return _span(text, _month(match[1], "1"), 12)
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return _span(text, _month(match[1], str(int(match[2]) * 3 - 2)), 3)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return _span(text, _month(match[1], match[2]), 1)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})\.\.(\d{4})-(\d{1,2})", text):
        first, last = _month(match[1], match[2]), _month(match[3], match[4])
        if first and last and last >= first:
            return Period(first, add_months(last, 1))
    raise _refusal(text)


def _month(year: str, month: str) -> date | None:
    within = FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12
    return date(int(year), int(month), 1) if within else None


def _span(text: str, first: date | None, months: int) -> Period:
    if first is None:
        raise _refusal(text)
    return Period(first, add_months(first, months))


def _refusal(text: str) -> InvalidInput:
    return InvalidInput(
        "period “{text}” is not understood; write 2025, 2025-Q1, 2025-03 or 2025-01..2025-06",
        text=text,
    )
