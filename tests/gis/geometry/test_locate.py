import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.locate import PolygonLocator


def brute_force(polygons, x, y):
    """Ask every polygon about every point; the smallest row wins."""
    points = shapely.points(x, y)
    found = np.full(len(points), -1)
    for row in range(len(polygons) - 1, -1, -1):
        found[shapely.covers(polygons[row], points)] = row
    return found


def awkward_points(polygons, rng):
    """Strew points anywhere, on vertices, on borders, and a hair beside them."""
    corners = shapely.get_coordinates(polygons)
    rings = shapely.get_parts(shapely.get_rings(shapely.get_parts(polygons)))
    along = shapely.line_interpolate_point(rings, rng.random(len(rings)), normalized=True)
    on_border = np.vstack([(corners[1:] + corners[:-1]) / 2, shapely.get_coordinates(along)])
    beside = np.nextafter(corners, rng.choice([-np.inf, np.inf], corners.shape))
    low, high = corners.min(axis=0) - 1, corners.max(axis=0) + 1
    anywhere = rng.uniform(low, high, (300, 2))
    return np.vstack([corners, on_border, beside, anywhere]).T


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 40), cells=st.sampled_from([1, 7, 64, 300]))
def test_every_point_is_found_where_brute_force_finds_it(seed, n, cells):
    rng = np.random.default_rng(seed)
    centres = shapely.MultiPoint(rng.random((n, 2)) * 100 + 5e5)
    square = shapely.box(*(np.array([0, 0, 100, 100]) + 5e5))
    polygons = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=square))
    rng.shuffle(polygons)
    x, y = awkward_points(polygons, rng)
    found = PolygonLocator(polygons, cells_per_side=cells).locate(x, y)
    assert np.array_equal(found, brute_force(polygons, x, y))


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), cells=st.sampled_from([3, 64, 200]))
def test_overlaps_slivers_holes_and_parts_are_found_like_brute_force(seed, cells):
    rng = np.random.default_rng(seed)
    discs = shapely.buffer(shapely.points(rng.random((6, 2)) * 10), rng.uniform(0.5, 4, 6))
    ring = shapely.difference(discs[0], shapely.buffer(shapely.centroid(discs[0]), 0.3))
    pair = shapely.union(discs[1], shapely.affinity.translate(discs[1], 30, 0))
    sliver = shapely.Polygon([(0, 0), (10, 1e-7), (10, 2e-7)])
    polygons = np.array([*discs[2:], ring, pair, sliver, shapely.box(2, 2, 3, 3)])
    x, y = awkward_points(polygons, rng)
    found = PolygonLocator(polygons, cells_per_side=cells).locate(x, y)
    assert np.array_equal(found, brute_force(polygons, x, y))


def test_a_point_on_a_shared_border_belongs_to_the_smaller_row():
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    assert PolygonLocator([west, east]).locate([1.0], [0.3]).tolist() == [0]
    assert PolygonLocator([east, west]).locate([1.0], [0.3]).tolist() == [0]


def test_coordinates_that_are_not_numbers_are_outside():
    locator = PolygonLocator([shapely.box(0, 0, 1, 1)])
    assert locator.locate([np.nan, np.inf, 0.5], [0.5, 0.5, np.nan]).tolist() == [-1, -1, -1]


def test_missing_and_empty_polygons_keep_their_rows_and_hold_nothing():
    locator = PolygonLocator([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)])
    assert locator.locate([0.5, 5.0], [0.5, 0.5]).tolist() == [2, -1]


def test_no_polygons_hold_no_points():
    assert PolygonLocator([]).locate([0.0], [0.0]).tolist() == [-1]


def test_a_line_among_the_polygons_is_refused():
    with pytest.raises(InvalidInput, match="row 2 holds a LineString"):
        PolygonLocator([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])])
