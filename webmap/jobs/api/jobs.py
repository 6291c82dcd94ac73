"""The jobs of a person for programs: how far they are, what they made, and stopping them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from flask import Blueprint, Response, request

from gis.actions.jobs.asking import cancel_job
from gis.store.jobs.files import made_file
from gis.store.jobs.listing import job_row, list_jobs
from webmap.jobs.words.job_view import JobView, view_of
from webmap.shell.access import signed_in
from webmap.shell.answers import Media
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("jobs_api", __name__, url_prefix="/api/v1/jobs")

FILE = "application/octet-stream"
"""What every file is sent as: it is kept by who fetches it, under its name."""


@dataclass(frozen=True)
class JobList:
    """Jobs: what has not ended first, then the newest."""

    jobs: list[JobView]


@blueprint.get("")
@signed_in
def jobs() -> JobList:
    """List the person's jobs; with ``everyone=1``, for an administrator, everybody's."""
    scope, everyone = current_scope(), request.args.get("everyone") == "1"
    with transaction() as session:
        rows = list_jobs(session, scope, everyone=everyone)
    return JobList([view_of(row, scope, now=now()) for row in rows])


@blueprint.get("/<int:job_id>")
@signed_in
def job(job_id: int) -> JobView:
    """Say how far a job is."""
    scope = current_scope()
    with transaction() as session:
        row = job_row(session, scope, job_id)
    return view_of(row, scope, now=now())


@blueprint.delete("/<int:job_id>")
@signed_in
def cancel(job_id: int) -> JobView:
    """Stop a job; nothing of it is stored. One that has ended stays as it ended."""
    with transaction() as session:
        cancel_job(current_work(session), job_id)
    return job(job_id)


@blueprint.get("/<int:job_id>/file")
@signed_in
def file(job_id: int) -> Annotated[Response, Media(FILE)]:
    """Give the file that a job made, to the one who asked for it."""
    with transaction() as session:
        made = made_file(session, current_scope(), job_id)
    response = Response(made.content, mimetype=FILE)
    name = f"attachment; filename*=UTF-8''{quote(made.name)}"
    response.headers["Content-Disposition"] = name
    response.headers["Cache-Control"] = "private, no-store"
    return response


_JOB = in_path("job_id", "integer")

OPENAPI = {
    "/api/v1/jobs": says(
        "get",
        "The person's jobs; everyone=1 for an administrator",
        {"name": "everyone", "in": "query", "schema": {"type": "string"}},
    ),
    "/api/v1/jobs/{job_id}": says("get", "How far a job is", _JOB)
    | says("delete", "Stop a job", _JOB),
    "/api/v1/jobs/{job_id}/file": says("get", "The file that a job made", _JOB),
}
