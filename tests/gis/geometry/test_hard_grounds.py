"""Grounds as people draw them: piles of buildings, buildings over barriers and edges of compounds.

Whatever is drawn, blocks are a valid coverage of the community and hold every building whole.
"""

import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate

from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage

FIELD = shapely.box(0, 0, 400, 300)
HOUSE = shapely.box(0, 0, 20, 15)
WHOLE_BUT_M2 = 0.02
"""Blocks meet on a raster of 0.1 mm, so an outline strays from its building by as much."""


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes))


def blocks_holding(building, blocks):
    """Give the rows of the blocks that hold more than a raster's worth of a building."""
    return np.flatnonzero(shapely.area(shapely.intersection(building, blocks)) > WHOLE_BUT_M2)


def check_ground(boundary, barriers, buildings, compounds=None):
    """Build blocks and check what must hold for any ground; gives the blocks."""
    blocks = build_blocks(boundary, barriers=barriers, buildings=buildings, compounds=compounds)
    report = check_coverage(blocks, boundary=boundary, buildings=buildings)
    assert report.is_valid
    assert max(report.uncovered_m2, report.overlapping_m2, report.outside_m2) < 0.1
    assert not len(report.cut_buildings)
    assert not len(report.multipart)
    return np.asarray(blocks.geometry.array)


# ---- piles


def equal(rng, n):
    return [HOUSE] * n


def jittered(rng, n):
    return [translate(HOUSE, *move) for move in rng.normal(0, 0.4, (n, 2))]


def nested(rng, n):
    inset = np.linspace(0, 5, n)
    return shapely.box(inset, inset, 20 - inset, 15 - inset)


def fan(rng, n):
    return [rotate(shapely.box(0, 6, 20, 9), angle) for angle in np.linspace(0, 170, n)]


@pytest.mark.parametrize("pile", [equal, jittered, nested, fan])
def test_a_pile_of_buildings_is_one_block_and_costs_what_its_number_costs(pile):
    rng = np.random.default_rng(3)

    def seconds_for(n):
        houses = [translate(h, 100, 100) for h in pile(rng, n)]
        begun = time.process_time()
        blocks = build_blocks(FIELD, barriers=None, buildings=frame([*houses, translate(HOUSE)]))
        took = time.process_time() - begun
        tower = shapely.union_all(houses)
        assert len(blocks_holding(tower, np.asarray(blocks.geometry.array))) == 1
        return took

    seconds_for(10)
    few = max(seconds_for(100), 0.05)
    assert seconds_for(800) < 8 * 4 * few


def test_equal_outlines_are_one_building_and_others_on_one_spot_are_counted():
    towers = [*[HOUSE] * 7, translate(HOUSE, 1, 1), translate(HOUSE, 200, 100)]
    blocks = build_blocks(FIELD, barriers=None, buildings=frame(towers))
    assert sorted(n for n in blocks["n_buildings"] if n) == [1, 2]


def test_a_chain_of_overlapping_buildings_is_one_block():
    chain = [shapely.box(20 + 15 * i, 100, 38 + 15 * i, 112) for i in range(20)]
    road = frame([shapely.LineString([(200, 0), (200, 300)])], kind=["main_road"])
    blocks = check_ground(FIELD, road, frame(chain))
    assert len(blocks_holding(shapely.union_all(chain), blocks)) == 1


# ---- buildings over edges


@pytest.mark.parametrize("inside_m", [2, 8, 10, 12, 18])
def test_a_building_over_the_edge_of_a_compound_goes_whole_to_where_most_of_it_lies(inside_m):
    house, compound = translate(HOUSE, 100, 100), shapely.box(40, 80, 100 + inside_m, 200)
    inner = translate(HOUSE, 60, 150)
    blocks = check_ground(FIELD, None, frame([house, inner]), frame([compound]))
    (home,), (other,) = blocks_holding(house, blocks), blocks_holding(inner, blocks)
    assert (home == other) == (inside_m > 10)


def test_a_building_over_three_compounds_goes_to_the_one_with_most_of_it():
    thirds = [shapely.box(0, 0, 109, 150), shapely.box(109, 0, 400, 104)]
    thirds.append(shapely.box(109, 104, 400, 300))
    house = translate(HOUSE, 100, 100)
    blocks = check_ground(FIELD, None, frame([house]), frame(thirds))
    (home,) = blocks_holding(house, blocks)
    assert blocks[home].intersects(shapely.Point(10, 10))


@pytest.mark.parametrize("kind", ["river", "main_road", "wall"])
def test_the_parts_of_one_building_over_a_barrier_are_one_block(kind):
    wings = shapely.union_all([shapely.box(100, 100, 120, 140), shapely.box(100, 160, 120, 180)])
    barrier = frame([shapely.LineString([(-9, 150), (409, 150)])], kind=[kind])
    others = [translate(HOUSE, 200, 100), translate(HOUSE, 200, 200)]
    blocks = check_ground(FIELD, barrier, frame([wings, *others]))
    (home,), (south,), (north,) = (blocks_holding(b, blocks) for b in (wings, *others))
    assert len({home, south, north}) == 3
    assert blocks[home].intersects(shapely.Point(110, 90))


def test_a_house_between_the_parts_of_another_is_in_their_block():
    wings = shapely.union_all([shapely.box(100, 100, 110, 120), shapely.box(140, 100, 150, 120)])
    between = shapely.box(120, 100, 130, 120)
    blocks = check_ground(FIELD, None, frame([wings, between]))
    assert len(blocks_holding(shapely.union(wings, between), blocks)) == 1


def test_parts_far_from_one_another_are_buildings_of_their_own():
    far = shapely.union_all([HOUSE, translate(HOUSE, 300, 200)])
    blocks = check_ground(FIELD, None, frame([far]))
    assert len(blocks_holding(far, blocks)) == 2


# ---- anything


def drawn_ground(seed):
    """Draw a community with holes and exclaves, and on it all that is hard, at random."""
    rng = np.random.default_rng(seed)
    hole = shapely.box(150, 120, 190, 160)
    boundary = shapely.MultiPolygon([FIELD.difference(hole), shapely.box(450, 0, 550, 90)])
    lines = list(shapely.linestrings(rng.uniform(-30, 560, (rng.integers(0, 6), 3, 2))))
    lines += [shapely.LineString([(0, 299.96), (400, 299.96)])] * int(rng.integers(0, 2))
    places = rng.uniform(10, 290, (14, 2))
    houses = [rotate(translate(HOUSE, *p), rng.uniform(0, 90)) for p in places]
    houses += [translate(houses[0], *move) for move in rng.normal(0, 1, (6, 2))]
    houses += [houses[1]] * 5
    apart = translate(houses[2], *rng.uniform(-30, 30, 2))
    houses.append(shapely.union_all([houses[2], apart]))
    corner = rng.uniform(20, 200, (3, 2))
    compounds = shapely.box(*corner.T, *(corner + rng.uniform(30, 120, (3, 2))).T)
    kinds = rng.choice(["river", "main_road", "path"], len(lines))
    return boundary, frame(lines, kind=kinds), frame(houses), frame(compounds)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_ground_is_covered_exactly_and_no_building_cut(seed):
    check_ground(*drawn_ground(seed))
