"""All tasks that a worker can do: the one place that knows them by name.

A worker finds them by the entry point ``community_grid.tasks``.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, has_app_context

from gis.actions.jobs.tasks import Task, tasks_by_name
from gis.actions.jobs.work import JobWork
from gis.actions.location.geocode_job import GEOCODE
from gis.actions.plan.drawings import DRAW
from gis.actions.plan.due import BEGIN_DUE_PLANS
from gis.actions.plan.export_job import EXPORT
from webmap import create_app
from webmap.plan import import_job as division
from webmap.plan.sheets import jobs as sheets
from webmap.plan.words.adoption_view import told_of as told_of_division
from webmap.provenance import import_job as communities
from webmap.provenance.api.community_imports import told_of as told_of_communities


def app_of(work: JobWork) -> Flask:
    """Give the application that draws pages: the one at work, or one of this process."""
    if has_app_context():
        app: Any = current_app
        return app._get_current_object()
    return create_app(engine=work.bind)


def print_sheets(work: JobWork) -> None:
    """Print map sheets."""
    sheets.print_sheets(work, app_of(work))


def import_communities(work: JobWork) -> None:
    """Import communities of a file."""
    communities.import_communities(work, app_of(work), told_of_communities)


def import_division(work: JobWork) -> None:
    """Take over a division of a file."""
    division.import_division(work, app_of(work), told_of_division)


TASKS = tasks_by_name(
    DRAW,
    BEGIN_DUE_PLANS,
    EXPORT,
    GEOCODE,
    Task(sheets.TASK, print_sheets),
    Task(communities.TASK, import_communities),
    Task(division.TASK, import_division),
)
