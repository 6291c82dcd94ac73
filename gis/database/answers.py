"""What the server answers: one value, or how many rows were changed."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import CursorResult, Result


def value_of(cursor: psycopg.Cursor) -> Any:  # noqa: ANN401
    """Give the first value of the first row; a query of one value always has one.

    Raises
    ------
    LookupError
        It gave no row: the query was not one of one value.
    """
    row = cursor.fetchone()
    if row is None:
        raise LookupError("a query for one value gave no row")
    return row[0]


def rows_changed(result: Result) -> int:
    """Give how many rows a statement has changed."""
    assert isinstance(result, CursorResult), "only a statement that changes rows is asked"
    return result.rowcount
