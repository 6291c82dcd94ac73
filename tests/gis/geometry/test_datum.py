import numpy as np
import pytest

from gis.geometry.datum import (
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
MILLIMETRE = 1e-8
"""In degrees, a little less than a millimetre."""


@pytest.mark.parametrize("row", KNOWN)
def test_known_points_shift_to_their_published_coordinates(row):
    lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat = row
    assert np.allclose(gcj02_from_wgs84(lon, lat), (gcj_lon, gcj_lat), rtol=0, atol=6e-9)
    assert np.allclose(bd09_from_gcj02(gcj_lon, gcj_lat), (bd_lon, bd_lat), rtol=0, atol=6e-8)


def test_gcoords_tongren_agrees_to_a_metre():
    assert np.allclose(
        gcj02_from_wgs84(109.1850122, 27.7347803), (109.1896029, 27.7315202), atol=1e-5
    )


def test_inverses_return_to_the_start_within_a_tenth_of_a_millimetre():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(74, 135, 20_000), rng.uniform(18, 53, 20_000)
    for there, back in ((gcj02_from_wgs84, wgs84_from_gcj02), (bd09_from_gcj02, gcj02_from_bd09)):
        lon_again, lat_again = back(*there(lon, lat))
        assert np.abs(lon_again - lon).max() < MILLIMETRE / 10
        assert np.abs(lat_again - lat).max() < MILLIMETRE / 10


def test_points_outside_china_are_left_alone():
    lon, lat = gcj02_from_wgs84([9.52, -71.1], [47.14, 42.37])
    assert lon.tolist() == [9.52, -71.1]
    assert lat.tolist() == [47.14, 42.37]
