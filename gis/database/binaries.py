"""Where PostgreSQL's programs are on this machine, and what to install when they are not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.errors import CommandHint, DatabaseUnavailable

OLDEST_MAJOR = 15
"""Oldest PostgreSQL that Community Grid works with."""

_PROGRAM_FOLDERS = Path("/usr/lib/postgresql")
_SHARE_FOLDERS = Path("/usr/share/postgresql")


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL version.

    Parameters
    ----------
    folder
        Folder that holds ``postgres``, ``pg_ctl``, ``initdb``, ``pg_dump``...
    major
        Major version, such as 15.
    has_postgis
        Whether PostGIS is installed for this version.
    """

    folder: Path
    major: int
    has_postgis: bool

    def program(self, name: str) -> str:
        """Give the path of a program."""
        return str(self.folder / name)


def list_binaries(
    programs: Path = _PROGRAM_FOLDERS, share: Path = _SHARE_FOLDERS
) -> list[Binaries]:
    """List the installed server versions, oldest first."""
    found = [
        Binaries(
            folder=folder / "bin",
            major=int(folder.name),
            has_postgis=(share / folder.name / "extension" / "postgis.control").exists(),
        )
        for folder in programs.glob("*")
        if folder.name.isdigit() and (folder / "bin" / "postgres").exists()
    ]
    return sorted(found, key=lambda binaries: binaries.major)


def find_server(installed: list[Binaries], *, major: int | None = None) -> Binaries:
    """Choose the server to run: that of an existing data folder, else the newest with PostGIS.

    Parameters
    ----------
    installed
        What `list_binaries` found.
    major
        Version that made the data folder; None for a new one.

    Raises
    ------
    DatabaseUnavailable
        It is not installed; the message says what to install.

    Examples
    --------
    >>> fifteen = Binaries(Path("/usr/lib/postgresql/15/bin"), 15, True)
    >>> find_server([fifteen]).major
    15
    """
    fit = [b for b in installed if b.has_postgis and b.major >= OLDEST_MAJOR]
    fit = [b for b in fit if major in (None, b.major)]
    if fit:
        return fit[-1]
    versions = ", ".join(
        f"{b.major}{'' if b.has_postgis else ' without PostGIS'}" for b in installed
    )
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise DatabaseUnavailable(
        "{wanted} with PostGIS 3 is needed; under {folder} there is {versions}. Install it{hint}, "
        "or set DATABASE_URL to a server of your own.",
        wanted=wanted,
        folder=str(_PROGRAM_FOLDERS),
        versions=versions or "none",
        hint=CommandHint(
            f"apt-get install --no-install-recommends postgresql-{major or OLDEST_MAJOR}-postgis-3"
        ),
    )


def find_client(installed: list[Binaries], *, server_major: int) -> Binaries:
    """Choose the programs to dump and restore with: of the server's version, else the next newer.

    Raises
    ------
    DatabaseUnavailable
        No client is new enough; the message says what to install.
    """
    fit = [b for b in installed if b.major >= server_major]
    if fit:
        return fit[0]
    raise DatabaseUnavailable(
        f"the server is PostgreSQL {server_major}; its backups need pg_dump {server_major} or "
        f"newer. Install it with `apt-get install postgresql-client-{server_major}`."
    )
