import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import InvalidInput
from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage

FIELD = shapely.box(0, 0, 400, 300)


def check(blocks, boundary, buildings=None):
    """Check what holds for any blocks whatever the input."""
    report = check_coverage(blocks, boundary=boundary, buildings=buildings)
    assert report.is_valid
    assert report.uncovered_m2 < 0.1
    assert report.overlapping_m2 < 0.1
    assert report.outside_m2 < 0.1
    assert not len(report.cut_buildings)
    assert blocks.geometry.is_valid.all()
    assert blocks["block_id"].tolist() == list(range(1, len(blocks) + 1))
    return report


def random_town(seed, n_roads, n_buildings):
    rng = np.random.default_rng(seed)
    roads = shapely.linestrings(rng.uniform(-20, 320, (n_roads, 3, 2)))
    centres, half = rng.uniform(0, 300, (n_buildings, 2)), rng.uniform(2, 12, (n_buildings, 2))
    houses = shapely.box(*(centres - half).T, *(centres + half).T)
    turned = [
        shapely.affinity.rotate(h, a)
        for h, a in zip(houses, rng.uniform(0, 90, n_buildings), strict=True)
    ]
    kinds = rng.choice(["river", "main_road", "path"], n_roads)
    barriers = gpd.GeoDataFrame({"kind": kinds}, geometry=list(roads))
    return shapely.box(0, 0, 300, 300), barriers, gpd.GeoDataFrame(geometry=turned)


@settings(max_examples=12, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n_roads=st.integers(0, 8), n_buildings=st.integers(0, 30))
def test_any_town_is_covered_exactly_and_no_building_cut(seed, n_roads, n_buildings):
    boundary, barriers, buildings = random_town(seed, n_roads, n_buildings)
    blocks = build_blocks(boundary, barriers=barriers, buildings=buildings)
    report = check(blocks, boundary, buildings)
    assert not len(report.multipart)
    inside = shapely.intersects(boundary, shapely.point_on_surface(buildings.geometry.array))
    assert blocks["n_buildings"].sum() == inside.sum()


@settings(max_examples=4, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_the_input_makes_no_difference(seed):
    boundary, barriers, buildings = random_town(seed, 5, 20)
    once = build_blocks(boundary, barriers=barriers, buildings=buildings)
    again = build_blocks(boundary, barriers=barriers, buildings=buildings[::-1])
    assert once["n_buildings"].tolist() == again["n_buildings"].tolist()
    assert shapely.equals(once.geometry.array, again.geometry.array).all()


@settings(max_examples=6, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 60))
def test_parcels_that_fill_the_ground_become_the_blocks(seed, n, voronoi_coverage):
    parcels = gpd.GeoDataFrame(geometry=list(voronoi_coverage(seed, n, size=300)))
    boundary = shapely.box(0, 0, 300, 300)
    blocks = build_blocks(boundary, barriers=None, buildings=parcels)
    check(blocks, boundary, parcels)
    assert np.allclose(np.sort(blocks.area), np.sort(parcels.area), atol=0.1)


def test_a_dangling_road_is_lengthened_to_the_next_barrier(lines, boxes):
    houses = boxes((50, 100, 60, 110), (300, 100, 310, 110))
    blocks = build_blocks(FIELD, barriers=lines([(200, 0), (200, 288)]), buildings=houses)
    assert blocks["enclosure_id"].nunique() == 2


def test_a_road_that_ends_far_from_any_other_closes_nothing_off(lines):
    blocks = build_blocks(FIELD, barriers=lines([(200, 0), (200, 200)]), buildings=None)
    assert len(blocks) == 1
    check(blocks, FIELD)


def test_two_road_ends_that_face_each_other_across_a_gap_are_joined(lines):
    broken = lines([(200, 0), (200, 145)], [(203, 300), (203, 155)])
    blocks = build_blocks(FIELD, barriers=broken, buildings=None)
    assert len(blocks) == 2


def test_the_strip_between_two_carriageways_is_no_enclosure(lines):
    carriageways = lines([(200, 0), (200, 300)], [(208, 0), (208, 300)])
    assert len(build_blocks(FIELD, barriers=carriageways, buildings=None)) == 2


def test_a_roundabout_is_no_enclosure_unless_someone_lives_on_it(lines, boxes):
    ring = shapely.Point(200, 150).buffer(10).exterior.coords
    roads = lines([(0, 150), (190, 150)], [(210, 150), (400, 150)], ring)
    assert build_blocks(FIELD, barriers=roads, buildings=None)["enclosure_id"].nunique() == 2
    house = boxes((196, 146, 204, 154))
    assert build_blocks(FIELD, barriers=roads, buildings=house)["enclosure_id"].nunique() == 3


def test_overlapping_buildings_share_one_block_without_stripes(boxes):
    overlapping = boxes((50, 50, 70, 60), (60, 52, 80, 70), (75, 60, 90, 66))
    blocks = build_blocks(shapely.box(0, 0, 130, 120), barriers=None, buildings=overlapping)
    assert blocks["n_buildings"].tolist() == [3]


def test_row_houses_that_only_touch_have_a_block_each(boxes):
    row = boxes(*[(50 + 6 * i, 50, 56 + 6 * i, 60) for i in range(5)])
    blocks = build_blocks(shapely.box(0, 0, 130, 110), barriers=None, buildings=row)
    assert blocks["n_buildings"].tolist() == [1] * 5
    check(blocks, shapely.box(0, 0, 130, 110), row)


def test_a_garage_goes_with_the_house_it_leans_on(boxes):
    houses = boxes((50, 50, 60, 60), (60, 50, 63, 55), (90, 50, 100, 60))
    blocks = build_blocks(shapely.box(0, 0, 150, 110), barriers=None, buildings=houses)
    assert sorted(blocks["n_buildings"]) == [1, 2]


def test_a_building_across_a_barrier_is_one_block_and_the_barrier_loses_there(lines, boxes):
    mill = boxes((190, 140, 215, 160), (50, 50, 60, 60))
    blocks = build_blocks(FIELD, barriers=lines([(200, 0), (200, 300)]), buildings=mill)
    check(blocks, FIELD, mill)
    home = blocks[blocks.covers(shapely.Point(202, 150))]
    assert len(home) == 1
    assert home.geometry.iloc[0].covers(mill.geometry.iloc[0].buffer(-0.01))


def test_a_broken_building_is_repaired_and_specks_are_dropped():
    bow_tie = shapely.Polygon([(50, 50), (70, 70), (70, 50), (50, 70)])
    speck = shapely.box(100, 100, 101, 101)
    odd = gpd.GeoDataFrame(geometry=[bow_tie, speck, None, shapely.Point(9, 9)])
    blocks = build_blocks(shapely.box(0, 0, 120, 120), barriers=None, buildings=odd)
    assert blocks["n_buildings"].sum() == 1


def test_an_enclosure_with_no_building_or_one_is_one_block(lines, boxes):
    blocks = build_blocks(
        shapely.box(0, 0, 120, 60),
        barriers=lines([(60, 0), (60, 60)]),
        buildings=boxes((9, 9, 20, 20)),
    )
    assert blocks["n_buildings"].tolist() == [1, 0]
    assert blocks.area.round().tolist() == [3600, 3600]


def test_a_mountain_is_not_glued_to_its_one_house(boxes):
    mountain = shapely.box(0, 0, 3000, 3000)
    blocks = build_blocks(mountain, barriers=None, buildings=boxes((100, 100, 110, 110)))
    check(blocks, mountain)
    house = blocks[blocks["n_buildings"] == 1]
    assert house.area.iloc[0] < 20_000
    assert len(blocks) == 2


def test_each_hamlet_has_its_share_of_the_empty_ground_between(boxes):
    valley = shapely.box(0, 0, 1200, 400)
    hamlets = boxes((100, 200, 110, 210), (130, 200, 140, 210), (1000, 200, 1010, 210))
    blocks = build_blocks(valley, barriers=None, buildings=hamlets)
    check(blocks, valley, hamlets)
    empty = blocks[blocks["n_buildings"] == 0]
    assert len(empty) == 2
    assert empty.area.min() > 100_000


def test_a_compound_is_one_block_with_all_its_buildings(boxes, lines):
    estate = boxes((100, 100, 300, 250))
    towers = boxes(*[(110 + 30 * i, 120, 125 + 30 * i, 140) for i in range(6)], (20, 20, 40, 40))
    path = lines([(200, 0), (200, 300)], kind="path")
    blocks = build_blocks(FIELD, barriers=path, buildings=towers, compounds=estate)
    check(blocks, FIELD, estate)
    assert sorted(blocks["n_buildings"])[-2:] == [1, 6]


def test_exclaves_and_the_hole_of_an_enclave_are_kept(boxes, lines):
    enclave = shapely.box(150, 100, 250, 200)
    boundary = shapely.union(FIELD.difference(enclave), shapely.box(600, 0, 700, 100))
    houses = boxes((20, 20, 30, 30), (620, 20, 630, 30), (190, 140, 200, 150))
    blocks = build_blocks(boundary, barriers=lines([(0, 150), (800, 150)]), buildings=houses)
    check(blocks, boundary)
    assert blocks["n_buildings"].sum() == 2
    assert not blocks.geometry.union_all().contains(shapely.Point(200, 150))


def test_a_building_on_the_boundary_counts_in_one_of_two_communities_and_is_cut_in_none(boxes):
    west, east = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    houses = boxes((92, 40, 104, 50), (20, 20, 30, 30), (96, 60, 110, 70))
    counts = []
    for boundary in (west, east):
        blocks = build_blocks(boundary, barriers=None, buildings=houses)
        check(blocks, boundary, houses)
        counts.append(int(blocks["n_buildings"].sum()))
    assert counts == [2, 1]


def test_the_land_of_streets_does_not_join_the_blocks_along_it(boxes):
    houses = [shapely.box(60 * i, j, 60 * i + 58, j + 50) for i in range(8) for j in (0, 60)]
    comb = shapely.box(0, 0, 478, 110).difference(shapely.union_all(houses))
    parcels = gpd.GeoDataFrame(geometry=[*houses, comb.buffer(-0.4, join_style="mitre")])
    blocks = build_blocks(shapely.box(0, 0, 478, 110), barriers=None, buildings=parcels)
    assert blocks["n_buildings"].tolist() == [1] * 16


def test_degrees_in_give_degrees_out(boxes, lines):
    local = "EPSG:32632"
    shift = shapely.affinity.translate

    def move(frame):
        return frame.set_geometry(frame.translate(538_000, 5_213_000)).set_crs(local)

    boundary = gpd.GeoDataFrame(geometry=[shift(FIELD, 538_000, 5_213_000)], crs=local)
    houses = move(boxes((50, 100, 60, 110), (300, 100, 310, 110))).to_crs("EPSG:4326")
    road = move(lines([(200, 0), (200, 300)])).to_crs("EPSG:2056")
    blocks = build_blocks(boundary.to_crs("EPSG:4326"), barriers=road, buildings=houses)
    assert blocks.crs.to_epsg() == 4326
    check(blocks, boundary.to_crs("EPSG:4326"), houses)
    assert blocks["enclosure_id"].nunique() == 2


def test_barriers_may_be_the_outlines_of_water(boxes):
    lake = gpd.GeoDataFrame({"kind": ["river"]}, geometry=[shapely.Point(200, 150).buffer(60)])
    blocks = build_blocks(FIELD, barriers=lake, buildings=boxes((10, 10, 30, 30)))
    assert blocks.area.round(-3).isin([11_000]).any()


def test_an_unknown_kind_of_barrier_is_named_and_refused(lines):
    with pytest.raises(InvalidInput, match="'canal': expected river"):
        build_blocks(FIELD, barriers=lines([(0, 0), (9, 9)], kind="canal"), buildings=None)


def test_a_boundary_without_area_is_refused():
    with pytest.raises(InvalidInput, match="no area"):
        build_blocks(shapely.LineString([(0, 0), (9, 9)]), barriers=None, buildings=None)
