"""The worker, with real processes: what is killed is begun again, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from gis.actions.access.work import Work
from gis.actions.jobs.asking import cancel_job
from gis.actions.jobs.refusals import read_refusal
from gis.actions.jobs.runner import LOST, Runner
from gis.database.engine import transaction
from gis.database.processes import is_alive
from gis.domain.access import SYSTEM
from gis.domain.job import SILENCE
from gis.errors import DatabaseUnavailable, InvalidInput
from gis.messages import read_message
from gis.store.installation import Installation
from gis.store.jobs import queue
from gis.store.jobs.listing import list_jobs
from gis.store.tables import AuditEntry, Job
from tests.gis.actions.jobs.slow_tasks import CLOCK, TRACE, runner_on

ROOT = Path(__file__).parents[4]

pytestmark = pytest.mark.slow

WORKER = """
import sys
from tests.gis.actions.jobs.slow_tasks import runner_on
from gis.database.engine import open_engine

runner_on(open_engine(sys.argv[1])).run(lambda: False)
"""


@pytest.fixture
def working(committed_engine):
    """A worker in a thread; its jobs have real processes."""
    stopped = threading.Event()
    thread = threading.Thread(target=runner_on(committed_engine).run, args=(stopped.is_set,))
    thread.start()
    yield committed_engine
    stopped.set()
    thread.join()


@pytest.fixture
def worker_command():
    """A function that starts a worker as a program of its own."""
    started = []

    def start(url):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen([sys.executable, "-c", WORKER, url], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def ask(engine, task="count up", **arguments):
    with transaction(engine) as session:
        arguments = arguments or {"steps": 3}
        return queue.add_job(session, task, asked_by=None, now=CLOCK(), arguments=arguments).id


def look(engine, job_id):
    with transaction(engine) as session:
        return session.get(Job, job_id)


def until(engine, job_id, reached, within_s=800):
    """Look at a job until it is as it should be; what is away meanwhile is looked at again."""
    deadline = time.monotonic() + within_s
    job = None
    while time.monotonic() < deadline:
        try:
            job = look(engine, job_id)
            if reached(job):
                return job
        except DatabaseUnavailable:
            pass
        time.sleep(0.1)
    raise AssertionError(f"job {job_id} stays {job and (job.state, job.fraction, job.message)}")


def ended(job):
    return job.state in ("done", "failed", "cancelled")


def half_way(job):
    return job.state == "running" and job.fraction > 0


def traces(engine):
    with transaction(engine) as session:
        query = select(func.count()).where(AuditEntry.action == TRACE)
        return session.scalar(query)


def forget_heartbeats(engine):
    """Let the time pass after which a silent worker is taken for dead."""
    with transaction(engine) as session:
        silent = Job.heartbeat_at - 2 * SILENCE
        session.execute(update(Job).where(Job.state == "running").values(heartbeat_at=silent))


def test_a_job_is_done_once(working):
    job = until(working, ask(working), ended)
    assert (job.state, job.fraction, job.starts, traces(working)) == ("done", 1.0, 1, 1)


def test_what_a_job_computes_yields_and_what_it_stores_does_not(
    committed_engine,
):
    assert Runner(committed_engine, {}, CLOCK, SYSTEM, "gis").niceness == 19
    stopped = threading.Event()
    runner = runner_on(committed_engine, niceness=3)
    thread = threading.Thread(target=runner.run, args=(stopped.is_set,))
    thread.start()
    job = until(committed_engine, ask(committed_engine), ended)
    stopped.set()
    thread.join()
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert job.result == {"computing": ours + 3, "storing": ours}


def test_a_refusal_keeps_its_words_and_its_defects(working):
    job = until(working, ask(working, "refuse"), ended)
    assert (job.state, read_message(job.message)) == ("failed", "row 3 is odd")
    refusal = read_refusal(job.result["refusal"])
    assert isinstance(refusal, InvalidInput) and refusal.defects[0].row == 3


def test_a_mistake_of_ours_and_a_process_that_dies_end_the_job(working):
    broken, gone = ask(working, "break down"), ask(working, "vanish")
    told = until(working, broken, ended)
    assert told.state == "failed" and "inside" not in str(told.message)
    assert read_message(until(working, gone, ended).message) == LOST


def test_what_is_cancelled_is_killed_and_leaves_nothing(working):
    job_id = ask(working, steps=1000)
    until(working, job_id, half_way)
    with transaction(working) as session:
        cancel_job(Work(session, SYSTEM, CLOCK()), job_id)
    assert until(working, job_id, ended).state == "cancelled"
    assert traces(working) == 0


def test_a_quick_job_does_not_wait_for_the_long_ones(working):
    long = [ask(working, steps=1000) for _ in range(3)]
    until(working, long[1], half_way)
    assert until(working, ask(working, "count quickly"), ended).state == "done"
    assert look(working, long[2]).state == "asked"


def test_the_platform_asks_itself_for_what_stands(working):
    def waits_for_the_next_time():
        with transaction(working) as session:
            jobs = [j for j in list_jobs(session, SYSTEM, everyone=True) if j.task == "look again"]
        return [j.state for j in jobs] == ["asked", "done"] and jobs[0].not_before.year == 2100

    deadline = time.monotonic() + 300
    while not waits_for_the_next_time():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_worker_that_is_stopped_puts_its_jobs_back(committed_engine):
    stopped = threading.Event()
    thread = threading.Thread(target=runner_on(committed_engine).run, args=(stopped.is_set,))
    thread.start()
    job_id = ask(committed_engine, steps=1000)
    until(committed_engine, job_id, half_way)
    stopped.set()
    thread.join()
    job = look(committed_engine, job_id)
    assert (job.state, job.starts) == ("asked", 0)


def test_a_killed_worker_leaves_no_process_and_its_job_is_done_once(
    committed_engine, worker_command
):
    url = committed_engine.url.render_as_string(hide_password=False)
    first = worker_command(url)
    job_id = ask(committed_engine, steps=30)
    until(committed_engine, job_id, half_way)
    with open(f"/proc/{first.pid}/task/{first.pid}/children") as children:
        descendants = [int(pid) for pid in children.read().split()]
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    deadline = time.monotonic() + 300
    while any(is_alive(pid) for pid in descendants):
        assert time.monotonic() < deadline, "something of the worker is left"
        time.sleep(0.1)
    assert look(committed_engine, job_id).state == "running", "nobody could say that it stopped"
    forget_heartbeats(committed_engine)
    worker_command(url)
    job = until(committed_engine, job_id, ended)
    assert (job.state, job.starts, traces(committed_engine)) == ("done", 2, 1)


def test_two_workers_do_every_job_once(committed_engine, worker_command):
    url = committed_engine.url.render_as_string(hide_password=False)
    jobs = [ask(committed_engine, steps=1) for _ in range(6)]
    for _ in range(2):
        worker_command(url)
    done = [until(committed_engine, job_id, ended) for job_id in jobs]
    assert {(job.state, job.starts) for job in done} == {("done", 1)}
    assert traces(committed_engine) == len(jobs)


def test_a_killed_database_stops_no_job(enterable_folder, worker_command):
    home = Installation(enterable_folder, None, "jobs")
    engine, cluster = home.make_ready(), home.cluster
    try:
        worker = worker_command(home.url())
        short, long = ask(engine, steps=30), ask(engine, steps=120)
        for job_id in (short, long):
            until(engine, job_id, half_way)
        os.kill(cluster.status().pid, signal.SIGKILL)
        time.sleep(5)  # the short one ends without a database
        cluster.start()
        for job_id in (short, long):
            job = until(engine, job_id, ended)
            assert (job.state, job.starts) == ("done", 1)
        assert traces(engine) == 2
        assert until(engine, ask(engine, "count quickly"), ended).state == "done"
        assert worker.poll() is None
    finally:
        engine.dispose()
        cluster.stop()
