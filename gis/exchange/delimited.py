"""Read CSV: find encoding and separator, keep every row's number, list the rows that do not fit."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from gis.errors import Defect, InvalidInput, Message
from gis.exchange.encoding import codec_named, detect_codec
from gis.exchange.limits import MAX_COLUMNS, MAX_ROWS
from gis.exchange.table import Table

SEPARATORS = ",;\t|"


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
    content = path.read_bytes()
    table = Table(columns=[], rows=[], numbers=[])
    text = _decode(content, encoding, name, table)
    if "\x00" in text:
        text = text.replace("\x00", "")
        table.notes.append("NUL characters were removed")
    _take_rows(table, text, name)
    return table


def _decode(content: bytes, encoding: str | None, name: str, table: Table) -> str:
    codec = codec_named(encoding, file=name) if encoding else detect_codec(content)
    if codec is None:
        raise InvalidInput(
            "{name}: the encoding cannot be told; save it as UTF-8, or state it, "
            "such as --encoding gb18030",
            name=name,
        )
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInput(
            "{name}: line {line} is not {codec}",
            name=name,
            line=line,
            codec=codec.removesuffix("-sig"),
        ) from error
    if encoding is None and codec in ("gb18030", "big5"):
        table.notes.append(Message("text read as {codec}, found by its characters", codec=codec))
    return text


def _take_rows(table: Table, text: str, name: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            table.defects.append(_broken_row(name, number, error))
            continue
        number += 1
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
        if any(cell.strip() for cell in row):
            table.rows.append(list(row))
            table.numbers.append(number)


def _broken_row(name: str, number: int, error: csv.Error) -> Defect:
    message = str(error)
    if "field larger" in message:
        message = "a cell is longer than 131,072 characters"
    elif "unexpected end of data" in message:
        message = 'a quoted cell is never closed; look for a missing "'
    return Defect(message, name, None, number, None, "broken_row")


def separator_of(text: str) -> str:
    """Find the separator that cuts the first lines most often and most evenly."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    counts = {s: Counter(line.count(s) for line in lines).most_common(1) for s in SEPARATORS}
    best = {s: (c[0][1] if c and c[0][0] else 0, c[0][0] if c else 0) for s, c in counts.items()}
    return max(SEPARATORS, key=lambda s: best[s])
