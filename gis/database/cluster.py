"""The embedded database: a private PostgreSQL cluster of the application's own.

It lies in the data folder, listens on a unix socket only, and lets in nobody but the user who runs
the application. It is made whole or not at all, starts after any kind of kill, and keeps running
until it is stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from gis.database import pidfile
from gis.database.binaries import find_server, list_binaries
from gis.database.clusterfiles import (
    PORT,
    ClusterFiles,
    make_folder,
    make_private_folders,
    write_configuration,
)
from gis.database.databases import create_database
from gis.database.diskspace import SPACE_TO_CREATE_BYTES, SPACE_TO_START_BYTES, require_free_space
from gis.database.processes import is_server_of
from gis.database.roles import APP, SUPERUSER, make_logins
from gis.database.serverprocess import create_data, start_server, stop_server
from gis.database.serveruser import (
    ServerUser,
    current_user_name,
    find_server_user,
    require_reachable,
)
from gis.errors import CommandHint, DatabaseUnavailable

RECOVERY_TIMEOUT_S = 600
LOCK_TIMEOUT_S = 180
RELOAD_TIMEOUT_S = 30
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
        make_folder(self.files.folder)
        require_reachable(self.files.folder, user)
        deadline = time.monotonic() + RECOVERY_TIMEOUT_S
        while True:
            with self._locked():
                make_private_folders(self.files, user)
                if not self._is_up():
                    self._make_and_start(user)
            if self._answers(deadline, user):
                return

    def _make_and_start(self, user: ServerUser) -> None:
        binaries = find_server(list_binaries(), major=self.files.major)
        if self.files.major is None:
            require_free_space(self.files.folder, SPACE_TO_CREATE_BYTES, "to make the database")
            create_data(self.files, binaries, user, durable=self.durable)
        require_free_space(self.files.folder, SPACE_TO_START_BYTES, "to start the database")
        write_configuration(
            self.files, client=current_user_name(), server=user.name, durable=self.durable
        )
        start_server(self.files, binaries, user)

    def stop(self) -> None:
        """Stop the server if it is up: open transactions are undone, all data written."""
        if self.files.major is None:
            return
        user = find_server_user()
        self._require_ownership(user)
        with self._locked():
            pid_file = pidfile.read_pid_file(self.files.data)
            if pid_file is not None and self._is_ours(pid_file, user):
                binaries = find_server(list_binaries(), major=self.files.major)
                stop_server(self.files, binaries, user)

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

    def url(self, database: str, role: str = APP) -> str:
        """Give the URL of one of its databases, as the application or as another of its roles."""
        host = quote(str(self.files.socket_folder), safe="")
        return f"postgresql+psycopg://{role}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def ensure_database(self, name: str) -> None:
        """Make a database of the started cluster, unless it exists."""
        create_database(self.url(name, SUPERUSER))

    def _require_ownership(self, user: ServerUser) -> None:
        """Refuse a cluster that another user made: PostgreSQL would, less clearly."""
        try:
            owner = self.files.data.stat().st_uid
        except FileNotFoundError:
            return
        except OSError as error:
            raise DatabaseUnavailable(f"the database cannot be reached: {error}") from error
        if owner != user.uid:
            raise DatabaseUnavailable(
                f"the database in {self.files.data} belongs to the user id {owner}, and this "
                f"command would run it as `{user.name}` ({user.uid}). Run the command as the user "
                "who made the database, or choose another COMMUNITY_GRID_HOME."
            )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from making, starting or stopping the cluster meanwhile."""
        deadline = time.monotonic() + LOCK_TIMEOUT_S
        handle = self._open_lock()
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

    def _open_lock(self) -> int:
        try:
            return os.open(self.files.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseUnavailable(
                f"the database's folder cannot be used: {error}. Run the command as the user who "
                "made the database, or choose another COMMUNITY_GRID_HOME."
            ) from error

    def _is_up(self) -> bool:
        return pidfile.is_listening(self.files.socket_folder / f".s.PGSQL.{PORT}")

    def _is_ours(self, pid_file: pidfile.PidFile, user: ServerUser) -> bool:
        return self._is_up() or bool(is_server_of(pid_file.pid, self.files.data, user))

    def _answers(self, deadline: float, user: ServerUser) -> bool:
        """Wait while the server recovers; say whether it answers, or has gone meanwhile."""
        while True:
            try:
                with psycopg.connect(self._address(APP), connect_timeout=10) as connection:
                    self._check_settings(connection)
                    return True
            except psycopg.OperationalError as error:
                if _is_stranger(error) and self._lets_in(user):
                    continue
                if time.monotonic() > deadline or _is_final(error):
                    raise DatabaseUnavailable(
                        f"the database does not answer: {str(error).strip()}; "
                        f"its log is {self.files.log}"
                    ) from error
            pid_file = pidfile.read_pid_file(self.files.data)
            if pid_file is None or not is_server_of(pid_file.pid, self.files.data, user):
                return False
            time.sleep(0.1)

    def _lets_in(self, user: ServerUser) -> bool:
        """Let the application in as `app` where the cluster is new, or older than that role.

        Gives False when it still may not come in: then another reason bars it.
        """
        with self._locked(), contextlib.suppress(psycopg.OperationalError):
            write_configuration(
                self.files, client=current_user_name(), server=user.name, durable=self.durable
            )
            with psycopg.connect(self._address(SUPERUSER), autocommit=True) as connection:
                make_logins(connection)
                connection.execute("SELECT pg_reload_conf()")
            return self._comes_in(time.monotonic() + RELOAD_TIMEOUT_S)
        return False

    def _comes_in(self, deadline: float) -> bool:
        """Wait until the server has read who may come in."""
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self._address(APP), connect_timeout=10).close()
            except psycopg.OperationalError as error:
                if not _is_stranger(error):
                    return False
                time.sleep(0.02)
            else:
                return True
        return False

    def _check_settings(self, connection: psycopg.Connection) -> None:
        """Assert that nothing has switched off what makes a commit survive a crash."""
        if not self.durable:
            return
        query = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
        rows = connection.execute(query, (list(_DURABLE_SETTINGS),)).fetchall()
        if off := [name for name, setting in rows if setting != "on"]:
            raise DatabaseUnavailable(
                "the database runs with {settings} switched off and could lose data. Look for "
                "the setting in {folder}/postgresql.auto.conf, then stop and start it{hint}",
                settings=", ".join(off),
                folder=str(self.files.data),
                hint=CommandHint("community-grid db stop; community-grid db start"),
            )

    def _address(self, role: str) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.files.socket_folder), port=PORT, user=role, dbname="postgres"
        )


def _is_stranger(error: psycopg.OperationalError) -> bool:
    """Say whether the server does not know the application, or not by this name."""
    return any(
        words in str(error)
        for words in (f'role "{APP}" does not exist', "Peer authentication failed for user")
    )


def _is_final(error: psycopg.OperationalError) -> bool:
    """Say whether the server has refused for good: not because it starts or recovers."""
    return "FATAL" in str(error) and "the database system is" not in str(error)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
