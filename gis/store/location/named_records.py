"""The records that the search box finds by their own names: each kind's table, as SQL names it."""

from __future__ import annotations

from gis.domain.kinds import KINDS
from gis.store.tables.kinds import ToLocate, kinds_with

NAMED = {KINDS[k].one: t for k, t in kinds_with(ToLocate).items() if KINDS[k].found_by_name}
"""Table by what one record of its kind is called."""


def for_each_table(statement: str) -> list[str]:
    """Write a statement, or a part of one, once for each table of named records.

    Parameters
    ----------
    statement
        With ``{table}`` where the table stands, and ``{title}`` for the column that holds names.

    Examples
    --------
    >>> for_each_table("SELECT {title} FROM {table}")[-1]
    'SELECT name FROM place'
    """
    return [
        statement.replace("{table}", table.__tablename__).replace("{title}", table.title)
        for table in NAMED.values()
    ]
