"""A geocoding run as a job: it goes on where it was broken off, a chunk in each transaction."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.location.geocode import begin_run, locate_register, outcome_of, run_next_chunk
from gis.actions.location.register import load_register
from gis.domain.access import require
from gis.errors import InvalidInput, Message
from gis.store.location.locations import SUBJECTS
from gis.store.location.runs import lock_run

TASK = "geocode"


def begin_geocoding(work: Work, subject: str, *, everything: bool = False) -> int:
    """Ask for households, incidents or places to be located; gives the id of the job.

    Raises
    ------
    NotAllowed
        The person may not import.
    InvalidInput
        There is no such kind of record.
    Conflict
        They are being located already.
    """
    require(work.scope, "import")
    if subject not in SUBJECTS:
        raise InvalidInput("expected one of: {kinds}", kinds=", ".join(SUBJECTS))
    return ask_job(
        work,
        TASK,
        arguments={"subject": subject, "everything": everything},
        exclusive_key=f"geocode {subject}",
        taken="these records are being located already; wait for it, or cancel it",
    )


def geocode(work: JobWork) -> None:
    """Locate what was asked for, and count it by block anew."""
    subject, everything = work.arguments["subject"], work.arguments["everything"]
    with work.transaction() as session:
        scope, now = work.scope(session), work.now()
        require(scope, "import")
        locate_register(session, scope)
        register = load_register(session, now=now)
        run = begin_run(Work(session, scope, now), subject, register, everything=everything)
        total = lock_run(session, run).total
    finished = False
    while not finished:
        with work.transaction() as session:
            scope, now = work.scope(session), work.now()
            finished = run_next_chunk(
                Work(session, scope, now), run, register, compute=work.compute
            )
            seen = lock_run(session, run).seen
            if finished:
                work.finish(session, vars(outcome_of(session, run)))
        work.tell(seen / max(total, 1), Message("{n:,} of {total:,} located", n=seen, total=total))


GEOCODE = Task(TASK, geocode)
