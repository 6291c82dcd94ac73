"""KML and KMZ as Google Earth, QGIS and Chinese map programs write them."""

import zipfile

import pytest

from gis.errors import InvalidInput
from gis.exchange.formats import FORMATS, endings
from gis.exchange.records import read_records

RING = "108.5,25.93,0 108.51,25.93,0 108.51,25.94,0 108.5,25.94,0 108.5,25.93,0"
AREA = (
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
    + RING
    + "</coordinates></LinearRing></outerBoundaryIs></Polygon>"
)


def mark(name, shape="", **data):
    rows = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in data.items())
    told = f"<ExtendedData>{rows}</ExtendedData>" if data else ""
    return f"<Placemark><name>{name}</name>{told}{shape}</Placemark>"


def point(x):
    return f"<Point><coordinates>{x},25.935,0</coordinates></Point>"


def kml(inner, namespace="http://www.opengis.net/kml/2.2"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="{namespace}">'
        f"<Document><name>古州</name>{inner}</Document></kml>"
    )


def community(code="522632100001"):
    return mark("古榕社区", AREA, 区划代码=code, 面积="3.2")


def test_marks_with_data_in_chinese_are_rows_with_those_columns(file):
    found = read_records(file("a.kml", kml(community())), "communities")
    assert found.defects == ()
    row = found.frame.iloc[0]
    assert (row["code"], row["name"]) == ("522632100001", "古榕社区")
    assert row.geometry.bounds == (108.5, 25.93, 108.51, 25.94)
    assert found.frame.crs.to_epsg() == 4326


def test_a_kmz_is_read_by_the_file_in_it(tmp_path):
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/icon.png", b"\x89PNG")
        archive.writestr("doc.kml", kml(community()))
    found = read_records(path, "communities")
    assert len(found.frame) == 1 and "doc.kml in it was read" in " ".join(map(str, found.notes))


@pytest.mark.parametrize(
    "namespace", ["http://earth.google.com/kml/2.0", "http://earth.google.com/kml/2.1", ""]
)
def test_older_files_are_read_alike(file, namespace):
    found = read_records(file("a.kml", kml(community(), namespace)), "communities")
    assert list(found.frame["code"]) == ["522632100001"]


@pytest.mark.parametrize("encoding", ["GBK", "gb2312", "GB18030", "Big5"])
def test_a_file_that_says_a_chinese_encoding_is_read_in_it(file, encoding):
    place = mark("中心", AREA, code="522632100001")
    text = kml(place).replace("UTF-8", encoding).replace("古州", "文件")
    found = read_records(file("a.kml", text.encode(encoding)), "communities")
    assert list(found.frame["name"]) == ["中心"]


def test_typed_values_are_taken_as_written(file):
    schema = '<Schema name="s" id="s"><SimpleField name="户号" type="int"/></Schema>'
    data = '<SchemaData schemaUrl="#s"><SimpleData name="户号">007</SimpleData></SchemaData>'
    place = f"<Placemark><ExtendedData>{data}</ExtendedData>{point(108.501)}</Placemark>"
    found = read_records(
        file("a.kml", kml(schema + place)), "households", mapping={"number": "户号"}
    )
    assert list(found.frame["number"]) == ["007"]


def test_folders_inside_folders_are_layers_and_one_must_be_named(file):
    inner = f"<Folder><name>内</name>{community()}</Folder>"
    path = file("a.kml", kml(f"<Folder><name>外</name>{inner}{mark('p', point(108.5))}</Folder>"))
    with pytest.raises(InvalidInput, match="name one layer.*外, 内"):
        read_records(path, "communities")
    assert len(read_records(path, "communities", layer="内").frame) == 1


def test_folders_of_one_name_stay_apart(file):
    folder = f"<Folder><name>网格</name>{mark('p', point(108.501))}</Folder>"
    with pytest.raises(InvalidInput, match=r"网格, 网格 \(2\)"):
        read_records(file("a.kml", kml(folder + folder)), "places")


def test_the_address_of_a_mark_is_a_column(file):
    place = f"<Placemark><name>H7</name><address>榕江大道12号</address>{point(108.501)}</Placemark>"
    path = file("a.kml", kml(place))
    found = read_records(path, "households", mapping={"number": "Name"})
    assert list(found.frame["address_text"]) == ["榕江大道12号"]


def test_a_mark_without_a_shape_is_told_by_its_row(file):
    found = read_records(file("a.kml", kml(community() + mark("nowhere"))), "communities")
    assert len(found.frame) == 1 and {d.row for d in found.defects} == {2}


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    "<kml><Placemark><name>&b;</name></Placemark></kml>"
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (LAUGHS, "declares entities"),
        (kml(""), "holds no mark"),
        (kml("<NetworkLink><Link><href>http://a/b.kml</href></Link></NetworkLink>"), "NetworkLink"),
        (kml(community())[:-30], "damaged"),
        (kml(community()).encode("utf-8")[:300] + b"\xff\xfe", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(file, content, told):
    with pytest.raises(InvalidInput, match=told):
        read_records(file("a.kml", content), "communities")


def test_a_zip_whose_kml_is_none_is_refused(tmp_path):
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", "<html></html>")
    with pytest.raises(InvalidInput, match="a web page"):
        read_records(path, "communities")


def test_every_format_is_listed_once_with_its_endings():
    assert len({form.name for form in FORMATS}) == len(FORMATS)
    assert {".kml", ".kmz", ".gpkg", ".xlsx"} <= set(endings())
