"""Exports are whole or absent, the same every time, and harmless in a spreadsheet."""

import datetime as dt
import io
import json
import re
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely import Point, box

from gis.errors import Defect, InvalidInput
from gis.exchange.frames import frame_of_kind
from gis.exchange.records import read_records
from gis.exchange.report import defect_table, summary
from gis.exchange.writers import write_geopackage, write_table

NASTY = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "梨子园"]


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "name": NASTY,
            "people": np.array([1, 2, 3, 4, 5, 6]),
            "rate": [0.5, np.nan, 1.5, 2.0, 3.0, -4.0],
            "day": [dt.date(2024, 3, 5)] * 5 + [None],
        }
    )


def test_csv_has_a_mark_and_no_formula(tmp_path, table):
    path = tmp_path / "a.csv"
    write_table(path, table, format="csv")
    content = path.read_bytes()
    lines = content.decode("utf-8-sig").splitlines()
    assert content.startswith(b"\xef\xbb\xbf")
    assert all(line[0] == "'" for line in lines[1:6])
    assert lines[6] == "梨子园,6,-4.0,"
    assert lines[2] == "'+1,2,,2024-03-05"


def test_xlsx_holds_text_and_numbers_and_no_formula(table):
    stream = io.BytesIO()
    write_table(stream, table, format="xlsx")
    sheet = openpyxl.load_workbook(stream).active
    first = list(sheet.iter_rows(min_row=2, max_row=2))[0]
    assert first[0].value == "=HYPERLINK(1)"
    assert first[0].data_type == "s"
    assert first[0].style_id != 0
    assert (first[1].value, first[2].value) == (1, 0.5)


def test_json_has_null_where_nothing_is_known(table):
    stream = io.BytesIO()
    write_table(stream, table, format="json")
    rows = json.loads(stream.getvalue())
    assert rows[1] == {"name": "+1", "people": 2, "rate": None, "day": "2024-03-05"}
    assert rows[5]["day"] is None


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json"])
def test_the_same_table_gives_the_same_file(table, format_):
    written = []
    for _ in range(2):
        stream = io.BytesIO()
        write_table(stream, table, format=format_)
        written.append(stream.getvalue())
    assert written[0] == written[1]


def test_a_workbook_does_not_tell_when_it_was_written(table):
    stream = io.BytesIO()
    write_table(stream, table, format="xlsx")
    with zipfile.ZipFile(stream) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_shapes_are_left_out_of_tables():
    stream = io.BytesIO()
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(9, 47)], crs=4326)
    write_table(stream, frame, format="csv")
    assert b"POINT" not in stream.getvalue()


def test_an_unknown_format_is_refused(table):
    with pytest.raises(InvalidInput, match="csv, xlsx, json"):
        write_table(io.BytesIO(), table, format="pdf")


def test_a_failed_writing_leaves_the_old_file(tmp_path, table, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(InvalidInput, match="a.csv: cannot be written"):
        write_table(path, table, format="csv")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_geopackage_comes_back_as_it_went(tmp_path):
    path = tmp_path / "town.gpkg"
    rows = [
        {"reference": "a", "levels": 3, "geometry": box(9, 47, 9.01, 47.01)},
        {"reference": "b", "levels": None, "geometry": box(9.01, 47, 9.02, 47.01)},
    ]
    frame = frame_of_kind("buildings", rows)
    write_geopackage(path, {"buildings": frame, "again": frame})
    back = read_records(path, "buildings", layer="buildings")
    assert not back.defects
    assert back.frame["levels"].tolist() == [3, None]
    assert back.frame.geometry.iloc[0].equals(rows[0]["geometry"])


def test_the_same_layers_give_the_same_geopackage(tmp_path):
    frame = frame_of_kind("buildings", [{"reference": "a", "geometry": box(9, 47, 9.01, 47.01)}])
    for name in ("a.gpkg", "b.gpkg"):
        write_geopackage(tmp_path / name, {"buildings": frame})
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_a_layer_without_crs_is_refused(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)])
    with pytest.raises(InvalidInput, match="coordinate system"):
        write_geopackage(tmp_path / "a.gpkg", {"x": frame})
    assert not list(tmp_path.iterdir())


def test_defects_become_a_table_and_a_summary():
    defects = [
        Defect("is empty", "a.csv", None, 1, "name", "missing"),
        Defect("is empty", "a.csv", None, 2, "name", "missing"),
        Defect("odd", "a.csv", None, 2, None, "broken_row"),
    ]
    assert defect_table(defects)["code"].tolist() == ["missing", "missing", "broken_row"]
    assert summary(defects)[0] == "2 × name: missing (first in row 1)"
    assert list(defect_table([]).columns)[0] == "file"
