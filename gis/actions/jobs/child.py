"""One job in a process of its own, which can be killed at any moment.

Such a process and all it starts are one group, so that nothing of it remains when it is killed;
and it dies when its worker does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection

from gis.actions.jobs.fresh_processes import fresh_processes
from gis.actions.jobs.tasks import Task, perform
from gis.actions.jobs.work import JobWork
from gis.database.engine import open_engine
from gis.domain.access import Scope
from gis.errors import DatabaseUnavailable
from gis.store.jobs.queue import ClaimedJob

AGAIN = 75
"""Exit status of a process whose job is to be begun again (EX_TEMPFAIL)."""

SPOKEN_EVERY_S = 0.2


class Child:
    """The process of one job, as its worker sees it."""

    def __init__(
        self,
        claimed: ClaimedJob,
        task: Task,
        *,
        url: str,
        clock: Callable[[], datetime],
        system: Scope,
        preload: str,
        niceness: int,
    ) -> None:
        self.claimed = claimed
        self.fraction, self.message = 0.0, ""
        context = fresh_processes(preload)
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(theirs, claimed, task, url, clock, system, niceness), name=task.name
        )
        self._process.start()
        theirs.close()

    @property
    def exit_status(self) -> int | None:
        """Give how it ended; None as long as it works."""
        return self._process.exitcode

    @property
    def sentinel(self) -> int:
        """Give what can be waited for until it ends."""
        return self._process.sentinel

    def listen(self) -> None:
        """Take in what it has said so far."""
        with contextlib.suppress(EOFError, OSError):
            while self.pipe.poll():
                self.fraction, self.message = self.pipe.recv()

    def kill(self) -> None:
        """Kill it with all it has started."""
        assert self._process.pid is not None, "it was started when it was made"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self.close()

    def close(self) -> None:
        """Wait until it has ended."""
        self._process.join()
        self.pipe.close()


def _work(
    pipe: Connection,
    claimed: ClaimedJob,
    task: Task,
    url: str,
    clock: Callable[[], datetime],
    system: Scope,
    niceness: int,
) -> None:
    """Do the job; runs in the other process."""
    os.setpgid(0, 0)
    threading.Thread(target=_die_with, args=(pipe,), daemon=True).start()
    engine = open_engine(url, application_name="community-grid-jobs", pool_size=1)
    try:
        perform(task, JobWork(engine, claimed, clock, system, _teller(pipe), niceness))
    except DatabaseUnavailable:
        os._exit(AGAIN)
    finally:
        engine.dispose()


def _teller(pipe: Connection) -> Callable[[float, str], None]:
    """Give the way to tell how far the work is, a few times a second at most."""
    last = 0.0

    def tell(fraction: float, message: str) -> None:
        nonlocal last
        if time.monotonic() - last >= SPOKEN_EVERY_S:
            last = time.monotonic()
            pipe.send((float(fraction), message))

    return tell


def _die_with(pipe: Connection) -> None:
    """Wait until the worker is gone, and end at once with all that was started."""
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    os.killpg(0, signal.SIGKILL)
