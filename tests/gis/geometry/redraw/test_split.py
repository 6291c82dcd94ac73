"""Splitting and merging grids."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.redraw import make_working_ground, measure_grids
from gis.geometry.redraw.sides import split_sides
from gis.geometry.redraw.split import larger_grid, merge_grids, split_by_line, split_in_halves


@pytest.fixture(scope="module")
def square(lattice):
    frame = lattice(6, 6)
    return make_working_ground(frame, minimum=1, maximum=9999), frame.geometry.to_numpy()


@settings(max_examples=40, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_both_sides_of_a_random_line_are_the_whole_and_do_not_overlap(seed):
    rng = np.random.default_rng(seed)
    region = shapely.union_all([shapely.box(*b) for b in ((0, 0, 60, 30), (0, 0, 30, 60))])
    line = shapely.LineString(rng.uniform(-20, 80, (rng.integers(2, 6), 2)))
    if not line.is_simple or not line.intersects(region):
        with pytest.raises(InvalidInput):
            split_sides(region, line)
        return
    left, right = split_sides(region, line)
    assert left.area + right.area == pytest.approx(region.area)
    assert left.intersection(right).area == pytest.approx(0, abs=1e-6)


def test_a_block_goes_where_most_of_it_lies_and_is_told_as_crossed(square):
    ground, shapes = square
    line = shapely.LineString([(24, -5), (24, 65)])
    split = split_by_line(ground, shapes, np.arange(36), line)
    assert sorted(split.smaller % 6) == [0] * 6 + [1] * 6
    assert split.crossed.tolist() == list(range(2, 36, 6))
    assert split.share_across == pytest.approx([0.4] * 6)


def test_a_line_that_stops_inside_goes_on_straight(square):
    ground, shapes = square
    short = split_by_line(ground, shapes, np.arange(36), shapely.LineString([(20, 25), (20, 35)]))
    assert len(short.larger) == 24 and len(short.crossed) == 0


def test_a_line_through_a_bay_twice_keeps_the_ground_on_the_right_side(square):
    ground, shapes = square
    members = np.array([r for r in range(36) if r not in (3, 9, 15)])
    line = shapely.LineString([(-5, 45), (65, 45)])
    split = split_by_line(ground, shapes, members, line)
    assert sorted(split.smaller) == [0, 1, 2, 4, 5, 6, 7, 8, 10, 11]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ([(100, 0), (100, 50)], "misses"),
        ([(0, 0), (60, 60), (60, 0), (0, 60)], "crosses itself"),
        ([(1, -1), (1, 61)], "on one side"),
    ],
)
def test_a_line_that_cannot_split_is_refused_and_says_why(square, line, says):
    ground, shapes = square
    with pytest.raises(InvalidInput, match=says):
        split_by_line(ground, shapes, np.arange(36), shapely.LineString(line))


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(8, 50))
def test_halves_are_connected_and_about_equal(seed, n, voronoi_coverage, lattice):
    import geopandas as gpd

    shapes = voronoi_coverage(seed, n)
    rng = np.random.default_rng(seed)
    frame = gpd.GeoDataFrame(
        {"block_id": range(len(shapes)), "households": rng.integers(5, 30, len(shapes))},
        geometry=list(shapes),
        crs=32632,
    )
    ground = make_working_ground(frame, minimum=1, maximum=9999)
    split = split_in_halves(ground, np.arange(len(shapes)))
    assert sorted([*split.larger, *split.smaller]) == list(range(len(shapes)))
    code = np.full(len(shapes), "A")
    code[split.smaller] = "B"
    table = measure_grids(ground, code)
    assert table["n_parts"].tolist() == [1, 1]
    half = ground.households.sum() / 2
    assert abs(table["households"] - half).max() <= max(0.1 * half, ground.households.max())
    again = split_in_halves(ground, np.arange(len(shapes)))
    assert again.smaller.tolist() == split.smaller.tolist()


def test_halves_part_along_the_road_when_it_is_near_the_middle(lattice):
    import geopandas as gpd

    frame = lattice(4, 10)
    road = gpd.GeoDataFrame(
        {"kind": ["main_road"]}, geometry=[shapely.LineString([(50, 0), (50, 40)])], crs=32632
    )
    ground = make_working_ground(frame, road, minimum=1, maximum=9999)
    split = split_in_halves(ground, np.arange(40))
    assert sorted(set(split.larger % 10)) == [0, 1, 2, 3, 4]


def test_a_grid_in_two_pieces_and_one_where_nobody_lives_can_be_halved(drawn):
    ground, code = drawn("AAAA#AAAA", households=0)
    split = split_in_halves(ground, np.flatnonzero(code == "A"))
    assert (len(split.larger), len(split.smaller)) == (4, 4)
    with pytest.raises(InvalidInput, match="single block"):
        split_in_halves(ground, np.array([3]))


@settings(max_examples=20, derandomize=True, deadline=None)
@given(x=st.floats(7, 53), y=st.floats(7, 53))
def test_merging_what_was_split_gives_the_grid_back(x, y, square):
    ground, shapes = square
    code = np.where(np.arange(36) % 6 < 5, "A", "C")
    line = shapely.LineString([(x, -1), (60 - x, 61)])
    split = split_by_line(ground, shapes, np.flatnonzero(code == "A"), line)
    after = code.copy()
    after[split.smaller] = "B"
    assert larger_grid(ground, after, ["A", "B"]) == "A"
    assert merge_grids(after, ["B", "A"], "A").tolist() == code.tolist()


@pytest.mark.parametrize(("codes", "into"), [(["A"], "A"), (["A", "B"], "C"), (["A", "X"], "A")])
def test_a_merge_that_is_none_is_refused(codes, into):
    with pytest.raises(InvalidInput):
        merge_grids(np.array(["A", "B", "C"]), codes, into)
