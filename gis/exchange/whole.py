"""A table carried through whole: every row of a file, in order, with columns added beside it.

Unlike `gis.exchange.records` nothing is left out, changed or refused row by row: what goes in comes
out again, blank rows too. A CSV is read as a stream, so a large one needs little memory.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import openpyxl

from gis.errors import InvalidInput, Message
from gis.exchange.columns import plain_name
from gis.exchange.delimited import broken_row, separator_of, stated_separator
from gis.exchange.encoding import codec_of
from gis.exchange.limits import MAX_COLUMNS, MAX_ROWS
from gis.exchange.sandbox import read_confined
from gis.exchange.staging import Staged, stage_file
from gis.exchange.table import Value, cell_fault
from gis.exchange.writers import FORMATS, safe_text, workbook_cell

TITLE_ROWS = 10
"""The header is looked for in so many rows."""

_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
Row = list[Value]


@dataclass(frozen=True)
class WholeTable:
    """A file with a header, ready to be gone through as often as needed.

    Parameters
    ----------
    name, sha256
        Of the file.
    columns
        Names as written; rows that are longer than the header have columns named by their place.
    n_rows
        Rows under the header.
    notes
        What was left out or assumed.
    """

    name: str
    sha256: str
    columns: list[str]
    n_rows: int
    notes: list[Message]
    _read: Callable[[], Iterator[Row]]
    _header: int

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Go through the rows under the header from a position on, each as wide as `columns`."""
        width = len(self.columns)
        for row in islice(self._read(), self._header + 1 + start, None):
            yield [*row, *[""] * (width - len(row))]


def open_whole(
    path: Path,
    folder: Path,
    *,
    known: Iterable[str],
    encoding: str | None = None,
    worksheet: str | None = None,
) -> WholeTable:
    """Open a CSV (also .csv.gz) or XLSX.

    Parameters
    ----------
    path
        The file.
    folder
        A temporary folder that lives as long as the table is used.
    known
        Column names that a header may hold; without any of them the first row is the header.
    encoding, worksheet
        Where they cannot be found out.

    Raises
    ------
    InvalidInput
        Another format, no row, or a CSV that is broken somewhere.
    """
    staged = stage_file(path, folder, layer=None)
    if staged.format == "csv":
        read = _csv_reader(staged, encoding)
    elif staged.format == "workbook":
        read = _workbook_reader(staged, folder, worksheet)
    else:
        raise InvalidInput(f"{path.name}: a {staged.format} is no table; give a CSV or XLSX")
    header, n_rows, width = _measure(read, {plain_name(k) for k in known}, path.name)
    names = [str(c) for c in next(islice(read(), header, None))]
    names += [f"column {i + 1}" for i in range(len(names), width)]
    notes = [Message("{n} rows above the header were left out", n=header)] * bool(header)
    return WholeTable(path.name, staged.sha256, names, n_rows, notes, read, header)


def _measure(read: Callable[[], Iterator[Row]], known: set[str], name: str) -> tuple[int, int, int]:
    """Find the header's position, the number of rows under it, and the widest row."""
    first = list(islice(read(), TITLE_ROWS))
    hits = (i for i, row in enumerate(first) if any(plain_name(str(c)) in known for c in row if c))
    filled = (i for i, row in enumerate(first) if any(str(c or "").strip() for c in row))
    header = next(hits, next(filled, None))
    if header is None:
        raise InvalidInput(f"{name}: there are no rows; expected a header and rows under it")
    count, width = 0, 0
    for row in islice(read(), header, None):
        count, width = count + 1, max(width, len(row))
        if count > MAX_ROWS + 1 or width > MAX_COLUMNS:
            raise InvalidInput(
                f"{name}: more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; split the file"
            )
    return header, count - 1, width


def _csv_reader(staged: Staged, encoding: str | None) -> Callable[[], Iterator[Row]]:
    content = staged.path.read_bytes()
    codec = codec_of(content, encoding, file=staged.name)
    start = content[:100_000].decode(codec, "ignore").removeprefix("\ufeff")
    separator, states_separator = separator_of(start), stated_separator(start) is not None
    del content

    def read() -> Iterator[Row]:
        number, begin = 0, 1
        with staged.path.open(encoding=codec, newline="") as stream:
            lines = (line.replace("\x00", "").removeprefix("\ufeff") for line in stream)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            try:
                for row in reader:
                    number, begin = number + 1, reader.line_num + 1
                    if number > 1 or not states_separator:
                        yield list(row)
            except csv.Error as error:
                why = broken_row(str(error), begin, reader.line_num)
                raise InvalidInput(
                    f"{staged.name}: row {number + 1} cannot be read ({why}); mend it, nothing was"
                    " written"
                ) from error

    return read


def _workbook_reader(
    staged: Staged, folder: Path, worksheet: str | None
) -> Callable[[], Iterator[Row]]:
    table = read_confined(
        "workbook",
        staged.path,
        name=staged.name,
        folder=folder,
        options={"worksheet": worksheet},
    )
    by_number = dict(zip(table.numbers, table.rows, strict=True))

    def read() -> Iterator[Row]:
        for number in range(1, (table.numbers[-1] if table.numbers else 0) + 1):
            yield [_carried(cell) for cell in by_number.get(number, [])]

    return read


def _carried(cell: Value) -> Value:
    """Give a cell as it is carried through: an error as the sheet shows it."""
    fault = cell_fault(cell)
    return fault.error if fault else "" if cell is None else cell


# -- writing ------------------------------------------------------------------------------------


def write_whole(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows to a CSV (UTF-8 with mark), XLSX or JSON by the ending of the path.

    The file appears whole or not at all. Text that a spreadsheet would run is marked as text;
    numbers are left as they are, negative ones too.

    Raises
    ------
    InvalidInput
        Another ending, or the path cannot be written.
    """
    format_ = format_of(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            _WRITERS[format_](part, columns, rows)
            os.replace(part, path)
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be written ({error.strerror})") from error


def format_of(path: Path) -> str:
    """Give the format a path ends with.

    Raises
    ------
    InvalidInput
        It is none that is written.
    """
    format_ = path.suffix.lstrip(".").lower() or "csv"
    if format_ not in FORMATS:
        raise InvalidInput(f"{path.name}: can be written as {', '.join(FORMATS)}; rename it")
    return format_


def guarded(value: Value) -> Value:
    """Put ``'`` before text that a spreadsheet would run, but not before a number.

    Examples
    --------
    >>> guarded("-3.5"), guarded("-3+cmd"), guarded("=1"), guarded(-3)
    ('-3.5', "'-3+cmd", "'=1", -3)
    """
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return safe_text(value)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([safe_text(c) for c in columns])
        writer.writerows([guarded(v) for v in row] for row in rows)


def _write_xlsx(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in chain([columns], rows):
        sheet.append([workbook_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    path.write_bytes(content.getvalue())


def _write_json(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    if len(set(columns)) < len(columns):
        raise InvalidInput(f"{path.name}: two columns have the same name; write a CSV instead")
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        stream.write("[")
        for i, row in enumerate(rows):
            one = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
            stream.write((",\n" if i else "\n") + one)
        stream.write("\n]\n")


_WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx, "json": _write_json}
