"""The worker that `serve` starts, with real processes: it outlives what is not its own end."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from gis.database.engine import open_engine, transaction
from gis.database.processes import is_alive
from gis.store.jobs import queue
from gis.store.tables import Job
from webmap.shell.session import now

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PATIENCE_S = 800


def until(found):
    """Ask until there is an answer; gives it."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := found()):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return answer


def children_of(pid):
    """Numbers of the processes that a process has started and that live; its threads included."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


@pytest.fixture
def serving(fresh_database, tmp_path):
    """The server as a program of its own: its ``process``, and an engine on its database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "COMMUNITY_GRID_HOME": str(tmp_path),
        "COMMUNITY_GRID_APP_DATABASE_URL": fresh_database,
        "COMMUNITY_GRID_SECRET_KEY": "key",
        "COMMUNITY_GRID_WORKERS": "1",
    }
    command = [sys.executable, "-m", "gis", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    engine = open_engine(fresh_database)
    yield SimpleNamespace(process=process, engine=engine)
    process.kill()
    process.wait()
    engine.dispose()


def test_the_worker_outlives_page_processes_and_ends_with_the_server(serving):
    server = serving.process.pid

    def processes():
        """Of the server: its page processes, the watcher of the worker, the worker."""
        own = children_of(server)
        watching = [pid for pid in own if children_of(pid)]
        if len(own) != 2 or len(watching) != 1:
            return None
        (worker,) = children_of(watching[0])
        (pages,) = set(own) - set(watching)
        return pages, watching[0], worker

    def is_done(job_id):
        with transaction(serving.engine) as session:
            return session.get(Job, job_id).state == "done"

    def ask():
        with transaction(serving.engine) as session:
            return queue.add_job(session, "begin plans", asked_by=None, now=now()).id

    first = ask()
    until(lambda: is_done(first))
    pages, watcher, worker = until(processes)
    assert "jobs" in command_of(worker)

    os.kill(pages, signal.SIGABRT)  # as a server ends a process that answers nobody
    until(lambda: not is_alive(pages))
    again, same_watcher, same_worker = until(processes)
    assert again != pages and (same_watcher, same_worker) == (watcher, worker)

    os.kill(worker, signal.SIGKILL)
    until(lambda: not is_alive(worker))
    second = ask()
    until(lambda: is_done(second))
    *_, worker = until(processes)

    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(PATIENCE_S) == 0
    until(lambda: not any(map(is_alive, (again, watcher, worker))))
