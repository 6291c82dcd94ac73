"""Tables as people make them: rows that are no records, cells without values, odd separators."""

import openpyxl
import pytest

from gis.errors import InvalidInput
from gis.exchange.records import read_records

HEADER = ["户号", "户主", "人数", "地址"]
ROWS = [["H1", "甲", 3, "学院路1号"], ["H2", "乙", 2, "学院路2号"], ["H3", "丙", 4, "学院路3号"]]


def said(result):
    return " | ".join(str(note) for note in result.notes)


@pytest.fixture
def book(tmp_path):
    """Write rows as a workbook, change it by hand; give its path."""

    def write(*rows, change=lambda sheet: None):
        whole = openpyxl.Workbook()
        for row in rows:
            whole.active.append(row)
        change(whole.active)
        path = tmp_path / "f.xlsx"
        whole.save(path)
        return path

    return write


OTHER_ROWS = {
    "merged heading": (["东风社区"], "row 1 is a heading"),
    "ordered heading": (["一、东风社区"], "row 1 is a heading"),
    "heading in brackets": (["（二）西街"], "row 1 is a heading"),
    "names again, in English": (["number", "head", "people", "address"], "part of the header"),
    "how to fill it": (["必填", "选填", "整数", "文本"], "part of the header"),
    "example": (["示例：H0001", "张三", 3, "某路1号"], "row 1 is an example"),
}


@pytest.mark.parametrize("name", OTHER_ROWS)
def test_rows_about_the_table_are_told_and_never_stored(book, name):
    row, words = OTHER_ROWS[name]
    change = (lambda sheet: sheet.merge_cells("A2:D2")) if name == "merged heading" else None
    path = book(HEADER, row, *ROWS, **({"change": change} if change else {}))
    result = read_records(path, "households")
    assert not result.defects
    assert list(result.frame["number"]) == ["H1", "H2", "H3"]
    assert words in said(result)


def test_a_cell_alone_among_codes_is_asked_about(file):
    text = "户号,户主,人数\n东风社区,,\nH1,甲,3\nH2,乙,2\nH3,,\n"
    result = read_records(file("a.csv", text), "households")
    assert [(d.row, d.code) for d in result.defects] == [(1, "heading")]
    assert list(result.frame["number"]) == ["H1", "H2", "H3"]


def test_a_place_with_nothing_but_a_name_is_a_place(file):
    text = "名称,类型,地址\n东风社区,,\n人民小学,school,学院路1号\n第二小学,,\n"
    assert len(read_records(file("a.csv", text), "places").frame) == 3


def test_a_second_table_under_the_first_is_refused_not_stored(book):
    path = book(HEADER, *ROWS, [], ["表二 人员名单"], ["姓名", "性别"], ["甲", "男"], ["乙", "女"])
    result = read_records(path, "households")
    assert [(d.row, d.code) for d in result.defects] == [(6, "another_table")]
    assert "2 rows under it" in result.defects[0].message
    assert len(result.frame) == 3


def test_numbered_rows_that_nobody_filled_in_are_left_out_and_told(book):
    rows = [["序号", *HEADER], *([i, *row] for i, row in enumerate(ROWS, 1)), [4], [5]]
    result = read_records(book(*rows), "households")
    assert not result.defects
    assert "rows 4, 5 hold nothing" in said(result)
    text = "户号,人数,备注\nH1,3,\n,,已迁出\n"
    path = book(*(line.split(",") for line in text.split()))
    assert [d.row for d in read_records(path, "households").defects] == [2]


def test_what_is_hidden_in_a_sheet_is_read_and_told(book):
    def hide(sheet):
        sheet.auto_filter.ref = "A1:D4"
        sheet.row_dimensions[3].hidden = sheet.column_dimensions["C"].hidden = True

    result = read_records(book(HEADER, *ROWS, change=hide), "households")
    assert result.frame["people"].tolist() == [3, 2, 4]
    assert "rows 3 of the sheet are hidden" in said(result)
    assert "columns C of the sheet are hidden" in said(result)


def test_units_and_stars_in_a_header_are_no_part_of_the_name(file):
    text = "户号*,人数（人）,经度(°),纬度 [度],户主(必填)\nH1,3,9.5,47.1,甲\n"
    (row,) = read_records(file("a.csv", text), "households").frame.itertuples()
    assert (row.people, row.lon, row.lat, row.head_name) == (3, 9.5, 47.1, "甲")
    other = read_records(file("b.csv", "户号,人数(流动)\nH1,3\n"), "households")
    assert other.frame["people"].tolist() == [None]


def test_a_column_that_would_fit_too_is_named(file):
    result = read_records(file("a.csv", "户号,人数,household_size\nH1,3,4\n"), "households")
    assert result.frame["people"].tolist() == [3]
    assert "column household_size would fit too" in said(result)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("sep=;\n户号;人数\nH1;3\nH2;2\n", ""),
        ('"sep=|"\r\n户号|人数\r\nH1|3\r\nH2|2\r\n', ""),
        ("户号，人数\nH1，3\nH2，2\n", ""),
        ("\ufeff户号,人数\nH1,3\n\ufeff户号,人数\nH2,2\n", "marks between files"),
        ("\ufeff户号,人数\nH1,3\n\ufeffH2,2\n", "marks between files"),
        ("户号,人数\rH1,3\rH2,2\r", ""),
    ],
)
def test_odd_separators_and_joined_files_are_read(file, content, words):
    result = read_records(file("a.csv", content), "households")
    assert result.frame["number"].tolist() == ["H1", "H2"]
    assert result.frame["people"].tolist() == [3, 2]
    assert words in said(result)
    assert "title" not in said(result)


def test_wide_commas_inside_cells_separate_nothing(file):
    text = "名称\n学院路1号，东侧\n学院路2号，西侧\n"
    assert read_records(file("a.csv", text), "places").frame["name"][1] == "学院路1号，东侧"


def test_long_numbers_that_end_in_the_zeros_of_a_spreadsheet_are_refused(file):
    cut = "户号,人数\n420101198001010000,3\n420101198001020000,2\n"
    result = read_records(file("a.csv", cut), "households")
    assert [(d.row, d.code) for d in result.defects] == [(1, "cut_number"), (2, "cut_number")]
    whole = "户号,人数\n420101198001011234,3\n420101198001020000,2\n"
    assert not read_records(file("b.csv", whole), "households").defects


def test_a_telephone_number_without_its_zero_is_told_and_kept(file):
    text = "户号,电话\nH1,7162345678\nH2,13800001111\nH3,4008001234\nH4,07162345678\n"
    result = read_records(file("a.csv", text), "households")
    assert result.frame["phone"].tolist()[0] == "7162345678"
    assert "rows 1: seems to lack the zero" in said(result)


def test_a_table_of_a_geopackage_is_a_table(tmp_path):
    import pandas as pd
    import pyogrio

    path = tmp_path / "t.gpkg"
    frame = pd.DataFrame({"户号": ["H1"], "经度": [114.12], "纬度": [30.06]})
    pyogrio.write_dataframe(frame, path, layer="t", driver="GPKG")
    (row,) = read_records(path, "households").frame.itertuples()
    assert (row.lon, row.lat) == (114.12, 30.06)


def test_a_file_without_features_says_so(file):
    path = file("a.geojson", '{"type": "FeatureCollection", "features": []}')
    with pytest.raises(InvalidInput, match="no features"):
        read_records(path, "communities")
