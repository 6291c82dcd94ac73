"""Reading the review desk: the households among what is shown are recorded, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol, Unpack
from uuid import UUID

from sqlalchemy import Row

from gis.actions.access.disclosure import Shown, record_shown
from gis.actions.access.work import Work
from gis.domain.disclosure import Sight
from gis.store.location.review import Filters, ListPlace, list_waiting


class Subject(Protocol):
    """A record of the desk."""

    @property
    def subject(self) -> str:
        """Give its kind."""

    @property
    def id(self) -> UUID:
        """Give its id."""


def read_waiting(
    work: Work,
    *,
    limit: int,
    after: ListPlace | None,
    ids: Collection[UUID] | None = None,
    **filters: Unpack[Filters],
) -> tuple[int, list[Row]]:
    """Give a page of what waits, as `gis.store.location.review.list_waiting` does; recorded."""
    total, rows = list_waiting(
        work.session, work.scope, limit=limit, after=after, ids=ids, **filters
    )
    record_desk(work, rows, "list")
    return total, rows


def record_desk(work: Work, rows: Iterable[Subject], what: str) -> None:
    """Record the households among some records of the desk that were shown.

    ``what`` says how: ``list``, ``ties``, ``preview`` or ``export``.
    """
    shown = [Shown(r.id, None, Sight.MASKED) for r in rows if r.subject == "household"]
    detail = {"at": f"review.{what}"}
    record_shown(work, "household.list", shown, detail=detail)
