"""How far things lie from what is known, and as what numbers would lie near it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from gis.geometry.crs import project_points
from gis.geometry.neighbourhood import FAR_M, Neighbourhood, find_strays
from gis.geometry.zones import BEIJING_1954, CGCS2000, XIAN_1980

EARTH = Geod(ellps="WGS84")
SYSTEMS = [
    *(f"{p}{n}" for n in (3, 6) for p in ("plain", "prefixed")),
    "utm", "mercator",
]  # fmt: skip


def box(lon, lat, half=0.01):
    return (lon - half, lat - half, lon + half, lat + half)


def code_of(system, lon):
    """Give the code of a system of a kind at a longitude."""
    if system == "mercator":
        return 3857
    if system == "utm":
        return 32600 + int((lon + 180) // 6) + 1
    number = int(lon // 6) + 1 if system.endswith("6") else round(lon / 3)
    return getattr(CGCS2000, system[:-1])(number)


@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    lon=st.floats(75, 134),
    lat=st.floats(18.5, 52),
    system=st.sampled_from(SYSTEMS),
    is_swapped=st.booleans(),
)
def test_numbers_of_any_system_are_proposed_as_what_lands_near_the_town(
    lon, lat, system, is_swapped
):
    code = code_of(system, lon)
    x, y = project_points([lon], [lat], source=4326, target=code)
    numbers = (y[0], x[0]) if is_swapped else (x[0], y[0])
    proposed = Neighbourhood([box(lon, lat)]).landing_zones(*numbers)
    assert all(_landing_m(zone, numbers, lon, lat) <= FAR_M + 1000 for zone in proposed)
    assert proposed and proposed[0].is_swapped == is_swapped
    meridians = {_formula(CRS.from_epsg(zone.epsg)) for zone in proposed}
    assert _formula(CRS.from_epsg(code)) in meridians


def _formula(crs):
    """Give what a system does to the ground: zones of three and six degrees may do the same."""
    return tuple(p.value for p in crs.coordinate_operation.params)


def _landing_m(zone, numbers, lon, lat):
    x, y = numbers[::-1] if zone.is_swapped else numbers
    found = project_points([x], [y], source=zone.epsg, target=4326)
    return EARTH.inv(found[0][0], found[1][0], lon, lat)[2]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(lon=st.floats(75, 134), lat=st.floats(18.5, 52), zones=st.sampled_from([-2, -1, 1, 2]))
def test_the_right_zone_is_named_when_numbers_were_read_in_another(lon, lat, zones):
    number = round(lon / 3)
    x, y = project_points([lon], [lat], source=4326, target=CGCS2000.plain(number))
    town = Neighbourhood([box(lon, lat)])
    assert CGCS2000.plain(number) in [z.epsg for z in town.landing_zones(x[0], y[0])]
    if 25 <= number + zones <= 45:
        wrong = project_points(x, y, source=CGCS2000.plain(number + zones), target=4326)
        away = town.distance_m([box(wrong[0][0], wrong[1][0])])[0]
        assert away > FAR_M and find_strays([box(wrong[0][0], wrong[1][0])], town)[0] > FAR_M


def test_numbers_that_land_nowhere_near_are_given_no_system():
    assert Neighbourhood([box(114.13, 30.09)]).landing_zones(1.0, 2.0) == []
    assert Neighbourhood([box(114.13, 30.09)]).landing_zones(40_500_000.0, 3_300_000.0) == []


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    lon=st.floats(-179, 179), lat=st.floats(-60, 75), bearing=st.floats(0, 360),
    away_km=st.floats(5, 3000),
)  # fmt: skip
def test_the_distance_is_that_on_the_earth(lon, lat, bearing, away_km):
    other = EARTH.fwd(lon, lat, bearing, away_km * 1000)[:2]
    if abs(other[0] - lon) > 90 or abs(other[1]) > 80:
        return
    found = Neighbourhood([(lon, lat, lon, lat)]).distance_m([(*other, *other)])
    assert found[0] == pytest.approx(away_km * 1000, rel=1e-6)


def test_a_shape_without_place_has_no_distance():
    away_m = Neighbourhood([box(114, 30)]).distance_m([(np.nan,) * 4, box(114, 30)])
    assert np.isnan(away_m[0]) and away_m[1] == 0


def test_neighbours_of_neighbours_belong_however_large_the_county():
    row = [box(90 + i * 0.3, 40) for i in range(12)]
    assert (find_strays(row, None) == 0).all()
    assert (find_strays(row[1:], Neighbourhood(row[:1])) == 0).all()


def test_two_that_are_far_from_one_another_are_both_asked_about():
    assert (find_strays([box(114, 30), box(117, 30)], None) > FAR_M).all()


def test_a_lone_community_belongs_where_nothing_is_known():
    assert find_strays([box(114, 30)], None).tolist() == [0.0]
    assert find_strays([box(114, 30)], Neighbourhood([box(117, 30)]))[0] > FAR_M


def test_the_families_of_zones_have_no_code_in_common():
    families = [f.codes() for f in (CGCS2000, XIAN_1980, BEIJING_1954)]
    assert all(len(codes) == 64 for codes in families) and len(set.union(*families)) == 192
