"""Backups: which there are, how old the newest is, a new one, and what a restore needs."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from gis.actions.jobs.asking import ask_job
from gis.database.kept_backups import list_backups
from gis.domain.access import require
from gis.store.jobs.listing import list_jobs
from webmap.access.backup_job import TASK, backup_place
from webmap.jobs.here import work_here
from webmap.jobs.words.job_view import view_of
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("backups", __name__, url_prefix="/admin/backups")

OLD_AFTER = timedelta(days=7)
"""A newest backup older than this is warned of."""

describe_task(
    TASK, TaskWords(lambda: _("Making a backup"), result=lambda _job: url_for("backups.index"))
)


@blueprint.get("")
@allowed("backup.make")
def index() -> str:
    """Show the backups, the newest first, and what is being made."""
    place, scope = backup_place(current_app), current_scope()
    rows = list_backups(place.folder)
    with transaction() as session:
        jobs = [view_of(j, scope, now=now()) for j in list_jobs(session, scope) if j.task == TASK]
    age = now() - rows[0].made_at if rows else None
    return render_template(
        "access/backups.html",
        rows=rows,
        folder=place.folder,
        age_days=None if age is None else age.days,
        is_old=age is None or age > OLD_AFTER,
        job=jobs[0] if jobs else None,
    )


@blueprint.post("")
@allowed("backup.make")
def make() -> Response:
    """Ask for a backup."""
    scope = current_scope()
    require(scope, "backup.make")
    with transaction() as session:
        job_id = ask_job(
            current_work(session),
            TASK,
            exclusive_key=TASK,
            taken="a backup is being made already; wait for it, or cancel it",
        )
    work_here(job_id)
    flash(_("The backup is being made; load the page again to see it in the list."))
    return redirect(url_for("backups.index"))
