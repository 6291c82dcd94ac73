"""Every limit on what is read, in one place, with its unit."""

from __future__ import annotations

MAX_FILE_BYTES = 500 * 1024**2
MAX_GEOJSON_BYTES = 200 * 1024**2
MAX_UNPACKED_BYTES = 500 * 1024**2
MAX_ARCHIVE_RATIO = 100
MAX_ARCHIVE_ENTRIES = 200
MAX_ROWS = 1_000_000
MAX_SHEET_ROWS = 300_000
MAX_COLUMNS = 500
MAX_CELL_CHARACTERS = 20_000
MAX_VERTICES = 200_000
MAX_SHEET_CELLS = 9_000_000
"""Rows times columns of a worksheet, as far as its cells reach."""

CHILD_MEMORY_BYTES = 2 * 1024**3
CHILD_CPU_SECONDS = 60
CHILD_WALL_SECONDS = 120
CHILD_OPEN_FILES = 64


def megabytes(n_bytes: int) -> str:
    """Write a size for a person.

    Examples
    --------
    >>> megabytes(MAX_FILE_BYTES)
    '500 MB'
    """
    return f"{n_bytes / 1024**2:.0f} MB"
