"""Find the header among the first rows of a sheet; set title rows and total rows aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gis.errors import Defect, InvalidInput, Message
from gis.exchange.columns import plain_name
from gis.exchange.table import Table, Value

MAX_TITLE_ROWS = 10
TOTAL_WORDS = frozenset({"合计", "总计", "小计", "共计", "total", "sum", "subtotal", "grandtotal"})


def with_header(table: Table, known: Iterable[str], *, name: str) -> Table:
    """Turn raw rows into a table with columns: header found, widths checked, totals dropped.

    Parameters
    ----------
    table
        Rows as they stand in the sheet; ``numbers`` count sheet rows from 1.
    known
        Names a header may hold: fields, their synonyms, columns of the mapping.
    name
        File name for messages.

    Returns
    -------
    Table
        ``numbers`` count data rows from 1, the row under the header being 1.

    Raises
    ------
    InvalidInput
        There is no row at all, or the header has the same name twice.
    """
    if not table.rows:
        raise InvalidInput(
            "{name}: there are no rows; expected a header and rows under it", name=name
        )
    position = _header_position(table.rows, {plain_name(word) for word in known})
    columns = [_column_name(cell, i) for i, cell in enumerate(_trimmed(table.rows[position]))]
    _refuse_twins(columns, name)
    notes = list(table.notes)
    if position:
        notes.append(Message("{n} title rows above the header were not read", n=position))
    header_number = table.numbers[position]
    defects = [replace(d, row=d.row - header_number) for d in table.defects if d.row is not None]
    result = Table(columns, [], [], notes=notes, defects=defects)
    for row, number in zip(table.rows[position + 1 :], table.numbers[position + 1 :], strict=True):
        _take(result, row, number - header_number, name)
    result.n_rows = len(result.rows) + len(result.defects)
    return result


def _header_position(rows: list[list[Value]], known: set[str]) -> int:
    """Take the row with most known names; with none, the first that is as wide as the widest."""
    first = rows[:MAX_TITLE_ROWS]
    scores = [sum(plain_name(str(cell)) in known for cell in row if cell) for row in first]
    if max(scores):
        return scores.index(max(scores))
    widths = [sum(cell not in (None, "") for cell in row) for row in first]
    return next(i for i, width in enumerate(widths) if width >= max(widths))


def _trimmed(row: list[Value]) -> list[Value]:
    cells = list(row)
    while cells and (cells[-1] is None or not str(cells[-1]).strip()):
        cells.pop()
    return cells


def _column_name(cell: Value, position: int) -> str:
    text = "" if cell is None else str(cell).strip()
    return text or f"column {position + 1}"


def _refuse_twins(columns: list[str], name: str) -> None:
    twins = sorted({column for column in columns if columns.count(column) > 1})
    if twins:
        raise InvalidInput(
            "{name}: two columns have the same name: {twins}; rename one",
            name=name,
            twins=", ".join(twins),
        )


def _take(result: Table, row: list[Value], number: int, name: str) -> None:
    cells = _trimmed(row)
    width = len(result.columns)
    if not cells:
        return
    if len(cells) > width:
        message = Message(
            "has {n} cells, the header {width}; is a separator inside a cell?",
            n=len(cells),
            width=width,
        )
        result.defects.append(Defect(message, name, None, number, None, "too_many_cells"))
        return
    first = next(str(cell) for cell in cells if cell is not None and str(cell).strip())
    if plain_name(first) in TOTAL_WORDS:
        result.notes.append(Message("row {row} is a total and was not read", row=number))
        return
    result.rows.append([*cells, *[None] * (width - len(cells))])
    result.numbers.append(number)
