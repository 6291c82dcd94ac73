"""Tasks: kinds of long work, named by the entry points that know them; and one job of them done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from gis.actions.jobs.refusals import mistake_of_ours, written_refusal
from gis.actions.jobs.work import JobWork, NotWanted
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import DatabaseUnavailable, GisError
from gis.store.jobs import queue

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A kind of work that can be asked for by its name.

    Parameters
    ----------
    name
        As it stands in the table of jobs; never changed.
    run
        Does one job; a function of a module, so that another process finds it. It stores in
        `JobWork.transaction` and ends with `JobWork.finish` in the last of them.
    quick
        Over in seconds: it need not wait for the long ones.
    standing
        The platform asks itself for it whenever nobody has.
    """

    name: str
    run: Callable[[JobWork], None]
    quick: bool = False
    standing: bool = False


Tasks = Mapping[str, Task]


def tasks_by_name(*tasks: Task) -> Tasks:
    """Give tasks by their names."""
    return {task.name: task for task in tasks}


def perform(task: Task, work: JobWork) -> None:
    """Do one job, and note what came of it, whatever it is.

    Raises
    ------
    DatabaseUnavailable
        Nothing could be noted; the job is to be begun again.
    """
    try:
        task.run(work)
        if not work.ended:
            with work.transaction() as session:
                work.finish(session)
    except NotWanted:
        _end(work, "cancelled")
    except DatabaseUnavailable:
        raise
    except GisError as refusal:
        _end(work, "failed", refusal.message, {"refusal": written_refusal(refusal)})
    except Exception:
        _log.exception("failed: job %s (%s)", work.claimed.id, task.name)
        _end(work, "failed", mistake_of_ours())


def _end(work: JobWork, state: str, message: object = None, result: dict | None = None) -> None:
    with transaction(work.bind) as session:
        queue.end(session, work.claimed, state, now=work.now(), message=message, result=result)


def perform_here(
    bind: Engine | Connection,
    tasks: Tasks,
    job_id: int,
    *,
    clock: Callable[[], datetime],
    system: Scope,
    tell: Callable[[float, str], None] = lambda _fraction, _message: None,
) -> None:
    """Do one waiting job in this process, before anything else; nothing where it is begun already.

    For short work whose sender waits, for the command line, and for tests.
    """
    with transaction(bind) as session:
        claimed = queue.claim_one(session, job_id, now=clock())
    if claimed is not None:
        perform(tasks[claimed.task], JobWork(bind, claimed, clock, system, tell))
