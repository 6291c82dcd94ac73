"""Make, start and stop the server of a cluster. The caller holds the cluster's lock."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import tempfile
import time
from pathlib import Path

from gis.database import pidfile
from gis.database.binaries import Binaries
from gis.database.clusterfiles import ClusterFiles
from gis.database.processes import is_alive, is_server_of, list_servers
from gis.database.roles import SUPERUSER
from gis.database.serveruser import ServerUser
from gis.errors import DatabaseUnavailable

logger = logging.getLogger(__name__)

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 600
_UNFINISHED = "data.tmp-"


def create_data(
    files: ClusterFiles, binaries: Binaries, user: ServerUser, *, durable: bool
) -> None:
    """Make the data folder beside its place and rename it when it is complete."""
    if files.data.exists():
        raise DatabaseUnavailable(
            f"{files.data} holds no database (PG_VERSION is missing), yet it is there. "
            "Look what it is, and move it away."
        )
    for leftover in files.folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    logger.info("making the database in %s", files.folder)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=files.folder))
    user.own(unfinished, 0o700)
    answer = user.run(_initdb(binaries, unfinished, durable=durable))
    if answer.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise DatabaseUnavailable(f"the database cannot be made: {answer.stderr.strip()}")
    unfinished.rename(files.data)
    _sync_folder(files.folder)


def _initdb(binaries: Binaries, data: Path, *, durable: bool) -> list[str]:
    return [
        binaries.program("initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=peer",
        "--auth-host=reject",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]


def start_server(files: ClusterFiles, binaries: Binaries, user: ServerUser) -> None:
    """Start the server, again and again while left-overs of a killed one are in its way.

    Raises
    ------
    DatabaseUnavailable
        It refuses; the message says why, what is in its way, and how its log ends.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    tidied = False
    while refusal := _try_start(files, binaries, user):
        pid_file = pidfile.read_pid_file(files.data)
        if not tidied and pid_file is not None and _is_reused(pid_file, user):
            kept = pidfile.set_aside(pid_file)
            logger.warning("the pid file of a dead server was renamed to %s", kept)
            tidied = True
            continue
        blocked = pid_file is not None or bool(list_servers(files.data, user))
        if not blocked or time.monotonic() > deadline:
            raise _refused(files, refusal, user)
        time.sleep(0.3)


def _try_start(files: ClusterFiles, binaries: Binaries, user: ServerUser) -> str | None:
    """Try once to start the server; say why it refused, None when it is up or recovering."""
    refusal = _pg_ctl(
        files,
        binaries,
        user,
        "start",
        f"--timeout={START_TIMEOUT_S}",
        f"--log={files.log}",
        f"--options=-c config_file={shlex.quote(str(files.conf / 'postgresql.conf'))}",
    )
    pid_file = pidfile.read_pid_file(files.data)
    if refusal and pid_file is not None and is_server_of(pid_file.pid, files.data, user):
        return None
    return refusal


def _is_reused(pid_file: pidfile.PidFile, user: ServerUser) -> bool:
    """Say whether the pid file's number belongs to a stranger and nothing of ours is left."""
    return is_alive(pid_file.pid) and not pidfile.reasons_to_keep(pid_file, user)


def stop_server(files: ClusterFiles, binaries: Binaries, user: ServerUser) -> None:
    """Stop the server: open transactions are undone, all data written.

    Raises
    ------
    DatabaseUnavailable
        It is still busy.
    """
    options = ("--mode=fast", f"--timeout={STOP_TIMEOUT_S}")
    if refusal := _pg_ctl(files, binaries, user, "stop", *options):
        if pidfile.read_pid_file(files.data) is None:
            return
        raise DatabaseUnavailable(
            f"the database has not stopped: {refusal}. Its log is {files.log}"
        )


def _pg_ctl(
    files: ClusterFiles, binaries: Binaries, user: ServerUser, action: str, *options: str
) -> str | None:
    """Run pg_ctl; give what it says when it fails."""
    command = [binaries.program("pg_ctl"), action, f"--pgdata={files.data}", "--wait"]
    answer = user.run([*command, *options])
    return (answer.stderr or answer.stdout).strip() if answer.returncode else None


def _refused(files: ClusterFiles, refusal: str, user: ServerUser) -> DatabaseUnavailable:
    pid_file = pidfile.read_pid_file(files.data)
    reasons = pidfile.reasons_to_keep(pid_file, user) if pid_file else []
    parts = [
        f"the database in {files.data} does not start: {refusal}",
        *(f"In its way: {reason}." for reason in reasons),
        f"The end of its log {files.log}: {_last_lines(files.log)}",
    ]
    return DatabaseUnavailable(" ".join(parts))


def _last_lines(log: Path, count: int = 5) -> str:
    if not log.exists():
        return "(empty)"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return " | ".join(lines[-count:])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
