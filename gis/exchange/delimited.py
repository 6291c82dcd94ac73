"""Read CSV: find encoding and separator, keep every row's number, list the rows that do not fit."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from gis.errors import Defect, InvalidInput, Message
from gis.exchange.encoding import codec_of
from gis.exchange.limits import MAX_COLUMNS, MAX_ROWS
from gis.exchange.table import Table

SEPARATORS = ",;\t|"
WIDE_SEPARATORS = "，；"
"""Typed by a Chinese keyboard; taken where the first line has no other."""

_STATED = re.compile(r'^"?sep=(?P<sign>[^"\r\n])"?[\r\n]*$', re.IGNORECASE)
START_BYTES = 100_000
"""The separator and the usual width are told from so much of a file."""


def read_csv(path: Path, *, name: str, encoding: str | None) -> Table:
    """Read a CSV; its rows include the header and any title rows above it.

    Parameters
    ----------
    path
        The file, unpacked.
    name
        Its name in messages.
    encoding
        As people write it; None to find it out.

    Raises
    ------
    InvalidInput
        The encoding cannot be told, or there are too many rows or columns.
    """
    table = Table(columns=[], rows=[], numbers=[])
    codec, start = _codec_and_start(path, encoding, name, table)
    with path.open(encoding=codec, newline="") as stream:
        _take_rows(table, _lines(stream, table), start, name)
    return table


def _codec_and_start(path: Path, encoding: str | None, name: str, table: Table) -> tuple[str, str]:
    """Give the codec of the file, and its first lines."""
    content = path.read_bytes()
    codec = codec_of(content, encoding, file=name)
    if encoding is None and codec not in ("utf-8-sig", "utf-16"):
        table.notes.append(Message("text read as {codec}, found by its characters", codec=codec))
    return codec, content[:START_BYTES].decode(codec, "ignore").removeprefix("\ufeff")


def _lines(stream: TextIO, table: Table) -> Iterator[str]:
    """Give the lines without a mark at the beginning and without NUL."""
    n_nul = n_marks = 0
    for i, line in enumerate(stream):
        n_nul += "\x00" in line
        n_marks += bool(i) and line.startswith("\ufeff")
        yield line.replace("\x00", "").removeprefix("\ufeff")
    if n_marks:
        table.notes.append(Message("marks between files that were joined here were removed"))
    if n_nul:
        table.notes.append(Message("NUL characters were removed"))


def _take_rows(table: Table, lines: Iterable[str], start: str, name: str) -> None:
    separator = separator_of(start)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    states_separator = stated_separator(start) is not None
    number, usual = 0, _usual_width(start, separator)
    while True:
        number += 1
        begin = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = broken_row(str(error), begin, reader.line_num)
            table.defects.append(Defect(message, name, None, number, None, "broken_row"))
            continue
        if len(row) > MAX_COLUMNS:
            raise InvalidInput(
                "{name}: row {number} has {n_row} cells; at most {max_columns}",
                name=name,
                number=number,
                n_row=len(row),
                max_columns=MAX_COLUMNS,
            )
        if number > MAX_ROWS:
            raise InvalidInput(
                "{name}: more than {max_rows} rows; split the file", name=name, max_rows=MAX_ROWS
            )
        if reader.line_num > begin and _swallows(row, separator, usual):
            message = _open_quote(begin, reader.line_num)
            table.defects.append(Defect(message, name, None, number, None, "broken_row"))
        elif any(cell.strip() for cell in row) and not (number == 1 and states_separator):
            table.rows.append(list(row))
            table.numbers.append(number)


def broken_row(error: str, begin: int, end: int) -> str:
    """Say why a row cannot be read; ``begin`` and ``end`` are its lines in the file."""
    if "field larger" in error:
        return "a cell is longer than 131,072 characters"
    if "unexpected end of data" in error:
        return Message(
            'line {line} opens a quote (") that is never closed; it swallows all that follows,'
            " {n} lines to the end of the file",
            line=begin,
            n=end - begin,
        )
    if "expected after" in error and end > begin:
        return _open_quote(begin, end)
    if "expected after" in error:
        return Message('line {line}: text stands behind a closing quote (")', line=end)
    return error


def _open_quote(begin: int, end: int) -> Message:
    return Message(
        'line {line} opens a quote (") that is closed only in line {end}; it swallows {n} lines'
        " that look like rows",
        line=begin,
        end=end,
        n=end - begin,
    )


def _usual_width(text: str, separator: str) -> int:
    """Give the number of separators that most of the first lines have."""
    counts = Counter(line.count(separator) for line in _first_lines(text))
    return counts.most_common(1)[0][0] if counts else 0


def _swallows(row: list[str], separator: str, usual: int) -> bool:
    """Say whether a cell of several lines holds lines that are rows of the table themselves."""
    if not usual:
        return False
    inner = (line for cell in row if "\n" in cell for line in cell.splitlines()[1:])
    return any(line.count(separator) >= usual for line in inner)


def separator_of(text: str) -> str:
    """Find the separator: the stated one, else what cuts the first lines most, and evenly."""
    stated = stated_separator(text)
    if stated is not None:
        return stated
    lines = _first_lines(text)
    if lines and not any(sign in lines[0] for sign in SEPARATORS):
        wide = next((sign for sign in WIDE_SEPARATORS if sign in lines[0]), None)
        if wide is not None and all(wide in line for line in lines):
            return wide
    counts = {s: Counter(line.count(s) for line in lines).most_common(1) for s in SEPARATORS}
    best = {s: (c[0][1] if c and c[0][0] else 0, c[0][0] if c else 0) for s, c in counts.items()}
    return max(SEPARATORS, key=lambda s: best[s])


def stated_separator(text: str) -> str | None:
    """Give the separator that the first line states for a spreadsheet, as ``sep=;``."""
    match = _STATED.match(text.lstrip("\ufeff").partition("\n")[0])
    return match["sign"] if match else None


def _first_lines(text: str) -> list[str]:
    return [line for line in text[:20_000].splitlines() if line.strip()][:20]
