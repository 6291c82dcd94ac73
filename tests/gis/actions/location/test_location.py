"""Where a point lies has one answer on every path: the block with the smallest id that covers it.

The oracle asks shapely about every block in use of both communities; the paths are the query, the
raster, the geocoder, the pin set by hand and the carrying over when ground is cut anew.
"""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.ground.blocks import read_ground
from gis.actions.location import locate as location
from gis.actions.location.geocode import geocode_subject
from gis.actions.location.locate import place_points
from gis.actions.location.review import place_pin
from gis.domain.access import SYSTEM, Scope
from gis.store import tables as t
from gis.store.area import divisions
from gis.store.ground import locate
from tests.counted import incident_counts
from tests.drawn_town import (
    HEIGHT,
    NOW,
    SOUTH,
    WEST,
    WIDTH,
    at,
    frame,
    incident_row,
    put,
    rectangle,
)
from tests.factories import make_user
from tests.gis.actions.conftest import build_blocks_of, publish_draft
from tests.gis.actions.ground.test_blocks_rebuilt import put_blocks
from tests.gis.actions.plan.test_blocks_and_draw import TOMORROW, draft

EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
plainly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def by_asking_every_block(session, lon, lat):
    """Give the smallest id of the blocks that cover each point, None outside all."""
    blocks = locate.blocks_in_use(session, EVERYWHERE).sort_values("block_id", ascending=False)
    points, found = shapely.points(lon, lat), np.full(len(lon), None, dtype=object)
    for block, shape in zip(blocks["block_id"], blocks.geometry, strict=True):
        found[shapely.covers(shape, points)] = block
    return found


def is_right(session, lon, lat, found):
    """Tell of each answer whether the rule gives it: covering, else nearest under an outline."""
    expected, found = by_asking_every_block(session, lon, lat), np.asarray(found, dtype=object)
    blocks = locate.blocks_in_use(session, EVERYWHERE)
    outlines = divisions.every_outline(session)
    right = found == expected
    for n in np.flatnonzero(expected == None):  # noqa: E711
        point = shapely.Point(lon[n], lat[n])
        around = outlines["id"][outlines.covers(point)]
        near = blocks[blocks["community_id"].isin(around)]
        away = shapely.distance(near.geometry.array, point)
        reached = away <= min(away.min(initial=np.inf), locate.REACH_DEGREES) + 1e-15
        right[n] = found[n] in (near["block_id"][reached].tolist() if len(near) else [None])
    return right


def by_query(session, lon, lat):
    return [row.block_id for row in locate.blocks_at(session, lon, lat)]


def by_raster(session, monkeypatch, lon, lat):
    with monkeypatch.context() as patch:
        patch.setattr(location, "FEW_POINTS", 0)
        return place_points(session, SYSTEM, lon, lat)


def border_points(session, rng, per_side=6):
    """Give corners of all blocks, points along their sides, and the next numbers beside them."""
    shapes = locate.blocks_in_use(session, EVERYWHERE).geometry
    rings = [np.array(ring.coords) for g in shapes for p in g.geoms for ring in [p.exterior]]
    starts, ends = (np.concatenate([r[cut] for r in rings]) for cut in (np.s_[:-1], np.s_[1:]))
    share = rng.random((per_side, len(starts), 1))
    along = (starts + share * (ends - starts)).reshape(-1, 2)
    beside = np.nextafter(along, along + rng.choice([-1, 1], along.shape))
    edge = np.array([at(WIDTH, y) for y in np.linspace(0, HEIGHT, 41)])
    corners = np.array([at(x, y) for x in (0, WIDTH, 2 * WIDTH) for y in (0, HEIGHT)])
    points = np.concatenate([starts, along, beside, edge, corners])
    return points[:, 0], points[:, 1]


def test_on_borders_the_query_the_raster_and_shapely_give_the_same_block(
    town, town_session, monkeypatch
):
    lon, lat = border_points(town_session, np.random.default_rng(4))
    found = by_query(town_session, lon, lat)
    assert len(lon) > 3_000 and is_right(town_session, lon, lat, found).all()
    assert by_raster(town_session, monkeypatch, lon, lat).block_id.tolist() == found
    assert place_points(town_session, SYSTEM, lon, lat).block_id.tolist() == found


def test_along_slanting_borders_the_query_decides_as_exactly_as_the_raster(
    town, town_session, monkeypatch
):
    rng = np.random.default_rng(11)
    square = rectangle(0, 0, WIDTH, HEIGHT)
    centres = shapely.MultiPoint(at(0, 0) + rng.random((40, 2)) * [WIDTH, HEIGHT])
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=square))
    put_blocks(town_session, shapely.intersection(cells, square))
    lon, lat = border_points(town_session, rng, per_side=25)
    found = by_query(town_session, lon, lat)
    assert len(lon) > 10_000 and is_right(town_session, lon, lat, found).all()
    assert by_raster(town_session, monkeypatch, lon, lat).block_id.tolist() == found


def test_every_point_of_an_outline_has_a_block(town, town_session, monkeypatch):
    rng = np.random.default_rng(7)
    outlines = divisions.every_outline(town_session)
    rings = outlines.boundary.repeat(400)
    along = shapely.line_interpolate_point(rings.array, rng.random(len(rings)), normalized=True)
    lon, lat = shapely.get_coordinates(along).T
    corners = shapely.get_coordinates(outlines.geometry).T
    lon, lat = np.append(lon, corners[0]), np.append(lat, corners[1])
    on_outline = outlines.union_all().covers(shapely.points(lon, lat))
    assert on_outline.sum() > 100, "many are a hair outside, as numbers go"
    found = np.array(by_query(town_session, lon, lat), dtype=object)
    assert None not in found[on_outline].tolist()
    assert is_right(town_session, lon, lat, found).all()
    assert by_raster(town_session, monkeypatch, lon, lat).block_id.tolist() == found.tolist()


def test_a_point_between_two_communities_has_a_block_and_the_community_of_that_block(
    town, town_session, monkeypatch
):
    lon, lat = np.array([at(WIDTH, y) for y in np.linspace(0, HEIGHT, 101)]).T
    both = set()
    for placed in (
        place_points(town_session, SYSTEM, lon, lat),
        by_raster(town_session, monkeypatch, lon, lat),
    ):
        assert None not in placed.block_id.tolist()
        owner = dict(town_session.execute(select(t.Block.id, t.Block.community_id)).all())
        assert placed.community_id.tolist() == [owner[b] for b in placed.block_id]
        both.add(tuple(placed.block_id))
    assert len(both) == 1


def test_on_the_border_the_block_decides_though_the_outline_of_the_other_comes_first(
    town, town_session
):
    first, second = (c.id for c in town.communities)
    lon, lat = np.array([at(WIDTH, y) for y in np.linspace(0, HEIGHT, 101)]).T
    before = place_points(town_session, SYSTEM, lon, lat)
    assert before.community_id.tolist().count(first) > 20
    town_session.execute(
        text("UPDATE block SET retired_at = now() WHERE community_id = :id"), {"id": first}
    )
    after = place_points(town_session, SYSTEM, lon, lat)
    assert set(after.community_id.tolist()) == {second}


def test_without_blocks_the_smaller_code_of_the_communities_decides(town, town_session):
    town_session.execute(text("UPDATE block SET retired_at = now()"))
    lon, lat = (np.array([v]) for v in at(WIDTH, HEIGHT / 3))
    placed = place_points(town_session, SYSTEM, lon, lat)
    assert placed.block_id.tolist() == [None]
    assert placed.community_id.tolist() == [town.communities[0].id]


def test_what_lies_outside_the_area_of_the_person_is_nowhere_for_them(town, town_session):
    first, second = (c.id for c in town.communities)
    lon, lat = np.array([at(0.001, 0.001), at(WIDTH + 0.001, 0.001), at(1, 1)]).T
    scope = Scope(None, "m", "M", frozenset({"community_manager"}), frozenset({second}))
    placed = place_points(town_session, scope, lon, lat)
    assert placed.community_id.tolist() == [None, second, None]
    assert [b is None for b in placed.block_id] == [True, False, True]
    assert place_points(town_session, SYSTEM, lon, lat).community_id.tolist() == [
        first, second, None,
    ]  # fmt: skip


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_points_that_are_no_numbers_lie_nowhere(town, town_session, monkeypatch, bad):
    lon, lat = np.array([bad, WEST + 0.001, bad]), np.array([SOUTH, bad, bad])
    for placed in (
        place_points(town_session, SYSTEM, lon, lat),
        by_raster(town_session, monkeypatch, lon, lat),
    ):
        assert placed.block_id.tolist() == placed.community_id.tolist() == [None] * 3


@plainly
@given(x=st.floats(-0.001, 2 * WIDTH + 0.001), y=st.floats(-0.001, HEIGHT + 0.001))
def test_anywhere_all_paths_agree(town, town_session, x, y):
    lon, lat = (np.array([v]) for v in at(x, y))
    found = by_query(town_session, lon, lat)
    assert is_right(town_session, lon, lat, found).all()
    assert place_points(town_session, SYSTEM, lon, lat).block_id.tolist() == found


# Every path that stores


def points_on_borders(session, n):
    lon, lat = border_points(session, np.random.default_rng(8), per_side=1)
    inside = np.flatnonzero(np.array(by_query(session, lon, lat)) != None)  # noqa: E711
    chosen = inside[np.random.default_rng(9).permutation(len(inside))[:n]]
    on_river = np.array([at(WIDTH, y) for y in np.linspace(0.0001, HEIGHT, 10)])
    return np.append(lon[chosen], on_river[:, 0]), np.append(lat[chosen], on_river[:, 1])


def stored_blocks(session, model=t.Incident):
    rows = session.execute(select(model.number, model.block_id).order_by(model.number))
    return [block for _, block in rows]


def put_at(session, lon, lat):
    rows = [
        incident_row(f"P{n:04d}", None, lon=float(x), lat=float(y))
        for n, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]
    put(session, "incidents", frame("incidents", rows))


def test_the_geocoder_stores_the_block_of_the_border_rule(town, town_session):
    lon, lat = points_on_borders(town_session, 200)
    put_at(town_session, lon, lat)
    geocode_subject(Work(town_session, SYSTEM, NOW), "incidents")
    assert stored_blocks(town_session) == by_query(town_session, lon, lat)


def test_a_pin_on_a_border_lies_in_the_block_of_the_border_rule(town, town_session):
    person = make_user(town_session, "coordinator", "town_coordinator")
    scope = Scope(person.id, "c", "C", frozenset({"town_coordinator"}), None)
    lon, lat = (v[-12:] for v in points_on_borders(town_session, 12))
    put_at(town_session, np.full(12, np.nan), lat)
    for incident, x, y in zip(
        town_session.scalars(select(t.Incident).order_by(t.Incident.number)), lon, lat, strict=True
    ):
        place_pin(
            Work(town_session, scope, NOW), "incident", incident.id, lon=float(x), lat=float(y)
        )
    assert stored_blocks(town_session) == by_query(town_session, lon, lat)


def test_ground_cut_anew_leaves_everything_in_the_block_of_the_border_rule(town, town_session):
    session = town_session
    lon, lat = points_on_borders(session, 300)
    put_at(session, lon, lat)
    geocode_subject(Work(session, SYSTEM, NOW), "incidents")
    for number, community in enumerate(town.communities):
        x = 0.0007 + number * WIDTH
        road = shapely.LineString([at(x, -0.0001), at(x, 0.002)])
        put(session, "barriers", frame("barriers", [{"kind": "minor_road"}], [road]))
        build_blocks_of(session, community, TOMORROW)
        assert stored_blocks(session) == by_query(session, lon, lat)
    wrong_community = (
        select(func.count(t.Incident.id))
        .join(t.Block, t.Block.id == t.Incident.block_id)
        .where(t.Block.community_id != t.Incident.community_id)
    )
    assert session.scalar(wrong_community) == 0


def test_what_changes_community_on_its_border_is_counted_there(town, town_session):
    session, second = town_session, town.communities[1].id
    lon, lat = (np.array([v]) for v in at(WIDTH, 0.0007))
    put_at(session, lon, lat)
    geocode_subject(Work(session, SYSTEM, NOW), "incidents")
    road = shapely.LineString([at(0.0052, -0.0001), at(0.0052, 0.002)])
    put(session, "barriers", frame("barriers", [{"kind": "minor_road"}], [road]))
    build_blocks_of(session, town.communities[0], TOMORROW)
    (incident,) = session.execute(select(t.Incident.community_id, t.Incident.block_id))
    assert incident.community_id == second, "all blocks of the first there are newer"
    counted = incident_counts(session)
    assert [(block, n) for (block, *_), n in counted.items()] == [(incident.block_id, 1)]


# What moves, and what does not


def locations(session):
    rows = session.execute(
        select(t.Household.number, t.Household.block_id, t.Household.located_at, t.Household.geom)
    )
    return {r.number: (r.block_id, r.located_at, str(r.geom)) for r in rows}


def test_publishing_another_plan_moves_no_household(town, town_session):
    before = locations(town_session)
    new = draft(town_session, town)
    publish_draft(town_session, new, now=TOMORROW)
    assert town_session.get(t.LivePlan, town.communities[0].id).plan_id == new
    assert locations(town_session) == before and len(before) == 360


def test_building_blocks_again_without_a_change_moves_nothing(town, town_session):
    before = locations(town_session)
    assert read_ground(town_session, SYSTEM, town.communities[0]) is None
    assert locations(town_session) == before
