"""Plans in and out of files: an existing division taken over, exports, map sheets."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, request

from gis.actions.plan.adoption import adopt_file
from gis.actions.plan.plan_files import Wanted, export_plan, read_wanted
from gis.actions.provenance.whereabouts import hold_against_ground
from gis.domain.access import require
from gis.errors import InvalidInput
from gis.exchange.division_file import DivisionFile, read_division
from gis.store.area.divisions import get_community
from gis.store.plan.plans import get_plan
from webmap.plan.sheets.jobs import SheetJobs, SheetWork
from webmap.plan.words.adoption_view import as_json
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body, text_of, texts_of
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.language import LANGUAGES, current_language
from webmap.shell.session import current_scope, now
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("exchange_api", __name__, url_prefix="/api/v1")

MIMETYPES = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "zip": "application/zip",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
FIELDS = ("grid", "block", "household")
"""What a column of a file may be said to hold."""


@blueprint.post("/communities/<code>/divisions")
@allowed("plan.edit")
def take_over(code: str) -> tuple[Response, int]:
    """Take over a division from a file; a dry run unless ``commit`` is 1."""
    scope, form = current_scope(), request.form
    with transaction() as session:
        community = get_community(session, scope, code)
        require(scope, "plan.edit", community.id)
    file = _read_upload()
    commit = is_ticked("commit")
    with transaction() as session:
        file = replace(file, read=hold_against_ground(session, "grids", file.read, file=file.name))
        (adopted,) = adopt_file(
            session,
            scope,
            file,
            [community],
            name=form.get("name", "").strip() or None,
            now=now(),
            commit=commit,
            good_rows_only=is_ticked("good_rows"),
        )
        return jsonify(as_json(file, adopted)), 201 if commit else 200


def _read_upload() -> DivisionFile:
    form = request.form
    with uploaded_file() as path:
        return read_division(
            path,
            layer=form.get("layer") or None,
            worksheet=form.get("worksheet") or None,
            mapping={f: column for f in FIELDS if (column := form.get(f, "").strip())},
            crs=form.get("crs", "").strip() or None,
            datum=form.get("datum") or "wgs84",
            encoding=form.get("encoding") or None,
            swap_axes=is_ticked("swap_axes"),
            accept_repairs=is_ticked("accept_repairs"),
            accept_far=is_ticked("accept_far"),
            accept_shift=is_ticked("accept_shift"),
        )


@blueprint.get("/plans/<int:plan_id>/file")
@allowed("plan.view")
def export(plan_id: int) -> Response:
    """Give a plan as a file: ``format`` and, where it leaves a choice, ``content``."""
    scope = current_scope()
    asked = request.args.get("format", "gpkg")
    wanted = read_wanted(Path(f"plan.{asked}"), asked, request.args.get("content") or None)
    with tempfile.TemporaryDirectory(prefix="community-grid-export-") as folder:
        path = Path(folder) / f"plan.{wanted.suffix}"
        with transaction() as session:
            plan = get_plan(session, scope, plan_id)
            name = _file_name(plan.id, wanted)
            export_plan(session, scope, plan_id, path, wanted, now=now())
        content = path.read_bytes()
    response = Response(content, mimetype=MIMETYPES[wanted.suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _file_name(plan_id: int, wanted: Wanted) -> str:
    content = f"-{wanted.content}" if wanted.content else ""
    return f"plan-{plan_id}{content}.{wanted.suffix}"


@blueprint.post("/plans/<int:plan_id>/sheets")
@allowed("plan.view")
def begin_sheets(plan_id: int) -> tuple[Response, int]:
    """Begin to print the map sheets of a plan; the answer says where to ask how far it is."""
    scope, body = current_scope(), json_body()
    with transaction() as session:
        get_plan(session, scope, plan_id)
    language = text_of(body, "language") or current_language()
    if language not in LANGUAGES:
        raise InvalidInput("language: expected one of {languages}", languages=", ".join(LANGUAGES))
    work = SheetWork(
        current_app._get_current_object(),
        scope,
        plan_id,
        paper=text_of(body, "paper") or "A4",
        codes=tuple(texts_of(body, "grids")),
        language=language,
    )
    return jsonify(_jobs().begin(work)), 202


@blueprint.get("/sheets/<job>")
@allowed("plan.view")
def sheets_state(job: str) -> Response:
    """Say how far the printing of sheets is."""
    return jsonify(_jobs().state_of(job, current_scope().user_id))


@blueprint.get("/sheets/<job>/file")
@allowed("plan.view")
def sheets_file(job: str) -> Response:
    """Give the sheets as PDF, to the one who asked for them."""
    path = _jobs().file_of(job, current_scope().user_id)
    response = Response(path.read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="sheets.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _jobs() -> SheetJobs:
    return current_app.extensions.setdefault("sheet_jobs", SheetJobs())


_PLAN = in_path("plan_id", "integer")
_JOB = in_path("job")
_STATE = "id, state (running, done, failed), message, bytes"

OPENAPI = {
    "/api/v1/communities/{code}/divisions": says(
        "post",
        "Take over a division from a file (multipart form; a dry run unless commit=1)",
        in_path("code"),
        answer="figures, grids, counts, findings, defects, shapes (GeoJSON by layer), plan_id",
        status=201,
    ),
    "/api/v1/plans/{plan_id}/file": says(
        "get",
        "A plan as a file",
        _PLAN,
        {"name": "format", "in": "query", "schema": {"type": "string"}},
        {"name": "content", "in": "query", "schema": {"type": "string"}},
        answer="gpkg, geojson, shp (zip), csv, xlsx or json",
    ),
    "/api/v1/plans/{plan_id}/sheets": says(
        "post",
        "Begin to print map sheets",
        _PLAN,
        answer=_STATE,
        status=202,
        paper="string",
        grids="array",
        language="string",
    ),
    "/api/v1/sheets/{job}": says("get", "How far the printing is", _JOB, answer=_STATE),
    "/api/v1/sheets/{job}/file": says("get", "The printed sheets", _JOB, answer="PDF"),
}
