"""The worker: begins what waits, watches it, tells the queue how far it is, and stops it.

It does nothing itself: each job has a process of its own (`gis.actions.jobs.child`). A database
that is away is waited for; what ended meanwhile is told afterwards.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import wait

from sqlalchemy import Engine

from gis.actions.jobs.child import AGAIN, Child
from gis.actions.jobs.fresh_processes import prepare_processes
from gis.actions.jobs.tasks import Tasks
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import Conflict, DatabaseUnavailable, GisError, Message
from gis.store.jobs import queue

MOST_NICE = 19
LOOKED_EVERY_S = 0.5
HEARD_EVERY_S = 1.0
TIDIED_EVERY_S = 10.0
PRUNED_EVERY_S = 3600.0
STANDING_EVERY_S = 60.0

LOST = Message("the process that worked was stopped; ask for it again")

_log = logging.getLogger(__name__)


@dataclass
class Runner:
    """One worker on the queue.

    Parameters
    ----------
    engine
        The database; its processes open it for themselves.
    tasks
        What it can do.
    clock
        Gives the moment on the clock of the platform; a function of a module, or a partial of one.
    system
        Rights of what the platform asks itself.
    preload
        Module that knows the tasks, loaded once for all processes.
    slots
        Long jobs at a time; quick ones have one more.
    niceness
        How much what jobs compute yields to everything else, 0 to 19.
    """

    engine: Engine
    tasks: Tasks
    clock: Callable[[], datetime]
    system: Scope
    preload: str
    slots: int = 2
    niceness: int = MOST_NICE
    _children: list[Child] = field(default_factory=list, init=False)
    _due: dict[str, float] = field(default_factory=dict, init=False)

    def run(self, stop: Callable[[], bool]) -> None:
        """Work until `stop` says so; what is under way then is put back into the queue."""
        prepare_processes(self.preload)  # a job that is begun has to be heard of soon
        stuck = False
        try:
            while not stop():
                try:
                    self._look()
                    stuck = False
                except GisError as error:  # away, full, or somebody holds what we wait for
                    if not stuck:
                        _log.warning("jobs wait: %s", error)
                    stuck = True
                self._wait()
        finally:
            self._stop_all()

    def _look(self) -> None:
        """Do one round: settle what ended, tell what runs, begin what waits."""
        for child in list(self._children):
            if child.exit_status is not None:
                self._settle(child)
        if self._is_due("heard", HEARD_EVERY_S):
            for child in list(self._children):
                self._hear(child)
        if self._is_due("tidied", TIDIED_EVERY_S):
            with transaction(self.engine) as session:
                queue.begin_silent_again(session, now=self.clock())
        if self._is_due("standing", STANDING_EVERY_S):
            self._ask_standing()
        if self._is_due("pruned", PRUNED_EVERY_S):
            with transaction(self.engine) as session:
                queue.prune(session, now=self.clock())
        while self._begin_next():
            pass

    def _is_due(self, what: str, every_s: float) -> bool:
        moment = time.monotonic()
        if moment < self._due.get(what, 0.0):
            return False
        self._due[what] = moment + every_s
        return True

    def _begin_next(self) -> bool:
        """Begin one job, if there is room for it; tells whether there may be another."""
        long = sum(not self.tasks[c.claimed.task].quick for c in self._children)
        names = [n for n, task in self.tasks.items() if task.quick or long < self.slots]
        if len(self._children) > self.slots or not names:
            return False
        with transaction(self.engine) as session:
            claimed = queue.claim_next(session, names, now=self.clock())
        if claimed is None:
            return False
        child = Child(
            claimed,
            self.tasks[claimed.task],
            url=self.engine.url.render_as_string(hide_password=False),
            clock=self.clock,
            system=self.system,
            preload=self.preload,
            niceness=self.niceness,
        )
        self._children.append(child)
        return True

    def _hear(self, child: Child) -> None:
        """Tell how far a job is; kill it when nobody wants it any more."""
        child.listen()
        with transaction(self.engine) as session:
            wanted = queue.hear(
                session,
                child.claimed,
                fraction=child.fraction,
                message=child.message,
                now=self.clock(),
            )
        if not wanted and child.exit_status is None:
            child.kill()
            self._settle(child, killed=True)

    def _settle(self, child: Child, *, killed: bool = False) -> None:
        """Note the end of a process whose job may not have noted its own."""
        with transaction(self.engine) as session:
            if killed:
                queue.end(session, child.claimed, "cancelled", now=self.clock())
            elif child.exit_status == AGAIN:
                queue.give_back(session, child.claimed, now=self.clock(), blamed=True)
            else:
                queue.end(session, child.claimed, "failed", now=self.clock(), message=LOST)
        self._children.remove(child)
        child.close()

    def _ask_standing(self) -> None:
        for task in self.tasks.values():
            if task.standing:
                try:
                    with transaction(self.engine) as session:
                        queue.add_job(
                            session,
                            task.name,
                            asked_by=None,
                            now=self.clock(),
                            exclusive_key=task.name,
                        )
                except Conflict:
                    continue

    def _wait(self) -> None:
        """Wait a moment, or until a process ends."""
        if self._children:
            wait([child.sentinel for child in self._children], LOOKED_EVERY_S)
        else:
            time.sleep(LOOKED_EVERY_S)

    def _stop_all(self) -> None:
        """Kill what runs and put it back; without a database it is put back when it is silent."""
        for child in self._children:
            child.kill()
        try:
            with transaction(self.engine) as session:
                for child in self._children:
                    queue.give_back(session, child.claimed, now=self.clock(), blamed=False)
        except DatabaseUnavailable as error:
            _log.warning("jobs could not be put back: %s", error)
        self._children.clear()
