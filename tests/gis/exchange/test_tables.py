"""CSV, workbooks and the tables of Shapefiles: cells, encodings, headers, mappings."""

import datetime as dt
import gzip

import geopandas as gpd
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from gis.domain.kinds import KINDS, Field
from gis.errors import InvalidInput, with_hints
from gis.exchange.columns import parse_mapping
from gis.exchange.records import read_records
from gis.exchange.values import read_value

HEADER = "户号,户主,联系电话,人数,地址\n"
ROW = "H1,石老师,13800001111,4,古榕社区古州中路12号\n"


def codes(result):
    return [(d.row, d.field, d.code) for d in result.defects]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_tables_are_read_in_any_usual_encoding(file, encoding):
    result = read_records(file("户.csv", (HEADER + ROW).encode(encoding)), "households")
    row = result.frame.iloc[0]
    assert row["head_name"] == "石老师"
    assert row["people"] == 4
    assert list(result.frame.columns) == [
        *(f.name for f in KINDS["households"].fields),
        "geometry",
    ]
    assert any("gb18030" in n.message for n in result.notes) == (encoding == "gb18030")


def test_rare_characters_survive(file):
    row = ROW.replace("石老师", "𠮷😀")
    for encoding in ("utf-8", "gb18030"):
        path = file("a.csv", (HEADER + row * 1).encode(encoding))
        given = encoding if encoding == "gb18030" else None
        assert read_records(path, "households", encoding=given).frame.iloc[0]["head_name"] == "𠮷😀"


def test_latin_letters_are_not_taken_for_chinese(file):
    path = file("a.csv", "name\nZürich\nGenève\nNeuchâtel\n".encode("latin-1"))
    with pytest.raises(InvalidInput, match="or state it, such as gb18030") as caught:
        read_records(path, "places")
    assert "(--encoding gb18030)" in with_hints(caught.value)
    names = read_records(path, "places", encoding="latin-1").frame["name"]
    assert list(names) == ["Zürich", "Genève", "Neuchâtel"]


@pytest.mark.parametrize("encoding", ["rot13", "utf-7", "idna", "zlib"])
def test_only_text_encodings_are_taken(file, encoding):
    with pytest.raises(InvalidInput, match="use one of"):
        read_records(file("a.csv", "name\nx\n"), "places", encoding=encoding)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(file, separator):
    text = HEADER.replace(",", separator) + ROW.replace(",", separator)
    assert read_records(file("a.csv", text), "households").frame.iloc[0]["number"] == "H1"


def test_a_zipped_csv_is_read(file):
    path = file("a.csv.gz", gzip.compress((HEADER + ROW).encode()))
    assert len(read_records(path, "households").frame) == 1


def test_personal_values_are_masked_in_defects(file):
    text = "姓名,户号,出生日期\n石老师,H1,1985/13/45\n"
    (defect,) = read_records(file("a.csv", text), "residents").defects
    assert (defect.file, defect.row, defect.field) == ("a.csv", 1, "birth_date")
    assert "1985" not in str(defect)
    assert "day that does not exist" in str(defect)


def test_a_phone_cut_to_its_first_digits_is_refused_and_masked(file):
    text = "户号,电话\nH1,1.38E+10\n"
    (defect,) = read_records(file("a.csv", text), "households").defects
    assert "store it as text" in defect.message
    assert "1.38" not in defect.message


def test_a_number_twice_is_refused_in_both_rows(file):
    result = read_records(file("a.csv", "户号\nH1\nH2\nH1\n"), "households")
    assert codes(result) == [(1, "number", "repeated"), (3, "number", "repeated")]
    assert "row 3" in result.defects[0].message
    assert list(result.frame["number"]) == ["H2"]


def test_a_missing_required_cell_is_refused(file):
    result = read_records(file("a.csv", "户号,人数\n,3\nH2,4\n"), "households")
    assert codes(result) == [(1, "number", "missing")]


def test_a_missing_required_column_asks_for_a_mapping(file):
    with pytest.raises(InvalidInput, match="which column holds it; columns: a, b") as caught:
        read_records(file("a.csv", "a,b\n1,2\n"), "households")
    assert "(--map number=COLUMN); columns: a, b" in with_hints(caught.value)


def test_rows_that_do_not_fit_the_header_are_listed(file):
    text = 'name,kind\nA,school\nB,school,extra\n"C,school\n'
    result = read_records(file("a.csv", text), "places")
    assert [(d.row, d.code) for d in result.defects] == [(2, "too_many_cells"), (3, "broken_row")]
    assert result.n_rows == 3


def test_an_endless_cell_costs_its_row(file):
    result = read_records(file("a.csv", f"name\nA\n{'x' * 200_000}\nB\n"), "places")
    assert codes(result) == [(2, None, "broken_row")]
    assert list(result.frame["name"]) == ["A", "B"]


def test_titles_and_totals_are_set_aside(file):
    text = "古榕社区住户登记表,,,,\n" + HEADER + ROW + "合计,,,4,\n"
    result = read_records(file("a.csv", text), "households")
    assert len(result.frame) == 1
    words = " ".join(n.message for n in result.notes)
    assert "1 title row" in words
    assert "row 2 is a total" in words


def test_nul_and_invisible_characters_are_said(file):
    result = read_records(file("a.csv", "name\nA\x00B\nC\u200bD\n"), "places")
    assert list(result.frame["name"]) == ["AB", "C\u200bD"]
    words = " ".join(n.message for n in result.notes)
    assert "NUL" in words
    assert "invisible" in words


def test_columns_of_the_same_name_are_refused(file):
    with pytest.raises(InvalidInput, match="same name: name"):
        read_records(file("a.csv", "name,name\na,b\n"), "places")


def test_points_come_from_lon_and_lat(file):
    text = "名称,经度,纬度\nA,108.52,25.93\nB,,\nC,0,0\nD,25.93,108.52\nE,108.5,\n"
    result = read_records(file("a.csv", text), "places")
    assert codes(result) == [
        (3, "geometry", "not_located"),
        (4, "geometry", "swapped"),
        (5, "lat", "missing"),
    ]
    assert list(result.frame["name"]) == ["A", "B"]
    assert result.frame.geometry.iloc[0] == Point(108.52, 25.93)
    assert result.frame.geometry.iloc[1] is None


def test_codes_are_completed_by_a_prefix(tmp_path):
    frame = gpd.GeoDataFrame(
        {"code": ["4", "990001001012", "x", "5"], "name": list("ABCD")},
        geometry=[Point(9.5, 47.1).buffer(0.01)] * 4,
        crs=4326,
    )
    path = tmp_path / "a.gpkg"
    frame.to_file(path)
    result = read_records(path, "communities", code_prefix="990001001")
    assert list(result.frame["code"]) == ["990001001004", "990001001012", "990001001005"]
    assert codes(result) == [(3, "code", "bad_code")]


MAPPINGS = {
    "kind:=rail": ("kind", ["rail", "rail"]),
    "kind=class{1:main_road,*:path}": ("kind", ["main_road", "path"]),
    "name=no + street": ("name", ["12 Elm", "Oak"]),
    "name=": ("name", [None, None]),
    "left_from=no{-1:,*:7}": ("left_from", [7, 7]),
}


@pytest.mark.parametrize("pair", MAPPINGS)
def test_a_mapping_says_where_a_field_comes_from(tmp_path, pair):
    frame = gpd.GeoDataFrame(
        {"class": [1, 2], "no": ["12", None], "street": ["Elm", "Oak"]},
        geometry=gpd.GeoSeries.from_wkt(["LINESTRING (9 47, 9.1 47)"] * 2),
        crs=4326,
    )
    path = tmp_path / "a.gpkg"
    frame.to_file(path)
    mapping = parse_mapping([pair, *([] if pair.startswith("kind") else ["kind:=path"])])
    field, expected = MAPPINGS[pair]
    assert read_records(path, "barriers", mapping=mapping).frame[field].tolist() == expected


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (["name"], "write field=column"),
        (["name=a", "name=b"], "given twice"),
        (["colour=a"], "no field 'colour'"),
        (["name=nothing"], "no column 'nothing'; columns: name"),
        (["name=name{ab}"], "old:new"),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused(file, pairs, words):
    with pytest.raises(InvalidInput, match=words):
        read_records(file("a.csv", "name\nx\n"), "places", mapping=parse_mapping(pairs))


def workbook(path, *rows, title="登记", **sheets):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, state in sheets.items():
        book.create_sheet(name).sheet_state = state
    book.save(path)
    return path


def test_a_workbook_is_read_with_real_dates(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        ["居民登记表"],
        ["姓名", "户号", "性别", "出生日期"],
        ["石老师", 17, "男", dt.datetime(1985, 3, 5)],
    )
    row = read_records(path, "residents").frame.iloc[0]
    assert row["birth_date"] == dt.date(1985, 3, 5)
    assert row["household_number"] == "17"
    assert row["sex"] == "male"


def test_a_formula_never_calculated_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["户号", "人数"], ["H1", "=1+1"])
    (defect,) = read_records(path, "households").defects
    assert "never calculated" in defect.message


def test_a_long_number_kept_as_number_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["户号", "电话"], ["H1", 420101198001011234.0])
    (defect,) = read_records(path, "households").defects
    assert "lost its last digits" in defect.message


def test_hidden_sheets_are_not_read_unasked(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["户号"], ["H1"], old="hidden")
    result = read_records(path, "households")
    assert any("hidden worksheets not read: old" in n.message for n in result.notes)


def test_several_sheets_ask_for_one(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["户号"], ["H1"], more="visible")
    book = openpyxl.load_workbook(path)
    book["more"].append(["户号"])
    book.save(path)
    with pytest.raises(InvalidInput, match="one worksheet; it holds: 登记, more"):
        read_records(path, "households")
    assert len(read_records(path, "households", worksheet="登记").frame) == 1


@pytest.mark.parametrize("page", [None, "UTF-8", "GBK"])
def test_a_gbk_table_beside_a_shapefile_is_recognised(tmp_path, page):
    path = tmp_path / "town.shp"
    frame = gpd.GeoDataFrame({"名称": ["梨子园社区"]}, geometry=[Point(108.5, 25.9)], crs=4326)
    frame.to_file(path, encoding="GBK")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = 0
    path.with_suffix(".dbf").write_bytes(dbf)
    if page:
        path.with_suffix(".cpg").write_text(page)
    assert read_records(path, "places").frame["name"].tolist() == ["梨子园社区"]


def test_a_shapefile_needs_its_dbf_but_not_its_index(tmp_path):
    path = tmp_path / "town.shp"
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(9, 47)], crs=4326).to_file(path)
    path.with_suffix(".shx").unlink()
    assert len(read_records(path, "places").frame) == 1
    path.with_suffix(".dbf").unlink()
    with pytest.raises(InvalidInput, match=".dbf beside it is missing"):
        read_records(path, "places")


def test_a_zipped_shapefile_is_read(tmp_path):
    import zipfile

    folder = tmp_path / "parts"
    folder.mkdir()
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(9, 47)], crs=4326).to_file(folder / "t.shp")
    path = tmp_path / "town.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"inner/{part.name}")
    assert read_records(path, "places").frame["name"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ("１２３４", "integer", 1234),
        ("1,234", "integer", 1234),
        (4.0, "integer", 4),
        ("4.5", "integer", "whole"),
        ("-1", "integer", "negative"),
        ("٣", "integer", "plain number"),
        ("1_0", "integer", "number"),
        ("inf", "number", "plain number"),
        ("2024-02-30", "date", "does not exist"),
        ("0000-00-00", "date", "does not exist"),
        ("05/03/24", "date", "could be"),
        ("八月初三", "date", "not a date"),
        ("45356", "date", dt.date(2024, 3, 5)),
        ("2024/3/5 14:30", "datetime", dt.datetime(2024, 3, 5, 14, 30)),
        ("2024-03-05T25:00", "datetime", "does not exist"),
        ("\ud800", "text", "half a character"),
        ("x" * 30_000, "text", "longer"),
        ("\u3000古榕 ", "text", "古榕"),
        ("12345678901", "code", "11 digits"),
        (522632100009.0, "code", "522632100009"),
    ],
)
def test_a_cell_is_read_or_refused_with_its_reason(value, type_, expected):
    field = Field("x", type_)
    try:
        assert read_value(value, field) == expected
    except ValueError as error:
        assert expected in str(error)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.none(),
    st.sampled_from(["text", "integer", "number", "date", "datetime", "code", "choice"]),
)
def test_any_cell_is_read_or_refused(value, type_):
    try:
        result = read_value(value, Field("x", type_, choices=("a",)))
    except ValueError as error:
        assert str(error)
    else:
        assert result is None or isinstance(result, (str, int, float, dt.date))
