import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.errors import InvalidInput
from gis.geometry.crs import metric_crs, metric_crs_of, project_points


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (108.5, 25.9, 4545),
        (109.6, 25.9, 4546),
        (74.0, 39.0, 4534),
        (135.0, 48.0, 4554),
        (121.4, 31.2, 4549),
        (9.52, 47.14, 32632),
        (-71.1, 42.4, 32619),
        (-70.0, -33.0, 32719),
        (180.0, 10.0, 32660),
    ],
)
def test_each_place_has_its_zone(lon, lat, epsg):
    assert metric_crs(lon, lat).to_epsg() == epsg


def test_swapped_latitude_and_longitude_are_refused_with_advice():
    with pytest.raises(InvalidInput, match="longitude first"):
        metric_crs(25.9, 108.5)


def test_a_zone_without_prefix_has_six_digit_eastings():
    x_m, y_m = project_points([108.5217], [25.9317], source="EPSG:4326", target="EPSG:4545")
    assert np.allclose((x_m, y_m), [[552262.027], [2869371.838]], atol=2e-3)


def test_a_projected_frame_is_computed_in_its_own_system():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:26986")
    assert metric_crs_of(frame).to_epsg() == 26986


def test_feet_are_refused():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:2249")
    with pytest.raises(InvalidInput, match="expected metres"):
        metric_crs_of(frame)
