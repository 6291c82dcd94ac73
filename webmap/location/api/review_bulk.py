"""The review desk's interface for many records at once: preview, decide, take back, take out."""

from __future__ import annotations

import io
from collections import Counter
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

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
from webmap.shell.bodies import json_body
from webmap.shell.database import transaction
from webmap.shell.language import current_language
from webmap.shell.session import current_scope, now

blueprint = Blueprint("review_bulk_api", __name__, url_prefix="/api/v1/review")

MOST_LISTED = 50


@blueprint.post("/bulk/preview")
@allowed("review.decide")
def preview() -> Response:
    """Say what accepting the first candidate of many records would do; changes nothing."""
    with transaction() as session:
        proposals = _proposals(session, current_scope())
        record_desk(session, current_scope(), proposals, "preview", now=now())
    groups = Counter((p.text, p.label) for p in proposals if not p.is_empty)
    return jsonify(
        count=len(proposals),
        without=sum(p.is_empty for p in proposals),
        groups=[{"text": t, "label": x, "n": n} for (t, x), n in groups.most_common(MOST_LISTED)],
    )


@blueprint.post("/bulk")
@allowed("review.decide")
def decide() -> Response:
    """Accept the first candidate of many records, or put them aside; as many as were shown."""
    body = json_body()
    with transaction() as session:
        proposals = _proposals(session, current_scope())
        if body.get("count") != len(proposals):
            raise InvalidInput("the list has changed since it was shown; look at it again")
        bulk, count = review_bulk.decide_many(
            session, current_scope(), str(body.get("do")), proposals, now=now()
        )
    return jsonify(bulk=str(bulk), count=count)


@blueprint.post("/bulk/<uuid:bulk>/undo")
@allowed("review.decide")
def undo(bulk: UUID) -> Response:
    """Take back what was decided in one go."""
    with transaction() as session:
        count = review_bulk.undo_many(session, current_scope(), bulk, now=now())
    return jsonify(count=count)


@blueprint.get("/waiting.csv")
@allowed("review.decide")
def export() -> Response:
    """Give what waits as a CSV; recorded."""
    with transaction() as session:
        table = review_bulk.export_waiting(
            session, current_scope(), now=now(), **filters_of(request.args)
        )
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
    try:
        return str(value["subject"]), UUID(str(value["id"]))
    except (TypeError, KeyError, ValueError) as error:
        raise InvalidInput("records: expected subject and id of each") from error


_MEANT = "`records` ([{subject, id}]) or `filters` (kind, status, reason, community, text)"
OPENAPI = {
    "/api/v1/review/bulk/preview": {
        "post": {
            "summary": f"What accepting the first candidate of many would do: {_MEANT}",
            "responses": {"200": {"description": "count, without (a candidate), groups"}},
        }
    },
    "/api/v1/review/bulk": {
        "post": {
            "summary": f"`do` accept or dismiss for {_MEANT}, `count` of them",
            "responses": {"200": {"description": "bulk (for undoing), count"}},
        }
    },
    "/api/v1/review/bulk/{bulk}/undo": {
        "post": {
            "summary": "Take back what was decided in one go",
            "parameters": [
                {"name": "bulk", "in": "path", "required": True,
                 "schema": {"type": "string", "format": "uuid"}}
            ],
            "responses": {"200": {"description": "count"}},
        }
    },
    "/api/v1/review/waiting.csv": {
        "get": {
            "summary": "What waits, as CSV, by the filters of the desk; recorded; refused with"
            f" more than {MOST_EXPORTED:,} records",
            "responses": {"200": {"description": "text/csv"}},
        }
    },
}  # fmt: skip
