"""What lies far from everything stored, or outside China with its code, is asked about."""

import json

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, affinity, box
from shapely.geometry import mapping
from sqlalchemy import func, select

from gis.actions.provenance.whereabouts import hold_against_ground, with_proposal
from gis.errors import with_hints
from gis.exchange.records import read_records
from gis.geometry.crs import project_points
from gis.geometry.zones import CGCS2000
from gis.store import tables as t
from tests.drawn_town import (
    addresses,
    barriers,
    buildings,
    communities,
    frame,
    incident_row,
    put,
    rectangle,
)

FAR = 3.0
"""Degrees by which a wrong zone moves things."""


def moved(records, lon=FAR, lat=0.0):
    shapes = [affinity.translate(g, lon, lat) for g in records.geometry]
    return records.set_geometry(gpd.GeoSeries(shapes, index=records.index, crs=records.crs))


def one_community(code, shape):
    return frame("communities", [{"code": code, "name": "新社区"}], [shape])


def points(kind):
    rows = {
        "households": [{"number": "H1", "lon": 111.5, "lat": 25.93}],
        "incidents": [incident_row("E1", None, lon=111.5, lat=25.93)],
        "places": [{"name": "学校", "kind": "school", "lon": 111.5, "lat": 25.93}],
    }
    return frame(kind, rows[kind])


MAKERS = {
    "barriers": lambda: moved(barriers()),
    "buildings": lambda: moved(buildings()),
    "compounds": lambda: frame("compounds", [{"name": "院"}], [rectangle(3, 0, 3.001, 0.001)]),
    "addresses": lambda: moved(addresses()),
    "households": lambda: points("households"),
    "incidents": lambda: points("incidents"),
    "places": lambda: points("places"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_things_of_every_kind_far_from_the_town_are_refused_until_accepted(session, kind):
    put(session, "communities", communities())
    records = MAKERS[kind]()
    outcome = put(session, kind, records)
    assert (outcome.state, outcome.rows_good) == ("refused", 0)
    assert {d.code for d in outcome.defects} == {"far_away"} and len(outcome.defects) == len(
        records
    )
    said = outcome.defects[0].message
    assert " km away from everything stored (卧龙社区 is nearest)" in said
    assert "--accept-far" in with_hints(said)
    assert put(session, kind, records, accept_far=True).state == "committed"


def test_a_community_far_from_the_stored_ones_is_refused_and_its_dry_run_says_so(session):
    put(session, "communities", communities())
    far = one_community("522632100003", rectangle(3, 0, 3.006, 0.004))
    assert put(session, "communities", far, commit=False).defects[0].code == "far_away"
    assert put(session, "communities", far).state == "refused"
    count = select(func.count()).where(t.DivisionUnit.level == "community")
    assert session.scalar(count) == 2
    assert put(session, "communities", far, accept_far=True).state == "committed"
    assert session.scalar(count) == 3


def test_a_neighbour_thirty_kilometres_away_is_taken_without_a_word(session):
    put(session, "communities", communities())
    near = one_community("522632100003", rectangle(0.3, 0, 0.306, 0.004))
    assert put(session, "communities", near).state == "committed"


def test_a_community_far_from_the_others_of_its_file_is_refused_where_nothing_is_stored(session):
    both = communities()
    records = frame(
        "communities",
        [*both.drop(columns="geometry").to_dict("records"), {"code": "522632100003", "name": "远"}],
        [*both.geometry, rectangle(3, 0, 3.006, 0.004)],
    )
    (defect,) = put(session, "communities", records, commit=False).defects
    assert defect.row == 3 and "km from the other communities of the file" in defect.message


@pytest.mark.parametrize(("lon", "lat"), [(-160.0, 20.0), (20.0, 85.0), (108.5, -25.9)])
def test_a_code_of_china_outside_china_is_refused_though_nothing_is_stored(session, lon, lat):
    shape = box(lon, lat, lon + 0.01, lat + 0.01)
    (defect,) = put(session, "communities", one_community("522632100001", shape)).defects
    assert defect.code == "outside_china" and "EPSG:4490" in defect.message
    foreign = put(session, "communities", one_community("990001001001", shape))
    assert foreign.state == "committed"


def test_communities_that_come_last_are_held_against_what_is_there(session):
    put(session, "buildings", buildings())
    far = moved(communities())
    assert {d.code for d in put(session, "communities", far).defects} == {"far_away"}
    assert put(session, "communities", communities()).state == "committed"


def write(path, system, records):
    x, y = project_points([108.503], [25.932], source=4326, target=system)
    shape = mapping(Point(x[0], y[0]).buffer(200))
    feature = {"type": "Feature", "properties": records, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.mark.parametrize("system", ["EPSG:4545", "EPSG:4524", "EPSG:3857", "EPSG:32649"])
def test_a_wrong_system_is_refused_with_the_one_that_lands_in_the_town(session, tmp_path, system):
    put(session, "communities", communities())
    path = write(tmp_path / "f.geojson", system, {"grid": "1"})
    read = read_records(path, "compounds", crs="EPSG:4326")
    assert read.frame.empty
    noted = with_proposal(session, read)
    assert system in noted.notes[-1].message, noted.notes


def test_outlines_of_a_division_read_in_a_wrong_zone_are_refused_with_the_right_one(
    session, tmp_path
):
    put(session, "communities", communities())
    read = read_records(
        write(tmp_path / "f.geojson", "EPSG:4545", {}), "compounds", crs="EPSG:4546"
    )
    assert len(read.frame) == 1
    held = hold_against_ground(session, "grids", read, file="f.geojson")
    assert held.frame.empty and [d.code for d in held.defects] == ["far_away"]
    assert "read as EPSG:4545" in held.defects[0].message


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    lon=st.floats(75, 134), lat=st.floats(18.5, 50), wrong=st.integers(25, 45),
    right=st.sampled_from(["plain", "mercator"]),
)  # fmt: skip
def test_no_numbers_read_in_a_wrong_zone_stay_near_the_town(lon, lat, wrong, right):
    from gis.geometry.neighbourhood import FAR_M, Neighbourhood

    number = round(lon / 3)
    code = CGCS2000.plain(number) if right == "plain" else 3857
    x, y = project_points([lon], [lat], source=4326, target=code)
    read = project_points(x, y, source=CGCS2000.plain(wrong), target=4326)
    town = Neighbourhood([(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)])
    if (right == "plain" and wrong == number) or not np.isfinite(read[0][0]):
        return
    assert town.distance_m([(*(c[0] for c in read), *(c[0] for c in read))])[0] > FAR_M
