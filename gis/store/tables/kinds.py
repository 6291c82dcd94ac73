"""What a table says of its rows, so that an earlier subject can work on them without naming it.

A table takes a mark as a base class; whoever works on all that bear it asks `tables_with`. A new
kind of record so comes into building blocks anew, importing, reviewing and the rest by its marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from gis.database.base import Base


class OfKind:
    """Rows that files bring: records of one kind.

    ``record_kind`` is the word for the kind, ``found_by`` are the columns by which stored rows may
    be the rows of a file (beside their place on the ground), and ``row_label`` is how a row ``t``
    is named in a report, in SQL: never by a person.
    """

    record_kind: ClassVar[str]
    found_by: ClassVar[tuple[str, ...]] = ()
    row_label: ClassVar[str]


class ShowsGround:
    """Rows whose extent stands for the ground as long as no community is stored."""


class BelongsByPoint:
    """Rows that belong to the community that their inner point lies in: ``geom, community_id``.

    What lies in a block belongs to the block's community first.
    """


class LiesInBlock:
    """Rows that lie in a block by their point: ``geom, community_id, block_id``."""


class ToLocate(LiesInBlock):
    """Rows that may have to be located by their text, and may wait for a person to do it.

    ``title`` is the column that names a row, ``viewed_with`` the permission that it takes to see
    one, beside that to locate.
    """

    title: ClassVar[str]
    viewed_with: ClassVar[str | None] = None


@dataclass(frozen=True)
class Counting:
    """What the rows of a table count as, in SQL.

    Parameters
    ----------
    measure
        A key of `gis.words.measures.MEASURES`.
    rows
        Query of ``block_id, n`` and, as the measure has them, ``part``, ``month`` (a first day) or
        ``since`` (a day): one row for each that counts, or several. ``{counted}`` stands for the
        rule which rows ``t`` count at all, ``:until`` for the last day that is counted ahead.
    """

    measure: str
    rows: str


class CountedInBlock(ToLocate):
    """Rows that count in the block they lie in, as ``counted_as`` says: ``block_id, status``."""

    counted_as: ClassVar[tuple[Counting, ...]]


class MayBeGrid:
    """Rows that, marked ``exclusive``, make their block a grid of its own, called by ``name``."""


class TellsOfReal:
    """Rows that tell of real people, cases or places unless they are ``synthetic``."""


def tables_with(mark: type) -> list[type[Any]]:
    """List the tables that bear a mark, by their names; their columns are what the mark says."""
    found = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, mark)]
    return sorted(found, key=lambda table: table.__tablename__)


def kinds_with(mark: type = OfKind) -> dict[str, type[Any]]:
    """Give the tables of the kinds of records that bear a mark, by the word for the kind."""
    return {t.record_kind: t for t in tables_with(mark) if issubclass(t, OfKind)}
