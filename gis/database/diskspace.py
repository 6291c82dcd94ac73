"""Enough room on the disk before work that must not stop half-way."""

from __future__ import annotations

import shutil
from pathlib import Path

from gis.errors import NotEnoughSpace

MIB = 1024**2
GIB = 1024**3

SPACE_TO_CREATE_BYTES = 2 * GIB
"""Free space needed to make a new database."""

SPACE_TO_START_BYTES = 256 * MIB
"""Free space below which a server that starts could stop for good at its next checkpoint."""


def space_for_import(file_bytes: int) -> int:
    """Give the free bytes needed before a file of this size is imported.

    Examples
    --------
    >>> space_for_import(10) == 2 * GIB, space_for_import(GIB) == 6 * GIB
    (True, True)
    """
    return max(SPACE_TO_CREATE_BYTES, 6 * file_bytes)


def free_bytes(folder: Path) -> int:
    """Give the free bytes on the disk of a folder, which need not exist yet."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(existing).free


def require_free_space(folder: Path, needed_bytes: int, purpose: str) -> None:
    """Refuse work for which the disk is too full.

    Parameters
    ----------
    folder
        Folder the work writes to; it need not exist yet.
    needed_bytes
        Free space the work needs.
    purpose
        The work, as in "to import parcels.gpkg".

    Raises
    ------
    NotEnoughSpace
        Less is free; the message says how much is missing, and where.
    """
    free = free_bytes(folder)
    if free < needed_bytes:
        raise NotEnoughSpace(
            f"not enough space {purpose}: the disk of {folder} has {free / MIB:,.0f} MB free, "
            f"{needed_bytes / MIB:,.0f} MB are needed. Free {(needed_bytes - free) / MIB:,.0f} MB "
            "or choose another data folder with COMMUNITY_GRID_HOME. Never delete files inside "
            "the database folder."
        )
