"""Files in Gauss-Krüger zones: the right system is read exactly, a wrong one is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from gis.errors import with_hints
from gis.exchange.coordinates import hint_for_metres
from gis.exchange.records import read_records
from gis.geometry.crs import project_points
from gis.geometry.datum_shift import find_shift
from gis.geometry.zones import (
    BEIJING_1954,
    CGCS2000,
    XIAN_1980,
    family_of,
    find_zone_mistake,
    likely_zones,
    meridian_of,
    prefix_of,
    zone_with_prefix,
)

LON, LAT = np.array([108.5217, 108.53, 108.49]), np.array([25.9317, 25.95, 25.92])


@pytest.fixture
def read(tmp_path):
    """Give a function that reads points written in one system and said to be in another."""

    def read(written, said, *, swapped=False, **options):
        x, y = project_points(LON, LAT, source="EPSG:4326", target=written)
        columns = (y, x) if swapped else (x, y)
        path = tmp_path / "points.csv"
        table = {"number": ["a", "b", "c"], "lon": columns[0], "lat": columns[1]}
        pd.DataFrame(table).to_csv(path, index=False)
        return read_records(path, "households", crs=said, **options)

    return read


def messages(result):
    return {d.message for d in result.defects}


@pytest.mark.parametrize(
    "system",
    ["EPSG:4545", "EPSG:4524", "EPSG:4508", "EPSG:4497", "EPSG:4544", "EPSG:32649", "EPSG:3857",
     "EPSG:4490", "EPSG:4326"],
)  # fmt: skip
def test_points_come_back_exactly_from_every_system_that_is_named_rightly(read, system):
    result = read(system, system)
    assert result.defects == ()
    assert np.allclose(result.frame.geometry.x, LON, atol=1e-9)
    assert np.allclose(result.frame.geometry.y, LAT, atol=1e-9)


@pytest.mark.parametrize(
    ("written", "said", "message"),
    [
        (4524, 4545, "begin with zone number 36, but EPSG:4545 has none: they look like EPSG:4524"),
        (4497, 4508, "begin with zone number 19, but EPSG:4508 has none: they look like EPSG:4497"),
        (4545, 4524, "lack the zone number 36 that EPSG:4524 has: they look like EPSG:4545"),
        (4508, 4497, "lack the zone number 19 that EPSG:4497 has: they look like EPSG:4508"),
        (4524, 4525, "begin with zone number 36, but EPSG:4525 has 37: they look like EPSG:4524"),
    ],
)
def test_a_zone_number_too_many_or_too_few_is_named_with_the_right_system(
    read, written, said, message
):
    result = read(f"EPSG:{written}", f"EPSG:{said}")
    assert messages(result) == {f"coordinates {message}"} and result.frame.empty
    assert {d.code for d in result.defects} == {"wrong_zone"} and len(result.defects) == 3


@pytest.mark.parametrize("system", ["EPSG:4545", "EPSG:4524", "EPSG:4497"])
def test_north_before_east_is_told_and_read_when_asked(read, system):
    result = read(system, system, swapped=True)
    assert messages(result) == {
        "coordinates are given north before east: import again with the axes exchanged"
    }
    swapped = read(system, system, swapped=True, swap_axes=True)
    assert np.allclose(swapped.frame.geometry.x, LON) and swapped.defects == ()


@pytest.mark.parametrize(
    ("written", "swapped", "words"),
    [
        ("EPSG:4524", False, "3-degree zone 36 (EPSG:4524)"),
        ("EPSG:4497", False, "6-degree zone 19 (EPSG:4497)"),
        ("EPSG:4545", False, "zone without zone number (EPSG:4534 to EPSG:4554, by the meridian)"),
        ("EPSG:4524", True, "(EPSG:4524), north before east"),
        ("EPSG:3857", False, "metres of Web Mercator (EPSG:3857)"),
        ("EPSG:3857", True, "metres of Web Mercator (EPSG:3857), north before east"),
    ],
)
def test_metres_given_as_degrees_are_told_what_they_look_like(read, written, swapped, words):
    (message,) = messages(read(written, None, swapped=swapped))
    assert words in message and message.endswith("state the right coordinate system")


def test_degrees_given_as_metres_are_told(read):
    (message,) = messages(read("EPSG:4326", "EPSG:4545"))
    assert "look like degrees, not metres" in message


def test_numbers_of_no_zone_give_no_advice():
    assert hint_for_metres(np.array([[1e7, 1e7]])) == "look like metres, not degrees"
    assert hint_for_metres(np.empty((0, 2))) == "look like metres, not degrees"
    assert likely_zones(np.array([np.nan]), np.array([np.nan])) == []


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    lon=st.floats(74, 134),
    lat=st.floats(18, 53),
    is_wide=st.booleans(),
    has_prefix=st.booleans(),
    is_swapped=st.booleans(),
)
def test_every_zone_of_china_is_recognised_by_its_numbers(
    lon, lat, is_wide, has_prefix, is_swapped
):
    number = int(lon // 6) + 1 if is_wide else round(lon / 3)
    prefixed = zone_with_prefix(number)
    without = (prefixed + 11) if is_wide else prefixed + 21
    system = prefixed if has_prefix else without
    x, y = project_points([lon], [lat], source="EPSG:4326", target=f"EPSG:{system}")
    numbers = (y, x) if is_swapped else (x, y)
    likely = likely_zones(*numbers, mercator=False)
    meridian = {z.epsg for z in likely}
    assert all(z.is_swapped == is_swapped for z in likely_zones(*numbers))
    assert meridian == {system} if has_prefix else len(meridian) == 21
    crs = CRS.from_epsg(system)
    assert prefix_of(crs) == (number if has_prefix else 0)
    assert (find_zone_mistake(crs, *((y, x) if is_swapped else (x, y))) is None) != is_swapped


@pytest.mark.parametrize("said", [4547, 4526, 4508, 2383, 21419])
def test_web_mercator_is_named_where_a_zone_is_stated_that_it_cannot_be_in(read, said):
    result = read("EPSG:3857", f"EPSG:{said}")
    (message,) = messages(result)
    assert message.endswith(f"EPSG:{said}: they look like Web Mercator (EPSG:3857)")
    assert result.frame.empty


@pytest.mark.parametrize(
    ("written", "said", "right"), [(2360, 2381, 2360), (2381, 2360, 2381), (21419, 21459, 21419)]
)
def test_an_old_datum_is_never_told_to_be_read_in_a_zone_of_another(read, written, said, right):
    (message,) = messages(read(f"EPSG:{written}", f"EPSG:{said}"))
    assert message.endswith(f"they look like EPSG:{right}")


def _zones_of(family):
    return sorted(family.codes())


OLD = [*_zones_of(XIAN_1980), *_zones_of(BEIJING_1954)]


def test_the_codes_of_the_families_are_those_of_their_zones():
    for family in (CGCS2000, XIAN_1980, BEIJING_1954):
        for number in (*range(25, 46), *range(13, 24)):
            meridian = 3 * number if number >= 25 else 6 * number - 3
            for code, prefix in ((family.prefixed(number), number), (family.plain(number), 0)):
                crs = CRS.from_epsg(code)
                assert (meridian_of(crs), prefix_of(crs)) == (meridian, prefix)
                assert family_of(crs) is family and not crs.is_deprecated


@pytest.mark.parametrize("system", ["EPSG:4610", "EPSG:4214", "EPSG:2360", "EPSG:21419"])
def test_an_old_datum_is_asked_about_and_named_with_its_operation(read, system):
    asked = read(system, system)
    (message,) = messages(asked)
    assert asked.frame.empty and {d.code for d in asked.defects} == {"inexact_shift"}
    assert "Ballpark geographic offset from" in message
    assert "(--accept-shift)" in with_hints(asked.defects[0])
    taken = read(system, system, accept_shift=True)
    assert len(taken.frame) == 3 and taken.defects == ()
    assert any("no exact transformation" in n.message for n in taken.notes)
    assert np.allclose(taken.frame.geometry.x, LON, atol=2e-5)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(code=st.sampled_from(OLD), as_esri=st.booleans())
def test_every_zone_of_the_old_datums_is_asked_about_however_it_is_written(code, as_esri):
    crs = CRS.from_epsg(code)
    if as_esri:
        crs = CRS.from_wkt(crs.to_wkt("WKT1_ESRI"))
    shift = find_shift(crs, x=[500_000.0 + 1e6 * (prefix_of(crs) or 0)], y=[3_300_000.0])
    assert shift.is_doubtful and shift.source in shift.sentence
    assert shift.operation in shift.sentence


def test_the_operation_of_the_place_is_chosen_not_that_of_a_sea_far_away():
    ordos = find_shift(CRS.from_epsg(4214), x=[108.5], y=[37.5])
    inland = find_shift(CRS.from_epsg(4214), x=[114.1], y=[30.1])
    sea = find_shift(CRS.from_epsg(4214), x=[120.5], y=[33.0])
    assert (ordos.accuracy_m, sea.accuracy_m, inland.accuracy_m) == (1.0, 15.0, None)
    assert inland.is_null and not ordos.is_null and ordos.is_doubtful


@pytest.mark.parametrize("code", [4326, 4490, 4547, 32650, 3857, 25832, 2056, 31467, 2249, 27700])
def test_todays_datums_and_those_with_a_good_operation_are_not_asked_about(code):
    crs = CRS.from_epsg(code)
    west, south, east, north = crs.area_of_use.bounds
    middle = project_points([(west + east) / 2], [(south + north) / 2], source=4326, target=crs)
    assert not find_shift(crs, x=middle[0], y=middle[1]).is_doubtful


def test_what_lies_outside_the_ground_of_its_system_is_asked_about(read):
    asked = read("EPSG:32645", "EPSG:32645")
    assert {d.code for d in asked.defects} == {"outside_ground"} and asked.frame.empty
    assert "EPSG:32645" in asked.defects[0].message
    assert "--accept-far" in with_hints(asked.defects[0])
    assert len(read("EPSG:32645", "EPSG:32645", accept_far=True).frame) == 3


@pytest.mark.parametrize("code", [3857, 27700, 2193, 3759, 26986, 31467, 3035])
def test_systems_of_other_countries_are_never_doubted(code):
    crs = CRS.from_epsg(code)
    west, south, east, north = crs.area_of_use.bounds
    rng = np.random.default_rng(code)
    lon, lat = rng.uniform(west, east, 200), rng.uniform(max(south, -80), min(north, 80), 200)
    x, y = project_points(lon, lat, source="EPSG:4326", target=crs)
    assert all(find_zone_mistake(crs, x[i : i + 1], y[i : i + 1]) is None for i in range(200))
