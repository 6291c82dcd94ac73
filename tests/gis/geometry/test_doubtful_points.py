"""Points of many rows, rounded points, and two datums in one file: told, and not told."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.correction import Correction
from gis.geometry.datum import bd09_from_gcj02, gcj02_from_wgs84
from gis.geometry.locate import PolygonLocator
from gis.geometry.mixture import AS_GIVEN, find_mixture, near_places
from gis.geometry.repeated_points import find_repeated_points
from gis.geometry.rounding import find_rounding


def bd09(lon, lat):
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


SHIFTS = {AS_GIVEN: lambda lon, lat: (lon, lat), "gcj02": gcj02_from_wgs84, "bd09": bd09}


def places(n, seed, lon=114.1, lat=30.0, width=0.05):
    rng = np.random.default_rng(seed)
    return rng.uniform(lon, lon + width, n), rng.uniform(lat, lat + width, n)


# Two datums


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    lon=st.floats(80, 130), lat=st.floats(20, 50), part=st.floats(0.15, 0.85),
    kinds=st.sampled_from([(AS_GIVEN, "gcj02"), (AS_GIVEN, "bd09"), ("gcj02", "bd09")]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_a_file_of_two_datums_is_told_with_its_rows(lon, lat, part, kinds, seed):
    true = places(120, seed, lon, lat)
    in_second = np.random.default_rng(seed).random(120) < part
    first, second = (SHIFTS[kind](*true) for kind in kinds)
    given_lon, given_lat = (np.where(in_second, b, a) for a, b in zip(first, second, strict=True))
    found = find_mixture(given_lon, given_lat, near_places(*true))
    assert set(found.kinds) == set(kinds) and found.n_first + len(found.rows) == 120
    smaller = in_second if found.kinds[1] == kinds[1] else ~in_second
    assert found.rows.tolist() == np.flatnonzero(smaller).tolist()


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    kind=st.sampled_from(list(SHIFTS)), wrong=st.floats(0, 0.3), noise_m=st.floats(0, 20),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_a_file_of_one_datum_is_not_called_mixed_though_addresses_are_wrong(
    kind, wrong, noise_m, seed
):
    rng = np.random.default_rng(seed)
    true = places(150, seed)
    given_lon, given_lat = SHIFTS[kind](*true)
    far = rng.random(150) < wrong
    given_lon = given_lon + np.where(far, rng.uniform(-0.02, 0.02, 150), 0) + noise_m / 1e7
    assert find_mixture(given_lon, given_lat, near_places(*true)) is None


@pytest.mark.parametrize("coverage", [0.1, 0.35])
def test_buildings_tell_two_datums_apart_and_bare_ground_does_not(coverage):
    half = 0.0006 * np.sqrt(coverage) / 2
    corners = np.meshgrid(114.1 + np.arange(20) * 0.0006, 30.0 + np.arange(20) * 0.0006)
    lon, lat = (c.ravel() for c in corners)
    locator = PolygonLocator(shapely.box(lon - half, lat - half, lon + half, lat + half))

    def inside(x, y):
        return locator.locate(x, y) >= 0

    odd = np.arange(400) % 2 == 1
    mixed = [np.where(odd, b, a) for a, b in zip((lon, lat), bd09(lon, lat), strict=True)]
    found = find_mixture(*mixed, inside)
    assert "bd09" in found.kinds and found.n_first + len(found.rows) >= 400 * 0.95
    assert find_mixture(lon, lat, inside) is None
    assert find_mixture(*places(400, 3, width=0.012), inside) is None, "rows beside all houses"


# One point for many


def test_many_houses_at_one_point_are_told_and_the_tower_is_not():
    lon, lat = places(300, 1)
    lon[:120], lat[:120] = 114.12, 30.02
    tower = np.array([f"学院路7号{i}" if i >= 120 else "学院路7号" for i in range(300)], object)
    assert find_repeated_points(lon, lat, tower) == []
    streets = np.array([f"学院路{i}号" for i in range(300)], object)
    (told,) = find_repeated_points(lon, lat, streets)
    assert (len(told.rows), told.n_houses, told.lon) == (120, 120, 114.12)


def test_silent_rows_at_one_point_are_told_when_they_are_a_tenth_of_the_file():
    lon, lat = places(1000, 2)
    lon[:60], lat[:60] = 114.12, 30.02
    assert find_repeated_points(lon, lat) == []
    lon[:150], lat[:150] = 114.12, 30.02
    assert [len(p.rows) for p in find_repeated_points(lon, lat)] == [150]


def test_a_few_rows_at_one_point_and_rows_without_a_point_say_nothing():
    lon, lat = places(100, 3)
    lon[:19], lat[:19] = 114.12, 30.02
    assert find_repeated_points(lon, lat) == []
    assert find_repeated_points(np.full(50, np.nan), np.full(50, np.nan)) == []


# Rounded


@settings(max_examples=40, derandomize=True, deadline=None)
@given(decimals=st.integers(1, 8), n=st.integers(40, 400), seed=st.integers(0, 99))
def test_coordinates_of_three_decimals_and_fewer_are_told(decimals, n, seed):
    lon, lat = places(n, seed, width=0.5 if decimals < 2 else 0.2)
    found = find_rounding(lon.round(decimals), lat.round(decimals))
    assert (found is not None and found.decimals) == (decimals if decimals <= 3 else False)


def test_the_corners_of_a_raster_are_told_and_houses_in_rows_are_not():
    lon, lat = places(200, 4, width=0.02)
    step = 0.0007
    snapped = 114.10013 + np.round((lon - 114.1) / step) * step
    found = find_rounding(snapped, 30.00031 + np.round((lat - 30) / step) * step)
    assert found.decimals is None and found.step_m == pytest.approx(0.0007 * 111_320, rel=1e-3)
    turned = Correction("gcj02").apply(snapped, lat)
    assert find_rounding(*turned) is None
    rows = np.repeat(114.1 + np.arange(10) * 0.00031, 10), np.tile(30 + np.arange(10) * 2e-4, 10)
    assert find_rounding(*rows) is None


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    step_m=st.sampled_from([0.001, 1.0, 10.0, 50.0, 100.0, 250.0, 1000.0]),
    n=st.integers(60, 300),
    seed=st.integers(0, 99),
)
def test_metres_rounded_to_more_than_a_street_are_told(step_m, n, seed):
    rng = np.random.default_rng(seed)
    east, north = (low + rng.uniform(0, 9_000, n) for low in (36_512_345.6, 2_871_234.5))
    found = find_rounding(*(np.round(v / step_m) * step_m for v in (east, north)), in_metres=True)
    if step_m < 55:
        assert found is None
    else:
        assert found.decimals is None and len(found.rows) == n
        assert found.step_m == pytest.approx(min(step_m, 1000) if step_m != 250 else 250)


def test_metres_as_they_are_measured_are_not_told():
    rng = np.random.default_rng(5)
    east, north = rng.uniform(5e5, 5.02e5, 200), rng.uniform(2.87e6, 2.872e6, 200)
    assert find_rounding(east, north, in_metres=True) is None


def test_a_handful_of_round_points_says_nothing():
    assert find_rounding(np.array([114.1, 114.2, 114.3]), np.array([30.0, 30.1, 30.2])) is None
