"""Months and ages in SQL, written once; the time zone is the connection's.

`gis.database.engine` sets it from the database. Who is born on 29 February is a year older on
1 March.
"""

from __future__ import annotations


def month_of(column: str) -> str:
    """Write the first day of the month that a moment lies in, on the clocks of the platform.

    Examples
    --------
    >>> month_of("i.occurred_at")
    "date_trunc('month', i.occurred_at)::date"
    """
    return f"date_trunc('month', {column})::date"


def born_by(day: str, years: int) -> str:
    """Write the last birthday of those who are of an age on a day.

    Examples
    --------
    >>> born_by(":today", 65)
    'CAST(:today AS date) - make_interval(years => 65)'
    """
    return f"CAST({day} AS date) - make_interval(years => {years})"


def day_of_age(born: str, years: int) -> str:
    """Write the first day on which somebody born on a day is of an age: the inverse of `born_by`.

    Examples
    --------
    >>> day_of_age("r.birth_date", 65).count("r.birth_date")
    3
    """
    birthday = f"({born} + make_interval(years => {years}))::date"
    return f"({birthday} + (extract(day FROM {birthday}) <> extract(day FROM {born}))::int)"
