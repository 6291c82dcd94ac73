"""Read one worksheet of an .xlsx workbook as it was last calculated; formulas are never run.

Runs in the confined child. Rows come with their position, all cells as plain values; dates as ISO
text. Which row is the header is decided by the caller, who knows the names to look for.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import python_calamine as calamine

from gis.errors import CommandHint, InvalidInput, Message
from gis.exchange.limits import MAX_COLUMNS, MAX_SHEET_CELLS, MAX_SHEET_ROWS
from gis.exchange.sheet_xml import (
    FORMULA,
    Book,
    Damaged,
    SheetPart,
    SheetScan,
    cell_name,
    read_book,
    scan_sheet,
    with_zeros,
)
from gis.exchange.table import CellFault, Table, Value

SURE_DIGITS = 15
"""A number in a cell keeps so many digits."""

MOST_LISTED = 10
MAX_WIDE_ROWS = 100
"""So many rows of one merged cell may be a heading."""

_DAMAGES = (Damaged, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError)


def read_workbook(path: Path, *, name: str, worksheet: str | None) -> Table:
    """Read one visible worksheet; its rows include title and header rows.

    Raises
    ------
    InvalidInput
        Not a workbook, or damaged; the worksheet is not there; several are visible and none was
        named; too many rows or columns.
    """
    try:
        return _read(path, name, worksheet)
    except (*_DAMAGES, NotImplementedError, RuntimeError, calamine.CalamineError) as error:
        raise InvalidInput(
            "{name}: the workbook is damaged; open it and save it again", name=name
        ) from error


def _read(path: Path, name: str, worksheet: str | None) -> Table:
    with zipfile.ZipFile(path) as archive:
        book = read_book(archive)
        table = Table(columns=[], rows=[], numbers=[], is_1904=book.is_1904)
        sheet, scan = _choose(archive, book, worksheet, name, table)
    _refuse_size(scan, name)
    opened = calamine.load_workbook(str(path))
    values = opened.get_sheet_by_name(sheet.title)
    _take_rows(table, values.iter_rows() if values.height else (), scan, book.padded)
    if len(table.rows) > MAX_SHEET_ROWS:
        raise InvalidInput(
            "{name}: more than {max_sheet_rows} rows; save it as CSV",
            name=name,
            max_sheet_rows=MAX_SHEET_ROWS,
        )
    _note_hidden(table, scan)
    _spread_merged(table, values.merged_cell_ranges or (), name)
    return table


def _choose(
    archive: zipfile.ZipFile, book: Book, asked: str | None, name: str, table: Table
) -> tuple[SheetPart, SheetScan]:
    """Choose the sheet that was asked for, else the only visible one that holds anything."""
    visible = [sheet for sheet in book.sheets if sheet.is_visible]
    wanted = [s for s in book.sheets if s.title == asked] if asked is not None else visible
    if asked is not None and not wanted:
        raise InvalidInput(
            "{name}: no worksheet {asked!r}; it holds: {visible}",
            name=name,
            asked=asked,
            visible=", ".join(s.title for s in visible),
        )
    scans = [scan_sheet(archive, sheet.path, book.padded) for sheet in wanted]
    filled = [i for i, scan in enumerate(scans) if scan.last_row] or [0][: len(wanted)]
    if len(filled) != 1:
        listed = ", ".join(wanted[i].title for i in filled) or Message("no visible one")
        raise InvalidInput(
            "{name}: name one worksheet{hint}; it holds: {listed}",
            name=name,
            hint=CommandHint("--worksheet WORKSHEET"),
            listed=listed,
        )
    _note_others(table, book, wanted, filled[0], asked)
    return wanted[filled[0]], scans[filled[0]]


def _note_others(
    table: Table, book: Book, wanted: Sequence[SheetPart], taken: int, asked: str | None
) -> None:
    hidden = [s.title for s in book.sheets if not s.is_visible]
    empty = [sheet.title for i, sheet in enumerate(wanted) if i != taken]
    if hidden and asked is None:
        table.notes.append(Message("hidden worksheets not read: {names}", names=", ".join(hidden)))
    if empty:
        table.notes.append(Message("empty worksheets: {names}", names=", ".join(empty)))


def _refuse_size(scan: SheetScan, name: str) -> None:
    """Refuse what would not fit in memory, before it is laid out there."""
    if scan.last_column > MAX_COLUMNS:
        raise InvalidInput(
            "{name}: there are cells as far as column {column}; at most {max_columns} columns are"
            " read",
            name=name,
            column=cell_name(1, scan.last_column)[:-1],
            max_columns=MAX_COLUMNS,
        )
    if max(scan.n_filled, scan.last_row * scan.last_column) > MAX_SHEET_CELLS:
        raise InvalidInput(
            "{name}: {rows:,} rows of {columns} columns are more than is read of a workbook; "
            "delete what lies far from the table, or save it as CSV",
            name=name,
            rows=scan.last_row,
            columns=scan.last_column,
        )


def _take_rows(
    table: Table, rows: Iterable[Sequence[object]], scan: SheetScan, padded: Mapping[str, str]
) -> None:
    """Take the filled rows over, each with its number in the sheet."""
    special: dict[int, dict[int, tuple[str, str]]] = {}
    for (at, column), fault in scan.faults.items():
        special.setdefault(at, {})[column] = fault
    zeros: dict[int, dict[int, str]] = {}
    for (at, column), style in scan.padded.items():
        zeros.setdefault(at, {})[column] = padded[style]
    for number, cells in enumerate(rows, start=1):
        row = [_plain(value) for value in cells]
        for column, pattern in zeros.pop(number, {}).items():
            row[column - 1] = _shown(row[column - 1], pattern)
        _put_faults(row, number, special.pop(number, {}))
        _append(table, row, number)
    for number in sorted(special):
        row = []
        _put_faults(row, number, special[number])
        _append(table, row, number)


def _note_hidden(table: Table, scan: SheetScan) -> None:
    """Say which of the rows and columns that were read are not shown, by a filter or by hand."""
    hidden = set(scan.hidden_rows).intersection(table.numbers)
    if hidden:
        said = "rows {rows} of the sheet are hidden, by a filter or by hand; they were read too"
        table.notes.append(Message(said, rows=_listed(map(str, sorted(hidden)))))
    columns = [column for column in scan.hidden_columns if column <= scan.last_column]
    if columns:
        names = _listed(cell_name(1, column)[:-1] for column in columns)
        said = "columns {columns} of the sheet are hidden; they were read too"
        table.notes.append(Message(said, columns=names))


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return ", ".join(found[:MOST_LISTED]) + (", …" if len(found) > MOST_LISTED else "")


def _append(table: Table, row: list[Value], number: int) -> None:
    while row and row[-1] is None:
        row.pop()
    if row:
        table.rows.append(row)
        table.numbers.append(number)


def _put_faults(row: list[Value], number: int, faults: dict[int, tuple[str, str]]) -> None:
    for column, (kind, text) in faults.items():
        row += [None] * (column - len(row))
        error = "" if kind == FORMULA else text or "?"
        row[column - 1] = CellFault(cell_name(number, column), error).as_value()


def _shown(value: Value, pattern: str) -> Value:
    """Give a number as its format shows it: a code keeps its zeros."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    written = with_zeros(value, pattern)
    return value if written is None else written


def _plain(value: object) -> Value:
    if value == "" or value is None:
        return None
    if isinstance(value, float):
        is_whole = value.is_integer() and abs(value) < 10**SURE_DIGITS
        return int(value) if is_whole else value
    if isinstance(value, dt.datetime):
        is_midnight = value.time() == dt.time.min
        return value.date().isoformat() if is_midnight else value.isoformat(timespec="seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return value if isinstance(value, (str, bool, int)) else str(value)


def _spread_merged(table: Table, ranges: Iterable[tuple], name: str) -> None:
    """Give the value of a cell merged over several rows to each of them that holds anything."""
    position = {number: i for i, number in enumerate(table.numbers)}
    listed: list[str] = []
    n_given = 0
    for (top, left), (bottom, right) in ranges:
        if right > left and len(table.wide) < MAX_SHEET_ROWS:
            table.wide += range(top + 1, min(bottom, top + MAX_WIDE_ROWS) + 2)
        first = position.get(top + 1)
        if bottom == top or first is None or left >= len(table.rows[first]):
            continue
        value = table.rows[first][left]
        last = min(bottom, table.numbers[-1] - 1)
        n_given += max(0, last - top)
        if n_given > MAX_SHEET_CELLS:
            raise InvalidInput("{name}: too many merged cells; unmerge them", name=name)
        rows = [position[n] for n in range(top + 2, last + 2) if n in position]
        if value is None or not rows:
            continue
        for i in rows:
            _give(table, i, left, value)
        if len(listed) < MOST_LISTED + 1:
            listed.append(f"{cell_name(top + 1, left + 1)}:{cell_name(bottom + 1, right + 1)}")
    if listed:
        said = "merged cells: what stands in {ranges} was read in every row"
        table.notes.append(Message(said, ranges=_listed(listed)))


def _give(table: Table, i: int, column: int, value: Value) -> None:
    row = table.rows[i]
    row += [None] * (column + 1 - len(row))
    if row[column] is None:
        row[column] = value
        table.merged.append([table.numbers[i], column])
