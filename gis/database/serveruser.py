"""As whom PostgreSQL runs: root, whom it refuses, runs it as ``postgres``; others as themselves."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.errors import DatabaseUnavailable


@dataclass(frozen=True)
class ServerUser:
    """The user of the operating system that owns and runs the cluster.

    Parameters
    ----------
    name, uid, gid
        Its entry in the user database.
    is_self
        Whether this process is that user already.
    """

    name: str
    uid: int
    gid: int
    is_self: bool

    def run(
        self, command: Sequence[str], *, timeout_s: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, from the root folder, in English."""
        change: dict[str, Any] = {}
        if not self.is_self:
            change = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            command,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=False,
            **change,
        )

    def own(self, path: Path, mode: int) -> None:
        """Make a file or folder this user's, with the mode."""
        if not self.is_self:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def _environment() -> dict[str, str]:
    """Keep what PostgreSQL's programs need; leave out PGHOST, PGDATA and their kin."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def find_server_user() -> ServerUser:
    """Say as whom the cluster of this process runs.

    Raises
    ------
    DatabaseUnavailable
        The process is root and there is no user ``postgres``.
    """
    if os.geteuid() != 0:
        return ServerUser(current_user_name(), os.geteuid(), os.getegid(), is_self=True)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise DatabaseUnavailable(
            "PostgreSQL does not run as root, and there is no user `postgres` to run it as. "
            "Install postgresql-common, or run Community Grid as an ordinary user."
        ) from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, is_self=False)


def current_user_name() -> str:
    """Give the name the operating system knows this process by (what peer sees)."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise DatabaseUnavailable(
            f"the user id {os.geteuid()} has no name in /etc/passwd, which the database's "
            "access check needs. Add the user, or set DATABASE_URL to a server of your own."
        ) from None


def require_reachable(folder: Path, user: ServerUser) -> None:
    """Refuse a folder that the server's user cannot enter, and name the parent that bars it.

    Raises
    ------
    DatabaseUnavailable
        A parent folder lacks the search permission.
    """
    if user.is_self or _may_enter(folder, user):
        return
    barred = next(f for f in (*reversed(folder.parents), folder) if not _may_enter(f, user))
    raise DatabaseUnavailable(
        f"PostgreSQL runs as `{user.name}`, which may not enter {barred} "
        f"(mode {barred.stat().st_mode & 0o7777:04o}), a parent of the data folder {folder}. "
        "Choose a data folder elsewhere, for instance "
        "COMMUNITY_GRID_HOME=/var/lib/community-grid, "
        f"or allow it with `chmod o+x {barred}`."
    )


def _may_enter(folder: Path, user: ServerUser) -> bool:
    return user.run(["test", "-x", str(folder)]).returncode == 0
