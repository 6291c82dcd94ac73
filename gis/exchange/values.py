"""Turn a cell into the value of a field, or say why not: one function per type of field."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable

from gis.domain.kinds import Field
from gis.errors import CommandHint, Message
from gis.exchange.columns import cell_text, folded_word
from gis.exchange.dates import parse_date, parse_datetime
from gis.exchange.limits import MAX_CELL_CHARACTERS
from gis.exchange.quantities import degrees_from_text, plain_count, without_groups
from gis.exchange.table import CellFault, Value, cell_fault

FieldValue = str | int | float | dt.date | dt.datetime | None

CHOICE_WORDS: dict[str, str] = {
    "yes": "true",
    "y": "true",
    "1": "true",
    "是": "true",
    "有": "true",
    "no": "false",
    "n": "false",
    "0": "false",
    "否": "false",
    "无": "false",
    "男": "male",
    "m": "male",
    "女": "female",
    "f": "female",
    "未知": "unknown",
    "户籍": "registered",
    "户籍人口": "registered",
    "常住": "permanent",
    "常住人口": "permanent",
    "流动": "floating",
    "流动人口": "floating",
    "河流": "river",
    "河": "river",
    "水系": "river",
    "铁路": "rail",
    "高速公路": "motorway",
    "高速": "motorway",
    "主干道": "main_road",
    "主干路": "main_road",
    "次干道": "main_road",
    "次干路": "main_road",
    "支路": "minor_road",
    "小路": "path",
    "围墙": "wall",
    "小区": "compound",
    "院落": "courtyard",
    "自然寨": "hamlet",
    "单位": "institution",
    "学校": "school",
    "医院": "hospital",
    "市场": "market",
    "公园": "park",
    "办公": "office",
    "宗教": "worship",
    "商店": "shop",
    "车站": "station",
    "其他": "other",
}
"""Usual words of files for our choices, looked up when a value is not itself a choice."""

_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{2}$")
_MAX_EXACT = 10**15
_AXES = ("lon", "lat")
_ERRORS = re.compile(
    r"^#(?:N/A|VALUE!|REF!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|ERROR!|GETTING_DATA)$"
    r"|^Err:\d{3}$"
)
"""What spreadsheets show where a formula failed; saved as text it is no value either."""
HIDDEN_SIGNS = frozenset("\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
"""Signs without a width, which come along when a text is copied."""
_WITHOUT_HIDDEN = {ord(sign): None for sign in HIDDEN_SIGNS}
_TEXT_MARK = re.compile(r"^'(?=[\d=+\-@])")
"""What spreadsheets and our own exports put before a cell to keep it text."""
_FLOORED = frozenset({"levels"})
"""Counts that come with fractions (a storey and a half); whole storeys are kept."""


def read_value(value: Value, field: Field, *, code_prefix: str | None = None) -> FieldValue:
    """Give the checked value of a field; None for an empty cell.

    Parameters
    ----------
    value
        The cell as read.
    field
        Its field.
    code_prefix
        Digits that complete a shorter division code to twelve.

    Raises
    ------
    ValueError
        What is wrong, without repeating the value (it may be personal).

    Examples
    --------
    >>> read_value(" １２ ", Field("people", "integer")), read_value("", Field("people", "integer"))
    (12, None)
    >>> read_value("4", Field("code", "code"), code_prefix="990001001")
    '990001001004'
    """
    text = cell_text(value)
    if text == "":
        return None
    fault = cell_fault(value)
    if fault is not None or _ERRORS.match(text):
        raise ValueError(_fault_message(fault or CellFault("", text)))
    if field.type == "code":
        return _code(value, code_prefix)
    if field.type == "choice":
        return _choice(value, field)
    if field.type == "integer":
        return _integer(value, field.name)
    if field.type == "number":
        return _number(value, field.name)
    return _SIMPLE[field.type](value)


def _fault_message(fault: CellFault) -> Message:
    if not fault.error:
        return Message(
            "cell {cell} is a formula that was never calculated; open the file and save it again",
            cell=fault.cell,
        )
    if not fault.cell:
        return Message("is the error {error} of a spreadsheet; mend it there", error=fault.error)
    return Message(
        "cell {cell} shows the error {error}; mend its formula, or empty it",
        cell=fault.cell,
        error=fault.error,
    )


def _text(value: Value) -> str:
    if isinstance(value, float) and abs(value) >= _MAX_EXACT:
        raise ValueError("is a long number that lost its last digits; store it as text")
    text = cell_text(value)
    if _SCIENTIFIC.match(text.lstrip("'")):
        raise ValueError("is a long number cut to its first digits; store it as text")
    if len(text) > MAX_CELL_CHARACTERS:
        raise ValueError(Message("is longer than {most} characters", most=MAX_CELL_CHARACTERS))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character; write the cell again")
    return _TEXT_MARK.sub("", text.replace("\x00", ""))


def _ascii_number(value: Value) -> str:
    """Give the text of a number in plain signs, without the marks nobody sees."""
    plain = unicodedata.normalize("NFKC", cell_text(value).translate(_WITHOUT_HIDDEN))
    return plain.strip().removeprefix("'")


def _number(value: Value, field: str) -> float:
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = _ascii_number(value)
    if field in _AXES:
        angle = degrees_from_text(cell_text(value).translate(_WITHOUT_HIDDEN), field)
        if angle is not None:
            return angle
        text = without_groups(text)
    number = _finite(text)
    if number is not None:
        return number
    if field in _AXES:
        raise ValueError("is no angle that can be read; write it as degrees, such as 114.1247")
    raise ValueError("is not a plain number; write it such as 12.5")


def _finite(text: str) -> float | None:
    """Read a plain number; None for anything else, infinity too."""
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _integer(value: Value, field: str) -> int:
    number = _finite(plain_count(_ascii_number(value), field))
    if number is None:
        raise ValueError("is not a plain number; write it such as 3")
    if number < 0:
        raise ValueError("must not be negative")
    if not number.is_integer() and field not in _FLOORED:
        raise ValueError("is not a whole number")
    if number >= 2**31:
        raise ValueError("is too large")
    return int(number)


def _code(value: Value, prefix: str | None) -> str:
    digits = _ascii_number(value)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("is not a code; expected 12 digits")
    if len(digits) < 12 and prefix and len(prefix) + len(digits) <= 12:
        digits = prefix + digits.zfill(12 - len(prefix))
    if len(digits) != 12:
        raise ValueError(
            Message(
                "has {n} digits; expected 12, or fewer and the first ones of all codes to "
                "complete them{hint}",
                n=len(digits),
                hint=CommandHint("--code-prefix"),
            )
        )
    return digits


def _choice(value: Value, field: Field) -> str:
    text = folded_word(cell_text(value))
    if text in field.choices:
        return text
    own = {folded_word(said): value for value, names in field.words.items() for said in names}
    word = own.get(text) or CHOICE_WORDS.get(text, text.replace(" ", "_"))
    if word in field.choices:
        return word
    raise ValueError(
        Message(
            "is none of {choices}; map its values with {{old:new}}",
            choices=", ".join(field.choices),
        )
    )


_SIMPLE: dict[str, Callable[[Value], FieldValue]] = {
    "text": _text,
    "date": parse_date,
    "datetime": parse_datetime,
}
