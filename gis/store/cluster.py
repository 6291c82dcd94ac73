"""The embedded database: a private PostgreSQL cluster of the application's own.

It lies in the data folder, listens on a unix socket only, and lets in nobody but the user who runs
the application. It is made whole or not at all, starts after any kind of kill, and keeps running
until it is stopped.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from gis.errors import DatabaseUnavailable
from gis.store import pidfile
from gis.store.binaries import Binaries, find_server, list_binaries
from gis.store.clusterfiles import OWNER, PORT, ClusterFiles, make_folders, write_configuration
from gis.store.databases import create_database
from gis.store.diskspace import SPACE_TO_CREATE_BYTES, SPACE_TO_START_BYTES, require_free_space
from gis.store.processes import is_alive, is_server_of, list_servers
from gis.store.serveruser import (
    ServerUser,
    current_user_name,
    find_server_user,
    require_reachable,
)

logger = logging.getLogger(__name__)

START_TIMEOUT_S = 60
RECOVERY_TIMEOUT_S = 600
LOCK_TIMEOUT_S = 180
_DURABLE_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class ClusterStatus:
    """How a cluster stands.

    Parameters
    ----------
    state
        ``absent`` (never made), ``stopped``, ``starting`` or ``running``.
    pid
        Process of the server, None when it is not up.
    data, log, socket_folder
        Where its data, its log and its socket lie.
    major
        PostgreSQL version of the data, None when absent.
    """

    state: str
    pid: int | None
    data: Path
    log: Path
    socket_folder: Path
    major: int | None


class Cluster:
    """A private PostgreSQL cluster in a folder.

    Parameters
    ----------
    folder
        Folder of the cluster; made when missing.
    durable
        False only for throw-away clusters of tests, which may lose everything in a crash.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.files = ClusterFiles(folder.resolve())
        self.durable = durable

    def start(self) -> None:
        """Make the cluster if there is none, start it if it is not up, and wait until it answers.

        Raises
        ------
        DatabaseUnavailable
            It cannot be made or started; the message says why and what to do.
        NotEnoughSpace
            The disk is too full.
        """
        user = find_server_user()
        self._require_ownership(user)
        make_folders(self.files, user)
        require_reachable(self.files.conf, user)
        with self._locked():
            binaries = find_server(list_binaries(), major=self.files.major)
            if self.files.major is None:
                self._create(binaries, user)
            if not self._is_up():
                self._start(binaries, user)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Stop the server if it is up: open transactions are undone, all data written."""
        if self.files.major is None:
            return
        user = find_server_user()
        self._require_ownership(user)
        with self._locked():
            pid_file = pidfile.read_pid_file(self.files.data)
            if pid_file is None or not self._is_ours(pid_file, user):
                return
            binaries = find_server(list_binaries(), major=self.files.major)
            self._pg_ctl(binaries, user, "stop", "--mode=fast", f"--timeout={RECOVERY_TIMEOUT_S}")
            if pidfile.read_pid_file(self.files.data) is not None:
                raise DatabaseUnavailable(
                    f"the database has not stopped yet; its log is {self.files.log}"
                )

    def status(self) -> ClusterStatus:
        """Say how the cluster stands, without changing anything."""
        pid_file = pidfile.read_pid_file(self.files.data) if self.files.major else None
        state, pid = ("stopped" if self.files.major else "absent"), None
        if pid_file is not None and self._is_ours(pid_file, find_server_user()):
            state, pid = ("running" if self._is_up() else "starting"), pid_file.pid
        return ClusterStatus(
            state=state,
            pid=pid,
            data=self.files.data,
            log=self.files.log,
            socket_folder=self.files.socket_folder,
            major=self.files.major,
        )

    def url(self, database: str) -> str:
        """Give the URL of one of its databases."""
        host = quote(str(self.files.socket_folder), safe="")
        return f"postgresql+psycopg://{OWNER}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def ensure_database(self, name: str) -> None:
        """Make a database of the started cluster, unless it exists."""
        create_database(self.url(name))

    def _require_ownership(self, user: ServerUser) -> None:
        """Refuse a cluster that another user made: PostgreSQL would, less clearly."""
        if not self.files.data.exists():
            return
        owner = self.files.data.stat().st_uid
        if owner != user.uid:
            raise DatabaseUnavailable(
                f"the database in {self.files.data} belongs to the user id {owner}, and this "
                f"command would run it as `{user.name}` ({user.uid}). Run the command as the user "
                "who made the database, or choose another COMMUNITY_GRID_HOME."
            )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from making, starting or stopping the cluster meanwhile."""
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        handle = os.open(self.files.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not _try_lock(handle):
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(
                        f"another process holds {self.files.lock} and has been starting or "
                        f"stopping the database for {LOCK_TIMEOUT_S} s. Find it with "
                        f"`fuser {self.files.lock}`."
                    )
                time.sleep(0.05)
            yield
        finally:
            os.close(handle)

    def _create(self, binaries: Binaries, user: ServerUser) -> None:
        """Make the cluster beside its place and rename it when it is complete."""
        if self.files.data.exists():
            raise DatabaseUnavailable(
                f"{self.files.data} holds no database (PG_VERSION is missing), yet it is there. "
                "Look what it is, and move it away."
            )
        require_free_space(self.files.folder, SPACE_TO_CREATE_BYTES, "to make the database")
        for leftover in self.files.folder.glob("data.tmp-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        logger.info("making the database in %s", self.files.folder)
        unfinished = Path(tempfile.mkdtemp(prefix="data.tmp-", dir=self.files.folder))
        user.own(unfinished, 0o700)
        answer = user.run(
            [
                binaries.program("initdb"),
                f"--pgdata={unfinished}",
                f"--username={OWNER}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                "--auth-local=peer",
                "--auth-host=reject",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ]
        )
        if answer.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise DatabaseUnavailable(f"the database cannot be made: {answer.stderr.strip()}")
        unfinished.rename(self.files.data)
        _sync_folder(self.files.folder)

    def _start(self, binaries: Binaries, user: ServerUser) -> None:
        """Start the server, again and again while left-overs of a killed one are in its way."""
        require_free_space(self.files.folder, SPACE_TO_START_BYTES, "to start the database")
        write_configuration(
            self.files, client=current_user_name(), server=user.name, durable=self.durable
        )
        deadline = time.monotonic() + START_TIMEOUT_S
        while refusal := self._try_start(binaries, user):
            pid_file = pidfile.read_pid_file(self.files.data)
            if pid_file is not None and self._is_reused(pid_file, user):
                kept = pidfile.set_aside(pid_file)
                logger.warning("the pid file of a dead server was renamed to %s", kept)
                if refusal := self._try_start(binaries, user):
                    raise self._refused(refusal, user)
                return
            if time.monotonic() > deadline or not (
                pid_file is not None or list_servers(self.files.data, user)
            ):
                raise self._refused(refusal, user)
            time.sleep(0.3)

    def _try_start(self, binaries: Binaries, user: ServerUser) -> str | None:
        """Try once to start the server; say why it refused, None when it is up or recovering."""
        configuration = self.files.conf / "postgresql.conf"
        answer = self._pg_ctl(
            binaries,
            user,
            "start",
            f"--timeout={START_TIMEOUT_S}",
            f"--log={self.files.log}",
            f"--options=-c config_file={_shell_quoted(configuration)}",
        )
        if answer is None or self._is_up():
            return None
        pid_file = pidfile.read_pid_file(self.files.data)
        recovering = pid_file is not None and pid_file.state == "starting"
        if recovering and is_server_of(pid_file.pid, self.files.data, user):
            return None
        return answer

    def _pg_ctl(
        self, binaries: Binaries, user: ServerUser, action: str, *options: str
    ) -> str | None:
        """Run pg_ctl; give what it says when it fails."""
        command = [binaries.program("pg_ctl"), action, f"--pgdata={self.files.data}", "--wait"]
        answer = user.run([*command, *options])
        return (answer.stderr or answer.stdout).strip() if answer.returncode else None

    def _is_reused(self, pid_file: pidfile.PidFile, user: ServerUser) -> bool:
        """Say whether the pid file's number belongs to a stranger and nothing of ours is left."""
        return is_alive(pid_file.pid) and not pidfile.reasons_to_keep(pid_file, user)

    def _refused(self, refusal: str, user: ServerUser) -> DatabaseUnavailable:
        """Say why the server did not start, with the end of its log."""
        pid_file = pidfile.read_pid_file(self.files.data)
        reasons = pidfile.reasons_to_keep(pid_file, user) if pid_file else []
        return DatabaseUnavailable(
            " ".join(
                [
                    f"the database in {self.files.data} does not start: {refusal}",
                    *(f"In its way: {reason}." for reason in reasons),
                    f"The end of its log {self.files.log}: {_last_lines(self.files.log)}",
                ]
            )
        )

    def _is_up(self) -> bool:
        return pidfile.is_listening(self.files.socket_folder / f".s.PGSQL.{PORT}")

    def _is_ours(self, pid_file: pidfile.PidFile, user: ServerUser) -> bool:
        return self._is_up() or bool(is_server_of(pid_file.pid, self.files.data, user))

    def _wait_until_it_answers(self) -> None:
        """Wait while the server recovers, then make sure that it will keep what it confirms."""
        deadline = time.monotonic() + RECOVERY_TIMEOUT_S
        while True:
            try:
                with psycopg.connect(self._address(), connect_timeout=10) as connection:
                    return self._check_settings(connection)
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or not self._may_recover(error):
                    raise DatabaseUnavailable(
                        f"the database does not answer: {str(error).strip()}; "
                        f"its log is {self.files.log}"
                    ) from error
            time.sleep(0.1)

    def _may_recover(self, error: psycopg.OperationalError) -> bool:
        """Say whether waiting helps: the server is there, but not ready."""
        if "the database system is" in str(error):
            return True
        pid_file = pidfile.read_pid_file(self.files.data)
        return pid_file is not None and is_alive(pid_file.pid) and not self._is_up()

    def _check_settings(self, connection: psycopg.Connection) -> None:
        """Assert that nothing has switched off what makes a commit survive a crash."""
        if not self.durable:
            return
        query = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
        rows = connection.execute(query, (list(_DURABLE_SETTINGS),)).fetchall()
        if off := [name for name, setting in rows if setting != "on"]:
            raise DatabaseUnavailable(
                f"the database runs with {', '.join(off)} switched off and could lose data. "
                f"Look for the setting in {self.files.data}/postgresql.auto.conf, then run "
                "`community-grid db stop` and `community-grid db start`."
            )

    def _address(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.files.socket_folder), port=PORT, user=OWNER, dbname="postgres"
        )


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shell_quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def _last_lines(log: Path, count: int = 5) -> str:
    if not log.exists():
        return "(empty)"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " | ".join(lines[-count:])
