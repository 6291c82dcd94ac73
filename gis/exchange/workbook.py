"""Read one worksheet of an .xlsx workbook as it was last calculated; formulas are never run.

Runs in the confined child. Rows come with their position, all cells as plain values; dates as ISO
text. Which row is the header is decided by the caller, who knows the names to look for.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from gis.errors import InvalidInput, Message
from gis.exchange.limits import MAX_COLUMNS, MAX_EMPTY_ROWS, MAX_SHEET_ROWS
from gis.exchange.table import FORMULA_WITHOUT_VALUE, Table, Value


def read_workbook(path: Path, *, name: str, worksheet: str | None) -> Table:
    """Read one visible worksheet; its rows include title and header rows.

    Raises
    ------
    InvalidInput
        Not a workbook, or damaged; the worksheet is not there; several are visible and none was
        named; too many rows or columns.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, name, worksheet)
    except InvalidInput:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        OSError,
    ) as error:
        raise InvalidInput(
            "{name}: the workbook is damaged; open it and save it again", name=name
        ) from error


def _read(path: Path, name: str, worksheet: str | None) -> Table:
    values = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
    sheets = {sheet.title: sheet for sheet in values.worksheets}
    hidden = [title for title, sheet in sheets.items() if sheet.sheet_state != "visible"]
    title = _choose(sheets, hidden, worksheet, name)
    table = Table(columns=[], rows=[], numbers=[])
    pairs = zip_longest(
        sheets[title].iter_rows(values_only=True), formulas[title].iter_rows(values_only=True)
    )
    _take_rows(table, pairs, name)
    if hidden and worksheet is None:
        table.notes.append(Message("hidden worksheets not read: {names}", names=", ".join(hidden)))
    return table


def _choose(sheets: Iterable[str], hidden: list[str], asked: str | None, name: str) -> str:
    visible = [title for title in sheets if title not in hidden]
    if asked is not None:
        if asked not in list(sheets):
            raise InvalidInput(
                "{name}: no worksheet {asked!r}; it holds: {visible}",
                name=name,
                asked=asked,
                visible=", ".join(visible),
            )
        return asked
    if len(visible) != 1:
        listed = ", ".join(visible) or "no visible one"
        raise InvalidInput(
            "{name}: name one worksheet with --worksheet; it holds: {listed}",
            name=name,
            listed=listed,
        )
    return visible[0]


def _take_rows(table: Table, pairs: Iterable[tuple], name: str) -> None:
    n_empty = 0
    for number, (shown, written) in enumerate(pairs, start=1):
        row = [_plain(v, w) for v, w in zip_longest(shown or (), written or ())]
        while row and row[-1] is None:
            row.pop()
        n_empty = 0 if row else n_empty + 1
        if n_empty > MAX_EMPTY_ROWS:
            return
        if len(row) > MAX_COLUMNS:
            raise InvalidInput(
                "{name}: row {number} has {n_row} cells; at most {max_columns}",
                name=name,
                number=number,
                n_row=len(row),
                max_columns=MAX_COLUMNS,
            )
        if len(table.rows) >= MAX_SHEET_ROWS:
            raise InvalidInput(
                "{name}: more than {max_sheet_rows} rows; save it as CSV",
                name=name,
                max_sheet_rows=MAX_SHEET_ROWS,
            )
        if row:
            table.rows.append(row)
            table.numbers.append(number)


def _plain(value: object, written: object) -> Value:
    if isinstance(written, str) and written.startswith("=") and value is None:
        return FORMULA_WITHOUT_VALUE
    if isinstance(value, dt.datetime):
        is_midnight = value.time() == dt.time.min
        return value.date().isoformat() if is_midnight else value.isoformat(timespec="seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return str(value)
