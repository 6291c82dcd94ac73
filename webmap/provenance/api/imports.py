"""Imports as an administrator reads them: what came of a file, and what is doubtful in it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from gis.actions.provenance.kept_doubts import read_doubts
from gis.store.provenance.batches import get_batch, list_batches
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.language import say
from webmap.shell.session import current_scope

blueprint = Blueprint("imports_api", __name__, url_prefix="/api/v1")


@blueprint.get("/imports")
@allowed("import")
def imports() -> Response:
    """List the imports, newest first."""
    with transaction() as session:
        rows = list_batches(session, current_scope())
    return jsonify({"imports": [_as_json(r) | {"defects": r.defects} for r in rows]})


@blueprint.get("/imports/<int:batch_id>")
@allowed("import")
def one_import(batch_id: int) -> Response:
    """Give one import, with what was refused in it."""
    with transaction() as session:
        batch, defects = get_batch(session, current_scope(), batch_id)
        named = ("row_number", "field", "code", "message")
        refused = [{name: getattr(d, name) for name in named} for d in defects]
    return jsonify(_as_json(batch) | {"tally": batch.tally, "defects": refused})


def _as_json(batch: object) -> dict:
    plain = ("id", "kind", "file_name", "state", "rows_read", "rows_stored", "correction")
    return {
        **{name: getattr(batch, name) for name in plain},
        "created_at": batch.created_at.isoformat(),
        "is_misplaced": batch.misplacement is not None,
        "doubts": [say(doubt) for doubt in read_doubts(batch.doubts).told],
    }


_IMPORT = (
    "id, kind, file_name, state, rows_read, rows_stored, correction, created_at, is_misplaced,"
    " doubts (sentences about points that share one place, are rounded or of two datums)"
)

OPENAPI = {
    "/api/v1/imports": says(
        "get", "Imports, newest first", answer=f"imports: {_IMPORT}, defects (how many)"
    ),
    "/api/v1/imports/{batch_id}": says(
        "get",
        "One import",
        in_path("batch_id", "integer"),
        answer=f"{_IMPORT}, tally, defects (row_number, field, code, message)",
    ),
}
