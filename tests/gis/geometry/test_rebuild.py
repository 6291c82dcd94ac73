"""Blocks brought up to date: as if built anew where the ground changed, untouched elsewhere."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage
from gis.geometry.rebuild import rebuild_blocks

SIZE = 400
FIELD = shapely.box(0, 0, SIZE, SIZE)
ROUNDING_M2 = 0.05
"""Borders may lie on another tenth of a millimetre than after a full build."""


def make_town(seed, n_houses=40):
    """Give roads every 100 m, some of them bent, and houses strewn over the field."""
    rng = np.random.default_rng(seed)
    roads = []
    for x in (100, 200, 300):
        bend = rng.uniform(-15, 15)
        roads.append(shapely.LineString([(x, -5), (x + bend, SIZE / 2), (x, SIZE + 5)]))
        roads.append(shapely.LineString([(-5, x), (SIZE / 2, x + bend), (SIZE + 5, x)]))
    centres, half = rng.uniform(5, SIZE - 5, (n_houses, 2)), rng.uniform(2, 9, (n_houses, 2))
    shapes = shapely.box(*(centres - half).T, *(centres + half).T)
    houses = [
        shapely.affinity.rotate(s, a)
        for s, a in zip(shapes, rng.uniform(0, 90, n_houses), strict=True)
    ]
    return barriers(roads), gpd.GeoDataFrame(geometry=houses)


def barriers(shapes):
    return gpd.GeoDataFrame({"kind": ["minor_road"] * len(shapes)}, geometry=list(shapes))


def with_road(roads, *points):
    return pd.concat([roads, barriers([shapely.LineString(points)])], ignore_index=True)


def bytes_by_id(blocks):
    return dict(zip(blocks["block_id"], shapely.to_wkb(blocks.geometry.array), strict=True))


def is_up_to_date(rebuilt, before, boundary, roads, houses):
    """Check all that holds for any rebuild; gives the full build it was compared with."""
    report = check_coverage(rebuilt, boundary=boundary, buildings=houses)
    assert report.is_valid
    assert max(report.uncovered_m2, report.overlapping_m2, report.outside_m2) < 0.1
    assert not len(report.cut_buildings) and not len(report.multipart)
    assert rebuilt["block_id"].is_unique
    kept = rebuilt[rebuilt["kept"]]
    old = bytes_by_id(before)
    assert all(old[i] == shape for i, shape in bytes_by_id(kept).items())
    assert all(p == ((i, 1.0),) for i, p in zip(kept["block_id"], kept["parents"], strict=True))
    new = rebuilt[~rebuilt["kept"]]
    assert (new["block_id"] > before["block_id"].max()).all()
    full = build_blocks(boundary, barriers=roads, buildings=houses)
    equals_by_ground(rebuilt, full)
    return full


def equals_by_ground(rebuilt, full):
    """Check that two frames hold the same blocks, up to their numbers and rounding."""
    assert len(rebuilt) == len(full)
    inner = shapely.point_on_surface(full.geometry.array)
    point, row = shapely.STRtree(rebuilt.geometry.array).query(inner, predicate="intersects")
    order = np.full(len(full), -1)
    order[point] = row
    assert sorted(order) == list(range(len(full)))
    matched = rebuilt.iloc[order]
    apart = shapely.symmetric_difference(matched.geometry.array, full.geometry.array)
    assert shapely.area(apart).max() < ROUNDING_M2
    assert matched["n_buildings"].tolist() == full["n_buildings"].tolist()
    assert matched["enclosure_digest"].tolist() == full["enclosure_digest"].tolist()


points = st.tuples(st.floats(-20, SIZE + 20), st.floats(-20, SIZE + 20))


@settings(max_examples=15, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), start=points, end=points)
def test_any_added_road_changes_only_the_enclosures_it_touches(seed, start, end):
    roads, houses = make_town(seed)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    now = with_road(roads, start, end)
    rebuilt = rebuild_blocks(before, FIELD, barriers=now, buildings=houses)
    is_up_to_date(rebuilt, before, FIELD, now, houses)
    road = shapely.LineString([start, end])
    far = before.distance(road) > 150
    assert set(before["block_id"][far]) <= set(rebuilt["block_id"][rebuilt["kept"]])


@settings(max_examples=10, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), start=points, end=points)
def test_a_road_added_and_taken_away_gives_the_first_blocks_back(seed, start, end):
    roads, houses = make_town(seed)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    between = rebuild_blocks(before, FIELD, barriers=with_road(roads, start, end), buildings=houses)
    back = rebuild_blocks(between, FIELD, barriers=roads, buildings=houses)
    is_up_to_date(back, between, FIELD, roads, houses)
    equals_by_ground(back, before)
    far = before.distance(shapely.LineString([start, end])) > 150
    assert set(before["block_id"][far]) <= set(back["block_id"]), "ids outlive both rebuilds"


@settings(max_examples=10, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), at=st.tuples(st.floats(15, 385), st.floats(15, 385)))
def test_a_house_added_or_removed_touches_its_surroundings_only(seed, at):
    roads, houses = make_town(seed)
    house = gpd.GeoDataFrame(geometry=[shapely.Point(at).buffer(6)])
    more = pd.concat([houses, house], ignore_index=True)
    for before_houses, after_houses in ((houses, more), (more, houses)):
        before = build_blocks(FIELD, barriers=roads, buildings=before_houses)
        rebuilt = rebuild_blocks(before, FIELD, barriers=roads, buildings=after_houses)
        is_up_to_date(rebuilt, before, FIELD, roads, after_houses)
        far = before.distance(shapely.Point(at)) > 180
        assert set(before["block_id"][far]) <= set(rebuilt["block_id"][rebuilt["kept"]])


@settings(max_examples=8, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), west=st.floats(-80, 80))
def test_a_boundary_that_moves_is_followed(seed, west):
    roads, houses = make_town(seed)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    moved = shapely.box(west, 0, SIZE, SIZE)
    rebuilt = rebuild_blocks(before, moved, barriers=roads, buildings=houses)
    is_up_to_date(rebuilt, before, moved, roads, houses)
    east = before[before.bounds["minx"] > 220]
    assert set(east["block_id"]) <= set(rebuilt["block_id"][rebuilt["kept"]])


@settings(max_examples=5, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_same_ground_keeps_every_block(seed):
    roads, houses = make_town(seed)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    again = rebuild_blocks(before, FIELD, barriers=roads[::-1], buildings=houses[::-1])
    assert again["kept"].all()
    assert bytes_by_id(again) == bytes_by_id(before)


def test_a_road_outside_the_boundary_touches_nothing():
    roads, houses = make_town(7)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    outside = with_road(roads, (500, 0), (900, 400))
    again = rebuild_blocks(before, FIELD, barriers=outside, buildings=houses)
    assert again["kept"].all() and len(again) == len(before)


@settings(max_examples=5, derandomize=True, deadline=None)
@given(seed=st.integers(0, 10**6), start=points, end=points)
def test_blocks_stored_in_degrees_and_as_multipolygons_are_known_again(seed, start, end):
    local = "EPSG:4545"
    roads, houses = make_town(seed)
    shift = shapely.affinity.translate
    moved = [
        frame.set_geometry([shift(g, 552_000.123, 2_869_000.456) for g in frame.geometry]).set_crs(
            local
        )
        for frame in (
            gpd.GeoDataFrame(geometry=[FIELD]),
            roads,
            houses,
            with_road(roads, start, end),
        )
    ]
    boundary, roads, houses, now = (f.to_crs(4326) for f in moved)
    before = build_blocks(boundary, barriers=roads, buildings=houses)
    before["geometry"] = [shapely.MultiPolygon([g]) for g in before.geometry]
    again = rebuild_blocks(before, boundary, barriers=roads, buildings=houses)
    assert again["kept"].all()
    rebuilt = rebuild_blocks(before, boundary, barriers=now, buildings=houses)
    assert shapely.coverage_is_valid(rebuilt.geometry.array)
    assert rebuilt.crs.to_epsg() == 4326
    metric = rebuilt.to_crs(local)
    equals_by_ground(metric, build_blocks(moved[0], barriers=moved[3], buildings=moved[2]))


def test_new_blocks_name_the_former_blocks_they_lie_on():
    roads, houses = make_town(3)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    now = with_road(roads, (150, -5), (150, SIZE + 5))
    rebuilt = rebuild_blocks(before, FIELD, barriers=now, buildings=houses)
    new = rebuilt[~rebuilt["kept"]]
    assert len(new)
    former = before.set_index("block_id").geometry
    for row in new.itertuples():
        assert sum(share for _, share in row.parents) == pytest.approx(1, abs=0.01)
        for parent, share in row.parents:
            common = former[parent].intersection(row.geometry).area
            assert share == pytest.approx(common / row.geometry.area, abs=1e-6)
        shares = [share for _, share in row.parents]
        assert shares == sorted(shares, reverse=True)


def test_blocks_without_digests_are_all_looked_at_but_equal_ones_stay():
    roads, houses = make_town(5)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    foreign = before.drop(columns="enclosure_digest")
    again = rebuild_blocks(foreign, FIELD, barriers=roads, buildings=houses)
    assert again["kept"].all()


def test_blocks_that_were_split_stay_split_while_their_enclosure_is_as_it_was():
    roads, houses = make_town(11)
    before = build_blocks(FIELD, barriers=roads, buildings=houses)
    whole = before.iloc[0]
    west, south, east, north = whole.geometry.bounds
    middle = round((west + east) / 2, 4)
    halves = [
        shapely.get_parts(whole.geometry.intersection(shapely.box(*b), grid_size=1e-4))[0]
        for b in ((west, south, middle, north), (middle, south, east, north))
    ]
    split = pd.concat([before.iloc[[0, 0]], before.iloc[1:]], ignore_index=True)
    split.loc[[0, 1], "geometry"] = gpd.GeoSeries(halves)
    split.loc[1, "block_id"] = before["block_id"].max() + 1
    again = rebuild_blocks(split, FIELD, barriers=roads, buildings=houses)
    assert len(again) == len(before) + 1
    assert set(split["block_id"][:2]) <= set(again["block_id"])
