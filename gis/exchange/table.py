"""The plain table every reader gives: columns, rows of plain values, and shapes as WKB.

It crosses from the confined child to its parent as JSON plus one blob, never as pickled objects:
a reader taken over by a hostile file can send wrong values but run nothing in the parent.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gis.errors import Defect, InvalidInput
from gis.messages import plain_message, read_message

Value = str | int | float | bool | None

_FAULT = "\x00"
"""Begins a value that stands for a cell of a workbook without a usable value."""


@dataclass(frozen=True)
class CellFault:
    """A cell that a workbook shows as an error, or a formula that was never calculated.

    Parameters
    ----------
    cell
        Its name in the sheet, such as ``B7``.
    error
        What the sheet shows, such as ``#N/A``; empty for a formula without a value.
    """

    cell: str
    error: str = ""

    def as_value(self) -> str:
        """Write it as a value of a row; `cell_fault` reads it again.

        Examples
        --------
        >>> cell_fault(CellFault("B7", "#N/A").as_value())
        CellFault(cell='B7', error='#N/A')
        """
        return f"{_FAULT}{self.cell} {self.error}"


def cell_fault(value: Value) -> CellFault | None:
    """Give the fault that a value stands for; None for a plain value."""
    if not isinstance(value, str) or not value.startswith(_FAULT):
        return None
    cell, _, error = value[len(_FAULT) :].partition(" ")
    return CellFault(cell, error)


@dataclass
class Table:
    """What stands in a file, before it is checked against a kind of record.

    Parameters
    ----------
    columns
        Names as written in the file.
    rows
        One list of values per row, in column order.
    numbers
        Row number in the file of each row, counted from 1.
    shapes
        WKB of each row or None; None altogether when the file has no shapes.
    crs
        Coordinate reference system as authority code or WKT; None when the file states none.
    defects
        Rows that could not be read at all; they are not among `rows`.
    notes
        What was assumed or left out, in words.
    n_rows
        Data rows in the file, the defective ones included.
    merged
        Row number and column (from 0) of the cells that got their value from a merged cell.
    wide
        Row numbers of the cells that are merged over several columns.
    is_1904
        Plain day numbers count from 1904, not from 1900.
    """

    columns: list[str]
    rows: list[list[Value]]
    numbers: list[int]
    shapes: list[bytes | None] | None = None
    crs: str | None = None
    defects: list[Defect] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_rows: int = 0
    merged: list[list[int]] = field(default_factory=list)
    wide: list[int] = field(default_factory=list)
    is_1904: bool = False


def write_answer(folder: Path, answer: Table | InvalidInput) -> None:
    """Write a table or a refusal for the parent, as JSON, rows and shapes in files of their own."""
    if isinstance(answer, InvalidInput):
        content: dict[str, Any] = {"refused": plain_message(answer.message)}
    else:
        content = {**vars(answer), "notes": [plain_message(note) for note in answer.notes]}
        _write_shapes(folder / "shapes.bin", content.pop("shapes"))
        _write_rows(folder / "rows.json", content.pop("rows"))
    content["defects"] = [asdict(d) | {"message": plain_message(d.message)} for d in answer.defects]
    text = json.dumps(content, ensure_ascii=True, allow_nan=True)
    (folder / "answer.json").write_text(text, encoding="ascii")


def read_answer(folder: Path) -> Table:
    """Read what `write_answer` wrote, or raise the refusal it holds."""
    content = json.loads((folder / "answer.json").read_text(encoding="ascii"))
    defects = [
        Defect(**d | {"message": read_message(d["message"])}) for d in content.pop("defects")
    ]
    if "refused" in content:
        raise InvalidInput(read_message(content["refused"]), defects)
    content["notes"] = [read_message(note) for note in content["notes"]]
    content["rows"] = _read_rows(folder / "rows.json")
    return Table(**content, defects=defects, shapes=_read_shapes(folder / "shapes.bin"))


def _write_rows(path: Path, rows: list[list[Value]]) -> None:
    """Write one row on each line, so that no text of the whole table is ever in memory."""
    with path.open("w", encoding="ascii") as stream:
        stream.writelines(f"{json.dumps(row)}\n" for row in rows)


def _read_rows(path: Path) -> list[list[Value]]:
    with path.open(encoding="ascii") as stream:
        return [json.loads(line) for line in stream]


def _write_shapes(path: Path, shapes: list[bytes | None] | None) -> None:
    if shapes is None:
        return
    with path.open("wb") as stream:
        for shape in shapes:
            stream.write(struct.pack("<q", -1 if shape is None else len(shape)))
            stream.write(shape or b"")


def _read_shapes(path: Path) -> list[bytes | None] | None:
    if not path.exists():
        return None
    content = path.read_bytes()
    shapes: list[bytes | None] = []
    position = 0
    while position < len(content):
        (length,) = struct.unpack_from("<q", content, position)
        position += 8
        shapes.append(None if length < 0 else content[position : position + length])
        position += max(length, 0)
    return shapes
