"""The folder of an installation in which backups are kept: listed, and a name for the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gis.database.diskspace import require_free_space

_NAME = re.compile(r"community-grid-\d{8}-\d{6}\.dump")


@dataclass(frozen=True)
class KeptBackup:
    """A backup in the folder.

    Parameters
    ----------
    made_at
        When it was finished.
    """

    name: str
    size_bytes: int
    made_at: datetime


def list_backups(folder: Path) -> list[KeptBackup]:
    """List the backups in a folder, the newest first; none where there is no such folder."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name):
            told = path.stat()
            made_at = datetime.fromtimestamp(told.st_mtime, UTC)
            found.append(KeptBackup(path.name, told.st_size, made_at))
    return sorted(found, key=lambda b: (b.made_at, b.name), reverse=True)


def next_backup(folder: Path, now: datetime) -> Path:
    """Give the file for a backup made now; its folder is there, for its owner only.

    Raises
    ------
    NotEnoughSpace
        The disk has no room for one as large as the newest twice over.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    newest = next(iter(list_backups(folder)), None)
    require_free_space(folder, 2 * (newest.size_bytes if newest else 0), "to make a backup")
    return folder / f"community-grid-{now.astimezone(UTC):%Y%m%d-%H%M%S}.dump"
