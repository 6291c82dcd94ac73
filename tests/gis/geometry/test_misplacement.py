"""Whole files that are wrong in one way are recognised, and right or unclear ones left alone."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.correction import Correction, parse_correction
from gis.geometry.crs import project_points
from gis.geometry.datum import (
    bd09_from_gcj02,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_gcj02,
)
from gis.geometry.misplacement import find_misplacement, find_misplacement_by_outline

COUNTIES = {"rongjiang": (108.52, 25.93), "beijing": (116.4, 39.9), "urumqi": (87.6, 43.8)}
plainly = settings(max_examples=25, derandomize=True, deadline=None)


def through(zone_there, zone_back):
    def shift(lon, lat):
        x_m, y_m = project_points(lon, lat, source="EPSG:4326", target=zone_there)
        return project_points(x_m, y_m, source=zone_back, target="EPSG:4326")

    return shift


def moved(east_m, north_m):
    def shift(lon, lat):
        narrowing = np.cos(np.radians(lat))
        return lon + east_m / 111_320 / narrowing, lat + north_m / 111_320

    return shift


MISTAKES = {
    "gcj02": gcj02_from_wgs84,
    "bd09": lambda lon, lat: bd09_from_gcj02(*gcj02_from_wgs84(lon, lat)),
    "reverse_gcj02": wgs84_from_gcj02,
    "reverse_bd09": lambda lon, lat: wgs84_from_gcj02(*gcj02_from_bd09(lon, lat)),
    "swapped_axes": lambda lon, lat: (lat, lon),
    "zone:3": through("EPSG:4545", "EPSG:4544"),
    "zone:-3": through("EPSG:4545", "EPSG:4546"),
}


def a_file(rng, county="rongjiang", n=300, wrong=0.0, noise_m=15.0):
    """Give coordinates of houses in a county, and of their addresses, some of them wrong."""
    lon, lat = (c + rng.uniform(-0.15, 0.15, n) for c in COUNTIES[county])
    true_lon, true_lat = moved(*rng.normal(0, noise_m, (2, n)))(lon, lat)
    strange = rng.random(n) < wrong
    true_lon[strange] = COUNTIES[county][0] + rng.uniform(-0.15, 0.15, strange.sum())
    true_lat[strange] = COUNTIES[county][1] + rng.uniform(-0.15, 0.15, strange.sum())
    return lon, lat, true_lon, true_lat


def found_in(given, true):
    found = find_misplacement(*given, *true)
    return None if found is None else str(found.correction)


@plainly
@given(
    seed=st.integers(0, 10**6),
    mistake=st.sampled_from(sorted(MISTAKES)),
    county=st.sampled_from(sorted(COUNTIES)),
    n=st.integers(30, 400),
)
def test_every_mistake_is_recognised_though_a_fifth_of_the_addresses_are_wrong(
    seed, mistake, county, n
):
    lon, lat, *true = a_file(np.random.default_rng(seed), county, n, wrong=0.15)
    assert found_in(MISTAKES[mistake](lon, lat), true) == mistake


def test_a_fifth_of_wrong_addresses_among_a_thousand_does_not_hide_a_shift():
    lon, lat, *true = a_file(np.random.default_rng(3), n=1000, wrong=0.2)
    found = find_misplacement(*gcj02_from_wgs84(lon, lat), *true)
    assert str(found.correction) == "gcj02" and found.n_compared == 1000
    assert 780 <= found.n_right_after <= 830 and found.n_right_before < 10
    assert 500 < found.before_m < 600 and found.after_m < 40


@plainly
@given(seed=st.integers(0, 10**6), wrong=st.floats(0, 0.4), noise_m=st.floats(0, 40))
def test_a_right_file_is_left_alone(seed, wrong, noise_m):
    lon, lat, *true = a_file(np.random.default_rng(seed), wrong=wrong, noise_m=noise_m)
    assert found_in((lon, lat), true) is None


@plainly
@given(seed=st.integers(0, 10**6), noise_m=st.floats(100, 3000))
def test_coordinates_that_are_merely_rough_are_not_taken_for_a_shift(seed, noise_m):
    lon, lat, *true = a_file(np.random.default_rng(seed), noise_m=noise_m)
    assert found_in((lon, lat), true) is None


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_mixture_of_right_and_shifted_rows_is_unclear(share):
    lon, lat, *true = a_file(np.random.default_rng(5))
    shifted = np.random.default_rng(6).random(len(lon)) < share
    given = [
        np.where(shifted, new, old)
        for new, old in zip(gcj02_from_wgs84(lon, lat), (lon, lat), strict=True)
    ]
    assert found_in(given, true) is None


def test_fewer_than_twenty_different_rows_prove_nothing():
    lon, lat, *true = a_file(np.random.default_rng(7), n=19)
    given = gcj02_from_wgs84(lon, lat)
    assert found_in(given, true) is None
    many = [np.repeat(v, 50) for v in (*given, *true)]
    assert found_in(many[:2], many[2:]) is None, "the same rows fifty times over"


def test_rows_without_address_or_coordinates_do_not_count():
    lon, lat, *true = a_file(np.random.default_rng(8), n=60)
    true[0][:30], lon[30:41] = np.nan, np.nan
    assert found_in(gcj02_from_wgs84(lon, lat), true) is None, "nineteen are left"
    assert find_misplacement([], [], [], []) is None


def test_a_constant_offset_is_measured():
    lon, lat, *true = a_file(np.random.default_rng(9), wrong=0.1)
    found = find_misplacement(*moved(120, -80)(lon, lat), *true)
    correction = found.correction
    assert correction.kind == "offset" and found.after_m < 40
    assert (correction.east_m, correction.north_m) == pytest.approx((-120, 80), abs=5)


def test_one_estate_found_in_the_wrong_place_is_no_offset_of_the_file():
    rng = np.random.default_rng(10)
    lon, lat = 108.52 + rng.uniform(0, 0.001, 40), 25.93 + rng.uniform(0, 0.001, 40)
    assert found_in((lon, lat), moved(1500, 900)(lon, lat)) is None


@pytest.mark.parametrize(
    ("system", "is_swapped", "text"),
    [
        ("EPSG:4545", False, "metres:4545"),
        ("EPSG:4524", False, "metres:4524"),
        ("EPSG:4497", False, "metres:4497"),
        ("EPSG:4545", True, "metres:4545,swapped"),
        ("EPSG:4524", True, "metres:4524,swapped"),
    ],
)
def test_metres_given_as_degrees_are_traced_to_their_zone(system, is_swapped, text):
    lon, lat, *true = a_file(np.random.default_rng(11), wrong=0.1)
    given = project_points(lon, lat, source="EPSG:4326", target=system)
    assert found_in(given[::-1] if is_swapped else given, true) == text


def test_outside_china_only_mistakes_that_can_be_there_are_thought_of():
    rng = np.random.default_rng(12)
    lon, lat = 9.52 + rng.uniform(-0.05, 0.05, 200), 47.14 + rng.uniform(-0.05, 0.05, 200)
    assert found_in((lat, lon), (lon, lat)) == "swapped_axes"
    shifted = bd09_from_gcj02(lon, lat)
    found = find_misplacement(*shifted, lon, lat)
    assert found.correction.kind == "offset"


# By an outline alone


def county_outline(county="rongjiang"):
    lon, lat = COUNTIES[county]
    return shapely.Point(lon, lat).buffer(0.2)


@pytest.mark.parametrize("mistake", ["swapped_axes", "zone:3", "zone:-3"])
def test_an_outline_shows_gross_mistakes(mistake):
    lon, lat, *_ = a_file(np.random.default_rng(13))
    inside = shapely.contains_xy(county_outline(), lon, lat)
    given = MISTAKES[mistake](lon[inside], lat[inside])
    found = find_misplacement_by_outline(*given, county_outline())
    assert str(found.correction) == mistake
    assert (found.n_right_before, found.n_right_after) == (0, inside.sum())
    assert found.before_m is found.after_m is None


def test_an_outline_of_a_county_cannot_show_a_shift_of_five_hundred_metres():
    lon, lat, *_ = a_file(np.random.default_rng(14))
    inside = shapely.contains_xy(county_outline(), lon, lat)
    given = gcj02_from_wgs84(lon[inside], lat[inside])
    assert find_misplacement_by_outline(*given, county_outline()) is None
    assert find_misplacement_by_outline(lon, lat, county_outline()) is None


@pytest.mark.parametrize("mistake", ["gcj02", "bd09", "reverse_gcj02", "reverse_bd09"])
def test_the_outlines_of_buildings_show_a_shift_of_five_hundred_metres(mistake):
    rng = np.random.default_rng(15)
    lon, lat, *_ = a_file(rng, n=400)
    buildings = shapely.buffer(shapely.points(lon, lat), 0.0002)
    given = MISTAKES[mistake](*moved(*rng.normal(0, 5, (2, 400)))(lon, lat))
    found = find_misplacement_by_outline(*given, buildings, least_share=0.8)
    assert str(found.correction) == mistake and found.n_right_after > 380


def test_points_that_lie_nowhere_sensible_are_not_explained():
    rng = np.random.default_rng(16)
    lon, lat = rng.uniform(-170, 170, 300), rng.uniform(-80, 80, 300)
    assert find_misplacement_by_outline(lon, lat, county_outline()) is None
    assert find_misplacement_by_outline(np.full(50, np.nan), lat[:50], county_outline()) is None


# The correction as a value


corrections = st.one_of(
    st.sampled_from(["gcj02", "bd09", "reverse_gcj02", "reverse_bd09", "swapped_axes"]).map(
        Correction
    ),
    st.integers(-20, 20).map(lambda k: Correction("zone", degrees=3.0 * k)),
    st.builds(
        lambda e, n: Correction("offset", east_m=round(e, 1), north_m=round(n, 1)),
        st.floats(-9999, 9999),
        st.floats(-9999, 9999),
    ),
    st.builds(
        lambda code, swapped: Correction("metres", epsg=code, is_swapped=swapped),
        st.integers(4534, 4554),
        st.booleans(),
    ),
)


@plainly
@given(corrections)
def test_a_correction_is_read_as_it_is_written(correction):
    again = parse_correction(str(correction))
    assert str(again) == str(correction) and again.kind == correction.kind


@pytest.mark.parametrize(
    "text", ["", "gcj-02", "gcj02:1", "zone:", "zone:nan", "offset:1", "offset:1,inf", "metres:x"]
)
def test_what_is_no_correction_is_refused_with_the_choices(text):
    with pytest.raises(InvalidInput, match="write gcj02, bd09"):
        parse_correction(text)


@plainly
@given(corrections)
def test_missing_coordinates_stay_missing_and_the_given_ones_unchanged(correction):
    lon, lat = np.array([108.5, np.nan]), np.array([25.9, np.nan])
    before = lon.copy(), lat.copy()
    new_lon, new_lat = correction.apply(lon, lat)
    assert np.isnan(new_lon[1]) and np.isnan(new_lat[1])
    new_lon[0] = new_lat[0] = 0
    assert np.array_equal(lon, before[0], equal_nan=True)
    assert np.array_equal(lat, before[1], equal_nan=True)
