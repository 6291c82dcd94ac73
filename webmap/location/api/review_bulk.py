"""The review desk's interface for many records at once: preview, decide, take back, take out."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, request

from gis.actions.location import review_bulk
from gis.actions.location.review_bulk import MOST_EXPORTED
from gis.actions.location.review_reading import record_desk
from gis.address.evidence import explain
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.errors import InvalidInput
from gis.exchange.writers import write_table
from webmap.location.api.review import filters_of
from webmap.shell.access import allowed
from webmap.shell.answers import Media
from webmap.shell.bodies import json_body
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.language import current_language
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("review_bulk_api", __name__, url_prefix="/api/v1/review")

MOST_LISTED = 50


@dataclass(frozen=True)
class SameChoice:
    """Records with one text that would go to one place."""

    text: str | None
    label: str
    n: int


@dataclass(frozen=True)
class BulkPreview:
    """What accepting the first candidate of many records would do.

    Parameters
    ----------
    without
        Records that have no candidate.
    groups
        The largest ones.
    """

    count: int
    without: int
    groups: list[SameChoice]


@dataclass(frozen=True)
class BulkDone:
    """What was decided in one go: its name, for undoing, and how many records."""

    bulk: UUID
    count: int


@dataclass(frozen=True)
class BulkUndone:
    """How many decisions were taken back."""

    count: int


@blueprint.post("/bulk/preview")
@allowed("review.decide")
def preview() -> BulkPreview:
    """Say what accepting the first candidate of many records would do; changes nothing."""
    with transaction() as session:
        proposals = _proposals(session, current_scope())
        record_desk(current_work(session), proposals, "preview")
    groups = Counter((p.text, p.label) for p in proposals if not p.is_empty)
    return BulkPreview(
        count=len(proposals),
        without=sum(p.is_empty for p in proposals),
        groups=[SameChoice(t, x, n) for (t, x), n in groups.most_common(MOST_LISTED)],
    )


@blueprint.post("/bulk")
@allowed("review.decide")
def decide() -> BulkDone:
    """Accept the first candidate of many records, or put them aside; as many as were shown."""
    body = json_body()
    with transaction() as session:
        proposals = _proposals(session, current_scope())
        if body.get("count") != len(proposals):
            raise InvalidInput("the list has changed since it was shown; look at it again")
        bulk, count = review_bulk.decide_many(current_work(session), str(body.get("do")), proposals)
    return BulkDone(bulk, count)


@blueprint.post("/bulk/<uuid:bulk>/undo")
@allowed("review.decide")
def undo(bulk: UUID) -> BulkUndone:
    """Take back what was decided in one go."""
    with transaction() as session:
        count = review_bulk.undo_many(current_work(session), bulk)
    return BulkUndone(count)


@blueprint.get("/waiting.csv")
@allowed("review.decide")
def export() -> Annotated[Response, Media("text/csv")]:
    """Give what waits as a CSV; recorded."""
    with transaction() as session:
        table = review_bulk.export_waiting(current_work(session), **filters_of(request.args))
    table["evidence"] = [explain(codes, current_language()) for codes in table["evidence"]]
    content = io.BytesIO()
    write_table(content, table, format="csv")
    kept = {"Content-Disposition": "attachment; filename=review.csv"}
    return Response(content.getvalue(), mimetype="text/csv", headers=kept)


def _proposals(session: Session, scope: Scope) -> list[review_bulk.Proposal]:
    """Read which records are meant: those listed, or all that match the filters."""
    body = json_body()
    records, filters = body.get("records"), body.get("filters") or {}
    if records is None and not isinstance(body.get("filters"), dict):
        raise InvalidInput("send records (subject and id of each) or filters")
    if records is not None and not isinstance(records, list):
        raise InvalidInput("records: expected subject and id of each")
    chosen = None if records is None else [_record(r) for r in records]
    rows = review_bulk.select_waiting(session, scope, records=chosen, **filters_of(filters))
    return review_bulk.propose(session, scope, rows)


def _record(value: object) -> tuple[str, UUID]:
    told = value if isinstance(value, dict) else {}
    try:
        return str(told["subject"]), UUID(str(told["id"]))
    except (KeyError, ValueError) as error:
        raise InvalidInput("records: expected subject and id of each") from error


_MEANT = "`records` ([{subject, id}]) or `filters` (kind, status, reason, community, text)"
OPENAPI = {
    "/api/v1/review/bulk/preview": says(
        "post", f"What accepting the first candidate of many would do: {_MEANT}"
    ),
    "/api/v1/review/bulk": says("post", f"`do` accept or dismiss for {_MEANT}, `count` of them"),
    "/api/v1/review/bulk/{bulk}/undo": says(
        "post",
        "Take back what was decided in one go",
        {
            "name": "bulk",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
    ),
    "/api/v1/review/waiting.csv": says(
        "get",
        "What waits, as CSV, by the filters of the desk; recorded; refused with more than"
        f" {MOST_EXPORTED:,} records",
    ),
}
