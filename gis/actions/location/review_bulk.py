"""Many doubtful locations decided in one go: previewed, made whole, taken back whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack
from uuid import UUID, uuid4

import pandas as pd
from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.location.candidates import geocoder_of
from gis.actions.location.review import accept_candidate, dismiss, place_pin, undo
from gis.actions.location.review_reading import record_desk
from gis.address.geocoder import Geocoder
from gis.domain.access import Scope, require
from gis.errors import Conflict, InvalidInput
from gis.store.location.review import Filters, list_bulk, list_waiting, mark_bulk

MOST = 500
"""At most so many records are decided in one go."""

MOST_EXPORTED = 20_000
"""Records that are taken out of the desk as one table."""

WAYS = ("accept", "dismiss")


@dataclass(frozen=True)
class Proposal:
    """What one record would become: the first candidate of its text."""

    subject: str
    id: UUID
    text: str | None
    label: str
    address_id: int | None
    point: tuple[float, float] | None

    @property
    def is_empty(self) -> bool:
        """Say whether there is no candidate to accept."""
        return self.point is None


def select_waiting(
    session: Session,
    scope: Scope,
    *,
    records: Sequence[tuple[str, UUID]] | None = None,
    **filters: Unpack[Filters],
) -> list[Row]:
    """List the waiting records that are meant: those named, or all that match the filters.

    Raises
    ------
    InvalidInput
        There are more than are decided in one go.
    """
    ids = None if records is None else {i for _, i in records}
    total, rows = list_waiting(session, scope, ids=ids, limit=MOST + 1, **filters)
    if total > MOST:
        raise InvalidInput(
            "{total:,} records match; at most {most} are decided in one go", total=total, most=MOST
        )
    return rows


def propose(session: Session, scope: Scope, rows: Sequence[Row]) -> list[Proposal]:
    """Give the first candidate of each record."""
    require(scope, "review.decide")
    geocoder = geocoder_of(session)
    first = {text: _first(geocoder, text) for text in {r.address_text for r in rows}}
    return [Proposal(r.subject, r.id, r.address_text, *first[r.address_text]) for r in rows]


def _first(
    geocoder: Geocoder, text: str | None
) -> tuple[str, int | None, tuple[float, float] | None]:
    found = geocoder.candidates(text, 3)
    found = found[found["lon"].notna()]
    if found.empty:
        return "", None, None
    best = found.iloc[0]
    address = None if pd.isna(best["address_id"]) else int(best["address_id"])
    return str(best["label"]), address, (float(best["lon"]), float(best["lat"]))


def decide_many(work: Work, way: str, proposals: Sequence[Proposal]) -> tuple[UUID, int]:
    """Accept the first candidate of each record, or put each aside; all or none.

    Returns
    -------
    bulk, count
        The number under which they are taken back, and how many were decided; records without a
        candidate are left waiting when accepting.

    Raises
    ------
    InvalidInput
        Another way, or a place outside the area.
    """
    if way not in WAYS:
        raise InvalidInput("do: expected one of {ways}, got “{way}”", ways=", ".join(WAYS), way=way)
    made = [_decide(work, way, p) for p in proposals]
    decisions = [decision for decision in made if decision is not None]
    bulk = uuid4()
    mark_bulk(work.session, decisions, bulk)
    work.audit(f"review.bulk_{way}", detail={"bulk": str(bulk), "n": len(decisions)})
    return bulk, len(decisions)


def _decide(work: Work, way: str, p: Proposal) -> int | None:
    """Decide about one record; None where there is no candidate to accept."""
    if way == "dismiss":
        return dismiss(work, p.subject, p.id)
    if p.address_id is not None:
        return accept_candidate(work, p.subject, p.id, p.address_id)
    if p.point is None:
        return None
    lon, lat = p.point
    return place_pin(work, p.subject, p.id, lon=lon, lat=lat)


def undo_many(work: Work, bulk: UUID) -> int:
    """Take back all decisions of one go that still stand; gives how many.

    Raises
    ------
    Conflict
        None of them stands any more.
    """
    require(work.scope, "review.decide")
    standing = list_bulk(work.session, work.scope, bulk)
    if not standing:
        raise Conflict("these records were decided about again since; nothing is left to take back")
    for decision in standing:
        undo(work, decision)
    return len(standing)


def export_waiting(work: Work, **filters: Unpack[Filters]) -> pd.DataFrame:
    """Give what waits as a table; that it was taken out is recorded.

    Raises
    ------
    InvalidInput
        More than `MOST_EXPORTED` records match.
    """
    total, rows = list_waiting(work.session, work.scope, limit=MOST_EXPORTED, **filters)
    if total > MOST_EXPORTED:
        raise InvalidInput(
            "{total:,} records match; at most {most:,} are taken out at once: choose fewer by the"
            " filters",
            total=total,
            most=MOST_EXPORTED,
        )
    record_desk(work, rows, "export")
    names = (
        "subject", "title", "occurred_at", "address_text", "status", "level", "score",
        "n_candidates", "margin", "error_m", "evidence", "community_code", "community",
        "lon", "lat",
    )  # fmt: skip
    work.audit("review.export", detail={"rows": total})
    table = pd.DataFrame([[getattr(r, n) for n in names] for r in rows], columns=list(names))
    return table.assign(evidence=[r.evidence or "" for r in rows])
