"""Shapes from files: what is taken, what is repaired, what is asked, what is refused."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gis.errors import InvalidInput, with_hints
from gis.exchange.records import read_records
from gis.exchange.wkb import ShapeError, wkb_from_geojson
from gis.geometry.datum import bd09_from_gcj02, gcj02_from_wgs84
from tests.gis.exchange.drawn import BOW_TIE, SQUARE, feature, point, polygon

GOOD = feature(polygon(SQUARE), reference="good")


def codes(result):
    return [(d.row, d.code) for d in result.defects]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (polygon(SQUARE[:-1]), "open_ring"),
        (polygon([[9.5, 47.1], [9.5, 47.1], [9.6, 47.1], [9.5, 47.1]]), "too_few_points"),
        (polygon([[9.5, 47.1], [9.55, 47.1], [9.6, 47.1], [9.5, 47.1]]), "no_area"),
        (polygon([[9.5, "x"], [9.6, 47.1], [9.6, 47.2], [9.5, 47.1]]), "bad_shape"),
        (polygon([[1e308, 47.1], [1e308, 1e308], [9.6, 47.2], [1e308, 47.1]]), "out_of_range"),
        (polygon([[y, x] for x, y in [[108.5, 25.9], [108.6, 25.9], [108.6, 26], [108.5, 25.9]]]),
         "swapped"),
        (polygon([[-179, 1], [179, 1], [179, 2], [-179, 1]]), "date_line"),
        ({"type": "Polygon", "coordinates": 5}, "bad_shape"),
        ({"type": "Triangle", "coordinates": []}, "bad_shape"),
        (None, "missing"),
        ({"type": "Polygon", "coordinates": []}, "missing"),
        (point(9.5, 47.1), "wrong_shape"),
        ({"type": "LineString", "coordinates": SQUARE}, "wrong_shape"),
    ],
)  # fmt: skip
def test_a_bad_shape_costs_its_row_and_no_other(geojson, geometry, code):
    result = read_records(geojson(GOOD, feature(geometry, reference="bad")), "buildings")
    assert codes(result) == [(2, code)]
    assert list(result.frame["reference"]) == ["good"]
    assert list(result.frame.index) == [1]
    assert result.n_rows == 2


def test_numbers_beyond_floating_point_are_refused(geojson):
    text = json.dumps({"type": "FeatureCollection", "features": [GOOD, GOOD]})
    path = geojson(text=text.replace("9.51", "1e309", 1))
    assert codes(read_records(path, "buildings")) == [(1, "not_finite")]


def test_a_ring_open_by_less_than_a_metre_is_closed(geojson):
    ring = [*SQUARE[:-1], [9.5000001, 47.1]]
    frame = read_records(geojson(feature(polygon(ring))), "buildings").frame
    assert frame.geometry.iloc[0].is_valid


def test_a_bow_tie_building_is_repaired_and_noted(geojson):
    result = read_records(geojson(feature(polygon(BOW_TIE))), "buildings")
    assert not result.defects
    assert result.frame.geometry.iloc[0].is_valid
    assert [n.code for n in result.notes if n.row == 1] == ["repaired"]


def test_a_bow_tie_community_waits_for_the_repair_to_be_accepted(geojson):
    path = geojson(feature(polygon(BOW_TIE), code="990001001001", name="Vaduz"))
    refused = read_records(path, "communities")
    assert codes(refused) == [(1, "invalid_outline")]
    assert "--accept-repairs" in with_hints(refused.defects[0])
    accepted = read_records(path, "communities", accept_repairs=True)
    assert not accepted.defects
    assert accepted.frame.geometry.iloc[0].is_valid


def test_an_enclave_keeps_its_hole(geojson):
    hole = [[9.502, 47.102], [9.504, 47.102], [9.504, 47.104], [9.502, 47.102]]
    frame = read_records(geojson(feature(polygon(SQUARE, hole))), "buildings").frame
    assert len(frame.geometry.iloc[0].interiors) == 1


def test_heights_are_dropped_and_rings_turn_one_way(geojson):
    for ring in (SQUARE, SQUARE[::-1]):
        path = geojson(feature(polygon([[x, y, 450] for x, y in ring])))
        shape = read_records(path, "buildings").frame.geometry.iloc[0]
        assert not shape.has_z
        assert shape.exterior.is_ccw


def test_polygons_are_taken_out_of_a_collection_and_said(geojson):
    members = [polygon(SQUARE), point(9.5, 47.1)]
    path = geojson(feature({"type": "GeometryCollection", "geometries": members}))
    result = read_records(path, "buildings")
    assert result.frame.geom_type.tolist() == ["Polygon"]
    assert "collection" in [n.code for n in result.notes]


def test_a_multipoint_of_one_is_a_point(geojson):
    path = geojson(feature({"type": "MultiPoint", "coordinates": [[9.5, 47.1]]}, name="School"))
    assert read_records(path, "places").frame.geometry.iloc[0] == Point(9.5, 47.1)


def test_collections_nested_deep_are_refused(geojson):
    geometry = polygon(SQUARE)
    for _ in range(20):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    result = read_records(geojson(feature(geometry)), "buildings")
    assert codes(result) == [(1, "nested_too_deep")]


def test_a_point_at_zero_was_never_located(geojson):
    path = geojson(feature(point(0, 0), number="H1"))
    assert codes(read_records(path, "households")) == [(1, "not_located")]


def test_a_household_without_shape_is_kept(geojson):
    result = read_records(geojson(feature(None, number="H1", address="Städtle 1")), "households")
    assert not result.defects
    assert result.frame.geometry.iloc[0] is None


def test_lon_and_lat_follow_the_shape(geojson):
    row = read_records(geojson(feature(point(9.5, 47.1), number="H1")), "households").frame.iloc[0]
    assert (row["lon"], row["lat"]) == (9.5, 47.1)


def test_outside_the_county_is_refused_and_a_swap_is_offered(geojson):
    county = (9.4, 47.0, 9.7, 47.3)
    path = geojson(feature(point(47.1, 9.5), name="A"), feature(point(8.5, 47.1), name="B"))
    result = read_records(path, "places", within=county)
    assert codes(result) == [(1, "swapped"), (2, "outside_county")]
    swapped = read_records(path, "places", within=county, swap_axes=True)
    assert list(swapped.frame["name"]) == ["A"]
    assert swapped.frame.geometry.iloc[0] == Point(9.5, 47.1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type": "FeatureCollection", "features": [', "not valid JSON at line 1"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "holds NaN"),
        ('{"features": [' + "[" * 100_000, "nested too deep"),
        ('{"n": ' + "9" * 5000 + "}", "number that is too long"),
        ('{"type": "Topology"}', "found 'Topology'"),
        ("[1, 2]", "no GeoJSON FeatureCollection"),
    ],
)
def test_json_that_is_no_geojson_is_refused(geojson, text, words):
    with pytest.raises(InvalidInput, match=words):
        read_records(geojson(text=text), "buildings")


def write(frame, path, **options):
    frame.to_file(path, **options)
    return path


def test_a_shapefile_without_prj_is_asked_about(tmp_path):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(9.5, 47.1, 9.51, 47.11)], crs=4326)
    path = write(frame, tmp_path / "town.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InvalidInput, match="state it, such as EPSG:4326"):
        read_records(path, "buildings")
    assert len(read_records(path, "buildings", crs="EPSG:4326").frame) == 1


def test_a_zone_of_cgcs2000_is_brought_to_degrees(tmp_path):
    shape = box(108.52, 25.93, 108.53, 25.94)
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shape], crs=4490)
    for epsg in (4490, 4545, 4524):
        path = write(frame.to_crs(epsg), tmp_path / f"town{epsg}.gpkg")
        read = read_records(path, "buildings").frame
        assert read.crs == "EPSG:4326"
        assert shapely.hausdorff_distance(read.geometry.iloc[0], shape) < 1e-6


def test_metres_called_degrees_are_recognised(geojson):
    path = geojson(feature(point(36512345.0, 2870000.0), name="A"))
    result = read_records(path, "places")
    assert codes(result) == [(1, "not_degrees")]
    assert "EPSG:4524" in result.defects[0].message


def test_degrees_called_metres_are_recognised(geojson):
    result = read_records(geojson(feature(point(9.5, 47.1), name="A")), "places", crs="EPSG:4545")
    assert codes(result) == [(1, "not_metres")]


@pytest.mark.parametrize("crs", ["/etc/passwd", "+proj=longlat", "EPSG:1", "EPSG:4978"])
def test_only_codes_of_systems_on_the_ground_are_taken(geojson, crs):
    with pytest.raises(InvalidInput, match="coordinate system|system of places"):
        read_records(geojson(GOOD), "buildings", crs=crs)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_web_map_coordinates_are_shifted_back(geojson, datum):
    lon, lat = gcj02_from_wgs84(np.array([108.52]), np.array([25.93]))
    if datum == "bd09":
        lon, lat = bd09_from_gcj02(lon, lat)
    path = geojson(feature(point(float(lon[0]), float(lat[0])), name="A"))
    shape = read_records(path, "places", datum=datum).frame.geometry.iloc[0]
    assert shape.distance(Point(108.52, 25.93)) < 1e-7


def test_an_unknown_datum_is_refused(geojson):
    with pytest.raises(InvalidInput, match="expected one of wgs84"):
        read_records(geojson(GOOD), "buildings", datum="beijing54")


def test_several_layers_ask_for_one(tmp_path):
    path = tmp_path / "town.gpkg"
    for layer, shape in (("roads", LineString([(9, 47), (9.1, 47)])), ("rails", Point(9, 47))):
        gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs=4326).to_file(path, layer=layer)
    with pytest.raises(InvalidInput, match="it holds: roads, rails"):
        read_records(path, "barriers")
    result = read_records(path, "barriers", layer="roads", mapping={"kind": "=rail"})
    assert result.frame["kind"].tolist() == ["rail"]


coordinate = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.none()


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.recursive(coordinate | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4)),
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "Sphere"]),
)
def test_any_coordinates_give_a_finite_shape_or_a_reason(coordinates, kind):
    try:
        written = wkb_from_geojson({"type": kind, "coordinates": coordinates})
    except ShapeError as error:
        assert str(error)
        return
    if written is not None:
        assert np.isfinite(shapely.get_coordinates(shapely.from_wkb(written))).all()
