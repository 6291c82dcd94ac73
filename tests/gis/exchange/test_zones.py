"""Files in Gauss-Krüger zones: the right system is read exactly, a wrong one is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from gis.exchange.coordinates import hint_for_metres
from gis.exchange.records import read_records
from gis.geometry.crs import project_points
from gis.geometry.zones import find_zone_mistake, likely_zones, prefix_of, zone_with_prefix

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
     "EPSG:4490", "EPSG:2380", "EPSG:4326"],
)  # fmt: skip
def test_points_come_back_exactly_from_every_system_that_is_named_rightly(read, system):
    result = read(system, system)
    assert result.defects == ()
    assert np.allclose(result.frame.geometry.x, LON, atol=2e-5 if system == "EPSG:2380" else 1e-9)
    assert np.allclose(result.frame.geometry.y, LAT, atol=2e-5 if system == "EPSG:2380" else 1e-9)


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
        "coordinates are given north before east: "
        "import again with the axes exchanged (--swap-axes)"
    }
    swapped = read(system, system, swapped=True, swap_axes=True)
    assert np.allclose(swapped.frame.geometry.x, LON) and swapped.defects == ()


@pytest.mark.parametrize(
    ("written", "swapped", "words"),
    [
        ("EPSG:4524", False, "3-degree zone 36 (EPSG:4524)"),
        ("EPSG:4497", False, "6-degree zone 19 (EPSG:4497)"),
        ("EPSG:4545", False, "zone without zone number (EPSG:4534 to EPSG:4554, by the meridian)"),
        ("EPSG:4524", True, "(EPSG:4524), north before east (--swap-axes)"),
    ],
)
def test_metres_given_as_degrees_are_told_what_they_look_like(read, written, swapped, words):
    (message,) = messages(read(written, None, swapped=swapped))
    assert words in message and message.endswith("state the right --crs")


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
    likely = likely_zones(y, x) if is_swapped else likely_zones(x, y)
    meridian = {z.epsg for z in likely}
    assert all(z.is_swapped == is_swapped for z in likely)
    assert meridian == {system} if has_prefix else len(meridian) == 21
    crs = CRS.from_epsg(system)
    assert prefix_of(crs) == (number if has_prefix else 0)
    assert (find_zone_mistake(crs, *((y, x) if is_swapped else (x, y))) is None) != is_swapped


@pytest.mark.parametrize("code", [3857, 27700, 2193, 3759, 26986, 31467, 3035])
def test_systems_of_other_countries_are_never_doubted(code):
    crs = CRS.from_epsg(code)
    west, south, east, north = crs.area_of_use.bounds
    rng = np.random.default_rng(code)
    lon, lat = rng.uniform(west, east, 200), rng.uniform(max(south, -80), min(north, 80), 200)
    x, y = project_points(lon, lat, source="EPSG:4326", target=crs)
    assert all(find_zone_mistake(crs, x[i : i + 1], y[i : i + 1]) is None for i in range(200))
