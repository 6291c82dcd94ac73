"""Which running processes are PostgreSQL servers of a data folder.

Looked up as the server's own user: in a container root itself may not be allowed to see what
another user's processes run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.database.serveruser import ServerUser

_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process: the program it runs and the folder it works in; empty where not to be seen."""

    program: str
    folder: str

    def is_server_of(self, data: Path) -> bool | None:
        """Say whether it is a PostgreSQL of the data folder; None when that cannot be seen.

        The server and its children all keep the data folder as their working folder.
        """
        if not self.program:
            return None
        if not Path(self.program.removesuffix(" (deleted)")).name.startswith("postgres"):
            return False
        return Path(self.folder) == data.resolve() if self.folder else None


def is_alive(pid: int) -> bool:
    """Say whether a process with this number exists (a zombie does not count)."""
    try:
        status = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def is_server_of(pid: int, data: Path, user: ServerUser) -> bool | None:
    """Say whether a process is a PostgreSQL of the data folder; None when that cannot be seen."""
    if not is_alive(pid):
        return False
    return _look_up(_PROC / str(pid), 1, user).get(pid, Process("", "")).is_server_of(data)


def list_servers(data: Path, user: ServerUser) -> list[int]:
    """List the PostgreSQL processes of the data folder, children left over by a kill too."""
    processes = _look_up(_PROC, 2, user)
    return sorted(pid for pid, process in processes.items() if process.is_server_of(data))


def _look_up(place: Path, depth: int, user: ServerUser) -> dict[int, Process]:
    links = ["(", "-name", "exe", "-o", "-name", "cwd", ")", "-printf", "%h\\t%f\\t%l\\n"]
    answer = user.run(
        ["find", str(place), "-mindepth", str(depth), "-maxdepth", str(depth), *links]
    )
    found: dict[int, dict[str, str]] = {}
    for line in answer.stdout.splitlines():
        folder, link, target = line.split("\t", 2)
        if (number := Path(folder).name).isdigit():
            found.setdefault(int(number), {})[link] = target
    return {pid: Process(seen.get("exe", ""), seen.get("cwd", "")) for pid, seen in found.items()}
