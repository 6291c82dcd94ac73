"""Small coverages and towns for the tests of pure shapes."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

TOWN_DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


@pytest.fixture(scope="session")
def town_data():
    if not TOWN_DATA.is_dir():
        pytest.skip("the real towns are not beside this repository (../shared/data)")
    return TOWN_DATA


@pytest.fixture(scope="session")
def voronoi_coverage():
    def make(seed, n, size=1000.0):
        xy = np.random.default_rng(seed).random((n, 2)) * size
        square = shapely.box(0, 0, size, size)
        cells = shapely.voronoi_polygons(shapely.MultiPoint(xy), extend_to=square)
        cells = shapely.intersection(shapely.get_parts(cells), square)
        return shapely.get_parts(shapely.coverage_clean(cells))

    return make


@pytest.fixture(scope="session")
def lines():
    def make(*coordinates, kind=None):
        geometry = [shapely.LineString(c) for c in coordinates]
        return gpd.GeoDataFrame({"kind": [kind] * len(geometry)}, geometry=geometry)

    return make


@pytest.fixture(scope="session")
def boxes():
    def make(*bounds):
        return gpd.GeoDataFrame(geometry=[shapely.box(*b) for b in bounds])

    return make
