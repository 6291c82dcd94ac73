"""The worker, and the queue of long work, from the command line."""

from __future__ import annotations

import functools
import os
import signal
import threading
from importlib.metadata import entry_points

import click

from gis.actions.access.work import Work
from gis.actions.jobs.asking import cancel_job
from gis.actions.jobs.runner import Runner
from gis.actions.jobs.tasks import Tasks
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, now_in, ready_engine, say, work_session, zone_of
from gis.domain.access import SYSTEM
from gis.errors import GisError, with_hints
from gis.messages import read_message
from gis.settings import read_settings
from gis.store.jobs.listing import JobRow, list_jobs

GROUP = "community_grid.tasks"
BRIEF = ("id", "task", "state", "percent", "by", "asked_at", "message")


@click.group("jobs")
def jobs_group() -> None:
    """Do the long work that people asked for; list it, cancel it."""


@jobs_group.command("run")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the parent has ended.")
def run_command(with_parent: bool) -> None:
    """Work on the jobs until stopped (Ctrl+C); `serve` starts such a worker by itself."""
    parent = os.getppid()
    stopped = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stopped.set())
    settings = read_settings()
    engine = ready_engine(settings)
    module, tasks = known_tasks()
    runner = Runner(
        engine,
        tasks,
        clock=functools.partial(now_in, zone_of(engine)),
        system=SYSTEM,
        preload=module,
        slots=settings.jobs,
        niceness=settings.niceness,
    )
    if not with_parent:
        say(f"working on jobs, {settings.jobs} at a time – stop with Ctrl+C")
    runner.run(lambda: stopped.is_set() or (with_parent and os.getppid() != parent))


def known_tasks() -> tuple[str, Tasks]:
    """Give the module that knows the tasks of this installation, and the tasks.

    Raises
    ------
    GisError
        The packages were installed before there were tasks.
    """
    found = list(entry_points(group=GROUP))
    if len(found) != 1:
        raise GisError(
            "the installed package does not say which jobs there are (entry point {group});"
            " run scripts/install again",
            group=GROUP,
        )
    return found[0].module, found[0].load()


@jobs_group.command("list")
@reading
def list_command(shown: Shown) -> None:
    """List jobs: what has not ended first, then the newest."""
    with work_session() as session:
        answer([_row(job) for job in list_jobs(session, SYSTEM, everyone=True)], shown, brief=BRIEF)


def _row(job: JobRow) -> dict:
    return {
        "id": job.id,
        "task": job.task,
        "state": job.state,
        "percent": round(100 * job.fraction),
        "by": job.by or "system",
        "community": job.community,
        "asked_at": f"{job.asked_at:%Y-%m-%d %H:%M}",
        "not_before": f"{job.not_before:%Y-%m-%d %H:%M}",
        "ended_at": f"{job.ended_at:%Y-%m-%d %H:%M}" if job.ended_at else None,
        "message": with_hints(read_message(job.message)) if job.message else None,
    }


@jobs_group.command("cancel")
@click.argument("job", type=int)
def cancel_command(job: int) -> None:
    """Cancel a job; nothing of it is stored. One that has ended stays as it ended."""
    with work_session() as session:
        state = cancel_job(Work(session, SYSTEM, now()), job).state
    say(f"job {job}: {'is being stopped' if state == 'running' else state}")
