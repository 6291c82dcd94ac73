"""The embedded cluster: made, started, stopped and found again."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from gis.database import diskspace
from gis.database.cluster import Cluster
from gis.database.clusterfiles import ident_text
from gis.database.roles import APP, OWNER, SUPERUSER, excess_of
from gis.database.serveruser import current_user_name, find_server_user
from gis.database.urls import libpq_url
from gis.errors import DatabaseUnavailable, NotEnoughSpace

ROOT = Path(__file__).resolve().parents[3]
AS_ROOT = os.geteuid() == 0
START = "from gis.database.cluster import *; c = Cluster(Path({!r}), durable=False); c.start()"


@pytest.fixture
def cluster(enterable_folder):
    cluster = Cluster(enterable_folder / "postgres", durable=False)
    yield cluster
    cluster.stop()


def connect(cluster, database="postgres"):
    return psycopg.connect(libpq_url(cluster.url(database, SUPERUSER)), autocommit=True)


def ask(cluster, query):
    with connect(cluster) as connection:
        return connection.execute(query).fetchone()[0]


def run_python(code, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def may_run_python(acting):
    try:
        return run_python("import gis.database.cluster", **acting).wait() == 0
    except PermissionError:
        return False


def test_a_cluster_goes_from_absent_to_running_to_stopped(cluster):
    states = [cluster.status().state]
    cluster.start()
    states.append(cluster.status().state)
    cluster.start()
    cluster.stop()
    states.append(cluster.status().state)
    cluster.stop()
    assert states == ["absent", "running", "stopped"]
    assert cluster.status().log.read_text()


def test_it_holds_chinese_checks_its_pages_and_is_not_on_the_network(cluster):
    cluster.start()
    cluster.ensure_database("town")
    cluster.ensure_database("town")
    with connect(cluster, "town") as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_encoding", "lc_ctype", "data_checksums", "listen_addresses")
        ]
        connection.execute("CREATE EXTENSION pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('古州镇古榕社区')").fetchone()[0]
    assert shown == ["UTF8", "C.UTF-8", "on", ""]
    assert len(trigrams) > 3


def test_only_the_user_of_the_application_is_let_in(cluster):
    cluster.start()
    stranger = cluster.url("postgres").replace("app@", "somebody@")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(libpq_url(stranger))
    assert cluster.files.socket_folder.stat().st_mode & 0o077 == 0
    assert cluster.files.data.stat().st_mode & 0o077 == 0


def test_the_application_comes_in_with_no_power_but_its_own(cluster):
    cluster.start()
    for role in (APP, OWNER):
        with psycopg.connect(libpq_url(cluster.url("postgres", role))) as connection:
            who = connection.execute("SELECT session_user, current_user").fetchone()
            assert who == (role, role) and excess_of(connection) == []
    with psycopg.connect(libpq_url(cluster.url("postgres"))) as connection:
        for wanted in (OWNER, SUPERUSER):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"SET ROLE {wanted}")


def test_a_running_cluster_of_an_earlier_release_learns_the_roles(cluster):
    cluster.start()
    with connect(cluster) as connection:
        connection.execute("DROP ROLE app")
        connection.execute("DROP ROLE owner")
        (cluster.files.conf / "pg_hba.conf").write_text("local all all peer map=app\n")
        old = ident_text({current_user_name(), find_server_user().name})
        kept = [
            line.replace("community ", "app ") for line in old.splitlines() if SUPERUSER in line
        ]
        (cluster.files.conf / "pg_ident.conf").write_text("\n".join(kept) + "\n")
        connection.execute("SELECT pg_reload_conf()")
    pid = cluster.status().pid
    cluster.start()
    assert cluster.status().pid == pid
    with psycopg.connect(libpq_url(cluster.url("postgres"))) as connection:
        assert connection.execute("SELECT current_user").fetchone()[0] == APP


def test_what_people_are_called_does_not_reach_the_log(cluster):
    cluster.start()
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE resident (name text PRIMARY KEY)")
        connection.execute("INSERT INTO resident VALUES ('张三丰')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO resident VALUES ('张三丰')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT '李四光'::int")
    log = cluster.files.log.read_text()
    assert "张三丰" not in log
    assert "李四光" not in log


def test_a_cluster_of_real_data_survives_crashes_by_its_settings(enterable_folder):
    cluster = Cluster(enterable_folder / "postgres")
    cluster.start()
    try:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        assert [ask(cluster, f"SHOW {name}") for name in names] == ["on", "on", "on"]
        ask(cluster, "SELECT 1")
        with connect(cluster) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        cluster.stop()
        with pytest.raises(DatabaseUnavailable, match="synchronous_commit switched off"):
            cluster.start()
    finally:
        cluster.stop()


def test_two_processes_may_start_it_at_once(cluster):
    code = START.format(str(cluster.files.folder)) + "; print(c.status().pid)"
    answers = [process.communicate()[0] for process in [run_python(code) for _ in range(3)]]
    assert set(answers) == {f"{cluster.status().pid}\n"}


def test_an_initialisation_that_was_killed_is_begun_anew(cluster):
    unfinished = cluster.files.folder / "data.tmp-killed"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("15\n")
    cluster.files.folder.chmod(0o711)
    cluster.start()
    assert cluster.status().state == "running"
    assert not unfinished.exists()


def test_a_folder_of_something_else_is_left_alone(cluster):
    cluster.files.data.mkdir(parents=True)
    (cluster.files.data / "diary.txt").write_text("mine")
    if AS_ROOT:
        user = pwd.getpwnam("postgres")
        os.chown(cluster.files.data, user.pw_uid, user.pw_gid)
    with pytest.raises(DatabaseUnavailable, match="PG_VERSION is missing"):
        cluster.start()
    assert (cluster.files.data / "diary.txt").read_text() == "mine"


@pytest.mark.parametrize("name", [100 * "x", "with a space", "縣"])
def test_a_path_no_socket_can_have_is_replaced_by_a_short_private_one(enterable_folder, name):
    cluster = Cluster(enterable_folder / name / "postgres", durable=False)
    cluster.start()
    try:
        folder = cluster.status().socket_folder
        assert ask(cluster, "SELECT 1") == 1
        assert not folder.is_relative_to(enterable_folder)
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        cluster.stop()
        folder.rmdir()


def test_a_socket_folder_laid_out_by_somebody_else_is_refused(enterable_folder, monkeypatch):
    cluster = Cluster(enterable_folder / "postgres", durable=False)
    trap = enterable_folder / "trap"
    trap.symlink_to("/tmp")
    monkeypatch.setattr(type(cluster.files), "socket_folder", property(lambda files: trap))
    with pytest.raises(DatabaseUnavailable, match="Find out who made it"):
        cluster.start()


def test_a_full_disk_is_refused_before_anything_is_made(cluster, monkeypatch):
    monkeypatch.setattr(diskspace, "free_bytes", lambda folder: 10 * diskspace.MIB)
    with pytest.raises(NotEnoughSpace, match=r"10 MB free, 2,048 MB are needed\. Free 2,038 MB"):
        cluster.start()
    assert cluster.status().state == "absent"


def test_space_is_told_of_a_folder_that_does_not_exist_yet(tmp_path):
    assert diskspace.free_bytes(tmp_path / "a" / "b") > 0


@pytest.mark.skipif(not AS_ROOT, reason="only root runs PostgreSQL as another user")
def test_a_parent_the_server_may_not_enter_is_named(enterable_folder):
    closed = enterable_folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "home" / "postgres", durable=False)
    with pytest.raises(DatabaseUnavailable, match=rf"may not enter {closed} \(mode 0700\)"):
        cluster.start()


@pytest.mark.skipif(not AS_ROOT, reason="needs a second user to act as")
def test_an_ordinary_user_runs_it_as_themselves(enterable_folder):
    user = pwd.getpwnam("postgres")
    home = enterable_folder / "own"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    code = START.format(str(home / "postgres")) + "; print(c.status().state); c.stop()"
    acting = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if not may_run_python(acting):
        pytest.skip("the other user may not read this clone or its Python")
    assert run_python(code, **acting).communicate()[0] == "running\n"
    assert (home / "postgres" / "conf").stat().st_uid == user.pw_uid


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_database_that_somebody_else_made_is_refused(cluster):
    cluster.start()
    cluster.stop()
    os.chown(cluster.files.data, 12345, 12345)
    with pytest.raises(DatabaseUnavailable, match="belongs to the user id 12345"):
        cluster.start()
    user = pwd.getpwnam("postgres")
    os.chown(cluster.files.data, user.pw_uid, user.pw_gid)
