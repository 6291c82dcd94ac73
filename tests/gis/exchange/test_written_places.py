"""Places in one cell: two coordinates in many writings, WKT, EWKT and hexadecimal WKB."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.exchange.records import read_records
from gis.exchange.table import Table
from gis.exchange.written_places import find_places

LON = st.floats(73, 135).map(lambda v: round(v, 6))
LAT = st.floats(18, 53).map(lambda v: round(v, 6))


def place(name, cell):
    table = Table(["户号", name], [["H1", cell]], [1])
    found = find_places(table, {0}, file="a.csv")
    return None if found is None else found.shapes[0]


@settings(deadline=None)
@given(LON, LAT)
def test_every_writing_gives_the_same_place(lon, lat):
    point = shapely.Point(lon, lat)
    for cell in (
        f"{lon},{lat}", f"{lon}, {lat}", f"({lon} {lat})", f"[{lon};{lat}]", f"{lon}，{lat}",
        f"{lon}/{lat}", f"{lon}、{lat}", f"{lon},{lat},23.5", f"东经{lon} 北纬{lat}",
        f"N{lat} E{lon}", f"{lat}°N, {lon}°E",
    ):  # fmt: skip
        assert shapely.equals_exact(place("坐标", cell), point, 1e-9), cell
    assert place("latlng", f"{lat},{lon}") == place("纬经度", f"{lat} {lon}") == point
    wkt = shapely.to_wkt(point, rounding_precision=-1)
    for cell in (wkt, f"SRID=4326;{wkt}", point.wkb_hex, shapely.to_wkb(point, hex=True)):
        assert shapely.equals_exact(place("anything", cell), point, 1e-9), cell


@pytest.mark.parametrize(
    "cell", ["学院路1号", "3", "1,2,3,4", "H1,H2", "13800001111", "2024-05-01"]
)
def test_what_is_no_place_is_no_column_of_places(cell):
    assert place("坐标", cell) is None


def test_two_numbers_are_a_place_only_under_a_name_for_it():
    assert place("备注", "114.1,30.1") is None


def test_cells_without_a_place_cost_their_row(file):
    text = '户号,坐标\nH1,"114.12,30.08"\nH2,学院路1号\nH3,\nH4,"114.13 30.09"\n'
    result = read_records(file("a.csv", text), "households")
    assert [(d.row, d.field) for d in result.defects] == [(2, "geometry")]
    assert "学院路" not in str(result.defects[0])
    assert result.frame["lon"].tolist()[0] == 114.12
    assert any("from column 坐标" in n.message for n in result.notes)


def test_exchanged_numbers_are_asked_about(file):
    path = file("a.csv", '户号,坐标\nH1,"30.08,114.12"\n')
    (defect,) = read_records(path, "households").defects
    assert defect.code == "swapped"
    assert len(read_records(path, "households", swap_axes=True).frame) == 1


def test_outlines_are_read_from_a_column_of_wkt(file):
    text = (
        'code,name,geom\n429001001009,甲,"POLYGON((114.1 30.1,114.2 30.1,114.2 30.2,114.1 30.1))"\n'
    )
    frame = read_records(file("a.csv", text), "communities").frame
    assert frame.geometry.iloc[0].geom_type == "Polygon"


def test_shapes_that_state_their_system_are_transformed(file):
    x, y = gpd.GeoSeries([shapely.Point(114.12, 30.08)], crs=4326).to_crs(4547).iloc[0].coords[0]
    text = f"户号,geom\nH1,SRID=4547;POINT({x} {y})\n"
    (row,) = read_records(file("a.csv", text), "households").frame.itertuples()
    assert (round(row.lon, 6), round(row.lat, 6)) == (114.12, 30.08)
    with pytest.raises(InvalidInput, match="several coordinate systems"):
        read_records(file("b.csv", text + "H2,SRID=4548;POINT(1 1)\n"), "households")


def test_shapes_cut_short_or_nested_deep_cost_their_row(file):
    deep = "GEOMETRYCOLLECTION(" * 50 + "POINT(1 1)" + ")" * 50
    text = f'户号,geom\nH1,"{deep}"\nH2,POINT(114.12 30.08)\nH3,POINT(114.12 30\n'
    result = read_records(file("a.csv", text), "households")
    assert [d.row for d in result.defects] == [1, 3]
    assert len(result.frame) == 1


def test_columns_of_numbers_come_before_a_column_of_places(file):
    text = '户号,经度,纬度,坐标\nH1,9.5,47.1,"1,2"\n'
    (row,) = read_records(file("a.csv", text), "households").frame.itertuples()
    assert row.lon == 9.5
