"""A county of communities is one coverage: blocks and grids, in the database and in every file.

Five communities of two counties, turned so that no line runs along an axis. D is an enclave in C, A
has an exclave beyond B, and the corner of A, B and C stands on a straight edge of C only::

    +-------------------+
    |   C     +--+      |
    |         |D |      |
    |         +--+      |
    +-------+-----------+      (C's edge is one straight line)
    |   A   \\    B   +--|
    |        \\       |A |      E lies east, in another county and metric system
    +---------+------+--+
"""

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box
from shapely.affinity import rotate
from sqlalchemy import select, text

from gis.actions.access.work import Work
from gis.actions.ground.blocks import read_ground
from gis.actions.plan.cutting import cut_through
from gis.actions.plan.draw import draw_community
from gis.actions.plan.renewed_blocks import put_blocks, settle_community
from gis.database.bulk import read_geoframe
from gis.domain.access import SYSTEM
from gis.errors import InvalidInput
from gis.exchange.map_files import write_geojson, write_shapefiles
from gis.exchange.writers import write_geopackage
from gis.geometry.blocks import build_blocks
from gis.store import tables as t
from gis.store.area import divisions
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from gis.store.plan import plan_export
from tests.counted import put_counts
from tests.drawn_town import NOW, at, frame, put
from tests.gis.actions.conftest import build_blocks_of

CODES = [f"52263210000{n}" for n in range(1, 5)] + ["520102001001"]
EXACT_M2 = 1e-3
"""The whole county has six square kilometres; this is what rounding of degrees comes to."""


def turned(shape):
    return rotate(shape, 17.3, origin=at(0.01, 0.005))


def outlines():
    corner, low = (0.0097, 0.01), (0.0111, 0.0)
    exclave = box(0.0163, 0.0012, 0.0181, 0.0041)
    enclave = box(0.0094, 0.0134, 0.0111, 0.0147)
    west = shapely.union_all([Polygon([(0, 0), low, corner, (0, 0.01)]), exclave])
    east = Polygon([low, (0.02, 0), (0.02, 0.01), corner]).difference(exclave)
    north = box(0, 0.01, 0.02, 0.0173).difference(enclave)
    beyond = Polygon([(0.02, 0), (0.026, 0.0007), (0.026, 0.017), (0.02, 0.0173)])
    drawn = [west, east, north, enclave, beyond]
    return [turned(shapely.transform(s, lambda xy: xy + at(0, 0))) for s in drawn]


def line(*points):
    return turned(LineString([at(*p) for p in points]))


def put_county(session, rng, order):
    """Store the county, its communities one file each in some order, roads and houses at random."""
    shapes = outlines()
    for i in order:
        row = {"code": CODES[i], "name": f"社区{i}", "minimum": 5, "target": 10, "maximum": 20}
        put(session, "communities", frame("communities", [row], [shapes[i]]))
    ends = rng.uniform(-0.002, 0.028, (12, 2, 2)) * (1, 0.7)
    lines = [line(*pair) for pair in ends] + [line((-0.001, 0.01), (0.027, 0.0101))]
    put(session, "barriers", frame("barriers", [{"kind": "main_road"}] * len(lines), lines))
    put_houses(session, rng, 120)


def put_houses(session, rng, n):
    middles = rng.uniform(0, 1, (n, 2)) * (0.026, 0.017)
    houses = [
        turned(shapely.Point(at(*m)).buffer(size, cap_style="square"))
        for m, size in zip(middles, rng.uniform(3e-5, 2e-4, n), strict=True)
    ]
    put(session, "buildings", frame("buildings", [{}] * n, houses))


def stored(session, model, *conditions):
    table = model.__tablename__
    where = " AND ".join(["true", *conditions])
    statement = text(f"SELECT ST_AsBinary(geom) AS geometry FROM {table} WHERE {where}")  # noqa: S608
    return np.array(read_geoframe(session, statement).geometry)


def blocks_in_use(session):
    return stored(session, t.Block, "retired_at IS NULL")


def county_outline(session):
    shapes = stored(session, t.DivisionUnit, "level = 'community'")
    assert shapely.coverage_is_valid(shapes), "outlines meet in equal corners"
    return shapely.union_all(shapes)


def check_coverage_of(shapes, outline):
    """Check that shapes are one coverage and cover the outline exactly."""
    bad = shapely.coverage_invalid_edges(shapes)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes), bad[~shapely.is_empty(bad)][:3]
    whole = shapely.coverage_union_all(shapes)
    off_m2 = shapely.symmetric_difference(whole, outline).area * 111_320**2
    assert off_m2 < EXACT_M2


def build_all(session, order):
    communities = {c.code: c for c in divisions.communities(session, SYSTEM)}
    for i in order:
        build_blocks_of(session, communities[CODES[i]])
    return [communities[code] for code in CODES]


@settings(
    max_examples=3,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 10**6),
    order=st.permutations(range(5)),
    building=st.permutations(range(5)),
)
@example(seed=391, order=[0, 4, 2, 3, 1], building=[2, 1, 3, 0, 4])  # a gap of 0.2 mm beside a cut
def test_blocks_of_all_communities_are_one_coverage_in_any_order_of_work(
    session, seed, order, building
):
    step = session.begin_nested()
    rng = np.random.default_rng(seed)
    put_county(session, rng, order)
    communities = build_all(session, building)
    outline = county_outline(session)
    check_coverage_of(blocks_in_use(session), outline)
    before = set(shapely.to_wkb(blocks_in_use(session)))
    for community in communities:
        assert build_blocks_of(session, community) is None, "nothing changed, nothing is built"
        assert settle_community(Work(session, SYSTEM, NOW), community) == 0
    assert set(shapely.to_wkb(blocks_in_use(session))) == before
    put_houses(session, rng, 25)
    build_all(session, building[::-1])
    check_coverage_of(blocks_in_use(session), outline)
    assert cut_something(session, communities, rng)
    check_coverage_of(blocks_in_use(session), outline)
    put_houses(session, rng, 10)
    build_all(session, order)
    check_coverage_of(blocks_in_use(session), outline)
    step.rollback()


def cut_something(session, communities, rng):
    """Cut a block of each community on its outline, where no house stands; gives how many."""
    done = 0
    for community in communities:
        blocks = blocks_of(session, community.id)
        edge = shapely.boundary(ground.community_outline(session, community.id).geometry.iloc[0])
        houses = np.array(ground.buildings_of(session, community.id).geometry)
        houses = shapely.union_all(shapely.buffer(houses, 1e-5))
        for row in np.flatnonzero(shapely.intersects(blocks.geometry, edge)):
            shape = blocks.geometry.iloc[row]
            rim = shapely.intersection(shape, edge)
            if rim.length < 1e-3:
                continue
            start = np.array(rim.interpolate(rng.uniform(0.3, 0.7), normalized=True).coords[0])
            way = (np.array(shape.centroid.coords[0]) - start) * 50
            way *= 0.03 / np.hypot(*way)
            way_through = LineString([start - way / 100, start + way])
            if not (way_through & shape).intersects(houses) and _was_cut(
                session, blocks["block_id"].iloc[row], way_through
            ):
                done += 1
                break
    return done


def _was_cut(session, block_id, way_through):
    try:
        with session.begin_nested():
            cut_through(
                Work(session, SYSTEM, NOW), int(block_id), [list(p) for p in way_through.coords]
            )
    except InvalidInput:  # a piece would be too small, or the line touches a corner
        return False
    return True


def test_grids_of_all_communities_are_one_coverage_in_every_file(session, tmp_path):
    rng = np.random.default_rng(5)
    put_county(session, rng, (0, 1, 2, 3, 4))
    communities = build_all(session, (2, 0, 4, 1, 3))
    fill_blocks(session)
    plans = [
        draw_community(Work(session, SYSTEM, NOW), c.id, n_grids=n, minimum=1, maximum=900)
        for c, n in zip(communities, (4, 5, 3, 1, 2), strict=True)
    ]
    outline = county_outline(session)
    put_houses(session, rng, 25)
    build_all(session, (4, 3, 2, 1, 0))
    fill_blocks(session)
    again = draw_community(
        Work(session, SYSTEM, NOW), communities[1].id, n_grids=3, minimum=1, maximum=900
    )
    for chosen in (plans, [plans[0], again, *plans[2:]]):
        layers = plan_export.plan_layers(session, SYSTEM, chosen)
        check_coverage_of(np.array(layers["grids"].geometry), outline)
        for shapes in written_and_read(layers["grids"], tmp_path):
            check_coverage_of(shapes, outline)


def fill_blocks(session):
    blocks = session.scalars(select(t.Block.id)).all()
    put_counts(session, blocks, "households", 3)
    put_counts(session, blocks, "people", 6)


def written_and_read(grids, folder):
    write_geopackage(folder / "a.gpkg", {"grids": grids})
    yield np.array(gpd.read_file(folder / "a.gpkg").geometry)
    write_geojson(folder / "a.geojson", grids)
    yield np.array(gpd.read_file(folder / "a.geojson").geometry)
    write_shapefiles(folder / "a.zip", {"grids": grids})
    yield np.array(pyogrio.read_dataframe(f"/vsizip/{folder}/a.zip/grids.shp").geometry)


def build_as_before(session, community):
    """Store blocks as older releases did: cut in metres, projected back, and left there."""
    given = read_ground(session, SYSTEM, community)
    outline = ground.community_outline(session, community.id).to_crs(community.metric_epsg)
    blocks = build_blocks(outline, barriers=given.barriers, buildings=given.buildings)
    blocks = blocks.assign(area_m2=blocks.area).to_crs(4326)
    put_blocks(session, community.id, blocks, digest=given.digest, report={}, now=NOW)


def test_blocks_of_an_older_release_meet_without_being_built_anew(session):
    """Older releases left corners on one side only, and long edges beside the outline."""
    put_county(session, np.random.default_rng(8), (0, 1, 2, 3, 4))
    communities = divisions.communities(session, SYSTEM)
    for community in communities:
        build_as_before(session, community)
    outline, ids = county_outline(session), block_ids(session)
    assert not shapely.coverage_is_valid(blocks_in_use(session))
    assert all(build_blocks_of(session, community) is None for community in communities)
    for community in communities:
        settle_community(Work(session, SYSTEM, NOW), community)
    assert block_ids(session) == ids
    check_coverage_of(blocks_in_use(session), outline)


def block_ids(session):
    query = select(t.Block.id).where(t.Block.retired_at.is_(None))
    return set(session.scalars(query))


@pytest.mark.parametrize("first", [0, 1])
def test_what_a_neighbour_needs_does_not_make_ground_new(session, first):
    """A community built before its neighbour came is up to date afterwards."""
    shapes = outlines()
    pair = [0, 2] if first == 0 else [2, 0]
    for i in pair:
        row = {"code": CODES[i], "name": f"社区{i}"}
        put(session, "communities", frame("communities", [row], [shapes[i]]))
        if i == pair[0]:
            (community,) = divisions.communities(session, SYSTEM)
            build_blocks_of(session, community)
            kept = block_ids(session)
    communities = divisions.communities(session, SYSTEM)
    built = [build_blocks_of(session, c) for c in communities]
    assert [b is None for b in built].count(True) == 1
    assert kept < block_ids(session)
    check_coverage_of(blocks_in_use(session), county_outline(session))
