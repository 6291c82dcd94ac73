"""Locating stored records by their addresses, as a job."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint
from flask_babel import gettext as _

from gis.actions.location.geocode_job import GEOCODE, begin_geocoding
from gis.store.jobs.listing import job_row
from webmap.jobs.here import work_here
from webmap.jobs.words.job_view import JobView, view_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body, text_of
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("geocoding_api", __name__, url_prefix="/api/v1")

describe_task(GEOCODE.name, TaskWords(lambda: _("Locating households, incidents or places")))


@blueprint.post("/geocode-runs")
@allowed("import")
def begin() -> tuple[JobView, Literal[202]]:
    """Begin to locate households, incidents or places."""
    scope, body = current_scope(), json_body()
    with transaction() as session:
        job_id = begin_geocoding(
            current_work(session),
            text_of(body, "subject") or "",
            everything=body.get("everything") is True,
        )
    work_here(job_id)
    with transaction() as session:
        row = job_row(session, scope, job_id)
    return view_of(row, scope, now=now()), 202


OPENAPI = {
    "/api/v1/geocode-runs": says(
        "post",
        "Begin to locate households, incidents or places",
        subject="string",
        everything="boolean",
    )
}
