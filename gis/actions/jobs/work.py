"""What a task is given: what was asked, by whom with which rights, and the way to end it well.

Everything that a task stores, it stores in transactions that fail when its job has been given up
or taken away meanwhile; the last of them says in the same breath that the job is done. So nothing
is done twice, and nothing is kept of what was stopped.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import DatabaseUnavailable, NotAllowed
from gis.store.access.users import find_standing
from gis.store.jobs import queue
from gis.store.jobs.files import KeptFile, given_file, keep_file
from gis.store.jobs.listing import JobRow, job_row
from gis.store.jobs.queue import ClaimedJob

T = TypeVar("T")

PATIENCE_S = 120
"""How long a task waits for a database that is away before it begins a transaction."""


class NotWanted(Exception):
    """The job was given up, or taken away from this worker; nothing of it may be stored."""


@dataclass
class JobWork:
    """One job under way, as its task sees it.

    Parameters
    ----------
    bind
        The database.
    claimed
        The job and the claim to it.
    clock
        Gives the moment, on the clock of the platform.
    system
        Rights of what the platform asks itself.
    tell
        Called with the fraction done and a message.
    niceness
        How much `compute` yields to everything else, 0 to 19.
    """

    bind: Engine | Connection
    claimed: ClaimedJob
    clock: Callable[[], datetime]
    system: Scope
    tell: Callable[[float, str], None] = lambda _fraction, _message: None
    niceness: int = 0
    ended: bool = field(default=False, init=False)

    @cached_property
    def job(self) -> JobRow:
        """Give the job as it was asked for."""
        with self._begin() as session:
            return job_row(session, self.system, self.claimed.id)

    @property
    def arguments(self) -> dict:
        """Give what the task was given."""
        return self.job.arguments

    def now(self) -> datetime:
        """Give the moment, on the clock of the platform."""
        return self.clock()

    def scope(self, session: Session) -> Scope:
        """Give what the person who asked may do now.

        Raises
        ------
        NotAllowed
            The account is closed.
        """
        if self.job.asked_by is None:
            return self.system
        standing = find_standing(session, self.job.asked_by, today=self.now().date())
        if standing is None:
            raise NotAllowed("the account that asked for this is closed")
        return standing.scope

    def within(self, session: Session) -> Work:
        """Give the work of one transaction: its session, the person's rights now, the moment.

        Raises
        ------
        NotAllowed
            The account is closed.
        """
        return Work(session, self.scope(session), self.now())

    def file(self) -> KeptFile:
        """Give the file that the job was given."""
        with self._begin() as session:
            return given_file(session, self.claimed.id)

    def compute(self, function: Callable[..., T], *given: object, **more: object) -> T:
        """Call what computes for long; it yields to everything else, with all it starts.

        Only this yields: what reads, stores and holds locks that others wait for comes to its turn
        like a page, however busy the machine is.
        """
        if self.niceness == 0:
            return function(*given, **more)
        # On Linux each thread has a niceness of its own, which it hands on to what it starts.
        with ThreadPoolExecutor(1, initializer=os.nice, initargs=(self.niceness,)) as aside:
            return aside.submit(function, *given, **more).result()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose work is stored only if the job is still wanted at its end.

        Raises
        ------
        NotWanted
            It was given up, or taken away.
        """
        with self._begin() as session:
            yield session
            if not self.ended and not queue.hold(session, self.claimed):
                raise NotWanted

    def finish(
        self,
        session: Session,
        result: Mapping[str, object] | None = None,
        file: KeptFile | None = None,
    ) -> None:
        """Say in a transaction of the work that the job is done, with what it made.

        Raises
        ------
        NotWanted
            It was given up, or taken away.
        """
        if file is not None:
            keep_file(session, self.claimed.id, file, given=False)
        if not queue.end(session, self.claimed, "done", now=self.now(), result=result):
            raise NotWanted
        self.ended = True

    def ask_again(self, session: Session, not_before: datetime) -> None:
        """Ask for the same once more, at a later moment; after `finish`."""
        queue.add_job(
            session,
            self.job.task,
            asked_by=self.job.asked_by,
            now=self.now(),
            arguments=self.arguments,
            exclusive_key=self.job.exclusive_key,
            not_before=not_before,
        )

    @contextmanager
    def _begin(self) -> Iterator[Session]:
        """Begin a transaction, and wait for a database that is away for a while."""
        if isinstance(self.bind, Engine):
            _wait_for(self.bind)
        with transaction(self.bind) as session:
            yield session


def _wait_for(engine: Engine) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            engine.connect().close()
            return
        except DatabaseUnavailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(1.0)
