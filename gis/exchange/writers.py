"""Write tables and GeoPackages: whole or not at all, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd
import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell

from gis.domain.local_time import clock_text, is_ambiguous
from gis.errors import InvalidInput

FORMATS = ("csv", "xlsx", "json")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GEOPACKAGE_TIME = "2000-01-01T00:00:00.000Z"
"""Time of change written into every GeoPackage, so that the same data give the same file."""

_WORKBOOK_TIME = "2000-01-01T00:00:00Z"
_TIME_IN_XML = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_table(target: str | Path | BinaryIO, frame: pd.DataFrame, *, format: str) -> None:
    """Write a table as CSV (UTF-8 with mark), XLSX or JSON (a list of objects).

    Shapes are left out. Text that a spreadsheet would take for a formula gets a leading ``'`` in
    CSV and is marked as text in XLSX.

    Parameters
    ----------
    target
        A path, written whole or not at all, or an open binary stream.
    frame
        The rows; the index is not written.
    format
        One of `FORMATS`.

    Raises
    ------
    InvalidInput
        Another format, or the path cannot be written.
    """
    if format not in FORMATS:
        raise InvalidInput(f"format {format!r}: expected one of {', '.join(FORMATS)}")
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.drop(columns=frame.active_geometry_name or []))
    content = _WRITERS[format](frame)
    if isinstance(target, (str, Path)):
        replace_file(Path(target), lambda path: path.write_bytes(content))
    else:
        target.write(content)


def safe_text(text: str) -> str:
    """Put ``'`` before text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> safe_text("=HYPERLINK(1)"), safe_text("梨子园")
    ("'=HYPERLINK(1)", '梨子园')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    columns = [frame.iloc[:, i].astype(object).tolist() for i in range(frame.shape[1])]
    return [[plain_value(value) for value in row] for row in zip(*columns, strict=True)]


DIGITS = 10
"""Significant digits of a number in a table: a place to a centimetre, no trace of binary sums."""


def plain_value(value: object) -> object:
    """Give None for every kind of missing value, Python numbers of `DIGITS` for numpy ones.

    Examples
    --------
    >>> plain_value(0.1 + 0.2), plain_value(138.88888888888889), plain_value(float("nan"))
    (0.3, 138.8888889, None)
    """
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    value = value.item() if hasattr(value, "item") else value
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _csv(frame: pd.DataFrame) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_text(str(column)) for column in frame.columns])
    for row in _rows(frame):
        writer.writerow([_csv_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> object:
    if isinstance(value, dt.datetime):
        return clock_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return safe_text(value) if isinstance(value, str) else value


def _xlsx(frame: pd.DataFrame) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    head: list[object] = [str(column) for column in frame.columns]
    for row in [head, *_rows(frame)]:
        sheet.append([workbook_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return without_times(content)


def without_times(content: io.BytesIO) -> bytes:
    """Write the parts of a workbook again with one fixed time, for the same file every day."""
    result = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist()):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _TIME_IN_XML.sub(_WORKBOOK_TIME.encode(), part)
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            target.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def workbook_cell(sheet: object, value: object) -> WriteOnlyCell:
    """Make a cell of a workbook; text stays text, whatever it begins with."""
    if isinstance(value, dt.datetime):
        value = clock_text(value) if is_ambiguous(value) else _clock(value)
    if not isinstance(value, (str, int, float, bool, dt.date, type(None))):
        value = str(value)
    if isinstance(value, str):
        value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    return cell


def _clock(moment: dt.datetime) -> dt.datetime:
    """Give a time as a cell of a workbook holds it: whole seconds, without a zone."""
    return dt.datetime(*moment.timetuple()[:6])


def _json(frame: pd.DataFrame) -> bytes:
    names = [str(column) for column in frame.columns]
    rows = [dict(zip(names, row, strict=True)) for row in _rows(frame)]
    text = json.dumps(rows, ensure_ascii=False, indent=1, default=_json_value, allow_nan=False)
    return text.encode("utf-8")


def _json_value(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}


def write_geopackage(path: str | Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write frames as the layers of one GeoPackage, whole or not at all.

    Parameters
    ----------
    path
        The file; an old one of that name is replaced at the end.
    layers
        Frame by layer name; every frame carries its CRS.

    Raises
    ------
    InvalidInput
        There is nothing to write, a frame has no CRS, or the path cannot be written.
    """
    if not layers:
        raise InvalidInput(f"{Path(path).name}: there is no layer to write")
    for name, frame in layers.items():
        if frame.crs is None:
            raise InvalidInput(f"layer {name}: its coordinate system is not known")

    def write(target: Path) -> None:
        for name, frame in layers.items():
            writable(frame).to_file(
                target, layer=name, driver="GPKG", engine="pyogrio", index=False
            )
        _fix_times(target)

    replace_file(Path(path), write)


def writable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn object columns into types that a GeoPackage has: whole numbers, text, dates.

    Times with a zone become text on their clock: a GeoPackage knows only times of UTC.
    """
    frame = frame.copy()
    for name in frame.columns.drop(frame.geometry.name):
        if isinstance(frame[name].dtype, pd.DatetimeTZDtype):
            frame[name] = frame[name].astype(object)
        if frame[name].dtype == object:
            frame[name] = _typed(frame[name])
    return frame


def _typed(column: pd.Series) -> pd.Series:
    values = [plain_value(value) for value in column]
    types = {type(value) for value in values if value is not None}
    for allowed, dtype in (({bool}, "boolean"), ({int}, "Int64"), ({int, float}, "Float64")):
        if types and types <= allowed:
            return pd.Series(values, index=column.index, dtype=dtype)
    texts = [None if v is None else _text(v) for v in values]
    return pd.Series(texts, index=column.index, dtype="str")


def _text(value: object) -> str:
    return clock_text(value) if isinstance(value, dt.datetime) else str(_json_value(value))


def _fix_times(path: Path) -> None:
    """Write one fixed time of change, or the same data would give another file each time."""
    database = sqlite3.connect(path)
    try:
        database.execute("UPDATE gpkg_contents SET last_change = ?", (GEOPACKAGE_TIME,))
        database.commit()
    finally:
        database.close()


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make the file beside its place, then move it there in one step."""
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            write(part)
            os.replace(part, path)
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be written ({error.strerror})") from error
