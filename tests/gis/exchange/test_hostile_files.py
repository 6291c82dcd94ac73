"""Files made to do harm, and files that are not what they say: refused in clear words."""

import io
import sqlite3
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from shapely import box

from gis.errors import InvalidInput
from gis.exchange import sandbox
from gis.exchange.records import read_records

VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='passwd'>"
    "<SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><kml>&b;</kml>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("town.geojson", VRT, "VRT"),
        ("town.csv", VRT, "VRT"),
        ("town.kml", LAUGHS, "entities"),
        ("town.geojson", "<!DOCTYPE html><html>404</html>", "a web page"),
        ("town.gml", "<gml:FeatureCollection xmlns:gml='http://x/y.xsd'/>", "GML"),
        ("town.svg", "<svg onload='alert(1)'/>", "SVG"),
        ("town.geojson", "", "is empty"),
        ("town.csv", "  \n", "is empty"),
        ("town.gpkg", b"not sqlite at all" * 20, "not what its name says"),
        ("town.gpkg", b"SQLite format 3\x00" + bytes(200), "no GeoPackage"),
        ("town.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "an old workbook"),
        ("town.bin", b"\x01\x00\x02" * 50, "binary file"),
        ("town.zip", b"PK\x03\x04" + b"\x00" * 60, "damaged"),
        ("town.csv.gz", b"\x1f\x8b\x08" + b"\x00" * 30, "damaged"),
    ],
)
def test_a_file_is_told_by_its_content(file, name, content, words):
    with pytest.raises(InvalidInput, match=words):
        read_records(file(name, content), "communities")


@pytest.mark.parametrize("name", ["/vsicurl/http://127.0.0.1:9/x.geojson", "CSV:/etc/passwd"])
def test_a_driver_name_is_only_a_file_that_does_not_exist(name):
    with pytest.raises(InvalidInput, match="no such file"):
        read_records(name, "addresses")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InvalidInput, match="no such file"):
        read_records(tmp_path, "addresses")


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("../../evil.shp", "x")], "outside its folder"),
        ([("/etc/evil.shp", "x")], "outside its folder"),
        ([("C:\\evil.shp", "x")], "outside its folder"),
        ([("inner.zip", "x")], "another archive"),
        ([(f"{i}.txt", "") for i in range(201)], "201 files"),
        ([("readme.txt", "x")], "only with a Shapefile"),
        ([("doc.kml", "<kml/>")], "holds no mark"),
        ([("a.shp", "x"), ("b.shp", "x")], "name one layer"),
        ([("A.shp", "x"), ("a.SHP", "x")], "twice"),
    ],
)
def test_a_dangerous_or_empty_zip_is_refused(tmp_path, members, words):
    with pytest.raises(InvalidInput, match=words):
        read_records(zipped(tmp_path / "town.zip", members), "buildings")


def test_a_link_in_a_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = 0o120777 << 16
    path = tmp_path / "town.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InvalidInput, match="a link"):
        read_records(path, "buildings")


def test_a_zip_bomb_is_refused_while_it_unpacks(tmp_path):
    path = zipped(tmp_path / "town.zip", [("a.shp", bytes(20_000_000)), ("a.dbf", "x")])
    assert path.stat().st_size < 50_000
    with pytest.raises(InvalidInput, match="far more than it should"):
        read_records(path, "buildings")


def test_a_gzip_bomb_is_refused_while_it_unpacks(tmp_path):
    import gzip

    path = tmp_path / "town.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 5_000_000))
    with pytest.raises(InvalidInput, match="unpacks to more"):
        read_records(path, "addresses")


def test_an_encrypted_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "town.zip", [("a.shp", b"x" * 100)])
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="password"):
        read_records(path, "buildings")


def test_a_geopackage_view_is_not_run(tmp_path):
    path = tmp_path / "town.gpkg"
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(9, 47, 10, 48)], crs=4326).to_file(
        path, layer="real"
    )
    database = sqlite3.connect(path)
    database.execute(
        "CREATE VIEW trap AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) "
        "SELECT n FROM t"
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
        "VALUES ('trap', 'attributes', 'trap')"
    )
    database.commit()
    database.close()
    with pytest.raises(InvalidInput, match="layer .trap. is a view"):
        read_records(path, "buildings", layer="trap")
    assert len(read_records(path, "buildings").frame) == 1


def test_a_workbook_with_macros_is_refused(tmp_path):
    book = openpyxl.Workbook()
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "town.xlsx"
    path.write_bytes(content.getvalue())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", "x")
    with pytest.raises(InvalidInput, match="macros"):
        read_records(path, "households")


def test_a_damaged_geopackage_is_refused(tmp_path):
    path = tmp_path / "town.gpkg"
    frame = gpd.GeoDataFrame({"id": range(500)}, geometry=[box(9, 47, 10, 48)] * 500, crs=4326)
    frame.to_file(path, layer="real")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InvalidInput, match="damaged|cannot be read"):
        read_records(path, "buildings")


JOBS = {
    "network": "import socket; socket.socket()",
    "program": "import subprocess; subprocess.run(['/bin/true'])",
    "memory": "bytearray(3 * 1024**3)",
    "crash": "import os; os.abort()",
    "secrets": "import os; assert 'DATABASE_URL' not in os.environ; raise SystemExit(7)",
}


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ("network", "PermissionError"),
        ("program", "PermissionError"),
        ("memory", "more than is allowed"),
        ("crash", "damaged"),
        ("secrets", "damaged"),
    ],
)
def test_the_child_is_shut_in(tmp_path, monkeypatch, job, words):
    """Stand in for a reader taken over by its file."""
    (tmp_path / "taken_over.py").write_text(
        "import sys\nfrom gis.errors import InvalidInput\n"
        "def read(path, *, name):\n"
        "    try:\n"
        f"        exec({JOBS[job]!r})\n"
        "    except OSError as error:\n"
        "        raise InvalidInput(type(error).__name__)\n"
    )
    start = sandbox._START.replace(
        "import work;",
        f"import work, FORMAT_BY_NAME as known; sys.path.insert(0, {str(tmp_path)!r}); "
        "from dataclasses import replace; "
        "known['geojson'] = replace(known['geojson'], reader=('taken_over', 'read'));",
    )
    monkeypatch.setattr(sandbox, "_START", start)
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    folder = tmp_path / "job"
    folder.mkdir()
    with pytest.raises(InvalidInput, match=words):
        sandbox.read_confined("geojson", folder / "x", name="x", folder=folder, options={})


def test_hidden_signs_in_names_are_stored_and_shown_as_escapes(geojson):
    nasty = "'); drop table x; -- <script>alert(1)</script>\u202e"
    place = {"type": "Point", "coordinates": [9.5, 47.1]}
    path = geojson(
        {"type": "Feature", "properties": {"name": nasty, "a\u202eb\ud800": 1}, "geometry": place},
        {"type": "Feature", "properties": {"name": "\udc00"}, "geometry": place},
    )
    result = read_records(path, "places")
    assert result.frame["name"].tolist() == [nasty]
    assert [(d.row, d.field) for d in result.defects] == [(2, "name")]
    for line in (*result.defects, *result.notes):
        assert str(line).isprintable()


def test_chinese_names_written_by_windows_are_read(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(9, 47, 10, 48)], crs=4326).to_file(
        folder / "t.shp"
    )
    path = tmp_path / "town.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.writestr(f"XXXX{part.suffix}", part.read_bytes())
    path.write_bytes(path.read_bytes().replace(b"XXXX.", "房屋".encode("gbk") + b"."))
    assert len(read_records(path, "buildings", layer="房屋").frame) == 1


def test_a_sheet_of_empty_styled_rows_ends(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["户号"])
    sheet.append(["H1"])
    for _ in range(5_000):
        sheet.append([""])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert read_records(path, "households").frame["number"].tolist() == ["H1"]
