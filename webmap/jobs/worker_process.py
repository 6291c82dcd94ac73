"""The worker that `serve` starts: one process on the queue of jobs, begun again when it dies.

A small process of our own watches it, beside the one that serves pages: gunicorn's would take away
the news of its end. It ends with the server, whatever ended that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time

LONG_LIVED_S = 30.0
LONGEST_PAUSE_S = 30.0
STOPPED_WITHIN_S = 20.0
LOOKED_EVERY_S = 0.25

_log = logging.getLogger(__name__)

COMMAND = [sys.executable, "-m", "gis", "jobs", "run", "--with-parent"]


class WorkerProcess:
    """The watched worker, as the server sees it."""

    def __init__(self) -> None:
        self._watcher: int | None = None

    def start(self) -> None:
        """Start the worker; comes back at once."""
        server = os.getpid()
        self._watcher = os.fork()
        if self._watcher == 0:
            try:
                _watch(server)
            finally:
                os._exit(0)

    def stop(self) -> None:
        """Stop the worker, and wait until it has put back what it was doing."""
        if self._watcher is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._watcher, signal.SIGTERM)
        with contextlib.suppress(ChildProcessError):  # the server has taken the news
            os.waitpid(self._watcher, 0)


class _Stop(Exception):
    """The server has asked us to end."""


def _watch(server: int) -> None:
    """Keep a worker running as long as the server lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the server, which stops us
    signal.signal(signal.SIGTERM, _raise_stop)
    worker, begun, pause = None, 0.0, 1.0
    try:
        while os.getppid() == server:
            if worker is None:
                begun = time.monotonic()
                worker = subprocess.Popen(COMMAND, preexec_fn=_leave_interrupts_to_us)
            if (status := worker.poll()) is not None:
                worker = None
                lived_long = time.monotonic() - begun > LONG_LIVED_S
                pause = 1.0 if lived_long else min(2 * pause, LONGEST_PAUSE_S)
                _log.warning(
                    "the worker for long work ended (status %s); jobs wait, it is begun again"
                    " in %.0f s",
                    status,
                    pause,
                )
                time.sleep(pause)
            time.sleep(LOOKED_EVERY_S)
    except _Stop:
        pass
    if worker is not None:
        _end(worker)


def _raise_stop(*_given: object) -> None:
    raise _Stop


def _leave_interrupts_to_us() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end(worker: subprocess.Popen) -> None:
    worker.terminate()
    try:
        worker.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
