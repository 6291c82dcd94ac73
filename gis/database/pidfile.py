"""PostgreSQL's pid file: whose it is, and the one case in which it may be set aside.

The server leaves ``postmaster.pid`` behind when it is killed. It starts over such a file by itself,
unless the number now belongs to another process of the same user: then it refuses for ever. Only
then, and only when nothing at all of the old server is left, the file is renamed. It is never
deleted.
"""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from gis.database.processes import is_server_of, list_servers
from gis.database.serveruser import ServerUser

NAME = "postmaster.pid"
_SHARED_MEMORY = Path("/proc/sysvipc/shm")


@dataclass(frozen=True)
class PidFile:
    """What a ``postmaster.pid`` says.

    Parameters
    ----------
    path
        The file.
    pid
        Process that wrote it.
    socket
        Unix socket it listens on, None when not yet written.
    shared_memory_id
        System V segment it is attached to, None when not yet written.
    state
        ``starting``, ``ready``, ``stopping``, ``standby``, or empty.
    """

    path: Path
    pid: int
    socket: Path | None
    shared_memory_id: int | None
    state: str


def read_pid_file(data: Path) -> PidFile | None:
    """Read the pid file of a data folder; None when there is none, or it is not yet written."""
    path = data / NAME
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    lines = [line.strip() for line in lines] + [""] * 8
    if not lines[0].lstrip("-").isdigit():
        return None
    memory = lines[6].split()
    return PidFile(
        path=path,
        pid=abs(int(lines[0])),
        socket=Path(lines[4]) / f".s.PGSQL.{lines[3]}" if lines[4] else None,
        shared_memory_id=int(memory[1]) if len(memory) == 2 else None,
        state=lines[7],
    )


def reasons_to_keep(pid_file: PidFile, user: ServerUser) -> list[str]:
    """List what speaks against setting a pid file aside; empty means the number was reused.

    The caller must hold the cluster's own lock, so that no other start is under way.
    """
    data = pid_file.path.parent
    reasons = []
    if is_server_of(pid_file.pid, data, user) is not False:
        reasons.append(f"process {pid_file.pid} is, or may be, its PostgreSQL")
    if others := list_servers(data, user):
        reasons.append(f"PostgreSQL processes still work in it: {', '.join(map(str, others))}")
    if pid_file.socket is not None and is_listening(pid_file.socket):
        reasons.append(f"a server answers on {pid_file.socket}")
    if _is_attached(pid_file.shared_memory_id):
        reasons.append(f"shared memory segment {pid_file.shared_memory_id} is in use")
    return reasons


def set_aside(pid_file: PidFile) -> Path:
    """Rename a pid file whose number was reused, and its socket's lock file; return the new name.

    Call it only when `reasons_to_keep` gives none.
    """
    ending = f".stale-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}"
    if pid_file.socket is not None:
        lock = pid_file.socket.with_name(pid_file.socket.name + ".lock")
        if lock.exists():
            lock.rename(lock.with_name(lock.name + ending))
    return pid_file.path.rename(pid_file.path.with_name(NAME + ending))


def is_listening(path: Path) -> bool:
    """Say whether a server accepts connections on a unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True
    return True


def _is_attached(shared_memory_id: int | None) -> bool:
    """Say whether processes are attached to a System V shared memory segment."""
    if shared_memory_id is None or not _SHARED_MEMORY.exists():
        return False
    header, *lines = _SHARED_MEMORY.read_text(encoding="ascii").splitlines()
    names = header.split()
    segments = [dict(zip(names, line.split(), strict=False)) for line in lines]
    return any(
        int(segment["shmid"]) == shared_memory_id and int(segment["nattch"]) > 0
        for segment in segments
    )
