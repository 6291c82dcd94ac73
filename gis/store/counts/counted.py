"""Reading one measure of blocks beside other columns, in queries and in the text of statements."""

from __future__ import annotations

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func
from sqlalchemy.orm import aliased

from gis.store.tables import BlockCount
from gis.words.measures import UNDATED


class Counted:
    """A measure without a time, to be joined from outside to a column of blocks: one row or none.

    Parameters
    ----------
    measure
        Name of the measure.

    Examples
    --------
    >>> households = Counted("households")
    >>> query = select(Block.id, households.n).outerjoin(households.rows, households.of(Block.id))
    ... # doctest: +SKIP
    """

    def __init__(self, measure: str) -> None:
        self.measure = measure
        self.rows = aliased(BlockCount, name=f"counted_{measure}")

    @property
    def n(self) -> ColumnElement[int]:
        """How many there are, 0 where there is no row."""
        return func.coalesce(self.rows.n, 0).label(self.measure)

    @property
    def total(self) -> ColumnElement[int]:
        """How many there are in all blocks of a group."""
        return func.coalesce(func.sum(self.rows.n), 0).label(self.measure)

    def of(self, block: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Say that the count is that of a block."""
        rows = self.rows
        return and_(
            rows.block_id == block,
            rows.measure == self.measure,
            rows.month == UNDATED,
            rows.day == 1,
        )


def is_part_of(measure: str) -> ColumnElement[bool]:
    """Say that a count is of a part of a measure, as the incidents of any topic."""
    return BlockCount.measure.like(f"{measure}:%")


def count_join(alias: str, measure: str, block: str) -> str:
    """Write the same join in the text of a statement.

    Examples
    --------
    >>> count_join("h", "households", "b.id").partition(" = ")[2]
    "(b.id, 'households', DATE '0001-01-01', 1)"
    """
    keys = ", ".join(f"{alias}.{key}" for key in ("block_id", "measure", "month", "day"))
    return (
        f"LEFT JOIN block_count {alias} ON ({keys}) = ({block}, '{measure}', DATE '{UNDATED}', 1)"
    )
