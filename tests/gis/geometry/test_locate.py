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


@pytest.mark.parametrize("offset", [0.0, 108.5, -1e6, 1e15])
@pytest.mark.parametrize("scale", [1e-200, 1e-160, 1e-100, 1e-12, 1.0, 1e9, 1e100, 1e155])
def test_coordinates_of_any_size_are_found_as_shapely_finds_them(scale, offset):
    rng = np.random.default_rng(2)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(rng.random((30, 2))))
    cells = shapely.transform(shapely.get_parts(cells), lambda xy: (xy + offset) * scale)
    polygons = cells[shapely.is_valid(cells)]
    corners = shapely.get_coordinates(polygons).reshape(-1, 2)
    between = corners[:-1] * 0.3 + corners[1:] * 0.7
    x, y = np.vstack([corners, between, (rng.random((300, 2)) + offset) * scale]).T
    tree = shapely.STRtree(polygons)
    point, polygon = tree.query(shapely.points(x, y), predicate="intersects")
    expected = np.full(len(x), len(polygons))
    np.minimum.at(expected, point, polygon)
    expected[expected == len(polygons)] = -1
    assert np.array_equal(PolygonLocator(polygons).locate(x, y), expected)


@settings(max_examples=30, derandomize=True, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    steps=st.integers(-3, 3),
    west=st.sampled_from([108.5, -71.1, 0.0, 5e5]),
)
def test_points_a_few_steps_beside_slanting_borders_are_decided_exactly(seed, steps, west):
    rng = np.random.default_rng(seed)
    corners = rng.random((6, 2)) * 0.02 + [west, 25.9]
    polygons = shapely.delaunay_triangles(shapely.MultiPoint(corners)).geoms
    polygons = np.array([p for p in polygons if p.area > 0])
    xy, ring = shapely.get_coordinates(polygons, return_index=True)
    same = ring[1:] == ring[:-1]
    starts, ends = xy[:-1][same], xy[1:][same]
    on = (starts + rng.random((20, len(starts), 1)) * (ends - starts)).reshape(-1, 2)
    x, y = on[:, 0], on[:, 1] + steps * np.spacing(on[:, 1])
    found = PolygonLocator(polygons).locate(x, y)
    assert np.array_equal(found, brute_force(polygons, x, y))


def test_a_point_on_a_shared_border_belongs_to_the_smaller_row():
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    assert PolygonLocator([west, east]).locate([1.0], [0.3]).tolist() == [0]
    assert PolygonLocator([east, west]).locate([1.0], [0.3]).tolist() == [0]


def test_coordinates_that_are_not_numbers_are_outside():
    locator = PolygonLocator([shapely.box(0, 0, 1, 1)])
    assert locator.locate([np.nan, np.inf, 0.5], [0.5, 0.5, np.nan]).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_polygon_with_a_coordinate_that_is_no_number_is_refused_by_its_row(bad):
    with np.errstate(invalid="ignore"):
        odd = shapely.Polygon([(0, 0), (1, 0), (1, bad), (0, 0)])
    with pytest.raises(InvalidInput, match="row 2 has a coordinate"):
        PolygonLocator([shapely.box(0, 0, 1, 1), odd])


def test_polygons_without_extent_hold_their_own_points():
    flat = shapely.Polygon([(1, 1), (1, 1), (1, 1), (1, 1)])
    found = PolygonLocator([flat]).locate([1.0, 2.0], [1.0, 1.0])
    assert found.tolist() == [int(shapely.intersects(flat, shapely.Point(1, 1))) - 1, -1]


def test_missing_and_empty_polygons_keep_their_rows_and_hold_nothing():
    locator = PolygonLocator([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)])
    assert locator.locate([0.5, 5.0], [0.5, 0.5]).tolist() == [2, -1]


def test_no_polygons_hold_no_points():
    assert PolygonLocator([]).locate([0.0], [0.0]).tolist() == [-1]


def test_a_line_among_the_polygons_is_refused():
    with pytest.raises(InvalidInput, match="row 2 holds a LineString"):
        PolygonLocator([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])])
