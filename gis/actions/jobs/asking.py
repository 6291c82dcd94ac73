"""Asking for long work, and giving it up."""

from __future__ import annotations

from typing import Any

from gis.actions.access.work import Work
from gis.domain.job import MOST_WAITING, UNFINISHED
from gis.errors import Conflict, LimitReached
from gis.store.jobs import queue
from gis.store.jobs.files import KeptFile, keep_file
from gis.store.jobs.listing import JobRow, job_row


def ask_job(
    work: Work,
    task: str,
    *,
    file: KeptFile | None = None,
    **more: Any,
) -> int:
    """Put a job into the queue for a person; gives its id.

    Whether the person may have it done is for the caller to check, and for the task once more.

    Parameters
    ----------
    file
        What the job is given to work on.
    more
        As `gis.store.jobs.queue.add_job` takes it.

    Raises
    ------
    LimitReached
        The person waits for a great many already.
    Conflict
        Another unfinished job is about the same.
    """
    asker = work.scope.user_id
    waiting = 0 if asker is None else queue.count_unfinished(work.session, asker)
    if waiting >= MOST_WAITING:
        raise LimitReached(
            "{n} jobs of yours have not ended yet; wait for them, or cancel some", n=waiting
        )
    job = queue.add_job(work.session, task, asked_by=asker, now=work.now, **more)
    if file is not None:
        keep_file(work.session, job.id, file, given=True)
    return job.id


def cancel_job(work: Work, job_id: int) -> JobRow:
    """Wish that a job stops; one that has ended stays as it ended.

    Raises
    ------
    NotFound
        There is none, or somebody else asked for it.
    Conflict
        It is the platform's own.
    """
    job = job_row(work.session, work.scope, job_id)
    if job.asked_by is None and work.scope.user_id is not None:
        raise Conflict("this is work of the platform itself and cannot be cancelled")
    if job.state not in UNFINISHED or job.cancel_wished:
        return job
    if queue.wish_cancelled(work.session, job.id, now=work.now):
        work.audit(
            "job.cancel",
            object_kind="job",
            object_id=job.id,
            community_id=job.community_id,
            detail={"task": job.task},
        )
    return job_row(work.session, work.scope, job_id)
