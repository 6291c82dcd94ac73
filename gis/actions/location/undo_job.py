"""Undoing an import as a job: what it brought may be a whole county's register."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.location.undone_imports import refuse_obstacles, undo_import

TASK = "import.undo"


def begin_undo(work: Work, batch_id: int) -> int:
    """Ask for an import to be undone; gives the id of the job.

    Raises
    ------
    GisError
        As `gis.actions.location.undone_imports.undo_import` refuses it.
    """
    refuse_obstacles(work, batch_id)
    return ask_job(
        work,
        TASK,
        arguments={"batch": batch_id},
        exclusive_key=f"undo import {batch_id}",
        taken="this import is being undone already; wait for it, or cancel it",
    )


def undo(job: JobWork) -> None:
    """Undo the import that was asked for."""
    with job.transaction() as session:
        work = Work(session, job.scope(session), job.now())
        rows = undo_import(work, job.arguments["batch"])
        job.finish(session, {"rows": rows, "batch": job.arguments["batch"]})


UNDO = Task(TASK, undo)
