"""The page of jobs: what a person has asked for, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gis.actions.jobs.asking import cancel_job
from gis.store.jobs.listing import EVERYONE, list_jobs
from webmap.jobs.words.job_view import JobView, view_of
from webmap.shell.access import signed_in
from webmap.shell.database import transaction
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("")
@signed_in
def index() -> str:
    """Show the person's jobs; an administrator may see everybody's."""
    return render_template(
        "jobs/index.html",
        jobs=_views(),
        everyone=_everyone(),
        may_see_all=current_scope().may(EVERYONE),
    )


@blueprint.get("/list")
@signed_in
def rows() -> str:
    """Give the list alone, as the page puts it in anew while something runs."""
    return render_template("jobs/list.html", jobs=_views(), everyone=_everyone())


@blueprint.post("/<int:job_id>/cancel")
@signed_in
def cancel(job_id: int) -> Response:
    """Cancel a job."""
    with transaction() as session:
        cancel_job(current_work(session), job_id)
    return redirect(url_for("jobs.index", everyone="1" if _everyone() else None))


def _everyone() -> bool:
    return request.args.get("everyone") == "1" and current_scope().may(EVERYONE)


def _views() -> Sequence[JobView]:
    scope = current_scope()
    with transaction() as session:
        found = list_jobs(session, scope, everyone=_everyone())
    return [view_of(row, scope, now=now()) for row in found]
