"""What follows an import: blocks built where the ground has changed, records located."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.location.block_job import TASK as BUILD
from gis.actions.location.block_job import begin_building
from gis.actions.location.geocode_job import TASK as LOCATE
from gis.actions.location.geocode_job import begin_geocoding
from gis.domain.job import UNFINISHED
from gis.store.ground.built_communities import list_built
from gis.store.jobs.listing import JobRow, list_jobs
from gis.store.location.standing import list_located
from webmap.jobs.here import work_here
from webmap.jobs.words.job_view import view_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.provenance.words.kinds import kind_heading
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("ground", __name__, url_prefix="/admin/ground")

describe_task(
    BUILD, TaskWords(lambda: _("Building blocks"), result=lambda _job: url_for("ground.index"))
)


@blueprint.get("")
@allowed("import")
def index() -> str:
    """Show how blocks and located records stand, and what is under way."""
    scope = current_scope()
    with transaction() as session:
        communities = list_built(session, scope)
        located = list_located(session, scope)
        jobs = list_jobs(session, scope, everyone=True)
        under_way = [view_of(j, scope, now=now()) for j in jobs if _is_ours(j)]
        last = next((j for j in jobs if j.task == BUILD and j.state == "done"), None)
    return render_template(
        "location/ground.html",
        communities=communities,
        bare=[c for c in communities if c.has_outline and not c.blocks],
        drawn=any(c.has_outline for c in communities),
        located=located,
        kind_heading=kind_heading,
        under_way=under_way,
        building=any(j.task == BUILD and j.state in UNFINISHED for j in jobs),
        last=last,
    )


def _is_ours(job: JobRow) -> bool:
    return job.task in (BUILD, LOCATE) and job.state in UNFINISHED


@blueprint.post("/blocks")
@allowed("import")
def build() -> Response:
    """Ask for blocks to be built where the ground has changed."""
    with transaction() as session:
        job_id = begin_building(current_work(session))
    return _under_way(job_id)


@blueprint.post("/located")
@allowed("import")
def locate() -> Response:
    """Ask for records of a kind to be located."""
    with transaction() as session:
        job_id = begin_geocoding(
            current_work(session),
            request.form.get("kind", ""),
            everything=request.form.get("everything") == "1",
        )
    return _under_way(job_id)


def _under_way(job_id: int) -> Response:
    work_here(job_id)
    flash(_("It is under way; load the page again to see what came of it."))
    return redirect(url_for("ground.index"))
