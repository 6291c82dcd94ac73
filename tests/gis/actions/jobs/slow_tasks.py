"""Tasks for the tests of the worker, in a module so that other processes find them."""

from __future__ import annotations

import functools
import os
import time
from datetime import UTC, datetime

from gis.actions.jobs.runner import Runner
from gis.actions.jobs.tasks import Task, tasks_by_name
from gis.actions.jobs.work import JobWork
from gis.domain.access import SYSTEM
from gis.errors import Defect, InvalidInput, Message
from gis.store.access.audit import write_audit

TRACE = "block.build"
"""What a counting that was stored leaves in the audit trail."""


def count_up(work: JobWork) -> None:
    """Take a while, then leave one trace, and say in the same transaction that it is done."""
    computing = work.compute(_count, work, work.arguments["steps"])
    with work.transaction() as session:
        write_audit(session, work.scope(session), TRACE, now=work.now(), object_id=work.job.id)
        work.finish(session, {"computing": computing, "storing": _niceness()})


def _count(work: JobWork, steps: int) -> int:
    for step in range(steps):
        work.tell(step / steps, Message("step {n} of {of}", n=step, of=steps))
        time.sleep(0.1)
    return _niceness()


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def refuse(work: JobWork) -> None:
    raise InvalidInput("row {n} is odd", [Defect("odd", row=3, code="odd")], n=3)


def break_down(work: JobWork) -> None:
    raise RuntimeError("the inside of it")


def vanish(work: JobWork) -> None:
    os.kill(os.getpid(), 9)


def look_again(work: JobWork) -> None:
    with work.transaction() as session:
        work.finish(session)
        work.ask_again(session, work.now().replace(year=2100))


TASKS = tasks_by_name(
    Task("count up", count_up),
    Task("count quickly", count_up, quick=True),
    Task("refuse", refuse),
    Task("break down", break_down),
    Task("vanish", vanish),
    Task("look again", look_again, quick=True, standing=True),
)

CLOCK = functools.partial(datetime.now, UTC)


def runner_on(engine, niceness=0):
    """A worker whose jobs, unless it is said, come to their turn beside other tests."""
    return Runner(engine, TASKS, CLOCK, SYSTEM, __name__, niceness=niceness)
