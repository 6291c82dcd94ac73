"""Jobs done within the request that asks for them, where the application is told to (in tests).

Otherwise a worker does them, in processes of its own: see `gis.actions.jobs.runner`.
"""

from __future__ import annotations

from flask import Flask, current_app

from gis.actions.jobs.tasks import Tasks, perform_here
from gis.domain.access import Scope
from webmap.shell.session import now

_TASKS = "jobs_done_here"


def do_jobs_within_requests(app: Flask, tasks: Tasks, system: Scope) -> None:
    """Have an application do what is asked for at once, by itself.

    Parameters
    ----------
    system
        Rights of what the platform asks itself.
    """
    app.extensions[_TASKS] = tasks, system


def work_here(job_id: int) -> None:
    """Do a job now, if this application does them itself."""
    if _TASKS in current_app.extensions:
        tasks, system = current_app.extensions[_TASKS]
        perform_here(current_app.extensions["engine"], tasks, job_id, clock=now, system=system)
