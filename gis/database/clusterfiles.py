"""The files of an embedded cluster: its folders, its socket, and what its configuration says.

::

    <folder>/           the application's; others may pass through, not look
        app.lock        held while the cluster is made, started or stopped
        conf/           postgresql.conf, pg_hba.conf, pg_ident.conf: written at every start
        data/           the server's own folder; its PG_VERSION tells that it is complete
        log/server.log
        socket/         or a short folder under /run or /tmp, when this path is too long
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gis.database.roles import APP, OWNER, SUPERUSER
from gis.database.serveruser import ServerUser
from gis.errors import DatabaseUnavailable

PORT = 5432
"""Part of the socket's name only: the cluster does not listen on TCP."""

LONGEST_SOCKET_BYTES = 106
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_SOCKET_NAME = f".s.PGSQL.{PORT}"
_SMALLEST_SHM_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class ClusterFiles:
    """Where the parts of a cluster lie.

    Examples
    --------
    >>> ClusterFiles(Path("/srv/grid/postgres")).data.as_posix()
    '/srv/grid/postgres/data'
    """

    folder: Path

    @property
    def data(self) -> Path:
        """Give the server's data folder."""
        return self.folder / "data"

    @property
    def conf(self) -> Path:
        """Give the folder of the configuration files."""
        return self.folder / "conf"

    @property
    def log(self) -> Path:
        """Give the server's log file."""
        return self.folder / "log" / "server.log"

    @property
    def lock(self) -> Path:
        """Give the file that is locked while the cluster is made, started or stopped."""
        return self.folder / "app.lock"

    @property
    def socket_folder(self) -> Path:
        """Give the folder of the socket: in the cluster, or a short one if that is too long."""
        own = self.folder / "socket"
        if fits_socket(own):
            return own
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        base = Path("/run") if os.geteuid() == 0 else Path("/tmp")
        return base / f"community-grid-{os.geteuid()}-{name}"

    @property
    def major(self) -> int | None:
        """Give the version that made the data folder, None when there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None


def fits_socket(folder: Path) -> bool:
    """Say whether a socket in this folder has a path that the system and PostgreSQL accept.

    Examples
    --------
    >>> fits_socket(Path("/srv/grid/socket")), fits_socket(Path("/srv/" + 100 * "x"))
    (True, False)
    """
    path = str(folder / _SOCKET_NAME)
    return len(os.fsencode(path)) <= LONGEST_SOCKET_BYTES and bool(_PLAIN_PATH.fullmatch(path))


def make_folder(folder: Path) -> None:
    """Make the cluster's folder; the server's user can pass through every folder made on the way.

    Raises
    ------
    DatabaseUnavailable
        It cannot be made.
    """
    try:
        for missing in [p for p in (*reversed(folder.parents), folder) if not p.exists()]:
            missing.mkdir(exist_ok=True)
            missing.chmod(0o711)
    except OSError as error:
        raise _not_made(folder, error) from error


def make_private_folders(files: ClusterFiles, user: ServerUser) -> None:
    """Make the folders within the cluster. The caller holds the cluster's lock.

    Raises
    ------
    DatabaseUnavailable
        A folder cannot be made, or belongs to somebody else.
    """
    try:
        files.conf.mkdir(exist_ok=True)
        files.conf.chmod(0o755)
        _make_private(files.log.parent, user)
        _make_private(files.socket_folder, user)
    except OSError as error:
        raise _not_made(files.folder, error) from error


def _not_made(folder: Path, error: OSError) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"the database's folder {folder} cannot be made: {error}. Choose a folder you may write "
        "to with COMMUNITY_GRID_HOME."
    )


def _make_private(folder: Path, user: ServerUser) -> None:
    """Make a folder that only the server's user may use; refuse what another has laid there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user.uid, os.geteuid()):
            raise DatabaseUnavailable(
                f"{folder} should be a folder that belongs to `{user.name}` alone. "
                "Find out who made it, then move it away."
            ) from None
    user.own(folder, 0o700)


def write_configuration(files: ClusterFiles, *, client: str, server: str, durable: bool) -> None:
    """Write the server's settings and who may connect.

    Parameters
    ----------
    files
        The cluster.
    client, server
        Users of the operating system that run the application and the server.
    durable
        False only for throw-away clusters of tests: they may lose everything in a crash.
    """
    texts = {
        "postgresql.conf": settings_text(files, durable=durable),
        "pg_hba.conf": "local all all peer map=community\n",
        "pg_ident.conf": ident_text({client, server}),
    }
    for name, text in texts.items():
        path = files.conf / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644)


def ident_text(people: Iterable[str]) -> str:
    """Give the text of ``pg_ident.conf``: as which roles users of the operating system come in.

    Whoever runs the application may start its server and dump its data, and so may come in as any
    of the three. What the application itself asks for is asked as `app`.
    """
    return "".join(
        f'community "{name}" {role}\n'
        for name in sorted(people)
        for role in (APP, OWNER, SUPERUSER)
    )


def settings_text(files: ClusterFiles, *, durable: bool) -> str:
    """Give the text of ``postgresql.conf``.

    Neither statements nor the values of rows reach the log: they may name people.
    """
    safe = "on" if durable else "off"
    settings = {
        "hba_file": files.conf / "pg_hba.conf",
        "ident_file": files.conf / "pg_ident.conf",
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": files.socket_folder,
        "unix_socket_permissions": "0700",
        "fsync": safe,
        "synchronous_commit": safe,
        "full_page_writes": safe,
        "autovacuum": safe,
        "dynamic_shared_memory_type": "posix" if _has_shared_memory() else "mmap",
        "shared_buffers": "256MB" if durable else "64MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "1GB",
        "temp_file_limit": "20GB",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C.UTF-8",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "log_checkpoints": "off",
    }
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    return "# Written by Community Grid at every start.\n" + "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return str(value).replace("'", "''")


def _has_shared_memory() -> bool:
    """Say whether /dev/shm has room for parallel queries (containers often give it 64 MB)."""
    try:
        size = os.statvfs("/dev/shm")
    except FileNotFoundError:
        return False
    return size.f_frsize * size.f_blocks >= _SMALLEST_SHM_BYTES
