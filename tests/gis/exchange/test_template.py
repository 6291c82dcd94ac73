"""A template is a spreadsheet that importing reads back, with notes and lists to choose from."""

import io

import openpyxl
import pytest

from gis.domain.kinds import KINDS
from gis.exchange.records import read_records
from gis.exchange.template import KINDS_WITH_TEMPLATE, LANGUAGES, template_workbook
from tests.factories import NOW

VALUES = {
    "text": "某某",
    "integer": 3,
    "number": 26.1,
    "date": "2026-03-01",
    "datetime": "2026-03-01 08:30",
}
"""A value of each type."""


def fill(kind, language):
    """Give a value of each column as a person fills it in, and as it is read."""
    written, read = [], {}
    for field in kind.fields:
        value = field.choices[-1] if field.choices else VALUES[field.type]
        written.append(field.value_name(value, language) if field.choices else value)
        read[field.name] = value
    return written, read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS_WITH_TEMPLATE)
def test_a_filled_template_is_read_back(tmp_path, name, language):
    kind = KINDS[name]
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(name, language)))
    written, wanted = fill(kind, language)
    book.active.append(written)
    path = tmp_path / "filled.xlsx"
    book.save(path)
    result = read_records(path, name, today=NOW.date(), accept_far=True)
    assert [str(d) for d in result.defects] == []
    assert set(result.columns) == set(kind.by_name)
    (row,) = result.frame.to_dict("records")
    assert {f: row[f] for f in wanted if kind.by_name[f].choices} == {
        f: v for f, v in wanted.items() if kind.by_name[f].choices
    }


@pytest.mark.parametrize("name", KINDS_WITH_TEMPLATE)
def test_every_column_has_a_note_in_both_languages_and_its_list(name):
    kind = KINDS[name]
    sheet = openpyxl.load_workbook(io.BytesIO(template_workbook(name, "zh"))).active
    for cell, field in zip(sheet[1], kind.fields, strict=True):
        zh, en = cell.comment.text.split("\n")
        assert zh.startswith("必填" if field.required else "选填")
        assert en.startswith("required" if field.required else "optional")
    listed = {str(v.sqref).split(":")[0][:-1] for v in sheet.data_validations.dataValidation}
    chosen = [
        cell.column_letter for cell, f in zip(sheet[1], kind.fields, strict=True) if f.choices
    ]
    assert listed == set(chosen)


def test_a_template_is_the_same_file_every_time():
    assert template_workbook("households", "zh") == template_workbook("households", "zh")
