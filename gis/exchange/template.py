"""An empty spreadsheet of a kind: its columns, what each holds, and lists to choose from."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gis.domain.kinds import KINDS, Field, RecordKind
from gis.exchange.writers import without_times

KINDS_WITH_TEMPLATE = tuple(
    name for name, kind in KINDS.items() if kind.from_files and not kind.geometry_required
)
"""Kinds whose records can stand in a spreadsheet: those that need no shape."""

LANGUAGES = ("zh", "en")
_ROWS_WITH_LIST = 10_000
_COLUMN_WIDTH = 18

_TYPES = {
    "text": ("文本", "text"),
    "integer": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "date": ("日期，如 2026-03-01", "a date, such as 2026-03-01"),
    "datetime": ("日期时间，如 2026-03-01 08:30", "a date and time, such as 2026-03-01 08:30"),
    "code": ("代码", "a code of digits"),
}


def template_workbook(name: str, language: str) -> bytes:
    """Make the template of a kind as an XLSX file, columns named in one language.

    Notes on each column say in both languages whether it must be filled, and with what.

    Parameters
    ----------
    name
        One of `KINDS_WITH_TEMPLATE`.
    language
        One of `LANGUAGES`.
    """
    kind = KINDS[name]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = kind.zh if language == "zh" else kind.name
    for place, field in enumerate(kind.fields, start=1):
        cell = sheet.cell(row=1, column=place, value=column_name(field, language))
        cell.font = Font(bold=field.required)
        cell.comment = Comment(note_on(kind, field), "Community Grid", height=160, width=320)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _COLUMN_WIDTH
        if field.choices:
            listed = DataValidation("list", f'"{",".join(_choices(field, language))}"')
            listed.add(f"{letter}2:{letter}{_ROWS_WITH_LIST}")
            sheet.add_data_validation(listed)
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return without_times(content)


def column_name(field: Field, language: str) -> str:
    """Name a column in a language, as importing recognises it."""
    return field.zh if language == "zh" else field.en


def note_on(kind: RecordKind, field: Field) -> str:
    r"""Say in both languages what a column holds.

    Examples
    --------
    >>> note_on(KINDS["households"], KINDS["households"].by_name["people"])
    '选填；整数；不填为 1\noptional; a whole number; empty means 1'
    """
    zh = ["必填" if field.required else "选填"]
    en = ["required" if field.required else "optional"]
    if field.choices:
        zh.append("可选：" + "、".join(_choices(field, "zh")))
        en.append("one of: " + ", ".join(_choices(field, "en")))
    else:
        of_type = _TYPES[field.type]
        zh.append(of_type[0])
        en.append(of_type[1])
    if field.name == kind.key:
        zh.append("不可重复；再次导入时据此识别")
        en.append("never twice; known again by it")
    if field.default is not None:
        zh.append(f"不填为 {field.value_name(str(field.default), 'zh')}")
        en.append(f"empty means {field.value_name(str(field.default), 'en')}")
    return "；".join(zh) + "\n" + "; ".join(en)


def _choices(field: Field, language: str) -> list[str]:
    return [field.value_name(value, language) for value in field.choices]
