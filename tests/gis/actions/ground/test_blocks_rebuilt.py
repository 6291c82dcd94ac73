"""A road is added to a town at work: blocks are rebuilt, and everybody's work goes on.

The new road runs from the south edge of the first community to the main road, between the first
and the second column of houses::

    y 0.002 +-----+-----+--------+--------+     main road
            | h | h   h | h h h  | h h h  |
            | h | h   h | h h h  | h h h  |
          0 +---+-------+--------+--------+
            x 0 0.0007  0.002
"""

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import approx, raises
from shapely import LineString
from sqlalchemy import func, select, text

from gis.actions.access.work import Work
from gis.actions.ground.blocks import cut_ground, read_ground
from gis.actions.location.geocode import geocode_subject
from gis.actions.location.review import place_pin, undo
from gis.actions.plan import draw
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.plan.renewed_blocks import store_blocks
from gis.actions.plan.workers import assign_worker
from gis.actions.provenance.imports import Source
from gis.domain.access import SYSTEM, Scope
from gis.domain.period import parse_period
from gis.errors import Conflict
from gis.store import tables as t
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from gis.store.plan.former_grids import former_codes
from gis.store.plan.plans import compare_plans
from gis.store.register.households import grids_of_worker, list_households
from gis.store.statistics.by_level import statistics
from tests.application import make_app
from tests.drawn_town import NOW, STREETS, at, frame, incident_row, put, rectangle
from tests.factories import PASSWORD, make_user
from tests.gis.actions.conftest import build_blocks_of, publish_draft
from tests.gis.actions.plan.test_blocks_and_draw import TOMORROW, draft, state_of

FEBRUARY = parse_period("2026-02")


def add_road(session, *points, kind="minor_road"):
    put(session, "barriers", frame("barriers", [{"kind": kind}], [LineString(points)]))


def rebuild(session, town, *, now=TOMORROW):
    """Add the road of the picture and build the first community's blocks again."""
    add_road(session, at(0.0007, -0.0001), at(0.0007, 0.002))
    return build_blocks_of(session, town.communities[0], now)


def block_shapes(session, town):
    blocks = blocks_of(session, town.communities[0].id)
    return dict(zip(blocks["block_id"], shapely.to_wkb(blocks.geometry.array), strict=True))


def outlines(shapes):
    """Give the shapes alone, whatever vertex each begins with."""
    return set(shapely.to_wkb(shapely.normalize(shapely.from_wkb(list(shapes.values())))))


def homes(session, town):
    """Give block and time of locating of every household of the first community."""
    query = select(t.Household.number, t.Household.block_id, t.Household.located_at)
    rows = session.execute(query.where(t.Household.community_id == town.communities[0].id))
    return {number: (block, located) for number, block, located in rows}


def manager(town):
    ids = frozenset(c.id for c in town.communities)
    return Scope(None, "m", "M", frozenset({"community_manager"}), ids)


def grid_of_households(session, town):
    return {h.number: h.grid_code for h in list_households(session, manager(town), limit=200).rows}


def figures(session, **asked):
    table = statistics(session, SYSTEM, topic="all", period=FEBRUARY, **asked)
    return table[["code", "households", "people", "incidents"]].values.tolist()


def put_incidents(session):
    texts = [f"古榕社区{STREETS[r]}{n}号" for r in (0, 1, 2) for n in (1, 2, 5)]
    rows = [incident_row(f"I{n}", text) for n, text in enumerate(texts)]
    put(session, "incidents", frame("incidents", rows))
    geocode_subject(Work(session, SYSTEM, NOW), "incidents")


def plan_in_force(session, town):
    query = select(t.Grid.code, t.Grid.households, func.ST_AsBinary(t.Grid.geom))
    rows = session.execute(query.where(t.Grid.plan_id == town.plan_id))
    return {code: (households, bytes(shape)) for code, households, shape in rows}


# What is kept, what is new


def test_only_what_the_road_touches_is_cut_anew(town, town_session):
    before = block_shapes(town_session, town)
    report = rebuild(town_session, town)
    after = block_shapes(town_session, town)
    assert (report["enclosures"], report["enclosures_cut"]) == (7, 3), "two halves, one neighbour"
    assert report["blocks"] == len(after) and report["blocks_new"] <= 8
    assert report["blocks_kept"] == len(before.keys() & after.keys()) >= 28
    assert all(after[block] == before[block] for block in before.keys() & after.keys())
    assert report["is_valid"] and report["buildings_cut"] == 0
    shapes = shapely.from_wkb(list(after.values()))
    assert shapely.coverage_is_valid(shapely.get_parts(shapes))


def test_new_blocks_know_the_blocks_they_were_made_of(town, town_session):
    before = block_shapes(town_session, town)
    rebuild(town_session, town)
    new = set(block_shapes(town_session, town)) - set(before)
    lines = town_session.scalars(select(t.BlockLineage)).all()
    assert {line.child_id for line in lines} == new
    retired = select(t.Block.id).where(t.Block.retired_at.is_not(None))
    assert {line.parent_id for line in lines} == set(town_session.scalars(retired))
    whole = select(func.sum(t.BlockLineage.share)).group_by(t.BlockLineage.child_id)
    assert town_session.scalars(whole).all() == approx([1] * len(new), abs=0.01)
    assert sum(line.households for line in lines) == 5 * len(new), "five in each house"


def test_households_of_kept_blocks_are_not_looked_at(town, town_session):
    blocks = set(block_shapes(town_session, town))
    before = homes(town_session, town)
    report = rebuild(town_session, town)
    after = homes(town_session, town)
    kept = blocks & set(block_shapes(town_session, town))
    moved = {n for n, (block, _) in before.items() if block not in kept}
    assert {n for n in before if after[n] != before[n]} == moved
    assert report["left_to_locate"] == 0 and report["located_again"] >= len(moved) == 5 * len(
        blocks - kept
    )
    outside = text(
        "SELECT count(*) FROM household h JOIN block b ON b.id = h.block_id"
        " WHERE b.retired_at IS NOT NULL OR NOT ST_Intersects(b.geom, h.geom)"
    )
    assert town_session.scalar(outside) == 0


def test_places_pinned_by_hand_find_their_new_block_too(town, town_session):
    household = town_session.scalars(select(t.Household).where(t.Household.number == "H0001")).one()
    household.level, former = "pin", household.block_id
    town_session.flush()
    rebuild(town_session, town)
    town_session.refresh(household)
    assert household.block_id not in (None, former) and household.level == "pin"


def test_undoing_a_decision_does_not_bring_back_a_block_that_was_built_anew(town, town_session):
    session = town_session
    household = session.scalars(select(t.Household).where(t.Household.number == "H0001")).one()
    household.status, former = "review", household.block_id
    session.flush()
    person = make_user(session, "manager", "community_manager")
    scope = Scope(person.id, "m", "M", frozenset({"community_manager"}), None)
    lon, lat = at(0.005, 0.003)
    decision = place_pin(Work(session, scope, NOW), "household", household.id, lon=lon, lat=lat)
    rebuild(session, town)
    undo(Work(session, scope, TOMORROW), decision)
    now_in = session.get(t.Block, household.block_id)
    assert now_in.id != former and now_in.retired_at is None
    apart = text(
        "SELECT ST_Distance(b.geom, h.geom) FROM household h JOIN block b ON b.id = h.block_id"
        " WHERE h.id = :id"
    )
    assert session.scalar(apart, {"id": household.id}) == 0


def test_a_draft_drawn_while_blocks_were_rebuilt_is_refused(town, town_session):
    community = town.communities[0]
    request = draw.read_request(town_session, SYSTEM, community)
    division = draw.divide(request)
    rebuild(town_session, town)
    with raises(Conflict, match="古榕社区 were rebuilt meanwhile"):
        draw.store_draft(
            Work(town_session, SYSTEM, TOMORROW), community, request, division, name="late"
        )


def test_a_change_that_cuts_nothing_leaves_the_build_and_its_drafts_alone(town, town_session):
    plan = draft(town_session, town)
    build = ground.current_build(town_session, town.communities[0].id)
    add_road(town_session, at(0.0007, 0.0009), at(0.0007, 0.0011), kind="path")
    report = build_blocks_of(town_session, town.communities[0], TOMORROW)
    assert (report["blocks_new"], report["blocks_retired"], report["enclosures_cut"]) == (0, 0, 0)
    assert ground.current_build(town_session, town.communities[0].id).id == build.id
    assert read_ground(town_session, SYSTEM, town.communities[0]) is None, "up to date"
    publish_draft(town_session, plan, now=TOMORROW)
    assert state_of(town_session, plan) == "published"


def test_a_road_taken_away_again_gives_the_first_ground_back(town, town_session):
    before = block_shapes(town_session, town)
    grids, figures_then = grid_of_households(town_session, town), figures(town_session, by="grid")
    rebuild(town_session, town)
    newest = town_session.scalar(select(func.max(t.Barrier.id)))
    town_session.execute(text("DELETE FROM barrier WHERE id = :id"), {"id": newest})
    build_blocks_of(town_session, town.communities[0], TOMORROW)
    assert outlines(block_shapes(town_session, town)) == outlines(before)
    assert grid_of_households(town_session, town) == grids
    assert figures(town_session, by="grid") == figures_then


def test_blocks_no_plan_uses_are_removed(town, town_session):
    community = town.communities[1]
    add_road(town_session, at(0.0067, -0.0001), at(0.0067, 0.002))
    report = build_blocks_of(town_session, community, TOMORROW)
    assert report["blocks_retired"] > 0
    of_community = t.Block.community_id == community.id
    left = select(func.count()).where(of_community, t.Block.retired_at.is_not(None))
    assert town_session.scalar(left) == 0
    assert town_session.scalar(select(func.count()).where(of_community)) == report["blocks"]


def test_blocks_built_by_somebody_else_meanwhile_are_not_overwritten(town, town_session):
    add_road(town_session, at(0.0007, -0.0001), at(0.0007, 0.002))
    given = read_ground(town_session, SYSTEM, town.communities[0])
    cut = cut_ground(given)
    store_blocks(Work(town_session, SYSTEM, TOMORROW), given, cut)
    with raises(Conflict, match="somebody else"):
        store_blocks(Work(town_session, SYSTEM, TOMORROW), given, cut)


# The plan in force and the plans to come


def test_the_plan_in_force_keeps_its_ground_and_knows_the_new_blocks(town, town_session):
    before = plan_in_force(town_session, town)
    drawn = set(block_shapes(town_session, town))
    rebuild(town_session, town)
    assert plan_in_force(town_session, town) == before
    assert state_of(town_session, town.plan_id) == "published"
    assert town_session.get(t.LivePlan, town.communities[0].id).plan_id == town.plan_id
    rows = town_session.scalars(
        select(t.BlockAssignment).where(t.BlockAssignment.plan_id == town.plan_id)
    ).all()
    assert {a.block_id for a in rows if not a.carried} == drawn, "what was drawn stays"
    now = set(block_shapes(town_session, town))
    assert {a.block_id for a in rows if a.carried} == now - drawn
    assert set(former_codes(town_session, town.plan_id, sorted(now)).index) == now


def test_a_new_block_goes_to_the_grid_that_most_of_its_households_come_from(town, town_session):
    session, community = town_session, town.communities[0]
    one, other = session.scalars(
        select(t.Grid.id).where(t.Grid.plan_id == town.plan_id).order_by(t.Grid.id).limit(2)
    )
    small, large = rectangle(0, 0, 0.0008, 0.001), rectangle(0.0008, 0, 0.006, 0.001)
    few, many = session.execute(
        text(
            "SELECT id FROM block WHERE community_id = :c AND retired_at IS NULL ORDER BY"
            " ST_Distance(geom, ST_SetSRID(ST_MakePoint(:x, :y), 4326)), id LIMIT 2"
        ),
        {"c": community.id, "x": at(0.0004, 0)[0], "y": at(0, 0.0005)[1]},
    ).scalars()
    assign = text("UPDATE block_assignment SET grid_id = :g WHERE plan_id = :p AND block_id = :b")
    for block, grid in ((few, one), (many, other)):
        session.execute(assign, {"g": grid, "p": town.plan_id, "b": block})
    session.execute(
        text("DELETE FROM household WHERE block_id = :b AND number NOT LIKE '%1'"), {"b": few}
    )
    shapes = [
        shapely.union(*shapely.from_wkb([block_shapes(session, town)[b] for b in (few, many)])),
    ]
    assert small.intersects(shapes[0]) and large.area > shapes[0].area
    rest = [shapely.from_wkb(s) for b, s in block_shapes(session, town).items()
            if b not in (few, many)]  # fmt: skip
    put_blocks(session, [*shapes, *rest])
    merged = session.scalar(
        select(t.BlockLineage.child_id)
        .where(t.BlockLineage.parent_id.in_([few, many]))
        .group_by(t.BlockLineage.child_id)
        .having(func.count() == 2)
    )
    assigned = session.get(t.BlockAssignment, (town.plan_id, merged))
    assert (assigned.grid_id, assigned.carried) == (other, True)


def put_blocks(session, shapes):
    parts = [shapely.get_parts(shape)[0] for shape in shapes]
    rows = [{"reference": f"q{n}"} for n in range(len(parts))]
    records, source = frame("blocks", rows, parts), Source("blocks.gpkg")
    outcome = import_blocks(
        Work(session, SYSTEM, TOMORROW), "blocks", records, source=source, commit=True
    )
    assert outcome.state == "committed"


def test_imported_blocks_that_replace_all_take_people_and_plan_over(town, town_session):
    grids = figures(town_session, by="community")
    in_grids = sum(row[1] for row in figures(town_session, by="grid"))
    quarters = [rectangle(x, y, x + 0.003, y + 0.002) for y in (0, 0.002) for x in (0, 0.003)]
    put_blocks(town_session, quarters)
    assert figures(town_session, by="community") == grids
    assert sum(row[1] for row in figures(town_session, by="grid")) == in_grids
    assert len(list_households(town_session, manager(town), limit=200).rows) == in_grids


def test_a_draft_of_the_former_blocks_is_drawn_again_from_the_plan_in_force(town, town_session):
    stale = draft(town_session, town)
    rebuild(town_session, town)
    with raises(Conflict, match="branch it"):
        publish_draft(town_session, stale, now=TOMORROW)
    new = draft(town_session, town)
    request = draw.read_request(town_session, SYSTEM, town.communities[0])
    assert set(request.previous.index) == set(block_shapes(town_session, town))
    publish_draft(town_session, new, now=TOMORROW)
    assert state_of(town_session, town.plan_id) == "superseded"
    assert sum(row[1] for row in figures(town_session, by="grid")) == 36 * 5
    changed = compare_plans(town_session, SYSTEM, new, town.plan_id)
    assert sum(c.households for c in changed) <= 36 * 5
    same = compare_plans(town_session, SYSTEM, town.plan_id, town.plan_id)
    assert same == []


places = st.tuples(st.integers(0, 60), st.integers(0, 40))
several_roads = st.lists(
    st.tuples(places, places).filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=3
)


@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(roads=several_roads)
def test_whatever_roads_come_every_plan_knows_every_block_and_nobody_is_lost(
    town, town_session, roads
):
    session, community = town_session, town.communities[0]
    with session.begin_nested() as attempt:
        plans = [town.plan_id, draft(session, town)]
        for start, end in roads:
            add_road(session, *(at(x / 10_000, y / 10_000) for x, y in (start, end)))
            build_blocks_of(session, community, TOMORROW)
        blocks = block_shapes(session, town)
        shapes = shapely.from_wkb(list(blocks.values()))
        assert shapely.coverage_is_valid(shapely.get_parts(shapes))
        for plan in plans:
            query = select(t.BlockAssignment.block_id).where(t.BlockAssignment.plan_id == plan)
            assert set(blocks) <= set(session.scalars(query))
            assert sum(row[1] for row in figures(session, by="grid", plan=plan)) == 36 * 5
        assert len(list_households(session, manager(town), limit=200).rows) == 36 * 5
        attempt.rollback()
    session.expire_all()


# Everybody's work goes on before a new plan is in force


def test_statistics_are_the_same_before_and_after(town, town_session):
    put_incidents(town_session)
    before = {by: figures(town_session, by=by) for by in ("grid", "community", "town", "county")}
    assert sum(row[3] for row in before["grid"]) == 9
    rebuild(town_session, town)
    after = {by: figures(town_session, by=by) for by in before}
    assert after == before
    named = figures(town_session, by="grid", plan=town.plan_id)
    assert named == before["grid"]


def test_every_worker_has_the_same_households_as_before(town, town_session):
    before = grid_of_households(town_session, town)
    assert len(before) == 36 * 5
    code = sorted(set(before.values()))[0]
    worker = Scope(None, "w", "W", frozenset({"worker"}), None, frozenset({code}))
    own = [h.number for h in list_households(town_session, worker, limit=200).rows]
    grids = [(g.code, g.households) for g in grids_of_worker(town_session, worker)]
    rebuild(town_session, town)
    assert grid_of_households(town_session, town) == before
    assert [h.number for h in list_households(town_session, worker, limit=200).rows] == own
    assert [(g.code, g.households) for g in grids_of_worker(town_session, worker)] == grids


def test_the_pages_of_planner_official_and_worker_answer_as_before(town, drawn, town_session):
    session, community = town_session, town.communities[0]
    unit = session.get(t.DivisionUnit, community.id)
    county = session.scalars(select(t.DivisionUnit).where(t.DivisionUnit.level == "county")).one()
    make_user(session, "planner", "planner", (county,))
    make_user(session, "official", "official", (county,))
    worker = make_user(session, "worker", "worker", (unit,))
    code = session.scalars(select(t.Grid.code).where(t.Grid.plan_id == town.plan_id)).first()
    assign_worker(Work(session, SYSTEM, NOW), code, worker.id, valid_from=NOW.date())
    put_incidents(session)
    before = answers(session, drawn[0], town)
    rebuild(session, town)
    after = answers(session, drawn[0], town)
    n_blocks = len(block_shapes(session, town))
    assert len(after["blocks"]["features"]) == n_blocks
    assert all(f["properties"]["code"] for f in after["blocks"]["features"])
    for answer in (before, after):
        shown = answer.pop("blocks")["features"]
        assert sum(f["properties"]["households"] for f in shown) == 36 * 5
        del answer["statistics"]["basis"]["counted_at"]
        assert sum(n for _, _, n in answer.pop("points")["rows"]) == 9
    assert after == before


def answers(session, connection, town):
    """Give what the interface says to planner, official and worker."""
    session.commit()
    app = make_app(connection)
    code, plan = town.communities[0].code, town.plan_id
    asked = {
        "planner": {
            "balance": "/api/v1/planning/balance",
            "grids": f"/api/v1/plans/{plan}/grids",
            "blocks": f"/api/v1/plans/{plan}/blocks",
            "page": f"/planner/community/{code}",
            "start": "/planner/",
        },
        "official": {"statistics": "/api/v1/statistics?by=grid&topic=all&period=2026-02",
                     "points": "/api/v1/maps/incidents?topic=noise&period=2026-02",
                     "pages": "/official/"},
        "worker": {"households": "/api/v1/households", "own": "/api/v1/households/own-grids",
                   "phone": "/worker/"},
    }  # fmt: skip
    found = {}
    for login, paths in asked.items():
        browser = app.test_client()
        entered = browser.post("/login", data={"login": login, "password": PASSWORD})
        assert entered.status_code == 302
        for name, path in paths.items():
            answer = browser.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            found[name] = answer.get_json(force=True, silent=True) or answer.status_code
    return found
