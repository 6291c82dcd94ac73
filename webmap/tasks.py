"""All tasks that a worker can do: the one place that knows them by name.

A worker finds them by the entry point ``community_grid.tasks``.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, has_app_context

from gis.actions.jobs.tasks import Task, tasks_by_name
from gis.actions.jobs.work import JobWork
from gis.actions.location.block_job import BUILD
from gis.actions.location.geocode_job import GEOCODE
from gis.actions.location.undo_job import UNDO
from gis.actions.plan.drawings import DRAW
from gis.actions.plan.due import BEGIN_DUE_PLANS
from gis.actions.plan.export_job import EXPORT
from webmap import create_app
from webmap.access import backup_job
from webmap.plan import import_job as division
from webmap.plan.sheets import jobs as sheets
from webmap.plan.words.adoption_view import told_of as told_of_division
from webmap.provenance import extract_job as extracts
from webmap.provenance import import_job as records
from webmap.provenance.api.extracts import told_of_extract
from webmap.provenance.api.file_imports import told_of as told_of_records


def app_of(work: JobWork) -> Flask:
    """Give the application that draws pages: the one at work, or one of this process."""
    if has_app_context():
        app: Any = current_app
        return app._get_current_object()
    return create_app(engine=work.bind)


def print_sheets(work: JobWork) -> None:
    """Print map sheets."""
    sheets.print_sheets(work, app_of(work))


def import_file(work: JobWork) -> None:
    """Import the records of a file."""
    records.import_file(work, app_of(work), told_of_records)


def import_extract(work: JobWork) -> None:
    """Import an extract of OpenStreetMap."""
    extracts.import_extract_file(work, app_of(work), told_of_extract)


def make_backup(work: JobWork) -> None:
    """Make a backup of the database."""
    backup_job.make_backup(work, app_of(work))


def import_division(work: JobWork) -> None:
    """Take over a division of a file."""
    division.import_division(work, app_of(work), told_of_division)


TASKS = tasks_by_name(
    BUILD,
    DRAW,
    BEGIN_DUE_PLANS,
    EXPORT,
    GEOCODE,
    UNDO,
    Task(sheets.TASK, print_sheets),
    Task(records.TASK, import_file),
    Task(extracts.TASK, import_extract),
    Task(backup_job.TASK, make_backup),
    Task(division.TASK, import_division),
)
