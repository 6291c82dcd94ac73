"""A file that somebody sends with a form, and what was ticked there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import request
from werkzeug.utils import secure_filename

from gis.errors import InvalidInput


@contextmanager
def uploaded_file() -> Iterator[Path]:
    """Give the file that was sent, in a folder that is gone afterwards.

    Raises
    ------
    InvalidInput
        No file was chosen.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput("choose a file: GeoPackage, GeoJSON, zipped Shapefile, CSV or XLSX")
    with tempfile.TemporaryDirectory(prefix="community-grid-upload-") as folder:
        path = Path(folder) / safe_name(sent.filename)
        sent.save(path)
        yield path


def safe_name(name: str) -> str:
    """Keep the name for messages, without any folder in it.

    Examples
    --------
    >>> safe_name("../../划分.csv")
    '划分.csv'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "").strip(". ")
    return last[-120:] or secure_filename(name) or "division"


def is_ticked(name: str) -> bool:
    """Say whether a field of the form is ticked."""
    return request.form.get(name) == "1"
