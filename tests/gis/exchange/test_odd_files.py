"""Files of other kinds are named for what they are; parts of map files are not lost in silence."""

import sqlite3
import zipfile

import geopandas as gpd
import pytest
from shapely import box

from gis.errors import InvalidInput
from gis.exchange.records import read_records

FRAME = gpd.GeoDataFrame(
    {"code": ["429001001009"], "name": ["甲社区"]},
    geometry=[box(114.12, 30.06, 114.125, 30.065)],
    crs=4326,
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
SQUARE = '{"type":"Feature","properties":{"code":"429001001009","name":"x"},"geometry":{"type":"Polygon","coordinates":[[[114.1,30.1],[114.2,30.1],[114.2,30.2],[114.1,30.1]]]}}'  # noqa: E501

FOREIGN = {
    "a.xls": (OLD + "Workbook".encode("utf-16-le"), "an old workbook"),
    "b.xlsx": (OLD + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    "c.xls": ("<table><tr><td>户号</td></tr></table>", "web page or XML"),
    "d.xls": ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:x"/>',
              "web page or XML"),
    "e.mht": ("MIME-Version: 1.0\nContent-Type: multipart/related\n", "saved with its parts"),
    "f.csv": ("{\\rtf1\\ansi x}", "RTF"),
    "g.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(9), "RAR"),
    "h.7z": (b"7z\xbc\xaf'\x1c" + b"x" * 99, "7-Zip"),
    "i.csv": (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
    "j.dxf": ("  0\nSECTION\n  2\nHEADER\n", "CAD"),
    "k.tab": ("!table\n!version 300\n", "MapInfo"),
    "l.sql": ("--\n-- PostgreSQL database dump\n--\n", "dump of a database"),
    "m.js": ("var data = {};", "a script"),
    "n.wkt": ("POLYGON((114.1 30.1,114.2 30.1,114.2 30.2,114.1 30.1))", "WKT without a header"),
    "o.dbf": (b"\x03\x7a\x01\x01" + bytes(90), "table of a Shapefile alone"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_another_kind_is_named(file, name):
    content, words = FOREIGN[name]
    with pytest.raises(InvalidInput, match=words):
        read_records(file(name, content), "households")


@pytest.mark.parametrize(
    ("inner", "words"),
    [("t.csv", "unpack it and give the file"), ("t.gpkg", "unpack it"),
     ("t.gdb/a01.gdbtable", "geodatabase"), ("content.xml", "OpenDocument"),
     ("t.bin", "holds: t.bin")],
)  # fmt: skip
def test_a_zip_without_a_shapefile_says_what_to_do(tmp_path, inner, words):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inner, "x")
        if inner == "content.xml":
            archive.writestr("mimetype", "x")
    with pytest.raises(InvalidInput, match=words):
        read_records(path, "communities")


def zipped(tmp_path, rename):
    folder = tmp_path / "parts"
    folder.mkdir()
    FRAME.to_file(folder / "f.shp", encoding="UTF-8")
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            for name in rename(part):
                archive.write(part, name)
    return path


def test_parts_of_a_shapefile_belong_together_whatever_their_case(tmp_path):
    path = zipped(
        tmp_path, lambda p: [f"F{p.suffix}" if p.suffix == ".shp" else f"f{p.suffix.upper()}"]
    )
    assert read_records(path, "communities").frame["name"].tolist() == ["甲社区"]


def test_shapefiles_of_one_name_are_told_apart_by_their_folders(tmp_path):
    path = zipped(tmp_path, lambda p: [f"东/{p.name}", f"西/{p.name}"])
    with pytest.raises(InvalidInput, match="东/f, 西/f"):
        read_records(path, "communities")
    assert len(read_records(path, "communities", layer="西/f").frame) == 1


def test_changes_that_are_not_in_the_file_yet_are_not_missed(tmp_path):
    path = tmp_path / "f.gpkg"
    FRAME.to_file(path, layer="a", driver="GPKG")
    (tmp_path / "f.gpkg-wal").write_bytes(b"x" * 32)
    with pytest.raises(InvalidInput, match="still in f.gpkg-wal"):
        read_records(path, "communities")


def test_a_view_is_named_as_one(tmp_path):
    path = tmp_path / "f.gpkg"
    FRAME.to_file(path, layer="a", driver="GPKG")
    database = sqlite3.connect(path)
    database.execute("CREATE VIEW v AS SELECT * FROM a")
    database.commit()
    database.close()
    with pytest.raises(InvalidInput, match="is a view"):
        read_records(path, "communities", layer="v")


def test_a_reference_system_may_be_an_address(geojson):
    for name in (
        "http://www.opengis.net/def/crs/EPSG/0/4490",
        "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ):
        crs = f'{{"type":"name","properties":{{"name":"{name}"}}}}'
        text = f'{{"type":"FeatureCollection","crs":{crs},"features":[{SQUARE}]}}'
        assert len(read_records(geojson(text=text), "communities").frame) == 1
