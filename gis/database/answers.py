"""What the server answers to a question of one value."""

from __future__ import annotations

from typing import Any

import psycopg


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
