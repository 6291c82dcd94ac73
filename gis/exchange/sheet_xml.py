"""Go once through the XML of a workbook for what the values of its cells do not tell.

How far the cells reach, which of them are errors or formulas that were never calculated, which
numbers are shown with leading zeros, which sheets there are, which day their dates count from.
Runs in the confined child, before anything is laid out in memory.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from gis.exchange.limits import MAX_COLUMNS, MAX_UNPACKED_BYTES

CHUNK_BYTES = 256 * 1024
MAX_PART_BYTES = 20 * 1024**2
"""Largest of the small parts: list of sheets, relations, styles."""

TRUE = ("1", "true", "on")
ERROR, FORMULA = "error", "formula"
_DIGITS = "0123456789"
_SKIPPED_IN_FORMAT = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL_IN_FORMAT = re.compile(r'"([^"]*)"|\\(.)')

Place = tuple[int, int]
"""Row and column of a cell, from 1."""


class Damaged(ValueError):
    """The workbook does not hold what a workbook holds."""


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of a workbook: its title, whether it is shown, and where its XML lies."""

    title: str
    is_visible: bool
    path: str


@dataclass(frozen=True)
class Book:
    """What a workbook says of itself.

    Parameters
    ----------
    sheets
        Worksheets in order, without charts.
    is_1904
        Days are counted from 1904, not from 1900.
    padded
        Pattern of zeros by the number of a cell style, such as ``{"3": "000000"}``.
    """

    sheets: tuple[SheetPart, ...]
    is_1904: bool
    padded: Mapping[str, str]


@dataclass
class SheetScan:
    """What one pass over the XML of a worksheet finds.

    Parameters
    ----------
    n_filled
        Cells with a value, whatever the sheet says of its size.
    last_row, last_column
        The farthest of them; 0 when there is none.
    faults
        `ERROR` with its text or `FORMULA` by place.
    padded
        Style of the cells whose number is shown with leading zeros, by place.
    hidden_rows, hidden_columns
        Numbers of those that are not shown, by a filter or by hand.
    """

    n_filled: int = 0
    last_row: int = 0
    last_column: int = 0
    faults: dict[Place, tuple[str, str]] = field(default_factory=dict)
    padded: dict[Place, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does.

    Examples
    --------
    >>> cell_name(7, 2), cell_name(1, 28)
    ('B7', 'AB1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def read_book(archive: zipfile.ZipFile) -> Book:
    """Read the list of sheets, the date system and the styles that show leading zeros.

    Raises
    ------
    Damaged
        A part is missing or is no XML.
    """
    root = _part(archive, "xl/workbook.xml")
    targets = {
        _attribute(e, "Id"): (_attribute(e, "Type"), _attribute(e, "Target"))
        for e in _part(archive, "xl/_rels/workbook.xml.rels").iter()
    }
    sheets = []
    for element in _named(root, "sheet"):
        kind, target = targets.get(_attribute(element, "id"), ("", ""))
        if kind.endswith("/worksheet"):
            shown = element.get("state", "visible") == "visible"
            sheets.append(SheetPart(element.get("name", ""), shown, _absolute(target)))
    properties = next(_named(root, "workbookPr"), None)
    is_1904 = properties is not None and properties.get("date1904", "0") in TRUE
    return Book(tuple(sheets), is_1904, _padded_styles(archive))


def _part(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    with archive.open(_entry(archive, path)) as stream:
        content = stream.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES or b"<!DOCTYPE" in content[:4096]:
        raise Damaged(path)
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise Damaged(path) from error


def _entry(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo:
    wanted = path.lower()
    for entry in archive.infolist():
        if entry.filename.replace("\\", "/").lstrip("/").lower() == wanted:
            return entry
    raise Damaged(path)


def _absolute(target: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _named(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (e for e in root.iter() if e.tag.rpartition("}")[2] == name)


def _attribute(element: ElementTree.Element, name: str) -> str:
    """Give an attribute in whatever namespace."""
    values = (v for k, v in element.attrib.items() if k.rpartition("}")[2] == name)
    return next(values, "")


def _padded_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        root = _part(archive, "xl/styles.xml")
    except Damaged:
        return {}
    formats = {e.get("numFmtId"): e.get("formatCode", "") for e in _named(root, "numFmt")}
    patterns = {key: zero_pattern(code) for key, code in formats.items()}
    styles = next(_named(root, "cellXfs"), None)
    found = [] if styles is None else [patterns.get(e.get("numFmtId")) for e in styles]
    return {str(i): pattern for i, pattern in enumerate(found) if pattern}


def zero_pattern(code: str) -> str | None:
    r"""Give the pattern of a number format that shows leading zeros, else None.

    Examples
    --------
    >>> zero_pattern("000000"), zero_pattern("000000;[Red]-000000"), zero_pattern('"H"0000')
    ('000000', '000000', 'H0000')
    >>> zero_pattern("0.00"), zero_pattern("0"), zero_pattern("#,##0"), zero_pattern('0"人"')
    (None, None, None, None)
    """
    plain = _SKIPPED_IN_FORMAT.sub("", code.split(";")[0])
    bare = _LITERAL_IN_FORMAT.sub("", plain)
    shown = _LITERAL_IN_FORMAT.sub(lambda m: m[1] if m[1] is not None else m[2], plain)
    has_digit_in_text = shown.count("0") != bare.count("0")
    if has_digit_in_text or bare.count("0") < 2 or bare.strip("0- ()/") or not shown.strip():
        return None
    return shown


def with_zeros(number: float, pattern: str) -> str | None:
    """Write a whole number as its format shows it; None where the format shows something else.

    Examples
    --------
    >>> with_zeros(12, "000000"), with_zeros(7, "H0000"), with_zeros(4290010001, "000000-0000")
    ('000012', 'H0007', '429001-0001')
    >>> with_zeros(1.5, "000") is None
    True
    """
    if isinstance(number, bool) or number < 0 or number != int(number) or number >= 1e15:
        return None
    width = pattern.count("0")
    digits = list(str(int(number)).zfill(width))
    extra, digits = digits[: len(digits) - width], digits[len(digits) - width :]
    written = [digits.pop(0) if sign == "0" else sign for sign in pattern]
    first = pattern.index("0")
    return "".join([*written[:first], *extra, *written[first:]])


def scan_sheet(archive: zipfile.ZipFile, path: str, padded: Mapping[str, str]) -> SheetScan:
    """Go through the XML of a worksheet.

    Raises
    ------
    Damaged
        It is not there, is no XML, declares entities, or unpacks to more than is allowed.
    """
    scanner = _Scanner(padded)
    n_bytes = 0
    try:
        with archive.open(_entry(archive, path)) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                n_bytes += len(chunk)
                if n_bytes > MAX_UNPACKED_BYTES:
                    raise Damaged(path)
                scanner.parser.Parse(chunk, False)
        scanner.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Damaged(path) from error
    return scanner.found


class _Scanner:
    """Reads start tags only, and text only inside cells that may be at fault."""

    def __init__(self, padded: Mapping[str, str]) -> None:
        self.found = SheetScan()
        self._padded = padded
        self._columns: dict[str, int] = {}
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._has_formula = self._has_value = False
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise Damaged("a document type")

    def _root(self, name: str, _: dict[str, str]) -> None:
        """Learn the prefix of the names from the first tag."""
        prefix = name[: -len("worksheet")] if name.endswith("worksheet") else ""
        actions: dict[str, Callable[[dict[str, str]], None]] = {
            f"{prefix}row": self._on_row,
            f"{prefix}col": self._on_columns,
            f"{prefix}c": self._on_cell,
            f"{prefix}v": self._on_value,
            f"{prefix}is": self._on_value,
            f"{prefix}f": self._on_formula,
        }
        self._end_of_cell, self._formula = f"{prefix}c", f"{prefix}f"

        def start(name: str, attributes: dict[str, str]) -> None:
            action = actions.get(name)
            if action is not None:
                action(attributes)

        self.parser.StartElementHandler = start

    def _on_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0
        if attributes.get("hidden") in TRUE:
            self.found.hidden_rows.append(self._row)

    def _on_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in TRUE:
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self.found.hidden_columns += range(int(attributes["min"]), last + 1)

    def _on_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._column += 1

    def _place(self) -> Place:
        name = self._cell.get("r")
        if name is None:
            return self._row, self._column
        letters = name.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = 0
            for letter in letters.upper():
                column = column * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = column
        self._row, self._column = int(name[len(letters) :]), column
        return self._row, column

    def _on_value(self, _: dict[str, str]) -> None:
        found = self.found
        row, column = place = self._place()
        found.n_filled += 1
        found.last_row = max(found.last_row, row)
        found.last_column = max(found.last_column, column)
        self._has_value = True
        if self._cell.get("s") in self._padded:
            found.padded[place] = self._cell["s"]
        if self._cell.get("t") == "e":
            self._listen()

    def _on_formula(self, _: dict[str, str]) -> None:
        self._has_formula, self._has_value = True, False
        self._listen()

    def _listen(self) -> None:
        self._text = []
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        if name == self._formula:
            self._text.clear()
        if name != self._end_of_cell:
            return
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        text = "".join(self._text).strip()
        if self._cell.get("t") == "e":
            self._fault(ERROR, text)
        elif self._has_formula and not text and not self._is_empty_text():
            self._fault(FORMULA, "")
        self._has_formula = False

    def _is_empty_text(self) -> bool:
        """Say whether a formula gave an empty text, which is a value."""
        return self._cell.get("t") == "str" and self._has_value

    def _fault(self, kind: str, text: str) -> None:
        """List a cell; a formula without value counts as a cell that is filled."""
        row, column = place = self._place()
        self.found.last_row = max(self.found.last_row, row)
        self.found.last_column = max(self.found.last_column, column)
        self.found.faults[place] = (kind, text)
