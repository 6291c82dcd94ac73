"""Texts in all the encodings that offices save: read rightly, or refused by the line."""

import zipfile

import geopandas as gpd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Point

from gis.errors import InvalidInput
from gis.exchange.encoding import detect_codec
from gis.exchange.records import read_records
from gis.exchange.whole import open_whole

HEADER = "户号,户主,地址,人数\n"
ROWS = "".join(f"H{i},石老师,学院路{i}号,3\n" for i in range(1, 6))


def addresses(path, **options):
    return read_records(path, "households", **options).frame["address_text"].tolist()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_a_table_is_read_in_every_encoding_that_tables_are_saved_in(file, encoding):
    path = file("a.csv", (HEADER + ROWS).encode(encoding))
    assert addresses(path)[0] == "学院路1号"


def test_traditional_headers_in_big5_are_known(file):
    text = "戶號,戶主,地址,人數,聯繫電話\nH1,王小明,學院路1號,3,02\n"
    frame = read_records(file("a.csv", text.encode("big5")), "households").frame
    assert frame[["number", "people", "phone"]].values.tolist() == [["H1", 3, "02"]]


@pytest.mark.parametrize("stated", ["utf-16", "UTF-16BE", "utf16-be", None])
def test_utf_16_is_read_in_the_order_of_its_bytes(file, stated):
    path = file("a.csv", (HEADER + ROWS).encode("utf-16-be"))
    assert addresses(path, encoding=stated)[0] == "学院路1号"


@pytest.mark.parametrize("names", [["学院路", "石路", "山路"], ["学院路"], ["石老师", "小区"]])
def test_gbk_that_is_valid_utf_8_is_gbk(file, names):
    text = "id,address\n" + "".join(f"H{i},{name}\n" for i, name in enumerate(names))
    assert addresses(file("a.csv", text.encode("gbk"))) == names


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(
        st.text("学院路石山小区新村东西街桥水井", min_size=2, max_size=6), min_size=2, max_size=8
    )
)
def test_a_chinese_text_is_never_read_as_another(words):
    """Whatever bytes the words give: they are read rightly, or the encoding is asked for."""
    for encoding in ("utf-8", "gbk"):
        codec = detect_codec("\n".join(["name", *words]).encode(encoding))
        assert codec in {None, "utf-8-sig" if encoding == "utf-8" else "gb18030"}


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.sampled_from(
        ["Zürich Genève Neuchâtel", "Москва Тверь", "Αθήνα Πάτρα", "ئۇيغۇر", "བོད་ལྗོངས་"]
    ),
    st.lists(st.sampled_from("abc 12°½€·é"), max_size=6),
)
def test_utf_8_of_other_languages_stays_utf_8(text, more):
    assume("".join(more).strip())
    assert detect_codec(f"{text} {''.join(more)}".encode()) == "utf-8-sig"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("line", [2, 4, 6])
def test_one_bad_byte_is_told_by_its_line(file, encoding, line):
    lines = (HEADER + ROWS).encode(encoding).splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(b",3\n", b"\xff,3\n")
    with pytest.raises(InvalidInput, match=rf"line {line}\b"):
        read_records(file("a.csv", b"".join(lines)), "households")


@pytest.mark.parametrize(("first", "second"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
@pytest.mark.parametrize("line", [2, 5])
def test_two_encodings_in_one_file_are_told_by_the_line(file, first, second, line):
    lines = (HEADER + ROWS).splitlines(keepends=True)
    content = b"".join(
        text.encode(second if i >= line else first) for i, text in enumerate(lines, start=1)
    )
    with pytest.raises(InvalidInput, match=rf"line {line} is .*{second}"):
        read_records(file("a.csv", content), "households")


@pytest.mark.parametrize(
    ("saved", "stated"),
    [
        ("utf-8", "gb18030"),
        ("utf-8", "latin-1"),
        ("gb18030", "cp1252"),
        ("gb18030", "utf-8"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-8"),
        ("utf-16-le", "gb18030"),
    ],
)
def test_a_stated_encoding_that_does_not_fit_is_told(file, saved, stated):
    path = file("a.csv", (HEADER + ROWS).encode(saved))
    with pytest.raises(InvalidInput, match="is not|nonsense"):
        read_records(path, "households", encoding=stated)


@pytest.mark.parametrize(("saved", "stated"), [("latin-1", "latin-1"), ("cp1252", "cp1252")])
def test_a_stated_encoding_that_fits_is_taken(file, saved, stated):
    path = file("a.csv", "name\nZürich\nGenève\n".encode(saved))
    names = read_records(path, "places", encoding=stated).frame["name"]
    assert names.tolist() == ["Zürich", "Genève"]


# -- quotes --------------------------------------------------------------------------------------


def test_a_quote_that_is_never_closed_is_told_by_its_line_and_what_it_swallows(file):
    text = 'number,address\nH1,a\nH2,"b\nH3,c\nH4,d\nH5,e\n'
    result = read_records(file("a.csv", text), "households")
    assert result.frame["number"].tolist() == ["H1"]
    (defect,) = result.defects
    assert defect.row == 2
    assert "line 3 opens" in defect.message and "3 lines to the end" in defect.message


def test_a_quote_closed_by_the_next_one_is_told_too(file):
    text = 'number,address\nH1,a\nH2,"b\nH3,c\nH4,d"\nH5,e\n'
    result = read_records(file("a.csv", text), "households")
    assert result.frame["number"].tolist() == ["H1", "H5"]
    assert "line 3 opens" in result.defects[0].message
    assert "2 lines" in result.defects[0].message


def test_an_open_quote_of_a_table_carried_whole_is_told_by_its_line_too(file, tmp_path):
    path = file("a.csv", 'address\na\n"b\nc\nd\n')
    folder = tmp_path / "work"
    folder.mkdir()
    with pytest.raises(InvalidInput, match="row 3 .*line 3 opens.*2 lines to the end"):
        open_whole(path, folder, known=["address"])


def test_a_cell_of_several_lines_is_read(file):
    text = 'number,address,head_name\nH1,"a\nb",c\nH2,d,e\n'
    assert addresses(file("a.csv", text)) == ["a\nb", "d"]


# -- the table of a Shapefile --------------------------------------------------------------------


def shapefile(tmp_path, names, encoding, *, page=None, cut=0):
    """Save names as GBK or UTF-8; ``cut`` takes bytes off the width of the field."""
    path = tmp_path / "town.shp"
    frame = gpd.GeoDataFrame({"name": names}, geometry=[Point(9, 47)] * len(names), crs=4326)
    frame.to_file(path, encoding=encoding)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = 0
    if cut:
        head, width, n = int.from_bytes(dbf[8:10], "little"), dbf[48], len(names)
        keep = max(len(name.encode(encoding)) for name in names) - cut
        records = [dbf[head + i * (width + 1) :][: keep + 1] for i in range(n)]
        dbf[48], dbf[10:12] = keep, (keep + 1).to_bytes(2, "little")
        dbf = dbf[:head] + b"".join(records) + b"\x1a"
    path.with_suffix(".dbf").write_bytes(dbf)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if page:
        path.with_suffix(".cpg").write_text(page)
    return path


@pytest.mark.parametrize(
    ("encoding", "page"), [("GBK", "GBK"), ("GBK", None), ("UTF-8", "UTF-8"), ("UTF-8", None)]
)
@pytest.mark.parametrize("cut", [0, 1])
def test_a_name_cut_in_the_middle_of_a_sign_is_read_and_told(tmp_path, encoding, page, cut):
    path = shapefile(tmp_path, ["东风路中段", "建设路"], encoding, page=page, cut=cut)
    result = read_records(path, "places")
    assert result.frame["name"].tolist() == ["东风路中段"[: 5 - cut], "建设路"]
    told = [note.message for note in result.notes if "cut in the middle" in note.message]
    assert bool(told) == bool(cut)
    assert all("rows 1:" in message for message in told)


@pytest.mark.parametrize("page", [None, "UTF-8", "ISO-8859-1", "GBK"])
def test_gbk_names_that_are_valid_utf_8_are_gbk_in_a_table_of_shapes(tmp_path, page):
    path = shapefile(tmp_path, ["学院路"], "GBK", page=page)
    assert read_records(path, "places").frame["name"].tolist() == ["学院路"]


@pytest.mark.parametrize("page", ["GBK", "BIG5", "ISO-8859-1"])
def test_a_wrong_page_of_a_utf_8_table_is_not_believed(tmp_path, page):
    path = shapefile(tmp_path, ["梨子园社区", "古榕社区"], "UTF-8", page=page)
    result = read_records(path, "places")
    assert result.frame["name"].tolist() == ["梨子园社区", "古榕社区"]
    assert any("read as utf-8" in note.message for note in result.notes)


def test_a_row_whose_bytes_do_not_fit_is_refused_alone(tmp_path):
    path = shapefile(tmp_path, ["梨子园社区", "古榕社区", "学院路社区"], "UTF-8", page="UTF-8")
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[content.find("古".encode())] = 0xFF
    dbf.write_bytes(content)
    result = read_records(path, "places")
    assert result.frame["name"].to_dict() == {1: "梨子园社区", 3: "学院路社区"}
    assert [(d.row, d.field) for d in result.defects] == [(2, "name")]


# -- archives ------------------------------------------------------------------------------------


def test_what_a_desktop_leaves_in_an_archive_is_ignored(tmp_path):
    path = shapefile(tmp_path, ["梨子园社区"], "UTF-8", page="UTF-8")
    parts = sorted(path.parent.glob("town.*"))
    target = tmp_path / "all.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in parts:
            archive.write(part, f"data/{part.name}")
            archive.writestr(f"__MACOSX/data/._{part.name}", b"\x00\x05\x16\x07")
            archive.writestr(f"data/._{part.name}", b"\x00\x05\x16\x07")
        archive.writestr("__MACOSX/data/inner.zip", b"PK")
        archive.writestr("data/.DS_Store", b"\x00")
    assert read_records(target, "places").frame["name"].tolist() == ["梨子园社区"]
