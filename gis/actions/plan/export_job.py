"""A plan written to a file as a job; the file is for the one who asked, for a day."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.plan.plan_files import Wanted, export_plan
from gis.store.jobs.files import KeptFile
from gis.store.plan.plans import get_plan

TASK = "plan.export"

MIMETYPES = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "zip": "application/zip",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def begin_export(work: Work, plan_id: int, wanted: Wanted) -> int:
    """Ask for a plan as a file; gives the id of the job.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; no right to look at plans.
    """
    plan = get_plan(work.session, work.scope, plan_id)
    return ask_job(
        work,
        TASK,
        community_id=plan.community_id,
        arguments={"plan_id": plan.id, **vars(wanted)},
    )


def write_export(work: JobWork) -> None:
    """Write the plan that was asked for, as it is now."""
    asked = work.arguments
    wanted = Wanted(asked["format"], asked["content"])
    with (
        tempfile.TemporaryDirectory(prefix="community-grid-export-") as folder,
        work.transaction() as session,
    ):
        content = f"-{wanted.content}" if wanted.content else ""
        name = f"plan-{asked['plan_id']}{content}.{wanted.suffix}"
        path = Path(folder) / name
        export_plan(work.within(session), asked["plan_id"], path, wanted)
        file = KeptFile(name, MIMETYPES[wanted.suffix], path.read_bytes())
        work.finish(session, {"plan_id": asked["plan_id"]}, file)


EXPORT = Task(TASK, write_export, quick=True)
