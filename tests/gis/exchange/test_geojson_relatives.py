"""Files near GeoJSON: read where that is sure, else called by their name."""

import json

import pytest

from gis.errors import InvalidInput
from gis.exchange.records import read_records
from tests.gis.exchange.drawn import BOW_TIE, SQUARE, feature, polygon

A = feature(polygon(SQUARE), code="990001001001", name="甲")
B = feature(polygon(SQUARE), code="990001001002", name="乙")


@pytest.mark.parametrize("begin", ["", "\x1e"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_one_feature_in_each_line_is_read(geojson, begin, end):
    text = "".join(f"{begin}{json.dumps(f, ensure_ascii=False)}{end}" for f in (A, B))
    assert read_records(geojson(text=text), "communities").frame["name"].tolist() == ["甲", "乙"]


def test_a_broken_line_among_features_is_told_by_its_number(geojson):
    text = f"{json.dumps(A)}\n{{broken\n{json.dumps(B)}\n"
    with pytest.raises(InvalidInput, match="line 2 is no feature"):
        read_records(geojson(text=text), "communities")


def test_text_behind_a_collection_is_told_by_its_place(geojson):
    text = json.dumps({"type": "FeatureCollection", "features": [A]}) + "\nx"
    with pytest.raises(InvalidInput, match="line 2, column 1"):
        read_records(geojson(text=text), "communities")


RELATIVES = {
    "Esri JSON": {"geometryType": "esriGeometryPolygon", "features": [{"attributes": {}}]},
    "TopoJSON": {"type": "Topology", "arcs": [], "objects": {}},
    "CityJSON": {"type": "CityJSON", "CityObjects": {}},
    "Overpass": {"version": 0.6, "elements": []},
    "list of features": [A, B],
    "list of rows": [{"code": 1}],
    "FeatureCollection, found 'Polygon'": polygon(SQUARE),
}


@pytest.mark.parametrize("words", RELATIVES)
def test_a_relative_of_geojson_is_called_by_its_name(geojson, words):
    with pytest.raises(InvalidInput, match=words):
        read_records(geojson(text=json.dumps(RELATIVES[words])), "communities")


AS_TEXT = [
    {"type": "Polygon", "coordinates": [[[str(x), str(y)] for x, y in SQUARE]]},
    {"type": "Polygon", "coordinates": json.dumps([SQUARE])},
    json.dumps(polygon(SQUARE)),
    "POLYGON ((9 47, 9 48, 10 48, 9 47))",
]


@pytest.mark.parametrize("geometry", AS_TEXT, ids=str)
def test_coordinates_as_text_are_told_by_the_row(geojson, geometry):
    result = read_records(geojson(feature(geometry, code="990001001001", name="甲")), "communities")
    (defect,) = result.defects
    assert (defect.row, defect.field) == (1, "geometry")
    assert "text" in defect.message


def test_geojson_saved_in_another_encoding_is_refused(geojson):
    path = geojson()
    path.write_bytes(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [feature(polygon(SQUARE), name="学院路石路")],
            },
            ensure_ascii=False,
        ).encode("gbk")
    )
    with pytest.raises(InvalidInput, match="must be UTF-8"):
        read_records(path, "buildings")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_geojson_in_wide_unicode_is_read(geojson, encoding):
    path = geojson()
    path.write_bytes(json.dumps({"type": "FeatureCollection", "features": [A]}).encode(encoding))
    assert len(read_records(path, "communities").frame) == 1


def test_the_repair_of_a_bow_tie_tells_no_share_of_nothing(geojson):
    bow_tie = feature(polygon(BOW_TIE), code="990001001001", name="甲")
    (defect,) = read_records(geojson(bow_tie), "communities").defects
    assert "self-intersection" in defect.message and "m²" in defect.message
    assert "%" not in defect.message


def test_the_repair_of_a_spike_tells_its_share(geojson):
    spike = [*SQUARE[:2], [9.512, 47.1], SQUARE[1], *SQUARE[2:]]
    (defect,) = read_records(
        geojson(feature(polygon(spike), code="990001001001", name="甲")), "communities"
    ).defects
    assert "(+0.0%)" in defect.message
