"""The month of a moment in SQL, written once: every count by month is made with it."""

from __future__ import annotations


def month_of(column: str) -> str:
    """Write the first day of the month that a moment lies in, on the clocks of the platform.

    The time zone is the connection's, which `gis.database.engine` sets from the database.

    Examples
    --------
    >>> month_of("i.occurred_at")
    "date_trunc('month', i.occurred_at)::date"
    """
    return f"date_trunc('month', {column})::date"
