"""Communities in by a page: what a file changes, and which repairs of outlines it needs."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, request

from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.actions.provenance.whereabouts import with_proposal
from gis.domain.access import require
from gis.errors import Message
from gis.exchange.records import ReadResult, read_records
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.language import say
from webmap.shell.session import current_scope, now
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("community_imports_api", __name__, url_prefix="/api/v1/imports")

FIELDS = ("name", "code", "town_name", "county_name")
"""What a column of a file may be said to hold."""

MOST_TOLD = 500
"""Defects and remarks sent to the page; the record of an import has more."""


@blueprint.post("/communities")
@allowed("import")
def take_in() -> tuple[Response, int]:
    """Import communities of a file; a dry run unless ``commit`` is 1."""
    scope, commit = current_scope(), is_ticked("commit")
    require(scope, "import")
    read, name = _read_upload()
    source = Source(name, sha256=read.sha256, mapping=dict(read.columns), middle=read.middle)
    with transaction() as session:
        read = with_proposal(session, read)
        outcome = import_records(
            session,
            scope,
            "communities",
            read.frame,
            source=source,
            now=now(),
            defects=tuple(read.defects),
            rows_read=read.n_rows,
            commit=commit,
            good_rows_only=is_ticked("good_rows"),
            accept_far=is_ticked("accept_far"),
            accept_repairs=is_ticked("accept_repairs"),
            number_communities=is_ticked("number_communities"),
            code_prefix=_prefix(),
        )
        return jsonify(_as_json(outcome, read)), 201 if outcome.state == "committed" else 200


def _prefix() -> str | None:
    return request.form.get("code_prefix", "").strip() or None


def _read_upload() -> tuple[ReadResult, str]:
    form = request.form
    with uploaded_file() as path:
        read = read_records(
            path,
            "communities",
            layer=form.get("layer") or None,
            mapping={f: column for f in FIELDS if (column := form.get(f, "").strip())},
            crs=form.get("crs", "").strip() or None,
            datum=form.get("datum") or "wgs84",
            encoding=form.get("encoding") or None,
            code_prefix=_prefix(),
            accept_repairs=is_ticked("accept_repairs"),
            accept_far=is_ticked("accept_far"),
            accept_shift=is_ticked("accept_shift"),
            swap_axes=is_ticked("swap_axes"),
            today=now().date(),
        )
        return read, path.name


def _as_json(outcome: ImportOutcome, read: ReadResult) -> dict:
    tally = outcome.tally
    notes = [*(note.message for note in read.notes), *outcome.doubts]
    return {
        "state": outcome.state,
        "rows_read": outcome.rows_read,
        "rows_good": outcome.rows_good,
        "rows_stored": outcome.rows_stored,
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "settled": outcome.settled,
        "blocks_out_of_date": list(outcome.stale),
        "repairs": [asdict(repair) for repair in outcome.repairs],
        "notes": [say(Message(note)) for note in notes[:MOST_TOLD]],
        "defects": [
            {"row": d.row, "field": d.field, "code": d.code, "message": say(Message(d.message))}
            for d in outcome.defects[:MOST_TOLD]
        ],
        "n_defects": len(outcome.defects),
    }


OPENAPI = {
    "/api/v1/imports/communities": says(
        "post",
        "Import communities of a file (multipart form; a dry run unless commit=1)",
        answer="state, rows, repairs of outlines by row (community, other, area_m2, width_m, "
        "state), settled, notes, defects",
        status=201,
    ),
}
