"""Cutting through a block."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw.cut import cut_block


@pytest.fixture(scope="module")
def yard(lattice):
    """Nine blocks of 100 x 100 m somewhere in the valley."""
    frame = lattice(3, 3)
    frame.geometry = frame.geometry.scale(10, 10, origin=(0, 0)).translate(552000, 2869000)
    return frame.set_crs(4545, allow_override=True)


def line(*points):
    return shapely.LineString([(552000 + x, 2869000 + y) for x, y in points])


def whole_coverage(blocks, row, cut):
    shapes = blocks.geometry.to_numpy().copy()
    for other, shape in cut.neighbours.items():
        shapes[other] = shape
    return [*np.delete(shapes, row), *cut.children]


@settings(max_examples=30, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), degrees=st.booleans())
def test_children_tile_the_block_and_fit_their_neighbours(seed, degrees, yard, voronoi_coverage):
    rng = np.random.default_rng(seed)
    shapes = voronoi_coverage(seed % 7, 12)
    blocks = gpd.GeoDataFrame(geometry=list(shapes), crs=4545)
    blocks.geometry = blocks.translate(552000, 2869000)
    row = int(rng.integers(len(blocks)))
    middle = np.array(blocks.geometry.iloc[row].representative_point().coords[0])
    turn = rng.uniform(0, np.pi)
    far = 2000 * np.array([np.cos(turn), np.sin(turn)])
    drawn = shapely.LineString([middle - far, middle + rng.uniform(-9, 9, 2), middle + far])
    if degrees:
        blocks = blocks.to_crs(4326)
        drawn = gpd.GeoSeries([drawn], crs=4545).to_crs(4326).iloc[0]
    if not shapely.coverage_is_valid(blocks.geometry.to_numpy()):
        return
    try:
        cut = cut_block(blocks, row, drawn)
    except InvalidInput as refused:
        assert "piece of" in str(refused) or "cleanly" in str(refused)
        return
    parent = blocks.geometry.iloc[row]
    assert len(cut.children) >= 2
    assert sum(c.area for c in cut.children) == pytest.approx(parent.area, rel=1e-6)
    assert shapely.coverage_is_valid(whole_coverage(blocks, row, cut))
    for other, shape in cut.neighbours.items():
        before = shapely.get_coordinates(blocks.geometry.iloc[other]).tolist()
        kept = [c for c in shapely.get_coordinates(shape).tolist() if c in before]
        assert kept == before


def test_a_line_that_meets_a_corner_uses_it_and_no_neighbour_changes(yard):
    cut = cut_block(yard, 4, line((100.05, 90), (100.05, 100), (200.04, 200), (220, 220)))
    assert cut.neighbours == {} or all(len(c.exterior.coords) == 4 for c in cut.children)
    cut = cut_block(yard, 4, line((90, 90), (210, 210)))
    assert cut.neighbours == {}
    assert [len(c.exterior.coords) for c in cut.children] == [4, 4]


def test_a_line_through_twice_gives_three_children_the_largest_first(yard):
    cut = cut_block(yard, 4, line((90, 120), (210, 120), (210, 180), (90, 180)))
    assert cut.area_m2 == [6000.0, 2000.0, 2000.0]
    assert sorted(cut.neighbours) == [3, 5]


def test_a_court_inside_a_block_stays_a_hole_or_is_passed_through():
    ring = shapely.box(0, 0, 90, 90).difference(shapely.box(30, 30, 60, 60))
    blocks = gpd.GeoDataFrame(geometry=[ring, shapely.box(30, 30, 60, 60)], crs=32632)
    beside = cut_block(blocks, 0, shapely.LineString([(10, -5), (10, 95)]))
    assert sorted(len(c.interiors) for c in beside.children) == [0, 1]
    through = cut_block(blocks, 0, shapely.LineString([(45, -5), (45, 95)]))
    assert through.area_m2 == [3600.0, 3600.0] and list(through.neighbours) == [1]
    assert shapely.coverage_is_valid([*through.children, *through.neighbours.values()])


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([(90, 150), (150, 150)], r"50.0 m from its edge; extend"),
        ([(-90, 350), (350, 350)], "does not cross"),
        ([(100, 90), (100, 210)], "does not cross"),
        ([(90, 150), (210, 150), (150, 210), (150, 90)], "crosses itself"),
        ([(90, 100.2), (210, 100.12)], "smallest block"),
    ],
)
def test_a_line_that_does_not_cut_is_refused_and_says_what_to_do(yard, points, says):
    with pytest.raises(InvalidInput, match=says):
        cut_block(yard, 4, line(*points))


def test_a_building_is_never_cut_and_its_wall_may_be_followed(yard):
    house = gpd.GeoDataFrame({"id": [77]}, geometry=[shapely.box(0, 0, 40, 40)], crs=4545)
    house.geometry = house.translate(552130, 2869130)
    with pytest.raises(InvalidInput, match="building 77"):
        cut_block(yard, 4, line((90, 150), (210, 150)), buildings=house)
    along = cut_block(yard, 4, line((90, 130), (210, 130)), buildings=house)
    assert along.area_m2 == [7000.0, 3000.0]
    with pytest.raises(InvalidInput, match="building 0"):
        cut_block(
            yard.to_crs(4326),
            4,
            gpd.GeoSeries([line((90, 150), (210, 150))], crs=4545).to_crs(4326).iloc[0],
            buildings=house[["geometry"]].to_crs(4326),
        )
