"""The shifts of Chinese web maps: published points, another implementation, there and back."""

import warnings

import numpy as np
import prcoords
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.datum import (
    GCJ_BOUNDS,
    bd09_from_gcj02,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    wgs84_from_gcj02,
)

KNOWN = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 121.5380157, 31.1813286),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 113.9236847, 22.5466674),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 116.3904547, 39.9195756),
    (108.5217, 25.9317, 108.52570415, 25.92848262, 108.5322695, 25.93424607),
]
MILLIMETRE = 1e-3
METRES_PER_DEGREE = 111_320.0
CHINA = (73.5, 18.0, 135.1, 53.6)
"""West, south, east, north of the mainland, islands near the coast included."""


def apart_m(lon, lat, other_lon, other_lat):
    east = (lon - other_lon) * np.cos(np.radians(lat))
    return float(np.hypot(east, lat - other_lat).max() * METRES_PER_DEGREE)


def anywhere_in_china(n, seed=1):
    rng = np.random.default_rng(seed)
    west, south, east, north = CHINA
    return rng.uniform(west, east, n), rng.uniform(south, north, n)


def bd09_from_wgs84(lon, lat):
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon, lat):
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


@pytest.mark.parametrize("row", KNOWN)
def test_known_points_shift_to_their_published_coordinates(row):
    lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat = row
    assert np.allclose(gcj02_from_wgs84(lon, lat), (gcj_lon, gcj_lat), rtol=0, atol=6e-9)
    assert np.allclose(bd09_from_gcj02(gcj_lon, gcj_lat), (bd_lon, bd_lat), rtol=0, atol=6e-8)


def test_gcoords_tongren_agrees_to_a_metre():
    assert np.allclose(
        gcj02_from_wgs84(109.1850122, 27.7347803), (109.1896029, 27.7315202), atol=1e-5
    )
    assert np.allclose(
        bd09_from_gcj02(109.1896029, 27.7315202), (109.1960427, 27.7378032), atol=2e-7
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (gcj02_from_wgs84, prcoords.wgs_gcj),
        (bd09_from_gcj02, prcoords.gcj_bd),
        (bd09_from_wgs84, prcoords.wgs_bd),
    ],
)
def test_another_implementation_gives_the_same_shifts_all_over_china(ours, theirs):
    lon, lat = anywhere_in_china(3000)
    other = np.array([theirs((y, x)) for x, y in zip(lon, lat, strict=True)])
    assert apart_m(*ours(lon, lat), other[:, 1], other[:, 0]) < 1e-4


@pytest.mark.parametrize(
    ("back", "theirs"),
    [
        (wgs84_from_gcj02, prcoords.wgs_gcj),
        (gcj02_from_bd09, prcoords.gcj_bd),
        (wgs84_from_bd09, prcoords.wgs_bd),
    ],
)
def test_another_implementation_brings_our_inverse_to_the_start(back, theirs):
    """Its own inverses stop some centimetres away and cannot be the measure."""
    lon, lat = bd09_from_wgs84(*anywhere_in_china(2000, seed=2))
    again = np.array([theirs((y, x)) for x, y in zip(*back(lon, lat), strict=True)])
    assert apart_m(lon, lat, again[:, 1], again[:, 0]) < MILLIMETRE / 10


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (gcj02_from_wgs84, wgs84_from_gcj02),
        (bd09_from_gcj02, gcj02_from_bd09),
        (bd09_from_wgs84, wgs84_from_bd09),
    ],
)
def test_inverses_return_to_a_hundredth_of_a_millimetre_for_a_million_points(there, back):
    lon, lat = anywhere_in_china(1_000_000, seed=3)
    assert apart_m(lon, lat, *back(*there(lon, lat))) < MILLIMETRE / 100


@settings(max_examples=200, derandomize=True, deadline=None)
@given(lon=st.floats(CHINA[0], CHINA[2]), lat=st.floats(CHINA[1], CHINA[3]))
def test_there_and_back_wherever_hypothesis_looks(lon, lat):
    back = wgs84_from_bd09(*bd09_from_wgs84(np.array([lon]), np.array([lat])))
    assert apart_m(np.array([lon]), np.array([lat]), *back) < MILLIMETRE / 100


def test_near_the_meridian_where_the_formula_has_a_kink_the_inverse_holds():
    lon = 105 + np.concatenate([-np.logspace(-16, -3, 400), [0.0], np.logspace(-16, -3, 400)])
    lat = np.linspace(20, 50, len(lon))
    assert apart_m(lon, lat, *wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))) < MILLIMETRE


def test_points_outside_china_are_left_alone():
    lon, lat = np.array([9.52, -71.1, 151.2, 108.5]), np.array([47.14, 42.37, -33.9, 60.0])
    for turn in (gcj02_from_wgs84, wgs84_from_gcj02):
        turned = turn(lon, lat)
        assert np.array_equal(turned[0], lon) and np.array_equal(turned[1], lat)


def test_at_the_edge_of_the_rectangle_the_inverse_is_off_by_no_more_than_the_shift():
    west, south, east, north = GCJ_BOUNDS
    rng = np.random.default_rng(5)
    lon = np.concatenate([west + rng.uniform(-0.01, 0.01, 200), rng.uniform(west, east, 200)])
    lat = np.concatenate([rng.uniform(south, north, 200), north + rng.uniform(-0.01, 0.01, 200)])
    assert apart_m(lon, lat, *wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))) < 2000


def test_missing_coordinates_stay_missing_and_nothing_is_said():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for turn in (gcj02_from_wgs84, wgs84_from_gcj02, bd09_from_gcj02, gcj02_from_bd09):
            lon, lat = turn([np.nan, 108.5], [25.9, np.nan])
            assert np.isnan(lon[0]) and np.isnan(lat[1])


def test_plain_numbers_are_taken_and_given_back_as_numbers():
    lon, lat = gcj02_from_wgs84(108.5217, 25.9317)
    assert float(lon) == pytest.approx(108.52570415) and np.ndim(lat) == 0
