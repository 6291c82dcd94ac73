"""The cells of one file against the fields of a kind: types, keys, codes, places.

A value that cannot be used makes a defect that names row and field; personal values are masked.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import shapely

from gis.domain.kinds import Field, RecordKind
from gis.errors import CommandHint, Defect, InvalidInput, Message
from gis.exchange.columns import Source, bare_name, cell_text, plain_name
from gis.exchange.formats import FORMATS
from gis.exchange.masking import ascii_controls, shown
from gis.exchange.shapes import ShapeCheck
from gis.exchange.table import Table, Value, cell_fault
from gis.exchange.values import HIDDEN_SIGNS, read_value
from gis.exchange.written_places import WrittenPlaces, find_places

SHEETS = frozenset(form.name for form in FORMATS if form.is_sheet)
"""Formats without shapes of their own."""

MOST_NAMED = 5
"""Other rows of the same key that a defect names."""

MOST_LISTED = 10
SURE_DIGITS = 15
"""A spreadsheet keeps so many digits of a number."""

SURE_ZEROS = 6
"""So many zeros at the ends of long numbers are no chance."""

_LONG_NUMBER = re.compile(r"^[1-9]\d{17,19}$")
_BIRTH_DAY = re.compile(r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{4}$")
_WITHOUT_ZERO = re.compile(r"^(?![48]00|423)[2-9]\d{9,10}$")

DAYS_FROM_1900_TO_1904 = 1462
PLACEHOLDERS = r"""
- -- --- — —— – / // \ . .. … * ? ？ 无 無 暂无 没有 未知 不详 不詳 不明 未登记 未填 空 待定 待补
null none nil n/a na nan unknown missing tbd
"""
"""What people write into a cell that they have nothing for; it names no row."""

OTHER_NAMES = ("reference", "household_number")
"""Fields that name a thing besides the key of a kind."""

WITHOUT_WORDS = frozenset({"integer", "number", "date", "datetime"})
"""Types of fields in which a word for nothing (无, -, N/A) can only be an empty cell."""

COUNTED = frozenset({"people", "dwellings"})
"""What a merged cell says of several rows together, not of each."""


_PLACEHOLDERS = frozenset(PLACEHOLDERS.split())


def is_placeholder(value: object) -> bool:
    """Say whether a text stands for nothing.

    Examples
    --------
    >>> is_placeholder("无"), is_placeholder(" - "), is_placeholder("N/A"), is_placeholder("0012")
    (True, True, True, False)
    """
    return isinstance(value, str) and value.strip().casefold() in _PLACEHOLDERS


def _from_1904(value: Value) -> Value:
    """Turn a day number of the 1904 system into one of the 1900 system."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return value + DAYS_FROM_1900_TO_1904


def row_list(rows: Sequence[int]) -> str:
    """Write the first of some row numbers.

    Examples
    --------
    >>> row_list([3, 4]), row_list(range(1, 13))
    ('3, 4', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …')
    """
    return ", ".join(map(str, rows[:MOST_LISTED])) + (", …" if len(rows) > MOST_LISTED else "")


def are_cut(numbers: Collection[str]) -> bool:
    """Say whether numbers of 18 digits and more end as those that a spreadsheet cut to 15.

    Examples
    --------
    >>> are_cut({"420101198001010000"}), are_cut({"420101198001011234", "420101198001010000"})
    (True, False)
    >>> are_cut({"999999999999999000"}), are_cut(set())
    (False, False)
    """
    if not numbers or any(number[SURE_DIGITS:].strip("0") for number in numbers):
        return False
    n_zeros = sum(len(number) - SURE_DIGITS for number in numbers)
    return n_zeros >= SURE_ZEROS or any(_BIRTH_DAY.match(number) for number in numbers)


def without_unfed_rows(table: Table, sources: dict[str, Source]) -> Table:
    """Leave out rows that hold nothing but numbers, in columns that nothing is read from.

    Forms come with rows that are numbered and not filled in.
    """
    used = {i for source in sources.values() for i in source.columns}
    if not used or has_shapes(table):
        return table
    filled = [
        any(cell_text(row[i]) for i in used)
        or any(text and not text.isdecimal() for text in map(cell_text, row))
        for row in table.rows
    ]
    empty = [table.numbers[i] for i, is_filled in enumerate(filled) if not is_filled]
    if not empty:
        return table
    said = "rows {rows} hold nothing in the columns that are read, and were left out"
    return replace(
        table,
        rows=[row for row, is_filled in zip(table.rows, filled, strict=True) if is_filled],
        numbers=[n for n, is_filled in zip(table.numbers, filled, strict=True) if is_filled],
        notes=[*table.notes, Message(said, rows=row_list(empty))],
        n_rows=table.n_rows - len(empty),
    )


def has_shapes(table: Table) -> bool:
    """Say whether any row of a file has a shape of its own."""
    return table.shapes is not None and any(shape is not None for shape in table.shapes)


class Cells:
    """The rows of one file on their way to a frame."""

    def __init__(
        self, record: RecordKind, table: Table, sources: dict[str, Source], file: str
    ) -> None:
        self.record, self.table, self.sources, self.file = record, table, sources, file
        self.defects = list(table.defects)
        self.notes = [Defect(text, file, code="note") for text in table.notes]
        self.rows: list[dict[str, object]] = [{} for _ in table.rows]
        self.bad: set[int] = set()
        self.places = self._written_places()

    def defect(self, position: int, field: str, message: str, code: str) -> None:
        """List what is wrong with one cell; its row will not be in the frame."""
        number = self.table.numbers[position]
        self.defects.append(Defect(message, self.file, None, number, field, code))
        self.bad.add(position)

    def note(self, message: str, *, field: str | None = None, row: int | None = None) -> None:
        """Say something about the file that is no defect."""
        self.notes.append(Defect(message, self.file, None, row, field, "note"))

    def fill(self, code_prefix: str | None, today: dt.date | None) -> None:
        """Read every field of every row, then the rules over several cells."""
        for field in self.record.fields:
            self._fill_field(field, code_prefix)
        if today is not None:
            self._refuse_future_births(today)
        self._refuse_repeated_keys()
        self._note_unused_columns()

    def _fill_field(self, field: Field, code_prefix: str | None) -> None:
        source = self.sources.get(field.name)
        if source is None:
            if field.required:
                self._without_source(field)
            return
        n_hidden = n_nameless = 0
        source_of = self._value_reader(field, source)
        for position, row in enumerate(self.table.rows):
            value = source_of(position, row)
            if field.type in WITHOUT_WORDS and not field.required and is_placeholder(value):
                n_nameless += 1
                self.rows[position][field.name] = None
                continue
            try:
                checked = read_value(value, field, code_prefix=code_prefix)
            except ValueError as error:
                problem = Message(error.args[0])
                if cell_fault(value) is None:
                    words = shown(value, kind=self.record.name, field=field.name)
                    problem = Message("{value} {problem}", value=words, problem=problem)
                self.defect(position, field.name, problem, f"bad_{field.type}")
                continue
            if is_placeholder(checked) and field.name in (self.record.key, *OTHER_NAMES):
                n_nameless += 1
                self._refuse_nameless(position, field, str(checked))
                checked = None
            elif checked is None and field.required and field.type != "code":
                self.defect(position, field.name, "is empty; every row needs one", "missing")
            self.rows[position][field.name] = checked
            n_hidden += isinstance(checked, str) and not HIDDEN_SIGNS.isdisjoint(checked)
        if field.type == "text":
            self._refuse_cut_numbers(field)
        if field.name == "phone":
            self._note_lost_zeros(field)
        if n_nameless and not field.required:
            said = Message("{n:,} rows have a word for nothing here, read as empty", n=n_nameless)
            self.note(said, field=field.name)
        if n_hidden:
            said = Message("{n} values hold invisible characters; kept", n=n_hidden)
            self.note(said, field=field.name)

    def _refuse_cut_numbers(self, field: Field) -> None:
        """Refuse long numbers of which a spreadsheet has kept fifteen digits, the rest zeros."""
        found = [
            (position, value)
            for position, row in enumerate(self.rows)
            if isinstance(value := row.get(field.name), str) and _LONG_NUMBER.match(value)
        ]
        if not are_cut({value for _, value in found}):
            return
        for position, _ in found:
            message = Message(
                "is a long number whose last digits are all zero: a spreadsheet kept {n} digits of"
                " it; fetch it again as text",
                n=SURE_DIGITS,
            )
            self.defect(position, field.name, message, "cut_number")

    def _note_lost_zeros(self, field: Field) -> None:
        """Note telephone numbers that begin as none does, but would with a zero."""
        numbers = self.table.numbers
        rows = [
            numbers[position]
            for position, row in enumerate(self.rows)
            if _WITHOUT_ZERO.match(str(row.get(field.name) or ""))
        ]
        if rows:
            said = Message(
                "rows {rows}: seems to lack the zero it begins with; spreadsheets take it off"
                " where the column is no text",
                rows=row_list(rows),
            )
            self.note(said, field=field.name)

    def _refuse_nameless(self, position: int, field: Field, value: str) -> None:
        """Refuse a word for nothing where a row needs a name; elsewhere it is an empty cell."""
        if field.required:
            message = Message("{value} names no row; every row needs its own", value=value)
            self.defect(position, field.name, message, "missing")

    def _value_reader(self, field: Field, source: Source) -> Callable[[int, list], Value]:
        """Give the function that takes a field out of a row, by what the workbook says of it."""
        if field.type in ("date", "datetime") and self.table.is_1904:
            said = "the workbook counts its days from 1904; plain day numbers were read so"
            self.note(Message(said), field=field.name)
            return lambda _, row: _from_1904(source.read(row))
        if field.name in COUNTED and self.table.merged:
            merged = {(number, column) for number, column in self.table.merged}
            return lambda position, row: self._unmerged(position, row, source, merged)
        return lambda _, row: source.read(row)

    def _unmerged(
        self, position: int, row: list, source: Source, merged: set[tuple[int, int]]
    ) -> Value:
        """Count what a merged cell says once, in its first row."""
        number = self.table.numbers[position]
        is_copy = any((number, column) in merged for column in source.columns)
        return None if is_copy else source.read(row)

    def _without_source(self, field: Field) -> None:
        """Refuse a file without a column that it needs; codes are offered when it is imported."""
        if field.type == "code":
            return
        names = ", ".join(field.names)
        columns = ascii_controls(", ".join(self.table.columns[:40])) or "none"
        raise InvalidInput(
            "{file}: no column for {field} of {record} (looked for {names}); say which column "
            "holds it{hint}; columns: {columns}",
            file=self.file,
            hint=CommandHint(f"--map {field.name}=COLUMN"),
            field=field.name,
            record=self.record.name,
            names=names,
            columns=columns,
        )

    def _refuse_future_births(self, today: dt.date) -> None:
        for position, row in enumerate(self.rows):
            born = row.get("birth_date")
            if isinstance(born, dt.date) and born > today:
                self.defect(position, "birth_date", "lies in the future", "future_date")

    def _refuse_repeated_keys(self) -> None:
        key = self.record.key
        if key is None:
            return
        found: dict[object, list[int]] = defaultdict(list)
        for position, row in enumerate(self.rows):
            if row.get(key) is not None:
                found[row[key]].append(position)
        for value, positions in found.items():
            if len(positions) > 1:
                self._refuse_twins(key, value, positions)

    def _refuse_twins(self, key: str, value: object, positions: list[int]) -> None:
        """Refuse the rows of one key, in time that grows with their number."""
        first = [self.table.numbers[p] for p in positions[: MOST_NAMED + 1]]
        words = shown(value, kind=self.record.name, field=key)
        for position in positions:
            number = self.table.numbers[position]
            named = [other for other in first if other != number][:MOST_NAMED]
            listed = ", ".join(map(str, named)) + (", …" if len(positions) > len(named) + 1 else "")
            message = Message(
                "{value} stands also in row {rows}; each may stand once", value=words, rows=listed
            )
            self.defect(position, key, message, "repeated")

    def _written_places(self) -> WrittenPlaces | None:
        """Find places in one column where the file has neither shapes nor two columns of them."""
        if not self.record.geometry or has_shapes(self.table):
            return None
        if "lon" in self.sources and "lat" in self.sources:
            return None
        used = {i for source in self.sources.values() for i in source.columns}
        places = find_places(self.table, used, file=self.file)
        if places is not None:
            name = ascii_controls(self.table.columns[places.column])
            self.note(Message("places were read from column {column}", column=name))
        return places

    def _note_unused_columns(self) -> None:
        used = {i for source in self.sources.values() for i in source.columns}
        used |= {self.places.column} if self.places else set()
        unused = [c for i, c in enumerate(self.table.columns) if i not in used]
        unused = [column for column in unused if not self._is_rival(column)]
        if unused:
            listed = ascii_controls(", ".join(unused))
            self.note(Message("columns not used: {columns}", columns=listed))

    def _is_rival(self, column: str) -> bool:
        """Say, and note, whether a column would feed a field that another one feeds."""
        for field in self.record.fields:
            names = {plain_name(name) for name in field.names}
            source = self.sources.get(field.name)
            if source is not None and source.columns and bare_name(column) in names:
                said = (
                    "read from column {taken}; column {other} would fit too and was not read{hint}"
                )
                hint = CommandHint(f"--map {field.name}=COLUMN to choose")
                words = {"taken": source.written, "other": column}
                words = {key: ascii_controls(word) for key, word in words.items()}
                self.note(Message(said, hint=hint, **words), field=field.name)
                return True
        return False

    def shape_check(self, format_: str) -> ShapeCheck | None:
        """Give the shapes to check: the file's own, or points from the columns lon and lat."""
        if not self.record.geometry:
            return None
        shapes = self._own_shapes() if format_ not in SHEETS else None
        if shapes is None:
            shapes = self._points() if self.places is None else self._placed(self.places)
        if shapes is None:
            if self.record.geometry_required and not self.table.defects:
                raise InvalidInput(
                    "{file}: {record} need shapes, and this file has none; give a "
                    "GeoPackage, GeoJSON or Shapefile, or a table with a column of WKT",
                    file=self.file,
                    record=self.record.name,
                )
            return None
        return ShapeCheck(self.record, self.table.numbers, shapes, self.file)

    def _own_shapes(self) -> np.ndarray | None:
        written = self.table.shapes
        if written is None or not has_shapes(self.table):
            return None
        shapes = np.array(
            shapely.from_wkb(np.array(written, dtype=object), on_invalid="ignore"), dtype=object
        )
        for position, shape in enumerate(shapes):
            if shape is None and written[position] is not None:
                self.defect(position, "geometry", "is no shape that can be read", "bad_shape")
        return shapes

    def _placed(self, places: WrittenPlaces) -> np.ndarray:
        """Give the shapes written in one column; a cell that is none costs its row."""
        for position in places.unread:
            value = self.table.rows[position][places.column]
            message = Message(
                "{value} is no place that can be read; write it such as 114.1247, 30.088 or"
                " POINT (114.1247 30.088)",
                value=shown(value, kind=self.record.name, field="lon"),
            )
            self.defect(position, "geometry", message, "bad_shape")
        return places.shapes

    def _points(self) -> np.ndarray | None:
        if "lon" not in self.sources or "lat" not in self.sources:
            return None
        shapes = np.full(len(self.rows), None, dtype=object)
        for position, row in enumerate(self.rows):
            lon, lat = row.get("lon"), row.get("lat")
            if lon is not None and lat is not None:
                shapes[position] = shapely.Point(lon, lat)
            elif (lon is None) != (lat is None) and position not in self.bad:
                missing = "lon" if lon is None else "lat"
                self.defect(position, missing, "is empty while its partner is not", "missing")
        return shapes

    def finish(self, check: ShapeCheck | None) -> None:
        """Take over checked shapes; write their place into lon and lat."""
        if check is None:
            return
        self.defects += check.defects
        self.notes += check.notes
        self.bad |= set(np.flatnonzero(check.is_bad).tolist())
        places = shapely.point_on_surface(check.shapes)
        for position, (shape, place) in enumerate(zip(check.shapes, places, strict=True)):
            self.rows[position]["geometry"] = shape
            if shape is not None and "lon" in self.record.by_name:
                self.rows[position] |= {"lon": place.x, "lat": place.y}
            if shape is None and self.record.geometry_required and position not in self.bad:
                self.defect(position, "geometry", "is empty; every row needs a shape", "missing")
