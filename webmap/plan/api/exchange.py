"""Plans in and out of files: an existing division taken over, exports, map sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from gis.actions.jobs.asking import ask_job
from gis.actions.plan.export_job import EXPORT, begin_export
from gis.actions.plan.plan_files import read_wanted
from gis.domain.access import require
from gis.errors import InvalidInput
from gis.store.area.divisions import get_community
from gis.store.jobs.files import KeptFile
from webmap.jobs.answers import JobAnswer, answer_of, answered_file, awaited, said
from webmap.jobs.here import work_here
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.plan import import_job
from webmap.plan.api.drawings import draft_address
from webmap.plan.sheets import jobs
from webmap.plan.words.adoption_view import DivisionTaken
from webmap.shell.access import allowed
from webmap.shell.answers import JSON, Media
from webmap.shell.bodies import json_body, text_of, texts_of
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.geojson import MEDIA_TYPE
from webmap.shell.language import LANGUAGES, current_language
from webmap.shell.session import current_scope, current_work
from webmap.shell.uploads import is_ticked, uploaded_file

blueprint = Blueprint("exchange_api", __name__, url_prefix="/api/v1")

describe_task(
    import_job.TASK,
    TaskWords(lambda: _("Taking over a division from a file"), result=draft_address),
)
describe_task(jobs.TASK, TaskWords(lambda: _("Printing map sheets"), hands_over_a_file=True))
describe_task(EXPORT.name, TaskWords(lambda: _("Writing a plan to a file"), hands_over_a_file=True))

FIELDS = ("grid", "block", "household")
"""What a column of a file may be said to hold."""


@blueprint.post("/communities/<code>/divisions")
@allowed("plan.edit")
def take_over(
    code: str,
) -> tuple[Annotated[Response, Media(body=DivisionTaken)], Literal[200, 201]] | JobAnswer:
    """Take over a division from a file; a dry run unless ``commit`` is 1."""
    scope, form = current_scope(), request.form
    with transaction() as session:
        community = get_community(session, scope, code)
        require(scope, "plan.edit", community.id)
    with uploaded_file() as path:
        file = KeptFile(path.name, "application/octet-stream", path.read_bytes())
    with transaction() as session:
        storing = {
            "name": form.get("name", "").strip() or None,
            "commit": is_ticked("commit"),
            "good_rows_only": is_ticked("good_rows"),
        }
        job_id = ask_job(
            current_work(session),
            import_job.TASK,
            community_id=community.id,
            arguments={"reading": _reading(), "storing": storing},
            file=file,
        )
    return answer_of(job_id)


def _reading() -> dict:
    form = request.form
    return {
        "layer": form.get("layer") or None,
        "worksheet": form.get("worksheet") or None,
        "mapping": {f: column for f in FIELDS if (column := form.get(f, "").strip())},
        "crs": form.get("crs", "").strip() or None,
        "datum": form.get("datum") or "wgs84",
        "encoding": form.get("encoding") or None,
        "swap_axes": is_ticked("swap_axes"),
        "accept_repairs": is_ticked("accept_repairs"),
        "accept_far": is_ticked("accept_far"),
        "accept_shift": is_ticked("accept_shift"),
    }


PlanFile = (
    Annotated[Response, Media("application/geopackage+sqlite3")]
    | Annotated[Response, Media("application/zip")]
    | Annotated[Response, Media("text/csv")]
    | Annotated[
        Response, Media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    ]
    | Annotated[Response, Media(MEDIA_TYPE, dict[str, Any])]
    | Annotated[Response, Media(JSON, dict[str, Any])]
)
"""A plan as a file, by format: gpkg, shp in a zip, csv, xlsx, geojson or json."""


@blueprint.get("/plans/<int:plan_id>/file")
@allowed("plan.view")
def export(plan_id: int) -> tuple[PlanFile, Literal[200]] | JobAnswer:
    """Give a plan as a file: ``format`` and, where it leaves a choice, ``content``."""
    asked = request.args.get("format", "gpkg")
    wanted = read_wanted(Path(f"plan.{asked}"), asked, request.args.get("content") or None)
    with transaction() as session:
        job_id = begin_export(current_work(session), plan_id, wanted)
    job = awaited(job_id)
    file = answered_file(job)
    if file is None:
        return said(job)
    response = Response(file.content, mimetype=file.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response, 200


@blueprint.post("/plans/<int:plan_id>/sheets")
@allowed("plan.view")
def begin_sheets(plan_id: int) -> tuple[jobs.SheetsState, Literal[202]]:
    """Begin to print the map sheets of a plan; the answer says where to ask how far it is."""
    body = json_body()
    language = text_of(body, "language") or current_language()
    if language not in LANGUAGES:
        raise InvalidInput("language: expected one of {languages}", languages=", ".join(LANGUAGES))
    with transaction() as session:
        job_id = jobs.begin_sheets(
            current_work(session),
            plan_id,
            paper=text_of(body, "paper") or "A4",
            codes=texts_of(body, "grids"),
            language=language,
        )
    work_here(job_id)
    return sheets_state(str(job_id)), 202


@blueprint.get("/sheets/<job>")
@allowed("plan.view")
def sheets_state(job: str) -> jobs.SheetsState:
    """Say how far the printing of sheets is."""
    with transaction() as session:
        return jobs.state_of(session, jobs.sheets_job(session, current_scope(), job))


@blueprint.get("/sheets/<job>/file")
@allowed("plan.view")
def sheets_file(job: str) -> Annotated[Response, Media("application/pdf")]:
    """Give the sheets as PDF, to the one who asked for them."""
    scope = current_scope()
    with transaction() as session:
        file = jobs.sheets_file(session, scope, jobs.sheets_job(session, scope, job))
    response = Response(file.content, mimetype=file.mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


_PLAN = in_path("plan_id", "integer")
_JOB = in_path("job")

OPENAPI = {
    "/api/v1/communities/{code}/divisions": says(
        "post",
        "Take over a division from a file (multipart form; a dry run unless commit=1)",
        in_path("code"),
    ),
    "/api/v1/plans/{plan_id}/file": says(
        "get",
        "A plan as a file",
        _PLAN,
        {"name": "format", "in": "query", "schema": {"type": "string"}},
        {"name": "content", "in": "query", "schema": {"type": "string"}},
    ),
    "/api/v1/plans/{plan_id}/sheets": says(
        "post",
        "Begin to print map sheets",
        _PLAN,
        paper="string",
        grids="array",
        language="string",
    ),
    "/api/v1/sheets/{job}": says("get", "How far the printing is", _JOB),
    "/api/v1/sheets/{job}/file": says("get", "The printed sheets", _JOB),
}
