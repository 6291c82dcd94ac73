"""Find the header among the first rows of a sheet; set titles, totals and signatures aside.

A header may stand in two rows, a group of columns (坐标) over their names (经度, 纬度). What lies
under a table and is no record is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gis.errors import Defect, InvalidInput, Message
from gis.exchange.columns import bare_name, cell_text, plain_name
from gis.exchange.footer import footer_label, is_total, may_be_line
from gis.exchange.header_rows import (
    begins_another_table,
    explains_columns,
    is_example,
    is_ordered_heading,
    lone_names,
)
from gis.exchange.table import Table, Value, cell_fault

MAX_TITLE_ROWS = 10
MAX_HEADER_ROWS = 3
MAX_EXPLAINING_ROWS = 3
"""So many rows under the header may tell how to fill the table."""


def with_header(
    table: Table, known: Iterable[str], *, name: str, in_workbook: bool = False
) -> Table:
    """Turn raw rows into a table with columns: header found, widths checked, totals dropped.

    Parameters
    ----------
    table
        Rows as they stand in the sheet; ``numbers`` count sheet rows from 1.
    known
        Names a header may hold: fields, their synonyms, columns of the mapping.
    name
        File name for messages.
    in_workbook
        Cells beyond the header are columns without a name; in a text they are a broken row.

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
    words = {plain_name(word) for word in known}
    position, last = _header_rows(table.rows, words)
    cells = _joined_header(table.rows[position : last + 1])
    if in_workbook:
        cells += [None] * (max(len(_trimmed(r)) for r in table.rows[last:]) - len(cells))
    columns = [_column_name(cell, i) for i, cell in enumerate(cells)]
    _refuse_twins(columns, name)
    notes = list(table.notes)
    if position:
        notes.append(Message("{n} title rows above the header were not read", n=position))
    if last > position:
        notes.append(Message("the header stands in {n} rows", n=last - position + 1))
    header_number = table.numbers[last]
    result = replace(
        table,
        columns=columns,
        rows=[],
        numbers=[],
        notes=notes,
        defects=[replace(d, row=d.row - header_number) for d in table.defects if d.row is not None],
        merged=[[number - header_number, column] for number, column in table.merged],
        wide=[number - header_number for number in table.wide],
    )
    rows = list(zip(table.rows[last + 1 :], table.numbers[last + 1 :], strict=True))
    wide = set(result.wide)
    for i, (row, number) in enumerate(rows):
        place = number - header_number
        is_under_header = place <= MAX_EXPLAINING_ROWS and not result.rows
        if not is_under_header and _is_other_header(row, columns):
            _refuse_another_table(result, row, place, len(rows) - i - 1, name)
            break
        _take(result, row, place, name, words, wide)
    _refuse_lone_names(result, name)
    result.n_rows = len(result.rows) + len(result.defects)
    return result


def _header_rows(rows: list[list[Value]], known: set[str]) -> tuple[int, int]:
    """Give the first and last row of the header: the best row, and its partner if it has one."""
    best = _header_position(rows, known)
    first = last = best
    score = _n_known(rows[best], known)
    while score and last + 1 < len(rows) and last - first + 1 < MAX_HEADER_ROWS:
        joined = _n_known(_joined_header(rows[first : last + 2]), known)
        if joined <= score or not _is_header_row(rows[last + 1], known):
            break
        last, score = last + 1, joined
    while score and first and last - first + 1 < MAX_HEADER_ROWS:
        joined = _n_known(_joined_header(rows[first - 1 : last + 1]), known)
        if joined <= score:
            break
        first, score = first - 1, joined
    return first, last


def _is_header_row(row: list[Value], known: set[str]) -> bool:
    """Say whether a row holds names only, half of them known."""
    filled = [cell for cell in row if cell_text(cell)]
    named = [cell for cell in filled if isinstance(cell, str) and not cell.strip().isnumeric()]
    return bool(filled) and len(named) == len(filled) and 2 * _n_known(filled, known) >= len(filled)


def _joined_header(rows: list[list[Value]]) -> list[Value]:
    """Take the lowest name of each column."""
    width = max(len(_trimmed(row)) for row in rows)
    joined: list[Value] = [None] * width
    for row in rows:
        for i, cell in enumerate(_trimmed(row)):
            joined[i] = cell if _name(cell) else joined[i]
    return joined


def _n_known(row: list[Value], known: set[str]) -> int:
    names = filter(None, map(_name, row))
    return sum(plain_name(name) in known or bare_name(name) in known for name in names)


def _header_position(rows: list[list[Value]], known: set[str]) -> int:
    """Take the row with most known names; with none, the first that is as wide as the widest."""
    first = rows[:MAX_TITLE_ROWS]
    scores = [_n_known(row, known) for row in first]
    if max(scores):
        return scores.index(max(scores))
    widths = [sum(bool(_name(cell)) for cell in row) for row in first]
    return next(i for i, width in enumerate(widths) if width >= max(widths))


def _name(cell: Value) -> str:
    """Give what a cell names; nothing for an error or an empty formula."""
    return "" if cell is None or cell_fault(cell) else str(cell).strip()


def _trimmed(row: list[Value]) -> list[Value]:
    cells = list(row)
    while cells and (cells[-1] is None or not str(cells[-1]).strip()):
        cells.pop()
    return cells


def _column_name(cell: Value, position: int) -> str:
    return _name(cell) or f"column {position + 1}"


def _refuse_twins(columns: list[str], name: str) -> None:
    twins = sorted({column for column in columns if columns.count(column) > 1})
    if twins:
        raise InvalidInput(
            "{name}: two columns have the same name: {twins}; rename one",
            name=name,
            twins=", ".join(twins),
        )


def _texts(row: list[Value]) -> list[str]:
    return [text for text in map(cell_text, row) if text]


def _is_other_header(row: list[Value], columns: list[str]) -> bool:
    """Say whether a row is a header, and not this table's again."""
    return begins_another_table(row) and not _repeats_header(_trimmed(row), columns)


def _refuse_another_table(
    result: Table, row: list[Value], number: int, n_below: int, name: str
) -> None:
    message = Message(
        "looks like the header of another table ({names}) and was not read, nor {n} rows under"
        " it; give each table its own sheet or file",
        names=", ".join(_texts(row)[:5]),
        n=n_below,
    )
    result.defects.append(Defect(message, name, None, number, None, "another_table"))


def _refuse_lone_names(result: Table, name: str) -> None:
    """Refuse rows that are headings rather than records, where that is likely but not sure."""
    for position in reversed(lone_names(result.rows)):
        message = Message(
            "holds nothing but “{text}”; if it is a heading, take the row out, else complete it",
            text=_texts(result.rows[position])[0][:20],
        )
        number = result.numbers.pop(position)
        result.rows.pop(position)
        result.defects.append(Defect(message, name, None, number, None, "heading"))


def _take(
    result: Table, row: list[Value], number: int, name: str, known: set[str], wide: set[int]
) -> None:
    cells = _trimmed(row)
    width = len(result.columns)
    if not cells:
        return
    left_out = _no_record(cells, result.columns, number, known, wide)
    if left_out is not None:
        result.notes.append(left_out)
    elif len(cells) > width:
        message = Message(
            "has {n} cells, the header {width}; is a separator inside a cell?",
            n=len(cells),
            width=width,
        )
        result.defects.append(Defect(message, name, None, number, None, "too_many_cells"))
    else:
        result.rows.append([*cells, *[None] * (width - len(cells))])
        result.numbers.append(number)


def _no_record(
    cells: list[Value], columns: list[str], number: int, known: set[str], wide: set[int]
) -> Message | None:
    """Say what a row is that is no record; None for a record."""
    if may_be_line(next(filter(None, map(cell_text, cells)))) or _n_filled(cells) == 1:
        filled = [cell_text(cell) for cell in cells if cell_text(cell)]
        if is_total(filled):
            return Message("row {row} is a total and was not read", row=number)
        label = footer_label(filled, len(columns))
        if label is not None:
            return Message(
                "row {row} is no record but a line under the table (“{label}”) and was not read",
                row=number,
                label=label,
            )
    if _n_filled(cells) == 1:
        text = _texts(cells)[0] if _texts(cells) else ""
        if number in wide or is_ordered_heading(text):
            said = "row {row} is a heading (“{text}”) and was not read"
            return Message(said, row=number, text=text[:20])
    if number <= MAX_EXPLAINING_ROWS and is_example(next(iter(_texts(cells)), "")):
        return Message("row {row} is an example and was not read", row=number)
    if number <= MAX_EXPLAINING_ROWS and explains_columns(_texts(cells), known):
        return Message("row {row} is a part of the header and was not read", row=number)
    if _repeats_header(cells, columns) or (number == 1 and _counts_columns(cells, columns)):
        return Message("row {row} is a part of the header and was not read", row=number)
    return None


def _n_filled(cells: list[Value]) -> int:
    return sum(cell is not None and cell != "" for cell in cells)


def _repeats_header(cells: list[Value], columns: list[str]) -> bool:
    """Say whether the row is the header again, as printed on every page."""
    n_same = 0
    for cell, column in zip(cells, columns, strict=False):
        name = _name(cell)
        if name and name != column:
            return False
        n_same += bool(name)
    return n_same >= min(2, len(columns))


def _counts_columns(cells: list[Value], columns: list[str]) -> bool:
    """Say whether the row under the header only numbers the columns, from 1."""
    numbers = [str(i) for i in range(1, len(columns) + 1)]
    return len(columns) >= 4 and [cell_text(cell).strip("()（）") for cell in cells] == numbers
