"""Workbooks as clerks make them: nothing in them is lost or changed in silence."""

import datetime as dt
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.domain.kinds import KINDS, Field
from gis.errors import InvalidInput
from gis.exchange import workbook as workbook_module
from gis.exchange.cells import Cells
from gis.exchange.columns import match_columns
from gis.exchange.records import read_records
from gis.exchange.sheet_xml import cell_name
from gis.exchange.table import Table
from gis.exchange.values import read_value

HEAD = ["户号", "地址", "人数", "经度", "纬度"]


def saved(path, *rows, change=None, **sheets):
    """Save rows (and empty further sheets); ``change`` edits the workbook first."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, state in sheets.items():
        book.create_sheet(name).sheet_state = state
    if change is not None:
        change(book.active)
    book.save(path)
    return path


def rewritten(path, edit, part="xl/worksheets/sheet1.xml"):
    """Edit the XML of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = edit(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def household(i, **changed):
    row = {"户号": f"H{i}", "地址": f"学院路{i}号", "人数": 3, "经度": 114.12, "纬度": 30.08}
    return list((row | changed).values())


def words(result):
    return " ".join(note.message for note in result.notes)


@pytest.mark.parametrize("stated", ["A1", "A1:B2", "A1:E2", "A1:B6"])
def test_the_stated_size_of_a_sheet_is_not_believed(tmp_path, stated):
    path = saved(tmp_path / "a.xlsx", HEAD, *(household(i) for i in range(5)))
    rewritten(
        path, lambda xml: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{stated}"', xml)
    )
    frame = read_records(path, "households").frame
    assert frame["number"].tolist() == [f"H{i}" for i in range(5)]
    assert frame["people"].tolist() == [3] * 5
    assert frame.geometry.x.tolist() == [114.12] * 5


@pytest.mark.parametrize("gap", [1, 1_001, 60_000])
def test_rows_after_a_gap_are_read_with_their_numbers(tmp_path, gap):
    def change(sheet):
        for column, value in enumerate(household(9), start=1):
            sheet.cell(3 + gap, column, value)

    path = saved(tmp_path / "a.xlsx", HEAD, household(1), change=change)
    assert read_records(path, "households").frame["number"].to_dict() == {1: "H1", 2 + gap: "H9"}


def test_an_empty_first_column_and_row_shift_nothing(tmp_path):
    path = saved(tmp_path / "a.xlsx", [], [None, *HEAD], [None, *household(1)])
    assert read_records(path, "households").frame["number"].to_dict() == {1: "H1"}


def test_days_are_counted_as_the_workbook_counts_them(tmp_path):
    rows = [["事件编号", "类别", "发生时间"], ["E1", "theft", 43894], ["E2", "theft", None]]
    path = saved(tmp_path / "a.xlsx", *rows)
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    book.active["C3"] = dt.datetime(2024, 3, 5)
    book.save(path)
    result = read_records(path, "incidents")
    assert [day.date() for day in result.frame["occurred_at"]] == [dt.date(2024, 3, 5)] * 2
    assert "1904" in words(result)


@pytest.mark.parametrize("error", ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!"])
def test_an_error_is_told_by_its_cell_and_never_stored(tmp_path, error):
    def change(sheet):
        sheet["B3"].value, sheet["B3"].data_type = error, "e"

    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2), change=change)
    result = read_records(path, "households")
    (defect,) = result.defects
    assert (defect.row, defect.field) == (2, "address_text")
    assert "cell B3" in defect.message and error in defect.message
    assert result.frame["number"].tolist() == ["H1"]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "Err:502"])
def test_an_error_saved_as_text_is_none_either(file, error):
    result = read_records(file("a.csv", f"户号,地址\nH1,{error}\n"), "households")
    assert [(d.row, d.field) for d in result.defects] == [(1, "address_text")]


def test_a_formula_without_value_is_told_by_its_cell(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2, 人数="=1+2"))
    (defect,) = read_records(path, "households").defects
    assert (defect.row, defect.field) == (2, "people")
    assert "cell C3" in defect.message


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1, 地址="=B9"))
    rewritten(
        path,
        lambda x: re.sub(
            r'<c r="B2"[^>]*><f>B9</f><v ?/?>(</v>)?', '<c r="B2" t="str"><f>B9</f><v></v>', x
        ),
    )
    result = read_records(path, "households")
    assert result.defects == () and result.frame["address_text"].tolist() == [None]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("000000", "000012"),
        ('"H"0000', "H0012"),
        ("0000-00", "0000-12"),
        ("0", "12"),
        ("0.00", "12"),
    ],
)
def test_a_code_keeps_the_zeros_that_the_sheet_shows(tmp_path, code, shown):
    def change(sheet):
        sheet["A2"].number_format = code

    path = saved(tmp_path / "a.xlsx", HEAD, household(1, 户号=12), change=change)
    assert read_records(path, "households").frame["number"].tolist() == [shown]


@pytest.mark.parametrize("number", [4290010010010017, 420101198001011234.0, 1e15])
def test_a_number_longer_than_a_cell_keeps_is_refused(tmp_path, number):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1, 户号=number))
    (defect,) = read_records(path, "households").defects
    assert defect.field == "number" and "lost its last digits" in defect.message


def test_a_merged_cell_is_read_in_every_row_and_a_count_once(tmp_path):
    def change(sheet):
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("C2:C3")

    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2), change=change)
    result = read_records(path, "households")
    assert result.frame["address_text"].tolist() == ["学院路1号"] * 2
    assert result.frame["people"].tolist() == [3, None]
    assert "B2:B3" in words(result)


def test_empty_further_sheets_need_no_name(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1), Sheet2="visible", Sheet3="visible")
    result = read_records(path, "households")
    assert len(result.frame) == 1
    assert "Sheet2, Sheet3" in words(result)


TWO_ROWS = [
    ["户号", "地址", "坐标", None],
    [None, None, "经度", "纬度"],
    ["H1", "学院路1号", 114.1, 30.1],
]


@pytest.mark.parametrize("merged", [(), ("A1:A2", "B1:B2", "C1:D1")])
def test_a_header_of_two_rows_is_understood(tmp_path, merged):
    def change(sheet):
        for cells in merged:
            sheet.merge_cells(cells)

    path = saved(tmp_path / "a.xlsx", *TWO_ROWS, change=change)
    frame = read_records(path, "households").frame
    assert frame["number"].to_dict() == {1: "H1"}
    assert (frame.geometry.iloc[0].x, frame.geometry.iloc[0].y) == (114.1, 30.1)


def test_a_header_of_two_rows_is_understood_in_text_too(file):
    text = "户号,地址,坐标,\n,,经度,纬度\nH1,学院路1号,114.1,30.1\n"
    assert read_records(file("a.csv", text), "households").frame.geometry.x.tolist() == [114.1]


def test_cells_beyond_the_header_of_a_sheet_are_columns_without_a_name(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, [*household(1), "看这里"], household(2))
    result = read_records(path, "households")
    assert len(result.frame) == 2
    assert "column 6" in words(result)


LINES = [
    ["合计", None, 6],
    ["合 计：", "2户", 6],
    ["东关社区小计", None, 6],
    [None, "总计", 6],
    ["Total", None, 6],
    ["Grand total:", None, 6],
    ["共2户"],
    ["填表人：张三", None, "审核人：李四"],
    ["填表人", "张三", "填报日期", "2024-03-05"],
    ["制表：张三"],
    ["审核："],
    ["备注：以上为2024年数据"],
    ["单位（盖章）"],
    ["填报单位", "城关镇"],
    ["日期", "2024年3月5日"],
    ["2024年3月5日"],
    ["Prepared by J. Doe", None, "Date: 2024-03-05"],
    ["Signature: ________"],
    ["Note: counted in March"],
    ["第1页 共3页"],
    ["以下空白"],
    HEAD,
]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_line_under_a_table_is_told_and_never_a_record(tmp_path, line):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2), line)
    result = read_records(path, "households")
    assert result.frame["number"].tolist() == ["H1", "H2"]
    assert result.defects == ()
    assert "row 3" in words(result)
    assert "张三" not in words(result)


RECORDS = [
    ["总计局宿舍", "学院路1号", 3],
    ["日期酒店", "学院路1号", 3],
    ["第5小学", "学院路1号", 3],
    ["Total 7", "rue du Lac 3", 3],
    ["Notre Dame", "place 1", 2],
    ["H00001"],
    ["单位宿舍5", "学院路1号", 3],
]


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_a_record_that_begins_like_a_line_is_a_record(tmp_path, record):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1), record)
    assert read_records(path, "households").frame["number"].tolist() == ["H1", record[0]]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("3人", "people", 3),
        ("３ 人", "people", 3),
        ("5口", "people", 5),
        ("2 persons", "people", 2),
        ("1,200人", "people", 1200),
        ("6层", "levels", 6),
        ("12 floors", "levels", 12),
        ("40户", "dwellings", 40),
        ("300户", "minimum", 300),
        ("5户", "people", "plain number"),
        ("3-4人", "people", "plain number"),
        ("三人", "people", 3),
        ("NaN", "people", "plain number"),
    ],
)
def test_a_count_may_have_its_unit(text, field, expected):
    try:
        assert read_value(text, Field(field, "integer")) == expected
    except ValueError as error:
        assert expected in str(error) and "finite" not in str(error)


DEGREES = [
    "{d}°{m}′{s}″",
    "{d}°{m}'{s}\"",
    "{d}度{m}分{s}秒",
    "{d}d{m}m{s}s",
    "{d}º{m}’{s}”",
    "{d}:{m}:{s}",
]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.integers(0, 89),
    st.integers(0, 59),
    st.integers(0, 59),
    st.sampled_from(DEGREES),
    st.sampled_from(["", "N", "S", "北纬", "南纬", "-"]),
)
def test_degrees_minutes_and_seconds_are_one_number(d, m, s, form, half):
    text = form.format(d=d, m=m, s=s)
    written = f"{text}{half}" if half in ("N", "S") else f"{half}{text}"
    expected = d + m / 60 + s / 3600
    signed = -expected if half in ("S", "南纬", "-") else expected
    assert read_value(written, Field("lat", "number")) == pytest.approx(signed, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["114.12°E", "E114.12", "东经114.12", "114.12E", "114°7.2′", "114 7 12", "E 114°7′12″"]
)
def test_an_angle_in_other_writings_is_read(text):
    assert read_value(text, Field("lon", "number")) == pytest.approx(114.12)


@pytest.mark.parametrize(
    "text", ["114°61′", "30N", "114,12", "114.12,30.08", "114-07-29", "inf", "见附图"]
)
def test_what_is_no_angle_is_refused_with_help(text):
    with pytest.raises(ValueError) as refusal:
        read_value(text, Field("lon", "number"))
    assert "finite" not in str(refusal.value)


# -- workbooks made to do harm -------------------------------------------------------------------


def test_a_cell_at_the_far_end_costs_no_memory(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1))
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rewritten(path, lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(InvalidInput, match="column XFD"):
        read_records(path, "households")


def test_a_table_stretched_over_the_whole_sheet_is_refused(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1))
    far = '<row r="1048576"><c r="Z1048576"><v>1</v></c></row></sheetData>'
    rewritten(path, lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(InvalidInput, match="more than is read"):
        read_records(path, "households")


def test_styled_cells_without_values_count_for_nothing(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1))
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="1"/><c r="ZZ{r}" s="1"/></row>' for r in range(3, 200_000)
    )
    rewritten(path, lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>"))
    assert read_records(path, "households").frame["number"].tolist() == ["H1"]


def test_a_workbook_that_declares_entities_is_refused(tmp_path):
    path = saved(tmp_path / "a.xlsx", HEAD, household(1))
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet'
    rewritten(path, lambda xml: xml.replace("<worksheet", laughs, 1))
    with pytest.raises(InvalidInput, match="damaged"):
        read_records(path, "households")


def test_a_sheet_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("gis.exchange.sheet_xml.MAX_UNPACKED_BYTES", 1_000_000)
    path = saved(tmp_path / "a.xlsx", HEAD, household(1))
    rewritten(path, lambda xml: xml.replace("</sheetData>", " " * 2_000_000 + "</sheetData>"))
    with pytest.raises(InvalidInput, match="damaged"):
        workbook_module.read_workbook(path, name="a.xlsx", worksheet=None)


def test_names_with_a_prefix_are_read(tmp_path):
    """Some programs write every name of the XML with a prefix."""
    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2, 人数="=1+2"))

    def prefixed(xml):
        xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml)
        return xml.replace("xmlns=", "xmlns:x=", 1)

    rewritten(path, prefixed)
    result = read_records(path, "households")
    assert result.frame["number"].tolist() == ["H1"]
    assert "cell C3" in result.defects[0].message


@pytest.mark.parametrize(("place", "name"), [((1, 1), "A1"), ((7, 26), "Z7"), ((9, 703), "AAA9")])
def test_cells_are_named_as_sheets_name_them(place, name):
    assert cell_name(*place) == name


# -- many rows of one key ------------------------------------------------------------------------


class Counted(list):
    """A list that counts how often it is asked."""

    n_asked = 0

    def __getitem__(self, i):
        Counted.n_asked += 1
        return super().__getitem__(i)


def n_asked_of(n_rows, kind, key):
    record = KINDS[kind]
    columns = [field.name for field in record.fields if field.required]
    row = ["x" if name != "code" else "429001001001" for name in columns]
    table = Table(columns, [list(row) for _ in range(n_rows)], Counted(range(1, n_rows + 1)))
    cells = Cells(record, table, match_columns(record, columns, None, file="a"), "a")
    Counted.n_asked = 0
    cells._refuse_repeated_keys()
    for row in cells.rows:
        row[record.key] = key
    cells._refuse_repeated_keys()
    assert len(cells.defects) == n_rows
    return Counted.n_asked


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.key])
def test_the_work_for_equal_keys_grows_with_the_rows(kind):
    assert n_asked_of(4_000, kind, "x") < 4.5 * n_asked_of(1_000, kind, "x")


@pytest.mark.parametrize("nothing", ["无", "-", "不详", "N/A", "——"])
def test_a_word_for_nothing_is_no_number_of_a_household(file, nothing):
    rows = "".join(f"{nothing},{i}\n" for i in range(50))
    result = read_records(file("a.csv", f"户号,人数\n{rows}H1,3\n"), "households")
    assert {d.code for d in result.defects} == {"missing"} and len(result.defects) == 50
    assert result.frame["number"].tolist() == ["H1"]


@pytest.mark.parametrize("nothing", ["无", "-", "不详"])
def test_a_word_for_nothing_is_no_reference_of_a_thing(file, nothing):
    rows = "".join(f"{nothing},学院路{i}号\n" for i in range(50))
    result = read_records(file("a.csv", f"编号,标准地址\n{rows}"), "addresses")
    assert result.frame["reference"].tolist() == [None] * 50
    assert "50 rows" in words(result)


@pytest.mark.parametrize("field", ["people", "lon", "address_text", "number"])
def test_a_faulty_cell_is_told_in_words_alone_whatever_field_it_stands_in(tmp_path, field):
    column = {"people": "C2", "lon": "D2", "address_text": "B2", "number": "A2"}[field]

    def change(sheet):
        sheet[column] = "=1+2"

    path = saved(tmp_path / "a.xlsx", HEAD, household(1), household(2), change=change)
    found = [d for d in read_records(path, "households").defects if d.field == field]
    assert [str(d.message).split(" is ")[0] for d in found] == [f"cell {column}"]
    assert not any("\x00" in str(d) for d in found)


def test_a_faulty_cell_is_not_translated_away(tmp_path):
    def change(sheet):
        sheet["B2"].value, sheet["B2"].data_type = "#N/A", "e"

    path = saved(tmp_path / "a.xlsx", ["name", "what"], ["x", "y"], change=change)
    mapping = {"kind": "what{school:school,*:shop}"}
    found = read_records(path, "places", mapping=mapping).defects
    assert ("kind", "cell B2") in [(d.field, str(d.message)[:7]) for d in found]
