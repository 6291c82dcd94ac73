"""The embedded cluster after every kind of kill: nothing confirmed is lost, and it starts again."""

import os
import pwd
import signal
import subprocess

import psycopg
import pytest

from gis.database import pidfile, serverprocess
from gis.database.cluster import Cluster
from gis.database.processes import is_alive, list_servers
from gis.database.roles import SUPERUSER
from gis.database.serveruser import find_server_user
from gis.database.urls import libpq_url
from gis.errors import DatabaseUnavailable


@pytest.fixture
def cluster(enterable_folder):
    """A cluster that keeps its promises: durable."""
    cluster = Cluster(enterable_folder / "postgres")
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture
def stranger():
    """A process of the server's user that has nothing to do with PostgreSQL."""
    process = subprocess.Popen(["sleep", "300"], **acting_as_the_server())
    yield process
    process.kill()
    process.wait()


def acting_as_the_server():
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def connect(cluster):
    return psycopg.connect(libpq_url(cluster.url("postgres", SUPERUSER)), autocommit=True)


def write_visits(cluster, count):
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visit (number int)")
        for number in range(count):
            connection.execute("INSERT INTO visit VALUES (%s)", (number,))


def count_visits(cluster):
    with connect(cluster) as connection:
        return connection.execute("SELECT count(*) FROM visit").fetchone()[0]


def leave_pid_file_of(cluster, pid):
    """Stop the cluster and leave the pid files of a killed server, with another number."""
    written = pidfile.read_pid_file(cluster.files.data).path.read_text().splitlines()
    cluster.stop()
    written[0], written[6] = str(pid), "        0   5432001"
    (cluster.files.data / pidfile.NAME).write_text("\n".join(written) + "\n")
    lock = cluster.files.socket_folder / ".s.PGSQL.5432.lock"
    lock.write_text("\n".join([str(pid), *written[1:5]]) + "\n")
    for path in (cluster.files.data / pidfile.NAME, lock):
        find_server_user().own(path, 0o600)


def stale_files(cluster):
    return sorted(path.name.split("-")[0] for path in cluster.files.data.glob("*.stale-*"))


def test_confirmed_work_survives_a_killed_server(cluster):
    write_visits(cluster, 50)
    os.kill(cluster.status().pid, signal.SIGKILL)
    cluster.start()
    assert count_visits(cluster) == 50


def test_it_waits_for_the_children_of_a_killed_server(cluster):
    with connect(cluster) as busy:
        write_visits(cluster, 5)
        killed = cluster.status().pid
        os.kill(killed, signal.SIGKILL)
        cluster.start()
        assert cluster.status().pid != killed
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
    assert count_visits(cluster) == 5


def test_a_killed_child_is_survived_without_help(cluster):
    write_visits(cluster, 5)
    with connect(cluster) as doomed:
        child = doomed.info.backend_pid
        os.kill(child, signal.SIGKILL)
        cluster.start()
    assert count_visits(cluster) == 5


def test_everything_killed_at_once_starts_again(cluster):
    write_visits(cluster, 5)
    for pid in list_servers(cluster.files.data, find_server_user()):
        os.kill(pid, signal.SIGKILL)
    cluster.start()
    assert count_visits(cluster) == 5


def test_the_pid_file_of_a_dead_process_is_started_over(cluster, stranger):
    write_visits(cluster, 5)
    stranger.kill()
    stranger.wait()
    leave_pid_file_of(cluster, stranger.pid)
    cluster.start()
    assert count_visits(cluster) == 5
    assert stale_files(cluster) == []


def test_a_pid_that_now_belongs_to_a_stranger_does_not_bar_the_start(cluster, stranger):
    write_visits(cluster, 5)
    leave_pid_file_of(cluster, stranger.pid)
    assert cluster.status().state == "stopped"
    cluster.start()
    assert count_visits(cluster) == 5
    assert stale_files(cluster) == ["postmaster.pid.stale"]
    assert is_alive(stranger.pid)


def test_stopping_does_not_hurt_a_stranger_who_got_the_pid(cluster, stranger):
    leave_pid_file_of(cluster, stranger.pid)
    cluster.stop()
    assert stranger.poll() is None


def test_the_pid_file_of_a_living_server_speaks_against_setting_it_aside(cluster):
    found = pidfile.read_pid_file(cluster.files.data)
    reasons = " ".join(pidfile.reasons_to_keep(found, find_server_user()))
    for reason in ("is, or may be, its PostgreSQL", "still work in it", "a server answers"):
        assert reason in reasons


def test_while_anything_may_be_left_the_file_stays_and_the_message_says_why(
    cluster, stranger, monkeypatch
):
    leave_pid_file_of(cluster, stranger.pid)
    monkeypatch.setattr(serverprocess, "START_TIMEOUT_S", 1)
    monkeypatch.setattr(pidfile, "_is_attached", lambda shared_memory_id: True)
    with pytest.raises(DatabaseUnavailable, match="segment 5432001 is in use"):
        cluster.start()
    assert pidfile.read_pid_file(cluster.files.data).pid == stranger.pid
    (cluster.files.data / pidfile.NAME).unlink()


def test_a_server_that_cannot_run_says_how_its_log_ends(cluster):
    cluster.stop()
    damaged = cluster.files.data / "global" / "pg_control"
    whole = damaged.read_bytes()
    damaged.write_bytes(b"\0" * len(whole))
    with pytest.raises(DatabaseUnavailable, match=r"(?s)does not start: .*FATAL"):
        cluster.start()
    damaged.write_bytes(whole)
    cluster.start()
    assert cluster.status().state == "running"
