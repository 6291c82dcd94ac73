"""The answer of a request that was made by a job."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Blueprint, Response

from gis.errors import NotFound
from gis.store.jobs.listing import job_row
from webmap.jobs.answers import JobAnswer, said
from webmap.shell.access import signed_in
from webmap.shell.answers import Media
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope

blueprint = Blueprint("job_answers_api", __name__, url_prefix="/api/v1/jobs")


Made = Annotated[Response, Media(body=dict[str, Any])]
"""As the request that asked for the job is described."""


@blueprint.get("/<int:job_id>/answer")
@signed_in
def answer(job_id: int) -> tuple[Made, Literal[200, 201]] | JobAnswer:
    """Give what the request that asked for the job would have answered; 202 until it has ended."""
    scope = current_scope()
    with transaction() as session:
        job = job_row(session, scope, job_id)
    if job.asked_by != scope.user_id:
        raise NotFound("there is no such job of yours; it may have been cleared away")
    return said(job)


OPENAPI = {
    "/api/v1/jobs/{job_id}/answer": says(
        "get",
        "The answer that a job makes; 202 and the job until it has ended",
        in_path("job_id", "integer"),
    )
}
