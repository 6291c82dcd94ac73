"""Which column of a file feeds which field of a record: by mapping, else by name and synonym.

A mapping is written ``field=source`` (command line: ``--map field=source``, repeated):

========================================  ==================================================
``name=Street``                           the column *Street*
``text=Number + Street``                  several columns joined by a space, empty ones skipped
``kind:=rail``                            the constant *rail* for every row
``kind=MajorRoad{1:main_road,*:path}``    the column with its values replaced; ``*`` is any
                                          other value, an empty left side an empty cell
``levels=``                               nothing: leave the field empty
========================================  ==================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gis.address.traditional import simplify
from gis.domain.kinds import Field, RecordKind
from gis.errors import InvalidInput
from gis.exchange.table import Value, cell_fault

_REPLACEMENT = re.compile(r"^(?P<columns>[^{}]*)\{(?P<pairs>[^{}]*)\}$", re.DOTALL)
ANY_OTHER = "*"
_STARS = re.compile(r"^[*\s]+|[*\s:]+$")
_BRACKET = re.compile(
    r"\s*[(\[【](?:单位\s*:?)?\s*(?:人|口|个|名|户|套|层|米|m|°[EN]?|º|度|deg|degrees?"
    r"|decimal degrees|dd|wgs-?84|\*|必填项?|选填项?|可选|必须|required|optional)[)\]】]$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Source:
    """Where the values of one field come from.

    Parameters
    ----------
    columns
        Positions in the row, joined when several; empty for a constant.
    constant
        The value of every row when there are no columns.
    replacements
        New value by text of the cell; `ANY_OTHER` stands for the rest.
    written
        The source in words, as shown to people.
    """

    columns: tuple[int, ...] = ()
    constant: str | None = None
    replacements: Mapping[str, str] | None = None
    written: str = ""

    def read(self, row: Sequence[Value]) -> Value:
        """Give the value of the field in one row."""
        value = self._joined(row)
        if self.replacements is None or cell_fault(value):
            return value
        text = cell_text(value)
        if text in self.replacements:
            return self.replacements[text]
        return self.replacements.get(ANY_OTHER, value)

    def _joined(self, row: Sequence[Value]) -> Value:
        if not self.columns:
            return self.constant
        if len(self.columns) == 1:
            return row[self.columns[0]]
        faulty = next((row[i] for i in self.columns if cell_fault(row[i])), None)
        return faulty or " ".join(filter(None, (cell_text(row[i]) for i in self.columns))) or None


def cell_text(value: Value) -> str:
    """Write a cell as text; whole numbers without decimals.

    Examples
    --------
    >>> cell_text(2.0), cell_text(" 12\u3000"), cell_text(None)
    ('2', '12', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip()


def plain_name(text: str) -> str:
    """Fold a column name: width, case, spaces, underscores, points, traditional signs.

    Examples
    --------
    >>> plain_name(" Household_Number "), plain_name("Ｘ"), plain_name("addr:street")
    ('householdnumber', 'x', 'addrstreet')
    >>> plain_name("戶號"), plain_name("聯繫電話")
    ('户号', '联系电话')
    """
    return re.sub(r"[\s_\-.:]+", "", folded_word(text))


def bare_name(text: str) -> str:
    """Fold a column name and take off its unit and the mark of a field that must be filled.

    What else stands in brackets may make it another column (人数(流动)) and stays.

    Examples
    --------
    >>> bare_name("人数（人）"), bare_name("联系电话*（必填）"), bare_name("人数(流动)")
    ('人数', '联系电话', '人数(流动)')
    """
    folded = _STARS.sub("", unicodedata.normalize("NFKC", text).strip())
    folded = _STARS.sub("", _BRACKET.sub("", folded))
    return plain_name(folded) or plain_name(text)


def folded_word(text: str) -> str:
    """Fold width, case and traditional signs of a word of a file."""
    return simplify(unicodedata.normalize("NFKC", text).casefold().strip())


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``field=source`` pairs as given on the command line.

    Raises
    ------
    InvalidInput
        A pair without ``=``, or the same field twice.

    Examples
    --------
    >>> parse_mapping(["name=Street", "kind:=rail"])
    {'name': 'Street', 'kind': '=rail'}
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, source = pair.partition("=")
        field = field.strip()
        if field.endswith(":"):
            field, source = field[:-1].strip(), f"={source}"
        if not equals or not field:
            raise InvalidInput(
                "mapping {pair!r}: write field=column, such as name=Street", pair=pair
            )
        if field in mapping:
            raise InvalidInput("mapping: field {field!r} is given twice", field=field)
        mapping[field] = source.strip()
    return mapping


def match_columns(
    kind: RecordKind, columns: Sequence[str], mapping: Mapping[str, str] | None, *, file: str
) -> dict[str, Source]:
    """Decide the source of every field that has one.

    Parameters
    ----------
    kind
        The kind of record.
    columns
        Columns of the file.
    mapping
        Source by field as `parse_mapping` gives it; wins over recognition by name.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        An unknown field or column in the mapping.
    """
    given = dict(mapping or {})
    unknown = [field for field in given if field not in kind.by_name]
    if unknown:
        fields = ", ".join(kind.by_name)
        raise InvalidInput(
            "mapping: {kind} have no field {unknown!r}; fields: {fields}",
            kind=kind.name,
            unknown=unknown[0],
            fields=fields,
        )
    sources = {f: _parse_source(s, columns, file) for f, s in given.items() if s}
    used = {i for source in sources.values() for i in source.columns}
    open_fields = [f for f in kind.fields if f.name not in given]
    by_name = {bare_name(column): i for i, column in reversed(list(enumerate(columns)))}
    by_name |= {plain_name(column): i for i, column in reversed(list(enumerate(columns)))}
    for names_of in (_own_name, _synonyms):
        for field in open_fields:
            found = _find(names_of(field), by_name, used)
            if field.name not in sources and found is not None:
                sources[field.name] = Source((found,), written=columns[found])
                used.add(found)
    return sources


def _own_name(field: Field) -> tuple[str, ...]:
    return (field.name,)


def _synonyms(field: Field) -> tuple[str, ...]:
    return field.names[1:]


def _find(names: Iterable[str], by_name: Mapping[str, int], used: set[int]) -> int | None:
    for name in names:
        position = by_name.get(plain_name(name))
        if position is not None and position not in used:
            return position
    return None


def _parse_source(text: str, columns: Sequence[str], file: str) -> Source:
    if text.startswith("="):
        constant = text[1:].strip().strip("'\"")
        return Source(constant=constant, written=f"always {constant!r}")
    replacements = None
    match = _REPLACEMENT.match(text)
    if match and text not in columns:
        text = match["columns"].strip()
        replacements = _parse_replacements(match["pairs"])
    if _position(text, columns) is not None:
        names = [text]
    else:
        names = [name.strip() for name in text.split("+")]
    positions = [_position(name, columns) for name in names]
    if None in positions:
        missing = names[positions.index(None)]
        listed = ", ".join(columns[:40]) or "none"
        raise InvalidInput(
            "{file}: no column {missing!r}; columns: {listed}",
            file=file,
            missing=missing,
            listed=listed,
        )
    return Source(tuple(p for p in positions if p is not None), None, replacements, text)


def _parse_replacements(pairs: str) -> dict[str, str]:
    replacements = {}
    for pair in pairs.split(","):
        old, colon, new = pair.partition(":")
        if not colon:
            raise InvalidInput(
                "mapping {{{pairs}}}: write old:new pairs, such as {{1:main_road}}", pairs=pairs
            )
        replacements[old.strip()] = new.strip()
    return replacements


def _position(name: str, columns: Sequence[str]) -> int | None:
    if name in columns:
        return list(columns).index(name)
    plain = [plain_name(column) for column in columns]
    return plain.index(plain_name(name)) if plain_name(name) in plain else None
